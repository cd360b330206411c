"""The models' numbers, as Prometheus reads them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest

from tertulia.cli.call_metrics import collect
from tertulia.models.host import Host
from tertulia.models.provider import Delta, Usage
from tertulia.models.settings import ModelSettings
from tests.models.calls import REQUEST, World, items


class Page:
    def __init__(self, host: Host) -> None:
        self.host = host

    def collect(self):  # type: ignore[no-untyped-def]
        return collect(self.host)


def test_every_number_is_there_under_its_name(tmp_path: Path) -> None:
    async def go() -> str:
        world = World()
        seats = [ModelSettings("Lola", "scripted", script=("hola",)), ModelSettings("gpt", "openai")]
        connect: Any = None  # nobody joins here
        host = Host(seats, connect, {}, tmp_path, treasury=world.treasury)
        link = host.links()[0]
        from tertulia.models.chain import Chain
        from tertulia.models.scripted import Scripted

        link.provider = Scripted(["hola"])
        found = await items(Chain([link], world.treasury), REQUEST)
        assert any(isinstance(item, Delta) for item in found) and any(
            isinstance(item, Usage) for item in found
        )
        host.links()[1].breaker.rest(60)
        registry = CollectorRegistry()
        registry.register(Page(host))  # type: ignore[arg-type]
        return generate_latest(registry).decode()

    page = asyncio.run(go())
    for line in (
        'tertulia_model_calls_total{model="lola",outcome="whole",provider="scripted"} 1.0',
        'tertulia_model_tokens_total{direction="out",model="lola"} 1.0',
        'tertulia_model_cost_total{currency="USD",model="lola"} 0.0',
        'tertulia_model_first_word_seconds_bucket{le="+Inf",model="lola"} 1.0',
        'tertulia_model_first_word_seconds_count{model="lola"} 1.0',
        'tertulia_model_breaker{model="gpt"} 2.0',
        'tertulia_provider_queue{model="lola"} 0.0',
        'tertulia_model_waiting{model="Lola"} 0.0',
    ):
        assert line in page, line
