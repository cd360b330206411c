"""WHO: modern-irc, "WHO message"; WHOX: IRCv3 whox."""

from __future__ import annotations

import pytest

from tertulia import limits
from tertulia.commands.settings import Operator
from tertulia.ports import Peer
from tests.support.reading import all_of, the
from tests.support.town import Town, commands

REMOTE = Peer("irc", "203.0.113.7")


def nicks(lines: list[str]) -> list[str]:
    return [line.params[5] for line in all_of(lines, "352")]


def test_a_room() -> None:
    """ "A channel name, in which case the channel members are listed." (modern-irc, WHO) RPL_WHOREPLY:
    "<client> <channel> <username> <host> <server> <nick> <flags> :<hopcount> <realname>" """
    town = Town()
    ana = town.join("ana", "#r")
    town.join("bob", "#r")
    ana.take()
    lines = ana.say("WHO #r")
    assert commands(lines) == ["352", "352", "315"]
    first = all_of(lines, "352")[0]
    assert first.params == ["ana", "#r", "~ana", "127.0.0.1", "tertulia.local", "ana", "H@", "0 Ana"]
    assert the(lines, "315").params[1] == "#r"


def test_a_nick() -> None:
    """ "An exact nickname, in which case a single user is returned." (modern-irc, WHO)"""
    town = Town()
    ana = town.join("ana")
    town.join("Bob")
    assert nicks(ana.say("WHO bOB")) == ["Bob"]
    assert commands(ana.say("WHO nadie")) == ["315"]


@pytest.mark.parametrize(
    ("mask", "expected"), [("b*", ["bob", "bea"]), ("*e?", ["bea"]), ("~bob", ["bob"]), ("203.*", ["far"]),
                           ("*", ["ana", "bob", "bea", "far"]), ("0", ["ana", "bob", "bea", "far"])]
)  # fmt: skip
def test_a_mask(mask: str, expected: list[str]) -> None:
    """ "A mask pattern, in which case all visible users whose nickname matches are listed. Servers MAY
    match other user-specific values, such as the hostname, server, real name or username." (modern-irc,
    WHO)"""
    town = Town()
    ana = town.join("ana")
    town.join("bob"), town.join("bea"), town.join("far", peer=REMOTE)
    assert nicks(ana.say(f"WHO {mask}")) == expected


def test_the_invisible() -> None:
    """ "Visible users are users who either aren't invisible (user mode +i) or have a common channel with
    the requesting client." (modern-irc, WHO)"""
    town = Town()
    ana, bob, far = town.join("ana", "#r"), town.join("bob", "#r"), town.join("far")
    bob.say("MODE bob +i")
    ana.take()
    assert nicks(ana.say("WHO b*")) == ["bob"]
    assert nicks(far.say("WHO b*")) == []
    assert nicks(far.say("WHO #r")) == ["ana"]
    assert the(far.say("WHO bob"), "352").params[1] == "*", "not where the invisible are"


def test_secret_rooms() -> None:
    """A secret room is not seen from outside, nor named beside its members (modern-irc, Secret Channel
    Mode)."""
    town = Town()
    ana, far = town.join("ana", "#r"), town.join("far")
    ana.say("MODE #r +s")
    assert commands(far.say("WHO #r")) == ["315"]
    assert the(far.say("WHO ana"), "352").params[1] == "*"
    assert the(ana.say("WHO ana"), "352").params[1] == "#r"


def test_flags() -> None:
    """ "<flags> contains the following characters, in this order: Away status ...; Optionally, a literal
    asterisk character ... to indicate that the user is a server operator; Optionally, the highest channel
    membership prefix ...; Optionally, one or more user mode characters" (modern-irc, RPL_WHOREPLY); the
    bot flag is one of these"""
    town = Town(operators=(Operator("root", "secret"),))
    ana = town.join("ana", "#r")
    ana.say("OPER root secret", "MODE ana +B", "MODE #r +v ana", "AWAY :x")
    assert the(ana.say("WHO #r"), "352").params[6] == "G*@B"
    ana.say("CAP REQ :multi-prefix", "AWAY")
    assert the(ana.say("WHO #r"), "352").params[6] == "H*@+B"


def test_only_operators() -> None:
    """The flag "o" asks for operators of the server (RFC 2812 3.6.1)."""
    town = Town(operators=(Operator("root", "secret"),))
    ana = town.join("ana")
    town.join("bob").say("OPER root secret")
    assert nicks(ana.say("WHO * o")) == ["bob"]


def test_the_answer_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """ "Servers MAY filter or limit visible users replies arbitrarily." (modern-irc, WHO)"""
    monkeypatch.setattr(limits, "WHO_REPLIES", 2)
    town = Town()
    for nick in ("a", "b", "c"):
        town.join(nick)
    assert commands(town.join("d").say("WHO *")) == ["352", "352", "263", "315"]


# --- WHOX -----------------------------------------------------------------------------------------


def test_whox_fields_in_their_order() -> None:
    """ "Servers MUST send the fields in the order specified above. Servers MUST include in their reply all
    of the standard fields requested by the client, and MUST NOT add any additional field" (IRCv3 whox)"""
    town = Town()
    ana = town.join("ana", "#r")
    town.advance(7)
    line = the(ana.say("WHO #r %ralfnshiuct,123"), "354")
    assert line.params == [
        "ana", "123", "#r", "~ana", "127.0.0.1", "127.0.0.1", "tertulia.local", "ana", "H@", "7", "0", "Ana",
    ]  # fmt: skip


def test_whox_without_a_token() -> None:
    """Example of the specification: `WHO cooluser %cuhnar`."""
    ana = Town().join("ana", "#r")
    lines = ana.say("WHO ana %cuhnar")
    assert commands(lines) == ["354", "315"]
    assert the(lines, "354").params == ["ana", "#r", "~ana", "127.0.0.1", "ana", "0", "Ana"]


def test_whox_placeholders() -> None:
    """ "`*` is used for [channel] when no channel is returned; `255.255.255.255` is used for [ip] when the
    server refuses to disclose the IP address; `0` is used for [account] when the user is logged out"
    (IRCv3 whox)"""
    town = Town()
    ana = town.join("ana")
    town.join("far", peer=REMOTE)
    assert the(ana.say("WHO far %ciahn"), "354").params[1:] == [
        "*",
        "255.255.255.255",
        "203.0.113.7",
        "far",
        "0",
    ]
    town.join("far2", peer=REMOTE)


def test_whox_never_answers_plainly() -> None:
    """ "Servers MUST NOT send RPL_WHOREPLY replies. ... Servers MUST ignore any non-standard field they
    don't support." (IRCv3 whox)"""
    ana = Town().join("ana")
    assert commands(ana.say("WHO ana %")) == ["315"]
    assert commands(ana.say("WHO ana %zZ")) == ["315"]
    assert the(ana.say("WHO ana %zn"), "354").params == ["ana", "ana"]


def test_whox_token_is_made_of_digits() -> None:
    """ "The token MUST contain only digit characters and MUST contain at most 3 characters." (IRCv3 whox)"""
    ana = Town().join("ana")
    assert the(ana.say("WHO ana %tn,1234"), "354").params[1] == "123"
    assert the(ana.say("WHO ana %tn,:x"), "354").params[1:] == ["0", "ana"]
    assert the(ana.say("WHO ana %tn"), "354").params[1:] == ["0", "ana"]


def test_whox_shows_operators_the_address() -> None:
    town = Town(operators=(Operator("root", "secret"),))
    ana = town.join("ana")
    town.join("far", peer=REMOTE)
    ana.say("OPER root secret")
    assert the(ana.say("WHO far %i"), "354").params[1:] == ["203.0.113.7"]
