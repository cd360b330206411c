"""Reading back in a room's history, as its member: in pages, bounded, for tasks that look at more than the
window holds.

What belongs here: asking for pages and waiting for them. What must not: what is made of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from tertulia.client import events as e
from tertulia.models import corner
from tertulia.models.window import Said

if TYPE_CHECKING:
    from tertulia.models.member import Member

Came = Callable[[tuple[e.Message, ...]], None]
PAGE: Final = 100
SECONDS: Final = 10.0  # the server answers within a tick; a lost connection never does


async def page(member: Member, *params: str) -> tuple[e.Message, ...]:
    """One answer to CHATHISTORY, oldest first; nothing when it is refused or does not come."""
    if not member.errands.possible:
        return ()
    return await _answer(member, lambda came: member.errands.history(params, came))


async def find(member: Member, attributes: Mapping[str, str]) -> tuple[e.Message, ...]:
    """One answer to SEARCH, oldest first; nothing when it is refused or does not come."""
    if not member.errands.may_search:
        return ()
    return await _answer(member, lambda came: member.errands.search(attributes, came))


async def _answer(member: Member, ask: Callable[[Came], None]) -> tuple[e.Message, ...]:
    answer: asyncio.Future[tuple[e.Message, ...]] = asyncio.get_running_loop().create_future()

    def came(messages: tuple[e.Message, ...]) -> None:
        if not answer.done():
            answer.set_result(messages)

    ask(came)
    member.flush()
    try:
        async with asyncio.timeout(SECONDS):
            return await answer
    except TimeoutError:
        return ()


async def read_between(member: Member, room: str, begin: datetime, end: datetime, most: int) -> list[Said]:
    """What was said in a stretch of time, oldest first; when it was more, its latest `most`."""
    after, before = (f"timestamp={_stamp(moment)}" for moment in (begin, end))
    found: list[Said] = []
    while len(found) < most:
        messages = await page(member, "BETWEEN", room, before, after, str(min(PAGE, most - len(found))))
        found = [corner.said(one) for one in messages if one.kind == "PRIVMSG" and one.text] + found
        if len(messages) < PAGE or not messages[0].msgid:
            break
        before = f"msgid={messages[0].msgid}"
    return found


async def read_back(member: Member, room: str, is_before: Callable[[Said], bool], most: int) -> list[Said]:
    """What was said after the latest message that `is_before`, oldest first; its latest `most`."""
    found: list[Said] = []
    before: tuple[str, ...] = ("LATEST", room, "*")
    while len(found) < most:
        messages = await page(member, *before, str(min(PAGE, most - len(found))))
        said = [corner.said(one) for one in messages if one.kind == "PRIVMSG" and one.text]
        for number in range(len(said) - 1, -1, -1):
            if is_before(said[number]):
                return said[number + 1 :] + found
        found = said + found
        if not messages or len(messages) < min(PAGE, most) or not messages[0].msgid:
            break
        before = ("BEFORE", room, f"msgid={messages[0].msgid}")
    return found


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"
