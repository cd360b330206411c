"""The notifications' numbers, as Prometheus reads them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest

from tertulia.cli.push_metrics import collect
from tertulia.transports.push import PushSender
from tests.support.accounts import account, come
from tests.support.pushing import subscribe, with_hand
from tests.support.town import Town


class Page:
    def __init__(self, town: Town, sender: PushSender) -> None:
        self.town, self.sender = town, sender

    def collect(self) -> Iterator[Any]:
        return collect(self.town.hub.pushes, self.sender)


def test_every_number_is_there_under_its_name(tmp_path: Path) -> None:
    async def go() -> str:
        town = Town()
        account(town, "Ana")
        with_hand(town)
        ana = come(town, "ana", "ana", "draft/webpush")[0]
        for number in (1, 2):
            subscribe(ana, f"https://push.example.org/{number}")
        town.hub.pushes.gone(next(iter(town.hub.pushes._of["ana"].values())))
        sender = PushSender(tmp_path / "vapid.pem", "mailto:a@example.org", lambda: 0.0, lambda one: None)
        sender.sent, sender.failed, sender.dropped = 5, 2, 1
        registry = CollectorRegistry()
        registry.register(Page(town, sender))
        return generate_latest(registry).decode()

    told = asyncio.run(go()).splitlines()
    for line in (
        "tertulia_push_devices 1.0",
        'tertulia_push_total{outcome="sent"} 5.0',
        'tertulia_push_total{outcome="failed"} 2.0',
        'tertulia_push_total{outcome="dropped"} 1.0',
        "tertulia_push_expired_total 1.0",
    ):
        assert line in told
