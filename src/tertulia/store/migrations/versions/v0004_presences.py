"""Presences of accounts that stay, how far accounts have read, and when their devices were last here.

What belongs here: this one step, spelled out. Never edit it: databases exist which have taken it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account_times",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    texts = ("nick", "username", "host", "realname", "modes", "away")
    op.create_table(
        "presences",
        sa.Column("account", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
        sa.Column("signon", sa.BigInteger, nullable=False),
        sa.Column("absent_since", sa.BigInteger, nullable=False),
        sa.Column("rooms", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    for table in ("presences", "account_times"):
        op.drop_table(table)
