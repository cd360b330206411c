"""How doors are described, and that they open together or not at all."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from tertulia.cli import language
from tertulia.cli.doors import Doors, how_to_join, opening_lines
from tertulia.transports.listen import DoorContext, DoorError


@pytest.mark.parametrize(
    ("uri", "command"),
    [
        ("irc://127.0.0.1:6667", "irssi -c 127.0.0.1 -p 6667"),
        ("irc+insecure://0.0.0.0:6667", "irssi -c 127.0.0.1 -p 6667"),
        ("ircs://[::1]:6697", "openssl s_client -crlf -quiet -connect [::1]:6697"),
        ("unix:///run/tertulia.sock", "nc -U /run/tertulia.sock"),
        ("unix:///srv/mi sala/t.sock", "nc -U '/srv/mi sala/t.sock'"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/"),
        ("https://[::]:8443", "https://[::1]:8443/"),
        ("plain://127.0.0.1:7000", "nc 127.0.0.1 7000"),
    ],
)
def test_every_door_says_how_to_join(uri: str, command: str) -> None:
    assert how_to_join(uri) == command


def test_the_first_lines_name_every_door() -> None:
    lines = opening_lines("chat.example", "1.0", ["irc://127.0.0.1:6667", "plain://127.0.0.1:7"])
    assert lines == [
        "Tertulia 1.0 is open as chat.example",
        "  irc://127.0.0.1:6667  irssi -c 127.0.0.1 -p 6667",
        "  plain://127.0.0.1:7   nc 127.0.0.1 7",
    ]
    language.choose("es")
    assert opening_lines("chat.example", "1.0", []) == ["Tertulia 1.0 está abierta como chat.example"]


def accept(wire: Any) -> Any:
    raise AssertionError("nobody joins here")


def test_when_one_door_cannot_open_none_is_left_open() -> None:
    async def attempt() -> None:
        doors = Doors()
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            uris = ["irc://127.0.0.1:0", f"plain://127.0.0.1:{taken.getsockname()[1]}"]
            with pytest.raises(DoorError):
                await doors.open(uris, accept, DoorContext())
        assert doors.uris() == []

    asyncio.run(attempt())


def test_open_doors_tell_the_port_they_got() -> None:
    async def attempt() -> None:
        doors = Doors()
        await doors.open(["irc://127.0.0.1:0"], accept, DoorContext())
        (uri,) = doors.uris()
        assert not uri.endswith(":0")
        await doors.close()
        assert doors.uris() == []

    asyncio.run(attempt())
