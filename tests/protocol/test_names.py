"""Names: which are valid, how masks are completed, and that matching a mask never costs more than it
should.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.limits import KEY_CHARACTERS, NICK_CHARACTERS, ROOM_CHARACTERS, USER_BYTES
from tertulia.protocol import names
from tests.protocol.vectors import cases

ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)


@pytest.mark.parametrize(
    ("nick", "valid"),
    [
        ("ana", True), ("José", True), ("Begoña", True), ("{x}", True), ("[a]\\`_^{|}", True), ("a-b", True),
        ("a1", True), ("x" * NICK_CHARACTERS, True), ("x" * (NICK_CHARACTERS + 1), False), ("", False),
        ("1a", False),
        ("-a", False), ("a b", False), ("a!b", False), ("a@b", False), ("#a", False), (":a", False), ("a,b",
        False),
        ("a*", False), ("a.b", False), ("\u0430dmin", False), ("Jose\u0301", False), ("a\n", False), ("@a",
        False),
    ],
)  # fmt: skip
def test_nicks(nick: str, valid: bool) -> None:
    """modern-irc, "Clients": nicknames "MUST NOT contain" space, comma, asterisk, "?", "!", "@", and "MUST
    NOT start
    with" "$", ":" or a channel type.
    """
    assert names.valid_nick(nick) is valid


@pytest.mark.parametrize("nick", ["server", "NickServ", "CHANSERV", "servicio"])
def test_names_with_authority_belong_to_nobody(nick: str) -> None:
    assert names.reserved_nick(nick)
    assert not names.reserved_nick("ana")


@pytest.mark.parametrize(
    ("room", "valid"),
    [
        ("#a", True), ("#cañada", True), ("#日本", True), ("##", True), ("#" + "x" * (ROOM_CHARACTERS - 1),
        True),
        ("#" + "x" * ROOM_CHARACTERS, False), ("#", False), ("", False), ("a", False), ("&a", False),
        ("#a b", False),
        ("#a,b", False), ("#a:b", False), ("#a\x07", False), ("#a\0", False), ("#a\u200bb", False),
        ("#a\u202eb", False), ("#Jose\u0301", False), ("#a\u00a0b", False), ("#a\n", False),
    ],
)  # fmt: skip
def test_rooms(room: str, valid: bool) -> None:
    """modern-irc, "Channels": names "MUST NOT contain any SPACE (' ', 0x20), BELL (0x07), or comma (',',
    0x2C)".
    """
    assert names.valid_room(room) is valid


@pytest.mark.parametrize(("target", "is_room"), [("#a", True), ("ana", False), ("", False), ("@#a", False)])
def test_what_is_meant_as_a_room(target: str, is_room: bool) -> None:
    assert names.is_room(target) is is_room


@pytest.mark.parametrize(
    ("key", "valid"),
    [("k", True), ("a:b", True), (":a", False), ("", False), ("a b", False), ("a,b", False), ("ñ", False),
     ("x" * KEY_CHARACTERS, True), ("x" * (KEY_CHARACTERS + 1), False), ("a\x07", False)],
)  # fmt: skip
def test_keys(key: str, valid: bool) -> None:
    assert names.valid_key(key) is valid


@given(ANY)
def test_a_user_name_is_always_made(text: str) -> None:
    user = names.clean_user(text)
    assert user[0] == "~" and 1 < len(user.encode()) <= USER_BYTES
    assert not set(user) & set(" @!:\0\r\n")


@pytest.mark.parametrize(
    ("mask", "complete"),
    [
        ("ana", "ana!*@*"), ("ana!u", "ana!u@*"), ("u@h", "*!u@h"), ("@h", "*!*@h"), ("!u@h", "*!u@h"),
        ("*", "*!*@*"),
        ("a!b@c", "a!b@c"), ("a!@", "a!*@*"), ("a!b@c@d", "a!b@c@d"),
    ],
)  # fmt: skip
def test_masks_are_completed(mask: str, complete: str) -> None:
    assert names.complete_mask(mask) == complete
    assert names.complete_mask(complete) == complete


@pytest.mark.parametrize("case", cases("masks"), ids=lambda case: f"{case['mask']}~{case['name'][:20]}")
def test_mask_vectors(case: dict[str, Any]) -> None:
    """RFC 2812 2.5: "'?' (%x3F) to match one and only one character, and '*' (%x2A) to match any number of
    any
    characters".
    """
    assert names.mask_matches(case["mask"], case["name"]) is case["matches"]


def plainly(mask: str, name: str) -> bool:
    """The definition itself, a table of which beginnings match: slow, and plainly right."""
    row = [True] + [False] * len(name)
    for letter in mask:
        if letter == "*":
            row = [any(row[: at + 1]) for at in range(len(row))]
        else:
            row = [False] + [row[at] and letter in ("?", name[at]) for at in range(len(name))]
    return row[-1]


@given(st.text("ab*?", max_size=12), st.text("ab", max_size=12))
def test_masks_match_as_defined(mask: str, name: str) -> None:
    assert names.mask_matches(mask, name) is plainly(mask, name)


@given(ANY, ANY)
def test_any_mask_against_any_name(mask: str, name: str) -> None:
    assert names.mask_matches(mask, name) in (True, False)
    assert names.mask_matches("*", name)


@pytest.mark.parametrize(
    "mask", ["*a" * 64, "*" * 128, "a*" * 64 + "b", "*?" * 64, "*a?" * 40 + "b", "(a+)+*" * 20]
)
def test_matching_is_linear_in_the_name(mask: str) -> None:
    """By the pattern's form: between stars every piece is atomic, so that no place is tried a second time;
    what
    remains after the last star is the only thing that is looked for by going back.
    """
    pattern = names._matcher(mask).pattern
    without_atoms = re.sub(r"\(\?>\.\*\?(?:\\.|[^\\()*+])*\)", "", pattern)
    assert without_atoms.replace("\\*", "").count(".*") <= 1
    assert names.mask_matches(mask, "a" * 5_000) in (True, False)
