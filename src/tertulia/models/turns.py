"""Who is answered when: the queue of one model, one turn after the other in a room, and how a turn ends.

What belongs here: waiting, the deadline of the whole, stopping. What must not: lines, rooms, how an answer is
said (`Stage`), trying again (`chain`).

A turn holds the questions that one person asked since the last one began. It ends in one of four ways: whole,
stopped, incomplete (it failed after its first word), or failed (before); and whoever asked is told which.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Collection
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Protocol

from tertulia import limits
from tertulia.client.speech import Speech
from tertulia.models.gate import Gate
from tertulia.models.manners import may_stop
from tertulia.models.provider import (
    Answer,
    Bill,
    Delta,
    Item,
    Provider,
    ProviderError,
    Request,
    Served,
    Usage,
)
from tertulia.models.speech import Filter
from tertulia.models.words import Language, say
from tertulia.protocol.casemap import fold
from tertulia.protocol.ledger import Caller

if TYPE_CHECKING:
    from tertulia.models.tools.conversation import Talk

CLEANUP_SECONDS: Final = 5.0  # how long a stopped call may take to go away before the next turn begins


@dataclass(frozen=True, slots=True)
class Pace:
    """The bounds of a desk, and its ways to wait; tests bring their own."""

    queue: int = limits.MODEL_QUEUE
    total_seconds: float = limits.MODEL_TOTAL_SECONDS
    typing_seconds: float = limits.TYPING_SECONDS
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


@dataclass(frozen=True, slots=True)
class Question:
    asker: str
    account: str | None
    target: str  # where the answer goes: a room, or the asker's nick
    text: str  # without the name it began with
    msgid: str | None
    language: Language
    source: str = ""  # nick!user@host
    reply_to: str | None = None
    ambient: bool = False  # nobody asked: it may be silent, and nobody is told what went wrong
    oper: bool = False  # asked by an operator of the server; by the server's word
    talk: Talk | None = None  # it goes on with an answer in which people had to be asked


@dataclass(slots=True, eq=False)
class Turn:
    questions: list[Question]
    speech: Speech
    filter: Filter
    said: list[str] = field(default_factory=list)
    gathered: list[str] = field(default_factory=list)  # deltas of this turn of the loop
    usage: Usage | None = None
    bill: Bill | None = None
    over: bool = False
    paused: bool = False  # people have to decide before it goes on
    talk: Talk | None = None  # with its tools
    msgid: str | None = None  # of the answer, once the server told
    work: asyncio.Task[None] | None = None

    @property
    def last(self) -> Question:
        return self.questions[-1]


def _is_one_burst(first: Question, following: Question) -> bool:
    return fold(first.asker) == fold(following.asker) and first.talk is None and following.talk is None


def _asked_by(question: Question, old: str, new: str) -> Question:
    return replace(question, asker=new) if fold(question.asker) == fold(old) else question


class Stage(Protocol):
    """What a desk needs from the member it belongs to."""

    async def request(self, questions: list[Question]) -> Request: ...
    def caller(self, question: Question) -> Caller:
        """On whose behalf a call is made."""

    def answer(self, turn: Turn, provider: Provider, request: Request) -> Answer:
        """What the provider says, with the tools it calls in between."""

    def shorten(self, target: str) -> None:
        """The provider cannot read so much: show less of the talk."""

    def speech(self, question: Question) -> Speech: ...
    def served(self, turn: Turn, served: Served) -> None:
        """Who answers is known now, before the first word."""

    def others(self, target: str) -> Collection[str]:
        """Nicks that an answer must not speak for."""

    def typing(self, target: str, state: str) -> None: ...
    def tell(self, question: Question, text: str, private: bool = False) -> None:
        """A notice to whoever asked."""

    def closed(self, turn: Turn, end: str) -> None:
        """The turn is over; `end` as for `Speech.close`. Closes the speech."""

    def dropped(self, questions: list[Question]) -> None:
        """Whoever asked wants no answer to these any more."""

    def flush(self) -> None:
        """Send what was said."""


class Desk:
    """One model's questions. All methods belong to the loop's thread."""

    def __init__(self, nick: Callable[[], str], stage: Stage, gate: Gate, pace: Pace) -> None:
        self.provider: Provider | None = None
        self._nick = nick
        self._stage = stage
        self._gate = gate
        self._pace = pace
        self._waiting: dict[str, deque[Question]] = {}  # by folded target
        self._serving: dict[str, asyncio.Task[None]] = {}
        self._turns: dict[str, Turn] = {}

    @property
    def gate(self) -> Gate:
        """The right to one call to the provider."""
        return self._gate

    @property
    def waiting(self) -> int:
        return sum(map(len, self._waiting.values()))

    @property
    def speaking(self) -> int:
        return len(self._turns)

    def turn(self, target: str) -> Turn | None:
        """What is being answered there now."""
        return self._turns.get(fold(target))

    def says(self, msgid: str) -> Turn | None:
        """The answer that is growing as this message."""
        return next((turn for turn in self._turns.values() if turn.msgid == msgid and not turn.over), None)

    def ask(self, question: Question) -> None:
        """Take a question, or say why not."""
        waiting = self.waiting
        if waiting >= self._pace.queue:
            self._tell(question, say("full", question.language, waiting=waiting), private=True)
            return
        key = fold(question.target)
        current = self._turns.get(key)
        ahead = max(waiting + len(self._turns), self._gate.ahead)
        self._waiting.setdefault(key, deque()).append(question)
        if self._gate.locked() or (current and fold(current.last.asker) != fold(question.asker)):
            text = say("queued", question.language, position=max(1, ahead))
            self._tell(question, text, private=True)
        if key not in self._serving:
            self._serving[key] = asyncio.create_task(self._serve(key))

    def stop(self, turn: Turn) -> None:
        """End an answer now; what was said stays, and what the same person still waits for is forgotten."""
        key = fold(turn.last.target)
        asker = fold(turn.last.asker)
        if key in self._waiting:
            waiting = self._waiting[key]
            self._waiting[key] = deque(one for one in waiting if fold(one.asker) != asker)
            if dropped := [one for one in waiting if fold(one.asker) == asker]:
                self._stage.dropped(dropped)
        self._end(turn, "stopped")
        if turn.work is not None:
            turn.work.cancel()

    def drop(self, target: str) -> list[Question]:
        """It can answer there no longer: what is being said breaks off, and nobody waits for more. Whose
        questions these were, oldest first."""
        turn, waiting = self.turn(target), self._waiting.get(fold(target), deque())
        turn = None if turn is None or turn.over else turn
        dropped = [*(turn.questions if turn is not None else ()), *waiting]
        if waiting:
            self._stage.dropped(list(waiting))
            waiting.clear()
        if turn is not None:
            self._end(turn, "incomplete")
            if turn.work is not None:
                turn.work.cancel()
        return dropped

    def renamed(self, old: str, new: str) -> None:
        """Whoever asked goes by another nick. What is not begun in private is begun again for the new one:
        whoever takes the old nick is somebody else."""
        for waiting in self._waiting.values():
            waiting.extend([_asked_by(waiting.popleft(), old, new) for _ in range(len(waiting))])
        for one in self._turns.values():
            one.questions = [_asked_by(question, old, new) for question in one.questions]
        turn, waiting = self.turn(old), self._waiting.get(fold(old), deque())
        if turn is not None and turn.speech.begun:  # the server knows to whom
            again = list(waiting)
            waiting.clear()
        else:
            again = self.drop(old)
        for question in again:
            self.ask(replace(question, target=new))

    def _tell(self, question: Question, text: str, private: bool = False) -> None:
        if not question.ambient:
            self._stage.tell(question, text, private)

    def may_stop(self, turn: Turn, nick: str, account: str | None, operator: bool) -> bool:
        return may_stop(nick, account, turn.last.asker, turn.last.account, operator)

    async def close(self) -> None:
        """End everything at once; what is being said is marked incomplete."""
        for turn in list(self._turns.values()):
            self._end(turn, "incomplete")
        tasks = list(self._serving.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # --- One room after the other, one turn after the other -----------------------------------------------

    async def _serve(self, key: str) -> None:
        try:
            while self._waiting.get(key):
                async with self._gate:
                    if questions := self._take(key):
                        await self._answer(key, questions)
        finally:
            self._serving.pop(key, None)
            self._waiting.pop(key, None)

    def _take(self, key: str) -> list[Question]:
        """The burst of one person: the first who waits, and what they said right after."""
        waiting = self._waiting[key]
        found: list[Question] = []
        while waiting and (not found or _is_one_burst(found[0], waiting[0])):
            found.append(waiting.popleft())
        return found

    async def _answer(self, key: str, questions: list[Question]) -> None:
        speech = self._stage.speech(questions[-1])
        turn = Turn(questions, speech, Filter(self._nick(), self._stage.others(questions[-1].target)))
        self._turns[key] = turn
        typing = asyncio.create_task(self._typing(turn))  # before the work, so that it says so first
        turn.work = asyncio.create_task(self._work(turn))
        try:
            await asyncio.wait({turn.work})  # the end of a stopped one is not ours to raise
        finally:
            typing.cancel()
            turn.work.cancel()
            self._turns.pop(key, None)
            await asyncio.wait({turn.work, typing}, timeout=CLEANUP_SECONDS)

    async def _typing(self, turn: Turn) -> None:
        while not turn.over:
            self._stage.typing(turn.last.target, "active")
            self._stage.flush()
            await self._pace.sleep(self._pace.typing_seconds)

    # --- One turn -----------------------------------------------------------------------------------------

    async def _work(self, turn: Turn) -> None:
        try:
            async with asyncio.timeout(self._pace.total_seconds):
                await self._try(turn)
        except TimeoutError:
            self._fail(turn, ProviderError("timed_out"))
        except ProviderError as error:
            self._fail(turn, error)
        except (
            Exception
        ) as error:  # a provider that breaks its contract must not take the room's queue with it
            self._fail(turn, ProviderError("failed", type(error).__name__))
            raise
        else:
            self._end(turn, "")

    async def _try(self, turn: Turn) -> None:
        """Ask, and once more with less when nothing was said and it was too much."""
        try:
            return await self._once(turn)
        except ProviderError as error:
            if turn.said or turn.gathered or error.kind != "too_long":
                raise
        self._stage.shorten(turn.last.target)
        return await self._once(turn)

    async def _once(self, turn: Turn) -> None:
        if self.provider is None:
            raise ProviderError("failed", "not here")
        request = replace(await self._stage.request(turn.questions), caller=self._stage.caller(turn.last))
        async with aclosing(self._stage.answer(turn, self.provider, request)) as answer:
            async for item in answer:
                self._heard(turn, item)
                if turn.filter.ended:
                    return

    def _heard(self, turn: Turn, item: Item) -> None:
        """A piece of the answer. Said at the end of this turn of the loop, with all that came in it."""
        if not isinstance(item, Delta):
            self._noted(turn, item)
            return
        if not turn.gathered:
            asyncio.get_running_loop().call_soon(self._say, turn)
        turn.gathered.append(item.text)

    def _noted(self, turn: Turn, item: Item) -> None:
        if isinstance(item, Usage):
            turn.usage = item
        elif isinstance(item, Bill):
            turn.bill = item
        elif isinstance(item, Served):
            self._stage.served(turn, item)

    def _say(self, turn: Turn, finish: bool = False) -> None:
        if turn.over:
            return
        text = turn.filter.feed("".join(turn.gathered))
        turn.gathered.clear()
        if finish:
            text += turn.filter.finish()
        if text:
            turn.said.append(text)
            turn.speech.say(text)
            self._stage.flush()

    def _fail(self, turn: Turn, error: ProviderError) -> None:
        if turn.over:
            return
        self._end(turn, "incomplete")
        if not error.silent:
            self._tell(turn.last, error.say(turn.last.language))
        self._stage.flush()

    def _end(self, turn: Turn, end: str) -> None:
        if turn.over:
            return
        self._say(turn, finish=True)
        turn.over = True
        if not turn.said:
            self._stage.typing(turn.last.target, "done")
            if not end and not turn.filter.silent and not turn.paused:
                self._tell(turn.last, say("silent", turn.last.language))
        self._stage.closed(turn, end)
        with suppress(Exception):
            self._stage.flush()
