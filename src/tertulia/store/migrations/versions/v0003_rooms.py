"""Rooms that belong to somebody: founders, access lists and settings; masks with an end and a reason.

What belongs here: this one step, spelled out. Never edit it: databases exist which have taken it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NEW = (
    ("rooms", "founder", sa.Text, "''"),
    ("rooms", "registered_at", sa.BigInteger, "0"),
    ("rooms", "settings", sa.Text, "'{}'"),
    ("room_masks", "until", sa.BigInteger, "0"),
    ("room_masks", "reason", sa.Text, "''"),
)


def upgrade() -> None:
    for table, name, kind, usual in NEW:
        op.add_column(table, sa.Column(name, kind, nullable=False, server_default=sa.text(usual)))
    op.create_table(
        "room_access",
        sa.Column("room", sa.Text, sa.ForeignKey("rooms.key", ondelete="CASCADE"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("letter", sa.Text, nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.Column("set_at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("room_access")
    for table, name, _, _ in NEW:
        op.drop_column(table, name)
