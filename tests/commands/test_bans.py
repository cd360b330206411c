"""UBAN, KLINE, DLINE, ELINE: made, felt, listed, lifted, expired."""

from __future__ import annotations

import pytest

from tertulia.commands.settings import Operator
from tertulia.ports import Peer
from tertulia.protocol.bans import BanRecord
from tests.support.accounts import account, log_in, plain
from tests.support.failing import FailingStore
from tests.support.reading import all_of, has, texts, the
from tests.support.town import Client, Town, commands

EVA = Peer("irc", "192.0.2.7")
BOB = Peer("irc", "198.51.100.9")
SIX = Peer("irc", "2001:db8::7")


@pytest.fixture
def town() -> Town:
    return Town(operators=(Operator("root", "secret"),), admin=("Here", "ask@example.org"))


@pytest.fixture
def root(town: Town) -> Client:
    client = town.join("root")
    client.say("OPER root secret")
    return client


def notices(client: Client, *lines: str) -> list[str]:
    return texts(client.say(*lines), "NOTICE")


def banned(town: Town, peer: Peer) -> bool:
    client = town.connect(peer)
    client.send("NICK x", "USER x 0 * :X")
    return has(client.say(), "465") and client.wire.closed


def test_the_banned_are_told_why_until_when_and_whom_to_ask(town: Town, root: Client) -> None:
    """465 ERR_YOUREBANNEDCREEP "Returned to indicate that the server has been configured to explicitly deny
    connections from this client" (modern-irc)"""
    eva, bob = town.join("eva", "#r", peer=EVA), town.join("bob", "#r", peer=BOB)
    eva.take()
    (answer,) = notices(root, "DLINE 1d 192.0.2.0/24 spamming|seen in #r")
    assert answer.startswith("ban on 192.0.2.0/24 until ") and answer.endswith(": spamming; 1 put out")
    lines = eva.take()
    assert commands(lines) == ["465", "ERROR"] and eva.wire.closed
    told = the(lines, "465").params[-1]
    assert "spamming. It ends on 2026-" in told and told.endswith("Questions: ask@example.org")
    assert "seen" not in told
    assert bob.say() == [":eva!~eva@192.0.2.7 QUIT :Banned (spamming)"]
    assert banned(town, EVA) and not banned(town, BOB)


def test_in_the_language_of_the_session(town: Town, root: Client) -> None:
    eva = town.join("eva", peer=EVA)
    eva.say("LANGUAGE es")
    root.say("UBAN ADD 192.0.2.7 por pesada")
    assert "Tienes un veto en este servidor: por pesada. No caduca" in the(eva.take(), "465").params[-1]


def test_a_banned_address_is_refused_before_it_says_anything(town: Town, root: Client) -> None:
    root.say("DLINE 2001:db8::/32 x")
    client = town.connect(SIX)
    assert commands(client.say()) == ["465", "ERROR"] and client.wire.closed


@pytest.mark.parametrize(
    "line",
    [
        "KLINE *!*@192.0.2.* x",
        "KLINE eva x",
        "KLINE e*!*@* FORCE x",
        "UBAN ADD realname:eva* FORCE x",
        "UBAN ADD eva x",
    ],
)
def test_at_registration_and_on_those_present(town: Town, root: Client, line: str) -> None:
    eva = town.join("eva", peer=EVA)
    root.say(line)
    assert eva.wire.closed
    again = town.connect(EVA)
    assert has(again.say("NICK eva", "USER eva 0 * :Eva"), "465") and again.wire.closed
    assert has(town.join("bob", peer=BOB).say("PING x"), "PONG")


def test_by_account_at_login(town: Town, root: Client) -> None:
    account(town, "eva")
    eva = town.join("eve", peer=EVA)
    log_in(eva, "eva")
    root.say("UBAN ADD account:eva FORCE basta")
    assert eva.wire.closed
    again = town.connect(EVA)
    lines = again.say("CAP REQ :sasl", "AUTHENTICATE PLAIN", f"AUTHENTICATE {plain('eva')}")
    assert "basta" in the(lines, "902").params[-1]
    late = town.join("eve", peer=EVA)
    assert has(log_in(late, "eva"), "902") and late.wire.closed is False
    assert notices(root, "UBAN ADD account:nobody x") == ["There is no account nobody"]


def test_nobody_changes_to_a_banned_name(town: Town, root: Client) -> None:
    root.say("KLINE spam!*@* x", "UBAN ADD realname:*viagra* x")
    eva = town.join("eva", peer=EVA)
    assert commands(eva.say("NICK spam")) == ["465"]
    assert commands(eva.say("SETNAME :buy viagra")) == ["465"]
    assert town.network.user("eva") is not None


def test_everybody_is_not_banned_by_mistake(town: Town, root: Client) -> None:
    eva = town.join("eva", peer=EVA)
    assert "FORCE" in notices(root, "KLINE *!*@* x")[0]
    assert "FORCE" in notices(root, "DLINE 127.0.0.1 x")[0]
    assert not eva.wire.closed and not list(town.network.bans)
    root.say("DLINE FORCE 192.0.0.0/8 x")
    assert eva.wire.closed


def test_with_force_one_bans_oneself(town: Town, root: Client) -> None:
    assert commands(root.say("DLINE 127.0.0.1 FORCE x")) == ["465", "ERROR"]
    assert root.wire.closed


def test_models_of_the_server_stay(town: Town, root: Client) -> None:
    lola = town.join("lola", peer=Peer("memory", "localhost", secure=True, local=True, trusted=True))
    root.say("KLINE lola!*@* x")
    assert not lola.wire.closed


def test_exemptions(town: Town, root: Client) -> None:
    eva = town.join("eva", peer=EVA)
    root.say("ELINE 192.0.2.7 a friend", "DLINE 192.0.2.0/24 x")
    assert not eva.wire.closed and not banned(town, EVA)
    root.say("UNELINE 192.0.2.7")
    assert banned(town, EVA) and not eva.wire.closed


def test_networks_that_must_log_in(town: Town, root: Client) -> None:
    account(town, "eva")
    bob = town.join("bob", peer=EVA)
    root.say("UBAN LOGIN 192.0.2.0/24 abuse")
    assert bob.wire.closed
    guest = town.connect(EVA)
    lines = guest.say("NICK x", "USER x 0 * :X")
    assert any("account" in text for text in texts(lines, "NOTICE", "FAIL")) and guest.wire.closed
    eva = town.connect(EVA)
    eva.send("CAP REQ :sasl")
    log_in(eva, "eva")
    assert has(eva.say("NICK eva", "USER eva 0 * :Eva", "CAP END"), "001")


def test_lists_numbers_and_lifting(town: Town, root: Client) -> None:
    root.say("KLINE 60 *!*@bad.example spam|hosts", "DLINE 192.0.2.7", "ELINE account:x")
    account(town, "x")
    root.say("UBAN EXEMPT account:x")
    lines = notices(root, "UBAN LIST")
    assert len(lines) == 4 and lines[-1] == "End: 3"
    assert any("ban *!*@bad.example until" in line and line.endswith("spam | hosts") for line in lines)
    assert len(notices(root, "KLINE LIST")) == 2 and len(notices(root, "DLINE LIST")) == 2
    assert len(notices(root, "UBAN LIST *example")) == 2
    number = next(line for line in lines if "192.0.2.7" in line).partition(".")[0]
    assert notices(root, f"UBAN DEL {number}") == ["Lifted: 192.0.2.7"]
    assert notices(root, "UNDLINE 192.0.2.7")[0].startswith("There is no ban")
    assert notices(root, "UNKLINE *!*@bad.example") == ["Lifted: *!*@bad.example"]
    assert not banned(town, EVA)


def test_asking_first(town: Town, root: Client) -> None:
    town.join("eva", peer=EVA)
    assert notices(root, "UBAN TEST 192.0.2.0/24") == ["192.0.2.0/24 would hit 1 of 2 here: eva"]
    assert notices(root, "UBAN INFO eva")[0].endswith("nothing hits them")
    root.say("UBAN ADD 192.0.2.0/25 FORCE", "UBAN EXEMPT 192.0.2.7")
    town.join("eva", peer=EVA)
    assert notices(root, "UBAN INFO eva")[0].endswith("ban 192.0.2.0/25; exemption 192.0.2.7")


@pytest.mark.parametrize("line", ["UBAN ADD", "UBAN NONSENSE x", "KLINE 1d", "UBAN ADD nobody", "UBAN DEL"])
def test_what_cannot_be_understood(town: Town, root: Client, line: str) -> None:
    assert commands(root.say(line)) == ["NOTICE"]
    assert not list(town.network.bans)


def test_they_expire(town: Town, root: Client) -> None:
    root.say("DLINE 10m 192.0.2.7 x")
    assert banned(town, EVA)
    town.advance(601)
    root.say("PONG x")
    assert not list(town.network.bans) and not list(town.store.bans())
    assert not banned(town, EVA)


def test_they_are_kept_and_taken_back_when_the_store_refuses() -> None:
    store = FailingStore()
    town = Town(store, operators=(Operator("root", "secret"),))
    root, eva = town.join("root"), town.join("eva", peer=EVA)
    root.say("OPER root secret")
    store.fail()
    assert "not" in notices(root, "DLINE 192.0.2.7 x")[0].lower()
    assert not list(town.network.bans) and not eva.wire.closed
    store.mend()
    root.say("DLINE 192.0.2.7 x")
    assert [record.target for record in store.bans()] == ["192.0.2.7/32"]
    assert banned(Town(store), EVA), "a ban outlives the server"


def test_only_with_the_right() -> None:
    town = Town(operators=(Operator("helper", "secret", rights=frozenset({"kill"})),))
    helper = town.join("helper")
    helper.say("OPER helper secret")
    for line in ("UBAN LIST", "KLINE x", "DLINE x", "ELINE x", "UNKLINE x", "UNDLINE x", "UNELINE x"):
        assert commands(helper.say(line)) == ["723"]


def test_there_is_room_for_so_many(town: Town, root: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tertulia.limits.PATTERN_BANS", 1)
    root.say("KLINE *!*@one.example", "DLINE 192.0.2.7")
    assert notices(root, "KLINE *!*@two.example")[0].startswith("There are too many")
    assert len(town.network.bans) == 2


def test_a_gateway_brings_somebody_who_is_banned() -> None:
    from ipaddress import ip_network

    from tertulia.commands.settings import Gateway

    gateway = Gateway("web", "pw", (ip_network("127.0.0.1"),))
    town = Town(gateways=(gateway,))
    town.network.bans.put(BanRecord("address", "192.0.2.7/32"))
    client = town.connect()
    lines = client.say("WEBIRC pw web host 192.0.2.7")
    assert len(all_of(lines, "465")) == 1 and client.wire.closed


def test_stats_lists_them(town: Town, root: Client) -> None:
    """RPL_STATSKLINE (216) "K <host> * <username> <port> <class>" (RFC 1459 6.2), without what is not used"""
    root.say("KLINE *!ana@*.example spam", "DLINE 192.0.2.0/24", "ELINE 192.0.2.7")
    assert the(root.say("STATS k"), "216").params[1:] == ["K", "*.example", "*", "ana", "spam"]
    assert the(root.say("STATS D"), "225").params[1:3] == ["D", "192.0.2.0/24"]
    assert the(root.say("STATS e"), "225").params[1:3] == ["e", "192.0.2.7"]
    assert the(root.say("STATS p"), "249").params[1:] == ["p", "root"]
    eva = town.join("eva", peer=BOB)
    assert commands(eva.say("STATS k")) == ["481"]
    assert commands(eva.say("STATS p")) == ["249", "219"]


def test_notices_of_bans_are_in_the_language_of_who_listens(town: Town, root: Client) -> None:
    root.say("LANGUAGE es", "MODE root +s x")
    told = texts(root.say("UBAN EXEMPT 192.0.2.9"), "NOTICE")
    assert told[0] == "*** root puso exención a 192.0.2.9 sin fin: sin motivo (afecta a 0)"
