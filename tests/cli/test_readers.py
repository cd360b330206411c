"""What the server knows of its readers, asked by its models."""

from __future__ import annotations

from dataclasses import replace

from tertulia.cli.readers import HubReaders
from tertulia.protocol.accounts import AccountRecord, with_setting
from tertulia.protocol.metadata import NO_MODELS, SETTING, write
from tests.support.town import Town


def test_who_refuses_models_elsewhere_by_metadata() -> None:
    town = Town()
    readers = HubReaders(town.hub)
    ana = town.join("ana", caps="draft/metadata-2 batch standard-replies")
    account = AccountRecord("eva", "Eva", 1)
    town.network.accounts.put(
        replace(account, settings=with_setting(account, SETTING, write({NO_MODELS: "1"})))
    )
    assert not readers.refuses("~ana!~ana@127.0.0.1") and readers.refuses("eva")
    ana.say(f"METADATA * SET {NO_MODELS} :1")
    assert readers.refuses("~ana!~ana@127.0.0.1")
    assert not readers.refuses("~nobody!x@y") and not readers.refuses("nobody")


def test_markers_and_floors() -> None:
    town = Town()
    readers = HubReaders(town.hub)
    ana = town.join("ana", "#r", caps="draft/read-marker server-time")
    ana.say("MARKREAD #r timestamp=2026-09-21T12:00:00.000Z")
    assert readers.read_until("Ana", "#R") > 0
    assert readers.read_until("nobody", "#r") == readers.floor("ana", "#none") == 0
    assert readers.floor("ana", "#r") == readers.common_floor("#r") == readers.common_floor("#none") == 0
