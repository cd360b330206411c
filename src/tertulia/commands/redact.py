"""REDACT: a message is taken back, by who said it, who asked a model for it, or who keeps order (IRCv3
message-redaction).

What belongs here: which message is meant, and whether it may go. What must not: deleting it (the store),
telling it (`server.redaction`).
"""

from __future__ import annotations

from tertulia.commands import arguments
from tertulia.commands.chathistory import Wrong, buffers_of
from tertulia.commands.registry import command
from tertulia.commands.turn import Refuse, Turn
from tertulia.limits import KICK_CHARACTERS, REDACT_SECONDS
from tertulia.policy.room import may_redact
from tertulia.policy.user import said_it
from tertulia.protocol.capabilities import REDACTION
from tertulia.protocol.history import SPOKEN, Message, Page, parse_msgid
from tertulia.protocol.tags import parse_tags
from tertulia.state.room import Room


@command(
    "REDACT <target> <msgid> [<reason>]",
    "Take a message back: your own, or a model's answer to you, for an hour; any of a room that you operate.",
    "Retira un mensaje: el tuyo, o lo que te respondió un modelo, durante una hora; de una sala que operes, "
    "cualquiera.",
    least=2,
    cost=2.0,
)
async def redact(turn: Turn, params: list[str]) -> None:
    if not turn.session.capabilities & REDACTION:
        raise Refuse("ERR_UNKNOWNCOMMAND", "REDACT")
    target, named = params[0], arguments.shown(params[1])
    try:
        message = _message(turn, target, params[1])
    except Wrong:
        turn.fail("REDACT", "INVALID_TARGET", arguments.shown(target))
        return
    if message is None:
        turn.fail("REDACT", "UNKNOWN_MSGID", arguments.shown(target), named)
        return
    room = turn.network.room(target)
    code = _forbidden(turn, room, message)
    if code is not None:
        window = [str(REDACT_SECONDS)] if code == "REDACT_WINDOW_EXPIRED" else []
        turn.fail("REDACT", code, arguments.shown(target), named, *window)
        return
    user = None if room is not None else turn.network.user(target)
    name = room.name if room is not None else user.nick if user is not None else target
    words = ("REDACT", name, params[1])
    reason = arguments.free_text(turn, params[2], KICK_CHARACTERS, *words) if len(params) > 2 else ""
    turn.world.redact(turn, message, name, room, user, reason)


def _message(turn: Turn, target: str, named: str) -> Message | None:
    """The message, stored or growing, where the asker may read it."""
    buffers, message_id = buffers_of(turn, target), parse_msgid(named)
    if message_id is None:
        return None
    growing = turn.world.growing(message_id)
    if growing is not None:  # also where nothing is kept
        return growing if growing.buffer in buffers else None
    found = turn.world.page(Page(buffers, after=message_id - 1, before=message_id + 1, limit=1, events=True))
    return found[0] if found and found[0].kind in (*SPOKEN, "TAGMSG") else None


def _forbidden(turn: Turn, room: Room | None, message: Message) -> str | None:
    """None, or the code that says why not."""
    if room is not None and may_redact(room, turn.user) is None:
        return None
    if not said_it(turn.user, message) and not _asked_for_it(turn, message):
        return "REDACT_FORBIDDEN"
    age_ms = turn.world.now_ms - message.time_ms
    return "REDACT_WINDOW_EXPIRED" if age_ms > REDACT_SECONDS * 1000 else None


def _asked_for_it(turn: Turn, message: Message) -> bool:
    """Whether a model of this server answered the user with it: these tags are the server's own, or set by
    whom it trusts."""
    tags = parse_tags(message.tags) if message.tags else {}
    if "tertulia.chat/model" not in tags:
        return False
    account, cause = turn.user.account, parse_msgid(tags.get("tertulia.chat/cause", ""))
    if account is not None and tags.get("tertulia.chat/asked-by") == account:
        return True
    question = turn.world.find(message.buffer, cause) if cause is not None else None
    return question is not None and said_it(turn.user, question)
