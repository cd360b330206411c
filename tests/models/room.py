"""A room for tests: a server of one connection that says what a test tells it, and a clock that a test moves.

What belongs here: what tests of members and desks share. What must not: tests.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Any

from tertulia.client.session import WANTED
from tertulia.models.circle import Circle
from tertulia.models.gate import Gate
from tertulia.models.member import Member, Surroundings
from tertulia.models.provider import Provider
from tertulia.models.scripted import Scripted
from tertulia.models.settings import ModelSettings
from tertulia.models.turns import Pace
from tertulia.protocol.line import Line, format_line, parse

ALL = " ".join(WANTED)
START = 1_795_338_000.0  # Sunday, 22 November 2026, 09:00 UTC


class Sleeper:
    """Waits only when a test says so: typing and retries are told apart by their seconds."""

    def __init__(self) -> None:
        self.waited: list[float] = []
        self.turns: dict[float, int] = {}  # how many turns of the loop a pause takes
        self.forever: set[float] = {3}  # the typing interval: once, unless a test lets it pass

    async def __call__(self, seconds: float) -> None:
        self.waited.append(seconds)
        if seconds in self.forever:
            await asyncio.Event().wait()
        for _ in range(self.turns.get(seconds, 1)):
            await asyncio.sleep(0)


class Room:
    """One member in #r with ana (operator) and bob; what it sends is read as lines."""

    def __init__(self, provider: Provider | None, *, caps: str = ALL, **around: Any) -> None:
        self.lines: list[Line] = []
        self.people: tuple[str, ...] = around.pop("people", ("@ana", "bob"))
        self.now = 0.0
        self.sleeper = Sleeper()
        self._changed = asyncio.Event()
        settings = around.pop("settings", ModelSettings("lola", "scripted", rooms=("#r",)))
        pace = Pace(sleep=self.sleeper, **around.pop("pace", {}))
        gate = around.pop("gate", None) or Gate(4)
        around.setdefault("circle", Circle(wall=lambda: START + self.now))
        self.friends: list[Room] = []
        self._around = Surroundings(
            gate=gate, monotonic=lambda: self.now, today=lambda: date(2026, 11, 22), pace=pace, **around
        )
        self.member = Member(settings, self._around)
        self._caps = caps
        if provider is not None:
            self.member.ready(provider)
        self.member.attach(self._sent)
        self.arrive()

    def arrive(self) -> None:
        """The server lets it in."""
        me, caps = self.member.settings.nick, self._caps
        self.hear(f":s CAP * LS :{caps}", f":s CAP {me} ACK :{caps}", f":s 001 {me} :hi")
        self.hear(f":s 005 {me} BOT=B NETWORK=Red CHANTYPES=# PREFIX=(ov)@+ :x", f":s 422 {me} :no motd")
        self.hear(f":{me}!m@h JOIN #r", f":s 332 {me} #r :de sockets")
        names = " ".join(dict.fromkeys([me, "lola", *self.people]))
        self.hear(f":s 353 {me} = #r :{names}", f":s 366 {me} #r :end")
        if "draft/chathistory" in caps:
            self.hear(":s BATCH +00 chathistory #r", ":s BATCH -00")
        self.introduction = self.taken()

    def again(self) -> None:
        """The connection is lost, and made again."""
        self.member.attach(self._sent)
        self.arrive()

    def another(self, nick: str, provider: Provider | None = None) -> Room:
        """A second model in the same room; what people say reaches both."""
        friend = Room(
            provider or Scripted(["x"]),
            caps=self._caps,
            circle=self.member.circle,
            settings=ModelSettings(nick, "scripted", rooms=("#r",)),
        )
        friend.sleeper = self.sleeper
        self.friends.append(friend)
        self.hear(f"@bot :{nick}!m@h JOIN #r")
        return friend

    def _sent(self, data: bytes) -> None:
        self.lines += [parse(line) for line in data.decode().split("\r\n") if line]
        self._changed.set()

    def hear(self, *lines: str) -> None:
        self.member.received("".join(f"{line}\r\n" for line in lines).encode())

    def say(self, nick: str, text: str, target: str = "#r", **tags: str) -> None:
        named = {key.replace("__", "/"): value for key, value in tags.items()}
        line = format_line(Line(named or None, f"{nick}!u@h", "PRIVMSG", [target, text]))
        for room in (self, *self.friends):
            room.hear(line)

    def taken(self) -> list[Line]:
        lines, self.lines = self.lines, []
        return lines

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait for what the member sends; fails after a minute, which a passing test never needs."""
        async with asyncio.timeout(60):
            while not true():
                self._changed.clear()
                await self._changed.wait()

    async def idle(self) -> None:
        """Until no turn is left: some turns of the loop after the last word."""
        for _ in range(100):
            if not self.member.desk.speaking:
                return
            await asyncio.sleep(0)
        raise AssertionError("it is still speaking")

    async def answered(self, times: int = 1) -> list[Line]:
        await self.until(lambda: len(self.closings()) >= times)
        return self.lines

    def closings(self) -> list[Line]:
        return [line for line in self.lines if line.command == "BATCH" and line.params[0][0] == "-"]

    def said(self) -> list[str]:
        return [line.params[1] for line in self.lines if line.command == "PRIVMSG"]

    def notices(self) -> list[tuple[str, str]]:
        return [(line.params[0], line.params[1]) for line in self.lines if line.command == "NOTICE"]

    def typing(self) -> list[str]:
        return [(line.tags or {})["+typing"] for line in self.lines if line.command == "TAGMSG"]


def in_room(scene: Callable[[Room], Awaitable[None]], provider: Provider | None, **around: Any) -> Room:
    """Run a scene in a loop of its own, and end the member after it."""

    async def go() -> Room:
        room = Room(provider, **around)
        try:
            await scene(room)
        finally:
            for one in (room, *room.friends):
                await one.member.close()
        return room

    return asyncio.run(go())


def tags_of(line: Line) -> Mapping[str, str]:
    return line.tags or {}
