"""The web client's files: what answers which address, compressed, and for how long it is kept."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tertulia.transports.client import accepted, files_of
from tertulia.transports.http import HttpContext
from tertulia.transports.listen import Listener
from tests.transports.test_http import ask


@pytest.fixture
def built(tmp_path: Path) -> Path:
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<p>page</p>")
    (folder / "assets" / "app-1.js").write_text("plain")
    (folder / "assets" / "app-1.js.gz").write_bytes(b"small")
    (folder / "built-from.txt").write_text("abc")
    (tmp_path / "secret.js").write_text("no")
    return folder


def test_the_page_is_asked_for_again_and_what_it_names_is_kept(built: Path) -> None:
    async def talk(client: httpx.AsyncClient, _: Listener) -> None:
        page = await client.get("/")
        assert (page.text, page.headers["cache-control"]) == ("<p>page</p>", "no-cache")
        script = await client.get("/assets/app-1.js", headers={"accept-encoding": "identity"})
        assert (script.text, script.headers["vary"]) == ("plain", "accept-encoding")
        assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert script.headers["content-type"] == "text/javascript; charset=utf-8"

    ask(HttpContext(static=built), talk)


def test_a_file_goes_out_compressed_where_the_browser_takes_that(built: Path) -> None:
    files = files_of(built)
    assert [name for name, _ in files["/assets/app-1.js"].encoded] == ["gzip"]

    async def talk(client: httpx.AsyncClient, _: Listener) -> None:
        request = client.build_request("GET", "/assets/app-1.js", headers={"accept-encoding": "gzip, br"})
        answer = await client.send(request, stream=True)
        assert answer.headers["content-encoding"] == "gzip"
        assert b"".join([part async for part in answer.aiter_raw()]) == b"small"

    ask(HttpContext(static=built), talk)


@pytest.mark.parametrize(
    "path", ["/../secret.js", "/assets/../../secret.js", "/%2e%2e/secret.js", "/built-from.txt", "/assets"]
)
def test_nothing_else_is_given_out(built: Path, path: str) -> None:
    async def talk(client: httpx.AsyncClient, _: Listener) -> None:
        assert (await client.get(path)).status_code == 404

    ask(HttpContext(static=built), talk)


def test_the_page_learns_where_it_is(built: Path) -> None:
    async def talk(client: httpx.AsyncClient, _: Listener) -> None:
        assert (await client.get("/client.json")).json() == {"network": "Peña", "room": "#charla"}

    ask(HttpContext(static=built, network="Peña", room="#charla"), talk)


def test_the_client_s_policy_lets_nothing_in_from_elsewhere_but_pictures(built: Path) -> None:
    async def talk(client: httpx.AsyncClient, _: Listener) -> None:
        policy = (await client.get("/")).headers["content-security-policy"]
        words = dict(part.strip().split(" ", 1) for part in policy.split(";"))
        assert words.pop("img-src") == "'self' data: blob: https:"
        assert words.pop("media-src") == "'self' blob:"
        assert set(words.values()) == {"'none'", "'self'"} and words["default-src"] == "'none'"

    ask(HttpContext(static=built), talk)


@pytest.mark.parametrize(
    ("header", "expected"), [("gzip, br", {"gzip", "br"}), ("br;q=0, gzip;q=0.5", {"gzip"}), ("", {""})]
)
def test_what_a_browser_takes(header: str, expected: set[str]) -> None:
    assert accepted(header) == expected
