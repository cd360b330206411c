"""Errands of the shell: at the control door of a running server, or on its store."""

from __future__ import annotations

import asyncio
import io
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tertulia.cli import accounts
from tertulia.cli.control import ControlDoor
from tertulia.cli.errands import CONTROL_NAME, errand
from tests.support.town import Town


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    file = tmp_path / "t.toml"
    file.write_text(
        f'[server]\ndata = "{tmp_path}/data"\n[accounts]\nhash_memory_kib = 8192\nhash_passes = 1\n'
    )
    return file


def while_open(town: Town, folder: Path, work: Callable[[], None]) -> None:
    """Do it in another thread, as another process would, while the control door is open."""

    async def main() -> None:
        door = ControlDoor(town.hub, folder)
        await door.open()
        try:
            await asyncio.to_thread(work)
        finally:
            await door.close()

    asyncio.run(main())


def test_the_running_server_answers(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    town = Town()
    town.join("eva", "#r")

    def work() -> None:
        assert errand(config, "bans.add", target="192.0.2.0/24", reason="spam") == 0
        assert errand(config, "bans.list", True) == 0
        assert errand(config, "kill", nick="nobody") == 1

    while_open(town, config.parent / "data", work)
    out, err = capsys.readouterr()
    assert json.loads(out.partition("\n")[2])[0]["target"] == "192.0.2.0/24"
    assert err == "Nobody is called nobody\n"
    assert [one.target for one in town.network.bans] == ["192.0.2.0/24"]
    assert not (config.parent / "data" / CONTROL_NAME).exists(), "it goes with the server"


def test_it_is_for_its_owner_alone(config: Path) -> None:
    def work() -> None:
        mode = (config.parent / "data" / CONTROL_NAME).stat().st_mode
        assert stat.S_ISSOCK(mode) and stat.S_IMODE(mode) == 0o600

    while_open(Town(), config.parent / "data", work)


def test_others_are_turned_away(
    config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tertulia.cli.control._uid", lambda plug: os.getuid() + 4711)
    while_open(Town(), config.parent / "data", lambda: print(errand(config, "rooms")))
    out, err = capsys.readouterr()
    assert out.splitlines()[-1] == "1" and err


def test_without_a_server_the_store_answers(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert errand(config, "bans.add", target="192.0.2.7", duration="2h") == 0
    assert errand(config, "bans.list", True) == 0
    assert errand(config, "defcon", level=4) == 0
    assert errand(config, "audit", True) == 0
    out = capsys.readouterr().out
    assert '"target": "192.0.2.7"' in out and '"deed": "DEFCON"' in out
    for do in ("kill", "announce", "rehash"):
        assert errand(config, do) == 1
    assert "No server is running" in capsys.readouterr().err


def test_a_dead_server_leaves_a_socket_that_does_not_matter(config: Path) -> None:
    import socket

    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(config.parent / "data" / CONTROL_NAME))
    assert errand(config, "bans.list") == 0
    while_open(Town(), config.parent / "data", lambda: None)


def test_accounts_of_a_running_server(
    config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    town = Town()
    monkeypatch.setattr("sys.stdin", io.StringIO("long enough\n"))

    def work() -> None:
        assert accounts.add("Ana", "", config) == 0
        assert accounts.suspend("ana", "spam", False, config) == 0
        assert accounts.list_all(config) == 0
        assert accounts.delete("ana", False, config) == 0

    while_open(town, config.parent / "data", work)
    assert "Ana" in capsys.readouterr().out and len(town.network.accounts) == 0


def test_a_table_for_people(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    errand(config, "bans.add", target="192.0.2.7", reason="spam")
    capsys.readouterr()
    errand(config, "bans.list")
    head, row = capsys.readouterr().out.splitlines()
    assert head.split()[:3] == ["no.", "effect", "target"] and head.index("target") == row.index("192.0.2.7")


def test_nonsense_at_the_door(config: Path) -> None:
    import socket

    def work() -> None:
        with socket.socket(socket.AF_UNIX) as plug, plug.makefile("rwb") as talk:
            plug.connect(str(config.parent / "data" / CONTROL_NAME))
            talk.write(b"nonsense\n[1]\n{}\n")
            talk.flush()
            assert [b"error" in talk.readline() for _ in range(3)] == [True] * 3

    while_open(Town(), config.parent / "data", work)
