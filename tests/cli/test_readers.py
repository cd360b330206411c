"""What the server knows of its readers, asked by its models."""

from __future__ import annotations

from tertulia.cli.readers import HubReaders
from tests.support.town import Town


def test_markers_and_floors() -> None:
    town = Town()
    readers = HubReaders(town.hub)
    ana = town.join("ana", "#r", caps="draft/read-marker server-time")
    ana.say("MARKREAD #r timestamp=2026-09-21T12:00:00.000Z")
    assert readers.read_until("Ana", "#R") > 0
    assert readers.read_until("nobody", "#r") == readers.floor("ana", "#none") == 0
    assert readers.floor("ana", "#r") == readers.common_floor("#r") == readers.common_floor("#none") == 0
