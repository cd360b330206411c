"""All agents there are, by name.

What belongs here: finding a record, and applying the event that changes one. What must not: what they may do.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tertulia import limits
from tertulia.protocol.agents import AgentRecord
from tertulia.state.changes import AgentSet
from tertulia.state.conflict import Conflict
from tertulia.state.events import SetAgent

if TYPE_CHECKING:
    from tertulia.state.network import Network


class Agents:
    """Read it freely; `Network.apply` alone alters it."""

    def __init__(self) -> None:
        self._records: dict[str, AgentRecord] = {}  # by folded name

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[AgentRecord]:
        return iter(self._records.values())

    def of(self, account: str) -> AgentRecord | None:
        """The agent whose account this is (folded name)."""
        return self._records.get(account)

    def put(self, record: AgentRecord) -> None:
        self._records[record.key] = record

    def drop(self, key: str) -> None:
        self._records.pop(key, None)


def set_agent(network: Network, event: SetAgent) -> tuple[AgentSet]:
    """Raises `Conflict` "gone" without an account of that name, "agent limit"."""
    record = event.record
    if network.accounts.named(record.key) is None:
        raise Conflict("gone")
    if network.agents.of(record.key) is None and len(network.agents) >= limits.AGENTS:
        raise Conflict("agent limit")
    network.agents.put(record)
    for user in network.logged_in(record.key):
        user.agent = record
    return (AgentSet(record),)
