"""NAMES: modern-irc, "NAMES message"; IRCv3 multi-prefix, userhost-in-names."""

from __future__ import annotations

from tests.support.reading import all_of, has, the
from tests.support.town import Town, commands


def test_one_room() -> None:
    """ "the server returns one of more RPL_NAMREPLY numerics containing the users joined to the channel
    and a single RPL_ENDOFNAMES numeric" (modern-irc, NAMES)"""
    town = Town()
    ana = town.join("ana", "#r")
    town.join("bob", "#r")
    ana.take()
    lines = ana.say("NAMES #r")
    assert commands(lines) == ["353", "366"]
    assert the(lines, "353").params == ["ana", "=", "#r", "@ana bob"]
    assert the(lines, "366").params[:2] == ["ana", "#r"]


def test_several_rooms() -> None:
    """ "The channel names are evaluated one-by-one." (modern-irc, NAMES)"""
    ana = Town().join("ana", "#a", "#b")
    lines = ana.say("NAMES #a,#nowhere,#b")
    assert [line.params[1] for line in all_of(lines, "366")] == ["#a", "#nowhere", "#b"]
    assert commands(ana.say("NAMES #a,#b,#c,#d,#e"))[-1] == "407"


def test_a_room_that_is_not_there() -> None:
    """ "If the channel name is invalid or the channel does not exist, one RPL_ENDOFNAMES numeric
    containing the given channel name should be returned." (modern-irc, NAMES)"""
    ana = Town().join("ana")
    assert the(ana.say("NAMES #nowhere"), "366").params[1] == "#nowhere"
    assert the(ana.say("NAMES ana"), "366").params[1] == "ana"


def test_without_a_parameter() -> None:
    """ "If no parameter is given for this command, servers SHOULD return one RPL_ENDOFNAMES numeric with
    the <channel> parameter set to an asterisk" (modern-irc, NAMES)"""
    (line,) = Town().join("ana").say("NAMES")
    assert the([line], "366").params[1] == "*"


def test_secret_rooms() -> None:
    """ "If the given channel has the secret channel mode set and the user is not joined to that channel, one
    RPL_ENDOFNAMES numeric is returned." (modern-irc, NAMES)"""
    town = Town()
    ana, far = town.join("ana", "#r"), town.join("far")
    ana.say("MODE #r +s")
    assert commands(far.say("NAMES #r")) == ["366"]
    assert the(ana.say("NAMES #r"), "353").params[1] == "@"


def test_the_invisible() -> None:
    """ "Users with the invisible user mode set are not shown in channel responses unless the requesting
    client is also joined to that channel." (modern-irc, NAMES)"""
    town = Town()
    ana, bob, far = town.join("ana", "#r"), town.join("bob", "#r"), town.join("far")
    bob.say("MODE bob +i")
    assert the(far.say("NAMES #r"), "353").params[-1] == "@ana"
    assert the(ana.say("NAMES #r"), "353").params[-1] == "@ana bob"


def test_multi_prefix() -> None:
    """ "send all possible prefixes which apply to a user in NAMES and WHO output. These prefixes MUST be
    in order of 'rank', from highest to lowest." (IRCv3 multi-prefix)"""
    town = Town()
    one, every = town.join("one", "#r"), town.join("every", "#r", caps="multi-prefix")
    one.say("MODE #r +vh one one", "MODE #r +v every")
    every.take()
    assert the(every.say("NAMES #r"), "353").params[-1] == "@%+one +every"
    assert the(one.say("NAMES #r"), "353").params[-1] == "@one +every"


def test_userhost_in_names() -> None:
    """ "to contain the full hostmask (nick!user@host) of every user listed" (IRCv3 userhost-in-names)"""
    ana = Town().join("ana", "#r", caps="userhost-in-names")
    assert the(ana.say("NAMES #r"), "353").params[-1] == "@ana!~ana@127.0.0.1"


def test_many_members_are_cut_into_lines() -> None:
    """ "one or more RPL_NAMREPLY" (modern-irc), each of at most 512 bytes, and none is lost."""
    town = Town()
    nicks = [f"{'é' * 20}{number:03}" for number in range(60)]
    for nick in nicks:
        town.join(nick, "#r")
    ana = town.join("ana")
    for _ in range(2):
        lines = ana.say("NAMES #r")
        assert all(len(line.encode()) <= 510 for line in lines)
        words = " ".join(line.params[-1] for line in all_of(lines, "353")).split(" ")
        assert [word.lstrip("@").partition("!")[0] for word in words] == nicks
        ana.say("CAP REQ :userhost-in-names")


def test_an_empty_room_has_no_names() -> None:
    town = Town()
    ana, bob = town.join("ana", "#r"), town.join("bob")
    ana.say("PRIVMSG #r :queda", "PART #r")
    assert not has(bob.say("NAMES #r"), "353")
