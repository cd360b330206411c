"""The configurations that are written for each server."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from benchmarks.peers import SERVERS, Ergo, Inspircd, Tertulia, first_version
from benchmarks.server import Server


def prepared(name: str, folder: Path) -> Server:
    server = SERVERS[name](folder, port=6667)
    server.prepare()
    return server


@pytest.mark.parametrize("name", [name for name in SERVERS if name.startswith("tertulia")])
def test_ours_differ_only_in_durability(name: str, tmp_path: Path) -> None:
    server = prepared(name, tmp_path)
    assert isinstance(server, Tertulia)
    content = tomllib.loads((tmp_path / "tertulia.toml").read_text())
    assert content["store"] == {"durability": name.removeprefix("tertulia-")}
    assert content["server"]["listen"] == ["irc://127.0.0.1:6667"]
    assert content["models"] == []


def test_ours_take_nothing_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    monkeypatch.setenv("TERTULIA_SERVER__NAME", "other")
    environment = SERVERS["tertulia-full"](tmp_path, port=1).environment()
    assert not [key for key in environment if key.startswith(("OPENAI", "TERTULIA"))]


@pytest.mark.parametrize(
    ("name", "file", "line"),
    [
        ("ngircd", "ngircd.conf", "MaxPenaltyTime = 0"),
        ("inspircd", "inspircd.conf", '<bind address="127.0.0.1" port="6667" type="clients">'),
    ],
)
def test_peers_are_not_slowed_down(name: str, file: str, line: str, tmp_path: Path) -> None:
    prepared(name, tmp_path)
    assert line in (tmp_path / file).read_text()


def test_inspircd_speaks_ircv3_where_the_clients_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "inspircd.conf"
    prepared("inspircd", tmp_path)
    assert "<module" not in file.read_text()
    monkeypatch.setattr(Inspircd, "speaks_ircv3", True)
    prepared("inspircd", tmp_path)
    assert '<module name="ircv3_labeledresponse">' in file.read_text()


def test_a_server_that_is_not_here_has_no_version() -> None:
    assert Ergo.version() is None
    assert first_version("no-such-server-anywhere", "--version", "(.*)") is None
