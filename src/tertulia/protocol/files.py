"""Files that people hand in: their records, what a file shows itself to be, and names that are safe to show.

What belongs here: values and pure questions about bytes. What must not: disks, HTTP, rights.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

from tertulia.limits import FILE_NAME_CHARACTERS

DOWNLOAD = "application/octet-stream"
"""The type of all that a browser must not show: it is offered as a download."""

TEXT = "text/plain"


class FileRecord(NamedTuple):
    """A file that was handed in. Whoever has the key may read it."""

    key: str  # unguessable; a part of its link
    name: str  # as it is shown
    type: str  # one of `SHOWN`, or `DOWNLOAD`
    size: int  # bytes
    digest: str  # SHA-256, hexadecimal
    owner: str  # identity of who handed it in
    account: str | None  # name of the owner's account
    room: str  # for which it was handed in, by `Room.buffer`: rooms can be renamed; "" for none
    made_at: int  # seconds since 1970
    expires_at: int  # the same; 0: never


class FileGone(NamedTuple):
    """A file that is no more."""

    key: str


class FileUse(NamedTuple):
    """How much somebody, or everybody, has here."""

    number: int
    size: int  # bytes


def _begins(*heads: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(heads)


def _riff(kind: bytes) -> Callable[[bytes], bool]:
    return lambda data: data[:4] == b"RIFF" and data[8:12] == kind


def _box(*brands: bytes) -> Callable[[bytes], bool]:
    return lambda data: data[4:8] == b"ftyp" and data[8:12] in brands


SHOWN: dict[str, Callable[[bytes], bool]] = {
    "image/png": _begins(b"\x89PNG\r\n\x1a\n"),
    "image/jpeg": _begins(b"\xff\xd8\xff"),
    "image/gif": _begins(b"GIF87a", b"GIF89a"),
    "image/webp": _riff(b"WEBP"),
    "image/avif": _box(b"avif", b"avis"),
    "audio/wav": _riff(b"WAVE"),
    "audio/mpeg": _begins(b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"),
    "audio/flac": _begins(b"fLaC"),
    "audio/ogg": _begins(b"OggS"),
    "video/mp4": _box(b"isom", b"iso2", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV"),
    "video/webm": _begins(b"\x1aE\xdf\xa3"),
}
"""What browsers may show in place, and the bytes by which it is known. Neither HTML nor SVG nor PDF: they can
hold programs."""


def type_of(head: bytes, declared: str) -> str:
    """What a file is, by its first bytes: what its sender says is believed of text alone, if text it is."""
    for name, shows in SHOWN.items():
        if shows(head):
            return name
    return TEXT if declared.partition(";")[0].strip().lower() == TEXT and _is_text(head) else DOWNLOAD


def _is_text(head: bytes) -> bool:
    """Whether it reads as UTF-8 without control characters. The last character may be cut."""
    for cut in range(4):
        try:
            text = head[: len(head) - cut].decode()
        except UnicodeDecodeError:
            continue
        return not any(ord(one) < 32 and one not in "\t\n\r\f" for one in text)
    return False


def shown_name(name: str) -> str:
    """The last part of a name, without what could deceive: control and direction marks, slashes, quotes."""
    last = re.split(r"[/\\]", name)[-1]
    kept = "".join(one for one in last if unicodedata.category(one)[0] != "C" and one not in '"<>|:*?')
    return kept.strip(" .")[:FILE_NAME_CHARACTERS] or "file"
