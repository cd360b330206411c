"""Programs that would talk to each other for ever fall silent, on a real server.

docs/extensions/stream.md: "A program MUST NOT answer a bot-flagged member whose message has `hops` at or
above the limit".
"""

from __future__ import annotations

import pytest

from tertulia.models.scripted import Scripted
from tertulia.protocol.line import Line, parse
from tests.models.household import Household, in_house
from tests.support.town import Client

CAPS = "message-tags server-time"


def greets(nick: str) -> Scripted:
    """Greets somebody by name whatever it is told."""
    return Scripted([f"hola de nuevo, @{nick}"])


def said(watcher: Client) -> list[tuple[str, str]]:
    """(nick, hops) of all that was said in the room, "" for people."""
    lines: list[Line] = [parse(text) for text in watcher.take()]
    return [
        ((line.source or "").partition("!")[0], (line.tags or {}).get("tertulia.chat/hops", ""))
        for line in lines
        if line.command == "PRIVMSG" and line.params[0] == "#r"
    ]


def test_two_that_greet_each_other() -> None:
    async def scene(house: Household) -> None:
        eva = house.town.join("eva", "#r", caps=CAPS)
        ana = house.town.join("ana", "#r")
        await house.say(ana, "PRIVMSG #r :lola: saluda a gpt")
        assert said(eva) == [("ana", ""), ("lola", "1"), ("gpt", "2"), ("lola", "3")]
        await house.say(ana, "PRIVMSG #r :gpt: saluda a lola, una y otra vez")
        assert said(eva) == [("ana", ""), ("gpt", "1"), ("lola", "2"), ("gpt", "3")]

    in_house(scene, "lola", "gpt", providers={"lola": greets("gpt"), "gpt": greets("lola")})


def test_three_in_a_ring() -> None:
    async def scene(house: Household) -> None:
        eva = house.town.join("eva", "#r", caps=CAPS)
        ana = house.town.join("ana", "#r")
        await house.say(ana, "PRIVMSG #r :lola: empieza")
        assert said(eva) == [("ana", ""), ("lola", "1"), ("gpt", "2"), ("claudia", "3")]

    ring = {"lola": greets("gpt"), "gpt": greets("claudia"), "claudia": greets("lola")}
    in_house(scene, "lola", "gpt", "claudia", providers=ring)


def test_through_a_reminder() -> None:
    async def scene(house: Household) -> None:
        ana = house.town.join("ana", "#r")
        eva = house.town.join("eva", "#r", caps=CAPS)
        await house.say(ana, "PRIVMSG #r :!remind every 5m saluda a @gpt")
        eva.take()
        for _ in range(3):
            house.town.clock.ms += 300_000
            house.circle.clockwork.give_due()
            await house.settle()
            assert said(eva) == [("lola", "1"), ("gpt", "2"), ("lola", "3")], "each time, no more than that"

    in_house(scene, "lola", "gpt", providers={"lola": greets("gpt"), "gpt": greets("lola")})


@pytest.mark.parametrize(("hops", "speakers"), [("1", "l"), ("2", "lg"), ("5", "lglgl")])
def test_the_limit_of_a_room(hops: str, speakers: str) -> None:
    async def scene(house: Household) -> None:
        house.circle.settle("#r", "hops", hops)
        eva = house.town.join("eva", "#r", caps=CAPS)
        ana = house.town.join("ana", "#r")
        await house.say(ana, "PRIVMSG #r :lola: empieza")
        assert "".join(nick[0] for nick, _ in said(eva)[1:]) == speakers

    in_house(scene, "lola", "gpt", providers={"lola": greets("gpt"), "gpt": greets("lola")})


class Agent:
    """An agent from elsewhere that never heard of hops: it answers whatever names it."""

    def __init__(self, house: Household, nick: str) -> None:
        self.client = house.town.join(nick, "#r")
        self.client.say(f"MODE {nick} +B")
        self.answers = 0

    def listen(self) -> bool:
        """Answer all that was heard; whether there was anything."""
        heard = [
            parse(text) for text in self.client.take() if f"@{self.client.nick}" in text and "PRIVMSG" in text
        ]
        for line in heard:
            self.answers += 1
            self.client.send(f"PRIVMSG #r :¿qué tal, @{(line.source or '').partition('!')[0]}?")
        return bool(heard)


def test_an_agent_that_never_heard_of_us_is_counted_too() -> None:
    async def scene(house: Household) -> None:
        eva = house.town.join("eva", "#r", caps=CAPS)
        ana = house.town.join("ana", "#r")
        agent = Agent(house, "robot")
        await house.say(ana, "PRIVMSG #r :lola: saluda a robot")
        while agent.listen():
            await house.settle()
        assert said(eva) == [("ana", ""), ("lola", "1"), ("robot", "2"), ("lola", "3"), ("robot", "4")]
        assert agent.answers == 2, "ours fell silent, so it has nobody to answer"

    in_house(scene, "lola", providers={"lola": greets("robot")})


def test_a_failure_wakes_nobody() -> None:
    async def scene(house: Household) -> None:
        eva = house.town.join("eva", "#r", caps=CAPS)
        ana = house.town.join("ana", "#r")
        await house.say(ana, "PRIVMSG #r :lola: empieza")
        lines = [parse(text) for text in eva.take()]
        notices = [line for line in lines if line.command == "NOTICE"]
        assert len(notices) == 1 and "tertulia.chat/hops" not in (notices[0].tags or {})
        assert [line.command for line in lines if line.command == "PRIVMSG"] == ["PRIVMSG"]

    from tertulia.models.provider import ProviderError

    failing = Scripted([ProviderError("wrong_key", "@gpt @lola")])
    in_house(scene, "lola", "gpt", providers={"lola": failing, "gpt": failing})
