"""Parameters to values: what is shared by the handlers."""

from __future__ import annotations

import pytest

from tertulia.commands import arguments


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b", ["a", "b"]),
        ("a,,b,", ["a", "b"]),
        ("b,a,b", ["b", "a"]),
        ("", []),
        (",", []),
        ("A,a", ["A", "a"]),
    ],
)
def test_items(text: str, expected: list[str]) -> None:
    """Lists are "delimited by a comma (",", 0x2C) character" (modern-irc)."""
    assert arguments.items(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("ana", "ana"), ("", "*"), (":", "*"), ("::x", "x"), ("a b", "a_b"), ("x" * 99, "x" * 64)],
)
def test_shown(text: str, expected: str) -> None:
    """ "middle = nospcrlfcl *( ":" / nospcrlfcl )": not empty, no space, no colon first (modern-irc,
    Parameters)"""
    assert arguments.shown(text) == expected
