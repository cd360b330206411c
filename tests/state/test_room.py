"""A room: its record holds all that must last, and its lists are found by their letter."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.protocol.casemap import fold
from tertulia.protocol.history import Mask, RoomRecord
from tertulia.protocol.modes import ROOM_MODES, Kind, letters_of
from tertulia.state.room import LISTS, Room

MASKS = st.lists(
    st.builds(Mask, st.sampled_from(["a!*@*", "B!*@*", "*!*@ñ"]), st.just("by"), st.integers(0, 9)),
    max_size=3,
    unique_by=lambda mask: fold(mask.mask),
).map(tuple)
RECORDS = st.builds(
    RoomRecord, key=st.just("#sala"), name=st.just("#Sala"), created_at=st.integers(0, 9),
    topic=st.text(max_size=5),
    topic_by=st.text(max_size=5), topic_at=st.integers(0, 9),
    flags=st.sets(st.sampled_from(letters_of(Kind.FLAG))).map(lambda letters: "".join(sorted(letters))),
    password=st.sampled_from(["", "llave"]), limit=st.integers(0, 9), bans=MASKS, exceptions=MASKS,
    invitations=MASKS,
)  # fmt: skip


@given(RECORDS, RECORDS)
def test_restore_undoes_whatever_was_there(before: RoomRecord, after: RoomRecord) -> None:
    room = Room("#Sala", 1)
    room.restore(after)
    room.restore(before)
    assert room.record() == before


def test_a_record_has_a_place_for_all_that_lasts() -> None:
    lasting = {field.name for field in dataclasses.fields(RoomRecord)}
    assert set(Room.__slots__) - {"members", "remembered", "since_ms"} == lasting


def test_a_new_room() -> None:
    """A room of its own makes "nt": as every server does."""
    room = Room("#Sala", 7)
    assert (room.key, room.name, room.record().flags, room.secret) == ("#sala", "#Sala", "nt", False)


@pytest.mark.parametrize("letter", letters_of(Kind.LIST))
def test_every_list_has_a_letter(letter: str) -> None:
    room = Room("#a", 1)
    assert room.masks(letter) is getattr(room, LISTS[letter])
    assert LISTS[letter] == ROOM_MODES[letter].meaning
