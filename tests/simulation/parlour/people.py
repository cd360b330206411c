"""Who talks to the models: people, a program that never heard of us, and an agent with an inbox.

What belongs here: what each may do, as lines. What must not: what models and server should make of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertulia.protocol.line import Line, parse
from tests.support.accounts import PASSWORD, plain
from tests.support.town import Client

if TYPE_CHECKING:
    from tests.simulation.parlour.world import Parlour

CAPS = (
    "message-tags server-time account-tag standard-replies batch tertulia.chat/stream draft/message-redaction"
)
ROOMS = ("#r", "#s")


class Person:
    """Somebody with one connection at a time, who remembers what it said and what it asked for."""

    def __init__(self, world: Parlour, name: str, account: str = "") -> None:
        self.world = world
        self.name = self.nick = name
        self.account = account
        self.client: Client | None = None
        self.withheld = False  # it has asked not to be shown to models elsewhere
        self.relents = False  # and is just taking that back
        self.units: dict[int, str] = {}  # of all that it said, to the nick it said it under

    def come(self) -> None:
        if self.client is not None and not self.client.wire.closed:
            return
        client = self.client = self.world.town.connect()
        self.nick = self.name
        if not self.account:  # a guest who comes again under another nick is another guest
            self.units = {unit: nick for unit, nick in self.units.items() if nick == self.nick}
            self.withheld = self.withheld and self.world.is_withheld(self)
        lines = ["CAP LS 302", f"CAP REQ :{CAPS}"]
        if self.account:
            lines = ["CAP LS 302", f"CAP REQ :sasl {CAPS}", "AUTHENTICATE PLAIN",
                     f"AUTHENTICATE {plain(self.account, PASSWORD)}"]  # fmt: skip
        client.send(*lines, f"NICK {self.nick}", f"USER {self.name} 0 * :{self.name}", "CAP END")
        client.send("JOIN #r,#s")

    def send(self, line: str) -> None:
        if self.client is not None and not self.client.wire.closed:
            self.world.note(f"{self.nick}> {line}")
            self.client.send(line)

    def say(self, text: str, target: str = "") -> int:
        """With its unit's number, which is returned; in one of the rooms unless a target is given."""
        unit = self.world.number()
        self.units[unit] = self.nick
        self.send(f"PRIVMSG {target or self.world.rng.choice(ROOMS)} :{text.format(unit=f'u{unit}.')}")
        return unit

    def hear(self) -> list[Line]:
        return [parse(text) for text in self.client.take()] if self.client is not None else []


def act(person: Person) -> None:
    """One deed."""
    world, rng = person.world, person.world.rng
    one, two = rng.sample(world.models, 2)
    person.come()
    deed = rng.choices(
        ("talk", "ask", "burst", "follow", "stop", "round", "remind", "translate", "consent", "retry", "word",
         "rename", "away", "private", "scout", "robot", "settle", "react", "redact"),
        (14, 22, 4, 6, 6, 5, 4, 2, 4, 2, 3, 3, 2, 5, 8, 2, 2, 4, 8),
    )[0]  # fmt: skip
    if deed == "talk":
        person.say("{unit} " + rng.choice(("qué calor", "the weather is fine today", "no me lo creo")))
    elif deed == "ask":
        person.say(f"{one}: {{unit}} ¿qué es un socket?")
    elif deed == "burst":
        room = rng.choice(ROOMS)
        for text in (f"{one}: {{unit}} una cosa", "{unit} y otra", "{unit} y la última"):
            person.say(text, room)
    elif deed == "follow":
        person.say("{unit} ¿y por qué?")
    elif deed == "stop":
        world.promises.stops(person, person.world.rng.choice(ROOMS))
    elif deed == "round":
        kind = rng.choice(("", "vote ", "summary "))
        person.say(f"!round {kind}30s {rng.choice(('', f'@{one} @{two} '))}{{unit}} ¿tabs o espacios?")
    elif deed == "remind":
        when = rng.choice(("2m", "5m", "20m", "every 10m"))
        who = rng.choice(("", "", f"@{one}: "))
        person.send(f"PRIVMSG {rng.choice(ROOMS)} :!remind {when} {who}r{world.number()}. té")
    elif deed == "translate":
        person.send(f"PRIVMSG {rng.choice(ROOMS)} :!translate {rng.choice(('es', 'en', 'fr', 'off'))}")
    elif deed == "consent":
        person.relents = person.withheld
        person.send(f"PRIVMSG {rng.choice(ROOMS)} :!{'optin' if person.withheld else 'optout'}")
    elif deed == "retry":
        person.send(f"PRIVMSG {rng.choice(ROOMS)} :{rng.choice(('', f'{one}: '))}!retry")
    elif deed == "word":
        word = rng.choice(("help", "models", "usage", "summary", "catchup", "remind list", "nonsense"))
        person.send(f"PRIVMSG {rng.choice(ROOMS)} :!{word}")
    elif deed == "rename" and world.is_seen(person):
        person.nick = f"{person.name}{rng.choice(['', '2', '_'])}"
        person.send(f"NICK {person.nick}")
    elif deed == "away":
        person.send(f"{rng.choice(['PART', 'JOIN'])} {rng.choice(ROOMS)}")
    elif deed == "private":
        person.say("{unit} ¿qué tal?", one)
    elif deed == "scout":
        person.say("Scout: {unit} a ver", "#r")
    elif deed == "robot":
        person.say("@robot {unit} hola", "#r")
    elif deed == "redact":
        world.promises.takes_back(person)
    elif deed == "react":
        room = rng.choice(ROOMS)
        latest = max((one.id for one in world.store.messages.values() if one.buffer == room), default=0)
        person.send(f"@+draft/react=👍;+draft/reply={latest:x} TAGMSG {room}")
    else:
        room = rng.choice(ROOMS)
        person.send(f"PRIVMSG {room} :" + rng.choice(
            ("!hops 2", "!hops off", "!ambient on 5", "!ambient off", f"!admit {one}", "!admit all",
             "!prompt sé breve", "!prompt off", "!language es", "!language off")))  # fmt: skip


class Robot:
    """A program from elsewhere with the bot flag: it answers whoever names it, for ever."""

    def __init__(self, world: Parlour) -> None:
        self.world = world
        self.client = world.town.connect()
        self.client.send("NICK robot", "USER robot 0 * :robot", "MODE robot +B", "JOIN #r")

    def listen(self) -> bool:
        """Answer all that was heard; whether there was anything."""
        heard = [parse(text) for text in self.client.take() if "@robot" in text and " PRIVMSG " in text]
        for line in heard:
            asker = (line.source or "").partition("!")[0]
            self.client.send(f"PRIVMSG #r :¿qué tal, @{asker}? b{self.world.number()}.")
        return bool(heard)


class Scout:
    """An agent with a token: it claims, answers each event once with an acknowledgement, and often dies."""

    name = "Scout"

    def __init__(self, world: Parlour, token: str) -> None:
        self.world = world
        self.token = token
        self.client: Client | None = None
        self.claimed: list[tuple[str, str]] = []  # claim, msgid: still to be answered
        self.empty = False  # the last claim gave nothing

    def come(self) -> None:
        if self.client is not None and not self.client.wire.closed:
            return
        self.claimed, self.empty = [], False
        self.client = self.world.town.connect()
        self.client.send(
            "CAP LS 302", "CAP REQ :sasl message-tags batch standard-replies", "AUTHENTICATE PLAIN",
            f"AUTHENTICATE {plain(self.name, self.token)}", "NICK Scout", "USER Scout 0 * :Scout", "CAP END",
            "JOIN #r",
        )  # fmt: skip

    def die(self) -> None:
        """Its process is gone, with what it had claimed."""
        if self.client is not None and not self.client.wire.closed:
            self.client.wire.closed = True
            self.client.wire.receiver.lost("Connection reset by peer")
        self.client, self.claimed = None, []

    def act(self) -> None:
        self.come()
        assert self.client is not None
        self._hear()
        if self.claimed:
            self.answer()
        else:
            self.client.send(f"INBOX CLAIM {self.world.rng.randint(1, 5)} meant 30")

    def answer(self) -> None:
        assert self.client is not None
        claim, msgid = self.claimed.pop(0)
        self.client.send(
            f"@tertulia.chat/ack={claim},{msgid};+draft/reply={msgid} PRIVMSG #r :s{self.world.number()}."
        )

    def _hear(self) -> None:
        assert self.client is not None
        for line in map(parse, self.client.take()):
            tags = line.tags or {}
            if "tertulia.chat/claim" in tags and line.params[0] == "#r":
                self.claimed.append((tags["tertulia.chat/claim"], tags["msgid"]))
            elif "tertulia.chat/claim" in tags and line.command == "PRIVMSG":
                self.client.send(f"INBOX ACK {tags['tertulia.chat/claim']} {tags['msgid']}")
            elif line.command == "INBOX" and line.params[0] == "CLAIMED":
                self.empty = line.params[1] == "0"
            elif line.command == "FAIL" and line.params[:1] in (["PRIVMSG"], ["INBOX"]):
                self.claimed = []  # too late, or not stored: what is still to do is claimed again
