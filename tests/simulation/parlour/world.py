"""The parlour: one seed gives what people say, how models answer and fail, when time passes and who dies.

What belongs here: what may happen (`_STEPS`), starting and killing the process, and reporting a failure. What
must not: what is right (`promises`).
"""

from __future__ import annotations

import asyncio
import copy
import hashlib
import heapq
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from tertulia.cli.readers import HubReaders
from tertulia.commands.settings import Bounds
from tertulia.limits import RESERVATION_SECONDS
from tertulia.models.chain import Patience
from tertulia.models.consent import OPTOUT
from tertulia.models.host import Host, Ways
from tertulia.models.ledger import MemoryLedger
from tertulia.models.notebook import MemoryNotebook
from tertulia.models.settings import ModelSettings
from tertulia.models.treasury import Rules, Treasury
from tertulia.models.turns import Pace
from tertulia.ports import Peer
from tertulia.protocol.casemap import fold
from tertulia.protocol.history import Message
from tertulia.protocol.ledger import Limit
from tertulia.transports.memory import memory_pair
from tests.simulation.ear import Wrong
from tests.simulation.parlour.people import ROOMS, Person, Robot, Scout, act
from tests.simulation.parlour.promises import ATTEMPTS, Promises
from tests.simulation.parlour.voices import Breaths, Voice
from tests.simulation.store import Died, FaultyStore
from tests.simulation.world import LINES_SHOWN, Failure
from tests.support.accounts import account
from tests.support.agents import let_in
from tests.support.town import Town

TRUSTED = Peer("memory", "localhost", secure=True, local=True, trusted=True)
QUIET_TURNS = 25  # of the loop without a byte: everybody has said what they had to say
ENDLESS_TURNS = 20_000
Sabotage = Callable[["Parlour"], None]


def play(seed: int, steps: int, sabotage: Sabotage | None = None) -> Parlour:
    """So many steps of the parlour of this seed. Raises `Failure`."""
    world = Parlour(seed, sabotage)

    async def all_of_it() -> None:
        asyncio.get_running_loop().set_exception_handler(world.fell)
        world.boot()
        await world.settle()
        while world.step_number < steps:
            await world.step()
        await world.calm_down()

    try:
        asyncio.run(all_of_it())
    except Exception as error:
        raise Failure(world.account_of(error, steps), f"{type(error).__name__}: {error}") from error
    return world


class Parlour:
    models = ("lola", "gpt", "claudia")

    def __init__(self, seed: int, sabotage: Sabotage | None = None) -> None:
        self.seed = seed
        self.sabotage = sabotage
        self.rng = Random(seed)
        self.step_number = self.count = self.deaths = self.asked = 0
        self.told = hashlib.sha256()
        self.trace: deque[str] = deque(maxlen=LINES_SHOWN)
        self.faults: list[BaseException] = []
        self.store = FaultyStore()
        self.notebook = MemoryNotebook()
        self.ledger = MemoryLedger()
        tokens = self.rng.choice([4_000, 12_000, 1_000_000])
        self.limits = (
            Limit("all", "*", "day", tokens=tokens * 2), Limit("model", "*", "day", tokens=tokens),
            Limit("room", "*", "day", tokens=tokens), Limit("account", "*", "month", tokens=tokens),
        )  # fmt: skip
        self.town = Town(self.store, bounds=_BOUNDS)
        account(self.town, "Marta")
        self.token = let_in(self.town, "Scout", owner="marta", rooms=["*"])
        self.clock_ms, self.scout_since = self.town.clock.ms, 1 << 62
        self.promises = Promises(self)
        self.people = [Person(self, name) for name in ("ana", "bob", "eva")]
        self.people.append(Person(self, "marta", "Marta"))

    # --- the process --------------------------------------------------------------------------------------

    def boot(self) -> None:
        self.town = Town(self.store, bounds=_BOUNDS)
        self.town.clock.ms = self.clock_ms
        ids: Any = self.town.hub.ids
        ids.last, ids.tokens = self.store.last_id(), self.deaths * 1_000_000
        self.breaths = Breaths()
        self.sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        for person in self.people:
            person.client = None
            person.come()
        self.town.run()
        now = lambda: datetime.fromtimestamp(self.town.clock.ms / 1000, UTC)  # noqa: E731
        self.treasury = Treasury(now, self.town.clock.monotonic, Rules(self.limits), self.ledger)
        self.treasury.names_of = HubReaders(self.town.hub).names_of
        self.host = self._host()
        self.robot, self.scout = Robot(self), Scout(self, self.token)
        if self.sabotage is not None:
            self.sabotage(self)
        self.host.start()
        for seat in self.host._seats:
            local = seat.settings.nick == "lola"
            seat.link.capabilities = replace(seat.link.capabilities, local=local)
            seat.ready(Voice(self, seat.settings.nick, local))

    def _host(self) -> Host:
        clock = self.town.clock
        ways = Ways(
            monotonic=clock.monotonic, now=self.treasury._now, wall=lambda: clock.ms / 1000, sleep=self.sleep,
            today=lambda: datetime.fromtimestamp(clock.ms / 1000, UTC).date(),
            pace=Pace(typing_seconds=10**9, sleep=self.sleep),
            patience=Patience(attempts=ATTEMPTS, sleep=self.sleep, chance=self.rng.random),
            new_id=lambda: f"{self.rng.getrandbits(16):04x}",
        )  # fmt: skip
        return Host(
            [ModelSettings(nick, "scripted", rooms=ROOMS) for nick in self.models],
            lambda received: memory_pair(
                self.town.hub.accept, TRUSTED, on_data=received, soon=asyncio.get_running_loop().call_soon
            ),
            {}, Path("none"), ways=ways, notebook=self.notebook, readers=HubReaders(self.town.hub),
            treasury=self.treasury,
        )  # fmt: skip

    async def die(self) -> None:
        """`kill -9`: what is on the disk stays as it is at this moment, and nothing else does."""
        self.note("--- the process dies")
        self.deaths += 1
        self.notebook, self.ledger = copy.deepcopy(self.notebook), copy.deepcopy(self.ledger)
        self.clock_ms = self.town.clock.ms + 1_000
        self.promises.stopping.clear()
        tasks = sorted(asyncio.all_tasks() - {asyncio.current_task()}, key=_age)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.store.failing, self.store.death = 0, ""
        self.store.recover()
        self.boot()
        await self.settle()

    # --- time ---------------------------------------------------------------------------------------------

    async def sleep(self, seconds: float) -> None:
        due = asyncio.get_running_loop().create_future()
        heapq.heappush(self.sleepers, (self.town.clock.monotonic() + seconds, self.number(), due))
        await due

    async def breath(self) -> None:
        await self.breaths.wait()

    async def pass_time(self, seconds: float) -> None:
        await self.settle()  # what was said is said at its own time
        end = self.town.clock.monotonic() + seconds
        while self.sleepers and self.sleepers[0][0] <= end:
            at, _, due = heapq.heappop(self.sleepers)
            self.town.scheduler.advance(max(0.0, at - self.town.clock.monotonic()))
            if not due.done():
                due.set_result(None)
                await self.settle()
        self.town.scheduler.advance(max(0.0, end - self.town.clock.monotonic()))
        self.host.circle.clockwork.give_due()

    async def settle(self) -> None:
        """Until nobody has anything to say."""
        quiet = turns = 0
        while quiet < QUIET_TURNS:
            turns += 1
            busy = bool(self.town.scheduler.ready)
            self.town.run()
            await asyncio.sleep(0)
            quiet = 0 if busy or (quiet == QUIET_TURNS - 1 and self.robot.listen()) else quiet + 1
            if turns > ENDLESS_TURNS:
                raise Wrong("they talk without end")
        if self.faults:
            raise self.faults[0]

    # --- what may happen ----------------------------------------------------------------------------------

    async def step(self) -> None:
        self.step_number += 1
        happen = self.rng.choices(_DEEDS, _WEIGHTS)[0]
        try:
            await happen(self)
            if self.rng.random() < 0.7:
                await self.settle()
                self.promises.check()
            else:
                for _ in range(self.rng.randint(1, 4)):
                    self.town.run()
                    await asyncio.sleep(0)
        except Died:
            await self.die()

    async def somebody_acts(self) -> None:
        act(self.rng.choice(self.people))

    async def models_speak(self) -> None:
        self.breaths.release(self.rng.choice([1, 2, 5, 50]))

    async def time_passes(self) -> None:
        await self.pass_time(self.rng.choice([0.5, 4.0, 31.0, 130.0, 700.0, 20_000.0]))

    async def the_agent_acts(self) -> None:
        self.scout.act()
        self.town.run()
        room = self.town.hub.network.rooms.get("#r")
        there = room is not None and any(user.nick == "Scout" for user in room.members)
        if there and self.scout_since == 1 << 62:  # it may still be on its way, or not be let in for a while
            self.scout_since = self.store.last_id()

    async def the_agent_dies(self) -> None:
        self.scout.die()

    async def somebody_vanishes(self) -> None:
        person = self.rng.choice(self.people)
        if person.client is not None and not person.client.wire.closed:
            person.client.wire.closed = True
            person.client.wire.receiver.lost("Connection reset by peer")

    async def the_store_suffers(self) -> None:
        self.store.failing = self.rng.randint(1, 3)

    async def the_store_recovers(self) -> None:
        self.store.failing = 0

    async def death_comes(self) -> None:
        if self.rng.random() < 0.5:
            await self.die()
        else:
            self.store.death = self.rng.choice(["before", "after"])

    async def calm_down(self) -> None:
        """Everybody is there, and has all the time of the world."""
        self.store.failing, self.store.death = 0, ""
        for person in self.people:
            person.come()
            person.send(f"NICK {person.name}")
            person.send("JOIN #r,#s")
        await self.let_speak()
        await self.pass_time(RESERVATION_SECONDS + 60.0)
        self.treasury._tidy()
        self.scout.empty = False
        idle = 0
        while idle < 4:
            await self.pass_time(31.0)
            spoke = await self.let_speak()  # to the end: what is to be translated may come faster than pieces
            speaking = any(one.desk.speaking for one in self.host.circle.members)
            idle = idle + 1 if not spoke and not speaking and self.scout.empty else 0
            self.scout.act()
        await self.settle()
        self.promises.check()
        self.promises.at_the_end()

    async def let_speak(self) -> bool:
        """Until all models have said all that they have to say; whether there was any."""
        for turn in range(ENDLESS_TURNS):
            await self.settle()
            if not self.breaths.release(100):
                return turn > 0
        raise Wrong("models speak without end")

    def digest(self) -> str:
        """Of all that was said and spent: the same for the same seed, in any process."""
        said = [tuple(one) for one in sorted(self.store.messages.values())]
        what = [
            said,
            self.ledger.calls(),
            self.notebook.notes(),
            self.notebook.reminders(),
            self.told.hexdigest(),
        ]
        return hashlib.sha256(repr(what).encode()).hexdigest()[:16]

    # --- telling ------------------------------------------------------------------------------------------

    def person(self, message: Message) -> Person | None:
        """Who said it, whatever their nick is now."""
        user = message.source.partition("!")[2].partition("@")[0].lstrip("~")
        return next((one for one in self.people if one.name == user), None)

    def is_withheld(self, person: Person) -> bool:
        """Whether an account, or a guest of that nick and host, is known to have opted out."""
        guest = "~" + fold(f"{person.nick}!~{person.name}@127.0.0.1")
        note = (fold(person.account) or guest, OPTOUT)
        return any((one.scope, one.name) == note for one in self.notebook.notes())

    def is_seen(self, person: Person) -> bool:
        """Whether models would hear of its new nick."""
        self.town.run()
        user = self.town.network.user(person.nick)
        return user is not None and bool(user.rooms)

    def number(self) -> int:
        self.count += 1
        return self.count

    def note(self, line: str) -> None:
        self.told.update(line.encode())
        self.trace.append(f"{self.step_number}: {line[:300]}")

    def fell(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Something fell in the loop that nobody waits for."""
        self.faults.append(context.get("exception") or Wrong(str(context.get("message"))))

    def account_of(self, error: Exception, steps: int) -> str:
        lines = "\n".join(f"  {line}" for line in self.trace)
        said = "\n".join(f"  {one.id:x} {one.source} {one.target} {one.text[:160]} [{one.state} {one.tags}]"
                         for one in list(self.store.messages.values())[-LINES_SHOWN:])  # fmt: skip
        what = f"{type(error).__name__}: {error}"
        return f"{lines}\n{said}\nseed {self.seed}, step {self.step_number}: {what}\n" \
               f"again: python -m tests.simulation.parlour {self.seed} --steps {steps}"  # fmt: skip


def _age(task: asyncio.Task[Any] | None) -> int:
    """By the number that asyncio gives each: a set has no order that another process repeats."""
    return int(task.get_name().rpartition("-")[2]) if task is not None else 0


_BOUNDS = Bounds(flood=False, ping_seconds=10**9, registration_seconds=10**9)
_STEPS: tuple[tuple[Any, int], ...] = (
    (Parlour.somebody_acts, 40), (Parlour.models_speak, 45), (Parlour.time_passes, 8),
    (Parlour.the_agent_acts, 14), (Parlour.the_agent_dies, 2), (Parlour.somebody_vanishes, 2),
    (Parlour.the_store_suffers, 1), (Parlour.the_store_recovers, 2), (Parlour.death_comes, 1),
)  # fmt: skip
_DEEDS = [deed for deed, _ in _STEPS]
_WEIGHTS = [weight for _, weight in _STEPS]
