"""The PROXY protocol: HAProxy's "The PROXY protocol, Versions 1 & 2"."""

from __future__ import annotations

import asyncio
import ipaddress
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.limits import PROXY_HEADER_BYTES
from tertulia.transports.proxy import OWN_MACHINE, SIGNATURE, Header, Malformed, is_trusted, read
from tertulia.transports.uri import DoorError, parse_uri
from tests.contracts.door import DoorContract, HalfCloseContract, Harness, House, Loop
from tests.transports.harness import SocketClient, SocketHarness, client_tls

LINE = b"PROXY TCP4 203.0.113.7 192.0.2.1 56324 6667\r\n"
ANYBODY = (ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0"))


def second(command: int = 1, family: int = 0x11, source: str = "203.0.113.7", values: bytes = b"") -> bytes:
    """A header of version 2."""
    one = ipaddress.ip_address(source).packed
    body = one + one + struct.pack("!HH", 56324, 6667) + values
    return SIGNATURE + struct.pack("!BBH", 0x20 | command, family, len(body)) + body


def value(kind: int, content: bytes) -> bytes:
    return struct.pack("!BH", kind, len(content)) + content


@pytest.mark.parametrize(
    ("data", "header"),
    [
        (LINE, Header(len(LINE), "203.0.113.7", 56324)),
        (b"PROXY TCP6 2001:DB8::1 2001:db8::2 5 6\r\n", Header(40, "2001:db8::1", 5)),
        (b"PROXY UNKNOWN\r\n", Header(15)),
        (b"PROXY UNKNOWN ffff:: anything 1 2\r\n", Header(35)),
        (second(), Header(28, "203.0.113.7", 56324)),
        (second(family=0x21, source="2001:db8::1"), Header(52, "2001:db8::1", 56324)),
        (second(command=0), Header(28)),
        (second(family=0x31), Header(28)),
        (second(values=value(0x20, b"\x01....")), Header(36, "203.0.113.7", 56324, True)),
        (second(values=value(1, b"h2") + value(0x20, b"\x00....")), Header(41, "203.0.113.7", 56324, False)),
    ],
)
def test_headers(data: bytes, header: Header) -> None:
    """ "the receiver must ignore anything presented before the CRLF is found" (of UNKNOWN); "must use the
    real connection endpoints and discard the protocol block including the family" (of LOCAL); "PP2_CLIENT_SSL
    ... indicates that the client connected over SSL/TLS" """
    assert read(data) == read(data + b"NICK ana\r\n") == header
    for end in range(len(data)):
        assert read(data[:end]) is None, "it waits for the whole"


@pytest.mark.parametrize(
    "data",
    [
        b"NICK ana\r\n", b"PROXY\r\n", b"PROXY TCP4 1.2.3.4\r\n", b"PROXY TCP4 a b 1 2\r\n", b"\r\n\r\nNICK",
        b"PROXY TCP4 ::1 ::1 1 2\r\n", b"PROXY TCP6 1.2.3.4 1.2.3.4 1 2\r\n",
        b"PROXY TCP4 1.2.3.4 1.2.3.4 70000 2\r\n",
        b"PROXY TCP4 1.2.3.4 1.2.3.4 -1 2\r\n", b"PROXY UDP4 1.2.3.4 1.2.3.4 1 2\r\n", b"PROXY " + b"x" * 110,
        SIGNATURE + b"\x11\x11\x00\x0c", SIGNATURE + b"\x22\x11\x00\x0c",
        SIGNATURE + b"\x21\x11" + struct.pack("!H", PROXY_HEADER_BYTES + 1),
        SIGNATURE + b"\x21\x11\x00\x04abcd",
        second(values=b"\x20\x00\x09x"),
    ],
)  # fmt: skip
def test_what_is_no_header(data: bytes) -> None:
    """ "the receiver MUST ... not try to guess whether the protocol header is present or not" """
    with pytest.raises(Malformed):
        read(data)


@given(st.binary(max_size=200) | st.binary(max_size=60).map(lambda tail: SIGNATURE + tail)
       | st.binary(max_size=110).map(lambda tail: b"PROXY " + tail))  # fmt: skip
def test_anything_is_read_or_refused(data: bytes) -> None:
    try:
        header = read(data)
    except Malformed:
        return
    assert header is None or 0 < header.size <= len(data)


def test_who_is_trusted() -> None:
    assert is_trusted("127.0.0.1", OWN_MACHINE) and is_trusted("::1", OWN_MACHINE)
    assert is_trusted("::ffff:127.0.0.1", OWN_MACHINE) and is_trusted("", OWN_MACHINE)
    assert not is_trusted("192.0.2.7", OWN_MACHINE)
    assert is_trusted("fe80::1%eth0", ANYBODY)


def test_uris() -> None:
    assert parse_uri("irc://127.0.0.1:6667").proxies == ()
    assert parse_uri("irc://127.0.0.1:6667?proxy=1").proxies == OWN_MACHINE
    assert parse_uri("http://127.0.0.1:8080?proxy=1").proxies == OWN_MACHINE
    assert parse_uri("unix:///run/t.sock?proxy=1").path == "/run/t.sock"
    found = parse_uri("ircs://0.0.0.0:6697?proxy=192.0.2.7,2001:db8::/64").proxies
    assert [str(network) for network in found] == ["192.0.2.7/32", "2001:db8::/64"]
    for uri in ("irc://127.0.0.1?proxy=yes", "http://127.0.0.1:1?proxy=yes", "irc://127.0.0.1?proxy="):
        with pytest.raises(DoorError, match="proxy"):
            parse_uri(uri)


class ProxiedHarness(SocketHarness):
    """Clients come by a proxy that is honest."""

    async def connect(self) -> SocketClient:
        client = await super().connect()
        await client.send(LINE[:9])
        await client.send(LINE[9:])
        return client


class TestBehindAProxy(HalfCloseContract):
    """Whoever comes by a proxy finds the same door."""

    @pytest.fixture
    def harness(self, tmp_path: Path) -> SocketHarness:
        return ProxiedHarness("irc://127.0.0.1:0?proxy=1", tmp_path)


class TestHeaders(DoorContract):
    """What the header makes of a connection."""

    @pytest.fixture
    def harness(self, tmp_path: Path) -> SocketHarness:
        return ProxiedHarness(f"unix://{tmp_path}/t.sock?proxy=1", tmp_path)

    @pytest.mark.parametrize("uri", ["irc://127.0.0.1:0?proxy=1", "unix://{folder}/p.sock?proxy=1"])
    @pytest.mark.parametrize("header", [LINE, second(), second(values=value(0x20, b"\x01...."))])
    def test_the_peer_is_whom_the_proxy_names(
        self, loop: Loop, tmp_path: Path, uri: str, header: bytes
    ) -> None:
        async def talk(house: House, harness: Harness) -> None:
            client = await harness.connect()
            await client.send(header + b"uno\r\n")
            await house.wait_heard()
            peer = house.first.wire.peer
            assert (peer.address, peer.local, peer.secure) == ("203.0.113.7", False, len(header) == 36)
            assert await client.line() == b"uno", "the first words of the client come with the header"
            await client.close()
            await house.wait_lost()

        self._try(loop, SocketHarness(uri.format(folder=tmp_path), tmp_path), talk)

    def test_a_proxy_that_speaks_for_itself(self, loop: Loop, tmp_path: Path) -> None:
        async def talk(house: House, harness: Harness) -> None:
            client = await harness.connect()
            await client.send(second(command=0) + b"uno\r\n")
            await house.wait_heard()
            assert house.first.wire.peer.address == "127.0.0.1"
            await client.close()

        self._try(loop, SocketHarness("irc://127.0.0.1:0?proxy=1", tmp_path), talk)

    def test_over_tls_the_header_comes_before_the_handshake(self, loop: Loop, tmp_path: Path) -> None:
        async def talk(house: House, harness: Harness) -> None:
            assert isinstance(harness, SocketHarness) and harness.listener is not None
            reader, writer = await asyncio.open_connection("127.0.0.1", harness.listener.port)
            writer.write(LINE)
            await writer.start_tls(client_tls(), server_hostname="casa.example")
            writer.write(b"uno\r\n")
            assert await reader.readline() == b"uno\r\n"
            peer = house.first.wire.peer
            assert (peer.door, peer.address, peer.secure) == ("ircs", "203.0.113.7", True)
            await SocketClient(reader, writer).close()

        self._try(loop, SocketHarness("ircs://127.0.0.1:0?proxy=1", tmp_path), talk)

    @pytest.mark.parametrize(
        ("proxies", "data"),
        [("1", b"NICK ana\r\n"), ("1", b"PROXY TCP4 x\r\n"), ("192.0.2.1", LINE + b"uno\r\n")],
    )
    def test_who_is_no_proxy_does_not_come_in(
        self, loop: Loop, tmp_path: Path, proxies: str, data: bytes
    ) -> None:
        async def talk(house: House, harness: Harness) -> None:
            client = await harness.connect()
            try:
                await client.send(data)
            except ConnectionError:
                pass
            assert await client.line() == b""
            assert not house.conversations
            await client.close()

        self._try(loop, SocketHarness(f"irc://127.0.0.1:0?proxy={proxies}", tmp_path), talk)
