"""The page of conformance, made from the code's tables: `python -m tests.house.conformance_page` writes it.

What belongs here: how a row is written down. What must not: what it says (`conformance_notes.py`).
"""

from __future__ import annotations

from tertulia.commands import registry
from tertulia.commands.settings import ServerSettings, Service
from tertulia.protocol import isupport
from tertulia.protocol.capabilities import CAPABILITIES, Capability
from tests.house import conformance_notes as notes
from tests.house.tree import ROOT

PAGE = ROOT / "docs" / "conformance.md"
SPECIFICATIONS = "https://github.com/ircv3/ircv3-specifications/blob/master/extensions/"
_HEAD = """\
# Conformance

*What we speak of IRCv3 and of older IRC: specification, status, what we do, where we differ and why. This
page is made from the tables in the code (`python -m tests.house.conformance_page`), and a test compares the
two. The tests of each part quote the sentences that they test.*

Where nothing else is said, the ground is [modern-irc](https://modern.ircdocs.horse/).

| Name | Specification | Status | What we do | Where we differ, and why |
|---|---|---|---|---|
"""
_TAGS = """
## Client tags

| Tag | Specification | Status | What we do |
|---|---|---|---|
"""
_TOKENS = """
## Tokens of ISUPPORT

The last ones are there when the configuration asks for them, `VAPID` when a client asked for `draft/webpush`.

| Token | Specification |
|---|---|
"""
_COMMANDS = """
## Commands

[Commands](commands.md) has their syntax.

| Command | Specification |
|---|---|
"""
CONFIGURED = ServerSettings(
    client_tags_denied=("typing",),
    icon="https://example.org/icon.svg",
    filehost="https://example.org/files",
    services=(Service("FILEHOST", "https://example.org/files", ""),),
)


VAPID = "VAPID=BA1Hxzyi…"  # told to those alone who negotiated it


def page() -> str:
    """The whole page as it should stand in the repository."""
    rows = sorted([_capability(row) for row in CAPABILITIES] + [_other(*row) for row in notes.OTHERS])
    tags = [
        f"| `{name}` | {_link(where)} | {status} | {does} |\n"
        for name, where, status, does in notes.CLIENT_TAGS
    ]
    tokens = [*isupport.tokens("Tertulia"), *CONFIGURED.tokens, VAPID]
    told = [f"| `{token}` | {notes.TOKENS.get(name_of(token), 'modern-irc')} |\n" for token in tokens]
    known = {**dict.fromkeys(notes.MODERN, "modern-irc"), **notes.COMMANDS}
    verbs = [f"| `{name}` | {known[name]} |\n" for name in sorted(registry.COMMANDS)]
    return "".join([_HEAD, *rows, _TAGS, *tags, _TOKENS, *told, _COMMANDS, *verbs])


def name_of(token: str) -> str:
    """A token's name, without its value."""
    return token.partition("=")[0]


def _capability(row: Capability) -> str:
    note = notes.CAPABILITIES[row.name]
    vendor = row.name.rpartition("/")[0]
    status = {"": "ratified", "draft": "draft", "soju.im": "soju's", "tertulia.chat": "ours"}[vendor]
    return _row(f"`{row.name}`", row.specification, status, note)


def _other(name: str, where: str, status: str, note: notes.Note) -> str:
    return _row(name, where, status, note)


def _row(name: str, where: str, status: str, note: notes.Note) -> str:
    return f"| {name} | {_link(where)} | {status} | {note.does} | {note.differs} |\n"


def _link(where: str) -> str:
    name = where.rpartition("/")[2].removesuffix(".md")
    if where.startswith("https://"):
        return f"[{name}]({where})"
    if where.startswith("docs/"):
        return f"[{name}]({where.removeprefix('docs/')})"
    if where.startswith("../"):
        return f"[{name}]({SPECIFICATIONS.removesuffix('extensions/')}{where.removeprefix('../')})"
    return f"[{name}]({SPECIFICATIONS}{where})"


if __name__ == "__main__":
    import tertulia.commands  # noqa: F401  # fills the table

    PAGE.write_text(page(), encoding="utf-8")
