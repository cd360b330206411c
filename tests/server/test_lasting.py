"""What lasts is stored before anybody is told, and taken back when the store refuses it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from tertulia.commands.turn import NotStored
from tertulia.protocol.accounts import AccountRecord
from tertulia.state import events as may
from tests.state import whole
from tests.support.failing import FailingStore
from tests.support.town import Town

ANA = AccountRecord("ana", "Ana", 1, seen_at=1_790_000_000)


def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(coroutine)


@pytest.fixture
def store() -> FailingStore:
    return FailingStore()


@pytest.fixture
def town(store: FailingStore) -> Town:
    town = Town(store)
    run(town.hub.propose(may.RegisterAccount(ANA)))
    return town


def user_of(town: Town, nick: str) -> int:
    user = town.network.user(nick)
    assert user is not None
    return user.id


def test_accounts_are_recalled_at_the_start(town: Town, store: FailingStore) -> None:
    assert list(Town(store).network.accounts) == [ANA]


@pytest.mark.parametrize(
    "event",
    [
        may.RegisterAccount(AccountRecord("zoe", "Zoe", 1)),
        may.ChangeAccount(AccountRecord("ana", "Ana", 1, suspended="spam")),
        may.DeleteAccount("ana", True),
        may.SetTopic("#r", "ana!a@h", "new", 5),
    ],
)
def test_a_refused_event_was_never_there(town: Town, store: FailingStore, event: may.Event) -> None:
    eva = town.join("eva", "#r", caps="account-notify")
    run(town.hub.propose(may.LogIn(user_of(town, "eva"), "ana", 1_790_000_001)))
    town.hub.tick()
    eva.take()
    before = whole.of(town.network)
    store.fail()
    with pytest.raises(NotStored):
        run(town.hub.propose(event))
    town.hub.tick()
    assert whole.of(town.network) == before
    assert eva.take() == []


def test_a_deleted_account_is_gone_after_a_restart(town: Town, store: FailingStore) -> None:
    run(town.hub.propose(may.DeleteAccount("ana", False)))
    assert list(Town(store).network.accounts) == []
