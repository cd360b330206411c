"""What models remember, and who does not want to be shown to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertulia.models import memory
from tertulia.models.manners import Verdict
from tertulia.models.turns import Question
from tertulia.models.window import identity
from tertulia.models.words import say

if TYPE_CHECKING:
    from tertulia.models.member import Member


def summary(member: Member, verdict: Verdict, question: Question) -> None:
    newcomer = member.circle.readers.floor(question.asker, question.target)  # may not read older talk
    text = "" if newcomer else memory.recall(member, question.target)
    name = "summary" if text else "no_summary"
    at_hand = len(member.corner(question.target).window)
    member.tell(question, say(name, question.language, text=text, count=at_hand), private=True)


def forget(member: Member, verdict: Verdict, question: Question) -> None:
    """In private, who talks; in a room, its operators: the memory is everybody's."""
    if member.is_room(question.target) and not member.view.is_operator(question.target, question.asker):
        member.tell(question, say("operators_only", question.language), private=True)
        return
    memory.forget(member, question.target)
    member.tell(question, say("forgotten", question.language))


def opt_out(member: Member, verdict: Verdict, question: Question) -> None:
    who = identity(question.asker, question.account, question.source)
    identities = member.circle.consent.settle(who, True, question.asker)
    for one in member.circle.members:
        memory.withdrawn(one, identities)
    member.tell(question, say("opt_out", question.language), private=True)


def opt_in(member: Member, verdict: Verdict, question: Question) -> None:
    who = identity(question.asker, question.account, question.source)
    member.circle.consent.settle(who, False, question.asker)
    member.tell(question, say("opt_in", question.language), private=True)
