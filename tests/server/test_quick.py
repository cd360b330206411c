"""The short way of a line: what goes it, and that a label is answered on it as on the long one."""

from __future__ import annotations

import pytest

from tertulia.commands.settings import Bounds
from tertulia.limits import LINE_BYTES
from tertulia.protocol.line import parse
from tertulia.server import quick
from tertulia.server.turns import Turns
from tests.support.failing import FailingStore
from tests.support.reading import tag, the
from tests.support.town import Client, Town, commands

CAPS = "batch labeled-response echo-message message-tags server-time"


def room(store: FailingStore | None = None) -> tuple[Town, Client, Client]:
    """Ana, who labels, and Bob, in a room in which something has been said."""
    town = Town(store)
    ana, bob = town.join("ana", "#r", caps=CAPS), town.join("bob", "#r", caps="server-time")
    ana.say("PRIVMSG #r :ya")
    bob.take()
    return town, ana, bob


@pytest.fixture
def long_way(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The lines that had to go the long way."""
    seen: list[str] = []
    carry_out = Turns._carry_out

    def noted(self: Turns, session: object, text: object) -> None:
        seen.append(str(text))
        carry_out(self, session, text)  # type: ignore[arg-type]

    monkeypatch.setattr(Turns, "_carry_out", noted)
    return seen


def test_the_echo_is_the_answer_to_the_label(long_way: list[str]) -> None:
    """ "Servers MUST include the tag in exactly one logical message." (labeled-response)"""
    _, ana, bob = room()
    del long_way[:]
    lines = [parse(line) for line in
             ana.say("@label=uno PRIVMSG #r :a", "@label=dos PRIVMSG #r :b", "PRIVMSG #r :c")]  # fmt: skip
    assert long_way == []
    assert [tag(line, "label") for line in lines] == ["uno", "dos", None]
    assert [line.params[-1] for line in lines] == ["a", "b", "c"]
    assert all(tag(line, "time") and tag(line, "msgid") for line in lines)
    heard = [parse(line) for line in bob.take()]
    assert [line.params[-1] for line in heard] == ["a", "b", "c"]
    assert [list(line.tags or ()) for line in heard] == [["time"]] * 3


@pytest.mark.parametrize(
    "line",
    [
        r"@label=a\sb PRIVMSG #r :a",  # an escape
        "@label=x;+draft/reply=1 PRIVMSG #r :a",
        "@label=ñ PRIVMSG #r :a",
        "@label= PRIVMSG #r :a",
        f"@label={'x' * 65} PRIVMSG #r :a",
        f"@label=x PRIVMSG #r :{'a' * (LINE_BYTES - 20)}",  # relayed as several lines
        "@label=x PRIVMSG #r,#r :a",
        "@label=x PRIVMSG nobody :a",
        "@label=x  PRIVMSG #r :a",
        "@label=x NOTICE #r :a",
        "@labels=x PRIVMSG #r :a",
        "@label=x",
    ],
)
def test_what_is_unusual_goes_the_long_way(line: str, long_way: list[str]) -> None:
    _, ana, _ = room()
    del long_way[:]
    ana.say(line)
    assert long_way == [line]


@pytest.mark.parametrize(
    "caps", ["batch labeled-response", "batch echo-message", "echo-message labeled-response"]
)
def test_without_the_echo_or_the_label_the_long_way(caps: str, long_way: list[str]) -> None:
    town = Town()
    ana = town.join("ana", "#r", caps=caps)
    ana.say("PRIVMSG #r :ya")
    ana.say("@label=x PRIVMSG #r :a")
    assert long_way[-1] == "@label=x PRIVMSG #r :a"


def test_both_ways_say_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    said = ["@label=a PRIVMSG #r :ñandú", "PRIVMSG #r :dos", "@label=b PRIVMSG #r :漢字", "@label=c PING x",
            "@label=d PRIVMSG #r :fin"]  # fmt: skip
    _, ana, bob = room()
    short = ana.say(*said), bob.take()
    monkeypatch.setattr(quick, "talk", lambda hub, session, lines, start, end: start)
    _, ana, bob = room()
    assert (ana.say(*said), bob.take()) == short


def test_two_who_speak_in_turn_hear_their_own_labels() -> None:
    """Stretches of several speakers in one tick, each with its own form."""
    town = Town()
    ana, eva = (town.join(nick, "#r", caps=CAPS) for nick in ("ana", "eva"))
    ana.say("PRIVMSG #r :ya")
    eva.take()
    for number in range(3):
        for client in (ana, eva):
            client.send(f"@label={client.nick}{number} PRIVMSG #r :{number}")
    for client in (ana, eva):
        labels = [tag(line, "label") for line in client.hear()]
        own = [f"{client.nick}{number}" for number in range(3)]
        assert [label for label in labels if label] == own and len(labels) == 6


def test_the_refusal_bears_the_label() -> None:
    """A store that fails: nobody hears it, and the one answer to the label is the refusal."""
    store = FailingStore()
    _, ana, bob = room(store)
    store.fail()
    lines = ana.say("@label=x PRIVMSG #r :a")
    assert commands(lines) in (["FAIL"], ["NOTICE"]) and tag(the(lines, commands(lines)[0]), "label") == "x"
    assert bob.take() == []


def test_flood_control_counts_each_line(long_way: list[str]) -> None:
    """With it a line goes the short way as long as its speaker can afford it; the others wait."""
    town = Town(bounds=Bounds(flood=True, flood_burst=12, flood_per_second=1.0))
    ana = town.join("ana", "#r", caps=CAPS)
    ana.say("PRIVMSG #r :ya")
    town.advance(20)
    del long_way[:]
    heard = ana.say(*[f"@label=t{number} PRIVMSG #r :{number}" for number in range(20)])
    assert (len(heard), long_way) == (12, [])
    town.advance(8)
    assert len(ana.take()) == 8
