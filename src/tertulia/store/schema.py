"""The tables, in SQLAlchemy's words, for every database that will ever be spoken to.

What belongs here: the newest shape. What must not: how older databases come to it (`migrations`), and
queries. A change here needs a new migration beside it; a test compares the two.

The hot table has one index besides its key: a room's line costs two insertions into trees, however large
the history is. The msgid is the key in hexadecimal and needs no index. The partial indexes stay untouched
by rooms.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    text,
)

NAMES = {"ck": "ck_%(table_name)s_%(constraint_name)s"}
"""Constraints get names, so that a later migration can take them away on PostgreSQL."""

ID = BigInteger().with_variant(Integer(), "sqlite")
"""63 bits on both: SQLite's INTEGER PRIMARY KEY is the row's own number; a BIGINT there would be a second
tree."""

metadata = MetaData(naming_convention=NAMES)

messages = Table(
    "messages",
    metadata,
    Column("id", ID, primary_key=True, autoincrement=False),
    Column("time_ms", BigInteger, nullable=False),
    Column("buffer", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("account", Text),
    Column("sender", Text),
    Column("recipient", Text),
    Column("tags", Text, nullable=False, server_default=text("''")),
    Column("cuts", Text, nullable=False, server_default=text("''")),
    Column("state", Text, nullable=False, server_default=text("''")),
)


def _partial(name: str, where: str, *columns: Column[str] | Column[int]) -> Index:
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


Index("ix_messages_buffer", messages.c.buffer, messages.c.id)
_partial("ix_messages_sender", "sender IS NOT NULL", messages.c.sender, messages.c.buffer)
_partial("ix_messages_recipient", "recipient IS NOT NULL", messages.c.recipient, messages.c.buffer)
_partial("ix_messages_open", "state = 'open'", messages.c.id)

pieces = Table(
    "pieces",
    metadata,
    Column("message_id", ID, ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    Column("concat", Boolean, nullable=False),
    sqlite_with_rowid=False,
)

happenings = Table(
    "happenings",
    metadata,
    Column("buffer", Text, primary_key=True),
    Column("id", BigInteger, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("account", Text),
    Column("tags", Text, nullable=False),
    sqlite_with_rowid=False,
)

Index("ix_happenings_id", happenings.c.id)  # by which they are deleted when they are old

rooms = Table(
    "rooms",
    metadata,
    Column("key", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("topic", Text, nullable=False),
    Column("topic_by", Text, nullable=False),
    Column("topic_at", BigInteger, nullable=False),
    Column("flags", Text, nullable=False),
    Column("password", Text, nullable=False),
    Column("member_limit", Integer, nullable=False),
    Column("founder", Text, nullable=False, server_default=text("''")),
    Column("registered_at", BigInteger, nullable=False, server_default=text("0")),
    Column("settings", Text, nullable=False, server_default=text("'{}'")),
    sqlite_with_rowid=False,
)

room_access = Table(
    "room_access",
    metadata,
    Column("room", Text, ForeignKey("rooms.key", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("who", Text, nullable=False),
    Column("letter", Text, nullable=False),
    Column("set_by", Text, nullable=False),
    Column("set_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

room_masks = Table(
    "room_masks",
    metadata,
    Column("room", Text, ForeignKey("rooms.key", ondelete="CASCADE"), primary_key=True),
    Column("list", Text, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("mask", Text, nullable=False),
    Column("set_by", Text, nullable=False),
    Column("set_at", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False, server_default=text("0")),
    Column("reason", Text, nullable=False, server_default=text("''")),
    CheckConstraint("list IN ('b', 'e', 'I')", name="list"),
    sqlite_with_rowid=False,
)

accounts = Table(
    "accounts",
    metadata,
    Column("key", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("password", Text, nullable=False),
    Column("scram", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("verified", Boolean, nullable=False),
    Column("suspended", Text, nullable=False),
    Column("settings", Text, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

account_certificates = Table(
    "account_certificates",
    metadata,
    Column("account", Text, ForeignKey("accounts.key", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    sqlite_with_rowid=False,
)

account_times = Table(
    "account_times",
    metadata,
    Column("account", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("at_ms", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

presences = Table(
    "presences",
    metadata,
    Column("account", Text, primary_key=True),
    Column("nick", Text, nullable=False),
    Column("username", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("realname", Text, nullable=False),
    Column("modes", Text, nullable=False),
    Column("away", Text, nullable=False),
    Column("signon", BigInteger, nullable=False),
    Column("absent_since", BigInteger, nullable=False),
    Column("rooms", Text, nullable=False),
    sqlite_with_rowid=False,
)
files = Table(
    "files",
    metadata,
    Column("key", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("digest", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("account", Text),
    Column("room", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_files_owner", files.c.owner, files.c.made_at)
Index("ix_files_room", files.c.room, files.c.made_at)
Index("ix_files_expires", files.c.expires_at)

push_subscriptions = Table(
    "push_subscriptions",
    metadata,
    Column("endpoint", Text, primary_key=True),
    Column("account", Text, nullable=False),
    Column("p256dh", Text, nullable=False),
    Column("auth", Text, nullable=False),
    Column("capabilities", Text, nullable=False),
    Column("renewed_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_push_subscriptions_account", push_subscriptions.c.account)

invitations = Table(
    "invitations",
    metadata,
    Column("key", Text, primary_key=True),
    Column("room", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("opens", BigInteger, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("uses", BigInteger, nullable=False),
    Column("used", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

notes = Table(
    "notes",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("text", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

asked = Table(
    "asked",
    metadata,
    Column("model", Text, primary_key=True),
    Column("target", Text, primary_key=True),
    Column("identity", Text, primary_key=True),
    Column("asker", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("msgid", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("open", Boolean, nullable=False),
    sqlite_with_rowid=False,
)

reminders = Table(
    "reminders",
    metadata,
    Column("id", Text, primary_key=True),
    Column("target", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("identity", Text, nullable=False),
    Column("asker", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("due_ms", BigInteger, nullable=False),
    Column("every", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("msgid", Text, nullable=False),
    Column("made_ms", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

translations = Table(
    "translations",
    metadata,
    Column("msgid", Text, primary_key=True),
    Column("language", Text, primary_key=True),
    Column("text", Text, nullable=False),
    Column("made_ms", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

server_bans = Table(
    "server_bans",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("target", Text, primary_key=True),
    Column("effect", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("set_by", Text, nullable=False),
    Column("set_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

audit = Table(
    "audit",
    metadata,
    Column("id", ID, primary_key=True, autoincrement=False),
    Column("time_ms", BigInteger, nullable=False),
    Column("who", Text, nullable=False),
    Column("operator", Text, nullable=False),
    Column("deed", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("text", Text, nullable=False),
)

facts = Table(
    "facts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)

calls = Table(
    "calls",
    metadata,
    Column("id", ID, primary_key=True, autoincrement=True),
    Column("time_ms", BigInteger, nullable=False),
    Column("day", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("provider", Text, nullable=False),
    Column("provider_model", Text, nullable=False),
    Column("nick", Text, nullable=False),
    Column("account", Text),
    Column("room", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("fallback_for", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("reserved_tokens", BigInteger, nullable=False),
    Column("reserved_nano", BigInteger, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("tokens_in", BigInteger, nullable=False),
    Column("tokens_out", BigInteger, nullable=False),
    Column("tokens_cached", BigInteger, nullable=False),
    Column("nano", BigInteger, nullable=False),
    Column("priced", Boolean, nullable=False),
    Column("estimated", Boolean, nullable=False),
    Column("first_ms", BigInteger),
    Column("total_ms", BigInteger),
)
Index("ix_calls_time", calls.c.time_ms)
_partial("ix_calls_open", "outcome = 'open'", calls.c.time_ms)

spending = Table(
    "spending",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("period", Text, primary_key=True),
    Column("currency", Text, primary_key=True),
    Column("calls", BigInteger, nullable=False),
    Column("tokens", BigInteger, nullable=False),
    Column("nano", BigInteger, nullable=False),
    Column("reserved_tokens", BigInteger, nullable=False),
    Column("reserved_nano", BigInteger, nullable=False),
    Column("unpriced_tokens", BigInteger, nullable=False, server_default=text("0")),
    sqlite_with_rowid=False,
)

agents = Table(
    "agents",
    metadata,
    Column("key", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("token_hash", Text, nullable=False),
    Column("rooms", Text, nullable=False),
    Column("rights", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

places = Table(
    "places",
    metadata,
    Column("agent", Text, primary_key=True),
    Column("buffer", Text, primary_key=True),
    Column("upto", BigInteger, nullable=False),
    Column("done", Text, nullable=False),
    Column("claim", Text, nullable=False),
    Column("claimed", Text, nullable=False),
    Column("until_ms", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
