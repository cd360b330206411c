"""A room's talk into a provider's messages.

What belongs here: pure functions and the window over what was said. What must not: providers, sockets, the
clock.

Shape: one system text that stays the same all day, and one user message: the transcript, oldest first, which
only grows at its end, then whom to answer. A provider's prompt cache keeps what two requests share at their
beginning; so nothing that changes stands before the transcript, and the window slides in large steps instead
of by a line. Small models do well with a quoted transcript, and badly when each line is a message of its own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, NamedTuple

from tertulia.limits import MODEL_CONTEXT_CHARACTERS, MODEL_CONTEXT_MESSAGES
from tertulia.models.provider import Request, Turn
from tertulia.models.words import Language, language

LINE_CHARACTERS: Final = MODEL_CONTEXT_CHARACTERS // 3  # of one message; more is cut in its middle
TOPIC_CHARACTERS: Final = 400
QUESTION_CHARACTERS: Final = 600  # of the question, repeated at the end: a small model forgets it else


class Said(NamedTuple):
    nick: str
    text: str
    msgid: str | None = None
    bot: bool = False


class Window:
    """What was said lately in one room or conversation, bounded. When it is full, its older half goes."""

    def __init__(
        self, messages: int = MODEL_CONTEXT_MESSAGES, characters: int = MODEL_CONTEXT_CHARACTERS
    ) -> None:
        self._messages = messages
        self._characters = characters
        self._said: deque[Said] = deque()
        self._size = 0

    def __iter__(self) -> Iterator[Said]:
        return iter(self._said)

    def __len__(self) -> int:
        return len(self._said)

    def add(self, said: Said) -> None:
        """The latest message. An over-long one keeps its beginning and its end."""
        said = said._replace(text=shortened(said.text, LINE_CHARACTERS))
        self._said.append(said)
        self._size += cost(said)
        if len(self._said) > self._messages or self._size > self._characters:
            self.halve()

    def seed(self, earlier: Iterable[Said]) -> None:
        """History, oldest first, put before what was heard meanwhile; what is there already is not
        doubled."""
        heard = list(self._said)
        known = {said.msgid for said in heard if said.msgid}
        self._said.clear()
        self._size = 0
        for said in [said for said in earlier if said.msgid not in known or not said.msgid] + heard:
            self.add(said)

    def halve(self) -> None:
        """Let the older half go, by whole messages; the latest stays."""
        while len(self._said) > 1 and (
            len(self._said) > self._messages // 2 or self._size > self._characters // 2
        ):
            self._size -= cost(self._said.popleft())


def cost(said: Said) -> int:
    """Characters it takes in the transcript."""
    return len(said.nick) + len(said.text) + 3


def shortened(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    half = (limit - 5) // 2
    return f"{text[:half]} […] {text[-half:]}"


@dataclass(frozen=True, slots=True)
class Scene:
    """Where it speaks, and who it is."""

    nick: str
    room: str | None  # None: a private conversation
    network: str = "Tertulia"
    topic: str = ""
    prompt: str = ""  # the operator's, from the configuration
    model: str = ""


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


def build(
    scene: Scene, said: Sequence[Said], asker: str, questions: Sequence[str], today: date, answer_tokens: int
) -> Request:
    """The request for one turn. `said` ends with, or contains, the questions; they are repeated when the
    window let them go. `questions` are without the name they began with, oldest first."""
    tongue = language(" ".join(questions), otherwise=language(" ".join(line.text for line in said)))
    lines = [f"{line.nick}: {line.text}" for line in said]
    parts = ["\n".join(lines)]
    if not any(question in line.text for question in questions[-1:] for line in said):
        parts = [f"{asker}: " + "\n".join(questions)]
    asked = shortened("\n".join(questions), QUESTION_CHARACTERS)
    parts.append(_LANGUAGES[tongue][1].format(asker=asker, question=asked))
    return Request(system(scene, today), (Turn("user", "\n\n".join(parts)),), answer_tokens)


def system(scene: Scene, today: date) -> str:
    """Who it is and where; the same for every question of a day while topic and prompt stay."""
    parts = [_where(scene)]
    if scene.topic:
        parts.append(f"The topic of the room: {shortened(scene.topic, TOPIC_CHARACTERS)}")
    parts.append(
        f"You read the talk as lines `name: text`. You are {scene.nick}; all other names are other people or "
        "programs. Speak only for yourself, never for them. Answer what you were asked, briefly, as in a "
        "chat: a few sentences, code only when it helps. If you do not know something, say so. "
        "Always answer in the language of the question (responde siempre en el idioma de la pregunta)."
    )
    parts.append(f"Today is {today.isoformat()}.")
    if scene.prompt:
        parts.append(scene.prompt.strip())
    return "\n".join(parts)


def _where(scene: Scene) -> str:
    where = f"the room {scene.room}" if scene.room else "a private conversation"
    return (
        f"You are {scene.nick}, a helpful language model that takes part in {where} on the chat server "
        f"{scene.network}."
    )


def with_temperature(request: Request, temperature: float | None) -> Request:
    return request if temperature is None else replace(request, temperature=temperature)
