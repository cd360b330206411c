"""PING, PONG, QUIT: modern-irc, "Connection Messages"."""

from __future__ import annotations

from tests.support.reading import the
from tests.support.town import Town, commands


def test_ping_is_answered_with_its_token() -> None:
    """ "clients or servers must reply to it with a PONG message with the same <token> value. ... Servers
    MUST send a <server> parameter" (modern-irc, PING and PONG)"""
    ana = Town().join("ana")
    assert ana.say("PING abc") == [":tertulia.local PONG tertulia.local :abc"]
    assert ana.say("PING :a b :c") == [":tertulia.local PONG tertulia.local :a b :c"]


def test_ping_without_a_token() -> None:
    """ "The <token> may be any non-empty string." ERR_NOORIGIN (modern-irc, PING)"""
    ana = Town().join("ana")
    assert commands(ana.say("PING", "PING :")) == ["409", "409"]


def test_ping_before_registration() -> None:
    """ "Clients should not send PING during connection registration, though servers may accept it." """
    client = Town().connect()
    assert commands(client.say("PING x")) == ["PONG"]


def test_a_token_that_does_not_fit_is_cut() -> None:
    """A line is never longer than 512 bytes (modern-irc, Messages)."""
    ana = Town().join("ana")
    (line,) = ana.say("PING :" + "x" * 500)
    assert len(line) == 510


def test_pong_has_no_answer() -> None:
    """PONG, "Numeric Replies: None" (modern-irc)"""
    ana = Town().join("ana")
    assert ana.say("PONG x", "PONG") == []


def test_quit_is_acknowledged_and_told() -> None:
    """ "The server acknowledges this by replying with an ERROR message and closing the connection to the
    client. ... servers SHOULD prepend <reason> with the ASCII string "Quit: "" (modern-irc, QUIT)"""
    town = Town()
    ana, bob, far = town.join("ana", "#r"), town.join("bob", "#r"), town.join("far")
    ana.take()
    assert commands(bob.say("QUIT :hasta mañana")) == ["ERROR"]
    assert bob.wire.closed
    assert ana.say() == [":bob!~bob@127.0.0.1 QUIT :Quit: hasta mañana"]
    assert far.say() == [], "typically only dispatched to clients that share a channel"


def test_quit_without_a_reason() -> None:
    """ "This applies even if <reason> is empty, in which case the reason sent to other clients SHOULD be
    just this "Quit: " string." (modern-irc, QUIT)"""
    town = Town()
    ana, bob = town.join("ana", "#r"), town.join("bob", "#r")
    ana.take()
    bob.say("QUIT")
    assert the(ana.say(), "QUIT").params == ["Quit: "]


def test_nothing_is_taken_after_quit() -> None:
    """Lines behind QUIT in the same read are not carried out."""
    town = Town()
    ana, bob = town.join("ana", "#r"), town.join("bob", "#r")
    ana.take()
    assert commands(bob.say("QUIT", "PRIVMSG #r :de ultratumba")) == ["ERROR"]
    assert commands(ana.say()) == ["QUIT"]


def test_the_label_of_quit_is_answered_before_the_end() -> None:
    """ "Servers MUST respond with a labeled ACK message" (IRCv3 labeled-response); nothing follows ERROR."""
    ana = Town().join("ana", caps="batch labeled-response")
    lines = ana.say("@label=bye QUIT")
    assert lines[0] == "@label=bye :tertulia.local ACK"
    assert commands(lines) == ["ACK", "ERROR"]


def test_a_connection_that_is_lost_is_told_with_its_reason() -> None:
    """ "If a client connection is closed without the client issuing a QUIT command to the server, the
    server MUST distribute a QUIT message to other clients ... Servers MUST fill <reason> with a message
    reflecting the nature of the event" (modern-irc, QUIT)"""
    town = Town()
    ana, bob = town.join("ana", "#r"), town.join("bob", "#r")
    ana.take()
    bob.wire.receiver.lost("Connection reset by peer")
    assert the(ana.say(), "QUIT").params == ["Connection reset by peer"]


def test_the_nick_is_free_afterwards() -> None:
    """Regression of other servers: the name of who has left can be taken at once, in any case of letters."""
    town = Town()
    town.join("ana").say("QUIT")
    unregistered = town.connect()
    unregistered.say("NICK ana", "QUIT")
    assert "001" in commands(town.connect().say("NICK ANA", "USER u s e r"))
