"""The first tables: messages, the pieces of open streams, rooms and their lists.

What belongs here: this one step, spelled out. Never edit it: databases exist which have taken it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _messages()
    _pieces()
    _rooms()


def downgrade() -> None:
    for table in ("room_masks", "rooms", "pieces", "messages"):
        op.drop_table(table)


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("id", ID, primary_key=True, autoincrement=False),
        sa.Column("time_ms", sa.BigInteger, nullable=False),
        sa.Column("buffer", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("account", sa.Text),
        sa.Column("sender", sa.Text),
        sa.Column("recipient", sa.Text),
        sa.Column("tags", sa.Text, nullable=False, server_default=sa.text("''")),
        sa.Column("cuts", sa.Text, nullable=False, server_default=sa.text("''")),
        sa.Column("state", sa.Text, nullable=False, server_default=sa.text("''")),
    )
    op.create_index("ix_messages_buffer", "messages", ["buffer", "id"])
    _partial("ix_messages_sender", ["sender", "buffer"], "sender IS NOT NULL")
    _partial("ix_messages_recipient", ["recipient", "buffer"], "recipient IS NOT NULL")
    _partial("ix_messages_open", ["id"], "state = 'open'")


def _partial(name: str, columns: list[str], where: str) -> None:
    op.create_index(name, "messages", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _pieces() -> None:
    op.create_table(
        "pieces",
        sa.Column("message_id", ID, sa.ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("concat", sa.Boolean, nullable=False),
        sqlite_with_rowid=False,
    )


def _rooms() -> None:
    op.create_table(
        "rooms",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("topic_by", sa.Text, nullable=False),
        sa.Column("topic_at", sa.BigInteger, nullable=False),
        sa.Column("flags", sa.Text, nullable=False),
        sa.Column("password", sa.Text, nullable=False),
        sa.Column("member_limit", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "room_masks",
        sa.Column("room", sa.Text, sa.ForeignKey("rooms.key", ondelete="CASCADE"), primary_key=True),
        sa.Column("list", sa.Text, primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("mask", sa.Text, nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.Column("set_at", sa.BigInteger, nullable=False),
        sa.CheckConstraint("list IN ('b', 'e', 'I')", name=op.f("ck_room_masks_list")),
        sqlite_with_rowid=False,
    )
