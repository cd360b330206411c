"""Catching up, on a real server: since when, to whom, with which links."""

from __future__ import annotations

from tertulia.models.provider import Request
from tertulia.models.readers import Unknown
from tertulia.models.scripted import Scripted
from tertulia.protocol.line import parse
from tests.models.household import Household, in_house
from tests.support.town import Client

CAPS = "message-tags server-time draft/read-marker"


def told(client: Client) -> list[str]:
    """What was said to this client alone."""
    lines = [parse(text) for text in client.take()]
    return [line.params[1] for line in lines if line.params[:1] == [client.nick] and len(line.params) > 1
            and line.command in ("PRIVMSG", "NOTICE")]  # fmt: skip


async def talk(house: Household, *said: tuple[Client, str]) -> None:
    for client, text in said:
        house.town.clock.ms += 60_000
        await house.say(client, f"PRIVMSG #r :{text}")


def test_since_they_last_spoke_with_links_and_to_them_alone() -> None:
    provider = Scripted(["Bob propone cenar [2]."])

    async def scene(house: Household) -> None:
        ana, bob, eva = (house.town.join(nick, "#r", caps=CAPS) for nick in ("ana", "bob", "eva"))
        await talk(house, (bob, "antes"), (ana, "me voy a comer"), (bob, "hola a todos"),
                   (eva, "¿cenamos, ana?"), (bob, "!models"))  # fmt: skip
        for one in (ana, bob, eva):
            one.take()
        await house.say(ana, "PRIVMSG #r :!ponmealdía")
        heading, text, link = told(ana)
        assert "mensajes: 2 (bob 1, eva 1)" in heading and text == "Bob propone cenar [2]."
        assert link.startswith("[2] ") and "eva: «¿cenamos, ana?» (#r " in link
        assert told(bob) == [] and not any("Bob propone" in line for line in eva.take())
        await house.say(ana, "PRIVMSG #r :ya estoy", "PRIVMSG #r :!catchup")
        assert told(ana) == ["no te has perdido nada en #r."]
        await house.say(ana, "PRIVMSG lola :¿a qué hora?")

    in_house(scene, "lola", providers={"lola": provider})
    first, last = provider.requests[0], provider.requests[-1]
    assert first.turns[0].text.startswith("[1] bob: hola a todos\n[2] eva: ¿cenamos, ana?\n\n")
    assert "Bob propone cenar" in last.turns[0].text, "they may ask about it in private"


def test_since_they_left() -> None:
    provider = Scripted(["Poco."])

    async def scene(house: Household) -> None:
        ana, bob = (house.town.join(nick, "#r", caps=CAPS) for nick in ("ana", "bob"))
        await talk(house, (ana, "hola"), (bob, "lo oyó"))
        house.town.clock.ms += 1_000
        await house.say(ana, "PART #r")
        await talk(house, (bob, "no lo oyó"))
        await house.say(ana, "JOIN #r", "PRIVMSG #r :!catchup")

    in_house(scene, "lola", providers={"lola": provider})
    assert [request.turns[0].text.partition("\n\n")[0] for request in provider.requests] == [
        "[1] bob: no lo oyó"
    ]


class Marked(Unknown):
    """Readers of a server that knows."""

    def __init__(self, marker: int = 0, floor: int = 0) -> None:
        self.marker, self.bound = marker, floor

    def read_until(self, nick: str, room: str) -> int:
        return self.marker

    def floor(self, nick: str, room: str) -> int:
        return self.bound

    def common_floor(self, room: str) -> int:
        return self.bound


def test_since_the_read_marker_and_never_before_what_they_may_read() -> None:
    provider = Scripted(["Poco."])

    async def scene(house: Household) -> None:
        ana, bob = (house.town.join(nick, "#r", caps=CAPS) for nick in ("ana", "bob"))
        await talk(house, (bob, "uno"), (ana, "yo"), (bob, "dos"), (bob, "tres"))
        now = house.town.clock.ms
        house.circle.readers = Marked(marker=now - 150_000)
        await house.say(ana, "PRIVMSG #r :!catchup")
        house.circle.readers = Marked(marker=now - 300_000, floor=now - 30_000)
        await house.say(ana, "PRIVMSG #r :!catchup")
        await house.say(ana, "PRIVMSG #r :lola: ¿qué han dicho?")

    in_house(scene, "lola", providers={"lola": provider})
    texts = [request.turns[0].text for request in provider.requests]
    assert texts[0].startswith("[1] bob: dos\n[2] bob: tres\n\n"), "a marker counts more than one's own words"
    assert texts[1].startswith("[1] bob: tres\n\n")
    assert "uno" not in texts[2] and "dos" not in texts[2] and "tres" in texts[2], (
        "nothing that somebody present may not read"
    )


def test_in_private_of_a_room_that_both_are_in() -> None:
    provider = Scripted(["Poco."])

    async def scene(house: Household) -> None:
        ana, bob = (house.town.join(nick, "#r", caps=CAPS) for nick in ("ana", "bob"))
        eva = house.town.join("eva", caps=CAPS)
        await talk(house, (bob, "secreto"))
        for one in (ana, eva):
            one.take()
            await house.say(one, "PRIVMSG lola :!catchup #r")
        assert "secreto" in "".join(told(ana))
        assert told(eva) == ["say it in the room, or name one that we are both in: !catchup #room"]

    in_house(scene, "lola", providers={"lola": provider})
    request: Request = provider.requests[0]
    assert len(provider.requests) == 1 and "secreto" in request.turns[0].text
