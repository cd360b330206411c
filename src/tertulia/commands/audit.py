"""AUDIT: what operators did, kept with the next commit, and read by those who have the right.

What belongs here: noting a deed, and the command. What must not: the deeds, the store.
"""

from __future__ import annotations

from datetime import UTC, datetime

from tertulia.commands import facts
from tertulia.commands.notices import notify
from tertulia.commands.registry import command
from tertulia.commands.turn import Turn, World
from tertulia.limits import AUDIT_PAGE, KICK_CHARACTERS, LINE_BYTES
from tertulia.policy.operators import may
from tertulia.protocol.audit import AuditEntry, AuditPage
from tertulia.protocol.modes import HALF_OPERATOR
from tertulia.protocol.text import one_line
from tertulia.state.room import Room

USUAL = 20
FILTERS = {"who": "operator", "quien": "operator", "quién": "operator", "what": "deed", "que": "deed",
           "qué": "deed", "target": "target", "a": "target"}  # fmt: skip


def note(world: World, turn: Turn | None, deed: str, target: str, text: str = "", who: str = "") -> None:
    """Remember a deed. `turn`: whose command it was; without one `who` says who did it."""
    operator = ""
    if turn is not None:
        who, operator = turn.user.prefix, turn.user.operator or ""
    entry = AuditEntry(
        world.ids.message(world.now_ms), world.now_ms, who, operator, deed, target[:LINE_BYTES],
        one_line(text, KICK_CHARACTERS),
    )  # fmt: skip
    world.keep(entry)
    world.log("audit", who=who, operator=operator, deed=deed, target=entry.target, text=entry.text)


def overrode(turn: Turn, room: Room, what: str, needed: int = HALF_OPERATOR) -> None:
    """Note what somebody did in a room whose own rank there would not have let them."""
    user = turn.user
    if may(user, "override") and room.members.get(user, 0) < needed:
        note(turn.world, turn, "OVERRIDE", room.name, what)
        notify(turn.world, "o", "overrode", who=user.nick, room=room.name, what=what)


def doer(turn: Turn | None, who: str = "") -> str:
    """How notices name who did it."""
    return turn.user.nick if turn is not None else who


@command(
    "AUDIT [<count>] [who=<operator>] [what=<deed>] [target=<target>]",
    "Read what operators did, newest last.",
    "Lee lo que hicieron los operadores, lo último al final.",
    right="audit",
    cost=3.0,
)
async def audit(turn: Turn, params: list[str]) -> None:
    count, wanted = USUAL, {}
    for word in " ".join(params).split():
        name, equals, value = word.partition("=")
        if equals and name.lower() in FILTERS:
            wanted[FILTERS[name.lower()]] = value
        elif word.isascii() and word.isdecimal() and len(word) < 6:
            count = max(1, min(int(word), AUDIT_PAGE))
    entries = turn.world.audit(AuditPage(limit=count, **wanted))  # type: ignore[arg-type]
    for entry in entries:
        facts.tell(turn, written(entry), "audit", **entry._asdict())
    spanish = turn.session.language == "es"
    end = f"Fin: {len(entries)} anotaciones" if spanish else f"End: {len(entries)} entries"
    facts.tell(turn, end, "end", of="audit", count=len(entries), start=0, all=len(entries))


def written(entry: AuditEntry) -> str:
    """One entry as a line."""
    time = datetime.fromtimestamp(entry.time_ms // 1000, UTC)
    by = f" ({entry.operator})" if entry.operator else ""
    return f"{time:%Y-%m-%d %H:%M:%S} {entry.who}{by} {entry.deed} {entry.target} {entry.text}".rstrip()
