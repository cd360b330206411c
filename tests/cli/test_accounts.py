"""`tertulia accounts`: the store of a server that is not running."""

from __future__ import annotations

import asyncio
import io
import json
from pathlib import Path

import pytest

from tertulia.cli import accounts
from tertulia.cli.world import SystemClock, SystemPasswords
from tertulia.protocol import scram
from tertulia.protocol.accounts import AccountRecord
from tertulia.protocol.history import Message, Page
from tertulia.store.open import open_store


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "tertulia.toml"
    file.write_text(
        f'[server]\ndata = "{tmp_path}/data"\n[accounts]\nhash_memory_kib = 8192\nhash_passes = 1\n'
    )
    return file


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What stands on standard input."""
    text = io.StringIO()
    monkeypatch.setattr("sys.stdin", text)
    return text


def give(typed: io.StringIO, password: str) -> None:
    typed.seek(0)
    typed.truncate()
    typed.write(f"{password}\n")
    typed.seek(0)


def opens(expected: str, password: str) -> bool:
    return asyncio.run(SystemPasswords().verify(expected, password))


def stored(config: Path) -> list[AccountRecord]:
    store = open_store(f"sqlite:///{config.parent}/data/tertulia.db", "full", SystemClock())
    found = list(store.accounts())
    store.close()
    return found


def test_an_account_from_its_beginning_to_its_end(
    config: Path, typed: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    give(typed, "contraseña larga")
    assert accounts.add("Begoña", "b@example.org", config) == 0
    (record,) = stored(config)
    assert (record.key, record.name, record.email) == ("begoña", "Begoña", "b@example.org")
    assert record.password.startswith("$argon2id$v=19$m=8192,t=1,")
    assert opens(record.password, "contraseña larga")
    assert scram.read(record.scram).iterations == scram.ITERATIONS

    give(typed, "another one")
    assert accounts.change_password("BEGOÑA", config) == 0
    assert opens(stored(config)[0].password, "another one")

    assert accounts.suspend("begoña", "spam", False, config) == 0
    assert stored(config)[0].suspended == "spam"
    assert accounts.list_all(config) == 0
    title, line = capsys.readouterr().out.splitlines()
    assert title.split() == ["account", "made", "last", "used", "certificates", "suspended"]
    assert line.startswith("Begoña   20") and line.endswith("0             spam")
    assert accounts.list_all(config, as_json=True) == 0
    assert json.loads(capsys.readouterr().out)[0]["suspended"] == "spam"
    assert accounts.suspend("begoña", "", True, config) == 0
    assert stored(config)[0].suspended == ""

    assert accounts.delete("begoña", False, config) == 0
    assert stored(config) == []


@pytest.mark.parametrize("words", [False, True])
def test_deletion_with_and_without_words(config: Path, typed: io.StringIO, words: bool) -> None:
    give(typed, "long enough")
    accounts.add("Ana", "", config)
    url = f"sqlite:///{config.parent}/data/tertulia.db"
    store = open_store(url, "full", SystemClock())
    store.commit([Message(1 << 40, 1, "#r", "PRIVMSG", "a!a@h", "#r", "hello", "Ana")])
    store.close()
    assert accounts.delete("ana", words, config) == 0
    store = open_store(url, "full", SystemClock())
    assert [one.account for one in store.page(Page(("#r",)))] == ([] if words else [None])
    store.close()


@pytest.mark.parametrize("password", ["", "short", "begoña98", "x" * 301])
def test_passwords_that_are_refused(
    config: Path, typed: io.StringIO, capsys: pytest.CaptureFixture[str], password: str
) -> None:
    give(typed, password)
    assert accounts.add("Begoña98", "", config) == 1
    assert capsys.readouterr().err and stored(config) == []


def test_names_that_are_refused(config: Path, typed: io.StringIO, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("NickServ", "1a", "a b"):
        assert accounts.add(name, "", config) == 1
    give(typed, "long enough")
    assert accounts.add("Ana", "", config) == 0
    assert accounts.add("ANA", "", config) == 1
    for call in (
        lambda: accounts.delete("eva", False, config),
        lambda: accounts.change_password("eva", config),
    ):
        assert call() == 1
    assert "There is no account eva" in capsys.readouterr().err


def test_a_running_server_is_named(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (config.parent / "data").mkdir()
    store = open_store(f"sqlite:///{config.parent}/data/tertulia.db", "full", SystemClock())
    assert accounts.list_all(config) == 1
    assert "A server is running on this database" in capsys.readouterr().err
    store.close()


def test_nothing_is_kept_without_durability(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config.write_text('[store]\ndurability = "off"\n')
    assert accounts.list_all(config) == 1
    assert "keeps no accounts" in capsys.readouterr().err


def test_a_broken_configuration_is_told(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config.write_text("[accounts]\nguest = false\n")
    assert accounts.list_all(config) == 1
    assert "accounts.guests" in capsys.readouterr().err
