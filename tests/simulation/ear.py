"""What one connection hears, understood as a strict client would: every line must make sense where it stands.

What belongs here: the view from outside (own nick, rooms and who is in them, batches, labels), and rules that
one connection can check alone. What must not: comparing with what others heard or the server knows
(`hearing`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from tertulia.limits import LINE_BYTES, SERVER_TAG_BYTES
from tertulia.protocol import capabilities as cap
from tertulia.protocol.casemap import fold
from tertulia.protocol.line import Line, nick_of, parse
from tertulia.protocol.names import is_room
from tertulia.server.session import Session
from tests.simulation.journal import UNIT, Journal, Key, unit_of

SPOKEN = ("PRIVMSG", "NOTICE", "TAGMSG")
# The words of a QUIT by KILL are the killer's.
TIMELY = (
    "PART",
    "KICK",
    "QUIT",
    "TOPIC",
    "SETNAME",
)  # events whose words carry the unit of their own command
MARK = "[…]"
UNDERSTOOD = tuple(
    name
    for name in (
        "message-tags", "server-time", "batch", "echo-message", "labeled-response", "multi-prefix",
        "userhost-in-names", "extended-join", "away-notify", "cap-notify", "setname", "invite-notify",
        "standard-replies", "draft/chathistory", "draft/multiline", "tertulia.chat/stream", "account-notify",
        "account-tag", "no-implicit-names", "draft/channel-rename", "draft/read-marker", "draft/authtoken",
        "tertulia.chat/stream-whole",
        "soju.im/search", "draft/persistence", "draft/event-playback", "draft/metadata-2", "draft/webpush",
    )
    if name in cap.BY_NAME
)  # fmt: skip
"""The capabilities that simulated members ask for: those whose effects this file knows."""
REPLAYS = ("chathistory", "soju.im/search")
CONCATS = ("draft/multiline-concat", "tertulia.chat/concat")


class Wrong(AssertionError):
    """The server did what it must not. `str()` says what."""


@dataclass
class Heard:
    """One form in which an utterance came."""

    form: str  # "line", "multiline", "stream"
    text: str
    tags: dict[str, str]
    end_tags: dict[str, str] = field(default_factory=dict)


@dataclass
class Batch:
    kind: str
    target: str
    source: str
    tags: dict[str, str]
    outer: Batch | None
    parts: list[tuple[str, bool]] = field(default_factory=list)
    command: str = "PRIVMSG"

    @property
    def replay(self) -> bool:
        return self.kind in REPLAYS or (self.outer is not None and self.outer.replay)

    @property
    def text(self) -> str:
        return "".join(
            part if concat or not at else f"\n{part}" for at, (part, concat) in enumerate(self.parts)
        )


class Ear:
    """Give it every write of the server (`hear`); it raises `Wrong`."""

    def __init__(self, journal: Journal, note: Callable[[str], None]) -> None:
        self.journal = journal
        self.note = note
        self.session: Session
        self.nick = ""  # empty until welcomed
        self.names_borne: set[str] = set()
        self.rooms: dict[str, set[str]] = {}  # folded room to the nicks in it
        self.unseen: set[str] = set()  # rooms of which it has not been told who is in them
        self.dim: set[str] = set()  # rooms of which it may list some who are hidden from it by now (mode u)
        self.names: dict[str, set[str]] = {}  # NAMES replies still growing
        self.capabilities = 0
        self.batches: dict[str, Batch] = {}
        self.answers: dict[str, int] = {}  # label to how often it was answered
        self.heard: dict[Key, list[Heard]] = {}
        self.deaf_to: set[int] = set()  # units of streams that ended for us when we left the room
        self.replayed: list[tuple[str, list[str]]] = []  # history: target, msgids in order
        self.pings: list[str] = []
        self.lines = 0
        self._room_place: dict[str, int] = {}  # latest place in the order of commands, by room
        self._speaker_place: dict[object, int] = {}  # and by speaker
        self._latest = self._reply_place = 0
        self.refusals = 0  # of what it said itself, heard in this tick

    def hear(self, data: bytes) -> None:
        for raw in data.split(b"\r\n")[:-1]:
            self.lines += 1
            self.note(raw.decode(errors="replace"))
            self._line(raw)

    # --- lines --------------------------------------------------------------------------------------------

    def _line(self, raw: bytes) -> None:
        tags, _, rest = raw.partition(b" ") if raw[:1] == b"@" else (b"", b"", raw)
        if b"\r" in raw or b"\n" in raw or b"\0" in raw:
            raise Wrong("CR, LF or NUL inside a line")
        if len(tags) > SERVER_TAG_BYTES or len(rest) > LINE_BYTES - 2:
            raise Wrong(f"a line of {len(tags)} and {len(rest)} bytes")
        line = parse(raw.decode())
        heard_tags = line.tags or {}
        self._tags_wanted(line, heard_tags)
        if "label" in heard_tags:
            self.answers[heard_tags["label"]] = self.answers.get(heard_tags["label"], 0) + 1
        batch = None
        if "batch" in heard_tags:
            batch = self.batches.get(heard_tags["batch"])
            if batch is None:
                raise Wrong("a line of a batch that is not open")
        if line.command == "BATCH":
            self._batch(line, batch)
        elif batch is not None and batch.kind in ("draft/multiline", "tertulia.chat/stream"):
            batch.parts.append((line.params[-1], any(mark in heard_tags for mark in CONCATS)))
            batch.command = line.command
        elif batch is not None and batch.replay:
            if line.command in SPOKEN[:2]:
                self.replayed[-1][1].append(heard_tags.get("msgid", ""))
        elif batch is None or batch.kind != "draft/chathistory-targets":
            self._live(line, heard_tags)

    def _tags_wanted(self, line: Line, tags: dict[str, str]) -> None:
        """Tags, and batches, for who asked for them; what began so is served so to its end."""
        reference = line.params[0] if line.command == "BATCH" else ""
        if tags.get("batch", reference[1:]) in self.batches:
            return
        if reference and fold(nick_of(line.source or "")) in self.names_borne:
            return  # the echo of a batch that it opened itself, while it could
        if tags and not self.capabilities & cap.TAGGING:
            raise Wrong("tags for a client that asked for none")
        if reference and not self.capabilities & cap.BATCH:
            raise Wrong("a batch for a client that did not ask for batches")

    def _batch(self, line: Line, outer: Batch | None) -> None:
        sign, reference = line.params[0][0], line.params[0][1:]
        if sign == "+":
            if reference in self.batches:
                raise Wrong(f"batch {reference} opened twice")
            target = line.params[2] if len(line.params) > 2 else ""
            batch = Batch(line.params[1], target, line.source or "", line.tags or {}, outer)
            self.batches[reference] = batch
            if batch.kind in REPLAYS:
                self.replayed.append((target, []))
            return
        opened = self.batches.pop(reference, None)
        if opened is None:
            raise Wrong(f"batch {reference} closed, but not open")
        if opened.kind == "draft/multiline" and opened.replay:
            self.replayed[-1][1].append(opened.tags.get("msgid", ""))
        elif opened.kind in ("draft/multiline", "tertulia.chat/stream"):
            form = "multiline" if opened.kind == "draft/multiline" else "stream"
            unit = unit_of(opened.text) or unit_of("".join(opened.tags.values()))
            self._utterance(
                opened.source, opened.command, opened.target, unit,
                Heard(form, opened.text, opened.tags, line.tags or {}),
            )  # fmt: skip

    def _live(self, line: Line, tags: dict[str, str]) -> None:
        source = line.source or ""
        if line.command in SPOKEN and "!" in source:
            text = line.params[1] if len(line.params) > 1 else ""
            unit = unit_of(text) or unit_of("".join(tags.values()))
            self._utterance(source, line.command, line.params[0], unit, Heard("line", text, tags))
            return
        if _timely(line):
            room = fold(line.params[0]) if line.params and is_room(line.params[0]) else None
            self._in_time(unit_of(" ".join(line.params[1 if room else 0 :])), room)
        handler = _HANDLERS.get(line.command)
        if handler is not None:
            handler(self, line, nick_of(source))

    def _utterance(self, source: str, kind: str, target: str, unit: int | None, heard: Heard) -> None:
        if unit is None and heard.text.strip() == MARK:
            unit = self._broken_off(source, target)
        bare = target.lstrip("~&@%+") if target.lstrip("~&@%+")[:1] == "#" else target
        own = fold(nick_of(source)) == fold(self.nick)
        if is_room(bare):
            if fold(bare) not in self.rooms and not own:  # a room without +n can be spoken to from outside
                raise Wrong(f"{kind} from {source} in {target}, where it is not a member")
        elif fold(target) != fold(self.nick) and not own and not self._grows(unit):
            raise Wrong(f"{kind} from {source} to {target}, who is somebody else")
        if unit is None:
            return
        if unit in self.deaf_to:
            raise Wrong(f"more of the stream u{unit}. after the room was left")
        if heard.form == "line" and not self._grows(unit):
            self._in_time(unit, fold(target) if is_room(target) else None)
        self.heard.setdefault((unit, target, kind), []).append(heard)

    def _broken_off(self, source: str, target: str) -> int | None:
        """Of which stream a lone mark is the end: one that was heard, and has broken off without a mark."""
        for spoken in self.journal.open.values():
            if (spoken.message.source, spoken.message.target) != (source, target):
                continue
            heard, end = self.heard.get(spoken.key, []), spoken.end
            if end is not None and end.state and heard and not heard[-1].text.endswith(MARK):
                return spoken.unit
        return None

    def _grows(self, unit: int | None) -> bool:
        """Whether it is a stream's: these keep the target, and the speaker's name, of their opening."""
        return unit is not None and any(
            spoken.stream and spoken.unit == unit for spoken in self.journal.open.values()
        )

    # --- order --------------------------------------------------------------------------------------------

    def _in_time(self, unit: int | None, room: str | None) -> None:
        """Nothing overtakes: in one room, from one speaker, and before or after an answer."""
        place = self.journal.carried.get(unit or 0)
        if place is None or unit is None:
            return
        if place < self._reply_place:
            raise Wrong(f"u{unit}. was overtaken by the answer to a later command")
        speaker = self.journal.speakers[unit]
        if place < self._speaker_place.get(speaker, 0):
            raise Wrong(f"u{unit}. was overtaken by something later from the same member")
        if room is not None and place < self._room_place.get(room, 0):
            raise Wrong(f"u{unit}. was overtaken in its room")
        self._speaker_place[speaker] = place
        if room is not None:
            self._room_place[room] = place
        self._latest = max(self._latest, place)

    def fail(self, line: Line, nick: str) -> None:
        if line.params[:1] in (["PRIVMSG"], ["NOTICE"]) and "NOT_STORED" in line.params:
            self.refusals += 1

    def notice(self, line: Line, nick: str) -> None:
        """The same, for who does not know FAIL."""
        self.refusals += bool(line.source and "!" not in line.source and _REFUSED.match(line.params[-1]))

    def pong(self, line: Line, nick: str) -> None:
        found = UNIT.search(line.params[-1])
        place = self.journal.carried.get(int(found[1]), 0) if found else 0
        if (
            place
            and not self.session.closing
            and self.refusals < self.journal.refused_before(self.session, place)
        ):
            raise Wrong(f"the answer to {line.params[-1]} came before the refusal of something earlier")
        if place and place < self._latest:
            raise Wrong(f"the answer to {line.params[-1]} came after something later")
        self._reply_place = max(self._reply_place, place)

    # --- the view -----------------------------------------------------------------------------------------

    def welcome(self, line: Line, nick: str) -> None:
        self.nick = line.params[0]
        self.names_borne.add(fold(self.nick))

    def capability(self, line: Line, nick: str) -> None:
        if line.params[1] == "ACK":
            wanted = cap.request(self.capabilities, line.params[-1])
            assert wanted is not None
            self.capabilities = wanted

    def join(self, line: Line, nick: str) -> None:
        room = fold(line.params[0])
        if fold(nick) == fold(self.nick):
            if room in self.rooms:
                raise Wrong(f"joined {room} twice")
            self.rooms[room] = set()
            if "no-implicit-names" in cap.names(self.capabilities):
                self.unseen.add(room)
        self._place(room).add(fold(nick))

    def part(self, line: Line, nick: str) -> None:
        self._leaves(fold(line.params[0]), nick)

    def kick(self, line: Line, nick: str) -> None:
        self._leaves(fold(line.params[0]), line.params[1])

    def quit(self, line: Line, nick: str) -> None:
        known = [room for room, members in self.rooms.items() if fold(nick) in members]
        if not known and not self.unseen:
            raise Wrong(f"{nick} quit, who was in no room of ours")
        for room in known:
            self.rooms[room].discard(fold(nick))

    def rename(self, line: Line, nick: str) -> None:
        new = line.params[0]
        known = fold(nick) == fold(self.nick)
        if known:
            self.nick = new
            self.names_borne.add(fold(new))
        for members in self.rooms.values():
            if fold(nick) in members:
                members.discard(fold(nick))
                members.add(fold(new))
                known = True
        if not known and not self.unseen:
            raise Wrong(f"{nick} is now {new}, and was in no room of ours")

    def name_reply(self, line: Line, nick: str) -> None:
        words = [word.lstrip("~&@%+").partition("!")[0] for word in line.params[3].split(" ")]
        self.names.setdefault(fold(line.params[2]), set()).update(map(fold, words))

    def end_of_names(self, line: Line, nick: str) -> None:
        room = fold(line.params[1])
        found = self.names.pop(room, set())
        if room not in self.rooms:
            return
        self.unseen.discard(room)
        dim = room in self.dim
        self.dim.discard(room)
        if not dim and self.rooms[room] - found and self.rooms[room] != {fold(self.nick)}:
            raise Wrong(f"NAMES of {room} left out {sorted(self.rooms[room] - found)}")
        self.rooms[room] = found

    def rename_room(self, line: Line, nick: str) -> None:
        old, new = fold(line.params[0]), fold(line.params[1])
        members = self._place(old)
        del self.rooms[old]
        self.rooms[new] = members
        for rooms in (self.unseen, self.dim):
            if old in rooms:
                rooms.discard(old)
                rooms.add(new)

    def mode(self, line: Line, nick: str) -> None:
        """Who is an operator of the server no longer may be shown less from now on."""
        self.happened(line, nick)
        if not is_room(line.params[0]):
            self.dim.update(self.rooms if "o" in line.params[1].partition("-")[2] else ())

    def happened(self, line: Line, nick: str) -> None:
        if is_room(line.params[0]) and "!" in (line.source or ""):
            self._place(fold(line.params[0]))

    def ping(self, line: Line, nick: str) -> None:
        self.pings.append(line.params[0])

    def _place(self, room: str) -> set[str]:
        if room not in self.rooms:
            raise Wrong(f"something of {room}, where it is not a member")
        return self.rooms[room]

    def _leaves(self, room: str, nick: str) -> None:
        members = self._place(room)
        if not {fold(nick), room} & {fold(self.nick), *members, *self.unseen}:
            raise Wrong(f"{nick} left {room} without having been there")
        members.discard(fold(nick))
        if fold(nick) == fold(self.nick):
            del self.rooms[room]
            self.unseen.discard(room)
            self.dim.discard(room)
            self.deaf_to |= {
                spoken.unit
                for spoken in self.journal.open.values()
                if spoken.unit is not None and spoken.room_key == room and self.session in spoken.left
            }


_REFUSED = re.compile("(PRIVMSG|NOTICE): N")  # "Nothing was said", "No se ha dicho"


def _timely(line: Line) -> bool:
    if line.command == "MODE":
        return len(line.params) > 1 and line.params[1] == "+b"
    return line.command in TIMELY and not line.params[-1].startswith("Killed (")


_HANDLERS: dict[str, Callable[[Ear, Line, str], None]] = {
    "001": Ear.welcome,
    "353": Ear.name_reply,
    "366": Ear.end_of_names,
    "CAP": Ear.capability,
    "FAIL": Ear.fail,
    "JOIN": Ear.join,
    "KICK": Ear.kick,
    "MODE": Ear.mode,
    "NICK": Ear.rename,
    "NOTICE": Ear.notice,
    "PART": Ear.part,
    "PING": Ear.ping,
    "PONG": Ear.pong,
    "QUIT": Ear.quit,
    "RENAME": Ear.rename_room,
    "TOPIC": Ear.happened,
}
