"""The running house: the rooms of the code, put together once.

What belongs here: building in order, changing the configuration while it runs, taking down in the other
order. What must not: what any room does, arguments, processes and signals (`runtime.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import structlog

from tertulia import __version__
from tertulia.bus.local import LocalBus
from tertulia.cli import push_metrics
from tertulia.cli.complaints import sentence
from tertulia.cli.control import ControlDoor
from tertulia.cli.doors import Doors, opening_lines
from tertulia.cli.fixed import changeable
from tertulia.cli.health import Metrics, health
from tertulia.cli.language import say
from tertulia.cli.mcp import mcp_door
from tertulia.cli.password import password_cost
from tertulia.cli.readers import HubReaders
from tertulia.cli.shelf import DeskShelf
from tertulia.cli.translate import for_core, push_contact, with_filehost
from tertulia.cli.translate_models import tls_files
from tertulia.cli.world import LoopScheduler, SystemClock, SystemIds, SystemPasswords, process_numbers
from tertulia.config import ConfigError, Settings, file_folder, listeners, store_url
from tertulia.limits import DRAIN_SECONDS, TICK_PAUSE_SECONDS
from tertulia.server.files import FileDesk
from tertulia.server.hub import Hub
from tertulia.server.reconfigure import reconfigure
from tertulia.state.network import Network
from tertulia.store.folder import FileFolder
from tertulia.store.open import open_store
from tertulia.transports.client import built_client
from tertulia.transports.listen import DoorContext, HttpContext, PlainSettings
from tertulia.transports.push import PushSender

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

    from tertulia.cli.seats import Seats

log = structlog.get_logger("tertulia")

DRAIN_STEP_SECONDS = 0.01  # how often it is looked whether everybody has left: nobody announces it
LEAVE_SECONDS = 0.3  # for models to end what they say; the process of a local one dies with ours
HOME_ROOM = "#tertulia"  # where who comes through the plain door finds itself


class House:
    """A server in one process. `open` it, and `close` it."""

    def __init__(self, settings: Settings, reread: Callable[[], Settings]) -> None:
        """`reread` gives the settings as they are by now, or raises `ConfigError`. Raises `StoreError`."""
        self._settings = settings
        self._reread = reread
        self._started = datetime.now(UTC)
        self._loop = asyncio.get_running_loop()
        clock = SystemClock()
        settings.server.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.store = open_store(store_url(settings), settings.store.durability, clock)
        network = Network()
        self._passwords = SystemPasswords(password_cost(settings))
        self.hub = Hub(
            for_core(settings, self._started),
            network=network,
            bus=LocalBus(network.apply),
            store=self.store,
            clock=clock,
            ids=SystemIds(self.store.last_id()),
            passwords=self._passwords,
            scheduler=LoopScheduler(self._loop),
            log=log.warning,
            rehash=self.reload,
            pause_seconds=TICK_PAUSE_SECONDS,
        )
        self.files = FileDesk(self.hub, FileFolder(file_folder(settings))) if settings.files.enabled else None
        self.push = self._pusher(clock) if settings.push.enabled else None
        self.hub.pushes.service = self.push
        self.hub.vitals.process = process_numbers
        self.doors = Doors()
        self.control = ControlDoor(self.hub, settings.server.data)
        self.mcp = mcp_door(self.hub.accept) if settings.http.mcp else None
        self.seats: Seats | None = None

    async def open(self) -> list[str]:
        """Open the doors; what to tell the person who started it. Raises `DoorError`."""
        self.hub.start()
        if self.files is not None:
            self.files.start()
        await self.doors.open(listeners(self._settings), self.hub.accept, self._door_context())
        await self.control.open()
        self.hub.settings = with_filehost(self.hub.settings, self._settings, self.doors.uris())
        return opening_lines(self.hub.settings.name, __version__, self.doors.uris())

    def seat_models(self) -> list[str]:
        """Seat the models; a line for each. Apart from `open`: their libraries are slow to load, and not
        loaded for nobody."""
        if self._settings.models == ():
            return []
        from tertulia.cli.seats import Seats

        self.seats = Seats(self._settings, self.hub.accept, HubReaders(self.hub), DeskShelf(self.files))
        self.hub.vitals.inspector = self.seats.inspector()
        self.hub.keepsakes = self.seats.keepsakes()
        self.seats.take()
        return self.seats.lines()

    async def close(self) -> None:
        """Let nobody in, say goodbye, wait until the last words have left, at most `DRAIN_SECONDS`."""
        deadline = self._loop.time() + DRAIN_SECONDS
        goodbye = say("The server is stopping", "El servidor se detiene")
        await self.doors.close()
        await self.control.close()
        if self.mcp is not None:
            await self.mcp.close()
        if self.seats is not None:
            await asyncio.wait([asyncio.ensure_future(self.seats.leave(goodbye))], timeout=LEAVE_SECONDS)
        self.hub.drain(goodbye)
        if self.push is not None:
            await self.push.close()
        while self.hub.connections and self._loop.time() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(DRAIN_STEP_SECONDS)
        self.store.close()

    def reload(self) -> str | None:
        """Take what has changed in configuration and certificates; what is wrong, when it is refused."""
        try:
            settings = self._reread()
        except ConfigError as error:
            told = [sentence(problem) for problem in error.problems]
            for one in told:
                log.error("configuration_refused", problem=one)
            return "; ".join(told)
        settings, differing = changeable(self._settings, settings)
        if differing:
            log.warning("needs_restart", keys=differing)
        core = for_core(settings, self._started)
        reconfigure(self.hub, with_filehost(core, settings, self.doors.uris()))
        if self.seats is not None:
            self.seats.reconfigure(settings)
        self._passwords.cost = password_cost(settings)
        errors = self.doors.reload_certificates(tls_files(settings))
        log.info("configuration_reloaded")
        return "; ".join(errors) or None

    def _invited(self, word: str) -> str:
        room = self.hub.invitations.room_of(word)
        return room.name if room is not None else ""

    def _more_metrics(self) -> Iterator[Metric]:
        if self.push is not None:
            yield from push_metrics.collect(self.hub.pushes, self.push)
        if self.seats is not None:
            yield from self.seats.metrics()

    def _pusher(self, clock: SystemClock) -> PushSender:
        push = self._settings.push
        return PushSender(
            self._settings.server.data / "vapid.pem",
            push_contact(self._settings),
            lambda: clock.now_ms() / 1000,
            self.hub.pushes.gone,
            push.allow_private,
        )

    def _door_context(self) -> DoorContext:
        settings = self._settings
        return DoorContext(
            server_name=settings.server.name,
            tls=tls_files(settings),
            admit=self.hub.gate.admits,
            http=HttpContext(
                health=lambda: health(self.hub, self.seats.states() if self.seats else {}),
                metrics=Metrics(self.hub, self._more_metrics).page,
                origins=frozenset(settings.http.origins),
                metrics_public=settings.http.metrics_public,
                network=settings.server.network,
                room=HOME_ROOM,
                static=built_client(),
                doors=self.doors.uris,
                files=self.files,
                invited=self._invited,
                mcp=self.mcp,
            ),
            plain=lambda: PlainSettings(HOME_ROOM, self.hub.settings.language, settings.server.network),
        )
