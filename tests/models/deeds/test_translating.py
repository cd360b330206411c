"""Translation beside the original: once a message and language, to who asked, within a budget."""

from __future__ import annotations

import asyncio

import pytest

from tertulia.models.circle import Circle
from tertulia.models.deeds import translating
from tertulia.models.notebook import MemoryNotebook
from tertulia.models.provider import Capabilities, Request
from tertulia.models.scripted import Scripted
from tests.models.room import Room, in_room, tags_of


class Translator(Scripted):
    def __init__(self) -> None:
        super().__init__(self._say)

    @staticmethod
    def _say(request: Request) -> str:
        return f"<{request.turns[0].text}>" if "translate" in request.system else "vale"


async def done(room: Room) -> None:
    bureau = room.member.circle.bureaus.get("#r")
    if bureau and bureau.task:
        await bureau.task


def test_it_comes_beside_the_original_to_who_asked() -> None:
    provider = Translator()

    async def scene(room: Room) -> None:
        room.say("ana", "!translate es")
        room.say("bob", "!translate es")
        room.taken()
        room.say("eva", "I will not come to the meeting", msgid="m1")
        await done(room)
        first, second = room.taken()
        assert first.command == "NOTICE"
        assert first.params == ["ana", "[#r es] eva: <I will not come to the meeting>"]
        assert second.params[0] == "bob"
        assert tags_of(first)["+reply"] == "m1" and tags_of(first)["+tertulia.chat/translation"] == "es"
        room.say("bob", "this is what I say to you", msgid="m2")
        await done(room)
        assert [line.params[0] for line in room.taken()] == ["ana"], "nobody needs their own words"
        for text in ("hola, ¿qué tal estáis?", "!models", "👍", "¿qué dices?"):
            room.say("eva", text, msgid="m3")
        await done(room)
        assert not any("[#r es]" in text for _, text in room.notices()), "it is Spanish already"

    in_room(scene, provider)
    assert len(provider.requests) == 2, "once for both"


def test_it_is_kept_over_restarts_and_made_once() -> None:
    notebook = MemoryNotebook()
    provider = Translator()

    async def scene(room: Room) -> None:
        room.say("ana", "!traduce es")
        room.say("eva", "hello, how are you all?", msgid="m1")
        await done(room)
        assert any("<hello, how are you all?>" in text for _, text in room.notices())

    in_room(scene, provider, circle=Circle(notebook))
    in_room(scene, provider, circle=Circle(notebook))
    assert len(provider.requests) == 1


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("!translate", "nothing is translated"),
        ("!translate french", "“fr”"),
        ("!traduce de", "«de»"),
        ("!translate klingon", "one of ar ca de"),
        ("!translate off", "nothing is translated"),
    ],
)
def test_what_is_said_to_it(typed: str, answer: str) -> None:
    async def scene(room: Room) -> None:
        room.say("ana", typed)
        assert room.notices()[-1][0] == "ana" and answer in room.notices()[-1][1]

    in_room(scene, Scripted(["x"]))


def test_the_days_measure(monkeypatch: pytest.MonkeyPatch) -> None:
    provider = Translator()
    monkeypatch.setattr(translating, "TRANSLATION_DAY_CHARACTERS", 40)

    async def scene(room: Room) -> None:
        room.say("ana", "!translate es")
        room.taken()
        for number in range(4):
            room.say("eva", f"this is what I say, {number}", msgid=f"m{number}")
            await done(room)
        texts = [text for _, text in room.notices()]
        assert len([text for text in texts if "<" in text]) == 1
        assert [text for text in texts if "agotado" in text] == [
            "hoy no se traduce más en #r: se ha agotado lo del día."
        ]
        room.now += 86_400
        room.taken()
        room.say("eva", "this is what I say then", msgid="m9")
        await done(room)
        assert len(room.notices()) == 1

    in_room(scene, provider)


def test_one_of_several_works_and_it_follows_a_new_nick() -> None:
    first, second = Translator(), Translator()

    async def scene(room: Room) -> None:
        room.another("gpt", second)
        room.say("ana", "!translate es")
        room.hear(":ana!u@h NICK anita")
        room.taken()
        room.say("eva", "what do you say to this?", msgid="m1")
        await done(room)
        assert [target for target, _ in room.notices()] == ["anita"]
        await asyncio.sleep(0)

    in_room(scene, first)
    assert len(first.requests) == 1 and second.requests == []


def test_who_opted_out_is_not_sent_elsewhere() -> None:
    provider = Translator()
    provider.capabilities = Capabilities(8_192)

    async def scene(room: Room) -> None:
        room.say("ana", "!translate es")
        room.say("eva", "!optout")
        room.say("eva", "this is my secret, do you hear?", msgid="m1")
        await done(room)

    in_room(scene, provider)
    assert provider.requests == []


def test_nothing_is_paid_for_who_is_not_there() -> None:
    provider = Translator()

    async def scene(room: Room) -> None:
        room.say("bob", "!translate es")
        room.hear(":bob!u@h PART #r")
        room.say("ana", "I will not come to the meeting", msgid="m1")
        await done(room)

    in_room(scene, provider)
    assert provider.requests == []


@pytest.mark.parametrize("deed", [":ana!u@h REDACT #r m1", ":bob!u@h PART #r"])
def test_what_is_not_wanted_any_more_while_it_is_made(deed: str) -> None:
    provider, go_on = Translator(), asyncio.Event()
    provider._before_piece = go_on.wait

    async def scene(room: Room) -> None:
        room.say("bob", "!translate es")
        room.taken()
        room.say("ana", "I will not come to the meeting", msgid="m1")
        room.say("ana", "nor will my brother come", msgid="m2")
        for _ in range(20):
            await asyncio.sleep(0)
        assert len(provider.requests) == 1
        room.hear(deed)
        go_on.set()
        await done(room)
        told = [text for nick, text in room.notices() if nick == "bob"]
        assert len(told) == ("REDACT" in deed) and not any("meeting" in text for text in told)
        assert "REDACT" not in deed or room.member.circle.notebook.translation("m1", "es") is None

    in_room(scene, provider)


@pytest.mark.parametrize("deed", [":ana!u@h NICK anita", ":ana!u@h ACCOUNT ana"])
def test_a_reader_ends_it_under_another_name_too(deed: str) -> None:
    provider = Translator()

    async def scene(room: Room) -> None:
        room.say("ana", "!translate es")
        room.hear(deed)
        nick, account = ("anita", {}) if "NICK" in deed else ("ana", {"account": "ana"})
        room.taken()
        room.say("eva", "what do you say to this?", msgid="m1")
        await done(room)
        assert [target for target, _ in room.notices()] == [nick]
        room.say(nick, "!translate off", **account)
        room.say("eva", "and what do you say to that?", msgid="m2")
        await done(room)

    in_room(scene, provider)
    assert len(provider.requests) == 1


def test_another_who_takes_the_nick_of_a_reader_is_sent_nothing() -> None:
    provider = Translator()

    async def scene(room: Room) -> None:
        room.say("ana", "!translate es", account="ana")
        room.hear(":ana!u@h QUIT", ":ana!u@elsewhere JOIN #r mallory :x")
        room.say("eva", "what do you say to this?", msgid="m1")
        await done(room)
        room.hear(":ana2!u@h JOIN #r ana :x")
        room.taken()
        room.say("eva", "and what do you say to that?", msgid="m2")
        await done(room)
        assert [target for target, _ in room.notices()] == ["ana2"], "by the account, whatever the nick"

    in_room(scene, provider)
    assert len(provider.requests) == 1
