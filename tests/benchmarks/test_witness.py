"""What the witnesses make of a line."""

from __future__ import annotations

import pytest
from benchmarks.crowd import LoadError
from benchmarks.witness import Heard, Witnesses, parsed

from tests.benchmarks.fake_server import FakeServer


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        (":a!u@h PRIVMSG #r :1 0 7", Heard({}, "#r", "1 0 7")),
        (
            "@label=1-0-7;msgid=ab :a!u@h PRIVMSG b :1 0 7",
            Heard({"label": "1-0-7", "msgid": "ab"}, "b", "1 0 7"),
        ),
        ("@bot :a!u@h PRIVMSG #r word", Heard({"bot": ""}, "#r", "word")),
        (":a!u@h NOTICE #r :1 0 7", None),
        (":fake PONG fake :PRIVMSG", None),
        ("PING :x", None),
        ("", None),
    ],
)
def test_only_messages_are_heard(line: str, heard: Heard | None) -> None:
    assert parsed(line) == heard


def test_an_echo_acknowledges_and_a_relay_is_heard() -> None:
    with FakeServer() as server:
        witnesses = Witnesses(server.address, 3, ["#r"], 2)
        witnesses._note(0, Heard({"label": "3-0-1"}, "#r", "3 0 1"))
        witnesses._note(1, Heard({}, "#r", "3 0 1"))
        witnesses._note(1, Heard({}, "w3x1", "3 0 2"))
        memory = witnesses.memory
        witnesses._crowd.close()
    assert memory.acknowledged == {"3 0 1"}
    assert memory.heard == {"3 0 1", "3 0 2"}
    assert memory.rooms == {"#r": {"3 0 1"}}
    assert memory.told == {"3 0 1", "3 0 2"}


def test_an_echo_of_something_else_is_an_error() -> None:
    with FakeServer() as server:
        witnesses = Witnesses(server.address, 3, ["#r"], 1)
        with pytest.raises(LoadError, match="the echo of 3-0-1"):
            witnesses._note(0, Heard({"label": "3-0-1"}, "#r", "3 0 2"))
        witnesses._crowd.close()
