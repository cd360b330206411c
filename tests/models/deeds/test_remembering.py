"""What models remember: summaries made, shown, forgotten; who opted out."""

from __future__ import annotations

import asyncio

from tertulia.limits import MODEL_CONTEXT_MESSAGES
from tertulia.models import memory
from tertulia.models.circle import Circle
from tertulia.models.notebook import MemoryNotebook
from tertulia.models.provider import Capabilities, Request
from tertulia.models.scripted import Scripted
from tests.models.household import Household, in_house
from tests.models.room import Room, in_room


class Scribe(Scripted):
    """Answers questions, and writes minutes when it is asked for them."""

    def __init__(self, minutes: str = "Ana y Bob contaron hasta cuarenta.") -> None:
        super().__init__(lambda request: minutes if "minutes" in request.system else "vale")


async def talk(room: Room) -> None:
    """More than the window holds, then a question, then the minutes."""
    for number in range(MODEL_CONTEXT_MESSAGES + 1):
        room.say("bob", f"digo {number}", msgid=f"m{number}")
    room.say("ana", "lola: ¿por dónde vamos?", account="ana")
    await room.answered()
    summing = room.member.corner("#r").summing
    assert summing is not None
    await summing


def test_older_talk_is_carried_as_a_summary_that_is_shown_and_forgotten() -> None:
    provider = Scribe()
    notebook = MemoryNotebook()

    async def scene(room: Room) -> None:
        room.say("ana", "!summary")
        assert "no summary" in room.notices()[-1][1]
        await talk(room)
        room.say("ana", "!resumen")
        assert "Ana y Bob contaron hasta cuarenta." in room.notices()[-1][1]
        room.say("ana", "lola: ¿y ahora?")
        await room.answered(2)
        assert (
            provider.requests[-1]
            .turns[0]
            .text.startswith(
                "[What was said before, in short: Ana y Bob contaron hasta cuarenta.]\n\nbob: digo 2"
            )
        )
        room.say("bob", "lola: !forget")
        assert room.notices()[-1][0] == "bob" and room.member.corner("#r").window
        room.say("ana", "lola: !olvida")
        assert not room.member.corner("#r").window
        room.say("ana", "lola: ¿y qué recuerdas?")
        await room.answered(3)
        assert "cuarenta" not in provider.requests[-1].turns[0].text

    in_room(scene, provider, circle=Circle(notebook))
    minutes = next(request for request in provider.requests if "minutes" in request.system)
    assert "bob: digo 0\nbob: digo 1" in minutes.turns[0].text
    assert list(notebook.notes()) == []


def test_a_summary_outlives_the_process_and_goes_with_what_it_may_speak_of() -> None:
    notebook = MemoryNotebook()

    async def first(room: Room) -> None:
        await talk(room)

    async def second(room: Room) -> None:
        room.say("ana", "!summary")
        assert "cuarenta" in room.notices()[-1][1]
        room.hear(":bob!u@h REDACT #r m3")
        room.say("ana", "!summary")
        assert "cuarenta" not in room.notices()[-1][1]

    in_room(first, Scribe(), circle=Circle(notebook))
    in_room(second, Scribe(), circle=Circle(notebook))


def test_a_guests_private_talk_is_kept_by_nobody_and_is_not_shown_to_the_next_of_that_name() -> None:
    notebook = MemoryNotebook()
    provider = Scribe()

    async def scene(room: Room) -> None:
        for number in range(MODEL_CONTEXT_MESSAGES + 1):
            room.say("eva", f"secreto {number}", target="lola")
        await room.answered()
        summing = room.member.corner("eva").summing
        assert summing is not None
        await summing
        assert room.member.corner("eva").summary and not notebook.notes()
        room.taken()
        await room.idle()
        room.hear(":eva!otra@lejos PRIVMSG lola :hola")
        await room.answered()
        assert "secreto" not in provider.requests[-1].turns[0].text
        assert "cuarenta" not in provider.requests[-1].turns[0].text

    in_room(scene, provider, circle=Circle(notebook))


class Elsewhere(Scripted):
    def __init__(self) -> None:
        super().__init__(["vale"])
        self.capabilities = Capabilities(context_tokens=8_192)


def test_who_opts_out_is_not_shown_to_a_model_elsewhere() -> None:
    provider = Elsewhere()
    local = Scripted(["vale"])

    async def scene(room: Room) -> None:
        near = room.another("cerca", local)
        room.say("bob", "mi secreto")
        room.say("bob", "!excluir")
        assert "no esté en esta máquina" in room.notices()[-1][1]
        room.say("bob", "otro secreto")
        room.say("ana", "lola, cerca: ¿qué ha dicho bob?")
        await room.answered()
        await near.answered()
        assert "secreto" not in provider.requests[-1].turns[0].text
        assert "otro secreto" in local.requests[-1].turns[0].text
        room.taken()
        room.say("bob", "lola: ¿y yo?")
        assert room.notices()[-1][0] == "bob" and "!incluir" in room.notices()[-1][1]
        room.say("bob", "!optin")
        room.say("bob", "lola: ¿y ahora?")
        await room.answered()
        assert "mi secreto" in provider.requests[-1].turns[0].text

    in_room(scene, provider)


def test_what_is_taken_back_or_reacted_to() -> None:
    provider = Scripted(["vale"])

    async def scene(room: Room) -> None:
        room.say("bob", "me equivoqué", msgid="b1")
        room.say("bob", "hace frío", msgid="b2")
        room.hear("@+draft/react=👍;+draft/reply=b2 :ana!u@h TAGMSG #r", ":bob!u@h REDACT #r b1")
        room.say("ana", "lola: ¿qué se dice?")
        await room.answered()

    in_room(scene, provider)
    text = provider.requests[0].turns[0].text
    assert "equivoqué" not in text and "ana: [👍 → bob: «hace frío»]" in text


def test_what_a_question_replies_to_is_fetched_when_it_is_old() -> None:
    provider = Scripted(["vale"])

    async def scene(room: Room) -> None:
        room.say("ana", "lola: ¿y esto?", msgid="q", **{"+reply": "old"})
        (line,) = [line for line in room.lines if line.command == "CHATHISTORY"]
        assert line.params == ["AROUND", "#r", "msgid=old", "1"]
        room.hear(
            ":s BATCH +9 chathistory #r", "@batch=9;msgid=old :bob!u@h PRIVMSG #r :un socket es un extremo"
        )
        room.hear(":s BATCH -9")
        await room.answered()
        room.say("ana", "lola: ¿y esto otro?", msgid="q2", **{"+reply": "gone"})
        room.hear(":s FAIL CHATHISTORY MESSAGE_ERROR #r :no")
        await room.answered(2)

    in_room(scene, provider)
    first, second = (request.turns[0].text for request in provider.requests)
    assert "(ana replies to what bob said: «un socket es un extremo»)" in first
    assert "replies to" not in second


def test_other_programs_are_named_as_such() -> None:
    provider = Scripted(["vale"])

    async def scene(room: Room) -> None:
        room.another("gpt")
        room.say("ana", "lola: hola", account="ana.acc")
        await room.answered()
        await asyncio.sleep(0)

    in_room(scene, provider)
    request: Request = provider.requests[0]
    assert "These are programs like you: gpt." in request.system
    assert "ana.acc (ana): lola: hola" in request.turns[0].text


def test_a_long_summary_and_a_long_prompt_are_shown_whole() -> None:
    """A line that is too long would be refused by the server, and nobody told anything."""

    async def scene(house: Household) -> None:
        ana = house.town.join("ana", "#r", caps="batch draft/multiline message-tags")
        await house.settle()
        memory.keep(house.circle.members[0], "#r", "palabra " * 140 + "fin")
        await house.say(ana, "PRIVMSG #r :!summary")
        told = "".join(line.partition(" :")[2] for line in ana.take() if "NOTICE ana" in line)
        assert told.count("palabra") == 140 and told.endswith("fin")
        house.circle.settle("#r", "prompt", "uno " * 240 + "fin", "ana")
        await house.say(ana, "PRIVMSG #r :!prompt")
        told = "".join(line.partition(" :")[2] for line in ana.take() if "NOTICE #r" in line)
        assert told.count("uno") == 240 and told.endswith("fin")

    in_house(scene, "lola", providers={"lola": Scripted(["x"])})
