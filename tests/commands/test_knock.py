"""KNOCK, as Ergo, Solanum and UnrealIRCd have it: numerics 710 to 714, ISUPPORT KNOCK."""

from __future__ import annotations

import pytest

from tests.support.reading import the
from tests.support.town import Client, Town, commands


@pytest.fixture
def op(town: Town) -> Client:
    client = town.join("op", "#r")
    client.say("MODE #r +i")
    return client


def test_operators_hear_it(town: Town, op: Client) -> None:
    """Whoever may let somebody in is told; others are not."""
    plain = town.join("plain")
    op.say("INVITE plain #r")
    plain.say("JOIN #r")
    op.take()
    ana = town.join("ana")
    assert the(ana.say("KNOCK #r :déjame"), "711").params[1] == "#r"
    assert the(op.say(), "710").params[:3] == ["op", "#r", "ana!~ana@127.0.0.1"]
    assert plain.say() == []


def test_who_need_not_knock(town: Town, op: Client) -> None:
    ana = town.join("ana")
    assert commands(op.say("KNOCK #r")) == ["714"]
    assert commands(ana.say("KNOCK #nowhere", "KNOCK")) == ["403", "461"]
    op.say("MODE #r -i")
    assert commands(ana.say("KNOCK #r")) == ["713"]
    assert op.say() == []


def test_who_is_banned_and_who_may_not_know(town: Town, op: Client) -> None:
    ana = town.join("ana")
    op.say("MODE #r +b ana!*@*")
    assert commands(ana.say("KNOCK #r")) == ["404"]
    op.say("MODE #r -b+s ana!*@*")
    assert commands(ana.say("KNOCK #r")) == ["403"], "a secret room stays one"
    assert op.say() == []
    assert any(" KNOCK " in line for line in ana.say("VERSION"))
