"""Agents, and how far each has got, in memory: the same answers as `agents.py` gives from tables."""

from __future__ import annotations

from tertulia.protocol.agents import AgentRecord, Place


class MemoryAgents:
    def __init__(self) -> None:
        self._agents: dict[str, AgentRecord] = {}
        self._places: dict[str, dict[str, Place]] = {}  # by agent and buffer

    def keep(self, record: AgentRecord | Place) -> None:
        if isinstance(record, AgentRecord):
            self._agents[record.key] = record
        else:
            self._places.setdefault(record.agent, {})[record.buffer] = record

    def forget_account(self, account: str) -> None:
        self._agents.pop(account, None)
        self._places.pop(account, None)

    def agents(self) -> list[AgentRecord]:
        return [self._agents[key] for key in sorted(self._agents)]

    def places(self, agent: str) -> list[Place]:
        found = self._places.get(agent, {})
        return [found[buffer] for buffer in sorted(found)]
