"""What a running server cannot change: neither taken by halves, nor left untold."""

from __future__ import annotations

from typing import Any

import pytest

from tertulia.cli.fixed import FIXED, changeable
from tertulia.config import Settings
from tests.house.tree import ROOT

ELSEWHERE: dict[str, Any] = {
    "server.name": "other.example",
    "server.network": "Other",
    "files.enabled": False,
    "push": {"enabled": False},
    "limits.hops": 7,
    "ledger": {"currency": "EUR"},
}


def settings(**values: Any) -> Settings:
    return Settings(**values)


def of(key: str, value: Any) -> dict[str, Any]:
    section, _, name = key.partition(".")
    return {section: {name: value} if name else value}


@pytest.mark.parametrize("key", ELSEWHERE)
def test_what_cannot_change_stays_whole(key: str) -> None:
    """Files that were not there from the start, say, are not offered after a reload."""
    running = settings()
    assert changeable(running, settings(**of(key, ELSEWHERE[key]))) == (running, [key])


def test_the_rest_is_taken() -> None:
    wanted = settings(server={"name": "other.example", "motd": "hola"}, files={"enabled": False, "days": 3})
    found, differing = changeable(settings(), wanted)
    assert differing == ["server.name", "files.enabled"]
    assert (found.server.motd, found.server.name) == ("hola", settings().server.name)
    assert (found.files.days, found.files.enabled) == (3, True)


def test_the_page_names_all_of_them() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    told = page.partition("cannot\nchange while running")[2].partition("\n\n")[0]
    missing = [key for key in FIXED if f"`{key}`" not in told and f"`[{key}]`" not in told]
    assert [key for key in missing if f"`[[{key}]]`" not in told] == []
