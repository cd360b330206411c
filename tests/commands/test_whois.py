"""WHOIS and WHOWAS: modern-irc, "WHOIS message", "WHOWAS message"; IRCv3 bot-mode."""

from __future__ import annotations

import pytest

from tertulia.commands.settings import Operator
from tertulia.ports import Peer
from tests.support.reading import all_of, has, the
from tests.support.town import START_MS, Town, commands

REMOTE = Peer("ircs", "203.0.113.7", secure=True, fingerprint="ab" * 32)


def test_the_reply() -> None:
    """ "The server SHOULD answer this command with numeric messages with information about the nick,
    ending with RPL_ENDOFWHOIS" (modern-irc, WHOIS)"""
    town = Town()
    ana = town.join("ana", "#r")
    town.join("bob", "#r")
    ana.take()
    lines = ana.say("WHOIS bob")
    assert commands(lines) == ["311", "319", "312", "317", "318"]
    assert the(lines, "311").params == ["ana", "bob", "~bob", "127.0.0.1", "*", "Bob"]
    assert the(lines, "312").params == ["ana", "bob", "tertulia.local", "A Tertulia server"]
    assert the(lines, "318").params[:2] == ["ana", "bob"]


def test_the_server_may_be_named() -> None:
    """ "If the <target> parameter is specified, it SHOULD be a server name or the nick of a user."
    (modern-irc, WHOIS)"""
    town = Town()
    ana = town.join("ana")
    town.join("bob")
    for line in ("WHOIS bob bob", "WHOIS tertulia.local bob", "WHOIS BOB"):
        assert the(ana.say(line), "311").params[1] == "bob"


def test_nobody() -> None:
    """ "ending with RPL_ENDOFWHOIS, even if they did not send any other numeric message" (modern-irc,
    WHOIS)"""
    ana = Town().join("ana")
    assert commands(ana.say("WHOIS nadie")) == ["401", "318"]
    assert commands(ana.say("WHOIS")) == ["431"]
    assert commands(ana.say("WHOIS :")) == ["401", "318"]


def test_rooms_and_ranks() -> None:
    """RPL_WHOISCHANNELS: "<client> <nick> :[prefix]<channel>{ [prefix]<channel>}" (modern-irc)"""
    town = Town()
    ana, bob = town.join("ana", "#a"), town.join("bob", "#a", "#b")
    ana.say("MODE #a +v bob")
    assert the(bob.say("WHOIS bob"), "319").params == ["bob", "bob", "+#a @#b"]


def test_secret_and_invisible() -> None:
    """ "secret channels will not show up in the RPL_WHOISCHANNELS numeric unless the user the numeric is
    being sent to is joined to that channel" (+s); "the only channels that will show up in a WHOIS of an
    invisible user will be those they share with the user that submitted the command" (+i) (modern-irc)"""
    town = Town()
    ana, bob = town.join("ana", "#a"), town.join("bob", "#a", "#b", "#secret")
    bob.say("MODE #secret +s")
    assert the(ana.say("WHOIS bob"), "319").params[-1] == "#a @#b"
    bob.say("MODE bob +i")
    assert the(ana.say("WHOIS bob"), "319").params[-1] == "#a"
    assert the(bob.say("WHOIS bob"), "319").params[-1] == "#a @#b @#secret"


def test_many_rooms_are_cut_into_lines() -> None:
    """Each line has at most 512 bytes, and no room is lost."""
    rooms = [f"#{'sala' * 12}{number:02}" for number in range(30)]
    ana = Town().join("ana", *rooms)
    lines = ana.say("WHOIS ana")
    assert all(len(line.encode()) <= 510 for line in lines)
    words = " ".join(line.params[-1] for line in all_of(lines, "319")).split(" ")
    assert words == [f"@{room}" for room in rooms]


def test_what_only_oneself_and_operators_see() -> None:
    """ "Servers typically send some of these numerics only to the client itself and to servers operators,
    as they contain privacy-sensitive information" (WHOIS); "Clients MUST only be sent this numeric if they
    are either using the WHOIS command on themselves or they are an operator" (RPL_WHOISCERTFP)
    (modern-irc)"""
    town = Town(operators=(Operator("root", "secret"),))
    far, bob = town.join("far", peer=REMOTE), town.join("bob")
    private = ("276", "378", "379")
    assert all(has(far.say("WHOIS far"), numeric) for numeric in private)
    assert not any(has(bob.say("WHOIS far"), numeric) for numeric in private)
    bob.say("OPER root secret")
    assert all(has(bob.say("WHOIS far"), numeric) for numeric in private)
    assert has(bob.say("WHOIS far"), "671"), "RPL_WHOISSECURE is for all"
    assert has(far.say("WHOIS bob"), "313")


def test_bots_are_said_to_be() -> None:
    """ "This numeric is returned as part of a bot's WHOIS reply." (IRCv3 bot-mode, RPL_WHOISBOT)"""
    town = Town()
    ana, bot = town.join("ana"), town.join("bot")
    assert not has(ana.say("WHOIS bot"), "335")
    bot.say("MODE bot +B")
    assert the(ana.say("WHOIS bot"), "335").params[:2] == ["ana", "bot"]


@pytest.mark.parametrize(
    "line", ["PRIVMSG #r :hola", "PRIVMSG bob :hola", "NOTICE #r :hola", "@+a=b PRIVMSG #r :x"]
)
def test_idle_time(line: str) -> None:
    """ "<secs> is the number of seconds since the client has been active. ... <signon> is a unix timestamp
    representing when the user joined the network" (modern-irc, RPL_WHOISIDLE)"""
    town = Town()
    ana, bob = town.join("ana", "#r"), town.join("bob", "#r")
    ana.say("PRIVMSG #r :para que la sala quede")
    town.advance(30)
    assert the(bob.say("WHOIS ana"), "317").params[2:4] == ["30", str(START_MS // 1000)]
    ana.say(line)
    town.advance(12)
    assert the(bob.say("WHOIS ana"), "317").params[2] == "12"


# --- WHOWAS -----------------------------------------------------------------------------------------


def test_who_has_gone() -> None:
    """ "Servers MUST reply with either ERR_WASNOSUCHNICK or a non-empty list of WHOWAS entries, both
    followed with RPL_ENDOFWHOWAS" (modern-irc, WHOWAS)"""
    town = Town()
    ana = town.join("ana")
    assert commands(ana.say("WHOWAS bob")) == ["406", "369"]
    town.join("Bob").say("QUIT")
    lines = ana.say("WHOWAS bob")
    assert commands(lines) == ["314", "369"]
    assert the(lines, "314").params == ["ana", "Bob", "~Bob", "127.0.0.1", "*", "Bob"]


def test_the_latest_comes_first() -> None:
    """ "The history is searched backward, returning the most recent entry first. If there are multiple
    entries, up to <count> replies will be returned (or all of them if no <count> parameter is given). If
    given, <count> SHOULD be a positive number. Otherwise, a full search is done." (modern-irc, WHOWAS)"""
    town = Town()
    ana = town.join("ana")
    for number in range(3):
        client = town.connect()
        client.say("NICK bob", f"USER u{number} 0 * :Bob", "QUIT")

    def users(line: str) -> list[str]:
        return [found.params[2] for found in all_of(ana.say(line), "314")]

    assert users("WHOWAS bob") == ["~u2", "~u1", "~u0"]
    assert users("WHOWAS bob 1") == ["~u2"]
    assert users("WHOWAS bob 2") == ["~u2", "~u1"]
    for count in ("0", "-1", "x"):
        assert users(f"WHOWAS bob {count}") == ["~u2", "~u1", "~u0"]


def test_no_wild_cards_and_no_nick() -> None:
    """ "looking for any nicks which are lexically the same (no wild card matching here) ... If the <nick>
    argument is missing, they SHOULD send a single reply, using either ERR_NONICKNAMEGIVEN or
    ERR_NEEDMOREPARAMS." """
    town = Town()
    ana = town.join("ana")
    town.join("bob").say("QUIT")
    assert commands(ana.say("WHOWAS b*")) == ["406", "369"]
    assert commands(ana.say("WHOWAS")) == ["431"]


@pytest.mark.parametrize(
    ("admin", "owner"),
    [(("The computer room", "a@example.org"), "The computer room · a@example.org"), ((), "whoever runs it")],
)
def test_a_model_of_the_house_names_who_runs_it(admin: tuple[str, ...], owner: str) -> None:
    """design: "Models carry the bot flag and mode, WHOIS names their owner" """
    town = Town(admin=admin)
    house = Peer("memory", "localhost", secure=True, local=True, trusted=True)
    town.join("lola", peer=house).say("MODE lola +B")
    lines = town.join("ana").say("WHOIS lola")
    assert the(lines, "320").params[-1] == f"is a language model of this server, run by: {owner}"
