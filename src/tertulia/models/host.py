"""Who seats the models: providers made, members connected and kept, the local model brought up, and how each
is.

What belongs here: putting the pieces of this room together. What must not: sockets (a `connect` is given),
settings' files, manners.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final, Protocol

from tertulia import limits
from tertulia.client.connection import wait_before
from tertulia.models import providers
from tertulia.models.breaker import Breaker
from tertulia.models.chain import Chain, Link, Patience
from tertulia.models.circle import Circle
from tertulia.models.gate import Gate
from tertulia.models.local.bringup import Means, bring_up
from tertulia.models.member import Member, Surroundings
from tertulia.models.notebook import Notebook
from tertulia.models.provider import Provider, ProviderError
from tertulia.models.readers import Readers
from tertulia.models.settings import ModelSettings
from tertulia.models.stage import model_name
from tertulia.models.tools.approvals import short_id
from tertulia.models.tools.toolbox import Toolbox
from tertulia.models.treasury import Asked, Treasury
from tertulia.models.turns import Pace
from tertulia.models.words import Language, say
from tertulia.protocol.casemap import fold

CLOSE_SECONDS: Final = 4.0  # for the child of the local model to end


class Wire(Protocol):
    """The members' end of a connection in memory."""

    def send(self, data: bytes) -> None: ...
    def close(self) -> None: ...


Connect = Callable[[Callable[[bytes], None]], Wire]
"""Open a connection to the server: what it says is given to the callable, from the loop's thread, never from
inside `connect` itself."""


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """How one model is, for the start-up lines, /health and metrics."""

    nick: str
    provider: str
    model: str
    rooms: tuple[str, ...]
    state: str  # ready, downloading, checking, waking, failed
    text: tuple[str, str]  # the same in words: English, Spanish
    percent: int | None = None  # while downloading
    joined: bool = False
    waiting: int = 0
    speaking: int = 0


@dataclass(frozen=True, slots=True)
class Ways:
    """Clocks and means, for tests to replace."""

    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    today: Callable[[], date] = date.today
    wall: Callable[[], float] = time.time
    pace: Pace = field(default_factory=Pace)
    patience: Patience = field(default_factory=Patience)
    means: Means = field(default_factory=Means)
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    new_id: Callable[[], str] = short_id  # of a reminder, of what waits for approval


class Seat:
    """One member, its connection, and how it is. Watches the local model for it (`bringup.Watcher`)."""

    def __init__(self, settings: ModelSettings, around: Surroundings, link: Link) -> None:
        self.settings = settings
        self.link = link
        self.chain: Provider | None = None  # made when everybody has a seat
        self.member = Member(settings, around)
        self.wire: Wire | None = None
        self.lost = asyncio.Event()
        self.attempt = 0
        self._state: tuple[str, dict[str, object]] = ("state.ready", {})

    def ready(self, provider: Provider) -> None:
        self.link.provider = provider
        self._state = ("state.ready", {})
        self.member.ready(self.chain or provider)

    def absent(self, name: str, **values: object) -> None:
        self.link.provider = None
        self._state = (name, values)
        self.member.absent(name, **values)

    def status(self) -> ModelStatus:
        name, values = self._state
        percent = values.get("percent")
        return ModelStatus(
            nick=self.member.session.nick,
            provider=self.settings.provider,
            model=model_name(self.member),
            rooms=self.settings.rooms,
            state=name.partition(".")[2],
            text=(say(name, "en", **values), say(name, "es", **values)),
            percent=percent if isinstance(percent, int) else None,
            joined=self.member.joined,
            waiting=self.member.desk.waiting,
            speaking=self.member.desk.speaking,
        )


class Host:
    """All models of one server. `start` returns at once; a model that cannot come says so in its place."""

    def __init__(
        self,
        settings: Sequence[ModelSettings],
        connect: Connect,
        environment: Mapping[str, str],
        folder: Path,
        *,
        ways: Ways | None = None,
        hops: int = limits.HOPS,
        on_status: Callable[[ModelStatus], None] = lambda status: None,
        notebook: Notebook | None = None,
        zone: str = "UTC",
        readers: Readers | None = None,
        toolbox: Toolbox | None = None,
        concurrency: int = limits.MODEL_CONCURRENCY,
        treasury: Treasury | None = None,
        dollar: Decimal | None = None,
    ) -> None:
        """`notebook`: what is kept between two starts, closed by `close`. `zone`: of whoever names none.
        `dollar`: what a US dollar is worth in the treasury's currency, when that is another. Raises
        `NotebookError`."""
        self._connect = connect
        self._environment = environment
        self._folder = folder
        self._hops = hops
        self._ways = ways or Ways()
        self.circle = Circle(notebook, self._ways.wall, zone, hops, readers, self._ways.new_id)
        self.circle.toolbox = toolbox or Toolbox()
        self.circle.approvals.sleep = self._ways.sleep
        self._dollar = dollar
        self._concurrency = concurrency
        self.treasury = treasury or Treasury(self._ways.now, self._ways.monotonic)
        self._on_status = on_status
        self._gates: dict[tuple[str, str], Gate] = {}
        self._breakers: dict[tuple[str, str, str], Breaker] = {}
        self._providers: list[Provider] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._seats = [self._seat(one) for one in settings]
        for seat in self._seats:
            seat.chain = Chain(self._links(seat), self.treasury, self._ways.patience)

    def start(self) -> None:
        """Seat everybody. Call it inside the loop, when the server takes connections."""
        self.circle.keepsakes.tidy()
        local: dict[str, list[Seat]] = {}
        for seat in self._seats:
            if seat.settings.provider == "local":
                seat.absent("away.waking")
                local.setdefault(seat.settings.model, []).append(seat)
            else:
                self._provide(seat)
            self._tasks.append(asyncio.create_task(self._stay(seat)))
        self._tasks.append(asyncio.create_task(self.circle.clockwork.run()))
        for name, seats in local.items():  # one child a file, however many members speak through it
            watcher = _Together(seats, self._on_status)
            self._tasks.append(asyncio.create_task(bring_up(name, self._folder, watcher, self._ways.means)))

    def links(self) -> list[Link]:
        """Each model as it can be asked, for metrics."""
        return [seat.link for seat in self._seats]

    def status(self) -> list[ModelStatus]:
        return [seat.status() for seat in self._seats]

    async def close(self, reason: str = "") -> None:
        """What is being said is closed as incomplete, members quit, the local model's process ends."""
        for seat in self._seats:
            await seat.member.close(reason)
            if seat.wire is not None:
                seat.wire.close()
        self.circle.approvals.close()
        self.treasury.close()  # before the wait below, which the house may cut short
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=CLOSE_SECONDS)
        await self.circle.toolbox.close()
        for provider in self._providers:
            with suppress(Exception):
                await provider.close()
        self.circle.notebook.close()

    # --- Making -------------------------------------------------------------------------------------------

    def _seat(self, settings: ModelSettings) -> Seat:
        around = Surroundings(
            gate=self._gate(settings),
            monotonic=self._ways.monotonic,
            today=self._ways.today,
            pace=self._ways.pace,
            hops=self._hops,
            roster=self._roster,
            closed=lambda reason: seat.lost.set(),
            circle=self.circle,
            treasury=self.treasury,
        )
        seat = Seat(settings, around, self._link(settings))
        return seat

    def _link(self, settings: ModelSettings) -> Link:
        model = settings.model or providers.TABLE[settings.provider].model
        price = providers.price_of(settings, self.treasury.rules.currency, self._dollar)
        key = (settings.provider, settings.base_url, model)
        return Link(
            Asked(fold(settings.nick), settings.provider, model or settings.provider, price),
            providers.capabilities_of(settings),
            self._gate(settings),
            self._breakers.setdefault(key, Breaker(self._ways.monotonic)),
        )

    def _links(self, seat: Seat) -> list[Link]:
        """The seat's own, then those of its fallbacks, each once."""
        by_nick = {fold(one.settings.nick): one.link for one in self._seats}
        names = [fold(seat.settings.nick), *map(fold, seat.settings.fallback)]
        return [by_nick[name] for name in dict.fromkeys(names) if name in by_nick]

    def _gate(self, settings: ModelSettings) -> Gate:
        key = (settings.provider, settings.model if settings.provider == "local" else settings.base_url)
        return self._gates.setdefault(key, Gate(self._concurrency))

    def _roster(self, language: Language) -> list[str]:
        return [seat.member.describe(language) for seat in self._seats]

    def _provide(self, seat: Seat) -> None:
        try:
            provider = providers.make(seat.settings, self._environment)
        except ProviderError as error:
            seat.absent("away.failed", reason=error.say("en"), motivo=error.say("es"))
            seat.link.trouble = error
            if seat.chain is not None and len(seat.settings.fallback) > 0:
                seat.member.ready(seat.chain)  # those that answer for it do so from the start
        else:
            self._providers.append(provider)
            seat.ready(provider)
        self._on_status(seat.status())

    # --- Staying ------------------------------------------------------------------------------------------

    async def _stay(self, seat: Seat) -> None:
        """Connected, and again after a while when the server ended it."""
        while True:
            seat.lost.clear()
            seat.wire = self._connect(seat.member.received)
            seat.member.attach(seat.wire.send)
            await seat.lost.wait()
            seat.attempt = 0 if seat.member.joined else seat.attempt + 1
            seat.wire.close()
            await self._ways.sleep(wait_before(max(1, seat.attempt), self._ways.patience.chance()))


class _Together:
    """Several seats that wait for the same file."""

    def __init__(self, seats: list[Seat], on_status: Callable[[ModelStatus], None]) -> None:
        self._seats = seats
        self._on_status = on_status

    def ready(self, provider: Provider) -> None:
        for seat in self._seats:
            seat.ready(provider)
            self._on_status(seat.status())

    def absent(self, name: str, **values: object) -> None:
        for seat in self._seats:
            seat.absent(name, **values)
            self._on_status(seat.status())
