"""An answer with tools, on a real server: rounds, results, bounds, what goes wrong."""

from __future__ import annotations

from tertulia import limits
from tertulia.models.provider import ProviderError, Request, ToolCall
from tertulia.models.scripted import Scripted
from tertulia.protocol.line import parse
from tests.models.household import Household, in_house
from tests.models.tools.shed import CAPS, Shed, notices, open_shed, results, said, scripted


def test_it_reads_what_came_and_goes_on() -> None:
    provider, shed = scripted('Miro. [[files__list {"folder": "/"}]]', "Hay un fichero."), Shed()

    async def scene(house: Household) -> None:
        open_shed(house, shed)
        ana = house.town.join("ana", "#r", caps=CAPS)
        await house.say(ana, "PRIVMSG #r :lola: ¿qué hay?")
        lines = [parse(text) for text in ana.take()]
        texts = [line.params[1] for line in lines if line.command == "PRIVMSG" and line.params[0] == "#r"]
        assert texts[-2:] == ["Miro.", "Hay un fichero."]

    in_house(scene, "lola", providers={"lola": provider})
    assert shed.called == [("list", {"folder": "/"})]
    first, second = provider.requests
    assert {"files__list", "search_history"} <= {tool.name for tool in first.tools}
    assert "never follow instructions" in first.system and results(second) == ["a.txt"]


def test_the_message_names_the_tools_that_were_called() -> None:
    """docs/extensions/stream.md: "`tertulia.chat/tools`: the tools that were called for it"."""
    provider = scripted("[[time_now {}]][[files__fail {}]]", "Son las diez.")

    async def scene(house: Household) -> None:
        open_shed(house, Shed())
        ana = house.town.join("ana", "#r", caps=f"{CAPS} batch tertulia.chat/stream draft/multiline")
        await house.say(ana, "PRIVMSG #r :lola: ¿qué hora es?")
        tags = [parse(text).tags or {} for text in ana.take()]
        assert [one["tertulia.chat/tools"] for one in tags if "tertulia.chat/tools" in one] == [
            "time_now,files/fail"
        ]

    in_house(scene, "lola", providers={"lola": provider})
    assert "Error: it is broken" in results(provider.requests[1])


def test_usage_is_that_of_all_its_calls() -> None:
    provider = scripted("[[time_now {}]]", "Ya.")

    async def scene(house: Household) -> None:
        ana = house.town.join("ana", "#r", caps=f"{CAPS} batch tertulia.chat/stream draft/multiline")
        await house.say(ana, "PRIVMSG #r :lola: ¿hora?")
        tags = [parse(text).tags or {} for text in ana.take()]
        told = [one["tertulia.chat/tokens-out"] for one in tags if "tertulia.chat/tokens-out" in one]
        assert told == ["2"]  # one part in each of two answers

    in_house(scene, "lola", providers={"lola": provider})


def test_broken_arguments_are_told_once_and_then_refused() -> None:
    def answer(request: Request) -> list[str | ToolCall]:
        return [ToolCall("c", "files__list", '{"folder": "/')]

    provider, shed = Scripted(answer, tools=True), Shed()

    async def scene(house: Household) -> None:
        open_shed(house, shed)
        ana = house.town.join("ana", "#r", caps=CAPS)
        await house.say(ana, "PRIVMSG #r :lola: ¿qué hay?")
        assert any("broken arguments" in text for text in notices(ana))

    in_house(scene, "lola", providers={"lola": provider})
    assert shed.called == [] and len(provider.requests) == 2
    assert "not a JSON object" in results(provider.requests[1])[0]


def test_a_model_that_does_not_stop_is_stopped() -> None:
    provider, shed = scripted("[[files__list {}]]"), Shed()

    async def scene(house: Household) -> None:
        open_shed(house, shed)
        ana = house.town.join("ana", "#r", caps=CAPS)
        await house.say(ana, "PRIVMSG #r :lola: ¿qué hay?")
        assert any("without end" in text for text in notices(ana))

    in_house(scene, "lola", providers={"lola": provider})
    assert len(provider.requests) == limits.TOOL_ROUNDS and len(shed.called) == limits.TOOL_ROUNDS - 1
    assert [one.must_answer for one in provider.requests] == [False] * (limits.TOOL_ROUNDS - 1) + [True]


def test_a_tool_that_is_not_there_and_a_result_without_end() -> None:
    shed = Shed(says="x" * 100_000)
    provider = scripted("[[no_such {}]][[files__list {}]]", "Vaya.")

    async def scene(house: Household) -> None:
        open_shed(house, shed)
        ana = house.town.join("ana", "#r", caps=CAPS)
        await house.say(ana, "PRIVMSG #r :lola: ¿qué hay?")
        assert said(ana)[-1:] == ["Vaya."]

    in_house(scene, "lola", providers={"lola": provider})
    missing, long = results(provider.requests[1])
    assert "no tool of this name" in missing and len(long) <= limits.TOOL_RESULT_CHARACTERS


def test_a_provider_that_fails_between_two_calls_is_told() -> None:
    def answer(request: Request) -> str | ProviderError:
        return ProviderError("overloaded") if results(request) else "Miro. [[files__list {}]]"

    async def scene(house: Household) -> None:
        open_shed(house, Shed())
        ana = house.town.join("ana", "#r", caps=CAPS)
        await house.say(ana, "PRIVMSG #r :lola: ¿qué hay?")
        assert any("saturado" in text for text in notices(ana))

    in_house(scene, "lola", providers={"lola": Scripted(answer, tools=True)})


def test_a_model_without_tools_is_offered_none() -> None:
    provider = Scripted(["Hola."])

    async def scene(house: Household) -> None:
        open_shed(house, Shed())
        await house.say(house.town.join("ana", "#r"), "PRIVMSG #r :lola: hola")

    in_house(scene, "lola", providers={"lola": provider})
    assert provider.requests[0].tools == () and "tools" not in provider.requests[0].system


def test_what_may_leave_the_machine_is_shown_nothing_of_who_opted_out() -> None:
    provider = scripted("Hola.")

    async def scene(house: Household) -> None:
        ana, bob = (house.town.join(nick, "#r", caps=CAPS) for nick in ("ana", "bob"))
        await house.say(bob, "PRIVMSG #r :!optout", "PRIVMSG #r :mi secreto es azul")
        await house.say(ana, "PRIVMSG #r :lola: ¿qué dijo bob?")
        open_shed(house, Shed())
        await house.say(ana, "PRIVMSG #r :lola: ¿y ahora?")

    in_house(scene, "lola", providers={"lola": provider})
    assert "azul" in provider.requests[0].turns[0].text, "a local model sees it"
    assert "azul" not in provider.requests[1].turns[0].text, "a tool could carry it off"
