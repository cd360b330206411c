"""The ledger of the models' calls, and its sums.

What belongs here: this one step, spelled out. Never edit it: databases exist which have taken it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _numbers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger, nullable=False) for name in names]


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "calls",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        *_numbers("time_ms"),
        *_texts("day", "model", "provider", "provider_model", "nick"),
        sa.Column("account", sa.Text),
        *_texts("room", "purpose", "fallback_for", "currency"),
        *_numbers("reserved_tokens", "reserved_nano"),
        *_texts("outcome"),
        *_numbers("tokens_in", "tokens_out", "tokens_cached", "nano"),
        sa.Column("priced", sa.Boolean, nullable=False),
        sa.Column("estimated", sa.Boolean, nullable=False),
        sa.Column("first_ms", sa.BigInteger),
        sa.Column("total_ms", sa.BigInteger),
    )
    op.create_index("ix_calls_time", "calls", ["time_ms"])
    is_open = sa.text("outcome = 'open'")
    op.create_index("ix_calls_open", "calls", ["time_ms"], sqlite_where=is_open, postgresql_where=is_open)
    keys = [sa.Column(name, sa.Text, primary_key=True) for name in ("scope", "name", "period", "currency")]
    sums = _numbers("calls", "tokens", "nano", "reserved_tokens", "reserved_nano")
    op.create_table("spending", *keys, *sums, sqlite_with_rowid=False)


def downgrade() -> None:
    for table in ("spending", "calls"):
        op.drop_table(table)
