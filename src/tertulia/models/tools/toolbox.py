"""All tools of a server, and which of them a question may use.

What belongs here: putting tools together, and their rights. What must not: what they do, calling them
(`conversation`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from tertulia.limits import TOOLS_OFFERED
from tertulia.models.tools.allow import Asker, allows
from tertulia.models.tools.builtin import BUILTIN
from tertulia.models.tools.tool import Tool

if TYPE_CHECKING:
    from tertulia.models.member import Member
    from tertulia.models.turns import Question


class Source(Protocol):
    """A server of tools."""

    @property
    def allow(self) -> tuple[str, ...]: ...

    async def tools(self) -> Sequence[Tool]:
        """Those it has; none while it is not well. Bounded in time, never raises."""

    async def close(self) -> None: ...


class Filed(NamedTuple):
    """A file that a member handed in. `key`: the part of its link that nobody can guess."""

    key: str
    name: str
    type: str
    path: Path
    account: str = ""  # of who handed it in; "" for a guest


class Shelf(Protocol):
    """The files that members handed in."""

    def find(self, link: str) -> Filed | None:
        """The file of this link; None when it is not ours, or gone."""


class NoFiles:
    def find(self, link: str) -> Filed | None:
        return None


class Toolbox:
    """Of one server."""

    def __init__(self, sources: Sequence[Source] = (), shelf: Shelf | None = None) -> None:
        self.sources = tuple(sources)
        self.shelf: Shelf = shelf or NoFiles()

    async def offered(self, member: Member, question: Question) -> list[Tool]:
        """What this question may use. Nobody asked for what is ambient: it may only read."""
        asker = asker_of(member, question)
        wanted = [source for source in self.sources if allows(source.allow, asker)]
        found = await asyncio.gather(*(source.tools() for source in wanted))
        tools = [*_useful(member, question), *(tool for one in found for tool in one)]
        allowed = [tool for tool in tools if not (question.ambient and tool.changes)]
        return [tool for tool in allowed if may_use(tool, member, question)][:TOOLS_OFFERED]

    def leaves(self, member: Member, question: Question) -> bool:
        """Whether a tool that this question may use could carry off what the model is shown."""
        asker = asker_of(member, question)
        return any(allows(source.allow, asker) for source in self.sources)

    async def close(self) -> None:
        await asyncio.gather(*(source.close() for source in self.sources))


def may_use(tool: Tool, member: Member, question: Question) -> bool:
    """Whether the asker may use it now, where it was asked for."""
    return allows(tool.allow, asker_of(member, question))


def asker_of(member: Member, question: Question) -> Asker:
    room = question.target if member.is_room(question.target) else ""
    operator = bool(room) and member.view.is_operator(room, question.asker)
    return Asker(member.settings.nick, room, question.account, operator)


def _useful(member: Member, question: Question) -> Iterable[Tool]:
    here = member.is_room(question.target)
    return (tool for tool, rooms in BUILTIN if here or not rooms)
