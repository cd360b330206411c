"""A room's talk into a provider's requests: an answer, a summary, a catch-up, a translation, a round.

What belongs here: pure functions, and the words that only models read. What must not: the window
(`window.py`), providers, sockets, the clock.

Shape: one system text that stays the same all day, and one user message: the summary of older talk, the
transcript, oldest first, which only grows at its end, then whom to answer. Nothing that changes stands before
the transcript. Small models do well with a quoted transcript, and badly when each line is a message of its
own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from tertulia.limits import SUMMARY_CHARACTERS
from tertulia.models.provider import Request, Turn
from tertulia.models.window import Said, Window, cost, lines, quote, set_in, shortened
from tertulia.models.words import Language, language

if TYPE_CHECKING:
    from tertulia.models.attached import Shown

__all__ = ["Said", "Scene", "Window", "build", "cost", "shortened", "system"]

TOPIC_CHARACTERS: Final = 400
QUESTION_CHARACTERS: Final = 600  # of the question, repeated at the end: a small model forgets it else
SILENCE: Final = "[silence]"
SUMMARY_TOKENS: Final = 300
VOTE: Final = "VOTE:"


@dataclass(frozen=True, slots=True)
class Scene:
    """Where it speaks, and who it is."""

    nick: str
    room: str | None  # None: a private conversation
    network: str = "Tertulia"
    topic: str = ""
    prompt: str = ""  # the operator's, from the configuration
    model: str = ""
    room_prompt: str = ""  # set by the room's operators
    programs: tuple[str, ...] = ()  # other members with the bot flag
    summary: str = ""  # of older talk
    language: Language | None = None  # the room's, whatever the question's is


_LANGUAGES: Final[dict[Language, tuple[str, str]]] = {
    "en": (
        "English",
        "Now answer what {asker} asks last, in English: «{question}» "
        "Write only your answer, without a name before it, and do not repeat what you said before.",
    ),
    "es": (
        "español",
        "Ahora responde a lo último que pregunta {asker}, en español: «{question}» "
        "Escribe solo tu respuesta, sin ningún nombre delante, y no repitas lo que ya dijiste.",
    ),
}
_AMBIENT: Final[dict[Language, str]] = {
    "en": (
        f"Nobody asked you. Only if you can add something useful that nobody has said, say it in one or two "
        f"sentences, in English. Otherwise write exactly {SILENCE} and nothing else."
    ),
    "es": (
        f"Nadie te ha preguntado. Solo si puedes aportar algo útil que nadie ha dicho, dilo en una o dos "
        f"frases, en español. Si no, escribe exactamente {SILENCE} y nada más."
    ),
}


def build(
    scene: Scene, said: Sequence[Said], asker: str, questions: Sequence[str], today: date, answer_tokens: int,
    *, replied: Said | None = None, ambient: bool = False, files: Shown | None = None,
) -> Request:  # fmt: skip
    """The request for one turn. `said` ends with, or contains, the questions; they are repeated when the
    window let them go. `questions` are without the name they began with, oldest first; `replied` is what the
    last of them is a reply to, when the transcript no longer shows it; `files`, what is shown of files."""
    tongue = scene.language or language(
        " ".join(questions), otherwise=language(" ".join(line.text for line in said))
    )
    parts = [f"[What was said before, in short: {scene.summary}]"] if scene.summary else []
    if any(question in line.text for question in questions[-1:] for line in said):
        parts.append("\n".join(lines(said)))
    else:
        parts.append(f"{asker}: " + set_in("\n".join(questions)))
    if replied is not None:
        parts.append(f"({asker} replies to what {replied.nick} said: «{quote(replied.text, 400)}»)")
    if files is not None and files.text:
        parts.append(files.text)
    asked = shortened("\n".join(questions), QUESTION_CHARACTERS)
    parts.append(_AMBIENT[tongue] if ambient else _LANGUAGES[tongue][1].format(asker=asker, question=asked))
    turn = Turn("user", "\n\n".join(parts), images=files.images if files is not None else ())
    return Request(system(scene, today), (turn,), answer_tokens)


def system(scene: Scene, today: date) -> str:
    """Who it is and where; the same for every question of a day while topic and prompts stay."""
    parts = [_where(scene)]
    if scene.topic:
        parts.append(f"The topic of the room: {shortened(scene.topic, TOPIC_CHARACTERS)}")
    parts.append(
        "You read the talk as lines `name: text`; a line that is set in belongs to the one before. "
        f"You are {scene.nick}; all other names are other people or "
        "programs. Speak only for yourself, never for them. Answer what you were asked, briefly, as in a "
        "chat: a few sentences, code only when it helps. If you do not know something, say so. "
        + _tongue(scene.language)
    )
    if scene.programs:
        parts.append(f"These are programs like you: {', '.join(scene.programs)}.")
    parts.append(f"Today is {today.isoformat()}.")
    if scene.prompt:
        parts.append(scene.prompt.strip())
    if scene.room_prompt:
        parts.append(f"The operators of the room ask of you: {scene.room_prompt}")
    return "\n".join(parts)


def _tongue(wanted: Language | None) -> str:
    if wanted is not None:
        return f"Always answer in {_LANGUAGES[wanted][0]}."
    return "Always answer in the language of the question (responde siempre en el idioma de la pregunta)."


def _where(scene: Scene) -> str:
    where = f"the room {scene.room}" if scene.room else "a private conversation"
    return (
        f"You are {scene.nick}, a helpful language model that takes part in {where} on the chat server "
        f"{scene.network}."
    )


def with_temperature(request: Request, temperature: float | None) -> Request:
    return request if temperature is None else replace(request, temperature=temperature)


# --- Other work ---------------------------------------------------------------------------------------------


def summary(before: str, gone: Sequence[Said], tongue: Language) -> Request:
    """Older talk in a few sentences, what was said before it included."""
    system = (
        "You write the minutes of a chat room. Say who said what and what was decided, only from the text "
        f"you are given, in {_LANGUAGES[tongue][0]}, in at most 120 words, without a heading."
    )
    parts = [f"The minutes so far: {before}"] if before else []
    parts.append("\n".join(lines(gone)))
    parts.append("Write the minutes of all of this now.")
    return Request(system, (Turn("user", "\n\n".join(parts)),), SUMMARY_TOKENS, 0.2)


def summary_text(text: str) -> str:
    """What is kept of a summary: one line, bounded."""
    return shortened(" ".join(text.split()), SUMMARY_CHARACTERS)


def catch_up(room: str, asker: str, said: Sequence[Said], tongue: Language) -> Request:
    """What somebody missed. Lines are numbered; the answer names the numbers that it speaks of."""
    numbered = "\n".join(f"[{number}] {line}" for number, line in enumerate(lines(said), 1))
    system = (
        f"You tell a member of the chat room {room} what was said while they were away. Use only the text "
        f"you are given. Write in {_LANGUAGES[tongue][0]}, at most six short lines, what matters most first, "
        "each with the number of the line that it speaks of, as in [3]."
    )
    words = {
        "en": f"Tell {asker} now what they missed.",
        "es": f"Cuéntale ahora a {asker} lo que se ha perdido.",
    }
    return Request(system, (Turn("user", f"{numbered}\n\n{words[tongue]}"),), 500, 0.2)


def digest(room: str, task: str, said: Sequence[Said], tongue: Language) -> Request:
    """A task over a stretch of the room's talk: "summarise yesterday"."""
    system = (
        f"You work on the talk of the chat room {room}. Use only the text you are given, name who said what, "
        f"and write in {_LANGUAGES[tongue][0]}, at most 150 words."
    )
    body = "\n".join(lines(said))
    return Request(system, (Turn("user", f"{body}\n\n{task}"),), 600, 0.2)


def translation(text: str, into: str) -> Request:
    """One message in another language. `into`: the language's English name."""
    system = (
        f"You translate chat messages into {into}. Write only the translation of the text you are given: no "
        "quotes, no notes, no answer to it. Leave names, code, links and emoji as they are."
    )
    return Request(system, (Turn("user", text),), 600, 0.0)


def round_answer(request: Request, vote: bool, tongue: Language) -> Request:
    """The same request in a round: others answer too, and nobody sees them."""
    words = {
        "en": "Several were asked this; answer for yourself, in at most 80 words.",
        "es": "Se lo han preguntado a varios; responde por ti, en 80 palabras como mucho.",
    }
    ballot = {
        "en": f" End with a line of its own: “{VOTE} ” and your choice in one to three words.",
        "es": f" Acaba con una línea aparte: «{VOTE} » y tu opción, de una a tres palabras.",
    }
    (turn,) = request.turns
    text = f"{turn.text}\n\n{words[tongue]}{ballot[tongue] if vote else ''}"
    return replace(request, turns=(turn._replace(text=text),))


def round_summary(question: str, answers: Sequence[tuple[str, str]], tongue: Language) -> Request:
    """What several answers have in common, and where they differ."""
    system = (
        f"You compare answers to one question. Say in {_LANGUAGES[tongue][0]}, in at most 80 words, what "
        "they agree on and where they differ, naming who said what. Do not answer the question yourself."
    )
    body = "\n".join(f"{nick}: {text}" for nick, text in answers)
    return Request(system, (Turn("user", f"Question: {question}\n\n{body}"),), 300, 0.2)
