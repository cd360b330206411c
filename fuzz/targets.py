"""The targets: each does one round with a seeded `Random`, and asserts what its part promises.

What belongs here: one function a target, entered into `TARGETS`. What must not: loops over rounds
(`__main__`).
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.support.town import Client, Town

from fuzz import material
from fuzz.sessions import sessions
from tertulia.commands.settings import Bounds, Operator
from tertulia.limits import INPUT_BYTES, PARAMETERS
from tertulia.ports import StoreError
from tertulia.protocol import capabilities as cap
from tertulia.protocol.framing import Framer, Refused
from tertulia.protocol.line import format_line, parse
from tertulia.protocol.modes import read_room_modes, write_modes
from tertulia.protocol.names import clean_user, complete_mask, mask_matches, valid_nick, valid_room
from tertulia.protocol.streaming import PlainLines
from tertulia.protocol.tags import escape, format_tags, parse_tags, unescape
from tertulia.protocol.text import cut

Target = Callable[[Random], None]


def framing(rng: Random) -> None:
    """However bytes are cut, the same lines come out; every line can be parsed, and what is parsed is
    stable.
    """
    data = material.stream(rng, rng.randint(1, 8))
    framer = Framer()
    pieces = [found for chunk in material.chunks(rng, data) for found in framer.feed(chunk)]
    assert pieces == Framer().feed(data), "the way the bytes were cut changed the lines"
    assert len(framer._partial) <= INPUT_BYTES
    for found in pieces:
        if isinstance(found, Refused):
            continue
        line = parse(found)
        assert len(line.params) <= PARAMETERS
        if line.command.isascii() and line.command.isalnum():
            assert parse(format_line(line)) == line._replace(tags=line.tags or None)


def tags(rng: Random) -> None:
    """Any text can be read as tags; what was read can be written, and read again."""
    text = ";".join(rng.choices(material.TAGS, k=rng.randint(0, 6)))
    text = material.mutated(rng, text.encode()).decode(errors="replace").replace(" ", "_")
    found = parse_tags(text)
    assert parse_tags(format_tags(found)) == found
    assert unescape(escape(text)) == text


def modes(rng: Random) -> None:
    """Any parameters can be read as modes; what was understood can be written, and read again."""
    params = [rng.choice(material.WORDS) for _ in range(rng.randint(0, 6))]
    params[:1] = ["".join(rng.choices("+-beIklimnstohvXñ", k=rng.randint(0, 12)))]
    changes = read_room_modes(params).changes
    assert not changes or read_room_modes(write_modes(changes)).changes == changes


def names(rng: Random) -> None:
    """Any text can be asked whether it is a name, completed to a mask, and matched."""
    text = material.mutated(rng, rng.choice(material.WORDS).encode()).decode(errors="replace")
    valid_nick(text), valid_room(text), clean_user(text)
    assert complete_mask(complete_mask(text)) == complete_mask(text)
    mask_matches(text, rng.choice(material.WORDS) * rng.randint(1, 50))


def texts(rng: Random) -> None:
    """Text of any kind is cut without loss, and fits."""
    text = "".join(
        rng.choice(material.WORDS) + rng.choice(["", " ", ". "]) for _ in range(rng.randint(0, 40))
    )
    limit = rng.randint(8, 200)
    pieces = cut(text, limit)
    assert "".join(pieces) == text and all(len(piece.encode()) <= limit for piece in pieces)
    plain = PlainLines(limit)
    lines = [line for piece in pieces for line in plain.feed(piece, rng.random() < 0.8)] + plain.end()
    assert "".join("".join(lines).split()) == "".join(text.split())


def hub(rng: Random) -> None:
    """A whole server under garbage from several clients: it goes on, answers the rest, and says only whole
    lines.
    """
    town = Town(operators=(Operator("root", "geheim"),), bounds=Bounds(flood=rng.random() < 0.3))
    clients = [_client(town, rng, nick) for nick in ("ana", "beto", "caro")]
    for _ in range(rng.randint(3, 25)):
        client = rng.choice(clients)
        for chunk in material.chunks(rng, material.stream(rng, rng.randint(1, 4))):
            if not client.wire.closed:
                client.wire.receiver.received(chunk)
        if rng.random() < 0.5:
            town.run()
        if rng.random() < 0.1:
            town.advance(rng.choice([0.3, 6.0, 40.0]))
    town.advance(1.0)
    for event, fields in town.log:  # the server survives a fault in one command, and says so
        if isinstance(fields.get("exc_info"), Exception):
            raise AssertionError(event) from fields["exc_info"]
    for client in clients:
        for text in client.take():
            assert len(text.partition(" ")[2].encode() if text[0] == "@" else text.encode()) <= 510, text
    _goes_on(town)


def _client(town: Town, rng: Random, nick: str) -> Client:
    names = " ".join(row.name for row in cap.CAPABILITIES if rng.random() < 0.5)
    return town.join(nick, "#a", caps=names)


def _goes_on(town: Town) -> None:
    """Somebody who behaves is served as if nothing had been."""
    visitor = town.join("visitante", "#visitantes")
    assert any(text.endswith("PONG tertulia.local :fence") for text in visitor.say("PING fence"))
    town.hub.drain("over")
    town.run()
    assert not town.hub.connections


TARGETS: dict[str, Target] = {
    "framing": framing, "tags": tags, "modes": modes, "names": names, "texts": texts, "hub": hub,
    "sessions": sessions,
}  # fmt: skip
DOCUMENTED: tuple[type[Exception], ...] = (StoreError,)
"""Errors that a target may let out: those which the ports document. Everything else is a fault."""
