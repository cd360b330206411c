"""`tertulia history export`: what the store has, as JSON Lines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tertulia.cli.history import BadTimeError, _milliseconds, export
from tertulia.cli.world import SystemClock
from tertulia.protocol.history import Message, id_floor
from tertulia.store.open import open_store

DAY_MS = 86_400_000


@pytest.fixture(autouse=True)
def talk(folder: Path) -> None:
    """Three messages in two rooms, on the first three days of 1970."""
    store = open_store("sqlite:///data/tertulia.db", "normal", SystemClock())
    rooms = ["#uno", "#dos", "#uno"]
    store.commit(
        [
            Message(id_floor(day * DAY_MS), day * DAY_MS, room, "PRIVMSG", "ana!a@h", room, f"día {day}")
            for day, room in enumerate(rooms, 1)
        ]
    )
    store.close()


def exported(capsys: pytest.CaptureFixture[str], *arguments: object) -> list[str]:
    assert export(*arguments, None) == 0  # type: ignore[arg-type]
    return [json.loads(line)["text"] for line in capsys.readouterr().out.splitlines()]


def test_everything_is_exported_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert exported(capsys, [], None, None) == ["día 1", "día 2", "día 3"]


def test_rooms_are_named_as_people_write_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert exported(capsys, ["#UNO"], None, None) == ["día 1", "día 3"]


def test_since_is_included_and_until_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert exported(capsys, [], "1970-01-03", "1970-01-04T00:00:00Z") == ["día 2"]


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [(None, None), ("1970-01-02", DAY_MS), ("1970-01-01T01:00:00+01:00", 0), ("1970-01-01T00:00:00.5Z", 500)],
)
def test_times_are_utc_unless_they_say_otherwise(text: str | None, milliseconds: int | None) -> None:
    assert _milliseconds(text) == milliseconds


def test_a_time_that_is_none_is_refused() -> None:
    with pytest.raises(BadTimeError):
        _milliseconds("soon")
