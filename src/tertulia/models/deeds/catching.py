"""Catching up: what somebody missed in a room, told to them alone, with links to the messages.

What belongs here: since when, what is told, the links. What must not: reading back (`reading`), the words
that models read (`prompt`).
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from tertulia.limits import CATCHUP_LINKS, CATCHUP_MESSAGES
from tertulia.models import prompt
from tertulia.models.deeds.reminding import zone_for
from tertulia.models.manners import Verdict
from tertulia.models.provider import Request
from tertulia.models.reading import read_back
from tertulia.models.stage import fitting
from tertulia.models.turns import Question
from tertulia.models.window import Said, identity, quote, said_ms, visible
from tertulia.models.words import say
from tertulia.protocol.casemap import fold

if TYPE_CHECKING:
    from tertulia.models.member import Member

_CITED: Final = re.compile(r"\[(\d{1,4})\]")
SPEAKERS: Final = 8  # named in the heading


def catch_up(member: Member, verdict: Verdict, question: Question) -> None:
    """In a room: of that room; in private, `!catchup #room`, of a room that both are in."""
    room = question.target if member.is_room(question.target) else verdict.text.split(" ")[0]
    if not room or member.view.member(room, question.asker) is None:
        member.tell(question, say("catchup_where", question.language), private=True)
        return
    member.start(_tell(member, question, room))


async def _tell(member: Member, question: Question, room: str) -> None:
    missed = await read_missed(member, question, room)
    if not missed:
        member.tell(question, say("catchup_nothing", question.language, room=room), private=True)
        member.flush()
        return
    zone = zone_for(member, question)
    begin = datetime.fromtimestamp(said_ms(missed[0]) / 1000, UTC).astimezone(zone)
    count = Counter(one.nick for one in missed)
    heading = say(
        "catchup", question.language, room=room, count=len(missed), since=f"{begin:%Y-%m-%d %H:%M}",
        zone=zone.key, names=", ".join(f"{nick} {number}" for nick, number in count.most_common(SPEAKERS)),
    )  # fmt: skip
    member.tell(question, heading, private=True)
    text, shown = await _minutes(member, question, room, missed)
    for one in links(text, shown, missed, question.asker):
        time = datetime.fromtimestamp(said_ms(one) / 1000, UTC).astimezone(zone)
        number = f"[{shown.index(one) + 1}] " if one in shown else ""
        line = f"{number}{time:%H:%M} {one.nick}: «{quote(one.text)}» ({room} {one.msgid})"
        member.tell(question, line, private=True)
    member.flush()


async def _minutes(
    member: Member, question: Question, room: str, missed: list[Said]
) -> tuple[str, list[Said]]:
    """What the model says of it, to them alone, and what it was shown; without a model the links stand
    alone."""
    provider = member.desk.provider
    if provider is None:
        return "", []

    def may_be_shown() -> list[Said]:
        return fitting(visible(missed, member.circle.withheld, provider.capabilities.local), provider)

    shown = may_be_shown()
    if not shown:
        return "", []

    async def request() -> Request:
        shown[:] = may_be_shown()
        return prompt.catch_up(room, question.asker, shown, question.language)

    text = await member.stage.whole(question, request, "catchup", question.asker)
    if text:  # they may ask about it in private
        here = member.corner(question.asker, identity(question.asker, question.account, question.source))
        here.window.add(Said(member.session.nick, text, bot=True))
    return text, shown


async def read_missed(member: Member, question: Question, room: str) -> list[Said]:
    """Since their read marker; without one, since they last spoke or left; never more than they may read."""
    circle = member.circle
    who = identity(question.asker, question.account, question.source)
    floor = circle.readers.floor(question.asker, room)
    marker = circle.readers.read_until(question.asker, room)
    left = member.corner(room).left.get(fold(question.asker), 0)

    def is_before(one: Said) -> bool:
        if one.msgid == question.msgid:
            return False
        if said_ms(one) <= max(floor, marker or left):
            return True
        return not marker and one.identity == who and not one.text.startswith("!")

    found = await read_back(member, room, is_before, CATCHUP_MESSAGES)
    return [one for one in found if one.identity != who and not one.text.startswith("!")]


def links(text: str, shown: list[Said], missed: list[Said], asker: str) -> list[Said]:
    """Messages to look at: those that name the person, then those the text speaks of; if there are none, the
    first."""
    named = re.compile(rf"(?<![\w-]){re.escape(asker)}(?![\w-])", re.IGNORECASE)
    found = [one for one in missed if named.search(one.text)]
    cited = (int(number) - 1 for number in _CITED.findall(text))
    found += [shown[number] for number in cited if 0 <= number < len(shown)]
    chosen = list(dict.fromkeys(found))[:CATCHUP_LINKS] or missed[:1]
    return sorted(chosen, key=said_ms)
