"""What every ledger must do, as `models.ledger.Ledger` says it. A subclass gives the fixture `ledger`: empty.

What belongs here: what can be seen through the Protocol. What must not: files, SQL.
"""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tertulia.models.ledger import Ledger
from tertulia.protocol.ledger import LOST, Call, Caller, Key, Spent, keys_of, spent_by

DAY = "2026-11-22"


def call(number: int = 1, **fields: object) -> Call:
    """An open call of millisecond `number`."""
    usual = Call(
        id=0, time_ms=number, day=DAY, model="gpt", provider="openai", provider_model="gpt-6-luna",
        caller=Caller("ana", "Ana", "#r"), fallback_for="", currency="USD", reserved_tokens=100,
        reserved_nano=1_000,
    )  # fmt: skip
    return usual._replace(**fields)  # type: ignore[arg-type]


def keep(ledger: Ledger, one: Call) -> Call:
    kept = ledger.reserve([], lambda spent: one)
    assert kept is not None
    return kept


def ended(one: Call, **fields: object) -> Call:
    usual = {"outcome": "whole", "tokens_in": 30, "tokens_out": 10, "tokens_cached": 5, "nano": 400}
    return one._replace(**{**usual, **fields})  # type: ignore[arg-type]


def sums(calls: Iterable[Call]) -> dict[Key, Spent]:
    found: dict[Key, Spent] = {}
    for one in calls:
        for key in keys_of(one):
            found[key] = found.get(key, Spent()).plus(spent_by(one))
    return found


SHARED = [HealthCheck.function_scoped_fixture, HealthCheck.differing_executors]  # one suite, two ledgers
MODEL_DAY = Key("model", "gpt", DAY, "USD")


class LedgerContract:
    def test_a_new_one_is_empty(self, ledger: Ledger) -> None:
        assert ledger.spent([MODEL_DAY]) == [Spent()] and ledger.open_calls() == []
        assert ledger.release(1_000) == []

    def test_a_reservation_counts_until_it_is_settled(self, ledger: Ledger) -> None:
        kept = keep(ledger, call())
        assert ledger.spent([MODEL_DAY]) == [Spent(1, 0, 0, 100, 1_000)]
        assert ledger.open_calls() == [kept] and kept.id > 0
        assert ledger.settle(ended(kept))
        assert ledger.spent([MODEL_DAY]) == [Spent(1, 40, 400)] and ledger.open_calls() == []

    def test_every_key_of_a_call_is_added_up(self, ledger: Ledger) -> None:
        first = keep(ledger, call())
        second = keep(ledger, call(2, caller=Caller("bob", None, "", "ambient"), model="lola"))
        assert ledger.settle(ended(first))
        expected = sums([ended(first), second])
        assert len(expected) == 16 and ledger.spent(list(expected)) == list(expected.values())
        assert ledger.spent([Key("account", "ana", DAY[:7], "USD")]) == [Spent(1, 40, 400)]
        assert ledger.spent([Key("guests", "", DAY, "USD")]) == [Spent(1, 0, 0, 100, 1_000)]

    def test_tokens_without_a_price_are_counted_apart(self, ledger: Ledger) -> None:
        first, second = keep(ledger, call()), keep(ledger, call(2, priced=False))
        assert ledger.settle(ended(first)) and ledger.settle(ended(second, nano=0))
        assert ledger.spent([MODEL_DAY]) == [Spent(2, 80, 400, unpriced_tokens=40)]

    def test_it_is_settled_once(self, ledger: Ledger) -> None:
        kept = keep(ledger, call())
        assert ledger.settle(ended(kept))
        assert not ledger.settle(ended(kept, nano=999))
        assert not ledger.settle(ended(call()._replace(id=77)))
        assert ledger.spent([MODEL_DAY]) == [Spent(1, 40, 400)]

    def test_what_was_spent_is_shown_to_who_decides(self, ledger: Ledger) -> None:
        keep(ledger, call())
        seen: list[list[Spent]] = []

        def decide(spent: list[Spent]) -> Call | None:
            seen.append(spent)
            return None

        assert ledger.reserve([MODEL_DAY, Key("all", "", "2026-10", "USD")], decide) is None
        assert seen == [[Spent(1, 0, 0, 100, 1_000), Spent()]]
        assert len(ledger.open_calls()) == 1, "what was not made is not kept"

    def test_what_never_ended_is_released_by_its_age(self, ledger: Ledger) -> None:
        old, young = keep(ledger, call(1)), keep(ledger, call(1_000))
        assert [one.id for one in ledger.release(500)] == [old.id]
        assert ledger.open_calls() == [young]
        assert ledger.spent([MODEL_DAY]) == [Spent(2, 0, 0, 100, 1_000)]
        assert not ledger.settle(ended(old)), "too late"
        assert ledger.release(500) == []

    def test_a_lost_call_says_so(self, ledger: Ledger) -> None:
        keep(ledger, call(1))
        (lost,) = ledger.release(500)
        assert (lost.outcome, lost.reserved_tokens, lost.used_tokens) == (LOST, 100, 0)

    def test_all_fields_come_back(self, ledger: Ledger) -> None:
        one = call(5, caller=Caller("eva", None, "", "summary"), fallback_for="big", priced=False)
        kept = keep(ledger, one)
        assert ledger.open_calls() == [one._replace(id=kept.id)]

    @settings(suppress_health_check=SHARED, max_examples=30, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["reserve", "settle", "release"]),
                st.integers(0, 20),
                st.sampled_from(["Ana", "Bob", None]),
                st.sampled_from(["#r", "#s", ""]),
            ),
            max_size=40,
        )
    )
    def test_sums_are_always_those_of_the_calls(
        self, ledger: Ledger, steps: list[tuple[str, int, str | None, str]]
    ) -> None:
        known: dict[int, Call] = {one.id: one for one in self.all_calls(ledger)}
        for at, (deed, number, account, room) in enumerate(steps):
            if deed == "reserve":
                one = call(
                    at, caller=Caller("x", account, room), reserved_tokens=number, reserved_nano=number
                )
                kept = keep(ledger, one)
                known[kept.id] = kept
            elif deed == "settle" and known:
                one = known[sorted(known)[number % len(known)]]
                if ledger.settle(ended(one, nano=number, tokens_in=number)):
                    known[one.id] = ended(one, nano=number, tokens_in=number)
            elif deed == "release":
                for lost in ledger.release(number):
                    known[lost.id] = lost
        expected = sums(known.values())
        assert ledger.spent(list(expected)) == list(expected.values())

    def all_calls(self, ledger: Ledger) -> list[Call]:
        """Every call that the ledger knows."""
        raise NotImplementedError
