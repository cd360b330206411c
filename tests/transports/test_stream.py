"""TCP and Unix sockets keep the contract of doors; and what only they can show."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from tertulia.transports import stream
from tertulia.transports.stream import is_loopback, reason_of
from tests.contracts.door import HalfCloseContract, Harness, House, Loop
from tests.transports.harness import SocketHarness


class TestTcp(HalfCloseContract):
    @pytest.fixture
    def harness(self, tmp_path: Path) -> SocketHarness:
        return SocketHarness("irc://127.0.0.1:0", tmp_path)

    def test_the_peer_is_known(self, loop: Loop, harness: Harness) -> None:
        async def talk(house: House, harness: Harness) -> None:
            client = await harness.connect()
            await house.wait(lambda: bool(house.conversations))
            peer = house.first.wire.peer
            assert (peer.door, peer.address, peer.secure, peer.local) == ("irc", "127.0.0.1", False, True)
            await client.close()

        self._try(loop, harness, talk)

    def test_who_does_not_let_go_is_cut(
        self, loop: Loop, harness: Harness, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Wire.close: "or after `CLOSE_SECONDS`"."""
        monkeypatch.setattr(stream, "CLOSE_SECONDS", 0.05)

        async def talk(house: House, harness: Harness) -> None:
            client = await harness.connect()
            await house.wait(lambda: bool(house.conversations))
            house.first.close()
            await house.wait_lost()  # while the client has closed nothing
            assert house.first.lost_reasons == ["Closed"]
            await client.close()

        self._try(loop, harness, talk)

    def test_last_words_survive_unread_input(self, loop: Loop, harness: Harness) -> None:
        """RFC 1122 4.2.2.13: "if new data is received after CLOSE is called, its TCP SHOULD send a RST"; so
        the socket is not closed before the client has read what was said to it."""

        async def talk(house: House, harness: Harness) -> None:
            house.echo = False
            client = await harness.connect()
            await client.send(b"flood\r\n")
            await house.wait_heard()
            house.first.write(b"ERROR :Excess Flood\r\n")
            house.first.close()
            for _ in range(50):
                await client.send(b"more of it\r\n" * 100)
            assert await client.line() == b"ERROR :Excess Flood"
            assert await client.line() == b""
            assert len(house.first.lines) == 1
            await client.close()
            await house.wait_lost()

        self._try(loop, harness, talk)

    def test_a_wire_is_small(self) -> None:
        """It stands between every member and the loop: no dict, no buffers of its own."""
        wire = stream.StreamWire(stream.Door("irc", House().accept))
        assert not hasattr(wire, "__dict__")


class TestUnix(HalfCloseContract):
    @pytest.fixture
    def harness(self, tmp_path: Path) -> SocketHarness:
        return SocketHarness(f"unix://{tmp_path}/t.sock", tmp_path)

    def test_the_peer_s_user_is_known(self, loop: Loop, harness: Harness) -> None:
        async def talk(house: House, harness: Harness) -> None:
            client = await harness.connect()
            await house.wait(lambda: bool(house.conversations))
            peer = house.first.wire.peer
            assert (peer.door, peer.address, peer.secure, peer.local) == ("unix", "localhost", True, True)
            assert peer.uid == os.getuid()
            await client.close()

        self._try(loop, harness, talk)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (None, "Connection closed"),
        (BrokenPipeError(), "Connection closed"),
        (ConnectionResetError(), "Connection reset by peer"),
        (TimeoutError(), "Connection timed out"),
        (OSError(113, "No route to host"), "Connection lost: No route to host"),
        (asyncio.IncompleteReadError(b"", 1), "Connection lost: 0 bytes read on a total of 1 expected bytes"),
    ],
)
def test_reasons_are_words(error: Exception | None, words: str) -> None:
    assert reason_of(error) == words


@pytest.mark.parametrize(
    ("address", "here"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("10.0.0.1", False), ("::2", False)],
)
def test_loopback(address: str, here: bool) -> None:
    assert is_loopback(address) is here
