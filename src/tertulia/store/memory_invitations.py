"""Invitations by link in memory: what `MemoryStore` keeps of them.

What belongs here: the same answers that the durable stores give. What must not: messages (`memory.py`).
"""

from __future__ import annotations

from tertulia.protocol.invitations import Invitation, InvitationGone


class MemoryInvitations:
    def __init__(self) -> None:
        self._by_key: dict[str, Invitation] = {}

    def keep(self, record: Invitation | InvitationGone) -> None:
        if isinstance(record, Invitation):
            self._by_key[record.key] = record
        else:
            self._by_key.pop(record.key, None)

    def forget_account(self, account: str) -> None:
        self._by_key = {key: one for key, one in self._by_key.items() if one.account != account}

    def invitations(self) -> list[Invitation]:
        return sorted(self._by_key.values(), key=lambda one: (one.room, one.key))
