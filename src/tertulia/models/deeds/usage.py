"""The word for what was spent: by whoever asks, in this room, on this model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertulia.models import usage as spending
from tertulia.models.ledger import LedgerError
from tertulia.models.manners import Verdict
from tertulia.models.turns import Question
from tertulia.models.words import say
from tertulia.protocol.casemap import fold

if TYPE_CHECKING:
    from tertulia.models.member import Member


def usage(member: Member, verdict: Verdict, question: Question) -> None:
    """Told in private: what one spends is one's own affair. Of others only sums are shown; to operators of
    the server all that the models have spent. In private, `!usage #room` is about a room that both are in."""
    treasury = member.around.treasury
    if treasury is None:
        member.tell(question, say("no_ledger", question.language), private=True)
        return
    caller = member.circle.caller(question)
    person = ("guests", "") if caller.account is None else ("account", caller.account.lower())
    scopes = [person, ("model", fold(member.settings.nick))]
    if room := caller.room or _named(member, verdict, question):
        scopes.insert(1, ("room", room))
    if question.oper:
        models = (fold(one.settings.nick) for one in member.circle.members)
        everything = [("all", ""), *(("model", nick) for nick in models), *scopes]
        scopes = list(dict.fromkeys(everything))
    try:
        told = spending.lines(treasury, scopes, question.language)
        if question.oper:
            told += spending.under_way(treasury, question.language)
    except LedgerError:
        told = [say("no_ledger", question.language)]
    for line in told:
        member.tell(question, line, private=True)


def _named(member: Member, verdict: Verdict, question: Question) -> str:
    """The room that was named, as it is kept, where asker and model are both in it."""
    room = verdict.text.split(" ")[0]
    shared = room and member.is_room(room) and member.view.member(room, question.asker) is not None
    return member.circle.readers.kept_as(room) if shared else ""
