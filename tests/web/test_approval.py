"""A call that waits for a word, with a real server of tools: nothing is done before somebody has agreed."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.cli.process import Server, running
from tests.house.tree import ROOT
from tests.web.visitor import Visit, Visitor
from tests.whole.outside import written

pytestmark = pytest.mark.slow
SCRIPT = (
    'Voy. [[notas__write {"name": "uno.txt", "text": "leche y pan"}]]',
    "La nota está escrita.",
    'Voy. [[notas__write {"name": "dos.txt", "text": "nada"}]]',
    "Entonces no la escribo.",
)
MODELS = """
[[models]]
nick = "mano"
provider = "scripted"
tools = true
rooms = ["#permisos"]
script = {script}

[[mcp]]
name = "notas"
command = {command}
allow = ["room:#permisos"]
timeout_seconds = 120.0
"""
START_MS = 120_000  # another Python has to come up first


@pytest.fixture
def notes(folder: Path) -> Path:
    (folder / "notas").mkdir()
    return folder / "notas"


@pytest.fixture
def server(folder: Path, notes: Path, client: None) -> Iterator[Server]:
    """With a model that calls tools, and a server of them over its standard streams."""
    command = [sys.executable, str(ROOT / "tests" / "web" / "mcp_notes.py"), str(notes)]
    models = MODELS.format(script=json.dumps(SCRIPT, ensure_ascii=False), command=json.dumps(command))
    with running("--config", str(written(folder, doors=("irc", "http"), models=models))) as found:
        yield found


def card(one: Visitor) -> Locator:
    """The newest one."""
    return one.page.locator("article.approval").last


def test_approved_and_denied_in_the_browser(server: Server, visit: Visit, notes: Path) -> None:
    """ "nothing is changed in the world before a person has seen what, and agreed" (docs/tools.md)."""
    ana = visit(server).enter("ana_permiso", "#permisos")
    eva = visit(server).enter("eva_permiso", "#permisos")
    expect(ana.page.locator(".members")).to_contain_text("mano")
    ana.say("mano: apunta la compra")
    expect(card(ana)).to_contain_text("notas/write", timeout=START_MS)
    expect(card(ana).locator("pre")).to_contain_text('"text": "leche y pan"')
    expect(card(eva)).to_contain_text("notas/write")
    ana.picture("approval")
    assert list(notes.iterdir()) == []
    card(ana).get_by_role("button", name="Approve", exact=True).click()
    ana.sees("La nota está escrita.")
    expect(card(ana)).to_contain_text("Approved")
    expect(card(eva)).to_contain_text("Approved")
    assert [file.name for file in notes.iterdir()] == ["uno.txt"]
    assert (notes / "uno.txt").read_text(encoding="utf-8") == "leche y pan"

    ana.say("mano: y ahora otra")
    expect(card(ana).locator("pre")).to_contain_text("dos.txt")
    card(ana).get_by_role("button", name="Deny").click()
    ana.sees("Entonces no la escribo.")
    expect(card(ana)).to_contain_text("Denied")
    assert [file.name for file in notes.iterdir()] == ["uno.txt"]


def test_who_may_not_decide_has_no_buttons(server: Server, visit: Visit) -> None:
    """Whoever asked decides, or an operator of the room; the others see who."""
    jefa = visit(server).enter("jefa_permiso", "#permisos")
    jefa.page.get_by_role("button", name="mano").first.wait_for()
    eva = visit(server).enter("eva_mira", "#permisos")
    jefa.say("mano: apunta la compra")
    expect(card(jefa).get_by_role("button", name="Deny")).to_be_visible(timeout=START_MS)
    expect(card(eva)).to_contain_text("jefa_permiso or an operator of the room decides")
    expect(card(eva).get_by_role("button")).to_have_count(0)
