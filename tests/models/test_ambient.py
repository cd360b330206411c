"""Speaking unasked: after a pause, within a budget, by one, or not at all."""

from __future__ import annotations

import asyncio

from tertulia.limits import AMBIENT_LULL_SECONDS
from tertulia.models.scripted import Scripted
from tests.models.room import Room, in_room


async def lull(room: Room) -> None:
    """The pause passes."""
    for _ in range(10):
        await asyncio.sleep(0)
    await room.idle()


def test_off_by_default_and_then_within_the_budget() -> None:
    provider = Scripted(["¡abrígate!"])

    async def scene(room: Room) -> None:
        room.say("bob", "qué frío hace")
        await lull(room)
        assert provider.requests == []
        room.say("ana", "!ambient on 2")
        for number in range(4):
            room.say("bob", f"qué frío hace {number}")
            await lull(room)
        assert len(provider.requests) == 2 and AMBIENT_LULL_SECONDS in room.sleeper.waited
        room.now += 3_601
        room.say("bob", "sigue el frío")
        await lull(room)
        assert len(provider.requests) == 3
        opening = next(line for line in room.lines if line.command == "BATCH")
        assert "tertulia.chat/asked-by" not in (opening.tags or {}) and "+reply" not in (opening.tags or {})

    in_room(scene, provider)
    assert "[silence]" in provider.requests[0].turns[0].text


def test_silence_posts_nothing() -> None:
    async def scene(room: Room) -> None:
        room.say("ana", "!ambient on")
        room.taken()
        room.say("bob", "qué frío hace")
        await lull(room)
        assert room.said() == [] and room.notices() == [] and room.closings() == []
        assert room.typing() == ["active", "done"]

    in_room(scene, Scripted(["[silence]"]))


def test_one_of_several_speaks_and_only_after_a_pause() -> None:
    first, second = Scripted(["uno"]), Scripted(["dos"])

    async def scene(room: Room) -> None:
        room.another("gpt", second)
        room.say("ana", "!ambient on")
        room.sleeper.forever.add(AMBIENT_LULL_SECONDS)
        for text in ("qué frío", "de verdad"):
            room.say("bob", text)
            await lull(room)
        assert first.requests == []
        room.sleeper.forever.discard(AMBIENT_LULL_SECONDS)
        room.say("bob", "en serio")
        await lull(room)
        assert len(first.requests) == 1 and second.requests == []
        assert room.sleeper.waited.count(AMBIENT_LULL_SECONDS) == 3, "each line begins the pause again"

    in_room(scene, first)


def test_it_gives_way_to_who_speaks() -> None:
    provider = Scripted(["uno"])

    async def scene(room: Room) -> None:
        room.say("ana", "!ambient on")
        room.sleeper.forever.add(AMBIENT_LULL_SECONDS)
        room.say("bob", "qué frío")
        await lull(room)
        lulled = room.member.corner("#r").lull
        room.hear("@bot;tertulia.chat/hops=1 :otro!u@h PRIVMSG #r :pues sí")
        await lull(room)
        assert lulled is not None and lulled.cancelled() and provider.requests == []

    in_room(scene, provider)
