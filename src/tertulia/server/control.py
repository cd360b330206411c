"""What the shell may ask of the server: a table of deeds, on a running hub or on one made for the moment.

What belongs here: arguments to deeds, and answers as plain values. What must not: sockets and processes
(`cli`), what a deed does (`commands`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tertulia.commands import announce, audit, ban_words, banning, bans, defcon
from tertulia.commands.notices import notify
from tertulia.commands.turn import NotStored, Refuse, words_of
from tertulia.limits import AUDIT_PAGE, KICK_CHARACTERS
from tertulia.policy.bans import too_wide
from tertulia.protocol.accounts import AccountGone, AccountRecord
from tertulia.protocol.audit import AuditPage
from tertulia.protocol.bans import BanRecord, shown
from tertulia.protocol.defence import LEVELS
from tertulia.protocol.modes import symbols
from tertulia.protocol.text import one_line
from tertulia.server import agents
from tertulia.server.refusals import reason_of
from tertulia.state import events as may
from tertulia.state.network import Conflict

if TYPE_CHECKING:
    from tertulia.server.hub import Hub
    from tertulia.state.user import User

Answer = dict[str, Any]
"""{"columns": [...], "rows": [[...]]} for a table, {"text": "..."} for a sentence, {"error": "..."}."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    hub: Hub
    who: str  # for the audit log
    language: str
    args: dict[str, Any]

    def text(self, name: str) -> str:
        value = self.args.get(name)
        return value if isinstance(value, str) else ""

    def say(self, english: str, spanish: str) -> str:
        return spanish if self.language == "es" else english


class Wrong(Exception):
    """It cannot be done: words for the shell."""


async def answer(hub: Hub, request: dict[str, Any], who: str) -> Answer:
    """Carry out a request of the form {"do": ..., "language": ..., ...} between two ticks."""
    asked = Asked(hub, who, str(request.get("language", "en")), request)
    deed = DEEDS.get(str(request.get("do")))
    hub.now_ms, hub.instant = hub.clock.now_ms(), hub.clock.monotonic()
    if deed is None:
        return {"error": asked.say("There is no such request", "No existe esa petición")}
    try:
        found = await deed(asked)
    except Wrong as wrong:
        return {"error": str(wrong)}
    except agents.WrongAgent as wrong:
        return {"error": asked.say(*wrong.texts)}
    except bans.Said as said:
        return {"error": ban_words.words(said.word, asked.language, **said.fields)}
    except NotStored as failure:
        reason = reason_of(failure.code, asked.language)
        return {"error": words_of("NOT_STORED", asked.language, {"reason": reason})}
    except (Conflict, Refuse) as failure:
        return {"error": asked.say(f"It could not be done: {failure}", f"No se pudo hacer: {failure}")}
    finally:
        hub.end_tick()
    return found


# --- bans -----------------------------------------------------------------------------------------


async def _list_bans(asked: Asked) -> Answer:
    rows = [
        [number, one.effect, shown(*one.key), _moment(one.expires_at), one.set_by, _moment(one.set_at),
         one.reason, one.note]
        for number, one in enumerate(bans.sorted_bans(asked.hub.network.bans), 1)
    ]  # fmt: skip
    return {"columns": ["number", "effect", "target", "until", "by", "at", "reason", "note"], "rows": rows}


async def _add_ban(asked: Asked) -> Answer:
    network, now = asked.hub.network, asked.hub.now_ms // 1000
    kind, target = bans.meant(network, asked.text("target"))
    seconds = bans.duration(asked.text("duration"))
    effect = asked.text("effect") or "ban"
    if effect not in ("ban", "login", "exempt"):
        raise Wrong(asked.say("An effect is ban, login or exempt", "El efecto es ban, login o exempt"))
    record = BanRecord(
        kind, target, effect, one_line(asked.text("reason"), KICK_CHARACTERS),
        one_line(asked.text("note"), KICK_CHARACTERS), asked.who, now, now + seconds if seconds else 0,
    )  # fmt: skip
    mistake = too_wide(record, None, network.users.values(), now)
    if mistake is not None and not asked.args.get("force"):
        raise bans.Said(mistake, target=shown(kind, target))
    hit = await banning.impose(asked.hub, record, None, asked.who)
    return {"text": ban_words.words(
        "set", asked.language, effect=ban_words.words(effect, asked.language), target=shown(kind, target),
        until=ban_words.ends(record, asked.language),
        reason=ban_words.reason_of(record, asked.language), hit=hit,
    )}  # fmt: skip


async def _remove_ban(asked: Asked) -> Answer:
    record = bans.existing(asked.hub.network, asked.text("target"))
    if record is None:
        raise bans.Said("unknown", target=asked.text("target"))
    await banning.lift(asked.hub, record, None, asked.who)
    return {"text": ban_words.words("lifted", asked.language, target=shown(*record.key))}


# --- who is here ----------------------------------------------------------------------------------


async def _rooms(asked: Asked) -> Answer:
    rooms = sorted(asked.hub.network.rooms.values(), key=lambda room: (-len(room.members), room.key))
    rows = [
        [room.name, len(room.members), "".join(sorted(room.flags)), room.founder, room.topic]
        for room in rooms
    ]
    return {"columns": ["room", "members", "modes", "founder", "topic"], "rows": rows}


async def _members(asked: Asked) -> Answer:
    name, network = asked.text("room"), asked.hub.network
    if not name:
        users = sorted(network.users.values(), key=lambda user: user.key)
        rows = [[*_member(user), " ".join(room.name for room in user.rooms)] for user in users]
        return {"columns": [*_MEMBER, "rooms"], "rows": rows}
    room = network.room(name)
    if room is None:
        raise Wrong(asked.say(f"There is no room {name}", f"No existe la sala {name}"))
    inside = sorted(room.members.items(), key=lambda item: (-item[1], item[0].key))
    return {
        "columns": [*_MEMBER, "rank"],
        "rows": [[*_member(one), symbols(rank, True)] for one, rank in inside],
    }


_MEMBER = ["nick", "user", "host", "address", "account", "door", "since"]


def _member(user: User) -> list[str]:
    return [user.nick, user.username, user.host, user.address, user.account or "", user.door,
            _moment(user.signon)]  # fmt: skip


async def _kill(asked: Asked) -> Answer:
    nick, reason = asked.text("nick"), one_line(asked.text("reason"), KICK_CHARACTERS)
    user = asked.hub.network.user(nick)
    if user is None:
        raise Wrong(asked.say(f"Nobody is called {nick}", f"Nadie se llama {nick}"))
    audit.note(asked.hub, None, "KILL", user.nick, f"{user.prefix} {user.address}: {reason}", asked.who)
    notify(asked.hub, "k", "killed", who=asked.who, target=user.prefix, reason=reason)
    asked.hub.drop_user(user, f"Killed ({asked.hub.settings.name} ({reason}))")
    return {"text": asked.say(f"{user.nick} is out", f"{user.nick} está fuera")}


# --- the server -----------------------------------------------------------------------------------


async def _defcon(asked: Asked) -> Answer:
    wanted = asked.args.get("level")
    if wanted is not None:
        if wanted not in LEVELS:
            raise Wrong(asked.say("A level is 1 to 5", "El nivel va de 1 a 5"))
        await defcon.set_level(asked.hub, wanted, None, asked.who)
    level = asked.hub.network.defence
    return {"text": f"DEFCON {level}: {defcon.meaning(level, asked.language)}"}


async def _audit(asked: Asked) -> Answer:
    limit = asked.args.get("limit")
    count = max(1, min(limit, AUDIT_PAGE * 50)) if isinstance(limit, int) else audit.USUAL
    found = asked.hub.audit(
        AuditPage(
            limit=count, operator=asked.text("who"), deed=asked.text("what"), target=asked.text("target")
        )
    )
    rows = [[_moment(one.time_ms // 1000, "%Y-%m-%d %H:%M:%S"), *one[2:]] for one in found]
    return {"columns": ["time", "who", "operator", "deed", "target", "text"], "rows": rows}


async def _rehash(asked: Asked) -> Answer:
    wrong = asked.hub.rehash()
    audit.note(asked.hub, None, "REHASH", asked.hub.settings.name, wrong or "", asked.who)
    notify(asked.hub, "s", "rehashed", who=asked.who)
    if wrong is not None:
        raise Wrong(wrong)
    return {"text": asked.say("The configuration is read again", "La configuración se ha releído")}


async def _announce(asked: Asked) -> Answer:
    count = announce.to_everybody(asked.hub, asked.text("text"), None, asked.who)
    return {"text": asked.say(f"Told to {count}", f"Dicho a {count}")}


# --- accounts -------------------------------------------------------------------------------------


async def _accounts(asked: Asked) -> Answer:
    return {"records": [asdict(one) for one in asked.hub.network.accounts]}


async def _put_account(asked: Asked) -> Answer:
    """A record as the shell has made it: new, or in place of the one it read."""
    given = asked.args["record"]
    record = AccountRecord(**{**given, "certificates": tuple(given["certificates"])})
    known = asked.hub.network.accounts.named(record.key)
    if known is not None and known.suspended != record.suspended:
        await announce.set_suspended(asked.hub, record, record.suspended, None, asked.who)
    else:
        await asked.hub.propose(may.RegisterAccount(record) if known is None else may.ChangeAccount(record))
        audit.note(asked.hub, None, "ACCOUNT", record.name, "", asked.who)
    return {"text": record.name}


async def _drop_account(asked: Asked) -> Answer:
    gone = AccountGone(asked.text("key"), asked.text("name"), bool(asked.args.get("words")))
    await asked.hub.propose(may.DeleteAccount(gone.key, gone.words))
    audit.note(asked.hub, None, "DELETE", gone.name, "words" if gone.words else "", asked.who)
    return {"text": gone.name}


def _moment(seconds: int, form: str = "%Y-%m-%d %H:%M") -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):{form}}" if seconds else ""


DEEDS: dict[str, Callable[[Asked], Awaitable[Answer]]] = {
    "bans.list": _list_bans,
    "bans.add": _add_ban,
    "bans.remove": _remove_ban,
    "rooms": _rooms,
    "members": _members,
    "kill": _kill,
    "defcon": _defcon,
    "audit": _audit,
    "rehash": _rehash,
    "announce": _announce,
    "accounts.list": _accounts,
    "accounts.put": _put_account,
    "accounts.drop": _drop_account,
    **agents.DEEDS,
}
