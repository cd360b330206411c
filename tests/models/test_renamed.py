"""What a room's models have spent stays the room's, whatever it is called; on a real server."""

from __future__ import annotations

import pytest

from tertulia.models.ledger import MemoryLedger
from tertulia.models.provider import Provider, Request, Usage
from tertulia.models.scripted import Scripted, Spoken
from tertulia.models.treasury import Rules, Treasury
from tertulia.protocol.ledger import Limit, Spent
from tertulia.store.memory import MemoryStore
from tests.models.calls import World
from tests.models.household import Household, in_house
from tests.models.test_member import Waiting
from tests.support.town import Town

COST = Usage(50_000, 10)
SPENT = COST.tokens_in + COST.tokens_out
LEFT = 40_000  # more than a call reserves, less than one is settled with


class Dear(Scripted):
    """Each of its answers costs more than was thought."""

    async def stream(self, request: Request) -> Spoken:
        async for item in super().stream(request):
            yield COST if isinstance(item, Usage) else item


def limits(name: str) -> tuple[Limit, ...]:
    return (Limit("room", name, "day", tokens=LEFT),)


def day(treasury: Treasury, room: str) -> Spent:
    """Of the room that is kept so."""
    return treasury.spent("room", room, "day")


async def ask(house: Household, nick: str, room: str) -> str:
    """What there is to hear in the room after a question."""
    client = house.clients[nick]
    client.take()
    await house.say(client, f"PRIVMSG {room} :lola: ¿qué hay, buena gente?")
    return "\n".join(client.take())


@pytest.mark.parametrize("named", ["*", "#r", "#s"])
def test_a_renamed_rooms_budget_goes_along_and_its_old_name_begins_anew(named: str) -> None:
    """Whichever of its names the budget bears."""
    world = World()

    async def scene(house: Household) -> None:
        ana = house.join("ana", "#r")
        if named == "#s":
            await house.say(ana, "RENAME #r #s")
            house.town.clock.ms += 120_000
            await house.say(ana, "RENAME #s #t")
        else:
            await house.say(ana, "PRIVMSG #r :hola", "RENAME #r #t")
        assert "vale" in await ask(house, "ana", "#t")
        assert day(world.treasury, "#r") == Spent(1, SPENT), "it is kept under the first name"
        world.treasury.rules = Rules(limits(named))
        refused = await ask(house, "ana", "#t")
        assert "la sala #t puede gastar hoy" in refused

        house.town.network.names.leads.clear()  # as after a start: the old names are free
        old = "#r" if named == "*" else named
        bob = house.join("bob", old)
        await house.say(bob, f"INVITE lola {old}")
        assert "vale" in await ask(house, "bob", old)
        assert day(world.treasury, house.kept_as(old)) == Spent(1, SPENT)
        assert f"la sala {old} puede gastar hoy" in await ask(house, "bob", old)
        assert day(world.treasury, "#r") == Spent(1, SPENT)

    in_house(scene, "lola", treasury=world.treasury, thinkers={"lola": Dear(["vale"])})


def test_what_is_reserved_while_the_room_is_renamed_is_settled_there() -> None:
    world, provider = World(), Waiting("uno dos tres")

    async def scene(house: Household) -> None:
        ana = house.join("ana", "#r")
        ana.send("PRIVMSG #r :lola: cuenta, ¿qué hay?")
        await house.turns()
        (call,) = world.ledger.open_calls()
        reserved = day(world.treasury, "#r")
        assert reserved.reserved_tokens == call.reserved_tokens > 0
        ana.send("RENAME #r #s")
        await house.turns()
        (ended,) = world.ledger.calls()
        assert (ended.outcome, ended.caller.room) == ("stopped", "#r")
        assert day(world.treasury, house.kept_as("#s")) == Spent(1, ended.used_tokens)

    in_house(scene, "lola", treasury=world.treasury, thinkers={"lola": provider})


def test_the_process_may_die_in_between() -> None:
    store, ledger = MemoryStore(), MemoryLedger()

    def house_of(thinker: Provider) -> dict[str, object]:
        world = World(*limits("#r"), ledger=ledger)
        return {"town": Town(store), "treasury": world.treasury, "thinkers": {"lola": thinker}}

    async def before(house: Household) -> None:
        ana = house.join("ana", "#r")
        await house.say(ana, "PRIVMSG #r :hola", "RENAME #r #s")
        assert "vale" in await ask(house, "ana", "#s")
        house.town.clock.ms += 120_000
        await house.say(ana, "RENAME #s #t")

    async def after(house: Household) -> None:
        ana = house.join("ana", "#t")
        await house.say(ana, "INVITE lola #t")
        assert "la sala #t puede gastar hoy" in await ask(house, "ana", "#t")
        ana.take()
        await house.say(ana, "PRIVMSG #t :!gasto")
        told = "\n".join(ana.take())
        assert f"#t: hoy 1 llamada, {SPENT} tokens, 0.0000 USD, de {LEFT} tokens" in told

    in_house(before, "lola", **house_of(Dear(["vale"])))
    in_house(after, "lola", **house_of(Dear(["vale"])))
