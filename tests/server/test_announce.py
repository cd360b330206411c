"""Announcements: each kind of change is told to whom it concerns, once, in the form that they negotiated."""

from __future__ import annotations

import typing

import pytest

from tertulia.server.announce import _TABLE
from tertulia.state.changes import Change
from tests.support.town import Client, Town, commands


def test_every_change_is_announced() -> None:
    """A new kind of change is a row here."""
    assert set(_TABLE) == set(typing.get_args(Change))


@pytest.fixture
def people(town: Town) -> dict[str, Client]:
    """`ana` and `bob` share #a and #b; `ema` is in #b; `far` in neither. Nothing is left to hear."""
    found = {
        "ana": town.join("ana", "#a", "#b"), "bob": town.join("bob", "#a", "#b"),
        "ema": town.join("ema", "#b"), "far": town.join("far", "#c"),
    }  # fmt: skip
    for client in found.values():
        client.take()
    return found


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("JOIN #c", {"ana": ["JOIN", "353", "366"], "far": ["JOIN"]}),
        ("PART #b", {"ana": ["PART"], "bob": ["PART"], "ema": ["PART"]}),
        ("NICK eva", {"ana": ["NICK"], "bob": ["NICK"], "ema": ["NICK"]}),
        ("QUIT", {"ana": ["ERROR"], "bob": ["QUIT"], "ema": ["QUIT"]}),
        ("TOPIC #b :x", {"ana": ["TOPIC"], "bob": ["TOPIC"], "ema": ["TOPIC"]}),
        ("MODE #a +m", {"ana": ["MODE"], "bob": ["MODE"]}),
        ("MODE ana +i", {"ana": ["MODE"]}),
        ("KICK #b ema", {"ana": ["KICK"], "bob": ["KICK"], "ema": ["KICK"]}),
        ("INVITE far #a", {"ana": ["341"], "far": ["INVITE"]}),
    ],
)
def test_who_is_told_and_once(people: dict[str, Client], line: str, expected: dict[str, list[str]]) -> None:
    """ "they receive all relevant information about that channel including the JOIN, PART, KICK, and MODE
    messages affecting the channel" (modern-irc, JOIN); once, however many rooms are shared; nobody else"""
    people["ana"].say()
    heard = {"ana": commands(people["ana"].say(line))}
    heard |= {nick: commands(client.say()) for nick, client in people.items() if nick != "ana"}
    assert {nick: found for nick, found in heard.items() if found} == expected


def test_times(town: Town) -> None:
    """ "optional `time` message tag which can be used in messages from server to client" (IRCv3
    server-time)"""
    ana = town.join("ana", "#r", caps="server-time away-notify")
    bob = town.join("bob", "#r")
    ana.take()
    town.advance(1)
    bob.say("TOPIC #r :x", "AWAY :x", "NICK rob", "PART #r")
    assert all(line.startswith("@time=2026-09-21T14:13:21.000Z ") for line in ana.say() if "442" not in line)


def test_a_nick_in_the_middle_of_a_tick(people: dict[str, Client]) -> None:
    """What is said before is said by the old name, what is said after by the new one."""
    people["ana"].say("PRIVMSG #a :uno", "NICK eva", "PRIVMSG #a :dos")
    sources = [line.split("!")[0] for line in people["bob"].say()]
    assert sources == [":ana", ":ana", ":eva"]
