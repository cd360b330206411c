"""A room's talk into a provider's messages."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.limits import MODEL_CONTEXT_CHARACTERS, MODEL_CONTEXT_MESSAGES
from tertulia.models.prompt import Said, Scene, Window, build, cost, shortened, system

SCENE = Scene("lola", "#r", topic="sockets", prompt="Sé breve.")
TODAY = date(2026, 11, 22)


def window(*said: tuple[str, str]) -> Window:
    found = Window()
    for nick, text in said:
        found.add(Said(nick, text))
    return found


def asked(said: Window, asker: str, *questions: str) -> str:
    (turn,) = build(SCENE, list(said), asker, questions, TODAY, 10).turns
    assert turn.role == "user"
    return turn.text


def test_the_transcript_is_one_message_of_lines() -> None:
    text = asked(window(("bob", "hola"), ("gpt", "buenas"), ("ana", "lola: ¿y tú?")), "ana", "¿y tú?")
    assert text == (
        "bob: hola\ngpt: buenas\nana: lola: ¿y tú?\n\n"
        "Ahora responde a lo último que pregunta ana, en español: «¿y tú?» "
        "Escribe solo tu respuesta, sin ningún nombre delante, y no repitas lo que ya dijiste."
    )


def test_the_language_is_that_of_the_question() -> None:
    said = window(("bob", "hola, ¿qué tal estáis?"), ("ana", "lola: what is a socket?"))
    assert "in English" in asked(said, "ana", "what is a socket?")
    assert "en español" in asked(window(("bob", "hola a todos"), ("ana", "lola: TCP")), "ana", "TCP")


def test_a_question_that_the_window_let_go_is_repeated() -> None:
    assert asked(window(("bob", "otra cosa")), "ana", "¿qué es un socket?").startswith(
        "ana: ¿qué es un socket?\n\n"
    )


def test_the_system_text_names_room_topic_date_and_prompt() -> None:
    text = system(SCENE, TODAY)
    for part in ("lola", "#r", "sockets", "2026-11-22", "Sé breve."):
        assert part in text
    assert "private" in system(Scene("lola", None), TODAY)


def test_requests_share_their_beginning_while_the_window_grows() -> None:
    said = window(("ana", "lola: uno"))
    before = asked(said, "ana", "uno").partition("\n\n")[0]
    said.add(Said("lola", "vale"))
    said.add(Said("ana", "dos"))
    assert asked(said, "ana", "dos").startswith(before)


def test_the_window_slides_in_large_steps() -> None:
    found = Window()
    firsts = []
    for number in range(4 * MODEL_CONTEXT_MESSAGES):
        found.add(Said("ana", f"{number}"))
        firsts.append(next(iter(found)).text)
    assert len(set(firsts)) <= 9, "each slide costs the provider its cache"
    assert MODEL_CONTEXT_MESSAGES // 2 <= len(found) <= MODEL_CONTEXT_MESSAGES


@given(st.lists(st.tuples(st.text(max_size=8), st.text(max_size=4_000)), max_size=60))
def test_the_window_is_bounded_and_keeps_the_latest(talk: list[tuple[str, str]]) -> None:
    found = window(*talk)
    assert (
        sum(cost(said) for said in found) <= MODEL_CONTEXT_CHARACTERS and len(found) <= MODEL_CONTEXT_MESSAGES
    )
    if talk:
        assert list(found)[-1].nick == talk[-1][0]


def test_history_goes_before_what_was_heard_meanwhile_and_is_not_doubled() -> None:
    found = Window()
    found.add(Said("ana", "nuevo", "2"))
    found.seed([Said("bob", "viejo", "1"), Said("ana", "nuevo", "2")])
    assert [said.text for said in found] == ["viejo", "nuevo"]


@pytest.mark.parametrize(
    ("text", "short"), [("abc", "abc"), ("a" * 50 + "b" * 50, "a" * 7 + " […] " + "b" * 7)]
)
def test_a_long_message_keeps_both_ends(text: str, short: str) -> None:
    assert shortened(text, 20) == short
