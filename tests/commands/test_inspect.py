"""INSPECT, and the facts beside what operators are told (docs/extensions/inspect.md)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tertulia.commands.facts import tag_of
from tertulia.commands.settings import Operator
from tertulia.limits import FACTS_BYTES, INSPECT_PAGE
from tertulia.ports import Peer
from tertulia.protocol.inspected import ModelCounts, ModelFacts, ModelsFacts, Spending, Trouble
from tertulia.protocol.ledger import NANO
from tests.support.reading import all_of, has, tag, texts
from tests.support.town import Client, Town, commands

CAPS = "message-tags batch labeled-response standard-replies"
EVA = Peer("irc", "192.0.2.7")
SPENT = Spending(3, 1_200, NANO // 2, 0, None, 5 * NANO)
LOLA = ModelFacts(
    "lola", "scripted", "small", ("#r",), "ready", ("ready", "lista"), "open", 12.34, 1, 2, 3, calls=7,
    failed=2, tokens_in=100, tokens_out=20, first_ms=40,
    trouble=Trouble("timed_out", ("too long", "demasiado"), 1_790_000_000_000), day=SPENT, month=None,
)  # fmt: skip


class Models:
    def models(self) -> ModelsFacts:
        return ModelsFacts((LOLA,), "EUR", SPENT, SPENT)

    def counts(self) -> ModelCounts:
        return ModelCounts(7, 2, 50, 2, 1)


@pytest.fixture
def town() -> Town:
    helper = Operator("helper", "secret", rights=frozenset({"kill", "see-rooms"}), title="helps")
    return Town(operators=(Operator("root", "secret"), helper))


def operator(town: Town, name: str = "root", caps: str = CAPS) -> Client:
    client = town.join(name, caps=caps)
    client.say(f"OPER {name} secret")
    return client


def facts(lines: list[str], kind: str = "") -> list[dict[str, Any]]:
    found = [tag(line, "tertulia.chat/facts") for line in all_of(lines, "NOTICE")]
    told = [json.loads(one) for one in found if one is not None]
    return [one for one in told if not kind or one["kind"] == kind]


def test_it_is_for_operators_and_each_part_has_its_right(town: Town) -> None:
    """ "Who is no operator of the server is answered `ERR_NOPRIVILEGES`; who lacks the right of a subcommand
    `ERR_NOPRIVS`" (inspect, Asking)"""
    eva = town.join("eva", caps=CAPS)
    for verb in ("ME", "MEMBERS", "MEMBER eva", "MODELS", "METRICS", "NONSENSE"):
        assert commands(eva.say(f"INSPECT {verb}")) == ["481"]
    helper = operator(town, "helper")
    assert commands(helper.say("INSPECT MODELS")) == commands(helper.say("INSPECT METRICS")) == ["723"]
    (me,) = facts(helper.say("INSPECT ME"))
    assert me == {"kind": "me", "name": "helper", "title": "helps", "rights": ["kill", "see-rooms"]}
    assert commands(helper.say("INSPECT NONSENSE")) == commands(helper.say("INSPECT MEMBER")) == ["FAIL"]


def test_without_tags_there_are_the_same_words(town: Town) -> None:
    """ "The words are for people, in the language of the session, and say the same" (inspect, Facts)"""
    plain, spanish = operator(town, "root", caps=""), operator(town, "helper", caps="")
    spanish.say("LANGUAGE es")
    lines = plain.say("INSPECT MEMBER root")
    assert not any(line.startswith("@") for line in lines)
    assert "by memory since 2026-09-21" in texts(lines, "NOTICE")[0]
    assert "por memory desde 2026-09-21" in texts(spanish.say("INSPECT MEMBER root"), "NOTICE")[0]


def test_members_are_found_and_put_in_order(town: Town) -> None:
    root = operator(town)
    town.clock.ms += 60_000
    eva = town.join("eva", "#a", "#b", peer=EVA)
    eva.say("MODE eva +i")
    lines = root.say("@label=m INSPECT MEMBERS")
    assert commands(lines) == ["BATCH", "NOTICE", "NOTICE", "NOTICE", "BATCH"]
    one, other, end = facts(lines)
    assert [one["nick"], other["nick"]] == ["eva", "root"]
    assert (one["address"], one["rooms"], one["sessions"], one["door"]) == ("192.0.2.7", 2, 1, "irc")
    assert (one["account"], one["operator"], one["bot"], one["absent"]) == ("", "", False, False)
    assert end == {"kind": "end", "of": "members", "count": 2, "start": 0, "all": 2}

    def nicks(words: str) -> list[str]:
        return [one["nick"] for one in facts(root.say(f"INSPECT MEMBERS {words}"), "member")]

    assert nicks("sort=since") == ["root", "eva"] and nicks("sort=-since") == ["eva", "root"]
    assert nicks("sort=-rooms") == ["eva", "root"] and nicks("sort=rooms") == ["root", "eva"]
    assert nicks("192.0.2") == nicks("EVA") == nicks("e?a!*@192.0.*") == ["eva"]
    assert nicks("from=1") == ["root"] and nicks("nobody") == []


def test_addresses_are_for_those_who_may_see_them(town: Town) -> None:
    town.join("eva", peer=EVA)
    helper = operator(town, "helper")
    (eva,) = facts(helper.say("INSPECT MEMBERS eva"), "member")
    assert eva["address"] == ""
    assert [one["address"] for one in facts(helper.say("INSPECT MEMBER eva"), "session")] == [""]
    texts_told = texts(helper.say("INSPECT MEMBER eva"), "NOTICE")
    assert "irc since" in texts_told[0] and ", ," not in texts_told[0]


def test_a_page_has_an_end(town: Town) -> None:
    root = operator(town)
    for number in range(INSPECT_PAGE):
        town.join(f"m{number}")
    told = facts(root.say("INSPECT MEMBERS"))
    assert len(told) == INSPECT_PAGE + 1
    assert told[-1] == {
        "kind": "end",
        "of": "members",
        "count": INSPECT_PAGE,
        "start": 0,
        "all": INSPECT_PAGE + 1,
    }
    assert len(facts(root.say(f"INSPECT MEMBERS from={INSPECT_PAGE}"), "member")) == 1


def test_one_member_with_rooms_connections_and_bans(town: Town) -> None:
    root = operator(town)
    root.say("JOIN #a,#b")
    told = facts(root.say("INSPECT MEMBER root"))
    assert [one["kind"] for one in told] == ["member", "rooms", "session"]
    assert told[1]["rooms"] == ["#a", "#b"] and told[1]["realname"] == "Root"
    assert told[2]["own"] and told[2]["waiting"] == 0 and told[2]["door"] == "memory"
    root.say("UBAN EXEMPT root!*@* :mine")
    (hit,) = facts(root.say("INSPECT MEMBER root"), "hit")
    assert (hit["effect"], hit["target"], hit["reason"]) == ("exempt", "root!*@*", "mine")
    assert commands(root.say("INSPECT MEMBER nobody")) == ["401"]


def test_models_with_health_spending_and_their_last_error(town: Town) -> None:
    root = operator(town)
    (end,) = facts(root.say("INSPECT MODELS"))
    assert end["of"] == "models" and end["all"] == 0
    town.hub.vitals.inspector = Models()
    lines = root.say("INSPECT MODELS")
    model, spending, trouble, everybody, end = facts(lines)
    assert (model["nick"], model["breaker"], model["rests"], model["queue"]) == ("lola", "open", 12.3, 3)
    assert (model["calls"], model["failed"], model["first_ms"]) == (7, 2, 40)
    assert (spending["day_nano"], spending["day_most_nano"], spending["currency"]) == (
        NANO // 2,
        5 * NANO,
        "EUR",
    )
    assert "month_nano" not in spending and everybody["nick"] == ""
    assert (trouble["error"], trouble["text"], trouble["at_ms"]) == (
        "timed_out",
        "too long",
        1_790_000_000_000,
    )
    said = texts(lines, "NOTICE")
    assert said[1] == (
        "lola: today 3 calls, 1200 tokens, 0.5000 EUR of 5.00 EUR; this month the ledger cannot be read"
    )
    assert end["count"] == 1


def test_numbers_of_the_server(town: Town) -> None:
    root, eva = operator(town), town.join("eva", "#r", caps="batch message-tags tertulia.chat/stream")
    town.hub.vitals.inspector, town.hub.vitals.process = Models(), lambda: (1.5, 4_096)
    (before,) = facts(root.say("INSPECT METRICS"))
    assert before["lag_ms"] is None, "nothing has been measured on the first look"
    eva.say(
        "PRIVMSG #r :uno",
        "PRIVMSG #r :dos",
        "@+draft/react=x TAGMSG #r",
        "NOTICE #r :tres",
        "BATCH +s tertulia.chat/stream #r",
        "@batch=s PRIVMSG #r :cua",
        "@batch=s PRIVMSG #r :tro",
        "BATCH -s",
    )
    town.advance(2)
    (after,) = facts(root.say("INSPECT METRICS"))
    assert after["messages_total"] - before["messages_total"] == 4, "a stream is one"
    assert after["at_ms"] - before["at_ms"] == 2_000
    assert (after["connections"], after["members"], after["rooms"], after["store"]) == (2, 2, 1, "ok")
    assert (after["pieces_total"], after["memory_bytes"], after["lag_ms"]) == (50, 4_096, 0.0)


def test_what_operators_know_already_has_facts_too(town: Town) -> None:
    """ "UBAN, DEFCON and AUDIT tell facts beside their words" (inspect, Other commands)"""
    root = operator(town)
    town.join("eva", peer=EVA)
    (tested,) = facts(root.say("UBAN TEST 192.0.2.0/24"))
    assert (tested["kind"], tested["word"], tested["hit"], tested["nicks"]) == ("uban", "test", 1, "eva")
    (wide,) = facts(root.say("UBAN ADD 10.0.0.0/8 1h all of it"))
    assert wide["word"] == "wide"
    (done,) = facts(root.say("UBAN ADD 192.0.2.0/24 1h spam|a note"))
    assert done["word"] == "set" and done["hit"] == 1
    ban, end = facts(root.say("UBAN LIST"))
    assert (ban["number"], ban["target"], ban["effect"], ban["of"]) == (1, "192.0.2.0/24", "ban", "address")
    assert (ban["reason"], ban["note"], ban["by"], ban["until"] - ban["at"]) == (
        "spam",
        "a note",
        "root",
        3_600,
    )
    assert end["word"] == "end"
    (level,) = facts(root.say("DEFCON 4"))
    assert (level["kind"], level["level"]) == ("defcon", 4)
    entries = facts(root.say("AUDIT"), "audit")
    assert [one["deed"] for one in entries] == ["OPER", "BAN", "DEFCON"]
    assert entries[1]["target"] == "192.0.2.0/24" and entries[1]["operator"] == "root"


def test_facts_fit_a_line_whatever_they_say() -> None:
    """ "A tag of facts has at most 3,500 bytes: longer texts are cut" (inspect, Facts)"""
    for text in ("\\" * 3_000, "\x02" * 900, "ñ" * 4_000, "a b;" * 2_000):
        tag_text = tag_of({"kind": "audit", "number": 7, "text": text, "rooms": ["#x y"] * 400})
        assert len(tag_text.encode()) <= FACTS_BYTES and '"number":7' in tag_text


def test_a_giver_up_sees_nothing_more(town: Town) -> None:
    root = operator(town)
    root.say("MODE root -o")
    assert has(root.say("INSPECT ME"), "481")
