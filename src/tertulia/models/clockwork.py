"""Reminders and schedules: waiting for them, and giving each once, over restarts too.

What belongs here: when, and by whom. What must not: reading times (`times`), the words that set them
(`deeds/reminding.py`).

A reminder is struck out, or moved to its next time, before it is said: a crash between the two loses it
rather than saying it twice. What fell due while nobody was there is given as soon as somebody is.
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from tertulia.limits import CATCHUP_MESSAGES
from tertulia.models import times
from tertulia.models.keepsakes import is_account
from tertulia.models.reading import read_between
from tertulia.models.rules import zone_of
from tertulia.models.turns import Question
from tertulia.models.words import Language, say
from tertulia.protocol.casemap import fold
from tertulia.protocol.names import is_room
from tertulia.protocol.notes import NotebookError, Reminder

if TYPE_CHECKING:
    from tertulia.models.circle import Circle
    from tertulia.models.member import Member

NAP_SECONDS: Final = 30.0  # the wall clock may be set; it is looked at this often
LATE_SECONDS: Final = 90  # after that it is said that it is late
AGAIN_SECONDS: Final = 300  # who is not there in private is tried again
KEPT_SECONDS: Final = 30 * 86_400  # a private one waits so long for who set it; a guest may never come back
GIVEN: Final = 50  # private reminders that may still come back
_DIGEST: Final = re.compile(
    r"(?:summari[sz]e|sum\s+up|recap|resume|resumen|resúmenos|resumid)\b", re.IGNORECASE
)
_NAMED: Final = re.compile(r"@?([^\s:,]+)[:,]\s+(.+)", re.DOTALL)


class Clockwork:
    """Of all models of a server. `sleep`: seconds."""

    def __init__(self, circle: Circle, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._circle = circle
        self._sleep = sleep
        self._woken = asyncio.Event()
        self._given: deque[tuple[str, Reminder]] = deque(maxlen=GIVEN)

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            self._woken.clear()
            wait = self.give_due()
            waiters = {
                asyncio.ensure_future(self._sleep(wait)), asyncio.ensure_future(self._woken.wait())
            }  # fmt: skip
            try:
                await asyncio.wait(waiters, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for waiter in waiters:
                    waiter.cancel()

    def wake(self) -> None:
        """Something changed: a reminder was set, a model has come into a room."""
        self._woken.set()

    def give_due(self) -> float:
        """Give what is due; for how many seconds nothing will be."""
        now = self._circle.now_ms()
        try:
            found = list(self._circle.notebook.reminders())
            for reminder in found:
                if reminder.due_ms > now:
                    return min(NAP_SECONDS, (reminder.due_ms - now) / 1000)
                self._give(reminder, now)
        except NotebookError:
            pass  # tried again after a nap
        return NAP_SECONDS

    def _give(self, reminder: Reminder, now_ms: int) -> None:
        member = self._giver(reminder)
        if member is None:
            return
        nick = None if member.is_room(reminder.target) else self._circle.readers.nick_of(reminder.identity)
        if nick == "" and not reminder.every:  # in private: whoever has that nick now is somebody else
            if now_ms - reminder.due_ms > KEPT_SECONDS * 1000:
                self._circle.notebook.done(reminder.id)
            return  # it waits, and is late
        if reminder.every and (zone := zone_of(reminder.zone)):
            following = times.following(reminder.every, zone, _moment(reminder.due_ms), _moment(now_ms))
            self._circle.notebook.remind(reminder._replace(due_ms=int(following.timestamp() * 1000)))
        else:
            self._circle.notebook.done(reminder.id)
        if is_account(reminder.identity) and self._circle.readers.is_barred(reminder.identity):
            return  # nobody acts in its name
        if nick == "":
            return
        if nick is not None:
            reminder = reminder._replace(target=nick, asker=nick)
        deliver(self._circle, member, reminder, late=now_ms - reminder.due_ms > LATE_SECONDS * 1000)
        if not member.is_room(reminder.target):
            self._given.append((fold(reminder.target), reminder))
        member.flush()

    def _giver(self, reminder: Reminder) -> Member | None:
        """Who set it down, if it is there; in a room, else whoever speaks for all; in private, another only
        when there is none of that name any more."""
        member = next(
            (one for one in self._circle.members if fold(one.settings.nick) == reminder.model), None
        )
        if is_room(reminder.target):
            here = self._circle.present(reminder.target)
            return member if member in here else self._circle.speaker(reminder.target)
        if member is None:  # it is no longer in the configuration
            return next((one for one in self._circle.members if one.joined), None)
        return member if member.joined else None

    def came_back(self, nick: str) -> None:
        """The server knows nobody of that nick: what was given there just now is tried again later."""
        for key, reminder in list(self._given):
            if key == fold(nick) and not reminder.every:
                self._given.remove((key, reminder))
                again = self._circle.now_ms() + AGAIN_SECONDS * 1000
                try:
                    self._circle.notebook.remind(reminder._replace(due_ms=again))
                except NotebookError:
                    pass
                self.wake()


def is_task(circle: Circle, text: str) -> bool:
    """Whether this text, when its time has come, is work for a model rather than words for a person."""
    named = _NAMED.fullmatch(text)
    return bool(_DIGEST.match(text) or (named and circle.member(named[1]) is not None))


# --- Saying it ----------------------------------------------------------------------------------------------


def deliver(circle: Circle, member: Member, reminder: Reminder, late: bool) -> None:
    """A task is done by a model; anything else is said. In quiet hours the person hears it alone."""
    tongue: Language = "es" if reminder.language == "es" else "en"
    account = None if reminder.identity.startswith("~") else reminder.identity
    question = Question(
        reminder.asker, account, reminder.target, reminder.text, reminder.msgid or None, tongue,
        reminder.identity.removeprefix("~") if account is None else "",
    )  # fmt: skip
    room = member.is_room(reminder.target)
    if room and not circle.rules(reminder.target, member).quiet_until:
        named = _NAMED.fullmatch(reminder.text)
        worker = circle.member(named[1]) if named else None
        if named and worker is not None and worker in circle.present(reminder.target):
            worker.ask(_with_text(question, named[2]))
            worker.flush()
            return
        if _DIGEST.match(reminder.text):
            member.start(_digest(circle, member, question, ZoneInfo(reminder.zone)))
            return
    due = _moment(reminder.due_ms).astimezone(zone_of(reminder.zone) or UTC)
    name = "reminder_late" if late else "reminder"
    text = say(name, tongue, asker=reminder.asker, text=reminder.text, due=f"{due:%Y-%m-%d %H:%M %Z}")
    quiet = room and bool(circle.rules(reminder.target, member).quiet_until)
    member.stage.say(question, text, reminder.asker if quiet else reminder.target)


def _with_text(question: Question, text: str) -> Question:
    return Question(
        question.asker, question.account, question.target, text, question.msgid, question.language,
        question.source,
    )  # fmt: skip


async def _digest(circle: Circle, member: Member, question: Question, zone: ZoneInfo) -> None:
    """`summarise yesterday`: the talk of that time, and then the task."""
    begin, end = stretch(question.text, circle.now(), zone)
    said = await read_between(member, question.target, begin, end, CATCHUP_MESSAGES)
    await member.stage.answer_over(question, said)


def stretch(text: str, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Which time a task speaks of: yesterday, today, the week; else the last 24 hours."""
    today = datetime.combine(now.astimezone(zone).date(), time(0), zone)
    words = text.lower()
    if re.search(r"\b(?:yesterday|ayer)\b", words):
        return today - timedelta(days=1), today
    if re.search(r"\b(?:today|hoy)\b", words):
        return today, now
    if re.search(r"\b(?:week|semana)\b", words):
        return now - timedelta(days=7), now
    return now - timedelta(days=1), now


def _moment(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)
