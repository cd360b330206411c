"""An answer that is taken back while it grows: the call ends, the ledger is settled, nothing is left; on a
real server."""

from __future__ import annotations

import pytest

from tertulia.protocol.history import msgid
from tertulia.protocol.ledger import Call
from tertulia.protocol.notes import Asked
from tests.models.calls import World
from tests.models.household import Household, in_house
from tests.models.test_member import Waiting

CAPS = "message-tags echo-message draft/message-redaction"


@pytest.mark.parametrize(("where", "by"), [("#r", "ana"), ("#r", "op"), ("lola", "ana")])
def test_the_call_ends_and_the_ledger_is_settled(where: str, by: str) -> None:
    """By whoever asked, or by who operates the room."""
    world, provider = World(), Waiting("uno dos tres")
    calls: list[Call] = []
    asked: list[Asked] = []

    async def scene(house: Household) -> None:
        people = {nick: house.town.join(nick, "#r", caps=CAPS) for nick in ("op", "ana")}
        await house.settle()
        people["ana"].send(f"PRIVMSG {where} :lola: cuenta, ¿qué hay?")
        await house.turns()
        (stream,) = house.town.hub.streams._by_id.values()
        assert world.ledger.open_calls()
        people[by].take()
        people[by].send(f"REDACT {where} {msgid(stream.message.id)}")
        await house.turns()
        assert any(" REDACT " in line for line in people[by].take())
        lola = house.circle.members[0]
        assert provider.cancelled == 1 and not lola.desk.speaking
        calls.extend(world.ledger.calls())
        asked.extend(house.circle.notebook.asked("lola"))
        assert not any("uno" in said.text for said in lola.corner("#r" if where == "#r" else "ana").window)
        kept = [one.text for one in house.town.store._messages.values()]  # type: ignore[attr-defined]
        assert not any("uno" in text for text in kept)

        provider.go_on.set()
        people["ana"].take()
        await house.say(people["ana"], f"PRIVMSG {where} :lola: !repite")
        assert any("uno dos tres" in line for line in people["ana"].take()), "nothing of it is in the way"

    in_house(scene, "lola", treasury=world.treasury, thinkers={"lola": provider})
    assert [call.outcome for call in calls] == ["stopped"] and calls[0].used_tokens > 0
    assert [one.open for one in asked] == [False], "after a start nobody is told of it"
