"""Retention: what is too old is deleted in small steps, by the server's days or a room's fewer ones."""

from __future__ import annotations

from typing import Any

from tertulia.commands.settings import History
from tertulia.limits import RETENTION_SECONDS, RETENTION_STEP, TEND_PAUSE_SECONDS
from tertulia.protocol.history import Forgetting, id_floor
from tertulia.server.retention import DAY_MS, plan
from tertulia.state.network import Network
from tertulia.state.room import Room
from tests.support.failing import FailingStore
from tests.support.reading import texts
from tests.support.town import Town

CAPS = "batch message-tags draft/chathistory"
DAY_SECONDS = DAY_MS / 1000


def network(**rooms: str) -> Network:
    found = Network()
    for name, days in rooms.items():
        room = found.rooms[f"#{name}"] = Room(f"#{name}", 0)
        if days:
            room.settings["history"] = days
    return found


def planned(history: History, rooms: Network) -> list[tuple[str, bool, int]]:
    """Buffer, whether happenings, and days."""
    now = 400 * DAY_MS
    found = plan(history, rooms, now)
    return [(one.buffer, one.happenings, (now - (one.before >> 18)) // DAY_MS) for one in found]


def test_nothing_is_deleted_unless_somebody_wants_it() -> None:
    assert planned(History(event_days=0), network(a="", b="off")) == []
    assert planned(History(), network()) == [("", True, 90)]


def test_a_room_keeps_less_than_the_server_and_never_more() -> None:
    rooms = network(short="7", long="365", off="off")
    assert planned(History(event_days=0), rooms)[:2] == [("#short", False, 7), ("#short", True, 7)]
    assert planned(History(days=30, event_days=0), rooms) == [
        ("#short", False, 7), ("#short", True, 7), ("", False, 30), ("", True, 30)
    ]  # fmt: skip


def test_the_sweep_goes_in_small_steps() -> None:
    steps: list[Forgetting] = []

    class Counting(FailingStore):
        def forget(self, forgetting: Forgetting) -> int:
            steps.append(forgetting)
            return super().forget(forgetting)

    store = Counting()
    town = Town(store, history=History(days=1, event_days=0))
    ana = town.join("ana", "#r", caps=CAPS)
    for number in range(2 * RETENTION_STEP + 1):
        ana.send(f"PRIVMSG #r :old {number}")
    town.run()
    town.clock.ms += DAY_MS + 1_000
    ana.say("PRIVMSG #r :new")
    town.advance(TEND_PAUSE_SECONDS / 2)  # the hour is long over
    assert len(steps) == 1 and steps[0].limit == RETENTION_STEP
    assert steps[0].before <= id_floor(town.clock.ms)
    assert len(texts(ana.say("CHATHISTORY LATEST #r * 1000"))) == RETENTION_STEP + 2
    town.advance(10 * TEND_PAUSE_SECONDS)
    assert texts(ana.say("CHATHISTORY LATEST #r * 1000")) == ["new"]
    before = len(steps)
    town.advance(RETENTION_SECONDS)
    assert len(steps) > before


def test_a_store_that_fails_is_tried_again() -> None:
    class Refusing(FailingStore):
        def forget(self, forgetting: Forgetting) -> int:
            self._refuse_if(self.code is not None)
            return super().forget(forgetting)

    store = Refusing()
    town = Town(store, history=History(days=1))
    ana = town.join("ana", "#r", caps=CAPS)
    ana.say("PRIVMSG #r :old")
    store.fail("locked")
    town.clock.ms += 2 * DAY_MS
    town.advance(RETENTION_SECONDS)
    logged: list[Any] = [event for event, _ in town.log]
    assert "history_not_deleted" in logged
    store.mend()
    town.advance(RETENTION_SECONDS + 1)
    ana.take()
    assert texts(ana.say("CHATHISTORY LATEST #r * 9")) == []
