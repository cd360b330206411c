"""The plain door's mind: what a person types into lines for the server, and the server's lines into words.

What belongs here: `PlainCore`, which is pure: text or a line in, actions out. What must not: sockets, bytes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from tertulia.limits import NICK_CHARACTERS, PLAIN_MESSAGE_BYTES, PLAIN_NAMES_SHOWN, PLAIN_WAITING_LINES
from tertulia.protocol.casemap import fold
from tertulia.protocol.line import Line, nick_of
from tertulia.protocol.names import is_room, valid_nick
from tertulia.protocol.text import cut
from tertulia.transports.plain_texts import (
    HELP,
    LANGUAGES,
    NAME_REFUSALS,
    REFUSALS,
    SILENT,
    say,
)


class Show(NamedTuple):
    """A line for the person's screen."""

    text: str


class Send(NamedTuple):
    """A line for the server, without CR LF."""

    line: str


Action = Show | Send


@dataclass(frozen=True, slots=True)
class PlainSettings:
    room: str = "#tertulia"  # where everybody lands
    language: str = "es"  # until somebody says /lang
    network: str = "Tertulia"


class Phase(Enum):
    ASKING = "asking for a name"
    NAMED = "the server thinks about the name"
    ENTERING = "on the way into a room"
    IN = "in"


class PlainCore:
    """One person at the plain door."""

    def __init__(self, settings: PlainSettings) -> None:
        self.settings = settings
        self.phase = Phase.ASKING
        self.nick = ""
        self.rooms: list[str] = []  # entered, the one spoken to last
        self.language: str | None = None  # both
        self._introduced = False  # USER was sent
        self._leaving = False
        self._waiting: list[str] = []  # typed before it could be said
        self._names: dict[str, tuple[list[str], int]] = {}  # of each room: the first few, and how many more

    @property
    def room(self) -> str | None:
        return self.rooms[-1] if self.rooms else None

    def greet(self) -> list[Action]:
        return [self._say("greeting", network=self.settings.network), *self._ask()]

    # --- what the person types ------------------------------------------------------------------------------

    def typed(self, text: str) -> list[Action]:
        """One line of the keyboard."""
        text = text.strip()
        if text.startswith("/") and not text.startswith("//"):
            word, _, rest = text[1:].partition(" ")
            if self.phase is Phase.IN or (self.phase is Phase.ASKING and word.lower() in _BEFORE):
                return self._command(word.lower(), rest.strip())
        if self.phase is Phase.ASKING:
            return self._introduce(text)
        if self.phase is not Phase.IN:
            return self._wait(text)
        if not text:
            return []
        if self.room is None:
            return [self._say("no_room", room=self.settings.room)]
        return self._messages(self.room, text[1:] if text.startswith("//") else text)

    def ended(self) -> list[Action]:
        """The keyboard is gone (the end of a pipe): what was typed is still said, then the person leaves."""
        if self.phase in (Phase.NAMED, Phase.ENTERING):
            self._waiting.append("/quit")
            return []
        return self._quit("")

    def _introduce(self, text: str) -> list[Action]:
        name = unicodedata.normalize("NFC", text)
        if not name:
            return self._ask()
        if not valid_nick(name):
            return [self._say("bad_name", limit=NICK_CHARACTERS), *self._suggest(name), *self._ask()]
        self.nick = name
        self.phase = Phase.NAMED
        actions: list[Action] = [Send(f"NICK {name}")]
        if not self._introduced:
            self._introduced = True
            actions.append(Send(f"USER plain 0 * :{name}"))
        return actions

    def _suggest(self, name: str) -> list[Action]:
        """Ana María could be Ana_María."""
        better = re.sub(r"[^\w-]+", "_", name).strip("_-")[:NICK_CHARACTERS]
        return [self._say("try_name", name=better)] if valid_nick(better) else []

    def _wait(self, text: str) -> list[Action]:
        if len(self._waiting) >= PLAIN_WAITING_LINES:
            return [self._say("too_much_waiting")]
        self._waiting.append(text)
        return []

    def _ask(self) -> list[Action]:
        return [Show(say(self.language, "ask"))]

    def _messages(self, target: str, text: str, before: str = "", after: str = "") -> list[Action]:
        """One PRIVMSG, or as many as it takes, cut between words."""
        room = PLAIN_MESSAGE_BYTES - len(before) - len(after)
        pieces = (piece.strip() for piece in cut(text, room))
        return [Send(f"PRIVMSG {target} :{before}{piece}{after}") for piece in pieces if piece]

    # --- commands -------------------------------------------------------------------------------------------

    def _command(self, word: str, rest: str) -> list[Action]:
        method = _COMMANDS.get(word)
        if method is None:
            return [self._say("unknown", name=word)]
        return method(self, rest)

    def _help(self, rest: str) -> list[Action]:
        return [Show(line) for line in HELP[self.language or self.settings.language]]

    def _who(self, rest: str) -> list[Action]:
        room = rest.split(" ")[0] or self.room
        return [Send(f"NAMES {room}")] if room else [self._say("no_room", room=self.settings.room)]

    def _join(self, rest: str) -> list[Action]:
        room, _, key = rest.partition(" ")
        if not room:
            return [self._say("usage_join")]
        room = room if is_room(room) else f"#{room}"
        for entered in self.rooms:
            if fold(entered) == fold(room):  # back to it
                self._enter(entered)
                return [self._say("here", room=entered)]
        self.phase = Phase.ENTERING  # what is typed next is meant for that room
        return [Send(f"JOIN {room} {key}".rstrip())]

    def _part(self, rest: str) -> list[Action]:
        room = rest.split(" ")[0] or self.room
        return [Send(f"PART {room}")] if room else [self._say("no_room", room=self.settings.room)]

    def _me(self, rest: str) -> list[Action]:
        if self.room is None:
            return [self._say("no_room", room=self.settings.room)]
        return self._messages(self.room, rest, "\x01ACTION ", "\x01") if rest else [self._say("usage_me")]

    def _msg(self, rest: str) -> list[Action]:
        target, _, text = rest.partition(" ")
        return self._messages(target, text.strip()) if text.strip() else [self._say("usage_msg")]

    def _name(self, rest: str) -> list[Action]:
        name = unicodedata.normalize("NFC", rest)
        if not name:
            return [self._say("usage_name")]
        if not valid_nick(name):
            return [self._say("bad_name", limit=NICK_CHARACTERS), *self._suggest(name)]
        return [Send(f"NICK {name}")]

    def _topic(self, rest: str) -> list[Action]:
        if self.room is None:
            return [self._say("no_room", room=self.settings.room)]
        return [Send(f"TOPIC {self.room} :{rest}" if rest else f"TOPIC {self.room}")]

    def _list(self, rest: str) -> list[Action]:
        return [Send("LIST")]

    def _lang(self, rest: str) -> list[Action]:
        if rest.lower() not in LANGUAGES:
            return [self._say("languages")]
        self.language = rest.lower()
        told = [self._say("language"), *(self._ask() if self.phase is Phase.ASKING else ())]
        return [*told, Send(f"LANGUAGE {self.language}")]  # for what the server says to people itself

    def _pass(self, rest: str) -> list[Action]:
        if not rest or self._introduced:
            return [self._say("usage_pass")]
        return [Send(f"PASS :{rest}"), *self._ask()]

    def _quit(self, rest: str) -> list[Action]:
        self._leaving = True
        return [Send(f"QUIT :{rest}" if rest else "QUIT")]

    # --- what the server says -------------------------------------------------------------------------------

    def heard(self, line: Line) -> list[Action]:
        """One line of the server. What a person need not know gives nothing."""
        hear = _HEARD.get(line.command)
        try:
            if hear is not None:
                return hear(self, line)
            if line.command in NAME_REFUSALS:
                return self._name_refused(line)
            if len(line.command) == 3 and line.command[0] in "45" and line.command not in SILENT:
                return self._refusal(line)
        except IndexError:  # fewer parameters than the protocol promises: nothing a person could use
            pass
        return []

    def _ping(self, line: Line) -> list[Action]:
        return [Send(f"PONG :{line.params[-1]}")]

    def _registered(self, line: Line) -> list[Action]:
        self.nick = line.params[0]
        self.phase = Phase.ENTERING
        self.language = self.language or self.settings.language
        return [self._say("welcome", name=self.nick), Send(f"JOIN {self.settings.room}")]

    def _joined(self, line: Line) -> list[Action]:
        nick, room = self._from(line), line.params[0]
        if fold(nick) != fold(self.nick):
            return [self._event(room, "joins", nick=nick)]
        self._enter(room)
        return [self._say("here", room=room), *self._now_in()]

    def _parted(self, line: Line) -> list[Action]:
        nick, room = self._from(line), line.params[0]
        if fold(nick) != fold(self.nick):
            return [self._event(room, "parts", line.params[1:], nick=nick)]
        self._leave(room)
        return [self._say("left", room=room)]

    def _quitted(self, line: Line) -> list[Action]:
        return [self._event(None, "quits", line.params, nick=self._from(line))]

    def _kicked(self, line: Line) -> list[Action]:
        room, whom, nick = line.params[0], line.params[1], self._from(line)
        if fold(whom) != fold(self.nick):
            return [self._event(room, "kicks", line.params[2:], nick=nick, whom=whom)]
        self._leave(room)
        return [self._event(None, "kicked", line.params[2:], nick=nick, room=room)]

    def _renamed(self, line: Line) -> list[Action]:
        nick, new = self._from(line), line.params[0]
        if fold(nick) != fold(self.nick):
            return [self._say("renamed", nick=nick, new=new)]
        self.nick = new
        return [self._say("you_renamed", new=new)]

    def _topic_set(self, line: Line) -> list[Action]:
        room, topic = line.params[0], line.params[1]
        return [
            self._event(room, "topic_set" if topic else "topic_cleared", nick=self._from(line), topic=topic)
        ]

    def _mode_set(self, line: Line) -> list[Action]:
        room, *modes = line.params
        if not is_room(room):
            return []
        return [self._say("mode", nick=self._from(line), room=room, modes=" ".join(modes))]

    def _invited(self, line: Line) -> list[Action]:
        return [self._say("invited", nick=self._from(line), room=line.params[1])]

    def _message(self, line: Line) -> list[Action]:
        nick, target, text = self._from(line), line.params[0], line.params[1]
        if text.startswith("\x01"):
            if not text.startswith("\x01ACTION "):
                return []  # CTCP: questions from program to program
            body = f"* {nick} {text[8:].rstrip(chr(1))}"
        else:
            body = f"<{nick}> {text}"
        if not is_room(target.lstrip("@+%&~")):
            body = f"[{nick} -> {say(self.language, 'you')}] {body.removeprefix(f'<{nick}> ')}"
            return [Show(body)]
        return [Show(self._where(target) + body)]

    def _notice(self, line: Line) -> list[Action]:
        target, text = line.params[0], line.params[1]
        if text.startswith("\x01"):
            return []
        if line.source is None or "!" not in line.source:
            return [Show(f"* {text}")]
        where = self._where(target) if is_room(target) else ""
        return [Show(f"{where}-{self._from(line)}- {text}")]

    def _some_names(self, line: Line) -> list[Action]:
        room, names = line.params[2], line.params[3].split()
        known, more = self._names.get(room, ([], 0))
        left = PLAIN_NAMES_SHOWN - len(known)
        known += [name.lstrip("~&@%+") for name in names[:left]]
        self._names[room] = (known, more + max(0, len(names) - left))
        return []

    def _all_names(self, line: Line) -> list[Action]:
        room = line.params[1]
        known, more = self._names.pop(room, ([], 0))
        names = ", ".join(known)
        if more:
            names = say(self.language, "names_more", names=names, more=more)
        return [self._say("names", room=room, names=names)] if names else []

    def _topic_is(self, line: Line) -> list[Action]:
        return [self._say("topic", room=line.params[1], topic=line.params[2])]

    def _no_topic(self, line: Line) -> list[Action]:
        return [self._say("no_topic", room=line.params[1])]

    def _room_row(self, line: Line) -> list[Action]:
        _, room, count, topic = line.params[:4]
        return [self._say("room_row", room=room, count=count, topic=topic)]

    def _is_away(self, line: Line) -> list[Action]:
        return [self._say("away", nick=line.params[1], why=line.params[2])]

    def _words(self, line: Line) -> list[Action]:
        return [Show(f"* {line.params[-1]}")]

    def _failed(self, line: Line) -> list[Action]:
        return [*self._words(line), *self._now_in()]

    def _error(self, line: Line) -> list[Action]:
        return [self._say("goodbye") if self._leaving else self._say("closing", why=line.params[-1])]

    def _name_refused(self, line: Line) -> list[Action]:
        name = line.params[1] if len(line.params) > 2 else self.nick
        why = self._say(NAME_REFUSALS[line.command], name=name, limit=NICK_CHARACTERS)
        if self.phase is not Phase.NAMED:
            return [why]
        self.phase = Phase.ASKING
        gone = "/quit" in self._waiting
        self._waiting.clear()  # meant for the room, not as a name
        return [why, *(self._quit("") if gone else self._ask())]

    def _refusal(self, line: Line) -> list[Action]:
        key = REFUSALS.get(line.command, "refused")
        actions: list[Action] = [self._say(key, what=line.params[1], why=line.params[-1])]
        return actions + self._now_in()

    # --- helpers --------------------------------------------------------------------------------------------

    def _now_in(self) -> list[Action]:
        """The room is reached, or refused: what was typed in the meantime is said."""
        if self.phase is not Phase.ENTERING:
            return []
        self.phase = Phase.IN
        waiting, self._waiting = self._waiting, []
        return [action for text in waiting for action in self.typed(text)]

    def _enter(self, room: str) -> None:
        self._leave(room)
        self.rooms.append(room)

    def _leave(self, room: str) -> None:
        self.rooms = [entered for entered in self.rooms if fold(entered) != fold(room)]

    def _from(self, line: Line) -> str:
        return nick_of(line.source or "")

    def _where(self, room: str) -> str:
        """Nothing for the room that is spoken to; another is named."""
        return "" if self.room is not None and fold(room) == fold(self.room) else f"[{room}] "

    def _event(self, room: str | None, key: str, reason: Sequence[str] = (), /, **values: object) -> Show:
        """A line about somebody; the room is named when it is not the one that is spoken to."""
        where = "" if room is None else self._where(room)
        why = f" ({reason[0]})" if reason and reason[0] else ""
        return Show(f"{where}* {say(self.language, key, **values)}{why}")

    def _say(self, key: str, **values: object) -> Show:
        return Show(f"* {say(self.language, key, **values)}")


_COMMANDS = {
    word: method
    for words, method in (
        ("help ayuda ?", PlainCore._help),
        ("names who nombres quien quién", PlainCore._who),
        ("join j entra entrar", PlainCore._join),
        ("part leave deja dejar", PlainCore._part),
        ("me yo", PlainCore._me),
        ("msg m query priv", PlainCore._msg),
        ("name nick nombre", PlainCore._name),
        ("topic tema", PlainCore._topic),
        ("rooms list salas", PlainCore._list),
        ("lang language idioma", PlainCore._lang),
        ("pass contraseña", PlainCore._pass),
        ("quit exit bye salir adiós adios", PlainCore._quit),
    )
    for word in words.split()
}
_BEFORE_A_NAME = ("_help", "_lang", "_pass", "_quit")
# Later everything keeps its order: `/quit` waits for what was typed before it.
_BEFORE = frozenset(word for word, method in _COMMANDS.items() if method.__name__ in _BEFORE_A_NAME)

_HEARD = {
    "PING": PlainCore._ping,
    "001": PlainCore._registered,
    "JOIN": PlainCore._joined,
    "PART": PlainCore._parted,
    "QUIT": PlainCore._quitted,
    "KICK": PlainCore._kicked,
    "NICK": PlainCore._renamed,
    "TOPIC": PlainCore._topic_set,
    "MODE": PlainCore._mode_set,
    "INVITE": PlainCore._invited,
    "PRIVMSG": PlainCore._message,
    "NOTICE": PlainCore._notice,
    "353": PlainCore._some_names,
    "366": PlainCore._all_names,
    "332": PlainCore._topic_is,
    "331": PlainCore._no_topic,
    "322": PlainCore._room_row,
    "301": PlainCore._is_away,
    "372": PlainCore._words,
    "FAIL": PlainCore._failed,
    "WARN": PlainCore._words,
    "NOTE": PlainCore._words,
    "WALLOPS": PlainCore._words,
    "ERROR": PlainCore._error,
}
