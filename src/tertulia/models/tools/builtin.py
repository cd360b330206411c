"""The tools that every model has: search, who is here, a file, the time, a reminder. None needs a right: each
does what anybody in the room may do, for whoever asked.

What belongs here: these tools. What must not: the files themselves (`files`), rights.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from tertulia.models import corner
from tertulia.models.deeds import reminding
from tertulia.models.provider import ToolDefinition
from tertulia.models.reading import find
from tertulia.models.rules import zone_of
from tertulia.models.tools.files import read_file
from tertulia.models.tools.tool import Arguments, Outcome, Tool, ToolFailed, is_kept_here, number_of, text_of
from tertulia.models.window import lines, visible
from tertulia.protocol.casemap import fold
from tertulia.protocol.notes import NotebookError

if TYPE_CHECKING:
    from tertulia.client.view import Member as Here
    from tertulia.models.member import Member
    from tertulia.models.turns import Question

FOUND: Final = 20  # messages of a search, unless another number is asked for
FOUND_MOST: Final = 50
HERE: Final = 300  # members that are named


async def search(member: Member, question: Question, arguments: Arguments) -> Outcome:
    """Only what everybody who is in the room now may read: the answer is said to all of them."""
    attributes = {"in": question.target, "text": text_of(arguments, "words", "")}
    for name, key in (("nick", "from"), ("after", "after"), ("before", "before")):
        if value := text_of(arguments, name, ""):
            attributes[key] = value if key == "from" else _moment(value)
    if len(attributes) == 1 or (len(attributes) == 2 and not attributes["text"]):
        raise ToolFailed("Say words to look for, a nick, or a time.")
    attributes["limit"] = str(number_of(arguments, "limit", FOUND, FOUND_MOST) or FOUND)
    found = [corner.said(one) for one in await find(member, attributes) if one.kind == "PRIVMSG" and one.text]
    floor = member.circle.readers.common_floor(question.target)
    shown = visible(found, member.circle.withheld, is_kept_here(member, question), floor)
    if not shown:
        return Outcome("Nothing was found.")
    times = [one.time[:16].replace("T", " ") for one in shown]
    found_lines = (f"[{at} UTC] {line}" for at, line in zip(times, lines(shown), strict=True))
    return Outcome("\n".join(found_lines), people=frozenset(one.identity for one in shown))


def _moment(text: str) -> str:
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise ToolFailed(f"{text[:40]} is not a time like 2026-11-22 or 2026-11-22T09:30.") from None
    return f"{found:%Y-%m-%dT%H:%M:%S}.000Z"


async def who(member: Member, question: Question, arguments: Arguments) -> Outcome:
    room = member.view.room(question.target)
    if room is None:
        raise ToolFailed("This is a private conversation.")
    shown = []
    for one in sorted(room.members.values(), key=lambda one: one.nick.lower())[:HERE]:
        marks = [
            "you" if member.is_me(one.nick) else "",
            "program" if one.bot else "",
            "operator" if member.view.is_operator(question.target, one.nick) else "",
            f"account {one.account}" if one.account else "",
            _away(member, question, one),
        ]
        said = ", ".join(mark for mark in marks if mark)
        shown.append(f"{one.nick} ({said})" if said else one.nick)
    return Outcome(f"{len(room.members)} in {room.name}: " + "; ".join(shown))


def _away(member: Member, question: Question, one: Here) -> str:
    """What somebody says of it is shown like what they say else."""
    may_leave = one.account is not None and not member.circle.withheld(fold(one.account))
    if one.away and (may_leave or is_kept_here(member, question)):
        return f"away: {one.away}"
    return "away" if one.away else ""


async def time_now(member: Member, question: Question, arguments: Arguments) -> Outcome:
    named = text_of(arguments, "zone", "")
    zone = zone_of(named) if named else reminding.zone_for(member, question)
    if zone is None:
        raise ToolFailed(f"{named[:40]} is no time zone like Europe/Madrid.")
    now = member.circle.now().astimezone(zone)
    return Outcome(f"{now:%A, %Y-%m-%d %H:%M:%S %z} ({zone.key})")


async def set_reminder(member: Member, question: Question, arguments: Arguments) -> Outcome:
    """For whoever asked, and told to them, as if they had typed it; but it wakes no model: what a model read
    somewhere must not make work for others in a person's name."""
    wanted = f"{text_of(arguments, 'when')} {text_of(arguments, 'text')}"
    try:
        told = reminding.set_one(member, question, wanted, words_only=True)
    except NotebookError:
        raise ToolFailed("It could not be kept.") from None
    if not told.done:
        raise ToolFailed(f"It was not set: {told.text}")
    member.tell(question, told.text)
    member.flush()
    return Outcome(f"It is set, and {question.asker} was told: {told.text}")


def _tool(name: str, description: str, deed: Any, needs: tuple[str, ...] = (), **properties: str) -> Tool:
    """`properties`: of the arguments, name -> description; texts, but for numbers ("# ...")."""
    types = {
        key: {
            "type": "integer" if text.startswith("# ") else "string",
            "description": text.removeprefix("# "),
        }
        for key, text in properties.items()
    }
    schema = {"type": "object", "properties": types, "required": list(needs), "additionalProperties": False}
    return Tool(ToolDefinition(name, description, schema), name, False, deed)


BUILTIN: Final[tuple[tuple[Tool, bool], ...]] = (
    # the tool, whether it makes sense in rooms only
    (_tool(
        "search_history", "Finds what was said in this room earlier. All that is given must hold.", search,
        words="Words that all occur; \"a phrase\" in quotes; begin* for beginnings of words",
        nick="Who said it", after="From when on: 2026-11-22 or 2026-11-22T09:30, UTC",
        before="Until when, likewise", limit="# How many messages at most, the latest",
    ), True),
    (_tool("who_is_here", "Who is in this room now: people, programs, operators, who is away.", who), True),
    (_tool(
        "read_file", "Reads a file that was handed in on this server and whose link was said here: text, "
        "or an image.", read_file, ("link",), link="The link, as it was said",
        offset="# From which character on, for a long text",
    ), False),
    (_tool(
        "time_now", "The date and time now.", time_now, zone="A time zone like Europe/Madrid; without it the "
        "asker's",
    ), False),
    (_tool(
        "set_reminder", "Reminds whoever asked you of something, here. Only when they ask for it.",
        set_reminder, ("when", "text"),
        when="As in: 20m, 2h, tomorrow 9:00, at 18:30, every weekday 9:00", text="Of what",
    ), False),
)  # fmt: skip
