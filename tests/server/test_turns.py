"""Turns: one session's commands, one after the other, and what a fault in one of them costs."""

from __future__ import annotations

import pytest

from tertulia.commands.registry import COMMANDS
from tertulia.commands.settings import Bounds
from tests.support.reading import texts
from tests.support.town import Town, commands


def test_commands_are_carried_out_in_order() -> None:
    """ "A session's commands are carried out one after the other." (design, idea 5)"""
    town = Town()
    ana = town.join("ana")
    lines = ana.say("JOIN #r", "TOPIC #r :a", "TOPIC #r", "TOPIC #r :b", "TOPIC #r", "PART #r", "TOPIC #r :c")
    assert commands(lines) == [
        "JOIN", "353", "366", "TOPIC", "332", "333", "TOPIC", "332", "333", "PART", "442",
    ]  # fmt: skip
    assert texts(lines, "TOPIC", "332") == ["a", "a", "b", "b"]


@pytest.mark.parametrize("cut", [1, 2, 3, 5, 7, 11])
def test_bytes_cut_anywhere(cut: int) -> None:
    """ "Only parse and process a message once you encounter the \\r\\n at the end of it." (modern-irc,
    Messages)"""
    town = Town()
    ana, bob = town.join("ana", "#r"), town.join("bob", "#r")
    ana.take()
    data = "PRIVMSG #r :ñandú\r\nPING x\r\nPRIVMSG #r :😀\r\n".encode()
    for at in range(0, len(data), cut):
        ana.wire.receiver.received(data[at : at + cut])
        town.run()
    assert texts(bob.take()) == ["ñandú", "😀"]
    assert commands(ana.take()) == ["PONG"]


@pytest.mark.parametrize("flood", [True, False])
def test_the_short_way_and_the_general_way_say_the_same(flood: bool) -> None:
    """Plain lines take a short way when there is no flood control; what is heard and kept is the same."""
    town = Town(bounds=Bounds(flood=flood, flood_burst=1000))
    ana, bob = town.join("ana", "#r", "#s"), town.join("bob", "#r", "#s", caps="message-tags server-time")
    ana.say("PRIVMSG #r :primera", "PRIVMSG #s :primera")
    bob.take()
    ana.say(
        "PRIVMSG #r :uno", "PRIVMSG #R :dos", "privmsg #r :tres", "PRIVMSG #r cuatro", "PRIVMSG  #r  :cinco",
        "PRIVMSG #s :seis", "PRIVMSG #r,#s :siete", "PRIVMSG #r :" + "x" * 490, "PRIVMSG #r :",
        "PRIVMSG #r : ",         ":ana PRIVMSG #r :ocho", "PRIVMSG #r ::)", "PRIVMSG #r :a :b",
    )  # fmt: skip
    lines = bob.take()
    assert [text for text in texts(lines) if set(text) != {"x"}] == [
        "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "siete", " ", "ocho", ":)", "a :b",
    ]  # fmt: skip
    assert sum(text.count("x") for text in texts(lines) if set(text) == {"x"}) == 490
    assert len({line.split(";")[1].split(" ")[0] for line in lines if "msgid=" in line}) == 13


def test_a_fault_of_our_own_costs_one_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """The session goes on, and so does everybody else; the operator's log has it."""
    town = Town()
    ana, bob = town.join("ana", "#r"), town.join("bob", "#r")
    ana.take()

    async def broken(turn: object, params: list[str]) -> None:
        raise ZeroDivisionError("the test says so")

    row = COMMANDS["TIME"]
    monkeypatch.setitem(
        COMMANDS, "TIME", type(row)("TIME", broken, *(getattr(row, name) for name in row.__slots__[2:]))
    )
    logged: list[str] = []
    town.hub.log = lambda event, **_: logged.append(event)
    ana.send("TIME", "PRIVMSG #r :sigo")
    bob.send("PING x")
    town.run()
    assert texts(bob.take(), "PRIVMSG", "PONG") == ["sigo", "x"]
    assert commands(ana.take()) == ["400"]
    assert logged == ["command_failed"]
