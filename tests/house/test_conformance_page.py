"""The page of conformance says what the tables say, of everything, and of nothing that is not there.

What belongs here: comparing docs/conformance.md and its notes with the code.
"""

from __future__ import annotations

import tertulia.commands
from tertulia.commands.registry import COMMANDS
from tertulia.protocol import isupport
from tertulia.protocol.capabilities import CAPABILITIES
from tests.house import conformance_notes as notes
from tests.house.conformance_page import CONFIGURED, PAGE, VAPID, name_of, page


def test_every_capability_has_its_note_and_none_is_invented() -> None:
    assert set(notes.CAPABILITIES) == {row.name for row in CAPABILITIES}, "write it in conformance_notes.py"


def test_no_token_and_no_command_is_invented() -> None:
    assert tertulia.commands.__all__
    assert set(notes.COMMANDS) | notes.MODERN == set(COMMANDS), "write it in conformance_notes.py"
    tokens = *isupport.tokens("x"), *CONFIGURED.tokens, VAPID
    assert set(notes.TOKENS) <= {name_of(token) for token in tokens}


def test_the_page_is_the_tables() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.house.conformance_page"


def test_no_line_is_empty() -> None:
    cells = [
        cell.strip() for line in page().splitlines() if line[:1] == "|" for cell in line.split("|")[1:-1]
    ]
    assert all(cells)
