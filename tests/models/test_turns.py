"""Who is answered when: queue, deadlines, retries."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from tertulia.models.gate import Gate
from tertulia.models.provider import Delta, ProviderError, Request, Usage
from tertulia.models.scripted import Scripted
from tertulia.protocol.ledger import Limit
from tests.models.calls import World
from tests.models.room import Room, in_room


class Held(Scripted):
    """Every call waits to be let go."""

    def __init__(self) -> None:
        super().__init__(["vale"])
        self.held: asyncio.Queue[asyncio.Event] = asyncio.Queue()
        self.calls = 0
        self.most = 0

    async def stream(self, request: Request) -> AsyncGenerator[Delta | Usage, None]:
        self.calls += 1
        self.most = max(self.most, self.calls)
        event = asyncio.Event()
        await self.held.put(event)
        try:
            await event.wait()
            yield Delta("vale")
        finally:
            self.calls -= 1

    async def release(self) -> None:
        async with asyncio.timeout(60):
            (await self.held.get()).set()


def test_one_turn_at_a_time_in_a_room_and_each_gets_an_answer() -> None:
    async def scene(room: Room) -> None:
        provider = Held()
        room.member.ready(provider)
        room.say("ana", "lola: uno")
        room.say("bob", "lola: two please")
        await asyncio.sleep(0)
        await provider.release()
        await room.answered(1)
        await provider.release()
        await room.answered(2)
        assert provider.most == 1
        room.say("ana", "lola: tres")
        room.say("bob", "lola: what is four?")
        await provider.release()
        await room.answered(3)
        await provider.release()
        await room.answered(4)

    in_room(scene, Scripted(["x"]))


def test_who_waits_is_told_the_position() -> None:
    async def scene(room: Room) -> None:
        provider = Held()
        room.member.ready(provider)
        room.say("ana", "lola: uno")
        await room.until(lambda: room.typing() == ["active"])
        room.say("bob", "lola: what is it?")
        assert room.notices() == [("bob", "I will get to you: 1 before you.")]
        room.say("ana", "y esto también")
        assert len(room.notices()) == 1, "the same person's next line waits for its own answer in silence"
        for number in (1, 2, 3):
            await provider.release()
            await room.answered(number)

    in_room(scene, Scripted(["x"]))


def test_the_gate_bounds_calls_over_rooms_and_members() -> None:
    async def scene(room: Room) -> None:
        provider = Held()
        room.member.ready(provider)
        for nick in ("ana", "bob", "eva"):
            room.say(nick, "hola", target="lola")
        await room.until(lambda: len(room.typing()) == 2)
        assert provider.most == 2
        for number in (1, 2, 3):
            await provider.release()
            await room.answered(number)

    async def go() -> None:
        room = Room(Scripted(["x"]), gate=Gate(2))
        await scene(room)
        await room.member.close()

    asyncio.run(go())


def test_a_full_queue_refuses_with_a_reason() -> None:
    async def scene(room: Room) -> None:
        provider = Held()
        room.member.ready(provider)
        room.say("ana", "lola: uno")
        await room.until(lambda: room.typing() == ["active"])
        for number in range(3):
            room.say(f"n{number}", "lola: ¿y a mí?")
        assert room.notices()[-1] == (
            "n2",
            "ya me esperan 2 preguntas y no puedo aceptar más. Vuelve a preguntar dentro de un rato.",
        )
        for number in (1, 2, 3):
            await provider.release()
            await room.answered(number)

    in_room(scene, Scripted(["x"]), pace={"queue": 2})


class Failing(Scripted):
    """Fails a number of times, then answers."""

    def __init__(self, *errors: ProviderError) -> None:
        super().__init__([*errors, "por fin"])


def test_what_is_too_long_twice_is_told() -> None:
    async def scene(room: Room) -> None:
        room.say("ana", "lola: di")
        await room.until(lambda: bool(room.notices()))
        assert room.said() == []

    provider = Failing(*[ProviderError("too_long")] * 2)
    in_room(scene, provider)
    assert len(provider.requests) == 2


def test_what_is_too_long_is_asked_again_with_less() -> None:
    async def scene(room: Room) -> None:
        for number in range(30):
            room.say("bob", f"línea {number}")
        room.say("ana", "lola: di")
        await room.answered()

    provider = Failing(ProviderError("too_long"))
    in_room(scene, provider)
    first, second = (request.turns[0].text for request in provider.requests)
    assert len(second) < len(first) * 0.75 and "ana: lola: di" in second


def test_the_whole_has_a_deadline() -> None:
    async def scene(room: Room) -> None:
        room.member.ready(Held())
        room.say("ana", "lola: what is it?")
        await room.until(lambda: bool(room.notices()))
        assert "too long" in room.notices()[0][1]

    in_room(scene, Scripted(["x"]), pace={"total_seconds": 0.0})


def test_typing_goes_on_while_it_thinks() -> None:
    async def scene(room: Room) -> None:
        provider = Held()
        room.member.ready(provider)
        room.sleeper.forever = set()
        room.say("ana", "lola: di")
        await room.until(lambda: len(room.typing()) >= 3)
        await provider.release()
        await room.answered()
        count = len(room.typing())
        await asyncio.sleep(0)
        assert len(room.typing()) == count

    in_room(scene, Scripted(["x"]))


def test_nothing_to_say_is_told() -> None:
    async def scene(room: Room) -> None:
        room.say("ana", "lola: ¿qué es?")
        await room.until(lambda: bool(room.notices()))
        assert room.notices() == [("#r", "ana: no tengo nada que decir a eso.")]
        assert room.typing()[-1] == "done"

    in_room(scene, Scripted([""]))


def test_stopping_forgets_what_the_same_person_waits_for() -> None:
    async def scene(room: Room) -> None:
        provider = Held()
        room.member.ready(provider)
        room.say("ana", "lola: uno")
        await room.until(lambda: room.typing() == ["active"])
        room.say("ana", "lola: dos")
        room.say("ana", "!stop")
        await room.until(lambda: room.typing()[-1] == "done")
        await room.idle()
        assert room.member.desk.waiting == 0 and room.closings() == []

    in_room(scene, Scripted(["x"]))


def test_at_a_limit_whoever_asked_is_told_once_in_that_period() -> None:
    world = World(Limit("guests", "", "day", tokens=10))
    provider = Scripted(["x"])

    async def scene(room: Room) -> None:
        room.member.ready(world.chain(world.link(provider)))
        for number, nick in enumerate(("ana", "ana", "bob", "ana")):
            room.say(nick, f"lola: ¿qué es {number}?")
            await room.until(lambda: room.typing().count("done") > number)  # noqa: B023
            await room.idle()
        told = [text.partition(":")[0] for _, text in room.notices()]
        assert told == ["ana", "bob"] and "invitados" in room.notices()[0][1]

    in_room(scene, provider)
    assert provider.requests == [] and world.ledger.calls() == []
