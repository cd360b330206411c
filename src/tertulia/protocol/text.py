"""Text cut to fit lines: where to cut, and never inside a character.

What belongs here: the cutting that relaying, multiline and the plain door share. What must not: who needs it.
"""

from __future__ import annotations

from collections.abc import Iterable

ZERO_WIDTH_JOINER = "\u200d"


def cut(text: str, limit_bytes: int) -> list[str]:
    """`text` in pieces of at most `limit_bytes` UTF-8 bytes which, joined, are the text again.

    Between words where that loses less than half a piece; the space stays at the end of its piece, as the
    multiline specification advises. Never inside a character, and not before a combining mark or a joiner.
    """
    pieces: list[str] = []
    raw = text.encode()
    while len(raw) > limit_bytes:
        end = _boundary(raw, limit_bytes)
        pieces.append(raw[:end].decode())
        raw = raw[end:]
    if raw or not pieces:
        pieces.append(raw.decode())
    return pieces


def _boundary(raw: bytes, limit: int) -> int:
    space = raw.rfind(b" ", limit // 2, limit)
    if space != -1:
        return space + 1
    end = _character_start(raw, limit)
    while end > limit // 2 and _belongs_to_previous(raw, end):
        end = _character_start(raw, end - 1)
    return end if end > limit // 2 else max(1, _character_start(raw, limit))


def _character_start(raw: bytes, at: int) -> int:
    while at > 0 and raw[at] & 0xC0 == 0x80:
        at -= 1
    return at


def _belongs_to_previous(raw: bytes, at: int) -> bool:
    following = raw[at : at + 4].decode(errors="ignore")[:1]
    before = raw[max(0, at - 4) : at].decode(errors="ignore")[-1:]
    return following == ZERO_WIDTH_JOINER or before == ZERO_WIDTH_JOINER or _combines(following)


def _combines(character: str) -> bool:
    """Combining marks, variation selectors, skin tones: what is drawn onto the character before it."""
    return bool(character) and (
        "\u0300" <= character <= "\u036f"
        or "\ufe00" <= character <= "\ufe0f"
        or "\U0001f3fb" <= character <= "\U0001f3ff"
    )


def one_line(text: str, limit_characters: int, limit_bytes: int = 0) -> str:
    """Free text (a topic, a reason) made safe for one line and cut to its limits. 0 bytes: no limit in
    bytes."""
    clean = text.replace("\r", " ").replace("\n", " ").replace("\0", "")[:limit_characters]
    if limit_bytes and len(clean.encode()) > limit_bytes:
        clean = clean.encode()[:limit_bytes].decode(errors="ignore")
    return clean


def packed(words: Iterable[str], limit_bytes: int, separator: str = " ") -> list[str]:
    """Words joined into as few texts of at most `limit_bytes` as their order allows; none for no words."""
    texts: list[str] = []
    used = 0
    for word in words:
        size = len(separator.encode()) + len(word.encode())
        if texts and used + size <= limit_bytes:
            texts[-1] = f"{texts[-1]}{separator}{word}"
            used += size
        else:
            texts.append(word)
            used = size - len(separator.encode())
    return texts


def lines_and_cuts(parts: list[tuple[str, bool]]) -> tuple[str, str]:
    """Lines, each with whether it continues the one before, as a `Message`'s text and cuts.

    The text joins new lines by a line feed and continued ones directly. `cuts` remembers the composition, so
    that it can be sent again as it was ("Servers SHOULD maintain the line composition"): one item a part,
    `n` or `c` followed by the part's length in characters.
    """
    text = ""
    cuts: list[str] = []
    for number, (part, concat) in enumerate(parts):
        if number and not concat:
            text += "\n"
        text += part
        cuts.append(f"{'c' if concat and number else 'n'}{len(part)}")
    return text, ",".join(cuts) if len(parts) > 1 else ""


def parts_of(text: str, cuts: str) -> list[tuple[str, bool]]:
    """The inverse of `lines_and_cuts`; without cuts, one part a line of the text."""
    if not cuts:
        return [(line, False) for line in text.split("\n")]
    parts: list[tuple[str, bool]] = []
    at = 0
    for item in cuts.split(","):
        concat, size = item[0] == "c", int(item[1:])
        if parts and not concat:
            at += 1  # the line feed between
        parts.append((text[at : at + size], concat))
        at += size
    return parts
