"""Links between the project's own documents.

What belongs here: finding links in Markdown and what they point at. What must not: links to other sites,
which only their owners can keep.
"""

from __future__ import annotations

import re
from pathlib import Path

_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]*`")
_LINK = re.compile(r"\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
_HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$", re.MULTILINE)
_OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def broken_links(path: Path) -> list[str]:
    """The relative links of a Markdown file that lead nowhere: to a missing file, or a missing heading."""
    found = []
    for link in links(path.read_text(encoding="utf-8")):
        file, _, fragment = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        if not target.exists() or (
            fragment and target.suffix == ".md" and fragment not in _anchors_of(target)
        ):
            found.append(link)
    return found


def links(text: str) -> list[str]:
    """Every link of a Markdown text that stays inside the project; code is no text."""
    plain = _CODE.sub("", _FENCE.sub("", text))
    return [link for link in _LINK.findall(plain) if not _OUTSIDE.match(link)]


def anchors(text: str) -> set[str]:
    """What a heading can be reached by: small letters and dashes, as the usual renderers make them."""
    headings = _HEADING.findall(_FENCE.sub("", text))
    bare = (re.sub(r"[`*]|\]\([^)]*\)|\[", "", heading).lower() for heading in headings)
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in bare}


def _anchors_of(path: Path) -> set[str]:
    return anchors(path.read_text(encoding="utf-8"))
