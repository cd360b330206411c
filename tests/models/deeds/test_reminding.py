"""Reminders: set, listed, cancelled, given once, over restarts."""

from __future__ import annotations

import asyncio
import re

import pytest

from tertulia.models.circle import Circle
from tertulia.models.notebook import MemoryNotebook
from tertulia.models.scripted import Scripted
from tertulia.protocol.notes import Reminder
from tests.models.household import Household, in_house
from tests.models.room import START, Room, in_room, tags_of
from tests.support.accounts import account, come


def told(room: Room) -> str:
    return room.notices()[-1][1]


def set_one(room: Room, text: str = "!remind 20m tea", nick: str = "bob", **tags: str) -> str:
    room.say(nick, text, **tags)
    found = re.search(r"\[(\w+)\]", told(room))
    assert found, told(room)
    room.taken()
    return found[1]


def later(room: Room, minutes: float) -> None:
    room.now += minutes * 60
    room.member.circle.clockwork.give_due()


def test_it_is_given_once_at_its_time() -> None:
    async def scene(room: Room) -> None:
        set_one(room, msgid="m1")
        later(room, 19)
        assert room.lines == []
        later(room, 1)
        (line,) = room.taken()
        assert (line.command, line.params) == ("PRIVMSG", ["#r", "⏰ bob: tea"])
        assert tags_of(line)["tertulia.chat/cause"] == "m1", "so that the server counts the hops"
        later(room, 60)
        assert room.lines == []

    in_room(scene, Scripted(["x"]))


def test_a_schedule_goes_on_and_is_cancelled_by_its_owner_or_an_operator() -> None:
    async def scene(room: Room) -> None:
        one = set_one(room, "!recuerda cada 2h agua")
        for _ in range(3):
            later(room, 120)
        assert room.said() == ["⏰ bob: agua"] * 3
        room.say("eva", f"!remind cancel {one}")
        assert "no tienes" in told(room) or "no reminder" in told(room)
        room.say("bob", "!remind")
        assert told(room).startswith(f"{one}  ↻ 2026-11-22") and "agua" in told(room)
        room.say("ana", f"!remind cancel {one}")
        room.taken()
        later(room, 240)
        assert room.said() == []

    in_room(scene, Scripted(["x"]))


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("!remind tea", "say when and what"),
        ("!remind 20m", "say when and what"),
        ("!recuerda té", "di cuándo y qué"),
        ("!remind list", "you have no reminders"),
        ("!remind cancel zz", "no reminder zz"),
        ("!timezone Middle/Earth", "no time zone Middle/Earth"),
        ("!zona Europe/Madrid", "Europe/Madrid: son las 10:00"),
        ("!timezone", "UTC: it is 09:00"),
        ("!remind tomorrow 9:00 tea", "2026-11-23 09:00 (UTC)"),
    ],
)
def test_what_is_said_to_it(typed: str, answer: str) -> None:
    async def scene(room: Room) -> None:
        room.say("bob", typed)
        assert answer in told(room)

    in_room(scene, Scripted(["x"]))


def test_ones_own_time_zone_is_kept() -> None:
    notebook = MemoryNotebook()

    async def scene(room: Room) -> None:
        room.say("bob", "!timezone Europe/Madrid")
        room.say("bob", "!remind tomorrow 9:00 tea")
        assert "2026-11-23 09:00 (Europe/Madrid)" in told(room)

    in_room(scene, Scripted(["x"]), circle=Circle(notebook, lambda: START))
    assert notebook.reminders()[0].due_ms == (START + 23 * 3_600) * 1000


def test_it_survives_a_restart_and_says_when_it_is_late() -> None:
    notebook = MemoryNotebook()

    async def first(room: Room) -> None:
        set_one(room)

    async def second(room: Room) -> None:
        room.member.circle.clockwork.give_due()
        (text,) = room.said()
        assert text.startswith("⏰ bob: tea (was due 2026-11-22 09:20 UTC")
        room.member.circle.clockwork.give_due()
        assert len(room.said()) == 1

    in_room(first, Scripted(["x"]), circle=Circle(notebook, lambda: START))
    in_room(second, Scripted(["x"]), circle=Circle(notebook, lambda: START + 3_600))


def test_in_private_it_waits_until_they_are_there() -> None:
    async def scene(room: Room) -> None:
        room.say("bob", "!remind 20m tea", target="lola")
        room.taken()
        later(room, 20)
        assert room.taken()[0].params == ["bob", "⏰ bob: tea"]
        room.hear(":s 401 lola bob :No such nick")
        later(room, 5)
        assert room.taken()[0].params == ["bob", "⏰ bob: tea"]
        later(room, 60)
        assert room.lines == []

    in_room(scene, Scripted(["x"]))


def test_in_quiet_hours_only_who_asked_hears_it() -> None:
    async def scene(room: Room) -> None:
        room.say("ana", "!quiet 9:10-12:00")
        set_one(room)
        later(room, 20)
        assert room.taken()[0].params[0] == "bob"

    in_room(scene, Scripted(["x"]))


def test_a_task_is_done_by_the_model_it_names() -> None:
    provider = Scripted(["Un poema."])

    async def scene(room: Room) -> None:
        set_one(room, "!recuerda 20m lola: escribe un poema", msgid="m1")
        later(room, 20)
        await room.answered()
        opening = next(line for line in room.lines if line.command == "BATCH")
        assert tags_of(opening)["tertulia.chat/cause"] == "m1"

    in_room(scene, provider)
    assert "escribe un poema" in provider.requests[0].turns[0].text


def test_a_summary_of_yesterday() -> None:
    provider = Scripted(["Ayer llovió."])

    async def scene(room: Room) -> None:
        set_one(room, "!remind every day 9:30 summarise yesterday")
        later(room, 30)
        await asyncio.sleep(0)
        (line,) = room.taken()
        assert line.params == [
            "BETWEEN", "#r", "timestamp=2026-11-22T00:00:00.000Z", "timestamp=2026-11-21T00:00:00.000Z", "100"
        ]  # fmt: skip
        old = "@batch=9;msgid=1 :bob!u@h PRIVMSG #r :llueve"
        room.hear(":s BATCH +9 chathistory #r", old, ":s BATCH -9")
        await room.answered()
        assert "".join(room.said()) == "Ayer llovió."

    in_room(scene, provider)
    assert "bob: llueve\n\nsummarise yesterday" in provider.requests[0].turns[0].text


def test_one_person_has_only_so_many() -> None:
    async def scene(room: Room) -> None:
        for _ in range(20):
            set_one(room)
        room.say("bob", "!remind 20m one more")
        assert "you have 20 reminders already" in told(room)

    in_room(scene, Scripted(["x"]))


def test_the_clockwork_wakes_for_what_is_new() -> None:
    async def scene(room: Room) -> None:
        clockwork = room.member.circle.clockwork
        clockwork._sleep = room.sleeper
        room.sleeper.forever.add(30.0)
        running = asyncio.create_task(clockwork.run())
        await asyncio.sleep(0)
        set_one(room)
        await asyncio.sleep(0)
        room.now += 20 * 60
        clockwork.wake()
        await room.until(lambda: room.said() == ["⏰ bob: tea"])
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    in_room(scene, Scripted(["x"]))


@pytest.mark.parametrize(("target", "asker"), [("#r", "#r"), ("ana", "ana")])
def test_one_of_a_model_that_is_there_no_more_is_given_by_another(target: str, asker: str) -> None:
    notebook = MemoryNotebook()
    notebook.remind(Reminder("a1", target, "gpt", "~ana!u@h", "ana", "té", 1_000))

    async def scene(room: Room) -> None:
        room.member.circle.clockwork.give_due()
        assert any(line.params[0] == asker and "té" in line.params[-1] for line in room.lines)

    in_room(scene, Scripted(["x"]), circle=Circle(notebook))
    assert not notebook.reminders()


def test_a_private_one_is_told_to_who_set_it_and_not_to_who_has_the_nick_now() -> None:
    async def scene(house: Household) -> None:
        account(house.town, "ana")
        notebook, clockwork = house.circle.notebook, house.circle.clockwork
        due = house.town.clock.ms
        for who, identity in (("ana", "ana"), ("bob", "~bob!~bob@198.51.100.7")):
            notebook.remind(Reminder(who, who, "lola", identity, who, f"el secreto de {who}", due))
        bob = house.town.join("bob", "#r")  # a guest from elsewhere
        await house.settle()
        clockwork.give_due()
        await house.settle()
        assert not any("secreto" in line for line in bob.take()) and len(list(notebook.reminders())) == 2

        anita, _ = come(house.town, "anita", "ana")
        house.town.clock.ms += 400_000
        clockwork.give_due()
        await house.settle()
        assert any("anita" in line and "el secreto de ana" in line for line in anita.take())
        assert [one.id for one in notebook.reminders()] == ["bob"], "it waits"
        house.town.clock.ms += 31 * 86_400_000
        clockwork.give_due()
        assert not list(notebook.reminders()), "but not for ever"

    in_house(scene, "lola")


def test_no_two_have_one_id() -> None:
    """Chance repeats itself among so few."""
    given = iter(["aaaa", "aaaa", "bbbb", "aaaa", "bbbb", "cccc"])
    circle = Circle(MemoryNotebook(), new_id=lambda: next(given))
    for expected in ("aaaa", "bbbb", "cccc"):
        found = circle.reminder_id()
        assert found == expected
        circle.notebook.remind(Reminder(found, "#r", "lola", "ana", "ana", "tea", 1))
