"""UBAN, and KLINE, DLINE, ELINE with their undoing as people know them: bans of the whole server.

What belongs here: what people type, and the answers. What must not: what a ban does (`banning`), whom it hits
(`state.bans`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tertulia.commands import arguments, ban_words, banning, facts
from tertulia.commands.registry import command
from tertulia.commands.turn import Turn
from tertulia.limits import BAN_REASON_CHARACTERS, LIST_REPLIES
from tertulia.policy import bans as policy
from tertulia.protocol import bans
from tertulia.protocol.bans import BanRecord, Target, shown
from tertulia.protocol.casemap import fold
from tertulia.protocol.names import mask_matches
from tertulia.protocol.text import one_line
from tertulia.state.bans import hits
from tertulia.state.network import Conflict, Network

SYNTAX = "UBAN ADD|LOGIN|EXEMPT <target> [<duration>] [FORCE] [<reason>[|<note>]]"
NICKS_SHOWN = 20


class Said(Exception):
    """The command ends with these words."""

    def __init__(self, word: str, **fields: object) -> None:
        super().__init__(word)
        self.word, self.fields = word, fields


class Wish(NamedTuple):
    """What was typed, in parts."""

    target: str
    seconds: int  # 0: for ever
    force: bool
    reason: str
    note: str


def read(words: list[str]) -> Wish:
    """`[FORCE] [duration] target [duration] [FORCE] [reason | note]`. Raises `Said`."""
    rest, seconds, force, target = list(words), 0, False, ""
    while rest:
        found = bans.seconds_of(rest[0], bare_minutes=not target)
        if rest[0].upper() in ("FORCE", "MYSELF", "ANDKILL"):
            force = force or rest[0].upper() != "ANDKILL"  # whom it hits is put out in any case
        elif found is not None and not seconds:
            seconds = found
        elif not target:
            target = rest[0]
        else:
            break
        rest.pop(0)
    if not target:
        raise Said("syntax", syntax=SYNTAX)
    reason, _, note = " ".join(rest).partition("|")
    return Wish(
        target, seconds, force, *(one_line(one.strip(), BAN_REASON_CHARACTERS) for one in (reason, note))
    )


# --- one command for all --------------------------------------------------------------------------


@command(
    "UBAN ADD|LOGIN|EXEMPT|DEL|LIST|INFO|TEST [<target>] [<duration>] [FORCE] [<reason>[|<note>]]",
    "Bans of the server: by address, network, mask, account or real name.",
    "Vetos del servidor: por dirección, red, máscara, cuenta o nombre real.",
    least=1,
    right="ban",
)
async def uban(turn: Turn, params: list[str]) -> None:
    verb, words = params[0].upper(), " ".join(params[1:]).split()
    if verb in _EFFECTS:
        await _set(turn, words, _EFFECTS[verb])
    elif verb in _ASKING:
        await _answered(turn, _ASKING[verb](turn, words))
    else:
        say(turn, "syntax", syntax="UBAN ADD|LOGIN|EXEMPT|DEL|LIST|INFO|TEST ...")


@command("KLINE [<duration>] <nick or mask> [FORCE] [<reason>[|<note>]]",
         "Ban nick!user@host from the server; KLINE LIST lists.",
         "Veta nick!user@host en el servidor; KLINE LIST los lista.", least=1, right="ban")  # fmt: skip
async def kline(turn: Turn, params: list[str]) -> None:
    await _line(turn, params, "ban", ("mask", "realname", "account"))


@command("DLINE [<duration>] <address or network> [FORCE] [<reason>[|<note>]]",
         "Ban an address or a network from the server; DLINE LIST lists.",
         "Veta una dirección o una red en el servidor; DLINE LIST las lista.", least=1,
         right="ban")  # fmt: skip
async def dline(turn: Turn, params: list[str]) -> None:
    await _line(turn, params, "ban", ("address",))


@command("ELINE [<duration>] <target> [<reason>[|<note>]]",
         "Exempt somebody from bans and limits of connections; ELINE LIST lists.",
         "Exime a alguien de vetos y límites de conexión; ELINE LIST los lista.", least=1,
         right="ban")  # fmt: skip
async def eline(turn: Turn, params: list[str]) -> None:
    await _line(turn, params, "exempt", bans.KINDS)


@command("UNKLINE <mask>", "Lift a ban.", "Levanta un veto.", least=1, right="ban")
async def unkline(turn: Turn, params: list[str]) -> None:
    await _answered(turn, _delete(turn, params))


@command("UNDLINE <address or network>", "Lift a ban.", "Levanta un veto.", least=1, right="ban")
async def undline(turn: Turn, params: list[str]) -> None:
    await _answered(turn, _delete(turn, params))


@command("UNELINE <target>", "Lift an exemption.", "Levanta una exención.", least=1, right="ban")
async def uneline(turn: Turn, params: list[str]) -> None:
    await _answered(turn, _delete(turn, params))


async def _line(turn: Turn, params: list[str], effect: str, kinds: tuple[str, ...]) -> None:
    words = " ".join(params).split()
    if words[:1] and words[0].upper() == "LIST":
        listed(turn, [one for one in turn.network.bans if one.effect == effect and one.kind in kinds])
    else:
        await _set(turn, words, effect, prefer="mask" if "mask" in kinds else "address")


def duration(text: str) -> int:
    """Seconds of a duration, 0 for none. Raises `Said`."""
    found = bans.seconds_of(text, bare_minutes=True) if text else 0
    if found is None:
        raise Said("duration", duration=arguments.shown(text))
    return found


# --- setting --------------------------------------------------------------------------------------


async def _set(turn: Turn, words: list[str], effect: str, prefer: str = "") -> None:
    await _answered(turn, _impose(turn, words, effect, prefer))


async def _impose(turn: Turn, words: list[str], effect: str, prefer: str) -> None:
    wish = read(words)
    kind, target = meant(turn.network, wish.target, prefer)
    now = turn.world.now_ms // 1000
    record = BanRecord(
        kind,
        target,
        effect,
        wish.reason,
        wish.note,
        turn.user.nick,
        now,
        now + wish.seconds if wish.seconds else 0,
    )
    wrong = policy.too_wide(record, turn.user, turn.network.users.values(), now)
    if wrong is not None and not wish.force:
        raise Said(wrong, target=shown(kind, target))
    language = turn.session.language
    answer = {"effect": ban_words.words(effect, language), "target": shown(kind, target),
              "until": ban_words.ends(record, language),
              "reason": ban_words.reason_of(record, language)}  # fmt: skip
    try:
        hit = await banning.impose(turn.world, record, turn)
    except Conflict:
        raise Said("full") from None
    if turn.user.id in turn.network.users:  # nothing may follow one's own ERROR
        say(turn, "set", hit=hit, **answer)


def meant(network: Network, text: str, prefer: str = "") -> Target:
    """Whom a word means: a target as it is, else an account of this name, else who is called so now."""
    found = bans.target(text)
    if found is not None:
        if found.kind == "account" and network.accounts.named(found.text) is None:
            raise Said("account unknown", target=found.text)
        return found
    user = network.user(text)
    if not prefer and network.accounts.named(text) is not None:
        return Target("account", fold(text))
    if user is None:
        raise Said("no target", target=arguments.shown(text))
    if not prefer and user.account is not None:
        return Target("account", fold(user.account))
    if prefer == "mask":
        return Target("mask", fold(f"*!*@{user.host}"))
    return Target("address", bans.network_of(user.address) or _nowhere(user.nick))


def _nowhere(nick: str) -> str:
    raise Said("no target", target=nick)


# --- asking, and lifting --------------------------------------------------------------------------


async def _delete(turn: Turn, words: list[str]) -> None:
    if not words:
        raise Said("syntax", syntax="UBAN DEL <target>")
    record = existing(turn.network, words[0])
    if record is None:
        raise Said("unknown", target=arguments.shown(words[0]))
    await banning.lift(turn.world, record, turn)
    say(turn, "lifted", target=shown(record.kind, record.target))


def existing(network: Network, text: str) -> BanRecord | None:
    """The record that a word names: a number of the list, a target, or an account."""
    known = sorted_bans(network.bans)
    if text.isascii() and text.isdecimal() and 0 < int(text[:6]) <= len(known):
        return known[int(text[:6]) - 1]
    found = bans.target(text) or Target("account", fold(text))
    record = network.bans.get(*found)
    if record is None and found.kind == "address":  # a mask of an address that was given with stars
        record = network.bans.get("mask", fold(text))
    return record


def sorted_bans(found: Iterable[BanRecord]) -> list[BanRecord]:
    """In the order of the list, which gives each its number."""
    return sorted(found, key=lambda one: (one.set_at, one.kind, one.target))


async def _list(turn: Turn, words: list[str]) -> None:
    listed(turn, list(turn.network.bans), words[0] if words else "*")


def listed(turn: Turn, wanted: list[BanRecord], pattern: str = "*") -> None:
    """The list, with the number by which UBAN DEL knows each."""
    language, count = turn.session.language, 0
    chosen = {one.key for one in wanted}
    for number, record in enumerate(sorted_bans(turn.network.bans), 1):
        target = shown(record.kind, record.target)
        if record.key in chosen and (mask_matches(pattern, target) or pattern == target):
            count += 1
            if count <= LIST_REPLIES:
                _told(turn, ban_words.entry(number, record, language), record, number)
    say(turn, "end" if count else "none", count=count)


async def _info(turn: Turn, words: list[str]) -> None:
    """What hits somebody who is here, or what there is on a target."""
    if not words:
        raise Said("syntax", syntax="UBAN INFO <nick or target>")
    user, now = turn.network.user(words[0]), turn.world.now_ms // 1000
    if user is None:
        record = existing(turn.network, words[0])
        if record is None:
            raise Said("unknown", target=arguments.shown(words[0]))
        listed(turn, [record])
        return
    who, language = policy.who_is(user), turn.session.language
    found = [
        record for effect in ("ban", "login", "exempt") if (record := turn.network.bans.of(who, effect, now))
    ]
    state = "; ".join(f"{ban_words.words(one.effect, language)} {shown(*one.key)}" for one in found)
    say(turn, "info", nick=user.nick, prefix=user.prefix, address=user.address, account=user.account or "*",
        state=state or ban_words.words("free", language))  # fmt: skip


async def _test(turn: Turn, words: list[str]) -> None:
    """Whom a ban would hit, without making it."""
    if not words:
        raise Said("syntax", syntax="UBAN TEST <target>")
    kind, target = meant(turn.network, words[0])
    record = BanRecord(kind, target)
    users = turn.network.users.values()
    nicks = [user.nick for user in users if hits(record, policy.who_is(user))]
    more = " ..." if len(nicks) > NICKS_SHOWN else ""
    say(turn, "test", target=shown(kind, target), hit=len(nicks), all=len(users),
        nicks=(" ".join(nicks[:NICKS_SHOWN]) or "-") + more)  # fmt: skip


# --- answering ------------------------------------------------------------------------------------


async def _answered(turn: Turn, deed: object) -> None:
    try:
        await deed  # type: ignore[misc]
    except Said as said:
        say(turn, said.word, **said.fields)


def say(turn: Turn, word: str, **fields: object) -> None:
    told = {name: value for name, value in fields.items() if isinstance(value, (str, int))}
    facts.tell(turn, ban_words.words(word, turn.session.language, **fields), "uban", word=word, **told)


def _told(turn: Turn, text: str, record: BanRecord, number: int) -> None:
    facts.tell(
        turn, text, "ban", number=number, effect=record.effect, target=shown(*record.key), of=record.kind,
        reason=record.reason, note=record.note, by=record.set_by, at=record.set_at, until=record.expires_at,
    )  # fmt: skip


_EFFECTS = {"ADD": "ban", "LOGIN": "login", "REQUIRE-SASL": "login", "EXEMPT": "exempt"}
_ASKING = {"DEL": _delete, "REMOVE": _delete, "LIST": _list, "INFO": _info, "TEST": _test}
