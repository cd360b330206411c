"""Becoming a user: modern-irc, "Connection Registration"; IRCv3 capability-negotiation; setname.

The names themselves (accents, look-alikes) are tested where they are decided, in tests/protocol.
"""

from __future__ import annotations

import re

import pytest

from tertulia import limits
from tertulia.protocol.capabilities import CAPABILITIES, LATER
from tests.support.reading import all_of, has, the
from tests.support.town import Client, Town, commands

WELCOME = ["001", "002", "003", "004"]


@pytest.fixture
def new(town: Town) -> Client:
    return town.connect()


# --- the welcome ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lines",
    [("NICK ana", "USER ana 0 * :Ana"), ("USER ana 0 * :Ana", "NICK ana"), ("NICK ana", "USER a b c d e")],
)  # fmt: skip
def test_the_welcome(new: Client, lines: tuple[str, ...]) -> None:
    """ "Upon successful completion of the registration process, the server MUST send, in this order, the
    RPL_WELCOME (001), RPL_YOURHOST (002), RPL_CREATED (003), RPL_MYINFO (004), and at least one
    RPL_ISUPPORT (005) numeric to the client. ... The server MUST then respond as though the client sent it
    the MOTD command" (modern-irc)"""
    found = commands(new.say(*lines))
    assert found[:4] == WELCOME
    assert [numeric for numeric in found[4:] if numeric != "005"] == [
        "251", "252", "253", "254", "255", "265", "266", "422",
    ]  # fmt: skip


def test_isupport(new: Client) -> None:
    """ "<client> <1-13 tokens> :are supported by this server" (modern-irc, RPL_ISUPPORT)"""
    lines = all_of(new.say("NICK ana", "USER ana 0 * :Ana"), "005")
    assert all(1 <= len(line.params) - 2 <= 13 for line in lines)
    tokens = dict(token.partition("=")[::2] for line in lines for token in line.params[1:-1])
    assert (
        tokens["PREFIX"] == "(qaohv)~&@%+" and tokens["STATUSMSG"] == "~&@%+" and tokens["CHANTYPES"] == "#"
    )
    assert tokens["CHANMODES"] == "beI,k,lFfj,CMNQRSTUVcimnstuz" and tokens["MAXLIST"] == "b:100,e:100,I:100"
    assert tokens["BOT"] == "B" and tokens["CHATHISTORY"] == "1000" and tokens["CASEMAPPING"] == "ascii"
    assert {"WHOX", "UTF8ONLY", "SAFELIST"} <= tokens.keys()


def test_myinfo(new: Client) -> None:
    """ "<client> <servername> <version> <available user modes> <available channel modes> [<channel modes
    with a parameter>]" (modern-irc, RPL_MYINFO)"""
    line = the(new.say("NICK ana", "USER ana 0 * :Ana"), "004")
    assert line.params == [
        "ana",
        "tertulia.local",
        "tertulia",
        "Biosw",
        "CFIMNQRSTUVabcefhijklmnoqstuvz",
        "FIabefhjkloqv",
    ]


def test_only_a_few_commands_before(new: Client) -> None:
    """ "Until registration is complete, only a limited subset of commands SHOULD be accepted by the
    server." """
    lines = new.say(
        "JOIN #r", "PRIVMSG ana :x", "WHO *", "NONSENSE", "LIST", "OPER a b", "BATCH +1 draft/multiline #r"
    )
    assert commands(lines) == ["451"] * 7
    assert the(lines[:1], "451").params[0] == "*"


# --- NICK and USER --------------------------------------------------------------------------------


def test_a_nick_in_use(town: Town, new: Client) -> None:
    """ "If the server receives a NICK command from a client where the desired nickname is already in use
    on the network, it should issue an ERR_NICKNAMEINUSE numeric and ignore the NICK command." (modern-irc,
    NICK)"""
    town.join("ana")
    lines = new.say("NICK ANA", "USER x 0 * :x")
    assert the(lines, "433").params[:2] == ["*", "ANA"]
    assert not has(lines, "001")
    assert has(new.say("NICK bob"), "001")


def test_two_who_want_the_same_nick_at_once(town: Town) -> None:
    """Whoever completes registration first has it; the other is told and goes on with another."""
    one, two = town.connect(), town.connect()
    assert one.say("NICK ana") == [] and two.say("NICK ana") == []
    assert has(one.say("USER a 0 * :a"), "001")
    lines = two.say("USER b 0 * :b")
    assert commands(lines) == ["433"]
    assert the(lines, "433").params[:2] == ["*", "ana"]
    assert has(two.say("NICK ema"), "001")


@pytest.mark.parametrize(
    "nick", ["1abc", "a b", "a!b", "a@b", "#a", "@a", "-a", "a.b", "a" * 33, "*", ":", "$a", "a,b"]
)
def test_a_nick_that_is_none(new: Client, nick: str) -> None:
    """ "If the server does not accept the new nickname supplied by the client as valid (for instance, due
    to containing invalid characters), it should issue an ERR_ERRONEUSNICKNAME numeric and ignore the NICK
    command." (NICK)"""
    lines = new.say(f"NICK :{nick}" if " " in nick or nick[0] == ":" else f"NICK {nick}", "USER x 0 * :x")
    assert commands(lines) == ["432"]
    assert has(new.say("NICK valid"), "001")


@pytest.mark.parametrize("line", ["NICK", "NICK :"])
def test_no_nick(new: Client, line: str) -> None:
    """ "If the server does not receive the <nickname> parameter with the NICK command, it should issue an
    ERR_NONICKNAMEGIVEN numeric and ignore the NICK command." (modern-irc, NICK)"""
    assert commands(new.say(line, "USER x 0 * :x")) == ["431"]


@pytest.mark.parametrize("nick", ["José", "Begoña", "Übermut", "señor_1", "[a]{b}|\\^`", "a" * 32])
def test_names_of_people(town: Town, nick: str) -> None:
    """ "Software SHOULD use the UTF-8 character encoding" (modern-irc): people keep their names."""
    client = town.connect()
    assert has(client.say(f"NICK {nick}", "USER x 0 * :x"), "001")
    other = town.connect()
    assert commands(other.say(f"NICK {nick.upper() if nick.isalpha() else nick}")) == ["433"]


def test_accents_fold(town: Town, new: Client) -> None:
    """ "This prevents, for example, someone having the nickname 'Dan' and someone else having the nickname
    'dan', confusing other users." (modern-irc)"""
    town.join("José")
    assert commands(new.say("NICK JOSÉ")) == ["433"]
    assert commands(new.say("NICK Jose\u0301")) == ["432"], "not composed"
    assert new.say("NICK Jose") == [], "another letter, another name"


@pytest.mark.parametrize("nick", ["аdmin", "ＡＢＣ", "ana\u200b", "\u202eana", "λόγος"])
def test_look_alikes_of_other_scripts(new: Client, nick: str) -> None:
    """A Cyrillic "а" cannot be told from a Latin one."""
    assert commands(new.say(f"NICK {nick}")) == ["432"]


@pytest.mark.parametrize("nick", ["server", "NickServ", "Servicio"])
def test_reserved_names(new: Client, nick: str) -> None:
    """Names that speak with authority belong to nobody."""
    assert commands(new.say(f"NICK {nick}")) == ["432"]


def test_changing_the_nick(town: Town) -> None:
    """ "In these cases, the <source> of the message will be the old nickname [ [ "!" user ] "@" host ] of
    the user who is changing their nickname." (modern-irc, NICK)"""
    ana, bob, far = town.join("ana", "#r"), town.join("bob", "#r"), town.join("far")
    ana.take()
    assert bob.say("NICK robert") == [":bob!~bob@127.0.0.1 NICK robert"]
    assert ana.say() == [":bob!~bob@127.0.0.1 NICK robert"]
    assert far.say() == []
    assert has(town.connect().say("NICK bob", "USER x 0 * :x"), "001"), "the old one is free"


def test_changing_to_one_in_use(town: Town) -> None:
    """Regression of other servers: who may not change keeps the name, and hears what is said to it."""
    ana, bob = town.join("ana"), town.join("bob")
    assert commands(bob.say("NICK ana")) == ["433"]
    assert ana.say("PRIVMSG bob :hola") == []
    assert the(bob.say(), "PRIVMSG").params == ["bob", "hola"]


def test_changing_only_the_case(town: Town) -> None:
    """Regression of other servers: a change of case is told, a change to the same is not."""
    ana, bob = town.join("ana", "#r"), town.join("bob", "#r")
    ana.take()
    assert commands(ana.say("NICK Ana")) == ["NICK"]
    assert commands(bob.say()) == ["NICK"]
    assert ana.say("NICK Ana") == []
    assert bob.say() == []


def test_user_without_enough(new: Client) -> None:
    """ "The minimum length of <username> is 1, ie. it MUST not be empty. If it is empty, the server SHOULD
    reject the command with ERR_NEEDMOREPARAMS (even if an empty parameter is provided)" (modern-irc, USER)"""
    lines = new.say("NICK ana", "USER ana", "USER ana 0 *", "USER ana 0 * :", "USER ana 0 * :  ")
    assert commands(lines) == ["461"] * 4
    assert has(new.say("USER ana 0 * :Ana"), "001")


def test_user_names(town: Town) -> None:
    """ "the username provided by the client SHOULD be prefixed by a tilde"; "the username MUST be silently
    truncated to the given length before being used" (modern-irc, USER)"""
    client = town.connect()
    client.say("NICK ana", "USER " + "u" * 40 + " 0 * :Ana")
    assert the(client.say("WHOIS ana"), "311").params[2] == "~" + "u" * (limits.USER_BYTES - 1)
    odd = town.connect()
    odd.say("NICK odd", "USER a!b@c:d 0 * :x")
    assert the(odd.say("WHOIS odd"), "311").params[2] == "~abcd"


def test_user_and_pass_afterwards(town: Town) -> None:
    """ "If a client tries to send the USER command after they have already completed registration with the
    server, the ERR_ALREADYREGISTERED reply should be sent and the attempt should fail." (modern-irc, USER;
    so PASS)"""
    ana = town.join("ana")
    assert commands(ana.say("USER x 0 * :x", "PASS x")) == ["462", "462"]


# --- PASS -----------------------------------------------------------------------------------------


def test_the_server_s_password() -> None:
    """ "It is possible to send multiple PASS commands before registering but only the last one sent is
    used for verification" (modern-irc, PASS)"""
    client = Town(password="ábrete").connect()
    assert has(client.say("PASS no", "PASS ábrete", "NICK ana", "USER a 0 * :a"), "001")


@pytest.mark.parametrize("lines", [(), ("PASS no",), ("PASS ábretE",)])
def test_the_wrong_password(lines: tuple[str, ...]) -> None:
    """ "the server SHOULD send ERR_PASSWDMISMATCH and MAY then close the connection with ERROR"
    (modern-irc, PASS)"""
    client = Town(password="ábrete").connect()
    assert commands(client.say(*lines, "NICK ana", "USER a 0 * :a")) == ["464", "ERROR"]
    assert client.wire.closed


def test_a_slow_password_check_holds_the_lines_behind_it() -> None:
    town = Town(password="sesame")
    town.passwords.slow = True
    client, other = town.connect(), town.connect()
    assert client.say("PASS sesame", "NICK ana", "USER a 0 * :a", "JOIN #r") == []
    assert commands(other.say("PING x")) == ["PONG"]
    answer, right = town.passwords.waiting.pop()
    answer.set(right)
    found = commands(client.say())
    assert found[0] == "001" and found[-1] == "366"


def test_a_nick_taken_during_a_slow_check() -> None:
    town = Town(password="sesame")
    town.passwords.slow = True
    one, two = town.connect(), town.connect()
    for client in (one, two):
        client.say("PASS sesame", "NICK ana", "USER a 0 * :a")
    for answer, right in town.passwords.waiting:
        answer.set(right)
    assert has(one.say(), "001")
    assert commands(two.say()) == ["433"]


# --- CAP ------------------------------------------------------------------------------------------


def test_ls_suspends_registration(new: Client) -> None:
    """ "Upon receiving either a CAP LS or CAP REQ command during connection registration, the server MUST
    not complete registration until the client sends a CAP END command" (IRCv3 capability-negotiation)"""
    assert set(commands(new.say("CAP LS 302", "NICK ana", "USER a 0 * :a"))) == {"CAP"}
    assert new.say("CAP LIST")[-1].endswith("LIST :cap-notify")
    assert has(new.say("CAP END"), "001")


def test_req_suspends_registration(new: Client) -> None:
    assert commands(new.say("CAP REQ multi-prefix", "NICK ana", "USER a 0 * :a")) == ["CAP"]
    assert has(new.say("CAP END"), "001")


def test_list_does_not_suspend(new: Client) -> None:
    assert has(new.say("CAP LIST", "NICK ana", "USER a 0 * :a"), "001")


def test_ls_without_a_version(new: Client) -> None:
    """ "If a client has not indicated support for CAP LS 302 features, the server MUST NOT send these new
    features to the client." (IRCv3 capability-negotiation): neither values nor several lines"""
    (line,) = new.say("CAP LS")
    assert the([line], "CAP").params[:2] == ["*", "LS"]
    assert the([line], "CAP").params[-1].split() == [
        one.name for one in CAPABILITIES if one.name not in LATER
    ]
    assert len(line.encode()) <= 510


def test_ls_302(new: Client) -> None:
    """ "all but the last reply MUST have a parameter containing only an asterisk (*) preceding the
    capability list" """
    lines = all_of(new.say("CAP LS 302"), "CAP")
    assert [line.params[2] for line in lines[:-1]] == ["*"] * (len(lines) - 1)
    assert len(lines[-1].params) == 3
    items = " ".join(line.params[-1] for line in lines).split()
    assert [item.partition("=")[0] for item in items] == [one.name for one in CAPABILITIES]
    multiline = next(item for item in items if item.startswith("draft/multiline="))
    assert re.fullmatch(r"draft/multiline=max-bytes=\d+,max-lines=\d+", multiline)


def test_a_long_ls_is_cut_into_lines(monkeypatch: pytest.MonkeyPatch, town: Town) -> None:
    """ "Multiline replies to CAP LS" (IRCv3 capability-negotiation), each of at most 512 bytes"""
    many = [f"example.org/capability-number-{number}" for number in range(40)]
    monkeypatch.setattr("tertulia.protocol.capabilities.offered", lambda version, hidden, values: many)
    client = town.connect()
    client.say("NICK " + "ñ" * 32)
    lines = client.say("CAP LS 302")
    assert len(lines) > 1 and all(len(line.encode()) <= 510 for line in lines)
    found = all_of(lines, "CAP")
    assert " ".join(line.params[-1] for line in found).split() == many
    assert [len(line.params) for line in found] == [4] * (len(found) - 1) + [3]


def test_a_lower_version_afterwards(new: Client) -> None:
    """ "If a client sends a lower CAP version (or omits the version number entirely), servers SHOULD
    return a CAP LS reply consistent with the request's version, but keep storing the original (higher)
    version." """
    new.say("CAP LS 302")
    assert "=" not in the(new.say("CAP LS"), "CAP").params[-1]
    assert commands(new.say("CAP REQ :-cap-notify")) == ["CAP"]
    assert "cap-notify" in the(new.say("CAP LIST"), "CAP").params[-1]


def test_a_higher_version(new: Client) -> None:
    """ "Client: CAP LS 307 / Server: CAP * LS :multi-prefix sasl=PLAIN,EXTERNAL" (example)"""
    assert "draft/multiline=" in " ".join(new.say("CAP LS 307"))


def test_req_is_accepted_as_a_whole(new: Client) -> None:
    """ "The capability identifier set must be accepted as a whole, or rejected entirely." ... "The server
    MUST NOT make any change to any capabilities if it replies with a NAK subcommand." (IRCv3
    capability-negotiation)"""
    assert the(new.say("CAP REQ :multi-prefix foo batch"), "CAP").params == [
        "*",
        "NAK",
        "multi-prefix foo batch",
    ]
    assert the(new.say("CAP LIST"), "CAP").params == ["*", "LIST", ""]
    assert the(new.say("CAP REQ :multi-prefix batch"), "CAP").params == ["*", "ACK", "multi-prefix batch"]
    assert the(new.say("CAP LIST"), "CAP").params[-1].split() == ["batch", "multi-prefix"]


def test_the_refused_set_is_said_as_it_was(new: Client) -> None:
    """Clients compare it; also when it is not sorted or has a trailing space."""
    assert the(new.say("CAP REQ :foo qux bar baz qux quux"), "CAP").params[-1] == "foo qux bar baz qux quux"


def test_removing(town: Town) -> None:
    """ "Each capability identifier may be prefixed with a dash (-) to designate that the capability should
    be disabled." "If a client ... tries to disable a capability which is not enabled, the server MUST
    continue processing the REQ" """
    ana = town.join("ana", caps="multi-prefix echo-message")
    assert the(ana.say("CAP REQ :-multi-prefix"), "CAP").params == ["ana", "ACK", "-multi-prefix"]
    assert the(ana.say("CAP REQ :-multi-prefix echo-message"), "CAP").params[1] == "ACK"
    assert the(ana.say("CAP LIST"), "CAP").params[-1] == "echo-message"
    assert the(ana.say("CAP REQ :-nonsense"), "CAP").params[1] == "NAK"


def test_values_are_not_requested(new: Client) -> None:
    """ "MUST NOT specify additional data for any other CAP subcommands" than LS and NEW"""
    assert the(new.say("CAP REQ :draft/multiline=max-bytes=1"), "CAP").params[1] == "NAK"
    assert the(new.say("CAP REQ :draft/multiline"), "CAP").params[-1] == "draft/multiline"


def test_a_long_request(new: Client) -> None:
    """ "If an ACK reply originating from the server is spread across multiple lines ..." : no line is too
    long"""
    wanted = " ".join(["multi-prefix"] * 38)
    lines = new.say(f"CAP REQ :{wanted}")
    assert all(len(line.encode()) <= 510 for line in lines)
    found = all_of(lines, "CAP")
    assert {line.params[1] for line in found} == {"ACK"}
    assert " ".join(line.params[-1] for line in found) == wanted


def test_unknown_subcommand(new: Client) -> None:
    """ "If a client sends a subcommand which is not in the list above or otherwise issues an invalid
    command, then numeric 410 (ERR_INVALIDCAPCMD) should be sent. The first parameter after the client
    identifier (usually nickname) should be the commandname" """
    assert the(new.say("CAP FOO"), "410").params[:2] == ["*", "FOO"]
    new.say("NICK ana")
    assert the(new.say("CAP NAK"), "410").params[:2] == ["ana", "NAK"]
    assert commands(new.say("CAP")) == ["461"]


def test_end_afterwards_is_ignored(town: Town) -> None:
    """ "If the client is already registered, this command MUST be ignored by the server." """
    assert town.join("ana").say("CAP END") == []


def test_cap_at_any_time(town: Town) -> None:
    """ "The server MUST accept the CAP command at any time, including after registration." """
    ana, bob = town.join("ana", "#r"), town.join("bob", "#r")
    ana.take()
    bob.send("PRIVMSG #r :antes")
    ana.send("CAP REQ :server-time")
    bob.send("PRIVMSG #r :después")
    town.run()
    before, ack, after = ana.take()
    assert before == ":bob!~bob@127.0.0.1 PRIVMSG #r :antes"
    assert commands([ack]) == ["CAP"]
    assert after.startswith("@time=")


# --- SETNAME --------------------------------------------------------------------------------------


def test_setname(town: Town) -> None:
    """ "they MUST send the server-to-client version of the SETNAME message to all clients in common
    channels, as well as to the client from which it originated. The SETNAME message MUST NOT be sent to
    clients which do not have the capability negotiated." (IRCv3 setname)"""
    ana, bob = town.join("ana", "#r", caps="setname"), town.join("bob", "#r", caps="setname")
    old = town.join("old", "#r")
    ana.take(), bob.take()
    assert ana.say("SETNAME :Ana de Sevilla") == [":ana!~ana@127.0.0.1 SETNAME :Ana de Sevilla"]
    assert bob.say() == [":ana!~ana@127.0.0.1 SETNAME :Ana de Sevilla"]
    assert old.say() == []
    assert the(old.say("WHOIS ana"), "311").params[-1] == "Ana de Sevilla"


@pytest.mark.parametrize("name", ["", "   ", "x" * (limits.REALNAME_CHARACTERS + 1)])
def test_setname_that_is_not_valid(town: Town, name: str) -> None:
    """ "If the server rejects the realname due to invalidity, it MUST send a FAIL message of the following
    format: FAIL SETNAME INVALID_REALNAME" (IRCv3 setname)"""
    ana = town.join("ana", caps="setname")
    assert the(ana.say(f"SETNAME :{name}"), "FAIL").params[:2] == ["SETNAME", "INVALID_REALNAME"]


def test_setname_without_the_capability(town: Town) -> None:
    """ "If a client sends a SETNAME command without having negotiated the capability, the server SHOULD
    handle it silently" (IRCv3 setname)"""
    ana = town.join("ana")
    assert ana.say("SETNAME :Ana") == []
    assert the(ana.say("WHOIS ana"), "311").params[-1] == "Ana"


def test_a_name_longer_than_a_line_is_refused_in_a_line(town: Town) -> None:
    """Found by the fuzzer of sessions."""
    client = town.connect()
    for name in ("x" * 500, "é" * 249):
        (answer,) = client.say(f"CAP REQ :{name}")
        assert " NAK " in answer and len(answer.encode()) <= 510


def test_an_old_client_that_has_more_than_fits_a_line(town: Town) -> None:
    """Found by the fuzzer of sessions: it cannot read "*"."""
    client = town.connect()
    every = [row.name for row in CAPABILITIES]
    for name in every:
        client.say(f"CAP REQ :{name}")
    client.say("NICK a23456789012345678901234567890ab")
    lines = all_of(client.say("CAP LIST"), "CAP")
    assert all(line.params[1] == "LIST" and len(line.params) == 3 for line in lines) and len(lines) > 1
    assert {name for line in lines for name in line.params[2].split()} == set(every)
