"""KICK: modern-irc, "KICK message"."""

from __future__ import annotations

from tests.support.reading import all_of, the
from tests.support.town import Client, Town, commands


def three(town: Town) -> tuple[Client, Client, Client]:
    """An operator and two more in #r, with nothing left to hear."""
    found = town.join("ana", "#r"), town.join("bob", "#r"), town.join("ema", "#r")
    for client in found:
        client.take()
    return found


def test_everybody_in_the_room_hears_it() -> None:
    """ "The KICK command can be used to request the forced removal of a user from a channel." (modern-irc,
    KICK)"""
    town = Town()
    ana, bob, ema = three(town)
    expected = [":ana!~ana@127.0.0.1 KICK #r bob :basta ya"]
    assert ana.say("KICK #r bob :basta ya") == expected
    assert bob.say() == expected
    assert ema.say() == expected
    assert commands(bob.say("PRIVMSG #r :¿por qué?")) == ["404"]
    assert commands(ana.say("KICK #r bob")) == ["441"]


def test_the_default_comment() -> None:
    """ "If no comment is given, the server SHOULD use a default message instead." (modern-irc, KICK)"""
    town = Town()
    ana, _, _ = three(town)
    assert the(ana.say("KICK #r bob"), "KICK").params == ["#r", "bob", "ana"]
    assert the(ana.say("KICK #r ema :"), "KICK").params == ["#r", "ema", "ana"]


def test_several_at_once_are_told_one_by_one() -> None:
    """ "The server MUST NOT send KICK messages with multiple users to clients." (modern-irc, KICK)"""
    town = Town()
    ana, _, _ = three(town)
    lines = ana.say("KICK #r bob,nobody,ema :fuera")
    assert sorted(commands(lines)) == ["401", "KICK", "KICK"]
    assert [line.params[1] for line in all_of(lines, "KICK")] == ["bob", "ema"]


def test_more_than_the_advertised_number() -> None:
    """ "Servers MAY limit the number of target users per KICK command via the TARGMAX parameter"
    (modern-irc, KICK)"""
    town = Town()
    ana = town.join("ana", "#r")
    for nick in ("n1", "n2", "n3", "n4", "n5"):
        town.join(nick, "#r")
    ana.take()
    lines = ana.say("KICK #r n1,n2,n3,n4,n5")
    assert commands(lines).count("KICK") == 4 and commands(lines)[-1] == "407"
    assert "n5" in the(ana.say("NAMES #r"), "353").params[-1]


def test_only_operators_of_the_room() -> None:
    """ERR_CHANOPRIVSNEEDED, ERR_NOTONCHANNEL, ERR_NOSUCHCHANNEL (modern-irc, KICK, Numeric Replies)"""
    town = Town()
    ana, bob, _ = three(town)
    far = town.join("far")
    assert commands(bob.say("KICK #r ana")) == ["482"]
    assert commands(far.say("KICK #r ana")) == ["442"]
    assert commands(far.say("KICK #nowhere ana")) == ["403"]
    assert commands(ana.say("KICK #r")) == ["461"]
    assert commands(ana.say("KICK #r far")) == ["441"]


def test_half_operators_kick_up_to_their_own_rank() -> None:
    """ "Users with this mode may perform channel moderation tasks, but at a lower privilege level than
    operators." (modern-irc, Halfop Prefix)"""
    town = Town()
    ana, bob, _ = three(town)
    ana.say("MODE #r +h bob")
    bob.take()
    assert commands(bob.say("KICK #r ana")) == ["482"]
    assert commands(bob.say("KICK #r ema")) == ["KICK"]


def test_kicking_oneself() -> None:
    town = Town()
    ana, bob, _ = three(town)
    assert commands(ana.say("KICK #r ana :me voy")) == ["KICK"]
    assert commands(bob.say()) == ["KICK"]
    assert commands(ana.say("PRIVMSG #r :?")) == ["404"]


def test_what_was_said_before_is_heard_by_who_is_kicked() -> None:
    """Order: the leaver has the room's talk up to the kick, and nothing after it."""
    town = Town()
    ana, bob, ema = three(town)
    ana.send("PRIVMSG #r :uno", "KICK #r bob", "PRIVMSG #r :dos")
    town.run()
    assert commands(bob.take()) == ["PRIVMSG", "KICK"]
    assert commands(ema.take()) == ["PRIVMSG", "KICK", "PRIVMSG"]


def test_a_long_comment_fits_the_relayed_line() -> None:
    """ "Most IRC servers limit messages to 512 bytes in length" (modern-irc, Messages)"""
    town = Town()
    ana, _, _ = three(town)
    (line,) = ana.say("KICK #r bob :" + "ñ" * 240)
    assert len(line.encode()) <= 510
    assert "ñ" * 200 in line
