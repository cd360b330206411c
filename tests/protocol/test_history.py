"""Ids, msgids and buffers: each can be read back, and order is kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.protocol.history import (
    ID_TIME_SHIFT,
    Message,
    Page,
    conversation,
    fitting,
    id_floor,
    msgid,
    parse_msgid,
    weight_of,
)

IDS = st.integers(0, (1 << 62) - 1)


@given(IDS)
def test_a_msgid_names_its_message(message_id: int) -> None:
    assert parse_msgid(msgid(message_id)) == message_id


@given(st.text(max_size=20))
def test_any_text_is_a_msgid_or_not(text: str) -> None:
    found = parse_msgid(text)
    assert found is None or msgid(found) == text


@pytest.mark.parametrize("text", ["", "x", "-1", "0x1", "01", "1_0", " 1", "A", "f" * 16, "٣"])
def test_what_is_no_msgid(text: str) -> None:
    assert parse_msgid(text) is None


@given(st.integers(0, 1 << 43), st.integers(0, 1 << 43))
def test_ids_of_later_milliseconds_are_larger(one: int, other: int) -> None:
    assert (one < other) == (id_floor(one) < id_floor(other))
    assert id_floor(one) + (1 << ID_TIME_SHIFT) == id_floor(one + 1)


def test_before_1970_is_the_beginning() -> None:
    assert id_floor(-5) == 0


@given(st.text("~ab/:", min_size=1), st.text("~ab/:", min_size=1))
def test_a_conversation_is_the_same_for_both(one: str, other: str) -> None:
    buffer = conversation(one, other)
    assert buffer == conversation(other, one)
    assert sorted(buffer.split(" ")) == sorted([one, other])
    assert not buffer.startswith("#")


def test_a_page_without_bounds_is_the_newest() -> None:
    page = Page(("#a",))
    assert (page.after, page.newest_first) == (0, True)
    assert page.before > id_floor(1 << 43)


def said(number: int, text: str) -> Message:
    return Message(number, number, "#tea", "PRIVMSG", "ana!ana@host", "#tea", text)


def test_a_message_weighs_more_than_its_text() -> None:
    assert weight_of(said(1, "hola")) > 200
    assert weight_of(said(1, "a\nb\nc")) > weight_of(said(1, "a b c"))
    assert weight_of(said(1, "ñ" * 5_000)) > 10_000


def test_what_fits_is_taken_from_the_end_that_was_asked_for() -> None:
    messages = [said(number, "x" * 1_000) for number in range(10)]
    room = weight_of(messages[0]) * 3
    assert [message.id for message in fitting(messages, True, room)] == [7, 8, 9]
    assert [message.id for message in fitting(messages, False, room)] == [0, 1, 2]
    assert fitting(messages, True, 1_000_000) == messages


def test_one_message_always_fits() -> None:
    """Else nobody could ever read on beyond it."""
    messages = [said(number, "x" * 60_000) for number in range(3)]
    assert fitting(messages, True, 1) == messages[2:]
    assert fitting(messages, False, 1) == messages[:1]
    assert fitting([], True, 1) == []
