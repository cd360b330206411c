"""In which language a model tells somebody something: the one that they chose, else the one that they
evidently speak; on a real server."""

from __future__ import annotations

import pytest

from tests.models.calls import World
from tests.models.household import Household, in_house
from tests.support.accounts import account, come

SPANISH, ENGLISH = "los invitados, tú entre ellos: hoy", "guests, you among them: today"


@pytest.mark.parametrize(
    ("chosen", "word", "expected"),
    [
        ("", "!usage", ENGLISH), ("", "!gasto", SPANISH),
        ("LANGUAGE es", "!usage", SPANISH), ("LANGUAGE en", "!gasto", ENGLISH),
        ("LANGUAGE", "!gasto", SPANISH), ("LANGUAGE pt", "!gasto", SPANISH),
        ("METADATA * SET tertulia.chat/language es-CO", "!usage", SPANISH),
        ("METADATA * SET tertulia.chat/language pt-BR", "!gasto", SPANISH),
    ],
)  # fmt: skip
def test_a_guests(chosen: str, word: str, expected: str) -> None:
    async def scene(house: Household) -> None:
        ana = house.town.join("ana", "#r", caps="batch draft/metadata-2")
        await house.say(ana, *([chosen] if chosen else []))
        ana.take()
        await house.say(ana, f"PRIVMSG #r :{word}")
        heard = "\n".join(ana.take())
        assert expected in heard, heard

    in_house(scene, "lola", treasury=World().treasury)


def test_what_one_says_there_is_no_choice_and_a_choice_outweighs_it() -> None:
    async def scene(house: Household) -> None:
        ana = house.town.join("ana", "#r")
        await house.say(ana, "PRIVMSG #r :hola, ¿qué tal están?", "PRIVMSG #r :lola: ¿qué hay, buena gente?")
        ana.take()
        await house.say(ana, "PRIVMSG #r :!hops")
        assert any("programas" in line for line in ana.take()), "!hops is both: they speak Spanish"
        await house.say(ana, "LANGUAGE en", "PRIVMSG #r :!saltos")
        assert any("programs" in line for line in ana.take())

    in_house(scene, "lola")


def test_an_accounts_on_a_device_that_says_nothing_of_it() -> None:
    async def scene(house: Household) -> None:
        account(house.town, "ana")
        first, _ = come(house.town, "ana", "ana")
        await house.say(first, "LANGUAGE es", "QUIT")
        ana, _ = come(house.town, "ana", "ana")
        await house.say(ana, "JOIN #r")
        ana.take()
        await house.say(ana, "PRIVMSG #r :!models")
        heard = "\n".join(ana.take())
        assert "disponible" in heard, heard

    in_house(scene, "lola")


def test_a_round_is_for_the_room() -> None:
    async def scene(house: Household) -> None:
        ana, bob = (house.town.join(nick, "#r") for nick in ("ana", "bob"))
        await house.say(ana, "LANGUAGE es", "PRIVMSG #r :!round what is the best tea in the world?")
        assert not any("ronda" in line for line in bob.take())

    in_house(scene, "lola", "gpt")
