"""The bus of a server that is alone."""

from __future__ import annotations

import pytest

from tertulia.bus.local import LocalBus
from tertulia.state import events as may
from tertulia.state.network import Conflict, Network


def enter(user: int, nick: str) -> may.Enter:
    return may.Enter(user, nick, "u", "host", "Real Name", f"guest:{user}", 0)


def test_an_event_is_applied_without_giving_up_the_turn() -> None:
    network = Network()
    with pytest.raises(StopIteration) as ended:
        LocalBus(network.apply).propose(enter(1, "ana")).send(None)
    assert [user.nick for user in network.users.values()] == ["ana"]
    assert len(ended.value.value) == 1


def test_a_conflict_is_the_proposers() -> None:
    bus = LocalBus(Network().apply)
    with pytest.raises(StopIteration):
        bus.propose(enter(1, "ana")).send(None)
    with pytest.raises(Conflict):
        bus.propose(enter(2, "Ana")).send(None)
