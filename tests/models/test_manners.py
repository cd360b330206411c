"""May it answer, here and now? Tables of what people write."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.models.manners import (
    FOLLOW_SECONDS,
    FOLLOWED,
    Heard,
    Threads,
    Verdict,
    address,
    decide,
    may_stop,
)
from tertulia.models.rules import Rules

HERE = {"ana", "bob", "gpt", "lola"}


def known(nick: str) -> bool:
    return nick.lower() in HERE


def heard(text: str, nick: str = "ana", kind: str = "PRIVMSG", **more: Any) -> Heard:
    return Heard(kind=kind, nick=nick, text=text, **more)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("lola: ¿qué es un socket?", "¿qué es un socket?"),
        ("lola, hola", "hola"),
        ("LOLA: hola", "hola"),
        ("@lola hola", "@lola hola"),
        ("@lola: hola", "hola"),
        ("hola @lola, ¿qué tal?", "hola @lola, ¿qué tal?"),
        ("  lola:hola", None),
        ("lola: ", ""),
        ("lola", "lola"),
        ("lola?", "lola?"),
        ("lola ¿qué es un socket?", "¿qué es un socket?"),
        ("lola what is a socket?", "what is a socket?"),
        ("¿qué es un socket, lola?", "¿qué es un socket, lola?"),
        ("gracias, lola.", "gracias, lola."),
        ("hola lola!", "hola lola!"),
        ("thanks lola", "thanks lola"),
        ("buenos días lola", "buenos días lola"),
        ("ana, lola: hola", "hola"),
        ("gpt y lola: hola", "hola"),
        ("bob: pregunta a @lola", "bob: pregunta a @lola"),
        ("lola es muy lista", None),
        ("ayer hablé con lola", None),
        ("bob: lola no sabe nada", None),
        ("gpt: hola", None),
        ("lolailo: hola", None),
        ("@lolailo hola", None),
        ("me gusta lola-mento", None),
        ("correo@lola hola", None),
        ("http://lola: x", None),
        ("hola a todos", None),
    ],
)
def test_being_addressed(text: str, question: str | None) -> None:
    found = address(heard(text), "lola", set(), known)
    assert found.to_me == (question is not None)
    if question is not None:
        assert found.text == question.strip()


@pytest.mark.parametrize(
    ("text", "other"),
    [("bob: hola", True), ("bob, gpt: hola", True), ("@bob hola", True), ("nota: hola", False),
     ("hola", False),     ("bob es listo", False)],
)  # fmt: skip
def test_others_being_addressed(text: str, other: bool) -> None:
    assert address(heard(text), "lola", set(), known).to_another == other


def test_a_private_message_is_always_meant() -> None:
    assert address(heard("lola: hola", private=True), "lola", set(), known).text == "hola"
    assert address(heard("hola", private=True), "lola", set(), known).to_me


def test_a_reply_is_meant_for_whom_it_answers() -> None:
    assert address(heard("¿seguro?", reply_to="7"), "lola", {"7"}, known).to_me
    found = address(heard("¿seguro?", reply_to="8"), "lola", {"7"}, known)
    assert not found.to_me and found.to_another


@given(st.text(max_size=60))
def test_any_text_can_be_judged(text: str) -> None:
    address(heard(text), "lola", set(), known)
    address(heard(text), "l[o\\la", set(), known)


# --- Deciding ---------------------------------------------------------------------------------------------


def judge(
    message: Heard, threads: Threads | None = None, now: float = 0.0, rules: Rules | None = None
) -> Verdict:
    return decide(message, "lola", {"own"}, known, threads or Threads(), now, rules or Rules(3))


@pytest.mark.parametrize(
    ("message", "act"),
    [
        (heard("lola: hola"), "answer"),
        (heard("hola"), "ignore"),
        (heard("lola: hola", nick="Lola"), "ignore"),
        (heard("lola: hola", kind="NOTICE"), "ignore"),
        (heard("lola: hola", kind="TAGMSG"), "ignore"),
        (heard("lola: hola", history=True), "ignore"),
        (heard("lola: hola", nick="gpt", bot=True, hops=1), "answer"),
        (heard("lola: hola", nick="gpt", bot=True, hops=2), "answer"),
        (heard("lola: hola", nick="gpt", bot=True, hops=3), "ignore"),
        (heard("lola: hola", nick="gpt", bot=True, hops=9), "ignore"),
        (heard("lola: hola", nick="gpt", bot=True), "ignore"),
        (heard("hola", nick="gpt", bot=True, hops=9, private=True), "ignore"),
        (heard("lola: !stop", nick="gpt", bot=True, hops=1), "answer"),
        (heard("lola: !stop"), "command"),
        (heard("!stop"), "command"),
        (heard("!STOP"), "command"),
        (heard("bob: !stop"), "ignore"),
        (heard("lola: !baila"), "answer"),
        (heard("!baila"), "ignore"),
        (heard(""), "ignore"),
        (heard("   ", private=True), "ignore"),
    ],
)
def test_deciding(message: Heard, act: str) -> None:
    assert judge(message).act == act


def test_commands_know_whether_they_were_for_me() -> None:
    assert judge(heard("lola: !retry now")) == Verdict("command", "now", "retry", named=True)
    assert judge(heard("!help")) == Verdict("command", "", "help", named=False)


# --- Following a thread -----------------------------------------------------------------------------------


def test_a_thread_is_followed_for_a_while() -> None:
    threads = Threads()
    assert judge(heard("lola: hola"), threads, 0.0).act == "answer"
    assert judge(heard("¿y tú?"), threads, FOLLOW_SECONDS - 1).act == "answer"
    assert judge(heard("¿sí?"), threads, 2 * FOLLOW_SECONDS - 2).act == "answer", (
        "each line begins the time again"
    )
    assert judge(heard("¿no?"), threads, 4 * FOLLOW_SECONDS).act == "ignore"


def test_only_the_same_person_is_followed() -> None:
    threads = Threads()
    judge(heard("lola: hola"), threads)
    assert judge(heard("hola", nick="bob"), threads).act == "ignore"


def test_addressing_another_ends_the_thread() -> None:
    threads = Threads()
    judge(heard("lola: hola"), threads)
    assert judge(heard("bob: ¿vienes?"), threads).act == "ignore"
    assert judge(heard("a las seis"), threads).act == "ignore"


def test_answering_anothers_message_ends_the_thread() -> None:
    threads = Threads()
    judge(heard("lola: hola"), threads)
    assert judge(heard("vale", reply_to="bobs"), threads).act == "ignore"
    assert judge(heard("adiós"), threads).act == "ignore"


def test_a_rename_keeps_the_thread() -> None:
    threads = Threads()
    judge(heard("lola: hola"), threads)
    threads.renamed("Ana", "anita")
    assert judge(heard("¿y?", nick="anita"), threads).act == "answer"
    assert not threads.follows("ana", 0.0)


def test_programs_are_not_followed() -> None:
    threads = Threads()
    judge(heard("lola: hola", nick="gpt", bot=True, hops=1), threads)
    assert judge(heard("¿y tú?", nick="gpt", bot=True, hops=1), threads).act == "ignore"


def test_a_message_that_names_nobody_wakes_one_of_several() -> None:
    floor: dict[str, tuple[str, float]] = {}
    lola, gpt = Threads(lambda: "lola", floor), Threads(lambda: "gpt", floor)

    def both(text: str, now: float) -> tuple[str, str]:
        verdicts = [
            decide(heard(text), nick, set(), known, threads, now, Rules(3)).act
            for nick, threads in (("lola", lola), ("gpt", gpt))
        ]
        return verdicts[0], verdicts[1]

    assert both("lola: hola", 0.0) == ("answer", "ignore")
    assert both("¿y eso?", 1.0) == ("answer", "ignore")
    assert both("lola, gpt: ¿qué pensáis?", 2.0) == ("answer", "answer"), "both were named"
    assert both("¿por qué?", 3.0).count("answer") == 1, "one holds the floor"
    assert both("gpt: ¿y tú?", 4.0) == ("ignore", "answer")
    lola.answered("ana", 5.0)
    assert both("sigue", 6.0) == ("ignore", "answer"), "a late answer does not take the floor back"
    assert both("bob: hola", 7.0) == ("ignore", "ignore")
    assert both("nadie", 8.0) == ("ignore", "ignore")


@pytest.mark.parametrize(
    ("message", "rules", "act", "text"),
    [
        (heard("lola: hola"), Rules(3, admitted=False), "refuse", "not_admitted"),
        (heard("hola"), Rules(3, admitted=False, ambient=True), "ignore", ""),
        (heard("lola: !admit lola"), Rules(3, admitted=False), "command", "lola"),
        (heard("lola: hola"), Rules(3, quiet_until="8:00"), "refuse", "quiet_now"),
        (heard("hola"), Rules(3, quiet_until="8:00", ambient=True), "ignore", ""),
        (heard("lola: x", nick="gpt", bot=True, hops=1), Rules(3, quiet_until="8"), "ignore", ""),
        (heard("qué frío hace"), Rules(3, ambient=True), "ambient", "qué frío hace"),
        (heard("bob: qué frío"), Rules(3, ambient=True), "ignore", ""),
        (heard("frío", nick="gpt", bot=True, hops=0), Rules(3, ambient=True), "ignore", ""),
        (heard("lola: x", nick="gpt", bot=True, hops=1), Rules(1), "ignore", ""),
        (heard("lola: x", nick="gpt", bot=True, hops=4), Rules(5), "answer", "x"),
        (heard("!ayuda stop"), Rules(3), "command", "stop"),
    ],
)
def test_what_a_room_settled(message: Heard, rules: Rules, act: str, text: str) -> None:
    verdict = judge(message, rules=rules)
    assert (verdict.act, verdict.text) == (act, text)


def test_a_programs_reply_is_no_question() -> None:
    answer = heard("un extremo", nick="gpt", bot=True, hops=1, reply_to="own")
    assert judge(answer).act == "ignore"
    assert judge(heard("¿un extremo?", nick="bob", reply_to="own")).act == "answer"
    assert judge(heard("!stop", nick="bob", reply_to="own")) == Verdict("command", "", "stop", named=True)


def test_names_behind_a_word_call_nobody() -> None:
    asked = judge(heard("!remind 20m ask @lola and @bob"))
    assert (asked.act, asked.command, asked.named) == ("command", "remind", False)


def test_a_word_of_spanish_is_answered_in_spanish() -> None:
    assert judge(heard("!ayuda")).language == "es" and judge(heard("!help")).language is None


def test_few_are_followed_at_once() -> None:
    threads = Threads()
    for number in range(FOLLOWED + 1):
        threads.begin(f"n{number}", 0.0)
    assert not threads.follows("n0", 1.0) and threads.follows("n1", 1.0)


# --- Stopping ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("nick", "account", "asker", "asker_account", "operator", "may"),
    [
        ("ana", None, "Ana", None, False, True),
        ("bob", None, "ana", None, False, False),
        ("bob", None, "ana", None, True, True),
        ("ana2", "acc", "ana", "acc", False, True),
        ("ana", "other", "ana", "acc", False, False),
        ("ana", None, "ana", "acc", False, True),
    ],
)
def test_who_may_stop(
    nick: str, account: str | None, asker: str, asker_account: str | None, operator: bool, may: bool
) -> None:
    assert may_stop(nick, account, asker, asker_account, operator) == may
