"""Arriving and counting: every message once, and nothing else."""

from __future__ import annotations

import pytest
from benchmarks.crowd import Crowd, LoadError

from benchmarks import crowd as crowds
from tests.benchmarks.fake_server import FakeServer
from tests.support.machine import nobody_listens


def test_all_arrive_where_they_wanted_to() -> None:
    with FakeServer() as server, Crowd(server.address) as crowd:
        crowd.arrive(["#a", "#a", "#b", ""], 2)
        assert len(crowd.members) == 4
        assert {room: len(members) for room, members in server.rooms.items()} == {"#a": 2, "#b": 1}


def test_more_can_arrive_later() -> None:
    with FakeServer() as server, Crowd(server.address) as crowd:
        crowd.arrive(["#a"], 8)
        crowd.arrive(["#b", "#b"], 8)
        crowd.attend()
        assert [member.nick for member in server.rooms["#b"]] in (["m1", "m2"], ["m2", "m1"])


def test_deliveries_are_counted_and_chatter_is_not() -> None:
    with FakeServer(chatter=":fake NOTICE all :something else") as server, Crowd(server.address) as crowd:
        crowd.arrive(["#a"] * 3, 3)
        crowd.attend()
        crowd.send(0, b"PRIVMSG #a :| one\r\nPRIVMSG #a :| two\r\n")
        crowd.count(4)


def test_a_lost_message_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowds, "PATIENCE_SECONDS", 0.0)
    with FakeServer(loses=1) as server, Crowd(server.address) as crowd:
        crowd.arrive(["#a"] * 3, 3)
        crowd.attend()
        crowd.send(0, b"PRIVMSG #a :| one\r\n")
        with pytest.raises(LoadError, match="of 2 messages came"):
            crowd.count(2)


def test_a_message_too_many_is_an_error() -> None:
    with FakeServer() as server, Crowd(server.address) as crowd:
        crowd.arrive(["#a"] * 2, 2)
        crowd.attend()
        crowd.send(0, b"PRIVMSG #a :| |\r\n")
        with pytest.raises(LoadError, match="2 messages came where 1 were expected"):
            crowd.count(1)


def test_a_refusal_is_told() -> None:
    refused = pytest.raises(LoadError, match="too many")
    with FakeServer(refuses="ERROR :too many") as server, Crowd(server.address) as crowd, refused:
        crowd.arrive([""], 1)


def test_nobody_there_is_told() -> None:
    refused = pytest.raises(LoadError, match="connection 0")
    with nobody_listens() as port, Crowd(("127.0.0.1", port)) as crowd, refused:
        crowd.arrive([""], 1)
