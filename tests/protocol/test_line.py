"""Lines: parse and format are inverses, and the shared vectors hold."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tertulia.limits import PARAMETERS
from tertulia.protocol.line import Line, format_line, nick_of, parse, trailing
from tests.protocol.strategies import LINES, TEXT, WORDS
from tests.protocol.vectors import cases


@pytest.mark.parametrize("case", cases("parse"), ids=lambda case: case["line"][:30])
def test_vectors_are_read(case: dict[str, Any]) -> None:
    assert parse(case["line"]) == Line(case["tags"], case["source"], case["command"], case["params"])


@pytest.mark.parametrize("case", cases("format"), ids=lambda case: case["line"])
def test_vectors_are_written(case: dict[str, Any]) -> None:
    line = Line(case["tags"], case["source"], case["command"], case["params"])
    assert format_line(line) == case["line"]
    assert parse(case["line"]) == line


@given(LINES)
def test_what_is_written_is_read_again(line: Line) -> None:
    assert parse(format_line(line)) == line


@given(st.tuples(st.sampled_from(["", "@a=b;c ", ":s "]), WORDS, TEXT).map("".join))
@example("@a :b c d :e")
@example("C  :x")
@example("::a b")
def test_what_is_read_can_be_written_and_is_stable(text: str) -> None:
    line = parse(text)
    assume(re.fullmatch("[A-Z0-9]+", line.command) is not None)  # RFC 1459 2.3.1, <command>
    assert parse(format_line(line)) == line._replace(tags=line.tags or None)
    assert format_line(parse(format_line(line))) == format_line(line)


@given(TEXT)
def test_nothing_is_too_strange_to_be_read(text: str) -> None:
    line = parse(text)
    assert len(line.params) <= PARAMETERS
    assert all(param and " " not in param for param in line.params[:-1])


def test_an_empty_message_has_no_command() -> None:
    """RFC 1459 2.3.1: "Empty messages are silently ignored"."""
    assert parse("").command == parse("  ").command == parse(":only-a-source").command == ""


def test_at_most_fifteen_parameters() -> None:
    """RFC 1459 2.3: "the command parameters (of which there may be up to 15)"."""
    line = parse("C " + " ".join(map(str, range(40))))
    assert len(line.params) == 15
    assert line.params[-1].split() == [str(n) for n in range(14, 40)]


@pytest.mark.parametrize(
    ("param", "written"), [("a", "a"), ("", ":"), ("a b", ":a b"), (":a", "::a"), ("a:", "a:"), ("é", "é")]
)
def test_a_colon_only_where_it_is_needed(param: str, written: str) -> None:
    assert trailing(param) == written


@pytest.mark.parametrize(
    ("source", "nick"),
    [("ana!~u@h", "ana"), ("tertulia.local", "tertulia.local"), ("a!b!c@d", "a"), ("", "")],
)
def test_the_nick_of_a_source(source: str, nick: str) -> None:
    assert nick_of(source) == nick
