"""The models' seats in the house: their connection in memory, and what is told about them.

What belongs here: joining the models' room to the server's. What must not: what a model does (`models`).
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from tertulia.cli.call_metrics import collect
from tertulia.cli.language import chosen
from tertulia.cli.ledger import ledger_for
from tertulia.cli.spending import dollar_of, rules
from tertulia.cli.translate_models import for_models, for_tools
from tertulia.cli.world import local_zone
from tertulia.config import Settings, model_folder, store_url
from tertulia.models.chain import OURS, Patience
from tertulia.models.facts import Inspector
from tertulia.models.host import Host, ModelStatus, Ways
from tertulia.models.local.catalogue import find
from tertulia.models.provider import ProviderError
from tertulia.models.providers import TABLE
from tertulia.models.readers import Readers
from tertulia.models.settings import ModelSettings
from tertulia.models.tools.mcp_server import McpServer
from tertulia.models.tools.toolbox import Shelf, Toolbox
from tertulia.models.treasury import Treasury
from tertulia.models.turns import Pace
from tertulia.ports import Accept, Keepsakes, Peer
from tertulia.store.open import open_notebook
from tertulia.transports.memory import MemoryClient, memory_pair

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

TRUSTED = Peer("memory", "localhost", secure=True, local=True, trusted=True)
TOLD_PERCENT = 10  # how often a download is logged

log = structlog.get_logger("tertulia.models")


class Seats:
    """All models of this server. Make it inside the running loop."""

    def __init__(self, settings: Settings, accept: Accept, readers: Readers, shelf: Shelf) -> None:
        self._accept = accept
        self._soon = asyncio.get_running_loop().call_soon
        self._told: dict[str, tuple[str, int]] = {}
        self._seats = for_models(settings, os.environ)
        self._treasury = Treasury(
            lambda: datetime.now(UTC),
            time.monotonic,
            rules(settings),
            ledger_for(settings),
            warn=lambda text: log.warning("ledger", text=text),
            on_failure=_call_failed,
            names_of=readers.names_of,
        )
        self._host = Host(
            self._seats,
            self._connect,
            os.environ,
            model_folder(settings, os.environ),
            hops=settings.limits.hops,
            on_status=self._tell,
            notebook=open_notebook(store_url(settings), settings.store.durability),
            zone=local_zone(os.environ),
            readers=readers,
            toolbox=Toolbox(
                [McpServer(one, os.environ, time.monotonic, _tools_fail) for one in for_tools(settings)],
                shelf,
            ),
            ways=ways_of(settings),
            concurrency=settings.calls.concurrency,
            treasury=self._treasury,
            dollar=dollar_of(settings),
        )

    def inspector(self) -> Inspector:
        """How the models are, for operators."""
        return Inspector(self._host)

    def keepsakes(self) -> Keepsakes:
        """What they keep of rooms and accounts."""
        return self._host.circle.keepsakes

    def take(self) -> None:
        """Everybody sits down; returns at once, whatever still has to be fetched."""
        self._host.start()

    def reconfigure(self, settings: Settings) -> None:
        """Other budgets hold from the next call on; currency and time zone stay."""
        self._treasury.rules = replace(self._treasury.rules, limits=rules(settings).limits)

    async def leave(self, goodbye: str) -> None:
        """What is being said is closed as incomplete, and everybody leaves."""
        await self._host.close(goodbye)

    def lines(self) -> list[str]:
        """For the person who started the server: each model, where it sits, and how far it is."""
        seated = zip(self._seats, self._host.status(), strict=True)
        return [line_of(status, model_of(seat)) for seat, status in seated]

    def metrics(self) -> Iterator[Metric]:
        """The models' families for Prometheus."""
        return collect(self._host)

    def states(self) -> dict[str, str]:
        """Each model's state by nick, for the health page."""
        return {status.nick: status.state for status in self._host.status()}

    def _connect(self, received: Callable[[bytes], None]) -> MemoryClient:
        return memory_pair(self._accept, TRUSTED, on_data=received, soon=self._soon)

    def _tell(self, status: ModelStatus) -> None:
        """Log what is new: another state, or another tenth of a download."""
        step = (status.percent or 0) // TOLD_PERCENT
        if self._told.get(status.nick) != (status.state, step):
            self._told[status.nick] = (status.state, step)
            level = log.warning if status.state == "failed" else log.info
            level("model", nick=status.nick, model=status.model, state=status.state, text=in_words(status))


def _call_failed(model: str, error: ProviderError) -> None:
    """The provider's own words; what is the question's fault, or the budget's, is no matter of the log."""
    if error.kind not in OURS:
        log.warning("call_failed", nick=model, kind=error.kind, text=error.detail)


def _tools_fail(name: str, why: str) -> None:
    log.warning("tools", server=name, text=why)


def ways_of(settings: Settings) -> Ways:
    """How long calls may take, as the operator set it."""
    calls = settings.calls
    return Ways(
        pace=Pace(total_seconds=calls.total_seconds),
        patience=Patience(attempts=calls.attempts, first_token_seconds=calls.first_token_seconds),
    )


def line_of(status: ModelStatus, model: str) -> str:
    """`  lola  local qwen...  #tertulia  [downloading, 12 %]`"""
    return f"  {status.nick}  {status.provider} {model}  {' '.join(status.rooms)}  [{in_words(status)}]"


def model_of(seat: ModelSettings) -> str:
    """Which model it is, also before it is there."""
    if seat.provider == "local":
        entry = find(seat.model)
        return entry.name if entry else Path(seat.model).name
    return seat.model or TABLE[seat.provider].model


def in_words(status: ModelStatus) -> str:
    return status.text[chosen() == "es"]
