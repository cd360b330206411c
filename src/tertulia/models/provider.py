"""What answers for a model: the interface, its errors, and what each error says to people.

What belongs here: the shapes that every provider shares. What must not: any one provider, any protocol.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, NamedTuple, Protocol

from tertulia.models.words import Language
from tertulia.protocol.ledger import Caller

# --- Asking -----------------------------------------------------------------------------------------------


class ToolDefinition(NamedTuple):
    """A tool that a model may ask for. `schema`: JSON Schema of its arguments, an object's."""

    name: str  # letters, digits, "_" and "-"; at most 64
    description: str
    schema: Mapping[str, Any]


class ToolCall(NamedTuple):
    """A tool that a model asks for, whole. `arguments` as the model wrote them: it may be no JSON."""

    id: str
    name: str
    arguments: str


class ToolResult(NamedTuple):
    id: str  # of the call
    name: str
    text: str


class Image(NamedTuple):
    type: str  # its media type
    data: bytes


class Turn(NamedTuple):
    role: Literal["user", "assistant"]
    text: str
    calls: tuple[ToolCall, ...] = ()  # an assistant's, after its text
    results: tuple[ToolResult, ...] = ()  # a user's, before its text, one for each call
    images: tuple[Image, ...] = ()  # a user's, after its text


@dataclass(frozen=True, slots=True)
class Request:
    """One question with its context."""

    system: str
    turns: tuple[Turn, ...]
    answer_tokens: int = 1_024  # at most
    temperature: float | None = None  # None: the provider's own
    caller: Caller | None = None  # on whose behalf, for the ledger; never sent
    tools: tuple[ToolDefinition, ...] = ()
    people: frozenset[str] = frozenset()  # identities of those whose words are in it; never sent
    must_answer: bool = False  # in words: tools are named since they were called, and are not to be any more

    def texts(self) -> Iterator[str]:
        """All that the provider reads, to estimate what it costs; an image as if it were `IMAGE_TEXT`."""
        yield self.system
        for turn in self.turns:
            yield turn.text
            yield from (call.arguments for call in turn.calls)
            yield from (result.text for result in turn.results)
            yield from (IMAGE_TEXT for _ in turn.images)
        for tool in self.tools:
            yield f"{tool.name}{tool.description}{json.dumps(tool.schema)}"

    def for_one_who_can(self, can: Capabilities) -> Request:
        """Without what this provider does not declare: calls and results become words, images go."""
        if can.tools and can.vision:
            return self
        turns = tuple(_in_words(turn, can) for turn in self.turns)
        return replace(self, turns=turns, tools=self.tools if can.tools else ())


def _in_words(turn: Turn, can: Capabilities) -> Turn:
    if not can.vision:
        turn = turn._replace(images=())
    if can.tools or not (turn.calls or turn.results):
        return turn
    asked = (f"[{call.name} {call.arguments}]" for call in turn.calls)
    came = (f"[{result.name}: {result.text}]" for result in turn.results)
    return Turn(turn.role, "\n".join(part for part in (turn.text, *asked, *came) if part), images=turn.images)


IMAGE_TEXT: Final = "x" * 4_500  # 1,500 tokens, what the largest images that are passed cost


class Delta(NamedTuple):
    """Some text, as it came."""

    text: str


class Usage(NamedTuple):
    """What the provider says it cost, in tokens; sent once, at the end, if at all."""

    tokens_in: int
    tokens_out: int
    tokens_cached: int = 0


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What may be asked of a provider. What is not declared is not tried."""

    context_tokens: int
    answer_tokens: int = 1_024
    tools: bool = False
    vision: bool = False
    local: bool = False  # what is said never leaves this machine


class Served(NamedTuple):
    """Who answers, before the first word; a `chain.Chain` says it, providers do not."""

    provider: str
    model: str
    fallback: str = ""  # the model that should have answered and could not


class Bill(NamedTuple):
    """What the ledger made of a whole answer, at its end; from a `chain.Chain` alone."""

    nano: int | None  # None: no price is known
    currency: str
    estimated: bool  # the provider did not report its tokens


Item = Delta | ToolCall | Usage | Served | Bill
Answer = AsyncGenerator[Item, None]


class Provider(Protocol):
    @property
    def name(self) -> str:
        """For provenance: `local`, `openai`, `scripted` ..."""

    @property
    def model(self) -> str:
        """The provider's name for the model."""

    @property
    def capabilities(self) -> Capabilities: ...

    def stream(self, request: Request) -> Answer:
        """The answer, in order; tools' calls whole, after all text. Raises `ProviderError` and nothing else.

        Cancelling the task that iterates, or closing the iterator, ends the call at the provider as well.
        """

    async def close(self) -> None:
        """Let go of connections. Never raises."""


# --- Errors -----------------------------------------------------------------------------------------------

Kind = Literal[
    "no_key", "wrong_key", "no_such_model", "no_network", "no_credit", "overloaded", "too_long", "timed_out",
    "missing", "refused", "no_budget", "no_ledger", "resting", "failed",
]  # fmt: skip

RETRYABLE: Final[frozenset[Kind]] = frozenset({"no_network", "overloaded", "timed_out", "failed"})

_TEXTS: Final[dict[Kind, tuple[str, str]]] = {
    # kind: (English, Spanish); what is wrong, and what to do
    "no_key": (
        "I have no API key. Whoever runs this server must put it in the environment ({detail}) and restart.",
        "no tengo clave de API. Quien lleva este servidor debe ponerla en el entorno ({detail}) y reiniciar.",
    ),
    "wrong_key": (
        "my provider does not accept my API key. Whoever runs this server must check it ({detail}).",
        "mi proveedor no acepta mi clave de API. Quien lleva este servidor debe revisarla ({detail}).",
    ),
    "no_such_model": (
        "my provider knows no such model ({detail}). Whoever runs this server must correct its name.",
        "mi proveedor no conoce ese modelo ({detail}). Quien lleva este servidor debe corregir el nombre.",
    ),
    "no_network": (
        "I cannot reach my provider ({detail}). Try again with !retry in a while.",
        "no consigo llegar a mi proveedor ({detail}). Prueba con !retry dentro de un rato.",
    ),
    "no_credit": (
        "the account at my provider has no credit left. Whoever runs this server must top it up.",
        "la cuenta en mi proveedor se ha quedado sin saldo. Quien lleva este servidor debe recargarla.",
    ),
    "overloaded": (
        "my provider has too much to do just now. Try again with !retry in a minute.",
        "mi proveedor está saturado ahora mismo. Prueba con !retry dentro de un minuto.",
    ),
    "too_long": (
        "that is more than I can read at once. Ask with less text.",
        "es más de lo que puedo leer de una vez. Pregunta con menos texto.",
    ),
    "timed_out": (
        "it took me too long and I gave up. Try again with !retry.",
        "he tardado demasiado y lo he dejado. Prueba con !retry.",
    ),
    "missing": (
        "a part of me is not installed here: {detail}",
        "me falta una parte que no está instalada: {detail}",
    ),
    "refused": (
        "my provider will not answer that. Ask in other words, or ask another model (!models).",
        "mi proveedor se niega a contestar a eso. Pregunta de otra forma, o a otro modelo (!models).",
    ),
    "no_budget": (
        "there is nothing left of what may be spent ({detail}).",
        "se ha agotado lo que se puede gastar ({detail}).",
    ),
    "no_ledger": (
        "I cannot write down what I cost, so I do not answer. Whoever runs this server finds the cause "
        "in its log. Try again with !retry in a while.",
        "no puedo apuntar lo que cuesto, así que no contesto. Quien lleva este servidor tiene la causa en el "
        "registro. Prueba con !retry dentro de un rato.",
    ),
    "resting": (
        "my provider has failed several times, and I leave it alone for {detail} s. Try again with !retry "
        "after that.",
        "mi proveedor ha fallado varias veces y lo dejo descansar {detail} s. Prueba con !retry después.",
    ),
    "failed": (
        "something went wrong at my provider ({detail}). Try again with !retry.",
        "algo ha fallado en mi proveedor ({detail}). Prueba con !retry.",
    ),
}
DETAIL_CHARACTERS: Final = 160  # of a provider's own words; the whole is for the operator's log


class ProviderError(Exception):
    """A call that did not end well. `detail` is short, in the provider's words, and never holds a key."""

    def __init__(self, kind: Kind, detail: str = "", retry_after_seconds: float | None = None) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind: Kind = kind
        self.detail = detail
        self.retry_after_seconds = retry_after_seconds
        self.silent = False  # whoever asked knows already: nothing is said

    @property
    def retryable(self) -> bool:
        return self.kind in RETRYABLE

    def say(self, language: Language) -> str:
        """What is wrong and what to do, for whoever asked."""
        text = _TEXTS[self.kind][language == "es"]
        detail = " ".join(self.detail.split())[:DETAIL_CHARACTERS]
        return text.format(detail=detail or "?")
