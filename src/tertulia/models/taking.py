"""Taking a question: whether it can be answered at all, and what has to be fetched before it is.

What belongs here: who is absent, whose words may not leave this machine, the message that a question replies
to. What must not: whether somebody is spoken to (`manners`), waiting for one's turn (`turns`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertulia import limits
from tertulia.client import events as e
from tertulia.models import corner
from tertulia.models.corner import Corner
from tertulia.models.turns import Question
from tertulia.models.window import identity
from tertulia.models.words import say

if TYPE_CHECKING:
    from tertulia.models.member import Member


def take(member: Member, question: Question) -> None:
    """Take a question, or say why not."""
    here = member.corner(question.target)
    if not question.ambient:
        here.asked(question)
    provider = member.desk.provider
    if member.why_absent is not None or provider is None:
        _tell_absent(member, question)
        return
    who = identity(question.asker, question.account, question.source)
    if not provider.capabilities.local and member.circle.withheld(who):
        _unless_ambient(member, question, say("opted_out", question.language), private=True)
        return
    member.recovery.taken(question)
    if question.reply_to and question.msgid and _must_fetch(member, here, question.reply_to):
        _fetch_reply(member, here, question)
    else:
        member.desk.ask(question)


def _tell_absent(member: Member, question: Question) -> None:
    name, values = member.why_absent or ("away.waking", {})
    text = say(name, question.language, **values)
    if name == "away.failed":  # it will not come by waiting
        _unless_ambient(member, question, text)
        return
    how_far = text.partition(": ")[2] or text
    _unless_ambient(member, question, say("arriving", question.language, how_far=how_far))


def _unless_ambient(member: Member, question: Question, text: str, private: bool = False) -> None:
    if not question.ambient:
        member.tell(question, text, private)


def _must_fetch(member: Member, here: Corner, msgid: str) -> bool:
    return member.errands.possible and not any(said.msgid == msgid for said in here.window)


def _fetch_reply(member: Member, here: Corner, question: Question) -> None:
    """What the question is a reply to is older than what is at hand."""

    def came(messages: tuple[e.Message, ...]) -> None:
        found = [corner.said(one) for one in messages if one.msgid == question.reply_to and one.text]
        if found and question.msgid:
            here.replied[question.msgid] = found[0]
            while len(here.replied) > limits.MODEL_QUEUE:
                here.replied.popitem(last=False)
        member.desk.ask(question)

    member.errands.history(("AROUND", question.target, f"msgid={question.reply_to}", "1"), came)
