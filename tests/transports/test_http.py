"""The HTTP door: its pages, its headers, and its patience."""

from __future__ import annotations

import asyncio
import re
from base64 import b64encode
from collections.abc import Awaitable, Callable
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
import uvloop

from tertulia.ports import Receiver, Wire
from tertulia.transports import http
from tertulia.transports.http import HttpContext
from tertulia.transports.listen import DoorContext, Listener, open_listener
from tests.contracts.door import run
from tests.transports.harness import client_tls, context_in

Talk = Callable[[httpx.AsyncClient, Listener], Awaitable[None]]


def nobody(wire: Wire) -> Receiver:
    raise AssertionError("no member comes through these pages")


def ask(context: HttpContext, talk: Talk) -> None:
    async def with_door() -> None:
        listener = await open_listener("http://127.0.0.1:0", nobody, DoorContext(http=context))
        base = f"http://127.0.0.1:{listener.port}"
        async with httpx.AsyncClient(base_url=base, trust_env=False) as client:
            await talk(client, listener)
        await listener.close()

    run(uvloop.new_event_loop, with_door())


async def to_the_end(reader: asyncio.StreamReader) -> bytes:
    """All that comes before the connection is closed or cut."""
    try:
        return await reader.read()
    except ConnectionResetError:
        return b""


@pytest.mark.parametrize(("ok", "status"), [(True, 200), (False, 503)])
def test_health_says_whether_all_is_well(ok: bool, status: int) -> None:
    async def talk(client: httpx.AsyncClient, _: Listener) -> None:
        answer = await client.get("/health")
        assert answer.status_code == status
        assert answer.json() == {"ok": ok, "store": "sqlite"}
        assert answer.headers["cache-control"] == "no-store"

    ask(HttpContext(health=lambda: {"ok": ok, "store": "sqlite"}), talk)


METRICS = HttpContext(metrics=lambda: (b"members 3\n", "text/plain; version=0.0.4; charset=utf-8"))


def test_metrics_are_prometheus_text() -> None:
    async def talk(client: httpx.AsyncClient, _: Listener) -> None:
        answer = await client.get("/metrics")
        assert answer.content == b"members 3\n"
        assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"

    ask(METRICS, talk)


@pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded", "x-real-ip"])
def test_metrics_are_not_for_those_behind_a_proxy(header: str) -> None:
    async def talk(client: httpx.AsyncClient, _: Listener) -> None:
        answer = await client.get("/metrics", headers={header: "203.0.113.7"})
        assert answer.status_code == 403 and b"members" not in answer.content

    ask(METRICS, talk)


def test_metrics_can_be_for_all() -> None:
    async def talk(client: httpx.AsyncClient, _: Listener) -> None:
        assert (await client.get("/metrics", headers={"x-forwarded-for": "203.0.113.7"})).status_code == 200

    ask(HttpContext(metrics=METRICS.metrics, metrics_public=True), talk)


def test_the_landing_page_says_how_to_join_in_both_languages() -> None:
    async def talk(client: httpx.AsyncClient, _: Listener) -> None:
        page = (await client.get("/")).text
        assert "Aquí se conversa" in page and "A place to talk" in page
        assert page.count("irc://127.0.0.1:6667") == 2 and page.count("#charla") == 2
        assert "<script" not in page

    ask(HttpContext(room="#charla", doors=lambda: ["irc://127.0.0.1:6667"]), talk)


def test_the_page_s_style_is_the_one_that_its_policy_names() -> None:
    async def talk(client: httpx.AsyncClient, _: Listener) -> None:
        answer = await client.get("/")
        style = re.search(r"<style>(.*?)</style>", answer.text, re.DOTALL)
        assert style is not None
        digest = b64encode(sha256(style[1].encode()).digest()).decode()
        policy = answer.headers["content-security-policy"]
        assert f"style-src 'sha256-{digest}'" in policy and "default-src 'none'" in policy

    ask(HttpContext(), talk)


def test_an_invitation_opens_its_page(tmp_path: Path) -> None:
    """Also where the web client answers for everything else; with the policy of a page of our own."""
    (tmp_path / "index.html").write_text("<p>client</p>")

    async def talk(client: httpx.AsyncClient, _: Listener) -> None:
        good, over = await client.get("/invite/abc"), await client.get("/invite/xyz")
        assert (good.status_code, over.status_code) == (200, 404)
        assert "/join #té abc" in good.text and "is over" in over.text
        for answer in (good, over):
            assert answer.headers["cache-control"] == "no-store"
            assert "style-src 'sha256-" in answer.headers["content-security-policy"]

    def invited(word: str) -> str:
        return "#té" if word == "abc" else ""

    ask(HttpContext(invited=invited), talk)
    ask(HttpContext(invited=invited, static=tmp_path), talk)


@pytest.mark.parametrize("path", ["/", "/health", "/metrics", "/nowhere", "/invite/x"])
def test_every_answer_has_the_security_headers(path: str) -> None:
    async def talk(client: httpx.AsyncClient, _: Listener) -> None:
        headers = (await client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "date" in headers and "server" not in headers

    ask(HttpContext(), talk)


def test_a_web_client_takes_the_landing_page_s_place(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<p>client</p>")
    (tmp_path / "app.js").write_text("1")

    async def talk(client: httpx.AsyncClient, _: Listener) -> None:
        assert (await client.get("/")).text == "<p>client</p>"
        answer = await client.get("/app.js")
        assert answer.text == "1" and "script-src 'self';" in answer.headers["content-security-policy"]
        assert (await client.get("/../pyproject.toml")).status_code == 404
        assert (await client.get("/health")).json() == {"ok": True}

    ask(HttpContext(static=tmp_path), talk)


def test_a_connection_that_asks_nothing_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "HTTP_REQUEST_SECONDS", 0.05)

    async def talk(client: httpx.AsyncClient, listener: Listener) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        assert await to_the_end(reader) == b""
        writer.close()

    ask(HttpContext(), talk)


def test_only_so_many_connections_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "HTTP_CONNECTIONS", 1)

    async def talk(client: httpx.AsyncClient, listener: Listener) -> None:
        await client.get("/health")  # stays open for a next request
        with pytest.raises(httpx.TransportError):
            async with httpx.AsyncClient(trust_env=False) as other:
                await other.get(f"http://127.0.0.1:{listener.port}/health")
        assert (await client.get("/health")).status_code == 200

    ask(HttpContext(), talk)


def test_https_speaks_tls_and_asks_for_no_certificate(tmp_path: Path) -> None:
    async def talk() -> None:
        context = context_in(tmp_path)
        assert context.tls is not None
        listener = await open_listener("https://127.0.0.1:0", nobody, context)
        async with httpx.AsyncClient(verify=client_tls(), trust_env=False) as client:
            assert (await client.get(f"https://127.0.0.1:{listener.port}/health")).json() == {"ok": True}
        assert listener.reload_tls(context.tls) is None
        (tmp_path / "tls" / "key.pem").write_text("nothing")
        assert "not a PEM certificate" in (listener.reload_tls(context.tls) or "")
        async with httpx.AsyncClient(verify=client_tls(), trust_env=False) as client:
            assert (await client.get(f"https://127.0.0.1:{listener.port}/health")).json() == {"ok": True}
        await listener.close()

    run(uvloop.new_event_loop, talk())
