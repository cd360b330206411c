"""One connection without its socket: bytes in, events out, bytes to send.

What belongs here: registration, capabilities, and turning lines into events. What must not: sockets, clocks,
and what rooms look like (`view`). Bad input never raises: a line that cannot be understood is passed over.

The owner's loop: `receive(data)` and look at the events, then send what `take()` gives.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from tertulia.client import events as e
from tertulia.client.batches import CONCAT_TAGS, Batches
from tertulia.limits import LINE_BYTES, SASL_CHUNK, SERVER_TAG_BYTES
from tertulia.protocol.line import Line, format_line, parse

WANTED: Final = (
    "message-tags", "server-time", "batch", "echo-message", "labeled-response", "multi-prefix",
    "extended-join", "away-notify", "account-notify", "account-tag", "cap-notify", "standard-replies",
    "draft/chathistory", "draft/multiline", "draft/message-redaction", "soju.im/search",
    "tertulia.chat/stream", "tertulia.chat/stream-whole",
)  # fmt: skip
NICK_TRIES: Final = 4  # lola, lola_, lola__, lola___; then the name is refused
PARTIAL_BYTES: Final = SERVER_TAG_BYTES + LINE_BYTES  # a longer line is no IRC
_DEFAULT_SUPPORT: Final = {"PREFIX": "(ov)@+", "CHANMODES": "beI,k,l,imnst", "CHANTYPES": "#"}


class Session:
    """The client's end. `take()` after construction gives the opening lines."""

    def __init__(
        self,
        nick: str,
        *,
        user: str = "user",
        realname: str = "",
        password: str | None = None,
        login: tuple[str, str] | None = None,
        wanted: Iterable[str] = WANTED,
        watches_typing: bool = True,
    ) -> None:
        """`watches_typing`: False for a program that does nothing when others type, which in a room of ten
        models is most of what is said to each: those lines are passed over unread."""
        self.nick = nick
        self.registered = False
        self.capabilities: set[str] = set()
        self.isupport: dict[str, str] = dict(_DEFAULT_SUPPORT)
        self.offered: dict[str, str] = {}  # capability -> value, as the server advertised
        self._wanted = tuple(wanted)
        self._watches_typing = watches_typing
        self._out: list[str] = []
        self._partial = b""
        self._batches = Batches()
        self._names: dict[str, list[tuple[str, str]]] = {}
        self._tries = 0
        self._login = login  # account and password, for SASL PLAIN; `wanted` has "sasl" then
        if password is not None:
            self.send("PASS", password)
        self.send("CAP", "LS", "302")
        self.send("NICK", nick)
        self.send("USER", user, "0", "*", realname or nick)

    # --- Out ----------------------------------------------------------------------------------------------

    def send(self, command: str, *params: str, tags: Mapping[str, str] | None = None) -> None:
        """Queue one line. Line ends and NUL inside parameters become spaces: nobody smuggles a command."""
        safe = [param.translate(_UNSAFE) for param in params]
        self._out.append(format_line(Line(dict(tags) if tags else None, None, command, safe)))

    def take(self) -> bytes:
        """All that waits to be sent, and forget it."""
        if not self._out:
            return b""
        data = "\r\n".join([*self._out, ""]).encode()
        self._out.clear()
        return data

    def is_me(self, nick: str) -> bool:
        return nick == self.nick

    # --- In -----------------------------------------------------------------------------------------------

    def receive(self, data: bytes) -> list[e.Event]:
        """The events of all whole lines that are there now."""
        *lines, self._partial = (self._partial + data).split(b"\n")
        if len(self._partial) > PARTIAL_BYTES:
            self._partial = b""
        found: list[e.Event] = []
        for raw in lines:
            found += self._line(raw.rstrip(b"\r").decode(errors="replace"))
        return found

    def _line(self, text: str) -> list[e.Event]:
        if not self._watches_typing and _TYPING.match(text):
            return []
        line = parse(text)
        handler = _HANDLERS.get(line.command)
        if handler is None:
            if line.command.isdigit() and line.params:
                return [e.Numeric(line.command, tuple(line.params[1:]))]
            return []
        least, function = handler
        return function(self, line) if len(line.params) >= least else []

    # --- Registration -------------------------------------------------------------------------------------

    def _cap(self, line: Line) -> list[e.Event]:
        verb, names = line.params[1].upper(), line.params[-1].split()
        if verb in ("LS", "NEW"):
            self.offered.update((name, value) for name, _, value in (item.partition("=") for item in names))
            if len(line.params) == 3:  # no "*": the last line of the list
                self._request(
                    set(self.offered) if verb == "LS" else {name.partition("=")[0] for name in names}
                )
        elif verb == "ACK":
            for name in names:
                (self.capabilities.discard if name[0] == "-" else self.capabilities.add)(
                    name.removeprefix("-")
                )
        elif verb == "DEL":
            self.capabilities.difference_update(names)
        if verb in ("ACK", "NAK") and not self.registered:
            if self._login is not None and "sasl" in self.capabilities:
                self.send("AUTHENTICATE", "PLAIN")
            else:
                self.send("CAP", "END")
        return []

    def _authenticate(self, line: Line) -> list[e.Event]:
        """ "AUTHENTICATE +": the response of PLAIN, in chunks (IRCv3 sasl-3.1)."""
        if self._login is not None and line.params[0] == "+":
            account, password = self._login
            text = b64encode(f"\0{account}\0{password}".encode()).decode()
            chunks = [text[at : at + SASL_CHUNK] for at in range(0, len(text), SASL_CHUNK)]
            for chunk in [*chunks, *(["+"] if len(chunks[-1]) == SASL_CHUNK else [])]:
                self.send("AUTHENTICATE", chunk)
        return []

    def _logged_in(self, line: Line) -> list[e.Event]:
        if not self.registered:
            self.send("CAP", "END")
        return [e.Numeric(line.command, tuple(line.params[1:]))]

    def _login_refused(self, line: Line) -> list[e.Event]:
        numeric = e.Numeric(line.command, tuple(line.params[1:]))
        return [numeric] if self.registered else [e.Refused(line.command, line.params[-1])]

    def _request(self, offered: set[str]) -> None:
        wanted = [name for name in self._wanted if name in offered and name not in self.capabilities]
        if wanted:
            self.send("CAP", "REQ", " ".join(wanted))  # all our names fit one line; a test counts
        elif not self.registered:
            self.send("CAP", "END")

    def _welcome(self, line: Line) -> list[e.Event]:
        self.nick = line.params[0]
        return []

    def _support(self, line: Line) -> list[e.Event]:
        for item in line.params[1:-1]:
            name, _, value = item.partition("=")
            if name.startswith("-"):
                self.isupport.pop(name[1:], None)
            else:
                self.isupport[name] = value
        return []

    def _ready(self, line: Line) -> list[e.Event]:
        """The end of the MOTD, or its absence, ends registration: ISUPPORT has come by then."""
        if self.registered:
            return [e.Numeric(line.command, tuple(line.params[1:]))]
        self.registered = True
        return [e.Registered(self.nick, frozenset(self.capabilities), dict(self.isupport))]

    def _nick_refused(self, line: Line) -> list[e.Event]:
        self._tries += 1
        if self.registered:
            return [e.Numeric(line.command, tuple(line.params[1:]))]
        if line.command == "433" and self._tries < NICK_TRIES:
            self.nick += "_"
            self.send("NICK", self.nick)
            return []
        return [e.Refused(line.command, line.params[-1])]

    def _ping(self, line: Line) -> list[e.Event]:
        self.send("PONG", line.params[-1])
        return []

    # --- What is said -------------------------------------------------------------------------------------

    def _message(self, line: Line) -> list[e.Event]:
        tags = dict(line.tags or {})
        batch = self._batches.of(line)
        concat = any(tags.pop(name, None) is not None for name in CONCAT_TAGS)
        tags.pop("batch", None)
        text = line.params[1] if len(line.params) > 1 else ""
        message = e.Message(line.command, line.source or "", line.params[0], text, tags)
        return self._batches.message(message, batch, concat) if batch else [message]

    def _redact(self, line: Line) -> list[e.Event]:
        return [e.Redacted(line.params[0], line.params[1], _nick(line))]

    def _batch(self, line: Line) -> list[e.Event]:
        return self._batches.command(line)

    # --- Who is where -------------------------------------------------------------------------------------

    def _join(self, line: Line) -> list[e.Event]:
        account = line.params[1] if len(line.params) > 1 and line.params[1] != "*" else None
        bot = bool(line.tags and ("bot" in line.tags or "draft/bot" in line.tags))
        return [e.Joined(_nick(line), room, account, bot) for room in line.params[0].split(",")]

    def _part(self, line: Line) -> list[e.Event]:
        return [e.Left(_nick(line), line.params[0], line.params[1] if len(line.params) > 1 else "")]

    def _kick(self, line: Line) -> list[e.Event]:
        return [
            e.Left(
                line.params[1], line.params[0], line.params[2] if len(line.params) > 2 else "", _nick(line)
            )
        ]

    def _account(self, line: Line) -> list[e.Event]:
        account = line.params[0]
        return [e.AccountChanged(_nick(line), None if account == "*" else account, line.source or "")]

    def _quit(self, line: Line) -> list[e.Event]:
        return [e.Left(_nick(line), None, line.params[0] if line.params else "")]

    def _nick(self, line: Line) -> list[e.Event]:
        old = _nick(line)
        if self.is_me(old):
            self.nick = line.params[0]
        return [e.NickChanged(old, line.params[0], line.source or "")]

    def _mode(self, line: Line) -> list[e.Event]:
        return [
            e.ModeChanged(
                line.params[0], _nick(line), tuple(self._mode_changes(line.params[0], line.params[1:]))
            )
        ]

    def _mode_changes(self, target: str, params: list[str]) -> Iterable[tuple[str, str, str | None]]:
        """Which letters take a parameter is said by ISUPPORT: PREFIX always, CHANMODES A and B always, C when
        set."""
        if target[:1] not in self.isupport.get("CHANTYPES", "#"):
            prefixed = always = when_set = ""
        else:
            lists = (self.isupport.get("CHANMODES", "") + ",,,").split(",")
            prefixed = self.isupport.get("PREFIX", "").partition(")")[0][1:]
            always, when_set = lists[0] + lists[1], lists[2]
        sign, rest = "+", list(params[1:])
        for letter in params[0]:
            if letter in "+-":
                sign = letter
            elif rest and (letter in prefixed + always or (letter in when_set and sign == "+")):
                yield sign, letter, rest.pop(0)
            else:
                yield sign, letter, None

    def _name_reply(self, line: Line) -> list[e.Event]:
        prefixes = self.isupport.get("PREFIX", "").partition(")")[2]
        names = self._names.setdefault(line.params[2], [])
        for item in line.params[3].split():
            bare = item.lstrip(prefixes)
            names.append((bare.partition("!")[0], item[: len(item) - len(bare)]))
        return []

    def _name_end(self, line: Line) -> list[e.Event]:
        return [e.Names(line.params[1], tuple(self._names.pop(line.params[1], [])))]

    # --- The rest -----------------------------------------------------------------------------------------

    def _topic(self, line: Line) -> list[e.Event]:
        return [e.TopicChanged(line.params[0], line.params[1], _nick(line))]

    def _topic_reply(self, line: Line) -> list[e.Event]:
        return [e.TopicChanged(line.params[1], line.params[2] if line.command == "332" else "")]

    def _away(self, line: Line) -> list[e.Event]:
        return [e.AwayChanged(_nick(line), line.params[0] if line.params else "")]

    def _invite(self, line: Line) -> list[e.Event]:
        return [e.Invited(line.params[0], line.params[1], _nick(line))]

    def _reply(self, line: Line) -> list[e.Event]:
        command, code, *context = line.params[:-1]
        return [e.Reply(line.command, command, code, tuple(context), line.params[-1])]

    def _pong(self, line: Line) -> list[e.Event]:
        return [e.Pong(line.params[-1])]

    def _inbox(self, line: Line) -> list[e.Event]:
        return [e.Inbox(tuple(line.params))]

    def _error(self, line: Line) -> list[e.Event]:
        return [e.Closed(line.params[0])]


def _nick(line: Line) -> str:
    return (line.source or "").partition("!")[0]


_TYPING: Final = re.compile(r"@[^ +]*\+typing=[a-z]+(?:;bot)? :[^ ]+ TAGMSG ")  # no other client-only tag
_UNSAFE: Final = {0: " ", 10: " ", 13: " "}

_HANDLERS: Final[dict[str, tuple[int, Callable[[Session, Line], list[e.Event]]]]] = {
    # command: (least parameters, handler)
    "CAP": (3, Session._cap),
    "001": (1, Session._welcome),
    "005": (2, Session._support),
    "376": (1, Session._ready),
    "422": (1, Session._ready),
    "431": (1, Session._nick_refused),
    "432": (1, Session._nick_refused),
    "433": (1, Session._nick_refused),
    "437": (1, Session._nick_refused),
    "464": (1, Session._nick_refused),
    "465": (1, Session._nick_refused),
    "AUTHENTICATE": (1, Session._authenticate),
    "903": (1, Session._logged_in),
    "902": (1, Session._login_refused),
    "904": (1, Session._login_refused),
    "905": (1, Session._login_refused),
    "PING": (1, Session._ping),
    "PONG": (1, Session._pong),
    "INBOX": (1, Session._inbox),
    "PRIVMSG": (2, Session._message),
    "NOTICE": (2, Session._message),
    "TAGMSG": (1, Session._message),
    "BATCH": (1, Session._batch),
    "REDACT": (2, Session._redact),
    "JOIN": (1, Session._join),
    "PART": (1, Session._part),
    "KICK": (2, Session._kick),
    "QUIT": (0, Session._quit),
    "NICK": (1, Session._nick),
    "ACCOUNT": (1, Session._account),
    "MODE": (2, Session._mode),
    "353": (4, Session._name_reply),
    "366": (2, Session._name_end),
    "TOPIC": (2, Session._topic),
    "331": (2, Session._topic_reply),
    "332": (3, Session._topic_reply),
    "AWAY": (0, Session._away),
    "INVITE": (2, Session._invite),
    "FAIL": (3, Session._reply),
    "WARN": (3, Session._reply),
    "NOTE": (3, Session._reply),
    "ERROR": (1, Session._error),
}
