"""Pictures lose what they tell beside what is seen, in whatever pieces they come; anything else stays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from zlib import compress, crc32

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tertulia.protocol.pictures import EXIF, HEAD_BYTES, PNG, Stripped, exif_with, orientation_of

SECRET = b"40.4168 N, 3.7038 W"


def stripped(data: bytes, *cuts: int) -> bytes:
    """What is kept of a file that comes in pieces with these ends."""
    walk, kept, before = Stripped(), b"", 0
    for cut in [*sorted(min(cut, len(data)) for cut in cuts), len(data)]:
        kept += walk.feed(data[before:cut])
        before = cut
    return kept + walk.end()


# --- JPEG -------------------------------------------------------------------------------------------------


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2, "big") + body


def tiff(order: Literal["little", "big"], orientation: int | None) -> bytes:
    """A directory with a maker, perhaps an orientation, and a place far behind."""
    entries = [(0x010F, 2, len(SECRET), 200)]
    if orientation is not None:
        entries.append((0x0112, 3, 1, orientation if order == "little" else orientation << 16))

    def numbers(values: tuple[int, ...], *sizes: int) -> bytes:
        return b"".join(value.to_bytes(size, order) for value, size in zip(values, sizes, strict=True))

    head = (b"II*\0" if order == "little" else b"MM\0*") + numbers((8, len(entries)), 4, 2)
    return (head + b"".join(numbers(entry, 2, 2, 4, 4) for entry in entries)).ljust(200, b"\0") + SECRET


START, STOP = b"\xff\xd8", b"\xff\xd9"
JFIF = segment(0xE0, b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0")
ICC = segment(0xE2, b"ICC_PROFILE\0\x01\x01profile")
ADOBE = segment(0xEE, b"Adobe\0\x64\0\0\0\0\x01")
TABLE = segment(0xDB, bytes(65))
CODED = b"\x12\xff\x00\x34\xff\xd0\x56" * 30
PICTURE = TABLE + segment(0xDA, b"\x01\x01\0\0\x3f\0") + CODED
TOLD = (
    segment(0xE1, EXIF + tiff("big", None)),
    segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + SECRET),
    segment(0xED, b"Photoshop 3.0\0" + SECRET),
    segment(0xE2, b"MPF\0" + SECRET),
    segment(0xE0, b"JFXX\0" + SECRET),
    segment(0xEB, SECRET * 3_000),
    segment(0xFE, SECRET),
)


@given(st.permutations([JFIF, ICC, ADOBE, *TOLD]), st.lists(st.integers(0, 60_000), max_size=6))
def test_a_jpeg_keeps_its_picture_and_its_colours(parts: Sequence[bytes], cuts: list[int]) -> None:
    whole = START + b"".join(parts) + PICTURE + TOLD[0] + PICTURE + STOP + SECRET
    kept = stripped(whole, *cuts)
    assert kept == START + b"".join(part for part in parts if part not in TOLD) + PICTURE + PICTURE + STOP


@pytest.mark.parametrize("order", ["little", "big"])
@pytest.mark.parametrize("way", range(1, 9))
def test_which_way_up_it_is_stays(order: Literal["little", "big"], way: int) -> None:
    kept = stripped(START + segment(0xE1, EXIF + tiff(order, way)) + PICTURE + STOP)
    alone = segment(0xE1, EXIF + exif_with(way)) if way != 1 else b""
    assert kept == START + alone + PICTURE + STOP
    assert orientation_of(EXIF + exif_with(way)) == way


def test_a_thumbnail_goes() -> None:
    thumbnail = segment(0xE0, b"JFIF\0\x01\x02\0\0\x01\0\x01\x01\x01" + b"rgb")
    assert stripped(START + thumbnail + PICTURE + STOP) == START + JFIF + PICTURE + STOP


def test_bytes_may_fill_up_before_a_marker() -> None:
    """T.81, B.1.1.2: "Any marker may optionally be preceded by any number of fill bytes, which are bytes
    assigned code X'FF'."
    """
    assert stripped(START + b"\xff\xff" + TOLD[0] + PICTURE + STOP) == START + PICTURE + STOP


@pytest.mark.parametrize("at", range(len(START + TOLD[0] + TABLE)))
def test_what_is_cut_off_tells_nothing_either(at: int) -> None:
    assert SECRET not in stripped((START + TOLD[0] + TABLE)[:at])


# --- PNG --------------------------------------------------------------------------------------------------


def chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + crc32(kind + data).to_bytes(4, "big")


HEAD = chunk(b"IHDR", bytes(13))
DATA = chunk(b"IDAT", compress(bytes(100_000), 0))
LAST = chunk(b"IEND", b"")
PNG_LOOKS = [chunk(kind, b"looks") for kind in (b"gAMA", b"iCCP", b"pHYs", b"acTL", b"fdAT", b"cICP")]
PNG_TELLS = [chunk(kind, SECRET) for kind in (b"tEXt", b"iTXt", b"zTXt", b"tIME", b"caBX", b"prVt")]
PNG_TELLS += [chunk(b"eXIf", tiff("little", 1)), chunk(b"eXIf", SECRET * 10_000)]


@given(st.permutations([*PNG_LOOKS, *PNG_TELLS]), st.lists(st.integers(0, 300_000), max_size=6))
def test_a_png_keeps_its_picture_and_its_looks(parts: Sequence[bytes], cuts: list[int]) -> None:
    kept = stripped(PNG + HEAD + b"".join(parts) + DATA + LAST + SECRET, *cuts)
    assert kept == PNG + HEAD + b"".join(part for part in parts if part in PNG_LOOKS) + DATA + LAST


def test_a_png_stays_the_right_way_up() -> None:
    kept = stripped(PNG + HEAD + chunk(b"eXIf", tiff("little", 6)) + DATA + LAST)
    assert kept == PNG + HEAD + chunk(b"eXIf", exif_with(6)) + DATA + LAST


# --- WebP -------------------------------------------------------------------------------------------------


def part(kind: bytes, data: bytes) -> bytes:
    return kind + len(data).to_bytes(4, "little") + data + bytes(len(data) % 2)


def webp(*parts: bytes) -> bytes:
    inside = b"WEBP" + b"".join(parts)
    return b"RIFF" + len(inside).to_bytes(4, "little") + inside


EXTENDED = part(b"VP8X", b"\x2c" + bytes(9))  # with a profile, Exif and XMP
CODED_WEBP = part(b"VP8 ", bytes(range(256)) * 300)
PROFILE = part(b"ICCP", b"profile")


@given(st.lists(st.integers(0, 100_000), max_size=6), st.integers(1, 8))
def test_a_webp_keeps_its_length(cuts: list[int], way: int) -> None:
    exif = tiff("little", way)
    tells = part(b"EXIF", exif), part(b"XMP ", SECRET), part(b"what", SECRET)
    whole = webp(EXTENDED, PROFILE, CODED_WEBP, *tells)
    kept = stripped(whole + SECRET, *cuts)
    alone = part(b"EXIF", exif_with(way).ljust(len(exif), b"\0"))
    gone = part(b"JUNK", bytes(len(SECRET)))
    assert kept == webp(part(b"VP8X", b"\x28" + bytes(9)), PROFILE, CODED_WEBP, alone, gone, gone)


@pytest.mark.parametrize("exif", [b"short", SECRET * 10_000])
def test_what_exif_cannot_be_is_written_over(exif: bytes) -> None:
    kept = stripped(webp(EXTENDED, CODED_WEBP, part(b"EXIF", exif)))
    assert kept.endswith(part(b"JUNK", bytes(len(exif))))


# --- Anything ---------------------------------------------------------------------------------------------

RIFF = b"RIFF\xff\xff\0\0WEBP"
BEGINNINGS = (START + b"\xff", START + JFIF, PNG, PNG + HEAD, RIFF, webp(EXTENDED), b"", b"GIF89a")


@given(st.sampled_from(BEGINNINGS), st.binary(max_size=300), st.lists(st.integers(0, 400), max_size=8))
@example(PNG, b"\xff\xff\xff\xffIDAT", [])
@example(START + b"\xff", b"\xff" * 200, [3, 4, 5])
@example(START, b"\xff\xda\x00\x02" + b"\xff" * 50, [8])
def test_garbage_is_kept_alike_however_it_comes(head: bytes, rest: bytes, cuts: list[int]) -> None:
    kept = stripped(head + rest, *cuts)
    assert kept == stripped(head + rest)
    assert len(kept) <= len(head + rest)
    assert stripped(kept) == kept or head.startswith(b"RIFF")


@given(st.binary(max_size=300))
def test_other_files_stay_as_they_are(data: bytes) -> None:
    other = b"GIF89a" + data
    assert stripped(other, 2, HEAD_BYTES, 40) == other


@given(st.binary(max_size=100))
def test_any_orientation_is_one_of_eight(exif: bytes) -> None:
    for start in (b"", b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08\0\x03\x01\x12\0\x03"):
        assert 1 <= orientation_of(start + exif) <= 8
