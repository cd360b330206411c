"""Sums know how many of their tokens have no known price.

What belongs here: this one step, spelled out. Never edit it: databases exist which have taken it.
"""

from __future__ import annotations

from collections import Counter

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "spending", sa.Column("unpriced_tokens", sa.BigInteger, nullable=False, server_default=sa.text("0"))
    )
    _add_up(op.get_bind())


def downgrade() -> None:
    op.drop_column("spending", "unpriced_tokens")


def _add_up(connection: sa.Connection) -> None:
    """What the calls of before say, under each of the scopes that they counted for."""
    sums: Counter[tuple[str, str, str, str]] = Counter()
    for model, purpose, account, nick, room, currency, day, tokens in connection.execute(sa.text(FOUND)):
        scopes = [("all", ""), ("model", model), ("purpose", purpose)]
        if account is not None:
            scopes.append(("account", account.lower()))
        elif nick:
            scopes.append(("guests", ""))
        if room:
            scopes.append(("room", room))
        for scope, name in scopes:
            for period in (day, day[:7]):
                sums[scope, name, period, currency] += int(tokens)
    for (scope, name, period, currency), tokens in sums.items():
        values = {"s": scope, "n": name, "p": period, "c": currency, "tokens": tokens}
        connection.execute(sa.text(KEEP), values)


FOUND = (
    "SELECT model, purpose, account, nick, room, currency, day, sum(tokens_in + tokens_out) FROM calls "
    "WHERE NOT priced AND outcome != 'open' "
    "GROUP BY model, purpose, account, nick, room, currency, day"
)
KEEP = (
    "UPDATE spending SET unpriced_tokens = :tokens "
    "WHERE scope = :s AND name = :n AND period = :p AND currency = :c"
)
