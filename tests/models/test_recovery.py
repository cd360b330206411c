"""A crash in the middle: one notice, a way to retry, and nothing answered twice."""

from __future__ import annotations

import asyncio

from tertulia.models.circle import Circle
from tertulia.models.notebook import MemoryNotebook
from tertulia.models.scripted import Scripted
from tests.models.room import Room, in_room
from tests.models.test_turns import Held


def crashed(notebook: MemoryNotebook, **tags: str) -> None:
    """A process that ends while a question is being answered."""

    async def scene(room: Room) -> None:
        room.member.ready(Held())
        room.say("ana", "lola: ¿qué es un socket?", msgid="q1", **tags)
        await room.until(lambda: room.typing() == ["active"])

    in_room(scene, Scripted(["x"]), circle=Circle(notebook))


def test_who_was_cut_off_is_told_once_and_may_retry() -> None:
    notebook = MemoryNotebook()
    crashed(notebook)

    async def scene(room: Room) -> None:
        ((target, text),) = [
            (line.params[0], line.params[1]) for line in room.introduction if line.command == "NOTICE"
        ]
        assert target == "#r" and text.startswith("ana: un reinicio me cortó")
        room.hear(":ana!u@h JOIN #r")
        room.say("ana", "lola: ¿qué es un socket?", msgid="q1")
        assert room.lines == [], "told once, and the same message is not answered twice"
        room.say("ana", "lola: !repite")
        await room.answered()
        assert "".join(room.said()) == "Un extremo."

    async def third(room: Room) -> None:
        assert [line for line in room.introduction if line.command == "NOTICE"] == []

    in_room(scene, Scripted(["Un extremo."]), circle=Circle(notebook))
    in_room(third, Scripted(["x"]), circle=Circle(notebook))


def test_who_is_not_there_is_told_when_they_come() -> None:
    notebook = MemoryNotebook()
    crashed(notebook)

    async def scene(room: Room) -> None:
        assert room.notices() == []
        room.hear(":ana!u@h JOIN #r")
        assert len(room.notices()) == 1

    in_room(scene, Scripted(["x"]), circle=Circle(notebook), people=("bob",))


def test_in_private_only_the_same_person_is_told() -> None:
    notebook = MemoryNotebook()

    async def first(room: Room) -> None:
        room.member.ready(Held())
        room.say("eva", "hello, what is a socket?", target="lola", msgid="p1")
        await room.until(lambda: room.typing() == ["active"])

    async def second(room: Room) -> None:
        room.hear(":eva!otra@lejos PRIVMSG lola :!help")
        assert not any("cut me off" in text for _, text in room.notices())
        room.say("eva", "!help", target="lola")
        assert "cut me off" in room.notices()[2][1]
        room.say("eva", "!retry", target="lola")
        await room.answered()

    in_room(first, Scripted(["x"]), circle=Circle(notebook))
    in_room(second, Scripted(["x"]), circle=Circle(notebook))


def test_what_was_answered_stopped_or_refused_is_not_owed() -> None:
    notebook = MemoryNotebook()

    async def scene(room: Room) -> None:
        room.say("ana", "lola: uno", msgid="q1")
        await room.answered()
        room.say("bob", "lola: dos", msgid="q2")
        room.say("bob", "y tres", msgid="q3")
        await room.answered(2)

    in_room(scene, Scripted(["vale"]), circle=Circle(notebook))
    assert [(one.msgid, one.open) for one in notebook.asked("lola")] == [("q1", False), ("q3", False)]


def test_a_bare_retry_is_for_the_one_who_was_asked_last() -> None:
    async def scene(room: Room) -> None:
        gpt = room.another("gpt", Scripted(["dos"]))
        room.say("ana", "lola: uno", msgid=f"{1 << 40:x}")
        await room.answered()
        room.say("ana", "gpt: dos", msgid=f"{2 << 40:x}")
        await gpt.answered()
        room.taken()
        room.say("ana", "!repite")
        await gpt.answered(2)
        assert room.said() == []
        room.say("ana", "lola: !repite")
        await room.answered()

    in_room(scene, Scripted(["uno"]))


def test_a_lost_connection_is_no_restart() -> None:
    async def scene(room: Room) -> None:
        held = Held()
        room.member.ready(held)
        room.say("ana", "lola: hola", msgid="q1")
        await room.until(lambda: room.typing() == ["active"])
        room.again()
        assert [line for line in room.introduction if line.command == "NOTICE"] == []
        await held.release()
        await room.idle()

    in_room(scene, Scripted(["x"]))


def test_what_stop_took_out_of_the_line_is_not_owed() -> None:
    """ "what the same person still waits for is forgotten": after a restart too."""
    notebook = MemoryNotebook()

    async def scene(room: Room) -> None:
        room.member.ready(Held())
        room.say("ana", "lola: uno", msgid="q1")
        await room.until(lambda: room.typing() == ["active"])
        room.say("ana", "y dos", msgid="q2")
        room.say("ana", "!stop")
        await room.idle()

    in_room(scene, Scripted(["x"]), circle=Circle(notebook))
    assert [one for one in notebook.asked("lola") if one.open] == []


def test_a_burst_under_two_nicks_is_over_as_a_whole() -> None:
    notebook = MemoryNotebook()
    held = Held()

    async def scene(room: Room) -> None:
        room.say("ana", "lola: ¿qué hay?", msgid="q0")
        await asyncio.sleep(0)
        room.say("bob", "lola: una cosa", msgid="q1")
        room.hear(":bob!u@h NICK roberto")
        room.say("roberto", "lola: y otra", msgid="q2")
        await held.release()
        await held.release()
        await room.answered(2)

    in_room(scene, held, circle=Circle(notebook))
    assert [asked.text for asked in notebook.asked("lola") if asked.open] == []
