"""Reading a file that was handed in on this server, when its link was said where the question was asked.

What belongs here: whether it was said here, and what of a file a model is shown. What must not: where files
lie (`toolbox.Shelf`), HTTP: no link of another server is ever followed.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tertulia.limits import TOOL_FILE_CHARACTERS, TOOL_IMAGE_BYTES
from tertulia.models import corner
from tertulia.models.provider import Image
from tertulia.models.reading import find
from tertulia.models.tools.tool import Arguments, Outcome, ToolFailed, is_kept_here, number_of, text_of
from tertulia.models.window import visible
from tertulia.protocol.casemap import fold

if TYPE_CHECKING:
    from tertulia.models.member import Member
    from tertulia.models.tools.toolbox import Filed
    from tertulia.models.turns import Question

IMAGES: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
READ_BYTES: Final = 4 * 1024 * 1024  # of a text file; what lies behind is not looked at
LINK_CHARACTERS: Final = 500


async def read_file(member: Member, question: Question, arguments: Arguments) -> Outcome:
    link = text_of(arguments, "link")[:LINK_CHARACTERS]
    found = member.circle.toolbox.shelf.find(link)
    if found is None or not await _was_said(member, question, found):
        raise ToolFailed("No file of this link was said here.")  # the same words for both: nothing to guess
    _, name, kind, path, account = found
    offset = number_of(arguments, "offset", 0, READ_BYTES)
    read = _image(member, name, kind, path) if kind in IMAGES else _text(name, kind, path, offset)
    return (await read)._replace(people=frozenset({fold(account)} if account else ()))


async def _was_said(member: Member, question: Question, found: Filed) -> bool:
    """In the talk at hand, or earlier in this room; by somebody whose words this model may be shown."""
    room, key = question.target if member.is_room(question.target) else "", found.key
    floor = member.circle.readers.common_floor(room) if room else 0
    local = is_kept_here(member, question)
    if found.account and not local and member.circle.withheld(fold(found.account)):
        return False
    at_hand = visible(member.corner(question.target).window, member.circle.withheld, local, floor)
    if any(key in said.text for said in at_hand):
        return True
    if not room:
        return False
    earlier = [corner.said(one) for one in await find(member, {"in": room, "text": key, "limit": "5"})]
    return any(key in one.text for one in visible(earlier, member.circle.withheld, local, floor))


async def _image(member: Member, name: str, kind: str, path: Path) -> Outcome:
    provider = member.desk.provider
    if provider is None or not provider.capabilities.vision:
        raise ToolFailed(f"{name} is an image, and you cannot see images.")
    data = await asyncio.to_thread(_bytes, path, TOOL_IMAGE_BYTES + 1)
    if len(data) > TOOL_IMAGE_BYTES:
        raise ToolFailed(f"{name} is too large an image.")
    return Outcome(f"{name} ({kind}) is shown to you after this.", (Image(kind, data),))


async def _text(name: str, kind: str, path: Path, offset: int) -> Outcome:
    data = await asyncio.to_thread(_bytes, path, READ_BYTES)
    text = data.decode("utf-8", errors="replace")
    if b"\0" in data or text.count("\ufffd") > len(text) // 20:
        raise ToolFailed(f"{name} ({kind}) is no text.")
    part = text[offset : offset + TOOL_FILE_CHARACTERS - 200]
    more = offset + len(part)
    rest = f"\n[{len(text) - more} more characters; go on with offset {more}]" if more < len(text) else ""
    return Outcome(f"{name} ({kind}), from character {offset}:\n{part}{rest}")


def _bytes(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError:
        raise ToolFailed("The file cannot be read now.") from None
