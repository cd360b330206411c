"""Mode strings: read and written again they are the same, and the tables agree with each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.protocol.modes import (
    HALF_OPERATOR,
    OPERATOR,
    RANKS,
    ROOM_MODES,
    SELF_SET_USER_MODES,
    USER_MODES,
    VOICE,
    Kind,
    ModeChange,
    letters_of,
    read_room_modes,
    symbols,
    write_modes,
)

PARAMS = st.from_regex(r"[a-z0-9!@*.-]{1,10}", fullmatch=True)


@st.composite
def changes(draw: st.DrawFn) -> ModeChange:
    letter = draw(st.sampled_from(sorted(ROOM_MODES)))
    add = draw(st.booleans())
    kind = ROOM_MODES[letter].kind
    bare = kind is Kind.FLAG or (kind is Kind.WHEN_SET and not add)
    return ModeChange(add, letter, None if bare else draw(PARAMS))


@given(st.lists(changes(), min_size=1, max_size=8))
def test_what_is_written_is_read_again(wanted: list[ModeChange]) -> None:
    request = read_room_modes(write_modes(wanted))
    assert request.changes == wanted
    assert not (request.queries or request.unknown or request.missing)


@given(st.lists(st.text(max_size=12), max_size=5))
def test_any_text_is_read(params: list[str]) -> None:
    request = read_room_modes(params)
    assert read_room_modes(write_modes(request.changes)).changes == request.changes or not request.changes
    assert all(letter not in ROOM_MODES for letter in request.unknown)


READ = [
    (["+o-v", "lola", "juan"], [(True, "o", "lola"), (False, "v", "juan")]),
    (["nt"], [(True, "n", None), (True, "t", None)]),
    (["+k-l", "llave"], [(True, "k", "llave"), (False, "l", None)]),
    (["-k"], [(False, "k", "*")]),  # people do not remember the key
    (["+-+-i"], [(False, "i", None)]),
    (["+b", "*!*@h"], [(True, "b", "*!*@h")]),
    ([], []),
]


@pytest.mark.parametrize(("params", "expected"), READ)
def test_reading(params: list[str], expected: list[tuple[bool, str, str | None]]) -> None:
    assert read_room_modes(params).changes == [ModeChange(*change) for change in expected]


def test_a_list_without_a_mask_is_asked_for() -> None:
    """modern-irc, MODE: "Type A: ... may be sent without a parameter to get the list"."""
    request = read_room_modes(["+beI"])
    assert (request.queries, request.changes) == (["b", "e", "I"], [])


def test_what_does_not_exist_and_what_lacks_its_parameter() -> None:
    request = read_room_modes(["+oZl"])
    assert (request.unknown, request.missing, request.changes) == (["Z"], ["o", "l"], [])


def test_writing_repeats_no_sign() -> None:
    changes = [
        ModeChange(True, "n"),
        ModeChange(True, "o", "a"),
        ModeChange(False, "t"),
        ModeChange(True, "i"),
    ]
    assert write_modes(changes) == ["+no-t+i", "a"]
    assert write_modes([]) == [""]


@pytest.mark.parametrize(
    ("bits", "every", "shown"),
    [(0, True, ""), (OPERATOR, False, "@"), (OPERATOR | VOICE, False, "@"), (OPERATOR | VOICE, True, "@+"),
     (HALF_OPERATOR | VOICE, True, "%+"), (15, True, "@%+")],
)  # fmt: skip
def test_prefixes_of_members(bits: int, every: bool, shown: str) -> None:
    """multi-prefix: "in order of rank, from highest to lowest"."""
    assert symbols(bits, every) == shown


def test_the_tables_agree() -> None:
    every = "".join(letters_of(kind) for kind in Kind)
    assert sorted(every) == sorted(ROOM_MODES)
    assert letters_of(Kind.PREFIX) == "".join(rank.letter for rank in RANKS)
    assert len({rank.symbol for rank in RANKS}) == len({rank.bit for rank in RANKS}) == len(RANKS)
    assert set(USER_MODES) > SELF_SET_USER_MODES
    assert "o" not in SELF_SET_USER_MODES
