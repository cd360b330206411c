"""MONITOR and extended-monitor: IRCv3 monitor, extended-monitor."""

from __future__ import annotations

import pytest

from tertulia import limits
from tests.support.reading import all_of, has, texts, the
from tests.support.town import Town, commands


def test_adding_says_who_is_here() -> None:
    """ "If any of the targets being added are online, the server will generate `RPL_MONONLINE` numerics
    listing those targets that are online. If any of the targets being added are offline, the server will
    generate `RPL_MONOFFLINE` numerics" (IRCv3 monitor)"""
    town = Town()
    ana = town.join("ana")
    town.join("Bob")
    assert ana.say("MONITOR + bob,eva,zoe") == [
        ":tertulia.local 730 ana :Bob!~Bob@127.0.0.1",
        ":tertulia.local 731 ana :eva,zoe",
    ]


def test_coming_going_and_renaming_are_told_without_a_shared_room() -> None:
    """ "This numeric is used to indicate to a client that either a target has just become online"; "that
    either a target has just left the irc network" (IRCv3 monitor)"""
    town = Town()
    ana = town.join("ana", caps="server-time")
    ana.say("MONITOR + eva,eve")
    eva = town.join("Eva")
    online = the(ana.say(), "730")
    assert online.params == ["ana", "Eva!~Eva@127.0.0.1"] and online.tags is not None
    eva.say("NICK eve")
    assert commands(lines := ana.say()) == ["731", "730"]
    assert texts(lines, "731", "730") == ["Eva", "eve!~Eva@127.0.0.1"]
    eva.say("NICK EVE")
    assert ana.say() == []  # the same name in capitals is the same name
    eva.say("QUIT")
    assert texts(ana.say(), "731") == ["EVE"]


def test_a_reply_to_who_asks_comes_before_what_happens_after() -> None:
    """QUIT in a shared room, then that the nick is free: in the order in which it happened."""
    town = Town()
    ana, bob = town.join("ana", "#r"), town.join("bob", "#r")
    ana.say("MONITOR + bob")
    bob.say("PRIVMSG #r :adiós", "QUIT")
    assert commands(ana.say()) == ["PRIVMSG", "QUIT", "731"]


def test_listing_and_status() -> None:
    """ "All output will use `RPL_MONLIST`, and the output will be terminated with `RPL_ENDOFMONLIST`";
    "All targets that are online will be sent using `RPL_MONONLINE`, all targets that are offline will be sent
    using `RPL_MONOFFLINE`." (IRCv3 monitor)"""
    town = Town()
    ana = town.join("ana")
    town.join("bob")
    ana.say("MONITOR + bob,Eva", "MONITOR + BOB")
    lines = ana.say("MONITOR L")
    assert commands(lines) == ["732", "733"]
    assert texts(lines, "732") == ["bob,Eva"], '"Targets already in the list MUST NOT be added again"'
    assert commands(ana.say("MONITOR S")) == ["730", "731"]


def test_removing_and_clearing_say_nothing() -> None:
    """ "No output will be returned for use of this command." (IRCv3 monitor, of `-` and of `C`)"""
    town = Town()
    ana = town.join("ana")
    ana.say("MONITOR + bob,eva,zoe")
    assert ana.say("MONITOR - BOB,nobody") == []
    town.join("bob")
    assert ana.say() == []
    assert texts(ana.say("MONITOR L"), "732") == ["eva,zoe"]
    assert ana.say("MONITOR c") == []
    assert commands(ana.say("MONITOR L")) == ["733"]


def test_masks_are_not_watched() -> None:
    """ "'target' MUST be a valid nick"; "disallowing subscription to hostmasks" (IRCv3 monitor)"""
    town = Town()
    ana = town.join("ana")
    assert ana.say("MONITOR + *!~bob@127.0.0.1,#room,,b*") == []
    town.join("bob")
    assert ana.say("MONITOR L") == [":tertulia.local 733 ana :End of MONITOR list"]


@pytest.mark.parametrize("line", ["MONITOR X", "MONITOR +", "MONITOR + ", "MONITOR - "])
def test_nonsense_is_ignored(line: str) -> None:
    assert Town().join("ana").say(line) == []


def test_a_full_list() -> None:
    """ "The `<limit>` parameter is the maximum number of targets a client may have in their list, the
    `<targets>` parameter is the list of targets, as the client sent them, that cannot be added." (IRCv3
    monitor)"""
    town = Town()
    ana = town.join("ana")
    for number in range(limits.MONITOR_TARGETS - 1):
        ana.say(f"MONITOR + n{number}")
    full = the(ana.say("MONITOR + last,Uno,dos"), "734")
    assert full.params[1:3] == [str(limits.MONITOR_TARGETS), "Uno,dos"]
    assert not has(ana.say("MONITOR + n1"), "734"), "what is watched already needs no place"
    assert "watching" not in " ".join(ana.say("MONITOR - n1", "MONITOR + uno"))


def test_long_lists_are_cut_to_lines() -> None:
    """ "the length of the target list is limited only by the buffer size of 512 chars" (IRCv3 monitor)"""
    town = Town()
    ana = town.join("ana")
    nicks = [f"{'n' * 29}{number:03}" for number in range(limits.MONITOR_TARGETS)]
    for at in range(0, len(nicks), 10):
        ana.say(f"MONITOR + {','.join(nicks[at : at + 10])}")
    lines = ana.say("MONITOR L")
    assert all(len(line) <= 510 for line in lines)
    assert ",".join(texts(lines, "732")).split(",") == nicks
    refused = ana.say(f"MONITOR + {','.join('x' * 20 + str(number) for number in range(10, 31))}")
    assert len(all_of(refused, "734")) == 2 and all(len(line) <= 510 for line in refused)


def test_limits_are_told() -> None:
    """ "Support of this specification is indicated by the MONITOR token in `RPL_ISUPPORT`" (IRCv3 monitor)"""
    lines = Town().join("ana").say("VERSION")
    assert any(f"MONITOR={limits.MONITOR_TARGETS}" in line for line in lines)


def test_a_list_ends_with_its_session() -> None:
    town = Town()
    ana = town.join("ana")
    ana.say("MONITOR + bob")
    ana.say("QUIT")
    assert not list(town.hub.watchers.of("bob"))
    town.join("bob")


# --- extended-monitor -----------------------------------------------------------------------------


def test_away_and_setname_of_strangers() -> None:
    """ "If `away-notify` is also enabled, the client will get AWAY notifications for monitored nicks."; "If
    `setname` is also enabled, the client will get SETNAME notifications for monitored nicks." (IRCv3
    extended-monitor)"""
    town = Town()
    ana = town.join("ana", caps="extended-monitor away-notify setname")
    only = town.join("only", caps="extended-monitor")
    plain = town.join("plain", caps="away-notify setname")
    for client in (ana, only, plain):
        client.say("MONITOR + bob")
    bob = town.join("bob")
    for client in (ana, only, plain):
        client.take()
    bob.say("AWAY :fuera", "SETNAME :Roberto", "AWAY")
    assert ana.say() == [
        ":bob!~bob@127.0.0.1 AWAY :fuera",
        ":bob!~bob@127.0.0.1 SETNAME :Roberto",
        ":bob!~bob@127.0.0.1 AWAY",
    ]
    assert only.say() == plain.say() == []


def test_who_shares_a_room_and_watches_hears_once() -> None:
    town = Town()
    ana = town.join("ana", "#r", caps="extended-monitor away-notify")
    bob = town.join("bob", "#r")
    ana.say("MONITOR + bob")
    bob.say("AWAY :x")
    assert commands(ana.say()) == ["AWAY"]
