"""Becoming an operator: by password, by certificate, by account, by itself; and what a class may do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tertulia.commands.settings import Operator
from tertulia.ports import Peer
from tertulia.protocol.audit import AuditPage
from tertulia.server.reconfigure import reconfigure
from tests.support.accounts import account, log_in
from tests.support.reading import has, the
from tests.support.town import LOCAL, Client, Town, commands

PRINT = "ab" * 32
FAR = Peer("ircs", "192.0.2.7", secure=True)
CERTIFIED = replace(FAR, fingerprint=PRINT)


def test_a_certificate_is_enough_where_no_password_is_wanted() -> None:
    town = Town(operators=(Operator("root", certificate=PRINT),))
    eva, ana = town.join("eva", peer=FAR), town.join("ana", peer=CERTIFIED)
    assert commands(eva.say("OPER root")) == ["491"]
    assert has(ana.say("OPER root"), "381")


def test_all_that_is_named_must_be_shown() -> None:
    town = Town(operators=(Operator("root", "secret", certificate=PRINT),))
    eva, ana = town.join("eva", peer=FAR), town.join("ana", peer=CERTIFIED)
    assert commands(eva.say("OPER root secret")) == ["491"]
    assert commands(ana.say("OPER root wrong")) == ["464"]
    assert commands(ana.say("OPER root")) == ["461"]
    assert has(ana.say("OPER root secret"), "381")


def test_by_account_and_by_itself() -> None:
    town = Town(operators=(Operator("root", account="ana", auto=True),))
    account(town, "ana")
    ana = town.connect()
    ana.send("CAP REQ :sasl")
    log_in(ana, "ana")
    lines = ana.say("NICK ana", "USER ana 0 * :Ana", "CAP END")
    assert has(lines, "381") and the(lines, "MODE").params == ["ana", "+o"]


def test_by_itself_upon_logging_in_later_and_gone_with_the_account() -> None:
    town = Town(operators=(Operator("root", account="ana", auto=True),))
    account(town, "ana")
    eva = town.join("eva")
    assert has(log_in(eva, "ana"), "381")
    lines = eva.say("NS LOGOUT")
    assert the(lines, "MODE").params == ["eva", "-o"]
    assert commands(eva.say("REHASH")) == ["481"]


def test_who_logs_in_to_another_account_is_no_operator_any_more() -> None:
    town = Town(operators=(Operator("root", account="ana"),))
    account(town, "ana"), account(town, "zoe")
    eva = town.join("eva")
    log_in(eva, "ana")
    eva.say("OPER root")
    assert the(log_in(eva, "zoe"), "MODE").params == ["eva", "-o"]


def test_guesses_are_counted() -> None:
    town = Town(operators=(Operator("root", "secret"),))
    eva = town.join("eva", peer=FAR)
    assert {line for _ in range(30) for line in commands(eva.say("OPER root wrong"))} == {"464"}
    assert commands(eva.say("OPER root secret")) == ["464"], "too many were wrong"
    town.advance(120)
    eva.say("PONG x")
    assert has(eva.say("OPER root secret"), "381")


# --- classes ----------------------------------------------------------------------------------------


@pytest.fixture
def helped() -> tuple[Town, Client, Client]:
    helper = Operator("helper", "secret", rights=frozenset({"kill"}), title="helps people here")
    town = Town(operators=(helper,))
    ana, eva = town.join("ana", "#r"), town.join("eva", peer=FAR)
    ana.say("OPER helper secret")
    return town, ana, eva


def test_a_gate_asks_for_its_right(helped: tuple[Town, Client, Client]) -> None:
    """723 ERR_NOPRIVS "<client> <priv> :Insufficient oper privileges." names the right that is lacking."""
    _, ana, eva = helped
    assert the(ana.say("REHASH"), "723").params[1] == "rehash"
    assert commands(eva.say("REHASH")) == ["481"]
    ana.say("KILL eva :fuera")
    assert eva.wire.closed


def test_addresses_are_for_those_who_see_hosts(helped: tuple[Town, Client, Client]) -> None:
    _, ana, _ = helped
    assert not has(ana.say("WHOIS eva"), "378")


def test_whois_says_what_the_class_is_called(helped: tuple[Town, Client, Client]) -> None:
    _, _, eva = helped
    assert the(eva.say("WHOIS ana"), "313").params[1:] == ["ana", "helps people here"]


def test_secret_rooms_are_for_those_who_see_rooms(helped: tuple[Town, Client, Client]) -> None:
    town, ana, eva = helped
    eva.say("JOIN #s", "MODE #s +s")
    assert commands(ana.say("NAMES #s", "MODE #s")) == ["366", "403"]
    town.network.user("ana").rights = frozenset({"see-rooms"})  # type: ignore[union-attr]
    assert commands(ana.say("MODE #s")) == ["324", "329"]


def test_overriding() -> None:
    town = Town(operators=(Operator("root", "secret"),))
    eva, root = town.join("eva", "#r"), town.join("root")
    bob = town.join("bob", "#r")
    eva.say("MODE #r +ik clave")
    assert commands(root.say("JOIN #r")) == ["475"]
    root.say("OPER root secret")
    root.say("KICK #r bob :fuera")
    assert has(bob.say(), "KICK")
    root.say("TOPIC #r :orden", "MODE #r +m")
    assert commands(eva.say())[-2:] == ["TOPIC", "MODE"]
    assert has(root.say("JOIN #r"), "JOIN")


def test_rehash_gives_what_the_class_has_now(helped: tuple[Town, Client, Client]) -> None:
    town, ana, _ = helped
    block = replace(town.hub.settings.operators[0], rights=frozenset({"rehash"}))
    reconfigure(town.hub, replace(town.hub.settings, operators=(block,)))
    town.run()
    assert commands(ana.say("REHASH")) == ["382"]
    assert commands(ana.say("KILL eva :x")) == ["723"]
    reconfigure(town.hub, replace(town.hub.settings, operators=()))
    town.run()
    assert the(ana.take(), "MODE").params == ["ana", "-o"]
    assert LOCAL.local


def test_overriding_is_noted_and_ones_own_rank_is_not() -> None:
    town = Town(operators=(Operator("root", "secret"),))
    eva, root = town.join("eva", "#r"), town.join("root", "#own")
    town.join("bob", "#r")
    eva.say("MODE #r +i")
    root.say("OPER root secret", "MODE #own +m", "TOPIC #own :mine")
    root.say("KICK #r bob :x", "TOPIC #r :y", "MODE #r +m", "JOIN #r")
    town.run()
    noted = [(one.target, one.text) for one in town.store.audit(AuditPage(deed="OVERRIDE"))]
    assert noted == [("#r", "KICK bob: x"), ("#r", "TOPIC y"), ("#r", "MODE +m"), ("#r", "JOIN")]
