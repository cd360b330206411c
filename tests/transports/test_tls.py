"""TLS keeps the contract of doors; certificates of clients are known by their fingerprint."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import pytest

from tertulia.transports import tls
from tertulia.transports.certificates import TlsFiles, ensure_certificate, fingerprint_of
from tests.contracts.door import DoorContract, House, Loop
from tests.transports.harness import NOW, SocketClient, SocketHarness, client_tls


class TestTls(DoorContract):
    @pytest.fixture
    def harness(self, tmp_path: Path) -> SocketHarness:
        return SocketHarness("ircs://127.0.0.1:0", tmp_path)

    @pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
    def test_a_client_is_known_by_its_certificate(
        self, loop: Loop, harness: SocketHarness, tmp_path: Path, version: ssl.TLSVersion
    ) -> None:
        own = TlsFiles(tmp_path / "own.pem", tmp_path / "own.key")
        ensure_certificate(own, "ana", NOW)

        async def talk(house: House, harness: SocketHarness) -> None:
            context = client_tls(own)
            context.minimum_version = context.maximum_version = version
            client = await connect(harness, context)
            await client.send(b"hola\r\n")
            assert await client.line() == b"hola"
            peer = house.first.wire.peer
            assert peer.fingerprint == fingerprint_of(own)
            assert (peer.door, peer.secure, peer.local) == ("ircs", True, True)
            await client.close()
            await house.wait_lost()

        self._try(loop, harness, talk)  # type: ignore[arg-type]

    def test_a_certificate_is_not_demanded(self, loop: Loop, harness: SocketHarness) -> None:
        async def talk(house: House, harness: SocketHarness) -> None:
            client = await connect(harness, client_tls())
            await client.send(b"hola\r\n")
            assert await client.line() == b"hola"
            assert house.first.wire.peer.fingerprint is None
            await client.close()
            await house.wait_lost()

        self._try(loop, harness, talk)  # type: ignore[arg-type]

    def test_plain_text_is_told_so(self, loop: Loop, harness: SocketHarness) -> None:
        async def talk(house: House, harness: SocketHarness) -> None:
            client = await connect(harness, None)
            await client.send(b"NICK ana\r\n")
            assert (await client.line()).startswith(b"ERROR :This port speaks TLS")
            assert await client.line() == b""
            await client.close()
            assert house.conversations == []

        self._try(loop, harness, talk)  # type: ignore[arg-type]

    def test_nonsense_after_a_good_beginning_ends_it(self, loop: Loop, harness: SocketHarness) -> None:
        async def talk(house: House, harness: SocketHarness) -> None:
            client = await connect(harness, None)
            await client.send(b"\x16\x03\x01\x00\x05aaaaa" + b"b" * 100)
            while await client.reader.read(1024):  # an alert, then the end
                pass
            await client.close()
            assert house.conversations == []

        self._try(loop, harness, talk)  # type: ignore[arg-type]

    def test_a_handshake_has_a_deadline(
        self, loop: Loop, harness: SocketHarness, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(tls, "HANDSHAKE_SECONDS", 0.05)

        async def talk(house: House, harness: SocketHarness) -> None:
            client = await connect(harness, None)
            assert await client.line() == b""
            await client.close()
            assert house.conversations == []

        self._try(loop, harness, talk)  # type: ignore[arg-type]

    def test_only_so_many_handshakes_run_at_once(
        self, loop: Loop, harness: SocketHarness, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(tls, "HANDSHAKES", 1)

        async def talk(house: House, harness: SocketHarness) -> None:
            silent = await connect(harness, None)
            refused = await connect(harness, None)
            assert await refused.line() == b""
            await silent.close()
            await refused.close()
            late = await self._eventually(harness)
            await late.close()

        self._try(loop, harness, talk)  # type: ignore[arg-type]

    async def _eventually(self, harness: SocketHarness) -> SocketClient:
        """The one that sat there has gone; its place is free as soon as the server has noticed."""
        while True:
            try:
                return await connect(harness, client_tls())
            except (ConnectionError, ssl.SSLError):
                await asyncio.sleep(0)

    def test_old_versions_are_refused(self, loop: Loop, harness: SocketHarness) -> None:
        async def talk(house: House, harness: SocketHarness) -> None:
            context = client_tls()
            with pytest.warns(DeprecationWarning):
                context.minimum_version = ssl.TLSVersion.TLSv1_1
                context.maximum_version = ssl.TLSVersion.TLSv1_1
            context.set_ciphers("ALL:@SECLEVEL=0")
            with pytest.raises((ssl.SSLError, ConnectionError)):
                await connect(harness, context)

        self._try(loop, harness, talk)  # type: ignore[arg-type]

    def test_close_notify_alone_is_an_end(self, loop: Loop, harness: SocketHarness) -> None:
        """RFC 8446 6.1: "close_notify: This alert notifies the recipient that the sender will not send any
        more messages on this connection"; what it asked before is answered."""

        async def talk(house: House, harness: SocketHarness) -> None:
            assert harness.listener is not None
            client = ByHand(*await asyncio.open_connection("127.0.0.1", harness.listener.port))
            await client.handshake()
            await client.say(b"uno\r\n")
            await client.notify_end()
            assert await client.rest() == b"uno\r\n"
            await house.wait_lost()
            assert len(house.first.lost_reasons) == 1
            client.writer.close()

        self._try(loop, harness, talk)  # type: ignore[arg-type]

    def test_a_new_certificate_is_for_new_connections(self, loop: Loop, harness: SocketHarness) -> None:
        async def talk(house: House, harness: SocketHarness) -> None:
            files = harness.context.tls
            assert files is not None and harness.listener is not None
            before = await connect(harness, client_tls())
            files.certificate.unlink()
            files.key.unlink()
            ensure_certificate(files, "otra.example", NOW)
            assert harness.listener.reload_tls(files) is None
            after = await connect(harness, client_tls())
            assert shown(before) != shown(after) == fingerprint_of(files)
            elsewhere = TlsFiles(files.certificate.with_name("other.pem"), files.key.with_name("other.key"))
            ensure_certificate(elsewhere, "otra.example", NOW)
            assert harness.listener.reload_tls(elsewhere) is None
            last = await connect(harness, client_tls())
            assert shown(after) != shown(last) == fingerprint_of(elsewhere)
            for client in (before, after, last):
                await client.send(b"hola\r\n")
                assert await client.line() == b"hola"
                await client.close()

        self._try(loop, harness, talk)  # type: ignore[arg-type]

    def test_a_broken_certificate_changes_nothing(
        self, loop: Loop, harness: SocketHarness, caplog: pytest.LogCaptureFixture
    ) -> None:
        async def talk(house: House, harness: SocketHarness) -> None:
            files = harness.context.tls
            assert files is not None and harness.listener is not None
            good = fingerprint_of(files)
            files.certificate.write_text("not a certificate")
            assert "not a PEM certificate" in (harness.listener.reload_tls(files) or "")
            assert "keeps its old certificate" in caplog.text
            client = await connect(harness, client_tls())
            assert shown(client) == good
            await client.close()

        self._try(loop, harness, talk)  # type: ignore[arg-type]


async def connect(harness: SocketHarness, context: ssl.SSLContext | None) -> SocketClient:
    assert harness.listener is not None
    return SocketClient(*await asyncio.open_connection("127.0.0.1", harness.listener.port, ssl=context))


def shown(client: SocketClient) -> str:
    """The fingerprint of the certificate that the server showed."""
    from hashlib import sha256

    return sha256(client.writer.get_extra_info("ssl_object").getpeercert(True)).hexdigest()


class ByHand:
    """A TLS client whose records the test moves."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.incoming = ssl.MemoryBIO()
        self.outgoing = ssl.MemoryBIO()
        self.tls = client_tls().wrap_bio(self.incoming, self.outgoing)

    async def handshake(self) -> None:
        while True:
            try:
                self.tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                self.writer.write(self.outgoing.read())
                self.incoming.write(await self.reader.read(65_536))
        self.writer.write(self.outgoing.read())

    async def say(self, data: bytes) -> None:
        self.tls.write(data)
        self.writer.write(self.outgoing.read())

    async def notify_end(self) -> None:
        with pytest.raises(ssl.SSLWantReadError):
            self.tls.unwrap()
        self.writer.write(self.outgoing.read())

    async def rest(self) -> bytes:
        """All plain text until the server's own end."""
        read = b""
        while data := await self.reader.read(65_536):
            self.incoming.write(data)
            try:
                while piece := self.tls.read(65_536):
                    read += piece
            except (ssl.SSLWantReadError, ssl.SSLZeroReturnError):
                pass
        return read
