"""The two forms of Retry-After."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tertulia.models.retry_after import LONGEST_SECONDS, seconds_of

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("7", 7.0),
        ("0.5", 0.5),
        ("-3", 0.0),
        ("nan", None),
        ("999999", LONGEST_SECONDS),
        ("Sun, 22 Nov 2026 12:01:30 GMT", 90.0),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0.0),
        ("soon", None),
    ],
)
def test_both_forms(header: str | None, seconds: float | None) -> None:
    """RFC 9110, 10.2.3: "Retry-After = HTTP-date / delay-seconds"."""
    assert seconds_of(header, NOW) == seconds
