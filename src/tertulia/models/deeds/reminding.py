"""Reminders and schedules: set, listed, cancelled; and the time zone they are read in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, NamedTuple
from zoneinfo import ZoneInfo

from tertulia.limits import REMINDER_CHARACTERS, REMINDERS_EACH
from tertulia.models import times
from tertulia.models.clockwork import is_task
from tertulia.models.manners import Verdict
from tertulia.models.notebook import room_for_another
from tertulia.models.rules import zone_of
from tertulia.models.turns import Question
from tertulia.models.vocabulary import shown
from tertulia.models.window import identity
from tertulia.models.words import say
from tertulia.protocol.casemap import fold
from tertulia.protocol.notes import Reminder

if TYPE_CHECKING:
    from tertulia.models.member import Member

LIST: Final = frozenset({"", "list", "lista"})
CANCEL: Final = frozenset({"cancel", "delete", "cancela", "borra", "quita"})
ZONE: Final = "zone"


def remind(member: Member, verdict: Verdict, question: Question) -> None:
    first, _, rest = verdict.text.partition(" ")
    if verdict.text.lower() in LIST:
        _list(member, question)
    elif first.lower() in CANCEL:
        _cancel(member, question, rest.strip())
    else:
        _set(member, question, verdict.text)


class Told(NamedTuple):
    done: bool
    text: str  # for whoever asked


def _set(member: Member, question: Question, text: str) -> None:
    member.tell(question, set_one(member, question, text).text)


def set_one(member: Member, question: Question, text: str, words_only: bool = False) -> Told:
    """Set `20m tea` for whoever asked; `words_only`: nothing that gives work to a model. Raises
    `NotebookError`."""
    circle, who, tongue = member.circle, _who(question), question.language
    zone = zone_for(member, question)
    when = times.parse(text, circle.now(), zone)
    if when is None or not when.rest:
        return Told(False, say("remind_usage", tongue, usage=shown("remind", tongue)))
    if words_only and is_task(circle, when.rest):
        return Told(False, say("remind_words_only", tongue))
    if not room_for_another(circle.notebook.reminders(), who, REMINDERS_EACH):
        return Told(False, say("too_many_reminders", tongue, most=REMINDERS_EACH))
    reminder = Reminder(
        circle.reminder_id(), question.target, fold(member.settings.nick), who, question.asker,
        when.rest[:REMINDER_CHARACTERS], int(when.due.timestamp() * 1000), when.every, zone.key,
        tongue, question.msgid or "", circle.now_ms(),
    )  # fmt: skip
    circle.notebook.remind(reminder)
    circle.clockwork.wake()
    name = "remind_every" if when.every else "remind_once"
    return Told(True, say(name, tongue, due=_due(reminder), id=reminder.id))


def _list(member: Member, question: Question) -> None:
    """One's own, wherever they were set; to oneself."""
    mine = [one for one in member.circle.notebook.reminders() if one.identity == _who(question)]
    if not mine:
        member.tell(question, say("no_reminders", question.language), private=True)
    for one in mine:
        repeated = "↻ " if one.every else ""
        text = f"{one.id}  {repeated}{_due(one)}  {one.target}  {one.text}"
        member.tell(question, text, private=True)


def _cancel(member: Member, question: Question, named: str) -> None:
    """One's own; a room's operators also what others set there."""
    for one in member.circle.notebook.reminders():
        operator = fold(one.target) == fold(question.target) and member.view.is_operator(
            question.target, question.asker
        )
        if one.id == named.lower() and (one.identity == _who(question) or operator):
            member.circle.notebook.done(one.id)
            member.tell(question, say("cancelled", question.language, text=one.text))
            return
    member.tell(question, say("no_such_reminder", question.language, id=named or "?"), private=True)


def timezone(member: Member, verdict: Verdict, question: Question) -> None:
    if verdict.text:
        zone = zone_of(verdict.text)
        if zone is None:
            member.tell(question, say("no_such_zone", question.language, zone=verdict.text[:40]))
            return
        member.circle.settle(_who(question), ZONE, zone.key, question.asker)
    zone = zone_for(member, question)
    now = member.circle.now().astimezone(zone)
    member.tell(question, say("zone", question.language, zone=zone.key, now=f"{now:%H:%M}"), private=True)


def zone_for(member: Member, question: Question) -> ZoneInfo:
    """The time zone that somebody reads times in."""
    named = member.circle.notes.text(_who(question), ZONE) or member.circle.zone
    return zone_of(named) or ZoneInfo("UTC")


def _who(question: Question) -> str:
    return identity(question.asker, question.account, question.source)


def _due(reminder: Reminder) -> str:
    due = datetime.fromtimestamp(reminder.due_ms / 1000, UTC).astimezone(zone_of(reminder.zone) or UTC)
    return f"{due:%Y-%m-%d %H:%M} ({reminder.zone})"
