"""`!usage`: one's own, the room's and the model's, in private."""

from __future__ import annotations

from dataclasses import replace

from tertulia.models.provider import Usage
from tertulia.models.scripted import Scripted
from tertulia.models.treasury import Asked, Treasury
from tertulia.models.usage import lines
from tertulia.protocol.ledger import Caller, Limit
from tests.models.calls import PRICE, REQUEST, World
from tests.models.room import Room, in_room


def spent(world: World, caller: Caller, model: str = "lola") -> None:
    ticket = world.treasury.open(Asked(model, "openai", "m", PRICE), replace(REQUEST, caller=caller))
    ticket.reported(Usage(1_000, 100))
    ticket.settle("whole")


def told(treasury: Treasury | None, *asked: tuple[str, str, str | None]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []

    async def scene(room: Room) -> None:
        for nick, text, account in asked:
            room.say(nick, text, **({"account": account} if account else {}))
        found.extend(room.notices())

    in_room(scene, Scripted(["x"]), treasury=treasury)
    return found


def test_it_says_what_i_the_room_and_the_model_have_spent() -> None:
    world = World(Limit("account", "*", "day", tokens=5_000))
    spent(world, Caller("ana", "ana", "#r"))
    spent(world, Caller("bob", None, "#r"))
    assert told(world.treasury, ("ana", "!usage", "ana")) == [
        ("ana", "you (ana): today 1 call, 1100 tokens, 0.0020 USD, of 5000 tokens; "
                "this month 1 call, 1100 tokens, 0.0020 USD."),
        ("ana", "#r: today 2 calls, 2200 tokens, 0.0040 USD; this month 2 calls, 2200 tokens, 0.0040 USD."),
        ("ana", "lola: today 2 calls, 2200 tokens, 0.0040 USD; this month 2 calls, 2200 tokens, 0.0040 USD."),
    ]  # fmt: skip


def test_no_zero_stands_where_no_price_is_known() -> None:
    world = World()
    for price in (None, None, PRICE):
        ticket = world.treasury.open(
            Asked("gpt" if price else "lola", "openai", "m", price),
            replace(REQUEST, caller=Caller("ana", None, "#r")),
        )
        ticket.reported(Usage(1_000, 100))
        ticket.settle("whole")
    world.treasury.open(Asked("lola", "openai", "m", None), REQUEST)
    found = [lines(world.treasury, [scope], "en")[0] for scope in (("model", "lola"), ("room", "#r"))]
    assert found[0].startswith("lola: today 3 calls, 2200 tokens, price unknown (")
    assert "today 4 calls, 3300 tokens, 0.0020 USD and 2200 tokens of unknown price (" in found[1]
    assert (
        "hoy 3 llamadas, 2200 tokens, precio desconocido ("
        in lines(world.treasury, [("model", "lola")], "es")[0]
    )
    assert "0.0020 USD y 2200 tokens de precio desconocido" in lines(world.treasury, [("all", "")], "es")[0]


def test_in_private_a_room_that_both_are_in_may_be_named() -> None:
    world = World()
    spent(world, Caller("bob", None, "#r"))
    found: list[tuple[str, str]] = []

    async def scene(room: Room) -> None:
        room.say("ana", "!usage #R", "lola")
        room.say("ana", "!usage #elsewhere", "lola")
        room.say("mallory", "!usage #r", "lola")
        found.extend(room.notices())

    in_room(scene, Scripted(["x"]), treasury=world.treasury)
    assert [text.partition(":")[0] for _, text in found] == [
        "guests, you among them", "#r", "lola",
        "guests, you among them", "lola", "guests, you among them", "lola",
    ]  # fmt: skip


def test_operators_of_the_server_are_shown_all() -> None:
    """By the server's own tag, whatever the nick."""
    world = World()
    spent(world, Caller("ana", "ana", "#r"))
    spent(world, Caller("bob", None, "#r"), "gpt")
    found: list[tuple[str, str]] = []

    async def scene(room: Room) -> None:
        room.another("gpt")
        room.hear("@draft/oper :bob!u@h PRIVMSG #r :!usage")
        found.extend(room.notices())

    in_room(scene, Scripted(["x"]), treasury=world.treasury)
    assert [text.partition(":")[0] for _, text in found] == [
        "this server", "lola", "gpt", "guests, you among them", "#r", "calls under way"
    ]  # fmt: skip
    assert "2 calls, 2200 tokens" in found[0][1] and "1 call," in found[2][1]


def test_nobody_becomes_one_by_a_tag_of_their_own() -> None:
    world = World()
    assert len(told(world.treasury, ("admin", "!usage", None))) == 3


def test_in_spanish_for_a_guest() -> None:
    world = World()
    spent(world, Caller("bob", None, "#r"))
    first = told(world.treasury, ("bob", "!gasto", None))[0]
    assert first[0] == "bob" and first[1].startswith(
        "los invitados, tú entre ellos: hoy 1 llamada, 1100 tokens"
    )


def test_what_is_reserved_is_said() -> None:
    world = World()
    world.treasury.open(Asked("lola", "openai", "m", PRICE), REQUEST)
    assert "more are reserved" in lines(world.treasury, [("all", "")], "en")[0]


def test_without_a_ledger_it_says_so() -> None:
    assert told(None, ("ana", "!usage", None)) == [
        (
            "ana",
            "what was spent cannot be read just now; whoever runs this server finds the cause in its log.",
        )
    ]
