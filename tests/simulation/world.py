"""The simulated world: one seed gives the clock, the network, the disk, and what everybody does.

What belongs here: what may happen (`STEPS`), starting and killing the server, and reporting a failure so
that it
can be had again. What must not: what is right (`invariants`, `hearing`, `ear`).
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tertulia.bus.local import LocalBus
from tertulia.commands.settings import Bounds, Operator, ServerSettings, Service
from tertulia.commands.tokens import FILEHOST
from tertulia.limits import INPUT_BYTES
from tertulia.policy.user import stays_on
from tertulia.ports import Peer
from tertulia.protocol import capabilities as cap
from tertulia.protocol.casemap import fold
from tertulia.server import presence
from tertulia.server.files import FileDesk
from tertulia.server.session import Session
from tests.simulation import hearing, invariants
from tests.simulation.ear import UNDERSTOOD, Ear, Wrong
from tests.simulation.identities import ACCOUNTS, log_in
from tests.simulation.journal import Journal
from tests.simulation.link import Link
from tests.simulation.member import Member
from tests.simulation.repertoire import DEEDS, NICKS, OPERATOR
from tests.simulation.serving import Book, Courier
from tests.simulation.store import Died, FaultyStore
from tests.simulation.watched import WatchedHub, WatchedNetwork
from tests.support.folder import MemoryFolder
from tests.support.town import CountingIds, FakeClock, ManualScheduler, PlainPasswords

MEMBERS = 14
LINES_SHOWN = 40


class Failure(AssertionError):
    """A promise was broken, or the server fell. Says how to have it again; `what`: what it was, in a line."""

    def __init__(self, account: str, what: str) -> None:
        super().__init__(account)
        self.what = what


@dataclass
class Report:
    seed: int
    steps: int
    ticks: int
    commands: int
    said: int  # messages, streams included
    heard: int  # lines
    refused: int  # commits that the store refused
    deaths: int  # times the server was killed
    digest: str  # of all that every connection heard: the same seed gives the same
    content: str  # the same, whatever the order


Sabotage = Callable[["World"], None]


def play(seed: int, steps: int, sabotage: Sabotage | None = None) -> Report:
    """So many steps of the world of this seed. Raises `Failure`."""
    world = World(seed, sabotage)
    try:
        while world.step_number < steps:
            world.step()
        world.calm_down()
    except Exception as error:
        raise Failure(world.account_of(error, steps), f"{type(error).__name__}: {error}") from error
    return world.report()


class World:
    """Everything around the server, and the server."""

    def __init__(self, seed: int, sabotage: Sabotage | None = None) -> None:
        self.seed = seed
        self.sabotage = sabotage
        self.rng = Random(seed)
        self.step_number = self.count = self.deaths = self.ticks = self.links_made = 0
        self.commands = self.said = self.heard = 0
        self.ending = False
        self.trace: deque[str] = deque(maxlen=LINES_SHOWN)
        self.digests: list[str] = []
        self.content = 0
        self.clock = FakeClock()
        self.store = FaultyStore()
        self.settings = ServerSettings(
            operators=(Operator(*OPERATOR),),
            filehost="http://127.0.0.1/files",
            services=(Service(FILEHOST, "http://127.0.0.1/files", "files", guests="local"),),
            language=self.rng.choice(["en", "es"]),
            bounds=Bounds(
                flood=self.rng.random() < 0.3, ping_seconds=30, pong_seconds=15, registration_seconds=20,
                flood_burst=8, flood_lines_waiting=25, connections=MEMBERS - 1, connections_per_address=6,
            ),
        )  # fmt: skip
        self.book, self.pushed = Book(self), 0
        self.store.commit(list(ACCOUNTS))
        self.boot()

    # --- the server's life --------------------------------------------------------------------------------

    def boot(self) -> None:
        self.network = WatchedNetwork()
        self.journal = self.network.journal = Journal(self.network)
        self.journal.refused = self.store.refused
        self.scheduler = ManualScheduler(self.clock)
        self.passwords = PlainPasswords()
        self.passwords.slow = self.rng.random() < 0.5
        ids = CountingIds()
        ids.last, ids.tokens = self.store.last_id(), self.deaths * 1_000_000
        self.hub = WatchedHub(
            self.settings, network=self.network, bus=LocalBus(self.network.apply), store=self.store,
            clock=self.clock, ids=ids, passwords=self.passwords, scheduler=self.scheduler, log=self._log,
        )  # fmt: skip
        self.hub.journal, self.hub.ticked = self.journal, self.ticked
        self.members: list[Member] = []
        self.ears: dict[Session, Ear] = {}
        self.digest = hashlib.sha256()
        self.hub.pushes.service = Courier(self)
        if self.sabotage is not None:
            self.sabotage(self)
        self.hub.start()
        self.book.watch()
        FileDesk(self.hub, MemoryFolder()).start()

    def die(self) -> None:
        """`kill -9`, and a new start from what the store has."""
        self.note("--- the server dies")
        self.deaths += 1
        before = {key: room.record() for key, room in self.network.rooms.items() if room.remembered}
        certain = {key for key in before if key in self.store.room_records}
        self._count()
        self.clock.ms += 1_000
        self.store.failing = self.store.unreadable = 0
        self.store.death = ""
        self.store.recover()
        self.boot()
        for kept in self.store.presences():
            record = self.network.accounts.named(kept.account)
            staying = record is not None and stays_on(record, self.hub.settings.accounts.always_on)
            if record is None or record.suspended or not staying:
                continue  # it is no longer to stay, and died before its presence was taken out
            users = self.network.logged_in(kept.account)
            if not users or [one[:2] for one in presence.presence_of(users[0]).rooms] != [
                (self.network.rooms[fold(one.name)].name, one.rank) for one in kept.rooms
            ]:
                raise Wrong(f"{kept} did not survive")
        for key in sorted(certain):
            after = self.network.rooms.get(key)
            if after is None or after.record() != self.store.room_records[key]:
                raise Wrong(f"the room {key} did not survive: {before[key]}")
        for message in self.store.messages.values():
            if message not in self.store.page_of(message.buffer):
                raise Wrong(f"message {message.id:x} did not survive")

    def ticked(self) -> None:
        """After every tick: is everything as it must be?"""
        self.ticks += 1
        for session, ear in list(self.ears.items()):
            link = self.journal.links[session]
            if link.writes_this_tick > 1:
                raise Wrong(f"{link.writes_this_tick} writes for one connection in one tick")
            link.writes_this_tick = 0
            if not link.alive and not link.closed:
                self._forget(session, ear)
        hearing.check(self.journal, self.ears, self.store)
        if not self.ending:  # the members of a server that ends are not told of each other's going
            invariants.check(self.hub, self.ears, self.journal.waited)
        for session, ear in list(self.ears.items()):
            if self.journal.links[session].closed:
                self._forget(session, ear)

    def _forget(self, session: Session, ear: Ear) -> None:
        self.heard += ear.lines
        del self.ears[session]
        self.journal.labels.pop(session, None)

    # --- what may happen ----------------------------------------------------------------------------------

    def step(self) -> None:
        self.step_number += 1
        happen = self.rng.choices(_DEEDS, _WEIGHTS)[0]
        try:
            happen(self)
        except Died:
            self.die()

    def somebody_acts(self) -> None:
        members = [member for member in self.members if not member.gone and member.link.alive]
        if not members:
            self.somebody_connects()
            return
        member = self.rng.choice(members)
        member.read()
        if len(member.link.outgoing) < 20_000:
            self.rng.choices(_REPERTOIRE, _REPERTOIRE_WEIGHTS)[0](member)

    def bytes_arrive(self) -> None:
        waiting = [member.link for member in self.members if member.link.outgoing]
        for link in self.rng.sample(waiting, min(len(waiting), self.rng.randint(1, 4))):
            size = self.rng.choice([1, 7, 100, 1_000, 100_000])
            link.arrive(min(self.rng.randint(1, size), INPUT_BYTES * 4))

    def the_server_turns(self) -> None:
        self.clock.ms += self.rng.choice([0, 0, 1, 3, 20])
        self._report_losses()
        self.scheduler.run()

    def time_passes(self) -> None:
        self._report_losses()
        for member in self.members:
            member.read()
        self.scheduler.run()
        self.scheduler.advance(self.rng.choice([0.05, 0.3, 1.0, 4.0, 9.0]))

    def somebody_connects(self) -> None:
        if len([member for member in self.members if member.link.alive]) < MEMBERS:
            self._connect()

    def somebody_vanishes(self) -> None:
        if self.members:
            member = self.rng.choice(self.members)
            how = self.rng.randrange(4)
            self.note(f"--- {member.link.number} vanishes, stalls or wakes up ({how})")
            if how == 0:
                member.link.vanish("Connection reset by peer")
            elif how == 1:
                member.gone = self.rng.random() < 0.3
            else:
                member.slow = how == 2

    def the_store_suffers(self) -> None:
        self.store.code = self.rng.choice(["full", "locked", "denied", "corrupt"])
        if self.rng.random() < 0.8:
            self.store.failing = self.rng.randint(1, 4)
        else:
            self.store.unreadable = 1
        self.note(f"--- the store will fail: {self.store.code}")

    def the_store_recovers(self) -> None:
        self.store.failing = self.store.unreadable = 0

    def death_is_near(self) -> None:
        if self.rng.random() < 0.3:
            self.die()
        else:
            self.store.death = self.rng.choice(["before", "after"])

    def a_password_is_compared(self) -> None:
        waiting, self.passwords.waiting = self.passwords.waiting, []
        for answer, right in waiting:
            answer.set(right)

    # --- the world's hands --------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.links_made += 1
        peer = self.rng.choice(_PEERS)
        ear = Ear(self.journal, lambda line, number=self.links_made: self._overheard(number, line))
        link = Link(self.links_made, peer, ear.hear)
        nick = f"{self.rng.choice(NICKS)}{self.rng.choice(['', '', self.links_made % 10])}"
        member = Member(self, link, ear, Random(self.rng.random()), peer.trusted, nick)
        self.members = [other for other in self.members if not other.link.lost]
        self.members.append(member)
        link.session = ear.session = self.hub.accept(link)
        self.ears[link.session] = ear
        self.journal.links[link.session] = link
        chance = self.rng.random()
        names = list(UNDERSTOOD)
        if chance < 0.6:
            names = [name for name in names if self.rng.random() < 0.6]
        if chance < 0.8:
            wanted = cap.request(0, " ".join(names))
            assert wanted is not None
            member.capabilities = wanted
            member.send(f"CAP REQ :{' '.join(names)}")
        if self.rng.random() < 0.5:
            log_in(member)
            member.negotiates = True
        member.send(f"NICK {nick}", f"USER {nick} 0 * :u0.{nick}")
        if chance < 0.8 or member.negotiates:
            member.send("CAP END")
        member.send("JOIN #uno,#dos")

    def _report_losses(self) -> None:
        for member in self.members:
            member.link.report_loss()

    def calm_down(self) -> None:
        """At the end all that is under way arrives, every stream ends, everybody goes, nothing is left; then
        some come again, and the server says goodbye to them.
        """
        self.the_store_recovers()
        self.store.death = ""
        self._let_arrive(50)
        self.scheduler.advance(700)
        for member in self.members:
            member.link.vanish("Gone home")
        self._let_arrive(1)
        if not (self.ticks and self.commands + self.journal.commands):
            raise Wrong("nothing was watched: the server no longer passes where the world is looking")
        left = [len(self.hub.connections), len(self.hub.fanout.sessions), len(self.hub.gate.by_address)]
        for user in list(self.hub.absent):
            self.hub.drop_user(user, "Gone for good")
        self._let_arrive(1)
        if any(left) or self.network.users or any(room.members for room in self.network.rooms.values()):
            raise Wrong(f"connections, users, addresses are left when all have gone: {left}")
        for _ in range(3):
            self._connect()
        self._let_arrive(3)
        self.ending = True
        self.hub.drain("The end")
        self._let_arrive(1)
        if self.hub.connections:
            raise Wrong("connections are left when the server has said goodbye")

    def _let_arrive(self, turns: int) -> None:
        for _ in range(turns):
            for member in self.members:
                member.read()
                member.link.arrive(1_000_000)
            self.a_password_is_compared()
            self.the_server_turns()

    # --- telling ------------------------------------------------------------------------------------------

    def number(self) -> int:
        self.count += 1
        return self.count

    def note(self, line: str) -> None:
        self.trace.append(f"{self.step_number}: {line[:300]}")

    def _overheard(self, number: int, line: str) -> None:
        heard = f"{number}< {line}\n".encode()
        self.digest.update(heard)
        self.content += int.from_bytes(hashlib.sha256(heard).digest()[:8])
        self.note(f"{number}< {line}")

    def _log(self, event: str, **fields: object) -> None:
        fault = fields.get("exc_info")
        if isinstance(fault, Exception):
            raise fault  # what a server survives, the simulation does not
        self.note(f"--- log: {event} {fields}")

    def _count(self) -> None:
        self.commands += self.journal.commands
        self.said += self.journal.said_count
        self.heard += sum(ear.lines for ear in self.ears.values())
        self.digests.append(self.digest.hexdigest())

    def report(self) -> Report:
        self._count()
        digest = hashlib.sha256("".join(self.digests).encode()).hexdigest()[:16]
        return Report(self.seed, self.step_number, self.ticks, self.commands, self.said, self.heard,
                      self.store.failures, self.deaths, digest, f"{self.content:x}")  # fmt: skip

    def account_of(self, error: Exception, steps: int) -> str:
        lines = "\n".join(f"  {line}" for line in self.trace)
        what = f"{type(error).__name__}: {error}"
        return f'{lines}\nseed {self.seed}, step {self.step_number}: {what}\n' \
               f'again: make simulate SEED={self.seed} ARGS="--steps {steps}"'  # fmt: skip


_PEERS = (
    Peer("irc", "127.0.0.1", local=True), Peer("irc", "127.0.0.1", local=True), Peer("irc", "192.0.2.7"),
    Peer("ircs", "2001:db8::7", secure=True), Peer("ircs", "192.0.2.9", secure=True, fingerprint="ab" * 32),
    Peer("memory", "localhost", local=True, secure=True, trusted=True),
)  # fmt: skip
_STEPS: tuple[tuple[Callable[[World], None], int], ...] = (
    (World.somebody_acts, 400), (World.bytes_arrive, 250), (World.the_server_turns, 250),
    (World.time_passes, 20),
    (World.somebody_connects, 40), (World.somebody_vanishes, 8), (World.the_store_suffers, 6),
    (World.the_store_recovers, 6), (World.death_is_near, 1), (World.a_password_is_compared, 20),
)  # fmt: skip
_DEEDS = [deed for deed, _ in _STEPS]
_WEIGHTS = [weight for _, weight in _STEPS]
_REPERTOIRE = [deed for deed, _ in DEEDS]
_REPERTOIRE_WEIGHTS = [weight for _, weight in DEEDS]
