"""Who may use a tool: a table, and properties."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.models.tools.allow import Asker, allows

ANA = Asker("lola", "#ops", "ana")
GUEST = Asker("lola", "#ops", None)
NAMES = st.sampled_from(["lola", "gpt", "#ops", "#x", "ana", "bob"])
CONDITIONS = st.one_of(
    st.sampled_from(["*", "operators", "account:*"]),
    st.builds("{}:{}".format, st.sampled_from(["model", "room", "account"]), NAMES),
)
RULES = st.lists(st.lists(CONDITIONS, min_size=1, max_size=3).map(" ".join), max_size=4)
ASKERS = st.builds(
    Asker,
    st.sampled_from(["lola", "gpt"]),
    st.sampled_from(["", "#ops", "#x"]),
    st.sampled_from([None, "ana", "bob"]),
    st.booleans(),
)


@pytest.mark.parametrize(
    ("rules", "asker", "may"),
    [
        ((), ANA, False),
        (("*",), GUEST, True),
        (("account:*",), ANA, True),
        (("account:*",), GUEST, False),
        (("account:ANA",), ANA, True),
        (("account:ana",), Asker("lola", "#ops", "anab"), False),
        (("room:#ops account:ana",), ANA, True),
        (("room:#ops account:ana",), Asker("lola", "#x", "ana"), False),
        (("room:#ops account:ana",), Asker("lola", "", "ana"), False),
        (("model:gpt", "room:#OPS"), ANA, True),
        (("model:gpt room:#ops",), ANA, False),
        (("operators",), ANA, False),
        (("operators",), Asker("lola", "#ops", None, True), True),
        (("",), ANA, False),
        (("   ",), ANA, False),
        (("nonsense",), ANA, False),
        (("account:",), ANA, False),
        (("galaxy:*",), ANA, False),
    ],
)
def test_a_rule_holds_for_whom_it_names(rules: tuple[str, ...], asker: Asker, may: bool) -> None:
    assert allows(rules, asker) is may


@given(RULES, ASKERS)
def test_one_rule_that_holds_is_enough_and_none_is_none(rules: list[str], asker: Asker) -> None:
    assert allows(rules, asker) is any(allows([rule], asker) for rule in rules)


@given(RULES, CONDITIONS, ASKERS)
def test_one_more_condition_never_allows_more(rules: list[str], more: str, asker: Asker) -> None:
    stricter = [f"{rule} {more}" for rule in rules]
    assert allows(rules, asker) or not allows(stricter, asker)


@given(RULES, ASKERS)
def test_who_logs_in_or_becomes_operator_never_loses_a_right(rules: list[str], asker: Asker) -> None:
    less = Asker(asker.model, asker.room, None, False)
    assert allows(rules, asker) or not allows(rules, less)
