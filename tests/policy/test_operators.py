"""Rights: a gate asks for one by name, and the page has the table of all."""

from __future__ import annotations

import re

from tertulia.commands.registry import COMMANDS
from tertulia.policy.operators import may
from tertulia.protocol.rights import RIGHTS
from tertulia.state.user import User
from tests.house.tree import ROOT

PAGE = ROOT / "docs" / "moderation.md"


def test_nobody_is_born_with_a_right() -> None:
    user = User(1, "ana", "~ana", "h", "Ana", "~", 1)
    assert not any(may(user, right) for right in RIGHTS)


def test_a_right_is_had_by_name() -> None:
    user = User(1, "ana", "~ana", "h", "Ana", "~", 1)
    user.rights = frozenset({"kill"})
    assert may(user, "kill") and not may(user, "ban")


def test_the_page_has_every_right() -> None:
    rows = re.findall(r"^\| `([a-z-]{2,})` \| [a-z]", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == sorted(RIGHTS)


def test_gates_ask_for_rights_that_there_are() -> None:
    assert {command.right for command in COMMANDS.values()} - {""} <= RIGHTS.keys()
