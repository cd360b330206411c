"""TOPIC: modern-irc, "TOPIC message" and "Protected Topic Mode"."""

from __future__ import annotations

from tests.support.reading import has, the
from tests.support.town import START_MS, Town, commands


def test_asking() -> None:
    """ "If <topic> is not given, either RPL_TOPIC or RPL_NOTOPIC is returned specifying the current
    channel topic or lack of one. ... If RPL_TOPIC is returned to the client sending this command,
    RPL_TOPICWHOTIME SHOULD also be sent to that client." (modern-irc, TOPIC)"""
    ana = Town().join("ana", "#r")
    assert the(ana.say("TOPIC #r"), "331").params[1] == "#r"
    ana.say("TOPIC #r :de qué va")
    lines = ana.say("TOPIC #r")
    assert the(lines, "332").params == ["ana", "#r", "de qué va"]
    assert the(lines, "333").params == ["ana", "#r", "ana!~ana@127.0.0.1", str(START_MS // 1000)]


def test_everybody_is_told_of_a_change() -> None:
    """ "If the topic of a channel is changed or cleared, every client in that channel (including the
    author of the topic change) will receive a TOPIC command with the new topic as argument (or an empty
    argument if the topic was cleared)" (modern-irc, TOPIC)"""
    town = Town()
    ana, bob = town.join("ana", "#r"), town.join("bob", "#r")
    ana.take()
    assert ana.say("TOPIC #r :nuevo tema") == [":ana!~ana@127.0.0.1 TOPIC #r :nuevo tema"]
    assert bob.say() == [":ana!~ana@127.0.0.1 TOPIC #r :nuevo tema"]
    assert ana.say("TOPIC #r :") == [":ana!~ana@127.0.0.1 TOPIC #r :"]
    assert bob.say() == [":ana!~ana@127.0.0.1 TOPIC #r :"]
    assert commands(bob.say("TOPIC #r")) == ["331"]


def test_who_joins_later_is_told() -> None:
    """ "Clients joining the channel in the future will receive a RPL_TOPIC numeric (or lack thereof)
    accordingly." (modern-irc, TOPIC)"""
    town = Town()
    ana, bob = town.join("ana", "#r"), town.join("bob")
    ana.say("TOPIC #r :hola")
    assert the(bob.say("JOIN #r"), "332").params[-1] == "hola"
    bob.say("PART #r")
    ana.say("TOPIC #r :")
    assert not has(bob.say("JOIN #r"), "332")


def test_protected_topic() -> None:
    """ "users must have channel privileges such as halfop or operator status in order to change the topic
    of a channel. In a channel that does not have this mode enabled, anyone may set the topic" (modern-irc,
    +t)"""
    town = Town()
    ana, bob = town.join("ana", "#r"), town.join("bob", "#r")
    assert commands(bob.say("TOPIC #r :mío")) == ["482"]
    ana.say("MODE #r +v bob")
    bob.take()
    assert commands(bob.say("TOPIC #r :mío")) == ["482"]
    ana.say("MODE #r +h bob")
    bob.take()
    assert commands(bob.say("TOPIC #r :mío")) == ["TOPIC"]
    ana.say("MODE #r -thv bob bob")
    bob.take()
    assert commands(bob.say("TOPIC #r :de todos")) == ["TOPIC"]


def test_from_outside() -> None:
    """ERR_NOTONCHANNEL, ERR_NOSUCHCHANNEL, ERR_NEEDMOREPARAMS (modern-irc, TOPIC, Numeric Replies)"""
    town = Town()
    ana, far = town.join("ana", "#r"), town.join("far")
    assert commands(far.say("TOPIC #r :x")) == ["442"]
    assert commands(far.say("TOPIC #nowhere")) == ["403"]
    assert commands(far.say("TOPIC")) == ["461"]
    assert commands(far.say("TOPIC #r")) == ["331"]
    ana.say("MODE #r +s")
    assert commands(far.say("TOPIC #r")) == ["403"], "a secret room is not known outside"


def test_a_long_topic_fits_the_relayed_line() -> None:
    """ISUPPORT TOPICLEN, and "Most IRC servers limit messages to 512 bytes in length" (modern-irc,
    Messages)"""
    ana = Town().join("ana", "#r")
    (ascii_line,) = ana.say("TOPIC #r :" + "x" * 480)
    assert ascii_line.count("x") == 390
    (line,) = ana.say("TOPIC #r :" + "ñ" * 240)
    assert len(line.encode()) <= 510 and line.endswith("ñ" * 230)
