"""A round: asked at once, shown together, with who was late, a vote or a summary."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import pytest

from tertulia.models.deeds.rounds import Order, parse
from tertulia.models.provider import (
    Bill,
    Capabilities,
    Delta,
    Item,
    ProviderError,
    Request,
    Served,
    Usage,
)
from tertulia.models.scripted import Scripted
from tertulia.models.words import Language
from tests.models.room import Room, in_room, tags_of
from tests.models.test_turns import Held


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("¿tabs o espacios?", Order("", 60, (), "¿tabs o espacios?")),
        ("@lola @gpt ¿tabs?", Order("", 60, ("lola", "gpt"), "¿tabs?")),
        ("@Lola, @gpt: tabs?", Order("", 60, ("Lola", "gpt"), "tabs?")),
        ("vote 30s @all tabs or spaces?", Order("vote", 30, (), "tabs or spaces?")),
        ("2m resumen ¿qué es un socket?", Order("summary", 120, (), "¿qué es un socket?")),
        ("1s now?", Order("", 5, (), "now?")),
        ("9999m now?", Order("", 600, (), "now?")),
        ("vote summary of it", Order("vote", 60, (), "summary of it")),
        ("@lola", Order("", 60, ("lola",), "")),
        ("", Order("", 60, (), "")),
    ],
)
def test_orders_are_read(text: str, order: Order) -> None:
    assert parse(text) == order


def said(room: Room) -> str:
    return "".join(room.said())


async def over(room: Room) -> None:
    """The round has ended."""
    for _ in range(200):
        await asyncio.sleep(0)
        if not room.member.circle.rounds:
            return
    raise AssertionError("the round goes on")


def test_answers_come_together_and_nobody_sees_the_others() -> None:
    first, second, third = Held(), Scripted(["Espacios."]), Scripted(["Da igual."])

    async def scene(room: Room) -> None:
        gpt, claudia = room.another("gpt", second), room.another("claudia", third)
        room.member.ready(first)
        room.sleeper.forever.add(60)
        room.say("ana", "!round ¿tabs o espacios?", msgid="q1")
        assert "pregunto a lola, gpt, claudia" in room.notices()[0][1]
        for _ in range(30):
            await asyncio.sleep(0)
        assert gpt.said() == claudia.said() == [], "they wait for the slowest"
        await first.release()
        await over(room)
        assert (said(room), said(gpt), said(claudia)) == ("vale", "Espacios.", "Da igual.")
        assert claudia.notices()[-1] == ("#r", "ana: han respondido 3 de 3."), "by the last, after its answer"
        assert len(room.notices()) == 1 and gpt.notices() == []
        opening = next(line for line in gpt.lines if line.command == "BATCH")
        assert (opening.tags or {})["tertulia.chat/cause"] == "q1"

    in_room(scene, Scripted(["x"]))
    (request,) = second.requests
    assert "¿tabs o espacios?" in request.turns[0].text and "Da igual" not in request.turns[0].text


def test_who_is_late_and_who_fails_is_named() -> None:
    async def scene(room: Room) -> None:
        room.another("gpt", Held())
        room.another("claudia", Scripted([ProviderError("wrong_key")]))
        room.sleeper.turns[30.0] = 50
        room.say("ana", "!round 30s what is a socket?")
        await over(room)
        assert room.sleeper.waited.count(30.0) == 1
        assert said(room) == "An end."
        end, why = (text for _, text in room.notices()[-2:])
        assert end == "ana: 1 of 3 have answered. Late: gpt. Could not: claudia."
        assert why.startswith("ana: Why claudia could not: my provider does not accept my API key.")

    in_room(scene, Scripted(["An end."]))


def test_a_vote_is_counted() -> None:
    async def scene(room: Room) -> None:
        room.another("gpt", Scripted(["Because.\nVOTE: **tabs**"]))
        room.another("claudia", Scripted(["No.\n\nVote: spaces."]))
        last = room.another("eva2", Scripted(["I do not vote."]))
        room.sleeper.forever.add(60)
        room.say("ana", "!round vote tabs or spaces?")
        await over(room)
        assert "Votes: Tabs 2 (lola, gpt), spaces 1 (claudia)." in last.notices()[-1][1]

    in_room(scene, Scripted(["Well.\nVOTE: Tabs"]))


def test_a_summary_of_the_answers() -> None:
    def answer(request: object) -> str:
        return "Coinciden." if "compare answers" in request.system else "Uno."  # type: ignore[attr-defined]

    async def scene(room: Room) -> None:
        room.another("gpt", Scripted(["Dos."]))
        room.sleeper.forever.add(60)
        room.say("ana", "!ronda resumen ¿cuántos?")
        await over(room)
        assert said(room) == "Uno.Coinciden."

    provider = Scripted(answer)
    in_room(scene, provider)
    assert "lola: Uno.\ngpt: Dos." in provider.requests[-1].turns[0].text


def test_only_who_can_is_asked() -> None:
    far = Scripted(["x"])
    far.capabilities = Capabilities(8_192)

    async def scene(room: Room) -> None:
        gpt = room.another("gpt", far)
        room.say("ana", "!dismiss lola")
        room.say("bob", "!optout")
        room.say("bob", "!round @lola @gpt @nadie what is it?")
        first, second = (text for _, text in gpt.notices()[-2:])
        assert first == "bob: these cannot answer now: lola, gpt, nadie."
        assert second == "bob: nobody is here who could answer." and not room.member.circle.rounds

    in_room(scene, Scripted(["x"]))
    assert far.requests == []


def test_one_round_at_a_time_and_it_can_be_stopped() -> None:
    async def scene(room: Room) -> None:
        room.member.ready(Held())
        room.sleeper.forever.add(60)
        room.say("bob", "!round ¿qué es?")
        room.say("ana", "!round ¿y esto otro?")
        assert room.notices()[-1][0] == "ana"
        room.say("eva", "!stop")
        assert room.member.circle.rounds
        room.say("bob", "!para")
        await over(room)
        assert room.notices()[-1][1] == "bob: se ha parado la ronda." and said(room) == ""
        room.say("bob", "!round")
        assert "!r" in room.notices()[-1][1]

    in_room(scene, Scripted(["x"]))


def test_each_answer_says_where_it_comes_from() -> None:
    """docs/extensions/stream.md, "Where a message comes from": a fallback is named, and what it cost."""

    class Chained(Scripted):
        async def stream(self, request: Request) -> AsyncGenerator[Item, None]:
            yield Served("local", "qwen", "gpt-6")
            yield Delta("Tabs.")
            yield Usage(12, 3)
            yield Bill(42_000, "USD", False)

    async def scene(room: Room) -> None:
        room.sleeper.forever.add(60)
        room.say("ana", "!round tabs or spaces?", msgid="q1")
        await over(room)
        opening = next(line for line in room.lines if line.command == "BATCH")
        tags = dict(tags_of(opening)) | dict(tags_of(room.closings()[0]))
        wanted = {
            "model": "qwen",
            "provider": "local",
            "fallback": "gpt-6",
            "tokens-in": "12",
            "tokens-out": "3",
        }
        assert (
            wanted.items()
            <= {name.removeprefix("tertulia.chat/"): text for name, text in tags.items()}.items()
        )
        assert "0.000042" in tags["tertulia.chat/cost"]

    in_room(scene, Chained(["x"]))


def test_what_cannot_be_paid_is_told_until_when() -> None:
    class Spent(ProviderError):
        def say(self, language: Language) -> str:
            return "nothing is left; it goes on at 2026-11-23 00:00 UTC."

    async def scene(room: Room) -> None:
        room.another("gpt", Scripted([Spent("no_budget")]))
        room.sleeper.forever.add(60)
        room.say("ana", "!round what is a socket?")
        await over(room)
        end, why = (text for _, text in room.notices()[-2:])
        assert end == "ana: 0 of 2 have answered. Could not: lola, gpt."
        assert why == "ana: Why lola, gpt could not: nothing is left; it goes on at 2026-11-23 00:00 UTC."

    in_room(scene, Scripted([Spent("no_budget")]))
