"""The plain door keeps the contract of doors; and its bytes are safe on a bare terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from tertulia.ports import Peer, Receiver, Wire
from tertulia.transports.plain import PlainDoor, PlainSettings, clean_shown
from tests.contracts.door import HalfCloseContract
from tests.transports.harness import PlainHarness


class TestPlain(HalfCloseContract):
    goodbyes = ("Connection ", "Closed")  # the door says QUIT for whoever closes, and the server closes then

    @pytest.fixture
    def harness(self, tmp_path: Path) -> PlainHarness:
        return PlainHarness("plain://127.0.0.1:0", tmp_path)


class Screen:
    """The person's end, as a wire."""

    peer = Peer("plain", "127.0.0.1", local=True)
    waiting_bytes = 0

    def __init__(self) -> None:
        self.shown = b""
        self.closed = False

    def write(self, data: bytes) -> None:
        self.shown += data

    def close(self) -> None:
        self.closed = True


class Server:
    """The server's end: notes what it is told."""

    def __init__(self) -> None:
        self.told: list[bytes | str] = []

    def accept(self, wire: Wire) -> Receiver:
        self.wire = wire
        return self

    def received(self, data: bytes) -> None:
        self.told.append(data)

    def lost(self, reason: str) -> None:
        self.told.append(reason)


def sit_down() -> tuple[PlainDoor, Screen, Server, list[object]]:
    screen, server, later = Screen(), Server(), list[object]()
    return PlainDoor(screen, server.accept, PlainSettings(), later.append), screen, server, later


def test_the_server_sees_one_ordinary_connection() -> None:
    door, screen, server, _ = sit_down()
    assert server.wire.peer is screen.peer
    door.received(b"ana\r\n")
    assert server.told == [b"NICK ana\r\nUSER plain 0 * :ana\r\n"]
    door.lost("Connection closed")
    assert server.told[1:] == ["Connection closed"]


def test_what_answers_the_server_waits_for_the_end_of_its_call() -> None:
    door, _, server, later = sit_down()
    server.wire.write(b"PING :1\r\nPING :2\r\n")
    assert server.told == []
    for call in later:
        call()  # type: ignore[operator]
    assert server.told == [b"PONG :1\r\nPONG :2\r\n"]
    door.lost("Connection closed")


def test_lines_are_shown_with_telnet_s_line_end() -> None:
    """RFC 854: "the sequence CR LF [...] must be used whenever their combined action is intended"."""
    _, screen, server, _ = sit_down()
    screen.shown = b""
    server.wire.write(":lola!l@h PRIVMSG #tertulia :¿qué?\r\n".encode())
    assert screen.shown == "[#tertulia] <lola> ¿qué?\r\n".encode()


def test_telnet_is_answered() -> None:
    door, screen, _, _ = sit_down()
    screen.shown = b""
    door.received(bytes((255, 251, 31)))
    assert screen.shown == bytes((255, 254, 31))


def test_the_server_can_close() -> None:
    _, screen, server, _ = sit_down()
    server.wire.close()
    assert screen.closed


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("hola, ¿qué tal? 😀", "hola, ¿qué tal? 😀"),
        ("\x1b]0;owned\x07\x1b[2Jhola", "]0;owned[2Jhola"),
        ("\x02bold\x02 \x0304,12red\x03 \x0411aaffx\x0f", "bold red x"),
        ("\x9b2J\x7f\x00", "2J"),
        ("abc\u202edef\u2066", "abcdef"),
    ],
)
def test_words_of_others_cannot_move_the_cursor(text: str, shown: str) -> None:
    assert clean_shown(text) == shown
