"""What the verbs know of the configuration: its defaults are the limits."""

from __future__ import annotations

import dataclasses

from tertulia import limits
from tertulia.commands.settings import Bounds, ServerSettings


def test_the_defaults_are_the_limits() -> None:
    for field in dataclasses.fields(Bounds):
        if field.name not in ("flood", "exempt"):  # these are no numbers
            assert field.default == getattr(limits, field.name.upper()), field.name
    assert ServerSettings().bounds == Bounds() and Bounds().flood
