"""PRIVMSG, NOTICE and TAGMSG: what is said, to rooms and to people.

What belongs here: who a target is, what travels with the words, under which key they are remembered. What
must not: how they are relayed (`server`).
"""

from __future__ import annotations

from tertulia import limits
from tertulia.commands import arguments, floods, inbox, room_text
from tertulia.commands.registry import command
from tertulia.commands.service import service_of
from tertulia.commands.turn import Refuse, Turn
from tertulia.policy.defence import may_write_to
from tertulia.policy.room import heard_by_operators, may_see, may_speak
from tertulia.protocol.capabilities import MESSAGE_TAGS
from tertulia.protocol.casemap import fold
from tertulia.protocol.history import Message, conversation
from tertulia.protocol.modes import RANKS
from tertulia.protocol.names import CHANTYPES, is_room
from tertulia.protocol.tags import Tags, allowed, client_only, format_tags
from tertulia.state.room import Room
from tertulia.state.user import User

OURS = "tertulia.chat/"
STAMPED = frozenset({"tertulia.chat/cause", "tertulia.chat/hops"})  # which only the server puts
MARKS = frozenset(
    {"tertulia.chat/concat", "tertulia.chat/stopped", "tertulia.chat/incomplete"}
)  # a stream's own
_SYMBOLS = {rank.symbol: rank.bit for rank in RANKS}
_PREFIXES = "".join(_SYMBOLS)


@command(
    "PRIVMSG <target>{,<target>} <text>", "Say something to rooms or people.", "Di algo a salas o personas."
)
async def privmsg(turn: Turn, params: list[str]) -> None:
    if len(params) > 1 and params[0][:1] != CHANTYPES and (service := service_of(params[0])) is not None:
        await service.heard(turn, params[1])  # neither relayed nor stored: passwords are among it
        return
    try:
        _say(turn, "PRIVMSG", params)
    finally:
        if turn.world.floods.due:
            await floods.put_out(turn)


@command("NOTICE <target>{,<target>} <text>", "Like PRIVMSG, but no program answers it.",
         "Como PRIVMSG, pero ningún programa responde.")  # fmt: skip
async def notice(turn: Turn, params: list[str]) -> None:
    try:
        _say(turn, "NOTICE", params)
    except Refuse:
        pass  # RFC 1459 4.4.2: "automatic replies must never be sent in response to a NOTICE message"
    finally:
        if turn.world.floods.due:
            await floods.put_out(turn)


@command("TAGMSG <target>{,<target>}", "Send tags without text: typing, reactions.",
         "Envía etiquetas sin texto: escritura, reacciones.", cost=0.5)  # fmt: skip
async def tagmsg(turn: Turn, params: list[str]) -> None:
    if not params:
        raise Refuse("ERR_NORECIPIENT", command="TAGMSG")
    if relayed_tags(turn, None):
        _to_each(turn, "TAGMSG", params[0], "")


def _say(turn: Turn, kind: str, params: list[str]) -> None:
    if len(params) < 2 or not params[1]:
        if not params:
            raise Refuse("ERR_NORECIPIENT", command=kind)
        raise Refuse("ERR_NOTEXTTOSEND")
    _to_each(turn, kind, params[0], params[1])


def _to_each(turn: Turn, kind: str, targets: str, text: str) -> None:
    if "," not in targets:
        room, user, ranks = recipient(turn, targets)
        send(turn, kind, room, user, ranks, text)
        return
    several = arguments.items(targets)
    for target in several[: limits.TARGETS_PER_COMMAND]:
        try:
            room, user, ranks = recipient(turn, target)
            send(turn, kind, room, user, ranks, text)
        except Refuse as refusal:
            if kind != "NOTICE":
                turn.numeric(refusal.numeric, *refusal.params, **refusal.fields)
    if len(several) > limits.TARGETS_PER_COMMAND:
        raise Refuse("ERR_TOOMANYTARGETS", arguments.shown(several[limits.TARGETS_PER_COMMAND]),
                     limit=limits.TARGETS_PER_COMMAND)  # fmt: skip


def recipient(turn: Turn, target: str) -> tuple[Room | None, User | None, str]:
    """Who a target is, once the speaker may speak to it: a room, with the prefix of STATUSMSG, or a user."""
    ranks = ""
    room = turn.world.network.rooms.get(fold(target))
    if room is None:
        ranks, name = _status(target)
        if not is_room(name):
            other = arguments.user(turn, target)
            if not may_write_to(turn.network, turn.user, other, turn.session.peer.local):
                raise Refuse("ERR_NEEDREGGEDNICK", other.nick)
            return None, other, ""
        room = turn.network.room(name) if ranks else None
        if room is None:
            raise Refuse("ERR_NOSUCHCHANNEL", arguments.shown(target))
    denied = may_speak(room, turn.user)
    if denied is not None:
        if not may_see(room, turn.user):
            raise Refuse("ERR_NOSUCHCHANNEL", arguments.shown(target))
        raise Refuse(denied.numeric, room.name, reason=denied.reason)
    return room, None, "%" if not ranks and heard_by_operators(room, turn.user) else ranks


def _status(target: str) -> tuple[str, str]:
    """The rank that `@%#room` addresses ("one or more" prefixes: the lowest), and the room."""
    name = target.lstrip(_PREFIXES)
    given = target[: len(target) - len(name)]
    return (min(given, key=_SYMBOLS.__getitem__), name) if given and is_room(name) else ("", target)


def send(
    turn: Turn, kind: str, room: Room | None, user: User | None, ranks: str, text: str, cuts: str = ""
) -> None:
    """One message to one recipient, stamped and handed to the server. Raises `Refuse`."""
    world, speaker = turn.world, turn.user
    answers = turn.tags is not None and inbox.ACK_TAG in turn.tags
    if answers:
        inbox.check(turn)
    if room is not None:
        text = room_text.fit(turn, room, kind, text)
    if room is not None and not ranks:
        tags = relayed_tags(turn, room.buffer, kind) if turn.tags is not None or speaker.modes else ""
        fields = (
            world.ids.message(world.now_ms), world.now_ms, room.buffer, kind, speaker.prefix, room.name,
            text, speaker.account, None, None, tags, cuts, "",
        )  # fmt: skip
        if answers:
            inbox.settle(turn)
        # past the named tuple's own constructor: this runs once for every line that anybody says
        world.say(turn, tuple.__new__(Message, fields), room)
        return
    buffer = ranks + buffer_of(speaker, room, user)
    target = ranks + room.name if room is not None else user.nick  # type: ignore[union-attr]
    sender, other = identities(speaker, user)
    message = Message(
        world.ids.message(world.now_ms), world.now_ms, buffer, kind, speaker.prefix, target, text,
        speaker.account, sender, other, relayed_tags(turn, buffer, kind), cuts,
    )  # fmt: skip
    if answers:
        inbox.settle(turn)
    if room is not None:
        least = _SYMBOLS[ranks]
        ranked = [user for user, rank in room.members.items() if rank >= least and user is not speaker]
        world.say(turn, message, None, ranked)
        return
    assert user is not None
    world.say(turn, message, None, [user])
    if user.away is not None and kind == "PRIVMSG":
        turn.numeric("RPL_AWAY", user.nick, user.away)


def buffer_of(speaker: User, room: Room | None, user: User | None) -> str:
    """Under which key a message is remembered."""
    if room is not None:
        return room.buffer
    assert user is not None
    return conversation(speaker.identity, user.identity)


def identities(speaker: User, user: User | None) -> tuple[str | None, str | None]:
    """Sender and recipient of private talk; nobody for a room."""
    return (speaker.identity, user.identity) if user is not None else (None, None)


def relayed_tags(turn: Turn, buffer: str | None, kind: str = "PRIVMSG") -> str:
    """What travels with the words, escaped: client-only tags, provenance from members we trust, the bot
    flag (not on the end of a stream, which has no buffer), and on what a bot says its cause and hops."""
    tags: Tags = turn.tags or {}
    kept = client_only(tags) if turn.session.capabilities & MESSAGE_TAGS else {}
    if kept and turn.world.settings.client_tags_denied:
        kept = allowed(kept, turn.world.settings.client_tags_denied)
    if turn.session.peer.trusted:
        kept |= {
            key: value for key, value in tags.items() if key.startswith(OURS) and key not in STAMPED | MARKS
        }
    parts = [format_tags(kept)] if kept else []
    if buffer is not None and turn.user.operator is not None:
        parts.append("draft/oper")
    if buffer is not None and turn.user.bot:
        parts.append("bot")
        if kind == "PRIVMSG":  # "A `NOTICE` has neither"
            parts.append(turn.world.hop_tags(turn.user, buffer, tags))
    return ";".join(part for part in parts if part)
