"""Sending notifications (RFC 8030): a queue, and a few tasks that empty it beside the loop's own work.

What belongs here: the queue, requests, and what their answers mean. What must not: what is pushed to whom
(`server.pushes`), encryption (`push_crypto.py`), which addresses are allowed (`push_address.py`).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from tertulia import limits
from tertulia.protocol.webpush import Push, Subscription, encoded
from tertulia.transports import push_crypto
from tertulia.transports.push_address import Endpoint, addresses_of, endpoint_of

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

log = logging.getLogger(__name__)

GONE = (404, 410)  # RFC 8030, 7.3: 404 "for an expired subscription"; 410 is what push services say
BUSY = (429, 500, 502, 503, 504)


class Busy(Exception):
    """Not now: the push service says so, or cannot be reached."""


class PushSender:
    """`ports.Pusher`: give it a push, and it is sent soon, or tried again, or dropped."""

    def __init__(
        self,
        key_file: Path,
        contact: str,
        now: Callable[[], float],
        gone: Callable[[Subscription], None],
        private: bool = False,
        trust: Path | None = None,
    ) -> None:
        """`contact`: of who runs this server, "mailto:" or "https:"; `now`: seconds since 1970; `gone`: told
        of subscriptions that are not to be used any more; `private`: any address may be pushed to, by http
        too; `trust`: certificates to trust instead of the usual authorities."""
        self._key_file, self._contact, self._now, self._gone = key_file, contact, now, gone
        self._private, self._trust = private, trust
        self._context: ssl.SSLContext | None = None
        self._queue: asyncio.Queue[tuple[Push, int]] = asyncio.Queue(limits.PUSH_WAITING)
        self._tasks: list[asyncio.Task[None]] = []
        self._later: set[asyncio.TimerHandle] = set()
        self._refused: dict[str, int] = {}  # how often in a row, by endpoint
        self.sent = self.failed = self.dropped = 0

    # --- ports.Pusher -----------------------------------------------------------------------------

    @cached_property
    def key(self) -> str:
        own = self._own
        return encoded(push_crypto.point_of(own)) if own is not None else ""

    def takes(self, one: Subscription) -> bool:
        return endpoint_of(one.endpoint, self._private) is not None and push_crypto.is_point(one.p256dh)

    def push(self, push: Push) -> None:
        self._put(push, 1)

    # --- its life ---------------------------------------------------------------------------------

    async def close(self) -> None:
        """What waits is given up: the talk itself is stored."""
        for timer in self._later:
            timer.cancel()
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self._tasks.clear()

    async def settled(self) -> None:
        """Until nothing waits or is under way."""
        await self._queue.join()

    @cached_property
    def _own(self) -> EllipticCurvePrivateKey | None:
        try:
            return push_crypto.own_key(self._key_file)
        except (OSError, ValueError) as error:
            log.error("push_key_unusable: %s", error)
            return None

    def _put(self, push: Push, attempt: int) -> None:
        if not self._tasks:  # the first push starts them: most servers have none in their first hour
            self._tasks = [asyncio.ensure_future(self._work()) for _ in range(limits.PUSH_AT_ONCE)]
        try:
            self._queue.put_nowait((push, attempt))
        except asyncio.QueueFull:
            self.dropped += 1

    async def _work(self) -> None:
        while True:
            push, attempt = await self._queue.get()
            try:
                async with asyncio.timeout(limits.PUSH_SECONDS):
                    self._judge(push, await self._send(push))
            except (Busy, OSError, TimeoutError, UnicodeError) as error:
                self._try_again(push, attempt, error)
            except Exception:  # ours, and no reason for the others to wait for ever
                self.failed += 1
                log.exception("push_failed")
            finally:
                self._queue.task_done()

    # --- one push ---------------------------------------------------------------------------------

    async def _send(self, push: Push) -> int:
        """The status of the answer. Raises what `_work` knows."""
        endpoint, own = endpoint_of(push.to.endpoint, self._private), self._own
        if endpoint is None or own is None:
            return 400
        body = await asyncio.to_thread(push_crypto.encrypted, push.payload, push.to.p256dh, push.to.auth)
        headers = {
            "Host": endpoint.authority,
            "TTL": str(push.ttl),
            "Urgency": push.urgency,
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "Authorization": await asyncio.to_thread(
                push_crypto.authorization, own, endpoint.origin, self._contact, int(self._now())
            ),
        }
        if self._context is None:
            self._context = await asyncio.to_thread(_made_ready, self._trust)
        first, *more = await addresses_of(endpoint, self._private)
        try:
            return await self._post(endpoint, first, headers, body)
        except ConnectionError:
            if not more:
                raise
        return await self._post(endpoint, more[0], headers, body)

    async def _post(self, endpoint: Endpoint, address: str, headers: dict[str, str], body: bytes) -> int:
        """To this address and no other, with the certificate of the name that was given. A connection for
        each: one that was made for another name at the same address must not be used again."""
        import httpx

        assert self._context is not None
        host = f"[{address}]" if ":" in address else address
        url = f"{endpoint.scheme}://{host}:{endpoint.port}{endpoint.path}"
        named = {"sni_hostname": endpoint.host}
        try:
            async with (
                httpx.AsyncClient(
                    verify=self._context, trust_env=False, timeout=limits.PUSH_SECONDS
                ) as client,
                client.stream("POST", url, content=body, headers=headers, extensions=named) as answer,
            ):
                return answer.status_code
        except httpx.ConnectError as error:
            raise ConnectionError(str(error)) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Busy(str(error) or type(error).__name__) from error

    def _judge(self, push: Push, status: int) -> None:
        endpoint = push.to.endpoint
        if 200 <= status < 300:
            self.sent += 1
            self._refused.pop(endpoint, None)
        elif status in BUSY:
            raise Busy(f"the push service says {status}")
        else:
            self.failed += 1
            refusals = self._refused.pop(endpoint, 0) + 1
            if status in GONE or refusals >= limits.PUSH_REFUSALS:
                self._gone(push.to)
            elif len(self._refused) < limits.PUSH_WAITING:
                self._refused[endpoint] = refusals

    def _try_again(self, push: Push, attempt: int, error: Exception) -> None:
        if attempt >= limits.PUSH_TRIES or len(self._later) >= limits.PUSH_WAITING:
            self.failed += 1
            log.info("push_given_up: %s", error)
            return

        def put() -> None:
            self._later.discard(timer)
            self._put(push, attempt + 1)

        wait = limits.PUSH_AGAIN_SECONDS * attempt
        timer = asyncio.get_running_loop().call_later(wait, put)
        self._later.add(timer)


def _made_ready(trust: Path | None) -> ssl.SSLContext:
    """What takes long once, in a thread: the library, and the authorities."""
    import httpx  # noqa: F401

    return ssl.create_default_context(cafile=trust)
