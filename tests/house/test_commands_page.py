"""The page of commands says what the table says.

What belongs here: comparing docs/commands.md with `COMMANDS`.
"""

from __future__ import annotations

import tertulia.commands
from tertulia.commands.registry import COMMANDS
from tests.house.commands_page import PAGE, page


def test_the_page_is_the_table() -> None:
    assert tertulia.commands.__all__
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.house.commands_page"


def test_the_page_names_every_command() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"| `{name}" not in text] == []
