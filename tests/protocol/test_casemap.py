"""Folding: names that look alike in another case are one name, and a key is its own key."""

from __future__ import annotations

import sys
import unicodedata
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tertulia.protocol.casemap import fold
from tests.protocol.vectors import cases

NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@pytest.mark.parametrize("case", cases("fold"), ids=lambda case: case["name"])
def test_vectors(case: dict[str, Any]) -> None:
    assert fold(case["name"]) == case["key"]


@given(NAMES)
@example("\u0345\u0301")
@example("α\u0345\u0301")
@example("\u1e9e\u0323")
def test_a_key_is_its_own_key(name: str) -> None:
    """Events name rooms by their key, so this is what lets a room be found again."""
    assert fold(fold(name)) == fold(name)


def test_every_character_s_key_is_its_own_key() -> None:
    for code in range(sys.maxunicode + 1):
        if not 0xD800 <= code <= 0xDFFF:
            key = fold(chr(code))
            assert fold(key) == key, hex(code)


@given(NAMES)
def test_composed_and_decomposed_are_one_name(name: str) -> None:
    assert fold(unicodedata.normalize("NFD", name)) == fold(unicodedata.normalize("NFC", name))


def test_ascii_only_folds_letters() -> None:
    """CASEMAPPING=ascii: "The ASCII characters a to z (decimal 97 to 122) are defined as lower-case of A
    to Z".
    """
    assert fold("AZaz[]\\^{}|~`_-#") == "azaz[]\\^{}|~`_-#"
