"""The words for talking with a model at all: help, stop, retry, models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertulia.models.manners import Verdict, may_stop
from tertulia.models.stage import model_name
from tertulia.models.turns import Question
from tertulia.models.vocabulary import KNOWN, VOCABULARY, shown
from tertulia.models.window import Said, said_ms
from tertulia.models.words import say
from tertulia.protocol.casemap import fold

if TYPE_CHECKING:
    from tertulia.models.member import Member


def help_(member: Member, verdict: Verdict, question: Question) -> None:
    """How to talk to it, and all words; or one of them."""
    tongue = question.language
    name, _ = KNOWN.get(verdict.text.lower().lstrip("!").partition(" ")[0], ("", None))
    if name:
        member.tell(question, _line(name, tongue == "es"), private=True)
        return
    member.tell(
        question, say("help", tongue, nick=member.session.nick, model=model_name(member)), private=True
    )
    room = member.is_room(question.target)
    words = [shown(word.words[0], tongue).partition(" ")[0] for word in VOCABULARY if room or not word.rooms]
    member.tell(question, say("help_words", tongue, words=" ".join(words)), private=True)


def _line(name: str, spanish: bool) -> str:
    word = next(word for word in VOCABULARY if word.words[0] == name)
    return f"{shown(name, 'es' if spanish else 'en')}: {word.help[spanish]}."


def stop(member: Member, verdict: Verdict, question: Question) -> None:
    turn = member.desk.turn(question.target)
    if turn is None and (_stop_round(member, question) or member.circle.approvals.withdraw(member, question)):
        return
    if turn is None:
        if verdict.named:
            member.tell(question, say("nothing_to_stop", question.language))
        return
    meant = verdict.named or turn.last.ambient
    operator = meant and member.view.is_operator(question.target, question.asker)
    if member.desk.may_stop(turn, question.asker, question.account, operator):
        member.desk.stop(turn)
        if not turn.said:  # else the room sees that it ends
            member.tell(question, say("stopped_unsaid", question.language))
    elif verdict.named:
        member.tell(question, say("not_yours", question.language))


def _stop_round(member: Member, question: Question) -> bool:
    """Whether there was a round of this one's that they may stop."""
    found = member.circle.rounds.get(fold(question.target))
    if found is None or found.holder is not member:
        return False
    asked, operator = found.question, member.view.is_operator(question.target, question.asker)
    if may_stop(question.asker, question.account, asked.asker, asked.account, operator):
        found.stop()
        member.tell(question, say("round_stopped", question.language))
    return True


def retry(member: Member, verdict: Verdict, question: Question) -> None:
    """Said to nobody, it is for the one who was asked last."""
    again = member.corner(question.target).again(question)
    if not verdict.named and member.is_room(question.target):
        times = {one: _asked_ms(one, question) for one in member.circle.present(question.target)}
        if times.get(member, 0) < max(times.values(), default=0):
            return
    if again is not None:
        member.ask(again)
    elif verdict.named:
        member.tell(question, say("nothing_to_retry", question.language))


def _asked_ms(member: Member, question: Question) -> int:
    again = member.corner(question.target).again(question)
    return said_ms(Said("", "", again.msgid)) + 1 if again else 0


def models(member: Member, verdict: Verdict, question: Question) -> None:
    for line in member.around.roster(question.language) or (member.describe(question.language),):
        member.tell(question, line, private=True)
