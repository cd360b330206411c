"""What a file shows itself to be, and the names under which it is shown."""

from __future__ import annotations

import pytest

from tertulia.limits import FILE_NAME_CHARACTERS
from tertulia.protocol.files import DOWNLOAD, TEXT, shown_name, type_of

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


@pytest.mark.parametrize(
    ("head", "declared", "expected"),
    [
        (PNG, "image/png", "image/png"),
        (PNG, "text/html", "image/png"),  # what it is said to be does not matter
        (b"\xff\xd8\xff\xe0", "", "image/jpeg"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "", "audio/wav"),
        (b"RIFF\x00\x00\x00\x00AVI LIST", "video/avi", DOWNLOAD),
        (b"\x00\x00\x00\x20ftypisom", "", "video/mp4"),
        (b"\x00\x00\x00\x20ftypheic", "image/heic", DOWNLOAD),
        (b"OggS\x00", "", "audio/ogg"),
        ("¿qué es un socket?\n".encode(), "text/plain; charset=utf-8", TEXT),
        (b"hola", "application/octet-stream", DOWNLOAD),
        ("ñ".encode()[:1], "text/plain", TEXT),  # a letter of two bytes, cut by the end of what was read
        (b"\xff\xfe\xfd\xfc\xfb\xfa", "text/plain", DOWNLOAD),
        (b"hola\x00", "text/plain", DOWNLOAD),
        (b"\x1b]0;title\x07", "text/plain", DOWNLOAD),  # a terminal would obey it
        (b"<html><script>alert(1)</script>", "text/html", DOWNLOAD),
        (b"<?xml version='1.0'?><svg onload='alert(1)'/>", "image/svg+xml", DOWNLOAD),
        (b"%PDF-1.7", "application/pdf", DOWNLOAD),
        (b"", "", DOWNLOAD),
    ],
)
def test_what_it_is_by_its_first_bytes(head: bytes, declared: str, expected: str) -> None:
    assert type_of(head, declared) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("foto.png", "foto.png"),
        ("año nuevo.jpg", "año nuevo.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ana\\foto.png", "foto.png"),
        ("a\r\nSet-Cookie: x=1", "aSet-Cookie x=1"),
        ("exe.\u202egnp", "exe.gnp"),  # a mark that would have shown "png.exe" backwards
        ('"><script>.png', "script.png"),
        ("...", "file"),
        ("", "file"),
        ("x" * 500, "x" * FILE_NAME_CHARACTERS),
    ],
)
def test_names_that_are_safe_to_show(name: str, expected: str) -> None:
    assert shown_name(name) == expected
