"""Asking people before a model changes the world: what waits for a word, whose word counts, and for how long.

What belongs here: the waiting calls of all models of a server. What must not: calling (`conversation`), who
may use a tool at all (`allow`).

Only whoever asked the model decides, or an operator of the room; by typing, since programs give no commands
(`manners`). Each is decided once. What waited when the server stopped is never called: whoever asked is told.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from tertulia.limits import APPROVAL_SECONDS, APPROVALS, APPROVALS_EACH
from tertulia.models.provider import ToolCall
from tertulia.models.tools.tool import Tool, plainly
from tertulia.models.turns import Question
from tertulia.models.window import identity
from tertulia.models.words import Language, say
from tertulia.protocol.casemap import fold
from tertulia.protocol.notes import Note, NotebookError
from tertulia.protocol.text import cut

if TYPE_CHECKING:
    from tertulia.models.circle import Circle
    from tertulia.models.member import Member
    from tertulia.models.tools.conversation import Talk

NOTE: Final = "approval:"  # then the id: notes of what waits, for the next start
SHOWN_BYTES: Final = 340  # of a line of arguments, beside the asker's nick

State = Literal["waiting", "approved", "denied", "late", "done"]


@dataclass(eq=False, slots=True)
class Pending:
    """One call that waits for a word."""

    id: str
    member: Member
    question: Question
    talk: Talk
    call: ToolCall
    tool: Tool
    arguments: dict[str, Any]
    state: State = "waiting"
    private: bool = False

    @property
    def owner(self) -> str:
        return owner_of(self.question)


def owner_of(question: Question) -> str:
    return identity(question.asker, question.account, question.source)


def short_id() -> str:
    """Unguessable, and short to type."""
    return secrets.token_hex(2)


class Approvals:
    """`new_id` gives unguessable, never repeated names, so that a word for one can never fall on another."""

    def __init__(
        self,
        circle: Circle,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        new_id: Callable[[], str] = short_id,
    ) -> None:
        self._circle = circle
        self.sleep = sleep
        self.new_id = new_id
        self._waiting: dict[str, Pending] = {}
        self._timers: set[asyncio.Task[None]] = set()
        self._owed: dict[str, list[Note]] = {}  # folded nick of the asker: what an earlier life left

    def __len__(self) -> int:
        return len(self._waiting)

    # --- Asking -------------------------------------------------------------------------------------------

    def may_wait(self, question: Question, more: int) -> bool:
        """Whether so many more may wait for this person's word."""
        mine = sum(one.owner == owner_of(question) for one in self._waiting.values())
        return mine + more <= APPROVALS_EACH and len(self._waiting) + more <= APPROVALS

    def ask(
        self,
        member: Member,
        question: Question,
        talk: Talk,
        call: ToolCall,
        tool: Tool,
        arguments: dict[str, Any],
    ) -> Pending:
        """Show a call with its arguments, whole, and wait for a word."""
        name = self.new_id()
        while name in self._waiting:
            name = self.new_id()
        pending = self._waiting[name] = Pending(name, member, question, talk, call, tool, arguments)
        self._note(pending)
        text = say(
            "approval", question.language, nick=member.session.nick, tool=tool.shown, id=name,
            minutes=round(APPROVAL_SECONDS / 60),
        )  # fmt: skip
        member.tell(question, text)
        for piece in cut(plainly(arguments), SHOWN_BYTES):
            member.tell(question, piece)
        timer = asyncio.create_task(self._expire(pending))
        self._timers.add(timer)
        timer.add_done_callback(self._timers.discard)
        return pending

    async def _expire(self, pending: Pending) -> None:
        await self.sleep(APPROVAL_SECONDS)
        self._late(pending)

    def _late(self, pending: Pending, why: str = "approval_late", private: bool = False) -> None:
        if pending.state != "waiting":
            return
        pending.state = "late"
        self._end(pending)
        text = say(why, pending.question.language, id=pending.id, tool=pending.tool.shown)
        pending.member.tell(pending.question, text, private)
        pending.talk.decided(pending)
        pending.member.flush()

    # --- Deciding -----------------------------------------------------------------------------------------

    def decide(self, name: str, by: Question, approved: bool, private: bool) -> str:
        """The name of the text that says why not; "" when it is decided."""
        pending = self._waiting.get(name)
        if pending is None or pending.state != "waiting":
            return "no_such_approval"
        if not may_decide(pending, by):
            return "not_yours_to_decide"
        pending.state = "approved" if approved else "denied"
        pending.private = private
        self._end(pending)
        if owner_of(by) != pending.owner:
            text = "approval_by" if approved else "denial_by"
            told = say(text, pending.question.language, id=name, tool=pending.tool.shown, by=by.asker)
            pending.member.tell(pending.question, told)
        pending.talk.decided(pending)
        pending.member.flush()
        return ""

    def gone(self, member: Member, nick: str, room: str | None = None) -> None:
        """A guest left (a room, or None: altogether): whoever is called so next is somebody else."""
        for pending in list(self._waiting.values()):
            question = pending.question
            his = question.account is None and fold(question.asker) == fold(nick)
            if his and pending.member is member and (room is None or fold(room) == fold(question.target)):
                self._late(pending)

    def withdraw(self, member: Member, by: Question) -> bool:
        """Who stops the model, or an operator of the room, wants nothing called any more of what it asked
        about there. Whether anything was waiting."""
        found = [
            pending
            for pending in self._waiting.values()
            if pending.member is member
            and fold(pending.question.target) == fold(by.target)
            and may_decide(pending, by)
        ]
        for pending in found:
            self._late(pending, "approval_dropped")
        return bool(found)

    def ended(self, member: Member, room: str) -> None:
        """The model is no longer there: nothing of what it asked about there is called."""
        for pending in list(self._waiting.values()):
            if pending.member is member and fold(pending.question.target) == fold(room):
                self._late(pending, "approval_dropped", private=True)

    def renamed(self, member: Member, old: str, new: str) -> None:
        """Somebody goes by another nick: known by an account they are still who asked; a guest is not."""
        self.gone(member, old)
        for pending in self._waiting.values():
            if pending.member is member and fold(pending.question.asker) == fold(old):
                pending.question = replace(pending.question, asker=new)
                pending.talk.question = pending.question

    def room_renamed(self, old: str, new: str) -> None:
        for pending in self._waiting.values():
            if fold(pending.question.target) == fold(old):
                pending.question = pending.talk.question = replace(pending.question, target=new)
                self._note(pending)

    def _end(self, pending: Pending) -> None:
        self._waiting.pop(pending.id, None)
        with suppress(NotebookError):
            self._circle.settle(pending.owner, NOTE + pending.id, "")

    def close(self) -> None:
        """The models leave. Notes of what waits stay: whoever asked is told after the next start."""
        for timer in self._timers:
            timer.cancel()

    # --- After a start ------------------------------------------------------------------------------------

    def _note(self, pending: Pending) -> None:
        question = pending.question
        left = {
            "model": fold(pending.member.settings.nick), "target": fold(question.target),
            "asker": question.asker, "tool": pending.tool.shown, "language": question.language,
        }  # fmt: skip
        with suppress(NotebookError):  # the store says so itself
            self._circle.settle(
                pending.owner, NOTE + pending.id, json.dumps(left), pending.member.session.nick
            )

    def recall(self, member: Member) -> None:
        """What earlier lives of this model left waiting is owed a word."""
        for note in self._circle.notes.named(NOTE):
            left = json.loads(note.text)
            if note.name.removeprefix(NOTE) in self._waiting or left["model"] != fold(member.settings.nick):
                continue
            owed = self._owed.setdefault(fold(left["asker"]), [])
            if note not in owed:
                owed.append(note)

    def present(self, member: Member, nick: str, target: str, who: str = "") -> None:
        """Somebody is there, in a room or (`who`: their identity) in private: tell them what was lost."""
        for note in self._owed.get(fold(nick), ())[:]:
            left = json.loads(note.text)
            if left["model"] != fold(member.settings.nick) or left["target"] != fold(target):
                continue
            if not member.is_room(target) and who != note.scope:
                continue
            self._owed[fold(nick)].remove(note)
            with suppress(NotebookError):
                self._circle.settle(note.scope, note.name, "")
            tongue: Language = "es" if left["language"] == "es" else "en"
            name = note.name.removeprefix(NOTE)
            text = say("approval_lost", tongue, nick=member.session.nick, id=name, tool=left["tool"])
            member.tell(Question(nick, None, target, "", None, tongue), text)


def may_decide(pending: Pending, by: Question) -> bool:
    """Whoever asked, by account or, for guests, by nick and host; or an operator of the room it is for."""
    if owner_of(by) == pending.owner:
        return True
    room = pending.question.target
    return pending.member.is_room(room) and pending.member.view.is_operator(room, by.asker)
