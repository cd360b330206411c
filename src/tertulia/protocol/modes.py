"""The mode letters as tables, and mode strings read and written.

What belongs here: which letters exist, which kind each is, and the grammar of MODE. What must not: who may
set them (`policy`), what they do (`state`, `policy`). ISUPPORT's CHANMODES, PREFIX and RPL_MYINFO are
derived from here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from typing import NamedTuple


class Kind(Enum):
    """The classes of ISUPPORT CHANMODES, and the member prefixes."""

    LIST = "A"  # adds to or removes from a list; always a parameter, without one it asks for the list
    ALWAYS = "B"  # a parameter both when set and when unset
    WHEN_SET = "C"  # a parameter only when set
    FLAG = "D"  # never a parameter
    PREFIX = "P"  # a member's rank; the parameter is a nick


class RoomMode(NamedTuple):
    kind: Kind
    meaning: str  # RoomRecord field or the word used in the documentation


ROOM_MODES: dict[str, RoomMode] = {
    "b": RoomMode(Kind.LIST, "bans"),
    "e": RoomMode(Kind.LIST, "exceptions"),
    "I": RoomMode(Kind.LIST, "invitations"),
    "k": RoomMode(Kind.ALWAYS, "key needed to join"),
    "l": RoomMode(Kind.WHEN_SET, "at most so many members"),
    "F": RoomMode(Kind.WHEN_SET, "flood limit: lines:seconds; kicks, with * bans, with ~ refuses"),
    "f": RoomMode(Kind.WHEN_SET, "who is not let in is led to this room"),
    "j": RoomMode(Kind.WHEN_SET, "at most joins:seconds"),
    "C": RoomMode(Kind.FLAG, "no CTCP but ACTION"),
    "M": RoomMode(Kind.FLAG, "without an account one needs a rank to speak"),
    "N": RoomMode(Kind.FLAG, "no changes of nick while here"),
    "Q": RoomMode(Kind.FLAG, "only founders and protected operators kick"),
    "R": RoomMode(Kind.FLAG, "only who has an account comes in"),
    "S": RoomMode(Kind.FLAG, "formatting is taken out of what is said"),
    "T": RoomMode(Kind.FLAG, "no notices to the room"),
    "U": RoomMode(Kind.FLAG, "what those without a rank say is heard by operators only"),
    "V": RoomMode(Kind.FLAG, "only operators invite"),
    "c": RoomMode(Kind.FLAG, "no colours"),
    "i": RoomMode(Kind.FLAG, "by invitation only"),
    "m": RoomMode(Kind.FLAG, "moderated: only ranked members speak"),
    "n": RoomMode(Kind.FLAG, "no messages from outside"),
    "s": RoomMode(Kind.FLAG, "secret: unseen by those outside"),
    "t": RoomMode(Kind.FLAG, "only operators set the topic"),
    "u": RoomMode(Kind.FLAG, "auditorium: who has no rank sees only those who have one"),
    "z": RoomMode(Kind.FLAG, "only over connections that nobody can read on the way"),
    "q": RoomMode(Kind.PREFIX, "founder; only in registered rooms"),
    "a": RoomMode(Kind.PREFIX, "protected operator; only in registered rooms"),
    "o": RoomMode(Kind.PREFIX, "operator"),
    "h": RoomMode(Kind.PREFIX, "half-operator"),
    "v": RoomMode(Kind.PREFIX, "voice"),
}
DEFAULT_ROOM_FLAGS = "nt"
KEPT_AS_SETTINGS = "Ffj"  # modes whose parameters are kept by their letters, see `Room.settings`


class Rank(NamedTuple):
    letter: str
    symbol: str
    bit: int


RANKS = (Rank("q", "~", 32), Rank("a", "&", 16), Rank("o", "@", 8), Rank("h", "%", 4), Rank("v", "+", 2))
"""Highest first; a member's rank is the sum of its bits. A sum is at least a bit when that rank or more is
held."""
RANK_BITS = {rank.letter: rank.bit for rank in RANKS}
FOUNDER, PROTECTED, OPERATOR, HALF_OPERATOR, VOICE = (rank.bit for rank in RANKS)


def highest(bits: int) -> int:
    """The bit of the highest rank held; 0 for none."""
    return next((rank.bit for rank in RANKS if bits & rank.bit), 0)


def symbols(bits: int, every: bool) -> str:
    """The prefix before a nick in NAMES and WHO: the highest, or (multi-prefix) `every` one, highest
    first.
    """
    if not bits:
        return ""
    held = "".join(rank.symbol for rank in RANKS if bits & rank.bit)
    return held if every else held[:1]


USER_MODES: dict[str, str] = {
    "B": "bot: a program or a language model, and says so",
    "i": "invisible: left out of WHO by those who share no room",
    "o": "operator of the server (set by OPER, given up by MODE -o)",
    "s": "operators: hears the server's notices of the letters that follow",
    "w": "hears WALLOPS",
}
SELF_SET_USER_MODES = frozenset("Biw")  # what a user may switch on by MODE; "o" only off


class ModeChange(NamedTuple):
    add: bool
    letter: str
    param: str | None = None


class ModeRequest(NamedTuple):
    """A MODE command's wishes, read but not judged."""

    changes: list[ModeChange]
    queries: list[str]  # list modes named without a mask: their lists are asked for
    unknown: list[str]  # letters that do not exist
    missing: list[str]  # letters that lack their parameter


def read_room_modes(params: Sequence[str]) -> ModeRequest:
    """`+o-v lola juan` as changes in order. Parameters are given out left to right."""
    request = ModeRequest([], [], [], [])
    rest = iter(params[1:])
    add = True
    for letter in params[0] if params else "":
        if letter in "+-":
            add = letter == "+"
            continue
        mode = ROOM_MODES.get(letter)
        if mode is None:
            request.unknown.append(letter)
            continue
        _read_one(request, add, letter, mode.kind, rest)
    return request


def _read_one(request: ModeRequest, add: bool, letter: str, kind: Kind, rest: Iterable[str]) -> None:
    if kind is Kind.FLAG or (kind is Kind.WHEN_SET and not add):
        request.changes.append(ModeChange(add, letter))
        return
    param = next(iter(rest), None)
    if param:
        request.changes.append(ModeChange(add, letter, param))
    elif kind is Kind.LIST:
        request.queries.append(letter)
    elif letter == "k" and not add:
        request.changes.append(
            ModeChange(add, letter, "*")
        )  # `MODE #room -k`: people do not remember the key
    else:
        request.missing.append(letter)


def write_modes(changes: Iterable[ModeChange]) -> list[str]:
    """Changes as the parameters of MODE: ["+o-v", "lola", "juan"]."""
    letters: list[str] = []
    params: list[str] = []
    sign: bool | None = None
    for change in changes:
        if change.add is not sign:
            sign = change.add
            letters.append("+" if sign else "-")
        letters.append(change.letter)
        if change.param is not None:
            params.append(change.param)
    return ["".join(letters), *params]


def fitting(changes: Sequence[ModeChange], room_bytes: int) -> list[str]:
    """Changes as the words of as few MODE lines as hold them, each of at most so many bytes."""
    words = " ".join(write_modes(changes))
    if len(words.encode()) <= room_bytes or len(changes) < 2:
        return [words]
    middle = len(changes) // 2
    return fitting(changes[:middle], room_bytes) + fitting(changes[middle:], room_bytes)


def letters_of(kind: Kind) -> str:
    return "".join(letter for letter, mode in ROOM_MODES.items() if mode.kind is kind)
