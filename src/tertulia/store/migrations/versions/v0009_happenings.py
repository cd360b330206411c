"""What was done in rooms, and reactions.

What belongs here: this one step, spelled out. Never edit it: databases exist which have taken it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "happenings",
        sa.Column("buffer", sa.Text, primary_key=True),
        sa.Column("id", sa.BigInteger, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("account", sa.Text),
        sa.Column("tags", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_happenings_id", "happenings", ["id"])


def downgrade() -> None:
    op.drop_table("happenings")
