"""Approving and denying what a model wants to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tertulia.models.manners import Verdict
from tertulia.models.turns import Question
from tertulia.models.vocabulary import shown
from tertulia.models.words import say

if TYPE_CHECKING:
    from tertulia.models.member import Member

PRIVATE: Final = frozenset({"private", "privado", "privada"})
SHARE: Final = frozenset({"share", "shared", "compartido", "compartida"})


def approve(member: Member, verdict: Verdict, question: Question) -> None:
    _decide(member, verdict, question, True)


def deny(member: Member, verdict: Verdict, question: Question) -> None:
    _decide(member, verdict, question, False)


def _decide(member: Member, verdict: Verdict, question: Question, approved: bool) -> None:
    """`!approve a3f2 b1c9 private`: several at once may be named."""
    words = verdict.text.lower().split()
    private = bool(PRIVATE & set(words))
    ids = [word for word in words if word not in PRIVATE | SHARE]
    if not ids:
        usage = shown("approve" if approved else "deny", question.language)
        member.tell(question, say("approve_usage", question.language, usage=usage), private=True)
    for one in dict.fromkeys(ids):
        answer = member.circle.approvals.decide(one, question, approved, private)
        if answer:
            member.tell(question, say(answer, question.language, id=one[:20]), private=True)
