"""The child process. What thinks for real is marked `inference` and needs the tests' model in the model
folder (`TERTULIA_TEST_MODELS`); the rest runs with a child that only pretends."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tertulia.models.local import bringup, runtime
from tertulia.models.local.catalogue import FOR_TESTS
from tertulia.models.local.runtime import Runtime
from tertulia.models.provider import Capabilities, Kind, Provider, ProviderError, Request, Turn
from tests.contracts.provider import ProviderContract, heard

MODEL = Path(os.environ.get("TERTULIA_TEST_MODELS", "data/models")) / FOR_TESTS.file


def pretending(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> Runtime:
    child = tmp_path / "child.py"
    child.write_text(f"import sys, json, time\nasked = json.loads(sys.stdin.readline())\n{script}\n")
    monkeypatch.setattr(runtime, "CHILD", child)
    return Runtime(tmp_path / "model.gguf", "tiny")


def started(child: Runtime) -> ProviderError | str:
    async def go() -> ProviderError | str:
        try:
            provider = await child.start()
            return repr(provider)
        except ProviderError as error:
            return error
        finally:
            await child.close()

    return asyncio.run(go())


READY = "print(json.dumps({'address': 'http://127.0.0.1:1'}), flush=True)\nsys.stdin.read()"


def test_it_waits_for_the_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child = pretending(tmp_path, monkeypatch, "print('noise', flush=True)\n" + READY)
    assert "127.0.0.1:1" in str(started(child))


@pytest.mark.parametrize(
    ("script", "kind", "words"),
    [
        ("print(json.dumps({'error': 'libgomp', 'detail': 'x'}))", "missing", "libgomp1"),
        ("print(json.dumps({'error': 'not_installed', 'detail': 'x'}))", "missing", "tertulia[local]"),
        ("print(json.dumps({'error': 'failed', 'detail': 'bad file'}))", "failed", "bad file"),
        ("sys.exit('last words')", "failed", "last words"),
        ("sys.exit()", "failed", "ended while loading"),
    ],
)
def test_why_it_does_not_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, kind: Kind, words: str
) -> None:
    error = started(pretending(tmp_path, monkeypatch, script))
    assert isinstance(error, ProviderError) and error.kind == kind and words in error.say("es")


def test_a_runtime_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime.importlib.util, "find_spec", lambda name: None)
    error = started(Runtime(Path("x"), "x"))
    assert isinstance(error, ProviderError) and "tertulia[local]" in error.say("en")


def test_a_child_that_will_not_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "END_SECONDS", 0.0)
    script = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + READY.replace(
        "sys.stdin.read()", ""
    )
    child = pretending(tmp_path, monkeypatch, script + "\nwhile True: time.sleep(60)")
    assert isinstance(started(child), str)
    assert child._process is not None and child._process.returncode == -9


def test_a_child_that_dies_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def go() -> int:
        child = pretending(tmp_path, monkeypatch, READY.replace("sys.stdin.read()", "sys.exit(3)"))
        await child.start()
        status = await child.wait()
        await child.close()
        return status

    assert asyncio.run(go()) == 3


def test_the_key_is_no_argument_of_the_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = "assert len(asked['key']) > 20 and asked['key'] not in ' '.join(sys.argv)\n" + READY
    assert isinstance(started(pretending(tmp_path, monkeypatch, script)), str)


class Told:
    def __init__(self) -> None:
        self.words: list[str] = []
        self.changed = asyncio.Event()

    def absent(self, name: str, **values: object) -> None:
        self.words.append(f"{name} {values.get('reason', '')}".strip())
        self.changed.set()

    def ready(self, provider: Provider) -> None:
        self.words.append("ready")
        self.changed.set()


def test_a_name_that_nobody_knows_is_told(tmp_path: Path) -> None:
    async def go() -> list[str]:
        told = Told()

        async def forever(seconds: float) -> None:
            await asyncio.Event().wait()

        task = asyncio.create_task(bringup.bring_up("nonsense", tmp_path, told, bringup.Means(sleep=forever)))
        async with asyncio.timeout(60):
            await told.changed.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return told.words

    (word,) = asyncio.run(go())
    assert word.startswith("away.failed") and "nonsense" in word and FOR_TESTS.name in word


# --- For real ---------------------------------------------------------------------------------------------

real = pytest.mark.skipif(not MODEL.is_file(), reason="the tests' model is not in the model folder")


@pytest.mark.inference
@real
class TestRuntime(ProviderContract):
    """The contract, as far as a model that nobody can script keeps it."""

    KINDS: tuple[Kind, ...] = ()

    @contextmanager
    def made(self, behaviour: str) -> Iterator[Provider]:
        yield _Owned(behaviour)

    def test_an_answer_comes_in_order_with_its_usage(self) -> None:
        texts, usages = self.run("answer")
        assert len(texts) > 1 and usages[0].tokens_in > 5 and usages[0].tokens_out > 1

    def test_an_answer_that_breaks_off_is_an_error(self) -> None:
        """The child is killed in the middle."""

        async def go() -> None:
            owned = _Owned("endless")
            heard = 0
            with pytest.raises(ProviderError):
                async for _ in owned.stream(LONG):
                    heard += 1
                    if heard == 1:  # what had left it by then comes still, and its number may be another's
                        assert owned.runtime.pid is not None
                        os.kill(owned.runtime.pid, 9)
            await owned.close()

        asyncio.run(go())

    def test_cancelling_ends_the_call(self) -> None:
        """A cancelled answer frees its slot: four long ones are cancelled, and a short one comes at once."""

        async def go() -> list[str]:
            owned = _Owned("endless")
            for _ in range(4):
                async for _ in owned.stream(LONG):
                    break
            texts, _ = await heard(owned)
            await owned.close()
            return texts

        assert asyncio.run(go())

    def test_calls_do_not_mix(self) -> None:
        async def go() -> int:
            owned = _Owned("answer")
            found = await asyncio.gather(*(heard(owned) for _ in range(4)))
            await owned.close()
            return sum(bool(texts) for texts, _ in found)

        assert asyncio.run(go()) == 4

    def test_too_long_a_request_has_a_kind(self) -> None:
        async def go() -> None:
            owned = _Owned("answer")
            try:
                await heard(owned, Request("", (Turn("user", "word " * 9_000),)))
            finally:
                await owned.close()

        with pytest.raises(ProviderError) as refused:
            asyncio.run(go())
        assert refused.value.kind == "too_long"


LONG = Request("", (Turn("user", "Count from one to one thousand."),), answer_tokens=700)


class _Owned:
    """A provider that starts its runtime in the loop that asks first, and ends it with `close`."""

    name = "local"

    def __init__(self, behaviour: str) -> None:
        self.model = FOR_TESTS.name
        self.capabilities = Capabilities(8_192, 768, local=True)
        self.runtime = Runtime(MODEL, FOR_TESTS.name)
        self._lock = asyncio.Lock()
        self._provider: Provider | None = None

    async def stream(self, request: Request):  # type: ignore[no-untyped-def]
        async with self._lock:
            self._provider = self._provider or await self.runtime.start()
        async for item in self._provider.stream(request):
            yield item

    async def close(self) -> None:
        await self.runtime.close()
