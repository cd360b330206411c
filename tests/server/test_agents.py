"""What the shell does with agents."""

from __future__ import annotations

import pytest

from tertulia.protocol.agents import hash_of, name_in
from tertulia.protocol.audit import AuditPage
from tests.support.accounts import account
from tests.support.agents import ask, let_in
from tests.support.failing import FailingStore
from tests.support.town import Town


@pytest.fixture
def town() -> Town:
    town = Town()
    account(town, "Ana")
    return town


def test_a_token_is_shown_once_and_kept_as_a_hash(town: Town) -> None:
    token = let_in(town)
    (record,) = town.store.agents()
    assert name_in(token) == "Scout" and record.token_hash == hash_of(token)
    secret = token.rpartition(".")[2]
    everywhere = [record, *town.store.audit(AuditPage()), *town.store.accounts(), *town.log]
    assert secret not in repr(everywhere) and secret not in repr(ask(town, "agents.list"))


def test_agents_are_listed(town: Town) -> None:
    let_in(town, "Scout", rooms=["#Tea", "#ale"], rights=["say", "read"], expires="never")
    (row,) = ask(town, "agents.list")["rows"]
    assert row == ["Scout", "Ana", "#tea #ale", "read say", "never", "away"]
    ask(town, "agents.revoke", name="Scout")
    assert ask(town, "agents.list", language="es")["rows"][0][-1] == "revocado"


def test_deeds_are_in_the_audit_log(town: Town) -> None:
    let_in(town)
    ask(town, "agents.rotate", name="Scout")
    ask(town, "agents.revoke", name="Scout")
    assert [one.deed for one in town.store.audit(AuditPage())] == ["AGENT", "ROTATE", "REVOKE"]


def test_a_revoked_one_may_be_let_in_again(town: Town) -> None:
    let_in(town)
    ask(town, "agents.revoke", name="Scout")
    let_in(town, rooms=["*"])
    assert [(one.rooms, bool(one.token_hash)) for one in town.store.agents()] == [(("*",), True)]


@pytest.mark.parametrize(
    ("args", "word"),
    [
        ({"name": "1st"}, "letter"), ({"name": "a[b]"}, "letter"), ({"owner": "nobody"}, "--owner"),
        ({"rooms": []}, "--room"), ({"rooms": ["tea"]}, "no room"), ({"rights": ["fly"]}, "Rights are"),
        ({"expires": "soon"}, "--expires"), ({"name": "Ana"}, "taken"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_said(town: Town, args: dict[str, object], word: str) -> None:
    given = {"name": "Scout", "owner": "Ana", "rooms": ["#tea"], "rights": [], "expires": "1d", **args}
    assert word in ask(town, "agents.add", **given)["error"]
    assert not list(town.store.agents())


def test_an_agent_that_is_not_there(town: Town) -> None:
    assert "no agent" in ask(town, "agents.revoke", name="x")["error"]
    assert "No existe" in ask(town, "agents.rotate", name="x", language="es")["error"]


def test_a_store_that_fails_lets_nobody_in() -> None:
    store = FailingStore()
    town = Town(store)
    account(town, "Ana")
    store.fail()
    assert "error" in ask(town, "agents.add", name="Scout", owner="Ana", rooms=["#tea"], expires="1d")
    assert not list(town.network.agents) and town.network.accounts.named("Scout") is None


def test_agents_are_there_after_a_start(town: Town) -> None:
    let_in(town)
    assert [one.name for one in Town(town.store).network.agents] == ["Scout"]
