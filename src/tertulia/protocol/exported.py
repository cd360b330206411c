"""What somebody said and owns, as plain dictionaries for JSON: the form of all exports.

What belongs here: values to dictionaries, without secrets. What must not: where they are read
(`store.export`, `server.takeout`).
"""

from __future__ import annotations

import json
from typing import Any

from tertulia.protocol.accounts import AccountRecord
from tertulia.protocol.files import FileRecord
from tertulia.protocol.history import Message, msgid
from tertulia.protocol.presence import AccountTime
from tertulia.protocol.tags import parse_tags
from tertulia.protocol.times import written


def message(said: Message) -> dict[str, Any]:
    """`state` is "whole", "open" (growing at this moment) or "incomplete"."""
    private = not said.buffer.startswith("#")  # see `protocol.history.conversation`
    return {
        "time": written(said.time_ms),
        "msgid": msgid(said.id),
        "buffer": "private" if private else "room",
        "kind": said.kind,
        "sender": said.source,
        "account": said.account,
        "target": said.target,
        "text": said.text,
        "state": said.state or "whole",
        "tags": parse_tags(said.tags) if said.tags else {},
    }


def account(record: AccountRecord) -> dict[str, Any]:
    """All but what opens it."""
    return {
        "kind": "account",
        "account": record.name,
        "created": written(record.created_at * 1000),
        "last_used": written(record.seen_at * 1000),
        "email": record.email,
        "certificates": list(record.certificates),
        "settings": json.loads(record.settings),
    }


def moment(time: AccountTime) -> dict[str, Any]:
    """How far a conversation was read, or when a device was here."""
    return {"kind": time.kind, "name": time.name, "time": written(time.at_ms)}


def room(name: str, role: str) -> dict[str, Any]:
    """`role`: "founder", or the letter of a rank by the access list."""
    return {"kind": "room", "room": name, "role": role}


def file(record: FileRecord, link: str) -> dict[str, Any]:
    return {
        "kind": "file",
        "name": record.name,
        "type": record.type,
        "size": record.size,
        "sha256": record.digest,
        "room": record.room,
        "link": link,
        "time": written(record.made_at * 1000),
        "until": written(record.expires_at * 1000) if record.expires_at else None,
    }


def line(entry: dict[str, Any]) -> str:
    return json.dumps(entry, ensure_ascii=False)
