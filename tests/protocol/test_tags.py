"""Message tags: escaping is undone by unescaping, and clients may set only what is theirs."""

from __future__ import annotations

import pytest
from hypothesis import given

from tertulia.protocol.tags import client_only, escape, format_tags, parse_tags, unescape
from tests.protocol.strategies import TAGS, TEXT, VALUES

# IRCv3 message-tags, "Escaping values".
ESCAPES = [
    (";", "\\:"),
    (" ", "\\s"),
    ("\\", "\\\\"),
    ("\r", "\\r"),
    ("\n", "\\n"),
    ("é", "é"),
    (":", ":"),
    ("=", "="),
]


@pytest.mark.parametrize(("character", "sequence"), ESCAPES)
def test_the_table_of_escapes(character: str, sequence: str) -> None:
    assert escape(character) == sequence
    assert unescape(sequence) == character


def test_a_lone_backslash_at_the_end() -> None:
    r""" "the escaped value `test\` should unescape to `test`"."""
    assert unescape("test\\") == "test"


def test_an_unknown_escape_loses_its_backslash() -> None:
    assert unescape("a\\bc\\é") == "abcé"


@given(VALUES)
def test_unescape_undoes_escape(value: str) -> None:
    written = escape(value)
    assert unescape(written) == value
    assert not set(written) & set("; \r\n")


@given(TAGS)
def test_tags_are_read_as_they_were_written(tags: dict[str, str]) -> None:
    assert parse_tags(format_tags(tags)) == tags


@given(TEXT)
def test_any_text_can_be_read_and_is_stable(text: str) -> None:
    tags = parse_tags(text.replace(" ", ""))
    assert "" not in tags
    assert parse_tags(format_tags(tags)) == tags


def test_the_last_of_a_repeated_key_wins() -> None:
    """ "more than one occurrence of a tag key SHOULD discard all but the final occurrence"."""
    assert parse_tags("a=1;b;a=2;a") == {"a": "", "b": ""}
    assert parse_tags("a;a=2") == {"a": "2"}


@pytest.mark.parametrize("text", ["", ";", "=", "=x", ";;=x;"])
def test_a_tag_without_a_key_is_none(text: str) -> None:
    assert parse_tags(text) == {}


@pytest.mark.parametrize(
    ("key", "kept"),
    [
        ("+typing", True), ("+draft/reply", True), ("+example.com/x-y", True), ("+a1", True), ("typing",
        False),
        ("msgid", False), ("+", False), ("++a", False), ("+a/", False), ("+/a", False), ("+a_b", False),
        ("+ñ", False), ("+a/b/c", False), ("+a,b", False),
    ],
)  # fmt: skip
def test_which_tags_a_client_may_send(key: str, kept: bool) -> None:
    """ "A client-only tag is prefixed with a plus sign"; "Tags without the client-only prefix MUST be
    removed".
    """
    assert client_only({key: "v"}) == ({key: "v"} if kept else {})
