"""Files: dropped on the page, handed in, and seen by the others."""

from __future__ import annotations

import re
import struct
import zlib

import pytest
from playwright.sync_api import expect

from tests.cli.process import Server
from tests.web.visitor import Visit

pytestmark = pytest.mark.slow
DROP = """([name, type, bytes]) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([new Uint8Array(bytes)], name, { type }));
  const target = document.querySelector(".composer");
  for (const kind of ["dragover", "drop"])
    target.dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }));
}"""
# What a progress bar shows passes too fast to be looked at; the page itself takes note of it.
NOTE_PROGRESS = """() => { window.__bars = []; new MutationObserver(() => {
  const bar = document.querySelector("progress"); if (bar) window.__bars.push(bar.value); }
).observe(document.body, { childList: true, subtree: true, attributes: true }); }"""


def address_of_a_file(door: str) -> re.Pattern[str]:
    return re.compile(re.escape(door) + r"/\S+\s*$")


def picture(side: int) -> bytes:
    """A PNG of one colour (RFC 2083)."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = b"".join(b"\0" + b"\xc0\x50\x30" * side for _ in range(side))
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def test_a_dropped_picture_is_seen_by_the_others(server: Server, visit: Visit, socket_client) -> None:
    old = socket_client("archivera", "#ficheros")
    ana, eva = visit(server).enter("ana40", "#ficheros"), visit(server).enter("eva40", "#ficheros")
    ana.measure(NOTE_PROGRESS)
    ana.page.evaluate(DROP, ["teja.png", "image/png", list(picture(64))])
    expect(ana.field).to_have_value(address_of_a_file(ana.address))
    assert ana.measure("window.__bars.length") > 0
    ana.field.press("Enter")
    assert f"PRIVMSG #ficheros :{ana.address}/" in old.until("ana40!", "PRIVMSG #ficheros")
    image = eva.page.locator(".log img")
    expect(image).to_be_visible()
    assert image.evaluate("(img) => img.decode().then(() => img.naturalWidth)") == 64


def test_a_chosen_text_file_is_a_link(server: Server, visit: Visit) -> None:
    ana, eva = visit(server).enter("ana41", "#ficheros2"), visit(server).enter("eva41", "#ficheros2")
    file = {"name": "notas.txt", "mimeType": "text/plain", "buffer": b"unas notas"}
    ana.page.locator("input[type=file]").set_input_files(files=[file])
    expect(ana.field).to_have_value(address_of_a_file(ana.address))
    ana.field.press("Enter")
    link = eva.page.locator(".log .content a")
    expect(link).to_be_visible()
    href = link.get_attribute("href") or ""
    assert eva.context.request.get(href).text() == "unas notas"


def test_the_gallery_of_a_room(server: Server, visit: Visit) -> None:
    """What was handed in is shown by name and size, pictures by themselves; who keeps the room deletes it."""
    ana, eva = visit(server).enter("ana42", "#galeria"), visit(server).enter("eva42", "#galeria")
    for name, kind, data in (("teja.png", "image/png", picture(64)), ("notas.txt", "text/plain", b"unas")):
        ana.page.evaluate(DROP, [name, kind, list(data)])
        expect(ana.field).to_have_value(address_of_a_file(ana.address))
        ana.field.press("Enter")
        expect(ana.field).to_have_value("")
    expect(ana.log.locator("img")).to_have_attribute("alt", "teja.png")
    expect(ana.log.get_by_role("link", name="notas.txt")).to_be_visible()
    expect(ana.log.locator(".content", has_text="http")).to_have_count(0)  # the picture is its own address
    for one in (eva, ana):
        one.page.get_by_role("button", name="Files", exact=True).click()
    shown = eva.page.get_by_role("dialog").locator(".files li")
    expect(shown).to_have_count(2)
    image = shown.filter(has_text="teja.png").locator("img")
    assert image.evaluate("(img) => img.decode().then(() => img.naturalWidth)") == 64
    expect(shown.filter(has_text="notas.txt")).to_contain_text("4 B")
    expect(shown.get_by_role("button")).to_have_count(0)
    ana.picture("gallery")
    ana.page.once("dialog", lambda asked: asked.accept())
    ana.page.get_by_role("button", name="Delete notas.txt").click()
    expect(ana.page.get_by_role("dialog").locator(".files li")).to_have_count(1)
    expect(ana.page.get_by_role("dialog")).to_contain_text("teja.png")
