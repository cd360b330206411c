"""Sending notifications: what a push service gets, and what its answers mean."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from tertulia import limits
from tertulia.protocol.webpush import Push, Subscription, decoded, encoded
from tertulia.transports import push_crypto
from tertulia.transports.certificates import TlsFiles, ensure_certificate
from tertulia.transports.push import PushSender
from tests.support.pushing import Device

NOW = 1_790_000_000
LINE = "@msgid=1 :bob!b@h PRIVMSG ana :¿vienes?"


class Service:
    """A push service on loopback: it keeps what it gets, and answers as it is told."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.statuses: list[int] = []
        self.connections = 0
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {name.lower(): value for name, _, value in (one.partition(": ") for one in head[1:-2])}
            headers["path"] = head[0].split(" ")[1]
            self.got.append((headers, await reader.readexactly(int(headers["content-length"]))))
            status = self.statuses.pop(0) if self.statuses else 201
            extra = "Location: http://127.0.0.1:9/\r\n" if status in (302, 307) else ""
            writer.write(f"HTTP/1.1 {status} x\r\n{extra}Content-Length: 0\r\n\r\n".encode())
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def serving(tls: ssl.SSLContext | None = None) -> AsyncIterator[Service]:
    service = Service()
    server = await asyncio.start_server(service.serve, "127.0.0.1", 0, ssl=tls)
    service.port = server.sockets[0].getsockname()[1]
    try:
        yield service
    finally:
        server.close()
        await server.wait_closed()


class Post:
    """A sender, what it says is gone, and a device."""

    def __init__(self, folder: Path, private: bool = True, trust: Path | None = None) -> None:
        self.gone: list[Subscription] = []
        self.key_file = folder / "vapid.pem"
        self.sender = PushSender(
            self.key_file, "mailto:op@example.org", lambda: NOW, self.gone.append, private, trust
        )
        self.device = Device()

    def to(self, url: str) -> Push:
        one = Subscription("ana", url, self.device.p256dh, self.device.auth, "", NOW)
        return Push(one, LINE.encode(), "high", 60)

    async def send(self, url: str, times: int = 1) -> None:
        for _ in range(times):
            self.sender.push(self.to(url))
            await self.sender.settled()


def run(work: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(60):
            await work()

    asyncio.run(bounded())


def test_a_device_reads_what_was_sent(tmp_path: Path) -> None:
    async def work() -> None:
        post = Post(tmp_path)
        async with serving() as service:
            await post.send(f"http://127.0.0.1:{service.port}/send/1?a=b")
            ((headers, body),) = service.got
            assert post.device.read(body) == LINE
            assert headers["path"] == "/send/1?a=b" and headers["host"] == f"127.0.0.1:{service.port}"
            assert (headers["content-encoding"], headers["ttl"], headers["urgency"]) == (
                "aes128gcm",
                "60",
                "high",
            )
            _check_vapid(headers["authorization"], post.sender.key, f"http://127.0.0.1:{service.port}")
            assert (post.sender.sent, post.gone) == (1, [])
        await post.sender.close()

    run(work)


def _check_vapid(header: str, key: str, origin: str) -> None:
    """RFC 8292, 3: "vapid" with `t` and `k`; 2: `aud` is "the origin of the push resource URL", `exp` "MUST
    NOT be more than 24 hours from the time of the request"."""
    scheme, _, rest = header.partition(" ")
    fields = dict(part.split("=", 1) for part in rest.split(", "))
    assert scheme == "vapid" and fields["k"] == key
    head, claims, signature = fields["t"].split(".")
    assert json.loads(decoded(head)) == {"typ": "JWT", "alg": "ES256"}
    said = json.loads(decoded(claims))
    assert said["aud"] == origin and said["sub"] == "mailto:op@example.org"
    assert NOW < said["exp"] <= NOW + 86_400
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(key))
    raw = decoded(signature)
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    public.verify(encode_dss_signature(r, s), f"{head}.{claims}".encode(), ec.ECDSA(SHA256()))


@pytest.mark.parametrize("status", [404, 410])
def test_a_subscription_that_ended_is_told(tmp_path: Path, status: int) -> None:
    """RFC 8030, 7.3: "A push service MUST return a 404 (Not Found) status code if an application server
    attempts to send a push message to an expired push message subscription." """

    async def work() -> None:
        post = Post(tmp_path)
        async with serving() as service:
            service.statuses = [status]
            await post.send(f"http://127.0.0.1:{service.port}/x")
            assert [one.endpoint for one in post.gone] == [f"http://127.0.0.1:{service.port}/x"]
        await post.sender.close()

    run(work)


def test_refusals_in_a_row_end_a_subscription(tmp_path: Path) -> None:
    async def work() -> None:
        post = Post(tmp_path)
        async with serving() as service:
            most = limits.PUSH_REFUSALS
            service.statuses = [403] * (most - 1) + [201] + [403] * (most - 1)
            await post.send(f"http://127.0.0.1:{service.port}/x", times=2 * most - 1)
            assert post.gone == [], "one that was taken begins the count again"
            service.statuses = [403]
            await post.send(f"http://127.0.0.1:{service.port}/x")
            assert len(post.gone) == 1
        await post.sender.close()

    run(work)


def test_a_redirect_is_not_followed(tmp_path: Path) -> None:
    async def work() -> None:
        post = Post(tmp_path)
        async with serving() as service:
            service.statuses = [307]
            await post.send(f"http://127.0.0.1:{service.port}/x")
            assert (service.connections, post.sender.sent, post.sender.failed) == (1, 0, 1)
        await post.sender.close()

    run(work)


def test_a_busy_service_is_tried_again_and_not_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PUSH_AGAIN_SECONDS", 0)

    async def work() -> None:
        post = Post(tmp_path)
        async with serving() as service:
            service.statuses = [503, 429, 201, 500, 500, 500, 201]
            url = f"http://127.0.0.1:{service.port}/x"
            for sent, failed in ((1, 0), (1, 1)):
                post.sender.push(post.to(url))
                while (post.sender.sent, post.sender.failed) != (sent, failed):  # noqa: ASYNC110
                    await asyncio.sleep(0)
            assert len(service.got) == 6 and post.gone == []
        await post.sender.close()

    run(work)


def test_no_private_address_is_reached(tmp_path: Path) -> None:
    """A name that leads to this machine is refused when it is looked up, whatever it was when it came."""

    async def work() -> None:
        post = Post(tmp_path, private=False)
        async with serving() as service:
            for host in ("127.0.0.1", "localhost", "[::1]"):
                await post.send(f"https://{host}:{service.port}/x")
            assert service.connections == 0 and post.sender.sent == 0
        await post.sender.close()

    run(work)


def test_the_certificate_must_be_that_of_the_name(tmp_path: Path) -> None:
    files = TlsFiles(tmp_path / "c.pem", tmp_path / "k.pem")
    ensure_certificate(files, "push.example.org", datetime.now(UTC))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(files.certificate, files.key)

    async def work() -> None:
        trusting, usual = Post(tmp_path, trust=files.certificate), Post(tmp_path)
        async with serving(context) as service:
            await trusting.send(f"https://localhost:{service.port}/x")
            await usual.send(f"https://localhost:{service.port}/x")
            assert len(service.got) == 1 and trusting.sender.sent == 1 and usual.sender.sent == 0
        for post in (trusting, usual):
            await post.sender.close()

    run(work)


def test_the_queue_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PUSH_WAITING", 3)

    async def work() -> None:
        post = Post(tmp_path)
        for _ in range(5):  # nothing is sent before this task waits
            post.sender.push(post.to("http://127.0.0.1:1/x"))
        assert post.sender.dropped == 2
        await post.sender.close()

    run(work)


def test_the_key_is_made_once_and_closed(tmp_path: Path) -> None:
    first, second = Post(tmp_path), Post(tmp_path)
    assert not first.key_file.exists(), "made at first use"
    assert first.sender.key == second.sender.key and len(decoded(first.sender.key)) == 65
    assert first.key_file.stat().st_mode & 0o777 == 0o600


def test_without_a_key_nothing_is_offered(tmp_path: Path) -> None:
    (tmp_path / "vapid.pem").write_text("no key")
    assert Post(tmp_path).sender.key == ""


def test_what_is_taken(tmp_path: Path) -> None:
    sender, device = Post(tmp_path, private=False).sender, Device()
    good = Subscription("ana", "https://push.example.org/x", device.p256dh, device.auth, "", 0)
    assert sender.takes(good)
    assert not sender.takes(good._replace(endpoint="http://push.example.org/x"))
    off_the_curve = encoded(b"\x04" + b"\x01" * 64)
    assert not sender.takes(good._replace(p256dh=off_the_curve))


def test_the_example_of_the_specification() -> None:
    """RFC 8291, 5 and Appendix A, byte for byte."""
    private = ec.derive_private_key(
        int.from_bytes(decoded("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big"), ec.SECP256R1()
    )
    body = push_crypto.encrypted(
        b"When I grow up, I want to be a watermelon",
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "BTBZMqHH6r4Tts7J_aSIgg",
        private,
        decoded("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert encoded(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8w"
        "EqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_there_is_room_for_the_largest_line() -> None:
    """RFC 8291, 4: "A push service is not required to support more than 4096 octets of payload body"."""
    device = Device()
    body = push_crypto.encrypted(b"x" * limits.PUSH_PAYLOAD_BYTES, device.p256dh, device.auth)
    assert len(body) == 4096
