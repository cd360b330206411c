"""Pictures without what they tell beside what is seen: where and when a photograph was taken, with what.

What belongs here: walking through JPEG, PNG and WebP as they come, a piece at a time, and leaving parts out.
What must not: decoding a picture, or writing one anew: not a pixel is touched. Other types pass as they are.

What is known to be needed for showing is kept, everything else goes: so what a maker of telephones invents
tomorrow goes too. Which way up a picture is held (the tag Orientation) is kept, written anew, alone. What
follows the end of a picture (a second one, a film) goes. From where a file stops keeping to its format, it
passes as it came: no program finds its way in that, and it may be all that somebody has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from zlib import crc32

Walk = Generator[int, bytes, None]
"""Yields how many bytes it wants, and is sent them; `ANY`: what there is, two at least. Fewer: it ended."""

ANY = 0
HEAD_BYTES = 12  # by which the three are known
PART_BYTES = 65_536  # what is held back at most, and the most that a JPEG segment can have


class Stripped:
    """One file on its way. Give it each piece (`feed`), and say when there is no more (`end`); both return
    what is to be kept."""

    def __init__(self) -> None:
        self._held = bytearray()  # has come and was not looked at
        self._kept = bytearray()
        self._walk: Walk | None = None
        self._wants = HEAD_BYTES
        self._begun = self._passing = self._over = False

    def feed(self, data: bytes) -> bytes:
        if self._passing:
            return data
        if self._over:
            return b""
        self._held += data
        return self._go_on(ended=False)

    def end(self) -> bytes:
        return self._go_on(ended=True)

    def _go_on(self, ended: bool) -> bytes:
        if not self._begun and (ended or len(self._held) >= HEAD_BYTES):
            self._begin()
        while self._walk is not None and (ended or len(self._held) >= (self._wants or 2)):
            found = bytes(self._held[: self._wants or PART_BYTES])
            del self._held[: len(found)]
            self._send(found)
        if self._passing:
            self._kept += self._held
            self._held.clear()
        kept = bytes(self._kept)
        self._kept.clear()
        return kept

    def _begin(self) -> None:
        self._begun = True
        head = bytes(self._held[:HEAD_BYTES])
        walk = next((walk for begins, walk in KINDS if begins(head)), None)
        self._passing = walk is None
        if walk is not None:
            self._walk = walk(self)
            self._wants = next(self._walk)

    def _send(self, found: bytes) -> None:
        assert self._walk is not None
        try:
            self._wants = self._walk.send(found)
        except StopIteration:
            self._walk = None
            self._passing = not self._over
            if self._over:
                self._held.clear()

    # --- For the walks ------------------------------------------------------------------------------------

    def keep(self, data: bytes) -> None:
        self._kept += data

    def give_back(self, data: bytes) -> None:
        """It is to be sent again."""
        self._held[:0] = data

    def finish(self) -> None:
        """The picture ends here: what follows is no part of it."""
        self._over = True

    def stream(self, size: int, change: Callable[[bytes], bytes] = lambda data: data) -> Walk:
        """So many bytes, however many: they are kept as `change` makes them."""
        while size:
            data = yield min(size, PART_BYTES)
            if not data:
                return
            self.keep(change(data))
            size -= len(data)

    def skip(self, size: int) -> Walk:
        yield from self.stream(size, lambda data: b"")


# --- Which way up -----------------------------------------------------------------------------------------

ORIENTATION = 0x0112
SHORT = 3
UPRIGHT = 1
EXIF = b"Exif\0\0"


def orientation_of(exif: bytes) -> int:
    """1 to 8: the tag Orientation in the first directory of what Exif says (TIFF 6.0); 1 where it is not."""
    tiff = exif.removeprefix(EXIF)
    order = {b"II*\0": "little", b"MM\0*": "big"}.get(tiff[:4])
    if order is None:
        return UPRIGHT

    def number(at: int, size: int) -> int:
        return int.from_bytes(tiff[at : at + size], "little" if order == "little" else "big")

    at = number(4, 4)
    for entry in range(at + 2, min(at + 2 + 12 * number(at, 2), len(tiff) - 11), 12):
        if number(entry, 2) == ORIENTATION and number(entry + 2, 2) == SHORT:
            return value if 1 <= (value := number(entry + 8, 2)) <= 8 else UPRIGHT
    return UPRIGHT


def exif_with(orientation: int) -> bytes:
    """A directory of that one tag, 26 bytes."""
    entry = b"".join(part.to_bytes(size, "big") for part, size in (
        (ORIENTATION, 2), (SHORT, 2), (1, 4), (orientation, 2), (0, 2)
    ))  # fmt: skip
    return b"MM\0*" + (8).to_bytes(4, "big") + (1).to_bytes(2, "big") + entry + bytes(4)


# --- JPEG (ITU-T T.81, annex B) ---------------------------------------------------------------------------

END, SCAN, COMMENT = 0xD9, 0xDA, 0xFE
APP0, APP15 = 0xE0, 0xEF
ALONE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length: TEM, RSTn
IN_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # a marker that ends the coded data of a scan
JFIF_BYTES = 12  # without the thumbnail


def _segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2, "big") + body


def _segment_kept(marker: int, body: bytes) -> bytes:
    """What stays of a segment: of those for applications, what colours depend on."""
    if marker != COMMENT and not APP0 <= marker <= APP15:
        return _segment(marker, body)
    if marker == APP0 and body.startswith(b"JFIF\0"):
        return _segment(marker, body[:JFIF_BYTES].ljust(JFIF_BYTES, b"\0") + b"\0\0")
    if marker == APP0 + 1 and body.startswith(EXIF):
        way = orientation_of(body)
        return _segment(marker, EXIF + exif_with(way)) if way != UPRIGHT else b""
    colours = (marker == APP0 + 2 and body.startswith(b"ICC_PROFILE\0")) or (
        marker == APP0 + 14 and body.startswith(b"Adobe")
    )
    return _segment(marker, body) if colours else b""


def _jpeg(file: Stripped) -> Walk:
    file.keep((yield 2))
    while True:
        head = yield 2
        marker = head[1] if len(head) == 2 and head[0] == 0xFF else 0
        if marker == 0xFF:  # any number of these may stand before a marker
            file.give_back(head[1:])
            continue
        if marker in ALONE or marker == END:
            file.keep(head)
            if marker == END:
                return file.finish()
            continue
        size = (yield 2) if marker else b""
        length = int.from_bytes(size, "big")
        if not marker or len(size) < 2 or length < 2:
            return file.keep(head + size)
        if length > 2:
            body = yield length - 2
        else:
            body = b""
        if len(body) < length - 2:  # cut off: a part that would have stayed stays
            return file.keep(head + size + body if _segment_kept(marker, body) else b"")
        file.keep(_segment_kept(marker, body))
        if marker == SCAN:
            yield from _coded(file)


def _coded(file: Stripped) -> Walk:
    """The coded data of a scan, up to the next marker."""
    while len(data := (yield ANY)) > 1:
        found = IN_SCAN.search(data)
        end = found.start() if found else len(data) - data.endswith(b"\xff")
        file.keep(data[:end])
        file.give_back(data[end:])
        if found:
            return
    file.keep(data)


# --- PNG (ISO/IEC 15948, third edition) -------------------------------------------------------------------

PNG = b"\x89PNG\r\n\x1a\n"
PNG_KEPT = frozenset(
    {b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"mDCV", b"cLLI", b"sBIT", b"bKGD", b"hIST"}
    | {b"pHYs", b"sPLT", b"acTL", b"fcTL", b"fdAT"}
)
"""Chunks that one could do without, but that say how the picture looks or moves."""

CRC_BYTES = 4
PNG_LENGTH_MOST = 0x7FFF_FFFF


def _png(file: Stripped) -> Walk:
    file.keep((yield len(PNG)))
    while True:
        head = yield 8
        size, kind = int.from_bytes(head[:4], "big"), head[4:]
        if len(head) < 8 or size > PNG_LENGTH_MOST or not kind.isalpha():
            return file.keep(head)
        if kind in PNG_KEPT or kind[:1].isupper():  # a capital: without it there is no picture
            file.keep(head)
            yield from file.stream(size + CRC_BYTES)
        elif kind == b"eXIf" and size <= PART_BYTES:
            exif = yield size + CRC_BYTES
            file.keep(_png_exif(exif[:size]))
        else:
            yield from file.skip(size + CRC_BYTES)
        if kind == b"IEND":
            return file.finish()


def _png_exif(exif: bytes) -> bytes:
    way = orientation_of(exif)
    if way == UPRIGHT:
        return b""
    chunk = b"eXIf" + exif_with(way)
    return (len(chunk) - 4).to_bytes(4, "big") + chunk + crc32(chunk).to_bytes(4, "big")


# --- WebP (RFC 9649) --------------------------------------------------------------------------------------

WEBP_KEPT = frozenset({b"VP8 ", b"VP8L", b"ANIM", b"ANMF", b"ALPH", b"ICCP"})
EXTENDED, EXTENDED_BYTES, XMP_FLAG = b"VP8X", 10, 0x04
JUNK = b"JUNK"
"""The length of the whole stands before all else and has been passed on already. So what goes is written over
with zeros, under a name that RIFF has for it; readers pass over what they do not know (RFC 9649, 2.7.1.6)."""


def _webp(file: Stripped) -> Walk:
    riff = yield HEAD_BYTES
    file.keep(riff)
    left = int.from_bytes(riff[4:8], "little") - 4
    while left > 0:
        head = yield 8
        kind, size = head[:4], int.from_bytes(head[4:], "little")
        padded = size + size % 2
        if len(head) < 8 or padded + 8 > left + 1:  # some writers leave the last byte out
            return file.keep(head)
        left -= padded + 8
        yield from _webp_chunk(file, head, kind, padded)
    return file.finish()


def _webp_chunk(file: Stripped, head: bytes, kind: bytes, size: int) -> Walk:
    if kind == EXTENDED and size >= EXTENDED_BYTES:
        flags = yield 1
        file.keep(head + bytes(one & ~XMP_FLAG for one in flags))
        yield from file.stream(size - 1)
    elif kind in WEBP_KEPT or kind == EXTENDED:
        file.keep(head)
        yield from file.stream(size)
    elif kind == b"EXIF" and len(exif_with(UPRIGHT)) <= size <= PART_BYTES:
        exif = yield size
        file.keep(head + exif_with(orientation_of(exif)).ljust(len(exif), b"\0")[: len(exif)])
    else:
        file.keep(JUNK + head[4:])
        yield from file.stream(size, lambda data: bytes(len(data)))


KINDS: tuple[tuple[Callable[[bytes], bool], Callable[[Stripped], Walk]], ...] = (
    (lambda head: head.startswith(b"\xff\xd8\xff"), _jpeg),
    (lambda head: head.startswith(PNG), _png),
    (lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP", _webp),
)
"""How the three begin (as in `files.SHOWN`), and how one walks through them."""
