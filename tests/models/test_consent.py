"""Whose words are shown to no model elsewhere: under all their nicks, and while they stand in line too."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from tertulia.models import memory
from tertulia.models.circle import Circle
from tertulia.models.gate import Gate
from tertulia.models.notebook import MemoryNotebook
from tertulia.models.provider import Request
from tertulia.models.readers import Unknown
from tertulia.models.scripted import Scripted
from tertulia.models.turns import Question
from tertulia.models.window import Said, Size
from tests.models.room import Room, in_room

ANA, ANITA, BOB = "~ana!u@h", "~anita!u@h", "~bob!u@h"


class Refusing(Unknown):
    """They have said so in their metadata."""

    def __init__(self, *identities: str) -> None:
        self.identities = identities

    def refuses(self, identity: str) -> bool:
        return identity in self.identities


def far() -> Scripted:
    """A model elsewhere."""
    provider = Scripted(["vale"])
    provider.capabilities = replace(provider.capabilities, local=False)
    return provider


def test_a_guest_keeps_the_wish_under_another_nick() -> None:
    circle = Circle(MemoryNotebook())
    circle.consent.settle(ANA, True, "ana")
    circle.consent.renamed(ANA, ANITA)
    assert circle.withheld(ANITA) and circle.withheld(ANA)
    circle.consent.settle(ANITA, False, "anita")
    assert not circle.withheld(ANITA) and not circle.withheld(ANA)


def test_a_wish_holds_for_earlier_nicks() -> None:
    circle = Circle(MemoryNotebook())
    for _ in range(3):  # each model of the room says so
        circle.consent.renamed("~a!u@h", ANA)
        circle.consent.renamed(ANA, ANITA)
    circle.consent.settle(ANITA, True, "anita")
    assert circle.withheld("~a!u@h") and circle.withheld(ANA) and not circle.withheld("~bob!u@h")


def test_a_wish_is_kept_under_a_nick_that_one_has_had_before() -> None:
    """They came again under the first one, and opted out only then."""
    circle = Circle(MemoryNotebook())
    circle.consent.renamed(ANA, ANITA)
    circle.consent.settle(ANA, True, "ana")
    circle.consent.renamed(ANA, ANITA)
    assert circle.withheld(ANITA)
    circle.consent.settle(ANITA, False, "anita")
    assert not circle.withheld(ANITA) and not circle.withheld(ANA)


def test_a_guests_metadata_outlives_the_guest() -> None:
    class Here(Unknown):
        here = True

        def refuses(self, identity: str) -> bool:
            return self.here and identity == ANA

    circle = Circle(MemoryNotebook(), readers=(readers := Here()))
    assert circle.withheld(ANA) and not circle.withheld("~bob!u@h")
    readers.here = False
    assert circle.withheld(ANA)


def test_what_was_said_under_another_nick_is_not_shown() -> None:
    provider = far()

    async def scene(room: Room) -> None:
        room.say("bob", "el código es 1234", msgid="m1")
        room.hear(":bob!u@h NICK roberto")
        room.say("roberto", "!optout", msgid="m2")
        room.say("ana", "lola: ¿qué tal?", msgid="m3")
        await room.answered()

    in_room(scene, provider)
    assert "1234" not in "".join(provider.requests[-1].texts())


def test_a_summary_that_may_speak_of_who_opts_out_goes() -> None:
    kept: dict[bool, str] = {}

    async def scene(room: Room) -> None:
        local = provider.capabilities.local
        memory.keep(room.member, "#r", "bob told that the code is 1234", [BOB, "ana"])
        room.say("ana", "!summary", msgid="m1")
        assert "1234" in room.notices()[-1][1]
        room.hear(":bob!u@h PART #r")
        room.say("eva", "!optout", msgid="m2")
        assert "1234" in memory.recall(room.member, "#r"), "nothing of hers is in it"
        room.say("bob", "!optout", "lola", msgid="m3")
        kept[local] = room.member.circle.setting("#r", "summary:lola")

    for provider in (far(), Scripted(["vale"])):
        in_room(scene, provider)
    assert kept == {False: "", True: "bob told that the code is 1234"}


@pytest.mark.parametrize("of", [[], [BOB, "ana"]])
def test_after_the_metadata_key_a_summary_goes_as_well(of: list[str]) -> None:
    """docs/metadata.md: "tertulia.chat/no-models"; of an older summary nobody knows whose words are in it."""
    provider = far()
    circle = Circle(MemoryNotebook(), readers=Refusing(BOB))

    async def scene(room: Room) -> None:
        memory.keep(room.member, "#r", "bob told that the code is 1234", of)
        room.say("ana", "lola: ¿qué dijo?", msgid="m1")
        await room.answered()

    in_room(scene, provider, circle=circle)
    assert "1234" not in "".join(provider.requests[-1].texts())
    assert not circle.setting("#r", "summary:lola")


def test_a_summary_is_made_with_whose_words_are_in_it() -> None:
    provider = far()

    async def scene(room: Room) -> None:
        room.member.corner("#r").window.resize(Size(8, 3_000))
        for number in range(9):
            room.say(("bob", "eva")[number % 2], f"cosa {number}", msgid=f"m{number}")
        room.say("ana", "lola: ¿qué tal?", msgid="q")
        await room.answered()
        summing = room.member.corner("#r").summing
        assert summing is not None
        await summing
        assert {BOB, "~eva!u@h"} <= set(memory.people(room.member, "#r"))

    in_room(scene, provider)


def test_a_reaction_does_not_carry_the_words_it_is_to() -> None:
    provider = far()

    async def scene(room: Room) -> None:
        room.say("bob", "el código es 1234", msgid="m1")
        room.hear("@+draft/react=👍;+draft/reply=m1 :ana!u@h TAGMSG #r")
        room.say("bob", "!optout", msgid="m2")
        room.say("ana", "lola: ¿qué tal?", msgid="m3")
        await room.answered()

    in_room(scene, provider)
    asked = "".join(provider.requests[-1].texts())
    assert "1234" not in asked and "ana: [👍]" in asked


def test_a_guest_who_logs_in_or_out_keeps_the_wish() -> None:
    provider = far()

    async def scene(room: Room) -> None:
        room.say("bob", "el código es 1234", msgid="m1")
        room.say("bob", "!optout", msgid="m2")
        room.hear(":bob!u@h ACCOUNT roberto")
        room.say("bob", "y el otro 5678", msgid="m3", account="roberto")
        room.say("eva", "mi código es 1357", msgid="m4", account="eva")  # who was no guest when she came
        room.say("eva", "!optout", msgid="m5", account="eva")
        room.hear(":eva!u@h ACCOUNT *")
        room.say("eva", "y el otro 2468", msgid="m6")
        room.say("ana", "lola: ¿qué tal?", msgid="m7")
        await room.answered()

    in_room(scene, provider, people=("@ana", "bob", "eva"))
    asked = "".join(provider.requests[-1].texts())
    assert not any(code in asked for code in ("1234", "5678", "1357", "2468"))


def test_who_opts_out_while_a_tool_works_is_not_sent_again() -> None:
    provider = far()
    provider.capabilities = replace(provider.capabilities, tools=True)

    async def scene(room: Room) -> None:
        def answer(request: Request) -> str:
            if len(provider.requests) == 1:
                room.say("bob", "!optout", msgid="m3")
                return "[[time_now {}]]"
            return "son las diez"

        provider._answers = answer
        room.say("bob", "el código es 1234", msgid="m1")
        room.say("ana", "lola: ¿qué hora es?", msgid="m2")
        await room.until(lambda: any("Vuelve a preguntarme" in text for _, text in room.notices()))

    in_room(scene, provider)
    assert len(provider.requests) == 1


def test_what_was_to_be_done_later_is_not_sent_after_its_author_has_opted_out() -> None:
    provider = far()

    async def scene(room: Room) -> None:
        question = Question("bob", None, "#r", "resume lo de ayer sobre el 1234", "m1", "es", "bob!u@h")
        room.member.circle.consent.settle(BOB, True, "bob")
        await room.member.stage.answer_over(question, [Said("ana", "algo", "m0")])
        assert any("!incluir" in text for _, text in room.notices())

    in_room(scene, provider)
    assert provider.requests == []


def test_who_opts_out_while_waiting_in_line_is_not_shown() -> None:
    provider, gate = far(), Gate(1)

    async def scene(room: Room) -> None:
        async with gate:
            room.say("bob", "lola: el código es 1234", msgid="m1")
            await asyncio.sleep(0)
            room.say("bob", "!optout", msgid="m2")
        await room.until(
            lambda: any("!optin" in text or "!incluir" in text for _, text in room.notices()[2:])
        )

    in_room(scene, provider, gate=gate)
    assert provider.requests == []


def test_a_round_that_waits_in_line_shows_nothing_of_who_opts_out_meanwhile() -> None:
    provider, gate = far(), Gate(1)

    async def scene(room: Room) -> None:
        room.say("bob", "el código es 1234", msgid="m1")
        async with gate:
            room.say("ana", "!round ¿tabs o espacios?", msgid="m2")
            await asyncio.sleep(0)
            room.say("bob", "!optout", msgid="m3")
        await room.answered()

    in_room(scene, provider, gate=gate)
    assert "1234" not in "".join(provider.requests[-1].texts())
