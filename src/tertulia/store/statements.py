"""The SQL of the SQLite store, word by word. SQLite prepares each once and keeps it.

What belongs here: statements, with their columns in the order of the values of `protocol/history.py`. What
must not: tables (`schema.py`). Why by hand: building them through SQLAlchemy costs more than SQLite needs
to run them.
"""

from __future__ import annotations

from tertulia.protocol.history import Message

_COLUMNS = ", ".join(Message._fields)


def _insert(count: int) -> str:
    fields = Message._fields[:count]
    return f"INSERT INTO messages ({', '.join(fields)}) VALUES ({', '.join('?' * count)})"


PLAIN_FIELDS = Message._fields.index("account")
NAMED_FIELDS = PLAIN_FIELDS + 1

INSERT_PLAIN = _insert(PLAIN_FIELDS)  # everything after the text is as usual: most lines of a room
INSERT_NAMED = _insert(NAMED_FIELDS)  # the same, said by somebody with an account
INSERT_WHOLE = _insert(len(Message._fields))

INSERT_PIECE = """
INSERT INTO pieces (message_id, number, text, concat)
SELECT ?1, ?2, ?3, ?4 WHERE EXISTS (SELECT 1 FROM messages WHERE id = ?1 AND state = 'open')
"""
END_STREAM = """
UPDATE messages SET text = ?2, cuts = ?3, tags = ?4, state = ?5 WHERE id = ?1 AND state = 'open'
"""
REDACT = "DELETE FROM messages WHERE id = ? AND state <> 'open'"
DELETE_PIECES = "DELETE FROM pieces WHERE message_id = ?"

_ROOM = (
    "key, name, created_at, topic, topic_by, topic_at, flags, password, member_limit, "
    "founder, registered_at, settings"
)
_MASK = "room, list, position, mask, set_by, set_at, until, reason"
_ACCESS = "room, position, who, letter, set_by, set_at"
DELETE_ROOM = "DELETE FROM rooms WHERE key = ?"  # its lists go with it
INSERT_ROOM = f"INSERT INTO rooms ({_ROOM}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
INSERT_MASK = f"INSERT INTO room_masks ({_MASK}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
INSERT_ACCESS = f"INSERT INTO room_access ({_ACCESS}) VALUES (?, ?, ?, ?, ?, ?)"
ROOMS = f"SELECT {_ROOM} FROM rooms ORDER BY key"
MASKS = f"SELECT {_MASK} FROM room_masks ORDER BY room, list, position"
ACCESS = f"SELECT {_ACCESS} FROM room_access ORDER BY room, position"

_ACCOUNT = "key, name, created_at, password, scram, email, verified, suspended, settings, seen_at"
_CERTIFICATE = "account, position, fingerprint"
DELETE_ACCOUNT = "DELETE FROM accounts WHERE key = ?"  # its certificates go with it
INSERT_ACCOUNT = f"INSERT INTO accounts ({_ACCOUNT}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
INSERT_CERTIFICATE = f"INSERT INTO account_certificates ({_CERTIFICATE}) VALUES (?, ?, ?)"
ACCOUNTS = f"SELECT {_ACCOUNT} FROM accounts ORDER BY key"
CERTIFICATES = f"SELECT {_CERTIFICATE} FROM account_certificates ORDER BY account, position"
# Both look at every message, a rare and slow thing; an index would cost every line that an account says.
FORGET_WORDS = "DELETE FROM messages WHERE account = ? AND state <> 'open'"
FORGET_NAME = "UPDATE messages SET account = NULL WHERE account = ?"

SETTINGS = "SELECT key, settings FROM rooms"
ROOM_NAME = "SELECT name FROM rooms WHERE key = ?"

_STRETCH = f"SELECT {_COLUMNS} FROM messages WHERE buffer = ? AND id > ? AND id < ? ORDER BY id"
NEWEST = f"{_STRETCH} DESC LIMIT ?"
OLDEST = f"{_STRETCH} LIMIT ?"
EVERYWHERE = f"SELECT {_COLUMNS} FROM messages WHERE id > ? AND id < ? ORDER BY id LIMIT ?"
OF_ONE = f"""
SELECT {_COLUMNS} FROM messages
WHERE id > ? AND id < ? AND (account = ? OR sender = ? OR recipient = ?) ORDER BY id LIMIT ?
"""
STRETCH_END = """
SELECT max(id) FROM (SELECT id FROM messages WHERE id > ? ORDER BY id LIMIT ?) AS stretch
"""
ACCOUNT_NAMED = "SELECT name, created_at FROM accounts WHERE key = ?"
LATEST = f"SELECT {_COLUMNS} FROM messages WHERE buffer = ? ORDER BY id DESC LIMIT 1"
OPEN_STREAMS = f"SELECT {_COLUMNS} FROM messages WHERE state = 'open' ORDER BY id"
PIECES = "SELECT message_id, number, text, concat FROM pieces WHERE message_id = ? ORDER BY number"
LAST_ID = "SELECT max(id) FROM messages"


def _conversations(side: str) -> str:
    """The buffers in which an identity was on this side: one step down the index for each, however long
    they are."""
    return f"""
    WITH RECURSIVE known (buffer) AS (
        SELECT min(buffer) FROM messages WHERE {side} = ?1
        UNION ALL
        SELECT (SELECT min(buffer) FROM messages WHERE {side} = ?1 AND buffer > known.buffer)
        FROM known WHERE known.buffer IS NOT NULL
    )
    SELECT buffer FROM known WHERE buffer IS NOT NULL LIMIT ?2
    """


CONVERSATIONS_SENT = _conversations("sender")
CONVERSATIONS_RECEIVED = _conversations("recipient")
