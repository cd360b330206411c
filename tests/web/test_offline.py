"""Opened without a network: what was read before is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.cli.process import running
from tests.web.household import configured
from tests.web.visitor import Visit, eventually

pytestmark = pytest.mark.slow
KEPT = """(words) => new Promise((resolve) => {
  const open = indexedDB.open("tertulia", 1);
  open.onupgradeneeded = () => open.transaction.abort(); // it is the page's to make
  open.onerror = () => resolve(false);
  open.onsuccess = () => {
    const all = open.result.transaction("talk").objectStore("talk").getAll();
    all.onsuccess = () => {
      open.result.close();
      resolve(all.result.some((kept) => kept.entries.some((entry) => entry.text === words)));
    };
    all.onerror = () => resolve(false);
  };
})"""


def test_a_reload_without_a_network_shows_what_was_read(folder: Path, client: None, visit: Visit) -> None:
    """The page comes from the service worker, the talk from this browser; what one writes waits."""
    file = configured(folder, "", models=False)
    with running("--config", str(file)) as server:
        ana = visit(server).enter("ana_fuera", "#desván")
        ana.allowed += ["ERR_", "Failed to load", "WebSocket connection to"]
        for words in ("lo primero", "lo último"):
            ana.say(words)
            ana.sees(words)
        eventually(ana.page, lambda: ana.page.evaluate(KEPT, "lo último"))
        ana.measure("navigator.serviceWorker.ready.then(() => true)")
    ana.context.set_offline(True)
    ana.page.reload()
    expect(ana.page.locator(".room-head h1")).to_have_text("desván")
    ana.sees("lo último")
    assert ana.texts() == ["lo primero", "lo último"]
    expect(ana.page.locator(".offline")).to_contain_text(
        "You are offline. What was read before is still here."
    )
    ana.picture("offline")
    ana.page.locator(".me-card").click()
    expect(ana.page.get_by_role("dialog")).to_contain_text("Appearance")
    ana.page.keyboard.press("Escape")
    ana.say("dicho sin red")
    expect(ana.page.locator(".pending")).to_contain_text("dicho sin red")
