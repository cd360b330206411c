"""Errors say what is wrong and what to do, in two languages."""

from __future__ import annotations

from typing import get_args

import pytest

from tertulia.models.provider import _TEXTS, RETRYABLE, Kind, ProviderError


@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_kind_has_words(kind: Kind) -> None:
    error = ProviderError(kind, "multi\nline {braces} " + "x" * 500)
    assert error.say("en") != error.say("es")
    for text in (error.say("en"), error.say("es")):
        assert "\n" not in text and len(text) < 350
    assert error.retryable == (kind in RETRYABLE)


def test_no_kind_is_left_over() -> None:
    assert set(_TEXTS) == set(get_args(Kind))
