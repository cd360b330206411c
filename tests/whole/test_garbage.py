"""Bytes that nobody should send: each gets its documented answer, the connection goes on, others are
unharmed."""

from __future__ import annotations

import random
import socket
from collections.abc import Iterator

import pytest

from tests.cli.process import Server
from tests.whole.outside import MIB, SLACK_BYTES, alone, kept, resident
from tests.whole.people import Person, Witnesses, arrive, plugged, text_frame

pytestmark = pytest.mark.slow

DOORS = ("irc", "ircs", "unix", "http", "plain")
HEAD = "PRIVMSG #sala :"

ANSWERS = {
    "NUL inside": (b"PRIVMSG #sala :a\0b\r\n", "FAIL * INVALID_CHARACTER"),
    "CR inside": (b"PRIVMSG #sala :a\rb\r\n", "FAIL * INVALID_CHARACTER"),
    "not UTF-8": (b"PRIVMSG #sala :\xff\xfe\r\n", "FAIL * INVALID_UTF8"),
    "half a character": (b"PRIVMSG #sala :\xc3\r\n", "FAIL * INVALID_UTF8"),
    "a surrogate": (b"PRIVMSG #sala :\xed\xa0\x80\r\n", "FAIL * INVALID_UTF8"),
    "513 bytes": ((HEAD + "x" * (513 - 2 - len(HEAD)) + "\r\n").encode(), " 417 "),
    "a megabyte": (b"x" * MIB + b"\r\n", " 417 "),
    "tags of 4,097 bytes": (b"@" + b"a" * 4_095 + b" PING t\r\n", " 417 "),
    "tags alone": (b"@a=b\r\n", ""),
    "spaces alone": (b"    \r\n", ""),
    "line ends alone": (b"\r\n\n\r\n\n\n", ""),
    "no such command": (b"\x01\x02\x03\r\n", " 421 "),
    "a prefix alone": (b":nadie\r\n", ""),
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with kept(tmp_path_factory.mktemp("g"), doors=DOORS, durability="off", flood=False) as server:
        yield server


@pytest.fixture
def server(house: Server) -> Iterator[Server]:
    yield from alone(house)


@pytest.mark.parametrize("door", ["irc", "ircs", "unix"])
def test_each_kind_has_its_answer(server: Server, door: str) -> None:
    witnesses = Witnesses(server)
    listener = arrive(server).enter("oye", "#sala")
    one = arrive(server, door).enter("ana", "#sala", capabilities="standard-replies message-tags")
    for kind, (data, answer) in ANSWERS.items():
        one.send(data)
        heard = one.fence()
        assert len(heard) == (answer != ""), (kind, heard)
        assert all(answer in line for line in heard), (kind, heard)
        witnesses.go_on()
    assert not [line for line in listener.fence() if "PRIVMSG" in line]


def test_lines_up_to_the_limit_are_lines(server: Server) -> None:
    """modern-irc, "Messages": "IRC messages [...] SHALL NOT exceed 512 characters in length, counting all
    characters including the trailing CR-LF"."""
    listener, one = arrive(server).enter("oye", "#sala"), arrive(server).enter("ana", "#sala")
    for size in (510, 511, 512):
        for end in ("\r\n", "\n"):
            text = "y" * (size - len(HEAD) - len(end))
            one.send(f"{HEAD}{text}{end}".encode())
            assert one.fence() == []
            heard = [line.partition(" :")[2] for line in listener.fence() if "PRIVMSG" in line]
            assert "".join(heard) == text


def test_tags_up_to_the_limit_are_tags(server: Server) -> None:
    """message-tags, "Size limit": "Clients MUST NOT send messages with tag data exceeding 4094 bytes, this
    includes tags with or without the client-only prefix"; the "@" and the space make 4,096."""
    one = arrive(server).enter("ana", capabilities="message-tags")
    one.send(b"@" + b"a" * 4_094 + b" PING justo\r\n")
    assert "justo" in one.line()


@pytest.mark.parametrize("door", ["irc", "ircs", "unix", "plain"])
def test_one_byte_at_a_time(server: Server, door: str) -> None:
    listener = arrive(server).enter("oye", "#tertulia")
    one = arrive(server, door).enter("ana", "#tertulia")
    if door != "unix":
        one.plug.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    said = "señor ¿qué tal? ☕"
    for byte in f"{said}\r\n".encode() if door == "plain" else f"PRIVMSG #tertulia :{said}\r\n".encode():
        one.send(bytes([byte]))
    assert listener.until(":ana!", "PRIVMSG").endswith(f":{said}")


def test_a_line_without_an_end_takes_no_memory(server: Server) -> None:
    witnesses = Witnesses(server)
    before = resident(server)
    for door in ("irc", "ircs", "unix", "plain"):
        one = arrive(server, door)
        assert one.pour(b"x", 16 * MIB) == 16 * MIB
        witnesses.go_on()
    assert resident(server) - before < SLACK_BYTES


def chaos(chance: random.Random) -> bytes:
    """Bytes at random, with enough line ends and known words among them to get somewhere."""
    words = [
        b"NICK ",
        b"USER a 0 * :",
        b"PRIVMSG ",
        b"#calle",
        b" :",
        b"@batch=1;",
        b"CAP REQ :",
        b"\r\n",
        b"\n",
    ]
    return b"".join(
        chance.choice([chance.choice(words), chance.randbytes(chance.randint(1, 40))]) for _ in range(300)
    )


@pytest.mark.parametrize("door", ["irc", "ircs", "unix", "http", "plain"])
def test_random_bytes(server: Server, door: str) -> None:
    witnesses = Witnesses(server)
    before = resident(server)
    for seed in range(40):
        chance = random.Random(seed)
        bare = seed % 4 == 0
        one = Person(plugged(server, door)) if bare else arrive(server, door)
        if not bare and seed % 2:
            one.enter(f"r{seed}", "#ruido")
        data = chaos(chance)
        one.pour(data if bare or door != "http" else _framed(data, chance), len(data))
        if seed % 8 == 0:
            witnesses.go_on()
        one.reset()
    witnesses.go_on()
    assert resident(server) - before < SLACK_BYTES


def _framed(data: bytes, chance: random.Random) -> bytes:
    """WebSocket frames, some of them broken."""
    frames = [bytearray(text_frame(line)) for line in data.split(b"\n") if line]
    for frame in frames:
        if chance.random() < 0.05:
            frame[chance.randrange(len(frame))] ^= 1 << chance.randrange(8)
    return b"".join(bytes(frame) for frame in frames)


def test_what_a_websocket_may_not_bring(server: Server) -> None:
    """docs/doors.md: "A message longer than 16 KiB ends the connection"."""
    witnesses = Witnesses(server)
    for frame in (text_frame(b"x" * 16_385), text_frame(b"\xff\xfe"), b"\xff\xff\xff\xff"):
        one = arrive(server, "http").enter("ana", "#ws")
        one.send(frame)
        assert "PRIVMSG" not in one.rest()
        witnesses.go_on()


NO_HTTP = [b"\0\xff\xfe\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 40_000, b"A" * 70_000]


def test_what_is_no_http(server: Server) -> None:
    witnesses = Witnesses(server)
    for question in NO_HTTP:
        one = Person(plugged(server, "http"))
        one.send(question)
        assert "400" in one.rest()[:40]
        witnesses.go_on()


def test_plain_text_where_tls_is_spoken(server: Server) -> None:
    """docs/doors.md: "Who speaks plain text here is told so in one line."."""
    one = Person(plugged(server, "ircs"))
    one.send(b"NICK ana\r\nUSER ana 0 * :Ana\r\n")
    assert "This port speaks TLS" in one.rest()
    Witnesses(server).go_on()
