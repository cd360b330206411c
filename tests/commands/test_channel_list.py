"""LIST: modern-irc, "LIST message"; ISUPPORT ELIST M, N, U."""

from __future__ import annotations

import pytest

from tertulia import limits
from tests.support.reading import all_of, the
from tests.support.town import Client, Town, commands


def names(lines: list[str]) -> list[str]:
    return [line.params[1] for line in all_of(lines, "322")]


@pytest.fixture
def town() -> Town:
    """#one with one member, #two with two, #three with three; a, in all of them, and far, in none."""
    made = Town()
    made.join("a", "#one", "#two", "#three")
    made.join("b", "#two", "#three")
    made.join("c", "#three")
    return made


@pytest.fixture
def far(town: Town) -> Client:
    return town.join("far")


def test_all(far: Client) -> None:
    """ "the server MAY send one RPL_LISTSTART numeric, MUST send back zero or more RPL_LIST numerics, and
    MUST send back one RPL_LISTEND numeric." (modern-irc, LIST)"""
    lines = far.say("LIST")
    assert commands(lines) == ["321", "322", "322", "322", "323"]
    assert {tuple(line.params[1:]) for line in all_of(lines, "322")} == {
        ("#one", "1", ""), ("#two", "2", ""), ("#three", "3", ""),
    }  # fmt: skip


def test_topics_are_shown(town: Town, far: Client) -> None:
    """RPL_LIST: "<client> <channel> <client count> :<topic>" (modern-irc)"""
    town.join("d", "#four").say("TOPIC #four :cuatro gatos")
    assert the(far.say("LIST #four"), "322").params[1:] == ["#four", "1", "cuatro gatos"]


def test_named_rooms(far: Client) -> None:
    """ "If this parameter is given, the information for only the given channels is returned." (modern-irc,
    LIST)"""
    assert names(far.say("LIST #two,#nowhere,#ONE,#two")) == ["#two", "#one"]
    assert commands(far.say("LIST #nowhere")) == ["321", "323"]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (">1", ["#three", "#two"]), ("<2", ["#one"]), (">1,<3", ["#two"]), ("#t*", ["#three", "#two"]),
        ("!#t*", ["#one"]), ("*o*", ["#one", "#two"]), ("#tw?", ["#two"]), (">x", []), (">", []),
    ],
)  # fmt: skip
def test_conditions(far: Client, condition: str, expected: list[str]) -> None:
    """ELIST: "M: Searching based on mask. N: Searching based on a non-matching !mask. U: Searching based
    on user count within the channel, via the "<val" and ">val" modifiers" (modern-irc, ELIST)"""
    assert sorted(names(far.say(f"LIST {condition}"))) == expected


def test_names_and_conditions(far: Client) -> None:
    """ "The second possible parameter to this command is a list of conditions" (modern-irc, LIST)"""
    assert names(far.say("LIST #one,#two >1")) == ["#two"]


def test_secret_rooms(town: Town, far: Client) -> None:
    """ "the information about all visible channels (those not hidden by the secret channel mode rules) is
    returned" (modern-irc, LIST)"""
    shy = town.join("shy", "#shy")
    shy.say("MODE #shy +s")
    assert "#shy" not in names(far.say("LIST"))
    assert names(far.say("LIST #shy")) == []
    assert "#shy" in names(shy.say("LIST"))


def test_empty_rooms_with_a_topic_are_shown(town: Town, far: Client) -> None:
    """A room outlives its members; with a topic it is worth entering."""
    gone = town.join("gone", "#remembered", "#silent")
    gone.say("TOPIC #remembered :vuelve", "PRIVMSG #silent :x", "PART #remembered", "PART #silent")
    assert the(far.say("LIST #remembered"), "322").params[1:] == ["#remembered", "0", "vuelve"]
    assert names(far.say("LIST #silent")) == []


def test_the_answer_is_bounded(monkeypatch: pytest.MonkeyPatch, far: Client) -> None:
    """ISUPPORT SAFELIST: "the server ensures that a client may perform the LIST command without being
    disconnected" """
    monkeypatch.setattr(limits, "LIST_REPLIES", 2)
    assert commands(far.say("LIST")) == ["321", "322", "322", "263", "323"]
