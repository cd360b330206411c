"""The page of commands, made from the table: `python -m tests.house.commands_page` writes it anew.

What belongs here: how a row of the table is written down. What must not: what the table does not say.
"""

from __future__ import annotations

from tertulia.commands import registry
from tertulia.commands.registry import Command
from tests.house.tree import ROOT

PAGE = ROOT / "docs" / "commands.md"
_HEAD = """\
# Commands

*What a client can say, and when. This page is made from the table in the code
(`python -m tests.house.commands_page`), and a test compares the two. In any client, `/quote HELP` shows the
same; after `/quote LANGUAGE es`, in Spanish.*

In the syntax, `<word>` is to be replaced, `[...]` may be left out, and `{...}` may be repeated. **Cost** is
what a command takes from the bucket of flood control (see [configuration](configuration.md)). What we add to
the protocol has [pages of its own](extensions/stream.md).

| Command | English | Español | Cost |
|---|---|---|---|
"""
_NOTES = """
<sup>1</sup> Also before registration. <sup>2</sup> Only before registration. <sup>3</sup> Only for operators
of the server.
"""


def page() -> str:
    """The whole page as it should stand in the repository."""
    rows = [_row(command) for _, command in sorted(registry.COMMANDS.items())]
    return _HEAD + "".join(rows) + _NOTES


def _row(command: Command) -> str:
    mark = "3" if command.right else "" if not command.before else "1" if command.after else "2"
    note = f" <sup>{mark}</sup>" if mark else ""
    syntax = command.syntax.replace("|", "\\|")
    return f"| `{syntax}`{note} | {command.help_en} | {command.help_es} | {command.cost:g} |\n"


if __name__ == "__main__":
    import tertulia.commands  # noqa: F401  # fills the table

    PAGE.write_text(page(), encoding="utf-8")
