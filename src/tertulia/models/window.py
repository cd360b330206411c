"""What was said lately in one room or conversation, bounded, and how it is written down for a model.

What belongs here: pure values and functions. What must not: providers, requests (`prompt`), sockets, clocks.

The transcript only grows at its end, and the window slides in large steps: a provider's prompt cache keeps
what two requests share at their beginning.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from tertulia.limits import (
    MODEL_CONTEXT_CHARACTERS,
    MODEL_CONTEXT_MESSAGES,
    MODEL_FAR_CHARACTERS,
    MODEL_FAR_MESSAGES,
)
from tertulia.protocol.casemap import fold
from tertulia.protocol.history import ID_TIME_SHIFT, parse_msgid

LINE_CHARACTERS: Final = MODEL_CONTEXT_CHARACTERS // 3  # of one message; more is cut in its middle
QUOTE_CHARACTERS: Final = 60  # of what a reply is to: enough to know it again
CHARACTERS_PER_TOKEN: Final = 3  # fewer than Spanish has, so that an estimate is never too small
BESIDE_TOKENS: Final = 1_000  # of a request beside the talk: who it is, summary, question
LEAST_CHARACTERS: Final = 1_500


class Said(NamedTuple):
    nick: str
    text: str
    msgid: str | None = None
    bot: bool = False
    account: str | None = None
    reply_to: str | None = None
    identity: str = ""  # as `identity` below; "": nobody that could have opted out
    time: str = ""  # ISO 8601, as the server said it
    reaction: str = ""  # it has no text: it is this, to what `reply_to` names


def identity(nick: str, account: str | None, source: str = "") -> str:
    """Under which name somebody's wishes are kept: the account, or for a guest nick and host."""
    return fold(account) if account else "~" + fold(source or nick)


def speaker(said: Said) -> str:
    """Who said it: the account first, where there is one, since nicks change."""
    if said.account is None or fold(said.account) == fold(said.nick):
        return said.nick
    return f"{said.account} ({said.nick})"


# --- The window -------------------------------------------------------------------------------------------


class Size(NamedTuple):
    messages: int = MODEL_CONTEXT_MESSAGES
    characters: int = MODEL_CONTEXT_CHARACTERS


def size_for(context_tokens: int, answer_tokens: int, local: bool) -> Size:
    """How much of the talk a model is shown: what fits its context, and no more than is worth its price."""
    fits = (context_tokens - answer_tokens - BESIDE_TOKENS) * CHARACTERS_PER_TOKEN
    most = Size() if local else Size(MODEL_FAR_MESSAGES, MODEL_FAR_CHARACTERS)
    return Size(most.messages, max(LEAST_CHARACTERS, min(most.characters, fits)))


class Window:
    """The latest messages. When it is full, its older half goes, by whole turns, and waits in `gone` for
    somebody to make a summary of it."""

    def __init__(
        self, messages: int = MODEL_CONTEXT_MESSAGES, characters: int = MODEL_CONTEXT_CHARACTERS
    ) -> None:
        self._size = Size(messages, characters)
        self._said: deque[Said] = deque()
        self._characters = 0
        self.gone: deque[Said] = deque(maxlen=2 * messages)

    def __iter__(self) -> Iterator[Said]:
        return iter(self._said)

    def __len__(self) -> int:
        return len(self._said)

    @property
    def size(self) -> Size:
        return self._size

    def resize(self, size: Size) -> None:
        self._size = size
        self.gone = deque(self.gone, maxlen=2 * size.messages)
        self._fit()

    def add(self, said: Said) -> None:
        """The latest message. An over-long one keeps its beginning and its end."""
        said = said._replace(text=shortened(said.text, min(LINE_CHARACTERS, self._size.characters // 3)))
        self._said.append(said)
        self._characters += cost(said)
        self._fit()

    def seed(self, earlier: Iterable[Said]) -> None:
        """History, oldest first, put before what was heard meanwhile; what is there already is not
        doubled."""
        heard = list(self._said)
        known = {said.msgid for said in heard if said.msgid}
        self._said.clear()
        self._characters = 0
        for said in [said for said in earlier if said.msgid not in known or not said.msgid] + heard:
            self.add(said)

    def remove(self, msgid: str) -> None:
        """It was taken back."""
        self._said = deque(said for said in self._said if said.msgid != msgid)
        self._characters = sum(map(cost, self._said))
        self.gone = deque((said for said in self.gone if said.msgid != msgid), maxlen=self.gone.maxlen)

    def clear(self) -> None:
        self._said.clear()
        self.gone.clear()
        self._characters = 0

    def _fit(self) -> None:
        if len(self._said) > self._size.messages or self._characters > self._size.characters:
            self.halve()

    def halve(self) -> None:
        """Let the older half go, and what is left of a turn whose question went; the latest stays."""
        while len(self._said) > 1 and (
            len(self._said) > self._size.messages // 2 or self._characters > self._size.characters // 2
        ):
            self._drop()
        while len(self._said) > 1 and self._said[0].bot and len(self._said) > self._size.messages // 4:
            self._drop()

    def _drop(self) -> None:
        said = self._said.popleft()
        self._characters -= cost(said)
        self.gone.append(said)


def cost(said: Said) -> int:
    """Characters it takes in the transcript, but for names and quotes."""
    return len(said.nick) + len(said.text) + 3


def shortened(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    half = (limit - 5) // 2
    return f"{text[:half]} […] {text[-half:]}"


# --- Writing it down --------------------------------------------------------------------------------------


def visible(
    said: Iterable[Said], withheld: Callable[[str], bool], local: bool, floor_ms: int = 0
) -> list[Said]:
    """What a model may be shown: all, if it never leaves this machine; else without those who opted out; and
    nothing before `floor_ms`, which somebody present may not read."""
    return [
        one
        for one in said
        if (local or not one.identity or not withheld(one.identity))
        and (not floor_ms or said_ms(one) >= floor_ms)
    ]


def said_ms(said: Said) -> int:
    """When it was said, in milliseconds since 1970: its id carries that. 0: nobody knows."""
    number = parse_msgid(said.msgid) if said.msgid else None
    return number >> ID_TIME_SHIFT if number is not None else 0


def lines(said: Sequence[Said]) -> list[str]:
    """The transcript, one entry a message: `name: text`, and what a reply or a reaction is to, if that is
    shown as well. Further lines of a text are set in, so that nobody speaks under another's name."""
    by_msgid = {one.msgid: one for one in said if one.msgid}
    return [f"{speaker(one)}: {_reply(one, by_msgid)}{set_in(one.text)}" for one in said]


def set_in(text: str) -> str:
    return text.replace("\n", "\n  ") if "\n" in text else text


def _reply(said: Said, by_msgid: dict[str, Said]) -> str:
    to = by_msgid.get(said.reply_to or "")
    if said.reaction:
        return f"[{said.reaction} → {to.nick}: «{quote(to.text)}»]" if to else f"[{said.reaction}]"
    if to is None or said.bot:  # a small model would learn from its own lines to write such heads
        return ""
    return f"[to {to.nick}: «{quote(to.text)}»] "


def quote(text: str, most: int = QUOTE_CHARACTERS) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[:most].rstrip() + "…"


def names(said: Iterable[Said]) -> Collection[str]:
    """All names in the transcript, so that an answer that goes on under one of them is noticed."""
    return {name for one in said for name in (one.nick, speaker(one))}
