"""Older talk as a summary: made when the window let something go, kept, shown and forgotten.

What belongs here: when one is made, and where it is kept. What must not: how it is asked for (`prompt`).

It is made only after an answer, so a room that asks nothing of a model costs nothing. Every model has its
own: what one that never leaves this machine was shown is not handed to another.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tertulia.models import prompt
from tertulia.models.consult import whole
from tertulia.models.corner import Corner
from tertulia.models.provider import ProviderError, Request
from tertulia.models.window import visible
from tertulia.protocol.casemap import fold
from tertulia.protocol.ledger import Caller
from tertulia.protocol.notes import NotebookError

if TYPE_CHECKING:
    from tertulia.models.member import Member

LEAST_GONE: Final = 4  # messages; fewer are not worth a call
SECONDS: Final = 180.0  # the local model takes half a minute; nobody waits for it


def recall(member: Member, target: str) -> str:
    """The summary that is carried in this place."""
    corner = member.corner(target)
    scope = _scope(member, target)
    return member.circle.notes.text(scope, _name(member)) if scope else corner.summary


def forget(member: Member, target: str) -> None:
    """The summary and the talk that is at hand. Raises `NotebookError`."""
    corner = member.corner(target)
    if corner.summing is not None:
        corner.summing.cancel()
    keep(member, target, "")
    corner.window.clear()


def keep(member: Member, target: str, text: str) -> None:
    scope = _scope(member, target)
    if scope:
        member.circle.settle(scope, _name(member), text, member.session.nick)
    member.corner(target).summary = "" if scope else text


def taken_back(member: Member, target: str, msgid: str) -> None:
    """A message was redacted: a summary that may speak of it goes."""
    corner = member.corner(target)
    at_hand = any(said.msgid == msgid for said in corner.window)
    corner.window.remove(msgid)
    if not at_hand and recall(member, target):
        with suppress(NotebookError):
            keep(member, target, "")


def withdrawn(member: Member, nick: str) -> None:
    """Somebody opted out: where they talk with a model elsewhere, a summary may speak of them, and goes.

    Raises `NotebookError`.
    """
    if member.desk.provider is not None and member.desk.provider.capabilities.local:
        return
    rooms = [room.name for room in member.view.rooms.values() if fold(nick) in room.members]
    for place in (*rooms, nick):
        corner = member.corner(place)
        if corner.summing is not None:
            corner.summing.cancel()
        if recall(member, place):
            keep(member, place, "")


def after_answer(member: Member, target: str) -> None:
    """If the window has let talk go, make a summary of it, in its own time."""
    corner = member.corner(target)
    if len(corner.window.gone) >= LEAST_GONE and (corner.summing is None or corner.summing.done()):
        corner.summing = asyncio.create_task(_summarise(member, target, corner))


async def _summarise(member: Member, target: str, corner: Corner) -> None:
    provider = member.desk.provider
    if provider is None:
        return
    gone = list(corner.window.gone)
    caller = Caller(room=fold(target) if member.view.room(target) else "", purpose="summary")

    async def request() -> Request:
        shown = visible(gone, member.circle.withheld, provider.capabilities.local)
        return replace(prompt.summary(recall(member, target), shown, corner.tongue), caller=caller)

    with suppress(ProviderError, NotebookError):  # what is gone waits for the next time, bounded
        text = prompt.summary_text(await whole(provider, member.desk.gate, request, SECONDS))
        still = {said.msgid for said in corner.window.gone}
        if not text or any(said.msgid not in still for said in gone):
            return  # forgotten or taken back meanwhile
        keep(member, target, text)
        for _ in range(min(len(gone), len(corner.window.gone))):
            corner.window.gone.popleft()


def _name(member: Member) -> str:
    return f"summary:{fold(member.settings.nick)}"


def _scope(member: Member, target: str) -> str:
    """Where it is kept: with the room, or with an account; "": a guest's private talk is not."""
    if member.view.room(target) is not None:
        return fold(target)
    owner = member.corner(target).owner
    return owner if owner and not owner.startswith("~") else ""
