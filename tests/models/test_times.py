"""Times as people write them: tables in both languages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.models.times import DAYS, following, next_time, parse

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)  # a Sunday, ten in Madrid


@pytest.mark.parametrize(
    ("text", "due", "every", "rest"),
    [
        ("20m tea", "2026-11-22 10:20", "", "tea"),
        ("in 20 minutes to drink tea", "2026-11-22 10:20", "", "drink tea"),
        ("en 20 minutos que llame a Eva", "2026-11-22 10:20", "", "llame a Eva"),
        ("1h30m té", "2026-11-22 11:30", "", "té"),
        ("2 days and 3 hours x", "2026-11-24 13:00", "", "x"),
        ("dentro de 1 semana: revisar", "2026-11-29 10:00", "", "revisar"),
        ("18:30 cena", "2026-11-22 18:30", "", "cena"),
        ("at 9 breakfast", "2026-11-23 09:00", "", "breakfast"),
        ("a las 21.15 serie", "2026-11-22 21:15", "", "serie"),
        ("9pm tea", "2026-11-22 21:00", "", "tea"),
        ("12am tea", "2026-11-23 00:00", "", "tea"),
        ("tomorrow 8:15 run", "2026-11-23 08:15", "", "run"),
        ("mañana a las 8 correr", "2026-11-23 08:00", "", "correr"),
        ("mañana correr", "2026-11-23 09:00", "", "correr"),
        ("today at 23:00 x", "2026-11-22 23:00", "", "x"),
        ("2026-12-24 20:00 cena", "2026-12-24 20:00", "", "cena"),
        ("on friday at 17:00 beer", "2026-11-27 17:00", "", "beer"),
        ("el lunes a las 10 reunión", "2026-11-23 10:00", "", "reunión"),
        ("sunday 9:00 mass", "2026-11-29 09:00", "", "mass"),
        ("every weekday 9:00 summarise yesterday", "2026-11-23 09:00", "mon,tue,wed,thu,fri@09:00",
         "summarise yesterday"),
        ("cada laborable a las 9 resume lo de ayer", "2026-11-23 09:00", "mon,tue,wed,thu,fri@09:00",
         "resume lo de ayer"),
        ("every day 9:00 x", "2026-11-23 09:00", "mon,tue,wed,thu,fri,sat,sun@09:00", "x"),
        ("todos los días 11:00 x", "2026-11-22 11:00", "mon,tue,wed,thu,fri,sat,sun@11:00", "x"),
        ("every monday and thursday at 8 gym", "2026-11-23 08:00", "mon,thu@08:00", "gym"),
        ("cada lunes, miércoles y viernes 18:00 x", "2026-11-23 18:00", "mon,wed,fri@18:00", "x"),
        ("every 2h water", "2026-11-22 12:00", "+7200", "water"),
        ("every hour water", "2026-11-22 11:00", "+3600", "water"),
    ],
)  # fmt: skip
def test_times_are_read(text: str, due: str, every: str, rest: str) -> None:
    when = parse(text, NOW, MADRID)
    assert when is not None
    assert f"{when.due.astimezone(MADRID):%Y-%m-%d %H:%M}" == due
    assert (when.every, when.rest) == (every, rest)


@pytest.mark.parametrize(
    "text",
    ["", "tea", "5s tea", "every 10 s tea", "every tea", "25:00 x", "2026-13-40 9:00 x", "2020-01-01 9:00 x",
     "13pm x", "99999d x", "3 amigos", "today 8:00 x", "someday x"],
)  # fmt: skip
def test_what_is_no_time_or_has_passed(text: str) -> None:
    assert parse(text, NOW, MADRID) is None


@pytest.mark.parametrize(
    ("every", "after", "due"),
    [
        ("mon@09:00", "2026-11-23T08:00", "2026-11-30T08:00"),  # nine in Madrid is eight in winter
        ("mon@09:00", "2026-11-23T07:59", "2026-11-23T08:00"),
        ("sun@02:30", "2026-03-28T12:00", "2026-03-29T01:30"),  # skipped that night: once all the same
        ("sun@02:30", "2026-10-24T12:00", "2026-10-25T00:30"),  # there are two: the first
        ("sun@02:30", "2026-10-25T00:30", "2026-11-01T01:30"),
        ("sat,sun@09:00", "2026-07-18T08:00", "2026-07-19T07:00"),
        ("+3600", "2026-11-23T08:00", "2026-11-23T09:00"),
    ],
)
def test_the_next_time_of_a_rule(every: str, after: str, due: str) -> None:
    found = next_time(every, MADRID, datetime.fromisoformat(after).replace(tzinfo=UTC))
    assert f"{found:%Y-%m-%dT%H:%M}" == due


@given(
    st.sets(st.sampled_from(DAYS), min_size=1),
    st.times(),
    st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)),
)
def test_a_rule_always_goes_on_within_eight_days(days: set[str], at: object, now: datetime) -> None:
    after = now.replace(tzinfo=UTC)
    found = next_time(f"{','.join(days)}@{at:%H:%M}", MADRID, after)
    assert after < found <= after + timedelta(days=8)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    found = parse(text, NOW, MADRID)
    assert found is None or found.due > NOW


def test_a_rule_of_every_so_often_keeps_its_minute() -> None:
    due = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    for late, hour in ((0, 11), (40, 11), (7_199, 11), (7_200, 13), (86_400, 11)):
        found = following("+7200", ZoneInfo("UTC"), due, due + timedelta(seconds=late))
        assert (found.hour, found.minute, found.second) == (hour, 0, 0)
