"""CHATHISTORY read page by page: every history is complete, in order and without repeats, from both ends."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tertulia.ports import Store
from tertulia.store.memory import MemoryStore
from tertulia.store.postgres import PostgresStore
from tertulia.store.sqlite import SqliteStore
from tests.store.conftest import MovedClock
from tests.support import postgres
from tests.support.reading import all_of, tag
from tests.support.town import Client, Town

CAPS = (
    "batch message-tags server-time draft/chathistory draft/event-playback draft/message-redaction "
    "echo-message"
)
KINDS = ("PRIVMSG", "NOTICE", "MODE", "TOPIC", "TAGMSG")

deeds = st.lists(
    st.sampled_from(["say", "notice", "mode", "topic", "react", "wait", "redact", "private"]), max_size=40
)


def stored() -> Store:
    return SqliteStore(Path(tempfile.mkdtemp()) / "tertulia.db", "normal", MovedClock())


def on_postgres() -> Store:
    return PostgresStore(postgres.database(), "normal", MovedClock())


def act(town: Town, ana: Client, deed: str, number: int) -> None:
    if deed == "wait":
        town.advance(0.001)
        return
    if deed == "redact":
        said = all_of(ana.say("CHATHISTORY LATEST #r * 3"), "PRIVMSG")
        if said:
            ana.say(f"REDACT #r {tag(said[0], 'msgid')}")
        return
    ana.say(
        {
            "say": f"PRIVMSG #r :m{number}",
            "notice": f"NOTICE #r :m{number}",
            "mode": f"MODE #r {'+-'[number % 2]}m",
            "topic": f"TOPIC #r :t{number}",
            "react": "@+draft/react=x;+draft/reply=1 TAGMSG #r",
            "private": f"PRIVMSG ana :m{number}",
        }[deed]
    )


def page(ana: Client, ask: str) -> list[str]:
    """The msgids of one answer."""
    ana.take()
    found = [str(tag(line, "msgid")) for line in all_of(ana.say(f"CHATHISTORY {ask}"), *KINDS)]
    assert found == sorted(found, key=lambda one: int(one, 16))
    return found


def forwards(ana: Client, target: str, limit: int) -> list[str]:
    found: list[str] = []
    bound = "timestamp=2000-01-01T00:00:00.000Z"
    while more := page(ana, f"AFTER {target} {bound} {limit}"):
        assert len(more) <= limit
        found += more
        bound = f"msgid={more[-1]}"
    return found


def backwards(ana: Client, target: str, limit: int) -> list[str]:
    found = page(ana, f"LATEST {target} * {limit}")
    while more := page(ana, f"BEFORE {target} msgid={found[0]} {limit}") if found else []:
        assert len(more) <= limit
        found = more + found
    return found


def between(ana: Client, target: str, limit: int, whole: list[str], forward: bool) -> list[str]:
    """From one end to the other, the first and the last left out."""
    first, last = (whole[0], whole[-1]) if forward else (whole[-1], whole[0])
    found: list[str] = []
    while more := page(ana, f"BETWEEN {target} msgid={first} msgid={last} {limit}"):
        found = found + more if forward else more + found
        first = more[-1] if forward else more[0]
    return found


@pytest.mark.parametrize("make", [MemoryStore, stored, on_postgres])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(deeds=deeds, limit=st.integers(1, 7), events=st.booleans())
def test_every_page_of_every_history(
    make: Callable[[], Store], deeds: list[str], limit: int, events: bool
) -> None:
    """ "Servers SHOULD provide clients with a consistent message order that is valid across the lifetime of a
    single connection, and which determinately orders any two messages" """
    store = make()
    town = Town(store)
    ana = town.join("ana", "#r", caps=CAPS if events else CAPS.replace("draft/event-playback ", ""))
    for number, deed in enumerate(deeds):
        act(town, ana, deed, number)
    for target in ("#r", "ana"):
        whole = page(ana, f"LATEST {target} * 1000")
        assert len(set(whole)) == len(whole)
        assert forwards(ana, target, limit) == whole
        assert backwards(ana, target, limit) == whole
        if whole:
            assert between(ana, target, limit, whole, forward=True) == whole[1:-1]
            assert between(ana, target, limit, whole, forward=False) == whole[1:-1]
            for at, msgid in enumerate(whole):
                around = page(ana, f"AROUND {target} msgid={msgid} {limit}")
                start = whole.index(around[0])
                assert around == whole[start : start + len(around)] and msgid in around
                assert len(around) == min(limit, len(whole)), at
    store.close()
