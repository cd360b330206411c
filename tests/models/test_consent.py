"""Whose words are shown to no model elsewhere: under all their nicks, and while they stand in line too."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from tertulia.models import memory
from tertulia.models.circle import Circle
from tertulia.models.gate import Gate
from tertulia.models.notebook import MemoryNotebook
from tertulia.models.readers import Unknown
from tertulia.models.scripted import Scripted
from tests.models.room import Room, in_room

ANA, ANITA = "~ana!u@h", "~anita!u@h"


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
        memory.keep(room.member, "#r", "bob told that the code is 1234")
        room.say("ana", "!summary", msgid="m1")
        assert "1234" in room.notices()[-1][1]
        room.say("bob", "!optout", msgid="m2")
        kept[local] = memory.recall(room.member, "#r")

    for provider in (far(), Scripted(["vale"])):
        in_room(scene, provider)
    assert kept == {False: "", True: "bob told that the code is 1234"}


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
