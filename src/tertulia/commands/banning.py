"""Bans of the server made, lifted and carried out: what the commands and the control door share.

What belongs here: the deed with all that follows from it. What must not: reading what people typed (`bans`).
"""

from __future__ import annotations

from tertulia.commands import audit, ban_words
from tertulia.commands.notices import notify
from tertulia.commands.turn import Session, Turn, World
from tertulia.limits import KICK_CHARACTERS
from tertulia.policy import bans as policy
from tertulia.protocol.bans import BanRecord, shown
from tertulia.protocol.text import one_line
from tertulia.state.bans import Who, hits
from tertulia.state.events import LiftBan, SetBan
from tertulia.state.user import User


async def impose(world: World, record: BanRecord, turn: Turn | None, who: str = "") -> int:
    """Keep a ban and put out whom it hits; how many. Raises `Conflict` "ban limit", `NotStored`."""
    await world.propose(SetBan(record), turn)
    target = shown(record.kind, record.target)
    until = ban_words.ends(record, "en"), ban_words.ends(record, "es")
    reason = ban_words.reason_of(record, "en"), ban_words.reason_of(record, "es")
    text = f"{until[0]}: {reason[0]}{ban_words.note_of(record)}"
    audit.note(world, turn, _DEEDS[record.effect], target, text, who)
    out = [user for user in list(world.network.users.values()) if _is_out(world, record, user)]
    notify(
        world, "x", "ban set", who=audit.doer(turn, who), effect=ban_words.WORDS[record.effect],
        target=target, until=until, reason=reason, note=ban_words.note_of(record), hit=len(out),
    )  # fmt: skip
    with world.together():
        for user in out:
            put_out(world, user, record, turn)
    return len(out)


async def lift(world: World, record: BanRecord, turn: Turn | None, who: str = "") -> None:
    """Raises `Conflict` "gone", `NotStored`."""
    await world.propose(LiftBan(record.kind, record.target), turn)
    target = shown(record.kind, record.target)
    audit.note(world, turn, "LIFT", target, record.reason, who)
    notify(world, "x", "ban lifted", who=audit.doer(turn, who), target=target)


def put_out(world: World, user: User, record: BanRecord, turn: Turn | None = None) -> None:
    """Tell somebody who is here why, and end all their sessions. The asker's own answer comes first."""
    for session in world.sessions(user):
        if turn is not None and session is turn.session:
            world.answer(turn)
            turn.items, turn.label = [], None
        tell(world, session, record)
    world.drop_user(user, quit_reason(record))


def tell(world: World, session: Session, record: BanRecord) -> None:
    """ERR_YOUREBANNEDCREEP with reason, end and contact."""
    telling = Turn(world, session, None, None)
    telling.numeric("ERR_YOUREBANNEDCREEP", told(world, session, record))
    world.answer(telling)


def told(world: World, session: Session, record: BanRecord) -> str:
    text = ban_words.told(record, session.language, world.settings.admin)
    return one_line(text, KICK_CHARACTERS + 100, KICK_CHARACTERS + 100)


def quit_reason(record: BanRecord) -> str:
    """What others read: the reason, and nothing of whom it hit."""
    return f"Banned ({record.reason})" if record.reason else "Banned"


def refusal(turn: Turn) -> BanRecord | None:
    """The ban that keeps out whoever is about to enter."""
    bans = turn.network.bans
    return policy.banned(bans, entering(turn), turn.world.now_ms // 1000) if len(bans) else None


def entering(turn: Turn) -> Who:
    """What is known of a session that has no user yet."""
    session = turn.session
    host = session.peer.address
    return Who(session.nick_wanted, session.username, host, host, session.realname, session.account or None)


def _is_out(world: World, record: BanRecord, user: User) -> bool:
    """Whom a new ban puts out: not the exempt, and no model of this server's own."""
    if not hits(record, policy.who_is(user)) or any(one.peer.trusted for one in world.sessions(user)):
        return False
    now = world.now_ms // 1000
    if record.effect == "login":
        return policy.must_log_in(world.network.bans, policy.who_is(user), now) is not None
    return record.effect == "ban" and policy.banned(world.network.bans, policy.who_is(user), now) is not None


_DEEDS = {"ban": "BAN", "login": "LOGIN", "exempt": "EXEMPT"}
