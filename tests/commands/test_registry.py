"""The table of commands and its gates; and that no line whatever breaks a handler or an answer.

The page docs/commands.md is compared with the table in tests/house.
"""

from __future__ import annotations

import random

import pytest

from tertulia.commands.registry import COMMANDS
from tertulia.commands.settings import Operator
from tertulia.protocol.capabilities import CAPABILITIES
from tertulia.protocol.line import parse
from tests.support.town import Town, commands

ALL = " ".join(one.name for one in CAPABILITIES)


def test_every_command_is_described() -> None:
    for name, command in COMMANDS.items():
        assert command.syntax.split()[0] == name
        assert command.help_en.endswith(".") and command.help_es.endswith("."), name
        assert command.help_en != command.help_es
        assert command.before or command.after


def test_unknown_commands() -> None:
    """ "If a command is not implemented, it MUST return the ERR_UNKNOWNCOMMAND numeric." (modern-irc)"""
    ana = Town().join("ana", caps="batch labeled-response")
    assert ana.say("NONSENSE x")[0].startswith(":tertulia.local 421 ana NONSENSE :")
    assert ana.say("@label=l nonsense")[0].startswith("@label=l :tertulia.local 421 ana NONSENSE :")
    assert commands(ana.say("ñandú", "123", "x" * 400)) == ["421", "421", "421"]


@pytest.mark.parametrize("name", [name for name, one in COMMANDS.items() if one.least])
def test_missing_parameters(name: str) -> None:
    """ "If a command is sent from a client to a server with less parameters than the command requires to
    be processed, the server will reply with an ERR_NEEDMOREPARAMS numeric and the command will fail."
    (modern-irc)"""
    town = Town()
    client = town.join("ana") if COMMANDS[name].after else town.connect()
    line = client.say(f"{name}{' x' * (COMMANDS[name].least - 1)}")[0]
    assert parse(line).command == "461" and parse(line).params[1] == name
    assert COMMANDS[name].syntax in line


def test_commands_in_small_letters() -> None:
    """ "command = 1*letter" : a client writes it as it likes."""
    assert commands(Town().join("ana").say("pInG x")) == ["PONG"]


# --- no line breaks anything ------------------------------------------------------------------------

WORDS = [
    "#r", "#R", "#s", "#nowhere", "ana", "bob", "root", "nadie", "*", "0", "-1", "", ":", "::", ",",
    "a,b,,c", "#r,#s", "@#r", "+@%#r", "@", "+", "-", "+b", "-b", "+ov", "+beIklimnsthov", "+kl-kl",
    "+o-o", "99999999999", "٣", "²", "%", "%tn", "o%nuhr,1", "msgid=1",
    "timestamp=2026-01-01T00:00:00.000Z", "timestamp=0000-00-00T00:00:00.000Z", "LATEST", "TARGETS",
    "BETWEEN", "+1", "-1", "draft/multiline", "tertulia.chat/stream", "LS", "REQ", "302",
    "-batch batch", "multi-prefix", "secret", "es", "en", "ñ", "😀" * 30, "x" * 300, "ñ" * 150, "a!b@c",
    "*!*@*", "*" * 50, "\\", "\x01", "\t", "[a]", "#" * 80,
]  # fmt: skip
TAGS = ["", "", "", "@label=x ", "@label= ", "@batch=1 ", "@+typing=active ", "@+a=\\: ",
        "@batch=1;draft/multiline-concat ",
        "@batch=1;tertulia.chat/concat ", "@+reply=1;tertulia.chat/cause=zz ", "@=;; ", "@ "]  # fmt: skip
NEVER = frozenset({"QUIT", "KILL"})  # the test would soon be alone


def nonsense(chance: random.Random) -> str:
    name = chance.choice([one for one in COMMANDS if one not in NEVER])
    params = [chance.choice(WORDS) for _ in range(chance.randrange(6))]
    if params and chance.random() < 0.5:
        params[-1] = f":{params[-1]} {chance.choice(WORDS)}"
    return " ".join([f"{chance.choice(TAGS)}{name}", *params])


def check(line: str) -> None:
    """A line that the server wrote: whole, within its limits, and readable."""
    assert "\r" not in line and "\n" not in line and "\0" not in line
    tags, _, rest = line.partition(" ") if line[:1] == "@" else ("", "", line)
    assert len(rest.encode()) <= 510, line
    assert len(tags.encode()) <= 8190
    parsed = parse(line)
    assert parsed.source or parsed.command in ("PING", "ERROR"), line
    assert all(" " not in param and param and param[0] != ":" for param in parsed.params[:-1]), line


@pytest.mark.parametrize("seed", range(40))
def test_no_line_breaks_anything(seed: int) -> None:
    """Thirteenth of the house rules: the peer's mistake is a reply, never an exception."""
    chance = random.Random(seed)
    town = Town(operators=(Operator("root", "secret"),))
    people = [
        town.join("ana", "#r", caps=ALL),
        town.join("bob", "#r", "#s"),
        town.join("root", "#s", caps=ALL),
    ]
    people[2].say("OPER root secret", "MODE root +B")
    for _ in range(60):
        client = chance.choice(people)
        client.send(*(nonsense(chance) for _ in range(chance.randrange(1, 5))))
        if chance.random() < 0.7:
            town.run()
        for other in people:
            for line in other.take():
                check(line)
        if chance.random() < 0.1:
            town.advance(chance.choice([0.1, 40, 700]))
            for other in people:
                other.send("PONG x")


@pytest.mark.parametrize("seed", range(10))
def test_no_bytes_break_anything(seed: int) -> None:
    """Whatever arrives, however it is cut, is answered or ignored."""
    chance = random.Random(seed)
    town = Town()
    client = town.connect()
    for _ in range(200):
        size = chance.randrange(1, 40)
        client.wire.receiver.received(
            bytes(chance.choice(b"\r\n\0 :@;=+#aN\xc3\xb1\xff") for _ in range(size))
        )
        town.run()
        for line in client.take():
            check(line)
