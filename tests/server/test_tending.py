"""Tending the store: at leisure, a step at a time; who searches waits for it, and nobody else does."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tertulia.limits import TEND_PAUSE_SECONDS, TEND_SECONDS
from tertulia.ports import StoreError
from tertulia.protocol.history import Message, Search
from tertulia.store.memory import MemoryStore
from tests.support.reading import has, texts
from tests.support.town import Town, commands

CAPS = "batch message-tags soju.im/search"


class SlowStore(MemoryStore):
    """A store whose index needs so many steps."""

    def __init__(self) -> None:
        super().__init__()
        self.left = self.steps = 0
        self.failing = False

    def tend(self) -> bool:
        self.steps += 1
        if self.failing:
            raise StoreError("full", "the test says so")
        self.left -= self.left > 0
        return self.left > 0

    def search(self, search: Search) -> list[Message]:
        assert self.left == 0, "searched before it was in order"
        return super().search(search)


@pytest.fixture
def store() -> SlowStore:
    return SlowStore()


@pytest.fixture
def town(store: SlowStore) -> Town:
    town = Town(store)
    town.advance(TEND_SECONDS)
    store.steps = 0
    return town


def test_it_is_done_some_time_after_something_was_stored(town: Town, store: SlowStore) -> None:
    ana = town.join("ana", "#r")
    ana.say("PRIVMSG #r :one", "PRIVMSG #r :two")
    ana.say("PRIVMSG #r :three")
    assert store.steps == 0
    store.left = 3
    town.advance(TEND_SECONDS)
    assert store.steps == 1
    town.advance(TEND_PAUSE_SECONDS)
    assert store.steps == 2
    town.advance(10)
    assert store.steps == 3


def test_who_searches_waits_and_the_others_do_not(town: Town, store: SlowStore) -> None:
    ana, eva = town.join("ana", "#r", caps=CAPS), town.join("eva", "#r")
    ana.say("PRIVMSG #r :hola")
    town.advance(TEND_SECONDS)
    store.left = 5
    ana.send("SEARCH text=hola", "PING later")
    assert texts(eva.say("PRIVMSG #r :mientras", "PING now"), "PONG") == ["now"]
    heard = heard_until(town, ana)
    assert texts(heard) == ["mientras", "hola"]
    assert commands(heard)[-1] == "PONG"  # a session's commands are carried out one after the other
    assert store.left == 0


def heard_until(town: Town, ana: object) -> Sequence[str]:
    town.advance(1)
    return ana.take()  # type: ignore[attr-defined, no-any-return]


def test_who_leaves_meanwhile_is_not_told(town: Town, store: SlowStore) -> None:
    ana, root = town.join("root", "#r"), town.join("ana", "#r", caps=CAPS)
    root.say("PRIVMSG #r :hola")
    store.left = 5
    root.send("SEARCH text=hola")
    town.hub.tick()
    ana.say("KICK #r ana")
    town.advance(1)
    heard = root.take()
    assert has(heard, "KICK")
    assert not has(heard, "PRIVMSG")


def test_a_store_that_fails_is_tried_again(town: Town, store: SlowStore) -> None:
    ana = town.join("ana", "#r", caps=CAPS)
    store.failing = True
    ana.say("PRIVMSG #r :hola")
    town.advance(TEND_SECONDS)
    assert [event for event, _ in town.log] == ["store_not_tended"]
    store.failing = False
    ana.say("PRIVMSG #r :hola")
    before = store.steps
    town.advance(TEND_SECONDS)
    assert store.steps == before + 1
