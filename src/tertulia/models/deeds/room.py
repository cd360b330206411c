"""What a room settles for its models. Everybody may look; operators of the room set.

What belongs here: reading what was typed, keeping it, saying how it is. What must not: what the settings do
(`rules`, `circle`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tertulia.limits import AMBIENT_MOST_PER_HOUR, ROOM_PROMPT_CHARACTERS
from tertulia.models import rules
from tertulia.models.circle import unasked_budget
from tertulia.models.manners import Verdict
from tertulia.models.turns import Question
from tertulia.models.vocabulary import shown
from tertulia.models.words import say
from tertulia.protocol.casemap import fold

if TYPE_CHECKING:
    from tertulia.models.member import Member

OFF: Final = frozenset({"off", "no", "none", "-", "nada", "ninguno", "apagado"})
ON: Final = frozenset({"on", "yes", "sí", "si", "encendido"})
MOST_HOPS: Final = 10  # ten programs in a row with nobody human between them is a conversation of their own


def prompt(member: Member, verdict: Verdict, question: Question) -> None:
    text = verdict.text
    if text and _may(member, question):
        if len(text) > ROOM_PROMPT_CHARACTERS:
            member.tell(question, say("too_long", question.language, most=ROOM_PROMPT_CHARACTERS))
            return
        _settle(member, question, "prompt", "" if text.lower() in OFF else text)
    elif text:
        return
    note = member.circle.notes.note(fold(question.target), "prompt")
    by, text = (note.by, note.text) if note else ("", "")
    member.tell(question, say("prompt" if text else "no_prompt", question.language, text=text, by=by))


def ambient(member: Member, verdict: Verdict, question: Question) -> None:
    first, _, rest = verdict.text.lower().partition(" ")
    if first:
        number = rest.strip() if rest.strip().isdecimal() else first if first.isdecimal() else ""
        if first not in ON | OFF and not first.isdecimal():
            member.tell(question, _usage(question, "ambient"))
            return
        if not _may(member, question):
            return
        kept = str(max(1, min(int(number), AMBIENT_MOST_PER_HOUR))) if number else "on"
        _settle(member, question, "ambient", "" if first in OFF or number == "0" else kept)
    setting = member.circle.setting(question.target, "ambient")
    text = say("ambient_on" if setting else "ambient_off", question.language, count=unasked_budget(setting))
    member.tell(question, text)


def quiet(member: Member, verdict: Verdict, question: Question) -> None:
    text = verdict.text
    if text:
        found = rules.parse_quiet(text, member.circle.zone)
        if found is None and text.lower() not in OFF:
            member.tell(question, _usage(question, "quiet"))
            return
        if not _may(member, question):
            return
        _settle(member, question, "quiet", str(found) if found else "")
    hours = member.circle.setting(question.target, "quiet")
    member.tell(question, say("quiet" if hours else "no_quiet", question.language, hours=hours))


def admit(member: Member, verdict: Verdict, question: Question) -> None:
    """`!admit gpt`, `!admit only lola gpt`, `!admit all`."""
    first, *nicks = verdict.text.replace(",", " ").split() or [""]
    if first:
        if not _may(member, question):
            return
        setting = member.circle.setting(question.target, "admit")
        if first.lower() in ("all", "todos"):
            setting = ""
        elif first.lower() in ("only", "solo", "sólo"):
            setting = " ".join([rules.ONLY, *nicks])
        else:
            for nick in (first, *nicks):
                setting = rules.admit(setting, nick)
        _settle(member, question, "admit", setting)
    _tell_admitted(member, question)


def dismiss(member: Member, verdict: Verdict, question: Question) -> None:
    nicks = verdict.text.replace(",", " ").split() or ([member.session.nick] if verdict.named else [])
    if not nicks:
        member.tell(question, _usage(question, "dismiss"))
        return
    setting = member.circle.setting(question.target, "admit")
    for nick in nicks:
        setting = rules.dismiss(setting, nick)
    _settle(member, question, "admit", setting)
    _tell_admitted(member, question)


def _tell_admitted(member: Member, question: Question) -> None:
    here = member.circle.present(question.target)
    may = [one.session.nick for one in here if member.circle.admitted(question.target, one)]
    silent = [one.session.nick for one in here if one.session.nick not in may]
    text = say("admitted", question.language, may=", ".join(may) or "-", silent=", ".join(silent) or "-")
    member.tell(question, text)


def hops(member: Member, verdict: Verdict, question: Question) -> None:
    text = verdict.text.lower()
    if text:
        if text not in OFF and not (text.isdecimal() and 1 <= int(text) <= MOST_HOPS):
            member.tell(question, _usage(question, "hops"))
            return
        if not _may(member, question):
            return
        _settle(member, question, "hops", "" if text in OFF else text)
    limit = member.circle.rules(question.target, member).limit
    member.tell(question, say("hops", question.language, count=limit))


def language(member: Member, verdict: Verdict, question: Question) -> None:
    text = verdict.text.lower()
    if text:
        if text not in OFF and text not in ("en", "es"):
            member.tell(question, _usage(question, "language"))
            return
        if not _may(member, question):
            return
        _settle(member, question, "language", "" if text in OFF else text)
    tongue = member.circle.setting(question.target, "language")
    member.tell(question, say(f"language_{tongue or 'any'}", question.language))


def _usage(question: Question, name: str) -> str:
    return say("usage", question.language, usage=shown(name, question.language))


def _may(member: Member, question: Question) -> bool:
    """Whether they operate the room; who does not is told."""
    if member.view.is_operator(question.target, question.asker):
        return True
    member.tell(question, say("operators_only", question.language), private=True)
    return False


def _settle(member: Member, question: Question, name: str, text: str) -> None:
    by = question.account or question.asker
    member.circle.settle(fold(question.target), name, text, by)
