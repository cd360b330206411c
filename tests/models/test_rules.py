"""What a room settled for its models: tables."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tertulia.models.rules import admit, dismiss, is_admitted, parse_quiet, quiet_until, rules_for


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("22:00-8:00", "22:00-08:00 UTC"),
        ("22:00 - 08:30 Europe/Madrid", "22:00-08:30 Europe/Madrid"),
        ("9:00 a 10:00", "09:00-10:00 UTC"),
        ("9:00-9:00", None),
        ("25:00-8:00", None),
        ("22:61-8:00", None),
        ("22:00-8:00 Middle/Earth", None),
        ("22:00-8:00 ../../etc/passwd", None),
        ("night", None),
    ],
)
def test_quiet_hours_are_read(text: str, found: str | None) -> None:
    quiet = parse_quiet(text, "UTC")
    assert (str(quiet) if quiet else None) == found


@pytest.mark.parametrize(
    ("hours", "now", "until"),
    [
        ("22:00-8:00", "2026-11-22T23:00", "2026-11-23T08:00"),
        ("22:00-8:00", "2026-11-22T07:59", "2026-11-22T08:00"),
        ("22:00-8:00", "2026-11-22T08:00", None),
        ("22:00-8:00", "2026-11-22T12:00", None),
        ("13:00-15:00", "2026-11-22T14:00", "2026-11-22T15:00"),
        ("22:00-8:00 Europe/Madrid", "2026-11-22T21:30", "2026-11-23T07:00"),  # 22:30 there
        ("22:00-8:00 Europe/Madrid", "2026-07-22T20:30", "2026-07-23T06:00"),  # summer: two hours ahead
        ("22:00-8:00 Europe/Madrid", "2026-10-24T23:00", "2026-10-25T07:00"),  # the clocks go back that night
    ],
)
def test_when_they_end(hours: str, now: str, until: str | None) -> None:
    quiet = parse_quiet(hours, "UTC")
    assert quiet is not None
    end = quiet_until(quiet, datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert (f"{end.astimezone(UTC):%Y-%m-%dT%H:%M}" if end else None) == until


def test_who_is_admitted() -> None:
    setting = ""
    assert is_admitted(setting, "gpt")
    setting = dismiss(setting, "gpt")
    assert not is_admitted(setting, "GPT") and is_admitted(setting, "lola")
    setting = dismiss(setting, "lola")
    assert not is_admitted(setting, "gpt") and not is_admitted(setting, "lola")
    assert is_admitted(admit(setting, "Lola"), "lola") and not is_admitted(admit(setting, "lola"), "gpt")
    assert admit(admit(setting, "lola"), "gpt") == ""
    only = "only lola"
    assert is_admitted(only, "Lola") and not is_admitted(only, "gpt")
    assert is_admitted(admit(only, "gpt"), "gpt") and not is_admitted(dismiss(only, "lola"), "lola")


def test_all_of_it_together() -> None:
    notes = {"hops": "5", "quiet": "22:00-8:00 UTC", "admit": "but gpt", "ambient": "on"}
    night = datetime(2026, 11, 22, 23, tzinfo=UTC)
    lola = rules_for(lambda name: notes.get(name, ""), "lola", night, 3, voice=True)
    assert (lola.limit, lola.admitted, lola.quiet_until, lola.ambient) == (5, True, "08:00 (UTC)", True)
    assert not rules_for(lambda name: notes.get(name, ""), "gpt", night, 3, voice=False).admitted
    plain = rules_for(lambda name: "", "lola", night, 3, voice=False)
    assert (plain.limit, plain.admitted, plain.quiet_until, plain.ambient) == (3, True, "", False)
