"""Message tags (IRCv3 message-tags): escaping, client-only prefix, and which tags a client may send.

What belongs here: the text form of tags. What must not: which capability lets whom see which tag (`fanout`).
"""

from __future__ import annotations

import re

Tags = dict[str, str]

_ESCAPES = {":": ";", "s": " ", "r": "\r", "n": "\n", "\\": "\\"}
_TO_ESCAPE = {";": "\\:", " ": "\\s", "\r": "\\r", "\n": "\\n", "\\": "\\\\"}
_NEEDS_ESCAPE = re.compile(r"[; \r\n\\]")
_ESCAPED = re.compile(r"\\(.?)", re.DOTALL)
_KEY = re.compile(r"\+?(?:[A-Za-z0-9.-]+/)?[A-Za-z0-9-]+")


def escape(value: str) -> str:
    """A tag's value as it is written on the wire."""
    return _NEEDS_ESCAPE.sub(lambda found: _TO_ESCAPE[found[0]], value)


def unescape(value: str) -> str:
    """A tag's value as it is meant. A lone backslash at the end is dropped; an unknown escape loses its
    backslash.
    """
    if "\\" not in value:
        return value
    return _ESCAPED.sub(lambda found: _ESCAPES.get(found[1], found[1]), value)


def parse_tags(text: str) -> Tags:
    """Tags without the "@". The last of a repeated key wins ("implementations MUST use the last")."""
    tags: Tags = {}
    for item in text.split(";"):
        key, _, value = item.partition("=")
        if key:
            tags[key] = unescape(value)
    return tags


def format_tags(tags: Tags) -> str:
    """Tags without the "@"; a tag with an empty value is written without "="."""
    return ";".join(f"{key}={escape(value)}" if value else key for key, value in tags.items())


def allowed(tags: Tags, denied: tuple[str, ...]) -> Tags:
    """Client-only tags less those which CLIENTTAGDENY names: without "+"; "*" is all, "-" an exception."""
    rest = "*" not in denied
    return {
        key: value
        for key, value in tags.items()
        if (rest and key[1:] not in denied) or f"-{key[1:]}" in denied
    }


def client_only(tags: Tags) -> Tags:
    """The tags that a client may add to what it says: those with a valid key and the "+" prefix."""
    return {key: value for key, value in tags.items() if key[0] == "+" and _KEY.fullmatch(key)}
