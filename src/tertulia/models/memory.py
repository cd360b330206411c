"""Older talk as a summary: made when the window let something go, kept, shown and forgotten.

What belongs here: when one is made, and where it is kept. What must not: how it is asked for (`prompt`).

It is made only after an answer, so a room that asks nothing of a model costs nothing. Every model has its
own: what one that never leaves this machine was shown is not handed to another. With each is kept whose words
went into it, since people may opt out later.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tertulia.limits import SUMMARY_PEOPLE
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


def recall(member: Member, target: str, local: bool | None = None) -> str:
    """The summary that is carried in this place. `local`: what is made of it stays here; None: as the
    provider says. Where it does not, and somebody whose words went into it has opted out since, or nobody
    knows whose did, it is forgotten."""
    if local is None:
        local = member.desk.provider is not None and member.desk.provider.capabilities.local
    text, people = _kept(member, target)
    if text and not local and (not people or any(map(member.circle.withheld, people))):
        with suppress(NotebookError):
            keep(member, target, "")
        return ""
    return text


def people(member: Member, target: str) -> tuple[str, ...]:
    """Identities of those whose words went into the summary."""
    return _kept(member, target)[1]


def forget(member: Member, target: str) -> None:
    """The summary and the talk that is at hand. Raises `NotebookError`."""
    corner = member.corner(target)
    if corner.summing is not None:
        corner.summing.cancel()
    keep(member, target, "")
    corner.window.clear()


def keep(member: Member, target: str, text: str, people: Iterable[str] = ()) -> None:
    """`people`: identities of those whose words went into it, the latest last."""
    of = tuple(people)[-SUMMARY_PEOPLE:] if text else ()
    scope, corner = _scope(member, target), member.corner(target)
    if scope:
        _settle(member, scope, text, of)
    corner.summary, corner.summary_of = ("", ()) if scope else (text, of)


def taken_back(member: Member, target: str, msgid: str) -> None:
    """A message was redacted: a summary that may speak of it goes."""
    corner = member.corner(target)
    at_hand = any(said.msgid == msgid for said in corner.window)
    corner.window.remove(msgid)
    if not at_hand and recall(member, target):
        with suppress(NotebookError):
            keep(member, target, "")


def withdrawn(member: Member, identities: Collection[str]) -> None:
    """Somebody opted out: of a model elsewhere, the summaries go that their words went into, wherever they
    were said.

    Raises `NotebookError`.
    """
    if member.desk.provider is not None and member.desk.provider.capabilities.local:
        return
    for note in member.circle.notes.named(_of(member)):
        if note.name == _of(member) and not set(note.text.split(" ")).isdisjoint(identities):
            _settle(member, note.scope, "", ())


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
    room = member.circle.readers.kept_as(target) if member.view.room(target) else ""
    caller = Caller(room=room, purpose="summary")
    local, withheld = provider.capabilities.local, member.circle.withheld
    people: list[str] = []

    async def request() -> Request:
        before, shown = recall(member, target), visible(gone, withheld, local)
        people.extend(dict.fromkeys([*_kept(member, target)[1], *(said.identity for said in shown)]))
        return replace(prompt.summary(before, shown, corner.tongue), caller=caller)

    with suppress(ProviderError, NotebookError):  # what is gone waits for the next time, bounded
        text = prompt.summary_text((await whole(provider, member.desk.gate, request, SECONDS)).text)
        still = {said.msgid for said in corner.window.gone}
        if not text or any(said.msgid not in still for said in gone):
            return  # forgotten or taken back meanwhile
        if local or not any(map(withheld, people)):
            keep(member, target, text, filter(None, people))
        for _ in range(min(len(gone), len(corner.window.gone))):
            corner.window.gone.popleft()


def _kept(member: Member, target: str) -> tuple[str, tuple[str, ...]]:
    """(the summary, identities of those whose words went into it)"""
    scope, notes, corner = _scope(member, target), member.circle.notes, member.corner(target)
    if not scope:
        return corner.summary, corner.summary_of
    return notes.text(scope, _name(member)), tuple(filter(None, notes.text(scope, _of(member)).split(" ")))


def _settle(member: Member, scope: str, text: str, people: Iterable[str]) -> None:
    for name, value in ((_of(member), " ".join(people)), (_name(member), text)):
        member.circle.settle(scope, name, value, member.session.nick)


def _name(member: Member) -> str:
    return f"summary:{fold(member.settings.nick)}"


def _of(member: Member) -> str:
    return f"summary-of:{fold(member.settings.nick)}"


def _scope(member: Member, target: str) -> str:
    """Where it is kept: with the room, or with an account; "": a guest's private talk is not."""
    if member.view.room(target) is not None:
        return fold(target)
    owner = member.corner(target).owner
    return owner if owner and not owner.startswith("~") else ""
