"""When a model can speak in a room no longer: its answer ends there and then, its call too, and whoever asked
is told why.

What belongs here: what ends, and the words for it. What must not: noticing it (`member`), rooms that only
change their name (`keepsakes`).

What nobody hears is not paid for: the provider would go on until the end of its answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tertulia.models.turns import Question
from tertulia.models.words import say
from tertulia.protocol.casemap import fold

if TYPE_CHECKING:
    from tertulia.models.member import Member


def put_out(member: Member, room: str) -> None:
    """It was sent away, or left."""
    member.circle.approvals.ended(member, room)
    if found := member.circle.rounds.get(fold(room)):
        found.without(member)
    tell(member, member.desk.drop(room), "put_out", room)


def silenced(member: Member, room: str) -> None:
    """The server let it speak no further: the room is moderated, or it is muted."""
    if member.desk.turn(room) is not None:
        tell(member, member.desk.drop(room), "silenced", room)


def tell(member: Member, questions: Iterable[Question], name: str, room: str) -> None:
    """Each who asked, once, alone: in the room it cannot be said."""
    last = {fold(question.asker): question for question in questions if not question.ambient}
    for question in last.values():
        text = say(name, question.language, room=room, nick=member.session.nick)
        member.tell(question, text, private=True)
