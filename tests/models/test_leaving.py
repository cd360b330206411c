"""A model that may speak no further: its call ends, nothing more is paid for, and whoever asked is told; on a
real server."""

from __future__ import annotations

import asyncio

import pytest

from tertulia.models.scripted import Scripted
from tests.models.household import Household, in_house
from tests.models.test_member import Waiting

CAPS = "message-tags server-time batch tertulia.chat/stream"


@pytest.mark.parametrize(
    ("deed", "words"),
    [
        ("KICK #r lola", "ya no estoy en #r"),
        ("MODE #r +m", "ahora no puedo hablar en #r"),
        ("MODE #r +b lola!*@*", "ahora no puedo hablar en #r"),
        ("MODE #r +b ~m:lola!*@*", "ahora no puedo hablar en #r"),
    ],
)
def test_its_call_ends_with_its_right_to_speak(deed: str, words: str) -> None:
    provider = Waiting("uno dos tres")

    async def scene(house: Household) -> None:
        ana, eva = house.town.join("ana", "#r", caps=CAPS), house.town.join("eva", "#r", caps=CAPS)
        await house.turns()
        eva.send("PRIVMSG #r :lola: ¿qué hay?", "PRIVMSG #r :¿y qué más?")
        await house.turns()
        ana.send(deed)
        await house.settle()
        assert provider.cancelled == 1 and len(provider.requests) == 1, "nor is the next one asked"
        assert sum(f"NOTICE eva :{words}" in line for line in eva.take()) == 1
        window = house.circle.members[0].corner("#r").window
        assert not any("tres" in said.text for said in window), "nobody has heard that"

    in_house(scene, "lola", providers={"lola": provider})


def test_a_round_goes_on_without_who_was_sent_away() -> None:
    held = Waiting("uno dos tres")

    async def scene(house: Household) -> None:
        ana = house.town.join("ana", "#r", caps=CAPS)
        await house.turns()
        ana.send("PRIVMSG #r :!round ¿tabs o espacios?")
        await house.turns()
        ana.send("KICK #r gpt")
        await house.settle()
        heard = ana.take()
        assert held.cancelled == 1 and any("tabs, siempre" in line for line in heard)
        assert any("1 de 2" in line and "gpt" in line for line in heard)

    in_house(scene, "lola", "gpt", providers={"lola": Scripted(["tabs, siempre"]), "gpt": held})


def test_a_round_ends_with_its_holder() -> None:
    held = Waiting("uno dos tres")

    async def scene(house: Household) -> None:
        ana = house.town.join("ana", "#r", caps=CAPS)
        await house.turns()
        ana.send("PRIVMSG #r :!round ¿tabs o espacios?")
        await house.turns()
        ana.send("KICK #r lola")
        await asyncio.sleep(0)
        await house.settle()
        assert held.cancelled == 1 and not house.circle.rounds
        assert any("NOTICE ana :se ha parado la ronda" in line for line in ana.take())

    in_house(scene, "lola", providers={"lola": held})
