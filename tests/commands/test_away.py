"""AWAY, USERHOST, ISON: modern-irc, "AWAY message", "USERHOST message"; IRCv3 away-notify."""

from __future__ import annotations

from tests.support.reading import all_of, has, the
from tests.support.town import Town, commands


def test_going_away_and_coming_back() -> None:
    """ "If this command is sent with a nonempty parameter (the 'away message') then the user is set to be
    away. If this command is sent with no parameters, or with the empty string as the parameter, the user
    is no longer away." (modern-irc, AWAY)"""
    ana = Town().join("ana")
    assert commands(ana.say("AWAY :fuera")) == ["306"]
    assert commands(ana.say("AWAY")) == ["305"]
    assert commands(ana.say("AWAY :otra vez", "AWAY :")) == ["306", "305"]


def test_who_writes_to_somebody_away_is_told() -> None:
    """ "RPL_AWAY, with the away message, when a PRIVMSG command is directed at the away user (not to a
    channel they are on)." (modern-irc, AWAY)"""
    town = Town()
    ana, bob = town.join("ana", "#r"), town.join("bob", "#r")
    bob.say("AWAY :al cine")
    assert the(ana.say("PRIVMSG bob :¿estás?"), "301").params == ["ana", "bob", "al cine"]
    assert not has(ana.say("PRIVMSG #r :¿y tú?"), "301")
    assert not has(ana.say("NOTICE bob :nada"), "301")


def test_away_shows_in_whois_userhost_and_who() -> None:
    """ "In the RPL_USERHOST numeric, as the `+` or `-` character. In the RPL_WHOREPLY numeric, as the `H`
    or `G` character." (modern-irc, AWAY)"""
    town = Town()
    ana, bob = town.join("ana"), town.join("bob")
    assert the(ana.say("USERHOST bob"), "302").params[-1] == "bob=+~bob@127.0.0.1"
    bob.say("AWAY :al cine")
    assert the(ana.say("WHOIS bob"), "301").params == ["ana", "bob", "al cine"]
    assert the(ana.say("USERHOST bob"), "302").params[-1] == "bob=-~bob@127.0.0.1"
    assert the(ana.say("WHO bob"), "352").params[6] == "G"


def test_away_notify() -> None:
    """ "clients will be sent an AWAY message when a user sharing a channel with them sets, changes or
    removes their away state" (IRCv3 away-notify)"""
    town = Town()
    ana = town.join("ana", "#r", caps="away-notify")
    old, far = town.join("old", "#r"), town.join("far", "#other", caps="away-notify")
    bob = town.join("bob", "#r", caps="away-notify")
    ana.take(), old.take()
    own = bob.say("AWAY :uno", "AWAY :dos", "AWAY")
    assert ana.say() == [
        ":bob!~bob@127.0.0.1 AWAY :uno", ":bob!~bob@127.0.0.1 AWAY :dos", ":bob!~bob@127.0.0.1 AWAY",
    ]  # fmt: skip
    assert not has(old.say(), "AWAY")
    assert far.say() == []
    assert commands(own) == ["306", "306", "305"], (
        '"SHOULD NOT be sent AWAY messages to notify them of their own"'
    )


def test_away_notify_once_for_several_rooms() -> None:
    """One change is one message, however many rooms are shared."""
    town = Town()
    ana, bob = town.join("ana", "#a", "#b", caps="away-notify"), town.join("bob", "#a", "#b")
    ana.take()
    bob.say("AWAY :x")
    assert commands(ana.say()) == ["AWAY"]


def test_joining_while_away_is_notified() -> None:
    """ "as well as when a user joins and has an away message set" (IRCv3 away-notify)"""
    town = Town()
    ana = town.join("ana", "#r", caps="away-notify")
    bob, ema = town.join("bob"), town.join("ema")
    bob.say("AWAY :lejos", "JOIN #r")
    assert commands(ana.say()) == ["JOIN", "AWAY"]
    ema.say("JOIN #r")
    assert commands(ana.say()) == ["JOIN"], "AWAY will not be sent for joining users with no away message set"


def test_userhost_of_several() -> None:
    """ "The USERHOST command takes up to five nicknames, each a separate parameters." (modern-irc,
    USERHOST)"""
    town = Town()
    for nick in ("a1", "a2", "a3", "a4", "a5", "a6"):
        town.join(nick)
    ana = town.join("ana")
    words = the(ana.say("USERHOST a1 nobody a2 A3 a4 a5 a6"), "302").params[-1].split(" ")
    assert [word.partition("=")[0] for word in words] == ["a1", "a2", "a3", "a4"]
    assert the(ana.say("USERHOST"), "461").params[1] == "USERHOST"
    assert the(ana.say("USERHOST nobody"), "302").params[-1] == ""


def test_userhost_marks_operators() -> None:
    """ "<isop> is included if the user ... has registered as an operator" (modern-irc, RPL_USERHOST)"""
    from tertulia.commands.settings import Operator

    town = Town(operators=(Operator("root", "secret"),))
    ana = town.join("ana")
    ana.say("OPER root secret")
    assert the(ana.say("USERHOST ana"), "302").params[-1] == "ana*=+~ana@127.0.0.1"


def test_ison() -> None:
    """ "this numeric lists the nicks that are present on the network" (modern-irc, RPL_ISON)"""
    town = Town()
    ana = town.join("ana")
    town.join("Bob")
    assert the(ana.say("ISON bob nadie ANA"), "303").params[-1] == "Bob ana"
    assert the(ana.say("ISON :bob nadie"), "303").params[-1] == "Bob"
    assert the(ana.say("ISON nadie"), "303").params[-1] == ""


def test_lists_of_nicks_are_cut_to_lines() -> None:
    """ "Most IRC servers limit messages to 512 bytes in length" (modern-irc, Messages)"""
    town = Town()
    nicks = [f"{'n' * 29}{number:02}" for number in range(14)]
    for nick in nicks:
        town.join(nick)
    ana = town.join("ana")
    lines = ana.say("ISON " + " ".join(nicks))
    assert all(len(line) <= 510 for line in lines)
    assert " ".join(line.params[-1] for line in all_of(lines, "303")).split(" ") == nicks


# --- pre-away -------------------------------------------------------------------------------------


def test_away_before_registration() -> None:
    """ "If the capability has been negotiated, servers MUST accept the `AWAY` command before connection
    registration has completed." (IRCv3 pre-away)"""
    town = Town()
    eva = town.join("eva", caps="extended-monitor away-notify")
    eva.say("MONITOR + ana")
    client = town.connect()
    assert commands(client.say("AWAY :fuera")) == ["451"]
    assert commands(client.say("CAP REQ :draft/pre-away", "AWAY", "AWAY :fuera")) == ["CAP", "305", "306"]
    client.say("NICK ana", "USER ana 0 * :x", "CAP END")
    assert commands(eva.say())[0] == "730", "does not inhibit reporting of the change in nickname status"
    assert the(eva.say("WHOIS ana"), "301").params[2] == "fuera"


def test_away_for_no_said_reason() -> None:
    """ "`AWAY *` ... as indicating that the user is not present for an unspecified reason"; "Similarly,
    `AWAY` with no parameters indicates that the user is present." (IRCv3 pre-away)"""
    town = Town()
    eva = town.join("eva")
    for nick, lines, away in (("ana", ["AWAY *"], True), ("bob", ["AWAY *", "AWAY"], False)):
        client = town.connect()
        client.say("CAP REQ :draft/pre-away", *lines, f"NICK {nick}", f"USER {nick} 0 * :x", "CAP END")
        assert has(eva.say(f"WHOIS {nick}"), "301") is away
