"""JOIN and PART: modern-irc, "JOIN message", "PART message"; IRCv3 extended-join."""

from __future__ import annotations

from tertulia import limits
from tests.support.reading import all_of, the
from tests.support.town import Town, commands


def test_the_order_of_what_a_joiner_hears() -> None:
    """ "the server MUST send, in this order: 1. A JOIN message ... 2. The channel's topic (with RPL_TOPIC
    and optionally RPL_TOPICWHOTIME), and no message if the channel does not have a topic. 3. A list of
    users ... These RPL_NAMREPLY messages sent by the server MUST include the requesting client that has
    just joined the channel." (modern-irc)"""
    town = Town()
    ana, bob = town.join("ana"), town.join("bob")
    lines = ana.say("JOIN #r")
    assert commands(lines) == ["JOIN", "353", "366"]
    assert lines[0] == ":ana!~ana@127.0.0.1 JOIN #r"
    ana.say("TOPIC #r :hola")
    lines = bob.say("JOIN #r")
    assert commands(lines) == ["JOIN", "332", "333", "353", "366"]
    assert the(lines, "353").params[1:] == ["=", "#r", "@ana bob"]
    assert ana.say() == [":bob!~bob@127.0.0.1 JOIN #r"]


def test_several_rooms_and_keys() -> None:
    """ "Servers MUST process the parameters of this command as lists on incoming commands from clients,
    with the first <key> being used for the first <channel>, the second <key> being used for the second
    <channel>" (modern-irc)"""
    town = Town()
    ana, bob = town.join("ana", "#a", "#b", "#c"), town.join("bob")
    ana.say("MODE #a +k uno", "MODE #c +k tres")
    lines = bob.say("JOIN #a,#b,#c uno,,tres")
    assert [line.params[0] for line in all_of(lines, "JOIN")] == ["#a", "#b", "#c"]
    bob.say("JOIN 0")
    lines = bob.say("JOIN #a,#b,#c tres,x,uno")
    assert [line.params[0] for line in all_of(lines, "JOIN")] == ["#b"]
    assert [line.params[1] for line in all_of(lines, "475")] == ["#a", "#c"]


def test_an_empty_item_of_the_list_keeps_the_places() -> None:
    town = Town()
    ana, bob = town.join("ana", "#a"), town.join("bob")
    ana.say("MODE #a +k uno")
    assert "JOIN" in commands(bob.say("JOIN ,#a x,uno"))


def test_joining_again_says_nothing() -> None:
    """Neither to who joins nor to the others."""
    town = Town()
    ana, bob = town.join("ana", "#r"), town.join("bob", "#r")
    ana.take()
    assert bob.say("JOIN #R") == []
    assert ana.say() == []


def test_names_fold() -> None:
    """ "Names of IRC entities (clients, servers, channels) are casemapped." (modern-irc) The first to come
    fixes the spelling."""
    town = Town()
    ana, bob = town.join("ana", "#Peña"), town.join("bob")
    assert the(bob.say("JOIN #PEÑA"), "JOIN").params == ["#Peña"]
    assert the(ana.say(), "JOIN").params == ["#Peña"]


def test_names_that_are_not_rooms() -> None:
    """ERR_NOSUCHCHANNEL: "Indicates that no channel can be found for the supplied channel name."
    (modern-irc)"""
    ana = Town().join("ana")
    for name in ("r", "#", "&r", "#a\x07b", "#" + "x" * limits.ROOM_CHARACTERS, "#a\u200bb"):
        assert commands(ana.say(f"JOIN {name}")) == ["403"], name
    assert commands(ana.say("JOIN")) == ["461"]
    assert "JOIN" in commands(ana.say("JOIN #" + "x" * (limits.ROOM_CHARACTERS - 1)))


def test_the_first_is_operator() -> None:
    """ "If the channel doesn't exist prior to joining, the channel is created and the creating user
    becomes a channel operator." (modern-irc, Channels)"""
    town = Town()
    ana, bob = town.join("ana"), town.join("bob")
    assert the(ana.say("JOIN #r"), "353").params[-1] == "@ana"
    assert the(bob.say("JOIN #r"), "353").params[-1] == "@ana bob"


def test_the_first_person_among_programs_is_their_operator_and_they_are_told() -> None:
    town = Town()
    robot = town.join("robot")
    robot.say("MODE robot +B", "JOIN #r")
    ana = town.join("ana")
    assert "MODE" not in commands(ana.say("JOIN #r")), "she sees it in the names"
    told = robot.hear()
    assert [(line.command, line.params) for line in told] == [
        ("JOIN", ["#r"]), ("MODE", ["#r", "+o", "ana"]),
    ]  # fmt: skip
    town.join("bob", "#r")
    assert [line.command for line in robot.hear()] == ["JOIN"]


def test_too_many_rooms() -> None:
    """ "If the client cannot join this channel because they would be over their limit, they will receive an
    ERR_TOOMANYCHANNELS reply and the command will fail." (modern-irc, JOIN)"""
    ana = Town().join("ana", *(f"#r{number}" for number in range(limits.ROOMS_PER_USER)))
    assert the(ana.say("JOIN #one-more"), "405").params[1] == "#one-more"
    ana.say("PART #r0")
    assert "JOIN" in commands(ana.say("JOIN #one-more"))


def test_join_zero() -> None:
    """ "this command also accepts the special argument of "0" ... which requests that the sending client
    leave all channels they are currently connected to" (modern-irc, JOIN)"""
    town = Town()
    ana, bob = town.join("ana", "#a", "#b"), town.join("bob", "#a")
    ana.take()
    assert [line.params[0] for line in all_of(ana.say("JOIN 0"), "PART")] == ["#a", "#b"]
    assert commands(bob.say()) == ["PART"]


def test_extended_join() -> None:
    """ ":nick!user@host JOIN #channelname * :Real Name" (IRCv3 extended-join)"""
    town = Town()
    new, old = town.join("new", "#r", caps="extended-join"), town.join("old", "#r")
    new.take()
    town.join("bob", "#r")
    assert new.say() == [":bob!~bob@127.0.0.1 JOIN #r * :Bob"]
    assert old.say() == [":bob!~bob@127.0.0.1 JOIN #r"]


def test_leaving() -> None:
    """ "On sending a successful PART command, the user will receive a PART message from the server for
    each channel they have been removed from." (modern-irc, PART)"""
    town = Town()
    ana, bob = town.join("ana", "#a", "#b"), town.join("bob", "#a", "#b")
    ana.take()
    expected = [":bob!~bob@127.0.0.1 PART #a :me voy", ":bob!~bob@127.0.0.1 PART #b :me voy"]
    assert bob.say("PART #a,#b :me voy") == expected
    assert ana.say() == expected
    assert ana.say("PART #a") == [":ana!~ana@127.0.0.1 PART #a"]


def test_leaving_where_one_is_not() -> None:
    """ "if the channel exists and the client is not joined to it, they will receive an ERR_NOTONCHANNEL
    reply and that channel will be ignored. If the channel does not exist, the client will receive an
    ERR_NOSUCHCHANNEL" (PART)"""
    town = Town()
    town.join("ana", "#a")
    bob = town.join("bob", "#b")
    lines = bob.say("PART #a,#nowhere,#b")
    assert sorted(commands(lines)) == ["403", "442", "PART"]
    assert commands(bob.say("PART")) == ["461"]


def test_a_long_reason_fits_the_relayed_line() -> None:
    """ "Most IRC servers limit messages to 512 bytes in length" (modern-irc, Messages)"""
    ana = Town().join("ana", "#" + "r" * 63)
    (line,) = ana.say("PART #" + "r" * 63 + " :" + "ñ" * 200)
    assert len(line.encode()) <= 510


def test_what_was_said_before_joining_is_not_heard() -> None:
    """Order: who joins within a tick begins where they joined; who leaves ends where they left."""
    town = Town()
    ana, bob = town.join("ana", "#r"), town.join("bob")
    ana.send("PRIVMSG #r :antes")
    bob.send("JOIN #r")
    ana.send("PRIVMSG #r :durante")
    bob.send("PART #r")
    ana.send("PRIVMSG #r :después")
    town.run()
    heard = all_of(bob.take(), "PRIVMSG", "JOIN", "PART")
    assert [line.params[-1] for line in heard] == ["#r", "durante", "#r"]
