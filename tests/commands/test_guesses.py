"""Guesses are counted per account and per address, forgiven with time, and bounded in number."""

from __future__ import annotations

import pytest

from tertulia import limits
from tertulia.commands.guesses import Guesses


def count(guesses: Guesses, account: str, address: str | None, now: float) -> int:
    """How many guesses are let through in a row."""
    return next(number for number in range(1_000) if not guesses.guess(account, address, now))


def test_both_bounds() -> None:
    guesses = Guesses()
    assert count(guesses, "ana", "1.2.3.4", 0) == limits.GUESSES_PER_ADDRESS
    assert not guesses.guess("beto", "1.2.3.4", 0)
    assert count(guesses, "ana", None, 0) == limits.GUESSES_PER_ACCOUNT - limits.GUESSES_PER_ADDRESS
    assert not guesses.guess("ana", "5.6.7.8", 0)
    assert guesses.guess("beto", "5.6.7.8", 0)


def test_one_is_forgiven_after_a_while() -> None:
    guesses = Guesses()
    count(guesses, "ana", None, 0)
    assert not guesses.guess("ana", None, limits.GUESS_SECONDS - 1)
    assert count(guesses, "ana", None, limits.GUESS_SECONDS + 0.1) == 1


def test_a_right_one_does_not_count() -> None:
    guesses = Guesses()
    for number in range(100):
        assert guesses.guess("ana", "1.2.3.4", 0), number
        guesses.right("ana", "1.2.3.4", 0)
    assert count(guesses, "ana", None, 0) == limits.GUESSES_PER_ACCOUNT


def test_the_oldest_are_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "GUESSES_REMEMBERED", 2)
    guesses = Guesses()
    count(guesses, "ana", None, 0)
    guesses.guess("beto", None, 0)
    assert not guesses.guess("ana", None, 0)
    guesses.guess("carl", None, 0)
    assert guesses.guess("ana", None, 0)
