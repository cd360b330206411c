"""One model as a member: what it sends for what it hears."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import pytest

from tertulia.models.provider import Delta, ProviderError, Request, Usage
from tertulia.models.scripted import Scripted
from tertulia.models.settings import ModelSettings
from tests.models.room import ALL, Room, in_room, tags_of
from tests.models.test_turns import Held


class Waiting(Scripted):
    """Says its first word, then waits until it is let go."""

    def __init__(self, answer: str = "uno dos tres") -> None:
        super().__init__([answer], before_piece=self._wait)
        self.go_on = asyncio.Event()
        self._pieces = 0

    async def _wait(self) -> None:
        self._pieces += 1
        if self._pieces > 1:
            await self.go_on.wait()


def test_it_introduces_itself() -> None:
    async def scene(room: Room) -> None:
        commands = [(line.command, *line.params) for line in room.introduction]
        assert commands[:3] == [
            ("CAP", "LS", "302"),
            ("NICK", "lola"),
            ("USER", "model", "0", "*", "scripted: says what it was given · guion: dice lo que le dieron"),
        ]
        assert ("MODE", "lola", "+B") in commands, "bot-mode: BOT's value is the mode character"
        assert ("JOIN", "#r") in commands
        assert ("CHATHISTORY", "LATEST", "#r", "*", "40") in commands

    in_room(scene, Scripted(["x"]))


def test_it_answers_in_a_stream() -> None:
    async def scene(room: Room) -> None:
        room.say("ana", "lola: ¿qué es un socket?", msgid="q1", account="ana.acc")
        await room.answered()
        opening = next(line for line in room.lines if line.command == "BATCH")
        assert opening.params == ["+1", "tertulia.chat/stream", "#r"]
        tags = tags_of(opening)
        assert tags["+reply"] == tags["+draft/reply"] == tags["tertulia.chat/cause"] == "q1"
        assert tags["tertulia.chat/asked-by"] == "ana.acc"
        assert tags["tertulia.chat/model"] == "scripted" and tags["tertulia.chat/provider"] == "scripted"
        assert len(tags["tertulia.chat/config"]) == 12
        assert "".join(room.said()) == "Un extremo."
        assert tags_of(room.closings()[0])["tertulia.chat/tokens-out"] == "2"
        assert room.typing() == ["active"]
        assert room.notices() == []

    in_room(scene, Scripted(["Un extremo."]))


def test_what_comes_in_one_turn_of_the_loop_is_one_line() -> None:
    class AtOnce(Scripted):
        async def stream(self, request: Request) -> AsyncGenerator[Delta | Usage, None]:
            for text in ("uno", " dos", " tres"):
                yield Delta(text)

    async def scene(room: Room) -> None:
        room.say("ana", "lola: cuenta")
        await room.answered()
        assert room.said() == ["uno dos tres"]

    in_room(scene, AtOnce(["x"]))


@pytest.mark.parametrize(
    ("caps", "commands"),
    [
        (ALL.replace(" tertulia.chat/stream", ""), ["TAGMSG", "BATCH", "PRIVMSG", "PRIVMSG", "BATCH"]),
        ("message-tags", ["TAGMSG", "PRIVMSG", "PRIVMSG"]),
        ("server-time", ["PRIVMSG", "PRIVMSG"]),
    ],
)
def test_fallbacks(caps: str, commands: list[str]) -> None:
    async def scene(room: Room) -> None:
        room.say("ana", "lola: di")
        await room.until(lambda: len(room.lines) >= len(commands))
        assert [line.command for line in room.lines] == commands
        assert room.said() == ["uno", "dos"]
        if caps == "server-time":
            assert all(line.tags is None for line in room.lines), "tags only where they are taken"

    in_room(scene, Scripted(["uno\ndos"]), caps=caps)


def test_in_private_it_answers_whatever_is_said() -> None:
    async def scene(room: Room) -> None:
        room.say("ana", "hola", target="lola")
        await room.answered()
        assert {line.params[0] for line in room.lines if line.command in ("PRIVMSG", "TAGMSG")} == {"ana"}

    in_room(scene, Scripted(["hola"]))


def test_it_is_silent_when_it_is_not_meant() -> None:
    async def scene(room: Room) -> None:
        room.say("ana", "hola a todos")
        room.say("bob", "ana: lola no sabe")
        room.hear(
            ":ana!u@h NOTICE #r :lola: hola", "@bot;tertulia.chat/hops=3 :gpt!u@h PRIVMSG #r :lola: hola"
        )
        room.hear("@msgid=9 :lola!m@h PRIVMSG #r :lola: hola")
        await asyncio.sleep(0)
        assert room.lines == []

    provider = Scripted(["x"])
    in_room(scene, provider)
    assert provider.requests == []


def test_it_sees_the_room_with_who_said_what() -> None:
    async def scene(room: Room) -> None:
        room.hear("BATCH +h chathistory #r", "@batch=h;msgid=1 :bob!u@h PRIVMSG #r :de antes", "BATCH -h")
        room.say("bob", "yo no sé")
        room.say("ana", "lola: ¿y tú?")
        await room.answered()
        room.say("ana", "¿seguro?")
        await room.answered(2)

    provider = Scripted(["Yo sí."])
    in_room(scene, provider)
    first, second = (request.turns[0].text for request in provider.requests)
    assert first.startswith("bob: de antes\nbob: yo no sé\nana: lola: ¿y tú?\n\n")
    assert "ana: lola: ¿y tú?\nlola: Yo sí.\nana: ¿seguro?\n\n" in second
    assert "#r" in provider.requests[0].system and "de sockets" in provider.requests[0].system


def test_a_burst_is_one_turn() -> None:
    async def scene(room: Room) -> None:
        room.hear(
            ":ana!u@h PRIVMSG #r :lola: explica", ":ana!u@h PRIVMSG #r :esto", ":ana!u@h PRIVMSG #r :y esto"
        )
        await room.answered()

    provider = Scripted(["vale"])
    in_room(scene, provider)
    assert len(provider.requests) == 1


def test_stop_by_who_asked() -> None:
    provider: list[Waiting] = []

    async def scene(room: Room) -> None:
        provider.append(Waiting())
        room.member.ready(provider[0])
        room.say("ana", "lola: cuenta")
        await room.until(lambda: room.said() == ["uno"])
        room.say("bob", "!stop")
        room.say("bob", "lola: !stop")
        assert room.closings() == []
        assert room.notices() == [("#r", "bob: only whoever asked, or an operator of the room, can stop me.")]
        room.say("ana", "!stop")
        (closing,) = room.closings()  # at once, in the same turn of the loop
        assert "tertulia.chat/stopped" in tags_of(closing)

    in_room(scene, Scripted(["x"]))
    assert provider[0].cancelled == 1


def test_stop_before_the_first_word_is_answered() -> None:
    """Nothing was shown that could end: who has no sign of typing would not know."""

    async def scene(room: Room) -> None:
        held = Held()
        room.member.ready(held)
        room.say("ana", "lola: cuenta")
        await held.held.get()  # it is being asked
        room.say("ana", "!para")
        assert room.notices() == [("#r", "ana: parado, antes de haber dicho nada.")] and room.said() == []

    in_room(scene, Scripted(["x"]))


def test_stop_by_an_operator_and_by_tag() -> None:
    async def scene(room: Room) -> None:
        for number, stop in enumerate((
            ":ana!u@h PRIVMSG #r :lola: !stop",
            "@+tertulia.chat/stop=q1 :bob!u@h TAGMSG #r",
            "@+tertulia.chat/stop=a2 :bob!u@h TAGMSG #r",
        ), 1):  # fmt: skip
            room.member.ready(Waiting())
            room.say("bob", "lola: cuenta", msgid="q1")
            await room.until(lambda: room.said() == ["uno"])
            room.hear(f"@msgid=a2;+reply=q1 :lola!m@h BATCH +x{number} tertulia.chat/stream #r")
            room.hear("@+tertulia.chat/stop=other :bob!u@h TAGMSG #r")
            assert room.closings() == []
            room.hear(stop)
            assert len(room.closings()) == 1, stop
            await room.idle()
            room.taken()

    in_room(scene, Scripted(["x"]))


def test_a_reply_to_its_message_is_for_it() -> None:
    async def scene(room: Room) -> None:
        room.say("ana", "lola: hola")
        await room.answered()
        room.hear(
            "@msgid=own :lola!m@h BATCH +x tertulia.chat/stream #r", "@batch=x :lola!m@h PRIVMSG #r :hola"
        )
        room.hear(":lola!m@h BATCH -x")
        room.say("bob", "¿seguro?", **{"+reply": "own"})
        await room.answered(2)

    in_room(scene, Scripted(["hola"]))


def test_while_it_arrives_it_says_how_far() -> None:
    async def scene(room: Room) -> None:
        room.member.absent("away.downloading", percent=43)
        (away,) = room.taken()
        assert away.command == "AWAY" and "43 %" in away.params[0]
        room.say("ana", "lola: hola, ¿qué tal?")
        ((target, text),) = room.notices()
        assert target == "#r" and text == (
            "ana: todavía estoy llegando: descargando, 43 %. Vuelve a preguntarme cuando esté."
        )
        room.taken()
        room.member.ready(Scripted(["hola"]))
        (back,) = room.taken()
        assert (back.command, back.params) == ("AWAY", [])
        room.say("ana", "lola: hola")
        await room.answered()

    in_room(scene, None)


@pytest.mark.parametrize(
    ("question", "words"), [("lola: ¿qué es?", "no acepta mi clave"), ("lola: what is it?", "my API key")]
)
def test_a_failure_is_told_in_the_askers_language(question: str, words: str) -> None:
    async def scene(room: Room) -> None:
        room.say("ana", question)
        await room.until(lambda: bool(room.notices()))
        ((target, text),) = room.notices()
        assert target == "#r" and text.startswith("ana: ") and words in text
        assert room.typing() == ["active", "done"] and room.closings() == []

    in_room(scene, Scripted([ProviderError("wrong_key", "401")]))


def test_an_answer_that_breaks_off_is_marked() -> None:
    class Cut(Scripted):
        async def stream(self, request: Request) -> AsyncGenerator[Delta | Usage, None]:
            yield Delta("uno ")
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            raise ProviderError("failed", "cut")

    async def scene(room: Room) -> None:
        room.say("ana", "lola: cuenta")
        await room.until(lambda: bool(room.notices()))
        assert room.said() == ["uno"] and "tertulia.chat/incomplete" in tags_of(room.closings()[0])

    in_room(scene, Cut(["x"]))


def test_help_models_and_retry() -> None:
    async def scene(room: Room) -> None:
        room.say("bob", "!retry")
        assert room.lines == [], "nothing was asked: a bare command is for others"
        room.say("bob", "lola: !retry")
        assert room.notices()[-1][1].startswith("bob: you have asked me nothing yet")
        room.say("bob", "!help")
        assert room.notices()[-1][0] == "bob" and "!stop" in room.notices()[-1][1]
        room.say("bob", "!ayuda stop")
        assert room.notices()[-1] == (
            "bob", "!para: acaba la respuesta que te dan; lo dicho queda."
        )  # fmt: skip
        room.say("bob", "lola: hello, how are you? say it in English please")
        await room.answered()
        room.taken()
        room.say("bob", "!models")
        assert room.notices()[-1] == ("bob", "lola: scripted, by scripted; ready")
        room.say("ana", "lola: di")
        await room.answered()
        room.say("ana", "!retry")
        await room.answered(2)

    provider = Scripted(["uno"])
    in_room(scene, provider)
    assert len(provider.requests) == 3 and "ana: lola: di" in provider.requests[2].turns[0].text


def test_a_bare_help_is_answered_by_one_model_only() -> None:
    async def scene(room: Room) -> None:
        second = room.another("gpt")
        room.say("bob", "!help")
        room.say("bob", "!models")
        assert room.notices() and second.lines == []
        room.say("bob", "gpt: !help")
        assert len(second.notices()) == 2

    in_room(scene, Scripted(["x"]))


def test_it_comes_when_it_is_invited() -> None:
    async def scene(room: Room) -> None:
        room.hear(":ana!u@h INVITE lola #otra")
        assert [(line.command, line.params) for line in room.taken()] == [("JOIN", ["#otra"])]

    in_room(scene, Scripted(["x"]))


def test_closing_marks_what_is_being_said() -> None:
    async def scene(room: Room) -> None:
        room.member.ready(Waiting())
        room.say("ana", "lola: cuenta")
        await room.until(lambda: room.said() == ["uno"])

    room = in_room(scene, Scripted(["x"]))
    assert "tertulia.chat/incomplete" in tags_of(room.closings()[0])
    assert room.lines[-1].command == "QUIT"


def test_settings_reach_the_request() -> None:
    async def scene(room: Room) -> None:
        room.say("ana", "lola: di")
        await room.answered()

    provider = Scripted(["x"])
    settings = ModelSettings(
        "lola", "scripted", rooms=("#r",), prompt="Habla como un pirata.", temperature=0.2
    )
    in_room(scene, provider, settings=settings)
    assert provider.requests[0].temperature == 0.2 and "pirata" in provider.requests[0].system


def test_the_end_of_the_connection_is_told() -> None:
    ends: list[str] = []

    async def scene(room: Room) -> None:
        room.hear("ERROR :Closing link: killed")

    in_room(scene, Scripted(["x"]), closed=ends.append)
    assert ends == ["Closing link: killed"]


def test_a_private_answer_goes_to_who_asked_whatever_they_are_called_by_then() -> None:
    """Whoever takes the old nick is somebody else, and hears nothing of it."""
    provider = Waiting("uno dos tres")

    async def before_the_first_word() -> None:
        provider._pieces += 1
        if provider._pieces == 1:
            await provider.go_on.wait()

    provider._before_piece = before_the_first_word

    async def scene(room: Room) -> None:
        room.say("bob", "mi secreto es 1234", target="lola", msgid="q0")
        await asyncio.sleep(0)
        room.taken()
        room.hear(":bob!u@h NICK roberto")
        provider.go_on.set()
        await room.answered()
        begun = [line for line in room.lines if line.command == "BATCH" and line.params[0][0] == "+"]
        assert [line.params[-1] for line in begun] == ["roberto"]
        assert all(line.params[0] != "bob" for line in room.lines if line.command == "PRIVMSG")
        room.say("roberto", "¿y cuál era?", target="lola", msgid="q1")
        await room.answered(2)

    in_room(scene, provider)
    assert "1234" in "".join(provider.requests[-1].texts()), "the same talk goes on"


def test_who_asked_stops_it_under_another_nick_and_nobody_under_the_old_one() -> None:
    provider = Waiting("uno dos tres")

    async def scene(room: Room) -> None:
        room.say("bob", "lola: cuenta", msgid="q1")
        await room.until(lambda: bool(room.said()))
        room.hear(":bob!u@h NICK roberto", ":bob!x@other JOIN #r")
        room.say("bob", "!stop")
        assert not room.closings()
        room.say("roberto", "!stop")
        await room.answered()

    in_room(scene, provider)
