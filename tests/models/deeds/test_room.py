"""What a room settles for its models, as people type it."""

from __future__ import annotations

import asyncio

import pytest

from tertulia.models.scripted import Scripted
from tests.models.room import Room, in_room


def told(room: Room) -> str:
    return room.notices()[-1][1]


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("!prompt Sé breve y amable.", "por ana: Sé breve y amable."),
        ("!ambient on 3", "at most 3 times an hour"),
        ("!espontáneo on", "como mucho 6 veces por hora"),
        ("!ambient often", "say it so: !ambient [on"),
        ("!quiet 22:00-8:00 Europe/Madrid", "22:00-08:00 Europe/Madrid"),
        ("!quiet at night", "say it so: !quiet"),
        ("!silencio off", "no hay horas de silencio"),
        ("!admit only lola", "answer here: lola;"),
        ("!dismiss lola", "these do not: lola"),
        ("!dismiss", "say it so: !dismiss model"),
        ("!hops 5", "at most 5 times in a row"),
        ("!hops 99", "say it so: !hops"),
        ("!idioma es", "se responde en español"),
        ("!language off", "language of the question"),
    ],
)
def test_operators_settle_and_everybody_looks(typed: str, answer: str) -> None:
    async def scene(room: Room) -> None:
        room.say("ana", typed)
        assert answer in told(room)

    in_room(scene, Scripted(["x"]))


@pytest.mark.parametrize(
    "typed", ["!prompt x", "!ambient on", "!quiet 1:00-2:00", "!admit all", "!hops 2", "!language en"]
)
def test_others_are_refused_and_nothing_changes(typed: str) -> None:
    async def scene(room: Room) -> None:
        room.say("bob", typed)
        assert room.notices() == [("bob", "only operators of the room can do that.")]
        assert room.member.circle.notes.named("") == []
        room.taken()
        room.say("bob", typed.partition(" ")[0])
        ((target, _),) = room.notices()
        assert target == "#r", "to look is free"

    in_room(scene, Scripted(["x"]))


def test_the_prompt_reaches_the_model_and_is_taken_away() -> None:
    async def scene(room: Room) -> None:
        room.say("ana", "!prompt Habla como un pirata")
        room.say("ana", "lola: hola")
        await room.answered()
        room.say("ana", "!prompt off")
        assert told(room) in ("ana: the room asks nothing of its models.",
                              "ana: la sala no pide nada a sus modelos.")  # fmt: skip
        room.say("ana", "lola: hola")
        await room.answered(2)
        room.say("ana", "!prompt " + "x" * 2_000)
        assert "1000" in told(room)

    provider = Scripted(["x"])
    in_room(scene, provider)
    first, second = provider.requests
    assert "operators of the room ask of you: Habla como un pirata" in first.system
    assert "pirata" not in second.system


def test_who_was_dismissed_says_so_and_comes_back() -> None:
    async def scene(room: Room) -> None:
        room.say("ana", "lola: !despide")
        assert "no responden: lola" in told(room)
        room.taken()
        room.say("bob", "lola: ¿estás?")
        assert room.notices() == [("bob", "los operadores de la sala no quieren que responda aquí.")]
        room.say("ana", "!admit lola")
        room.say("bob", "lola: ¿estás?")
        await room.answered()

    in_room(scene, Scripted(["aquí"]))


def test_in_quiet_hours_it_answers_in_private_only() -> None:
    async def scene(room: Room) -> None:
        room.say("ana", "!quiet 8:00-11:00")  # it is nine
        room.taken()
        room.say("bob", "lola: hello, how are you?")
        ((target, text),) = room.notices()
        assert target == "bob" and "again at 11:00 (UTC)" in text
        room.say("bob", "hello, how are you?", target="lola")
        await room.answered()
        room.now += 3 * 3_600
        room.say("bob", "lola: and now?")
        await room.answered(2)

    in_room(scene, Scripted(["well"]))


def test_the_rooms_language() -> None:
    async def scene(room: Room) -> None:
        room.say("ana", "!language es")
        room.say("bob", "lola: what is a socket?")
        await room.answered()

    provider = Scripted(["x"])
    in_room(scene, provider)
    assert "Always answer in español." in provider.requests[0].system
    assert "en español" in provider.requests[0].turns[0].text


def test_settings_are_for_rooms() -> None:
    async def scene(room: Room) -> None:
        room.say("bob", "!prompt hello", target="lola")
        assert room.notices() == [("bob", "that belongs into a room.")]
        await asyncio.sleep(0)

    in_room(scene, Scripted(["x"]))
