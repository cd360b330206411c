"""A server of tools that speaks the Model Context Protocol: a child process, or something over HTTP.

What belongs here: starting it when it is first needed, its tools as ours, calling them, resting when it
fails. What must not: who may use them (`allow`), people's approval (`approvals`).

The official SDK does the talking. It takes a second to import and is optional: it is imported at first use,
in a thread. What the server says of its tools is read once after each start; it asks us for nothing (no
sampling, no questions to people), and what it returns is text for a model, cut to size.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from base64 import b64decode
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from tertulia.limits import (
    MCP_CALLS,
    MCP_RESTART_MOST_SECONDS,
    MCP_RESTART_SECONDS,
    TOOL_DESCRIPTION_CHARACTERS,
    TOOL_IMAGE_BYTES,
    TOOL_RESULT_CHARACTERS,
    TOOL_SCHEMA_CHARACTERS,
    TOOLS_OFFERED,
)
from tertulia.models.provider import Image, ToolDefinition
from tertulia.models.tools.mcp_settings import McpSettings
from tertulia.models.tools.tool import Arguments, Outcome, Tool, ToolFailed

if TYPE_CHECKING:
    from tertulia.models.member import Member
    from tertulia.models.turns import Question

EXTRA: Final = "pip install 'tertulia[mcp]'"
NAME_CHARACTERS: Final = 64  # that providers allow
PAGES: Final = 20  # of a server's list of tools
CLOSE_SECONDS: Final = 3.0
_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")
_OTHER: Final = re.compile(r"[^A-Za-z0-9_-]")


class McpServer:
    """`toolbox.Source`. `monotonic`: seconds; `warn` is told why it does not work, for the operator's log."""

    def __init__(
        self,
        settings: McpSettings,
        environment: Mapping[str, str],
        monotonic: Callable[[], float],
        warn: Callable[[str, str], None] = lambda name, why: None,
    ) -> None:
        self.settings = settings
        self._environment = environment
        self._monotonic = monotonic
        self._warn = warn
        self._tools: tuple[Tool, ...] = ()
        self._client: Any = None
        self._life: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._leave = asyncio.Event()
        self._calls = asyncio.Semaphore(MCP_CALLS)
        self._closed = False
        self._failures = 0
        self._rests_until = float("-inf")

    @property
    def allow(self) -> tuple[str, ...]:
        return self.settings.allow

    async def tools(self) -> Sequence[Tool]:
        await self._awake()
        return self._tools if self._client is not None else ()

    async def close(self) -> None:
        self._closed = True
        self._leave.set()
        if self._life is not None:
            await asyncio.wait({self._life}, timeout=CLOSE_SECONDS)
            self._life.cancel()

    # --- Its life -----------------------------------------------------------------------------------------

    async def _awake(self) -> None:
        """Started, unless it is resting; returns when it is ready, or has failed."""
        if self._client is not None or self._closed or self._monotonic() < self._rests_until:
            return
        if self._life is not None and self._leave.is_set():
            await asyncio.wait({self._life}, timeout=CLOSE_SECONDS)  # of the one before
        if self._life is None or self._life.done():
            self._ready, self._leave = asyncio.Event(), asyncio.Event()
            self._life = asyncio.create_task(self._live(self._ready, self._leave))
        await self._ready.wait()

    async def _live(self, ready: asyncio.Event, leave: asyncio.Event) -> None:
        """One start: the SDK wants a connection to be opened and closed by the same task."""
        try:
            async with AsyncExitStack() as stack:
                async with asyncio.timeout(self.settings.timeout_seconds):
                    client = await stack.enter_async_context(await self._connection())
                    self._tools = await self._list(client)
                self._client = client
                ready.set()
                await leave.wait()
        except asyncio.CancelledError:
            raise
        except ImportError:
            self._failed(EXTRA)
        except BaseException as error:  # the SDK's tasks raise groups, which may hold anything
            self._failed(_reason(error))
        finally:
            self._client = None
            ready.set()

    def _failed(self, why: str) -> None:
        rest = min(MCP_RESTART_SECONDS * 2**self._failures, MCP_RESTART_MOST_SECONDS)
        self._failures = min(self._failures + 1, 30)
        self._rests_until = self._monotonic() + rest
        self._warn(self.settings.name, f"{why}; left alone for {rest:.0f} s")

    async def _connection(self) -> AbstractAsyncContextManager[Any]:
        def load() -> Any:
            from mcp import Client

            return Client

        client = await asyncio.to_thread(load)
        transport = _over_http if self.settings.url else _child
        found: AbstractAsyncContextManager[Any] = client(
            transport(self.settings, self._environment),
            read_timeout_seconds=self.settings.timeout_seconds,
            cache=None,
        )
        return found

    async def _list(self, client: Any) -> tuple[Tool, ...]:
        found: dict[str, Tool] = {}
        cursor: str | None = None
        for _ in range(PAGES):
            page = await client.list_tools(cursor=cursor)
            for one in page.tools:
                tool = self._tool(one)
                if tool is not None and len(found) < TOOLS_OFFERED:
                    found.setdefault(tool.definition.name, tool)
            cursor = page.next_cursor
            if cursor is None:
                break
        self._failures = 0
        return tuple(found.values())

    # --- Its tools ----------------------------------------------------------------------------------------

    def _tool(self, one: Any) -> Tool | None:
        """None when it cannot be offered: its schema is too large."""
        if len(json.dumps(one.input_schema)) > TOOL_SCHEMA_CHARACTERS:
            self._warn(self.settings.name, f"the schema of {one.name} is too large; it is not offered")
            return None
        name = _OTHER.sub("_", f"{self.settings.name}__{one.name}")[:NAME_CHARACTERS]
        about = (one.description or "")[:TOOL_DESCRIPTION_CHARACTERS]

        async def run(member: Member, question: Question, arguments: Arguments) -> Outcome:
            return await self._call(one.name, arguments)

        return Tool(
            ToolDefinition(name, about, one.input_schema),
            f"{self.settings.name}/{_OTHER.sub('_', one.name)[:NAME_CHARACTERS]}",
            self._changes(one),
            run,
            self.settings.allow,
        )

    def _changes(self, one: Any) -> bool:
        """The operator's word, else the server's hint; one that says nothing may change anything."""
        if one.name in self.settings.changing:
            return True
        if one.name in self.settings.reading:
            return False
        return not (one.annotations is not None and one.annotations.read_only_hint is True)

    async def _call(self, name: str, arguments: Arguments) -> Outcome:
        from mcp import MCPError

        await self._awake()
        client = self._client
        if client is None:
            raise ToolFailed("This tool does not work just now.")
        try:
            async with self._calls, asyncio.timeout(self.settings.timeout_seconds):
                result = await client.call_tool(name, dict(arguments))
        except TimeoutError:
            raise ToolFailed(f"It took longer than {self.settings.timeout_seconds:.0f} s.") from None
        except MCPError as error:
            self._look_after(error)
            raise ToolFailed(str(error)[:TOOL_RESULT_CHARACTERS]) from None
        except Exception as error:  # a broken pipe, an answer that is none
            self._failed(_reason(error))
            self._leave.set()
            raise ToolFailed("This tool does not work just now.") from None
        return _outcome(result)

    def _look_after(self, error: Any) -> None:
        """The connection is gone: it is started again with the next question, after a rest."""
        from mcp_types import CONNECTION_CLOSED

        if error.code == CONNECTION_CLOSED and self._client is not None:
            self._client = None
            self._failed("the connection ended")
            self._leave.set()


def _outcome(result: Any) -> Outcome:
    """What came of a call. Raises `ToolFailed` when the tool says that it failed."""
    texts: list[str] = []
    images: list[Image] = []
    for part in result.content:
        if part.type == "text":
            texts.append(part.text[:TOOL_RESULT_CHARACTERS])
        elif part.type == "image" and len(part.data) < TOOL_IMAGE_BYTES:
            with suppress(ValueError):
                images.append(Image(part.mime_type, b64decode(part.data, validate=True)))
        else:
            texts.append(f"[{part.type}]")
    if not texts and not images and result.structured_content is not None:
        texts.append(json.dumps(result.structured_content, ensure_ascii=False)[:TOOL_RESULT_CHARACTERS])
    text = "\n".join(texts) or "It is done; nothing was returned."
    if result.is_error:
        raise ToolFailed(text)
    return Outcome(text, tuple(images))


def _reason(error: BaseException) -> str:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return f"{type(error).__name__}: {error}"[:200]


# --- Ways to it -------------------------------------------------------------------------------------------


@asynccontextmanager
async def _child(settings: McpSettings, environment: Mapping[str, str]) -> AsyncIterator[Any]:
    """It is given the variables that are named, and of the others only PATH, HOME and the like."""
    from mcp.client.stdio import StdioServerParameters, stdio_client

    program, *arguments = settings.command
    given = {name: environment[name] for name in settings.env if name in environment}
    parameters = StdioServerParameters(command=program, args=arguments, env=given)
    with _complaints() as errors:
        async with stdio_client(parameters, errlog=errors) as streams:
            yield streams


def _complaints() -> Any:
    """Where a child's words for its operator go: with ours."""
    try:
        return os.fdopen(os.dup(sys.__stderr__.fileno()), "w")  # type: ignore[union-attr]
    except (AttributeError, OSError, ValueError):
        return open(os.devnull, "w", encoding="utf-8")


@asynccontextmanager
async def _over_http(settings: McpSettings, environment: Mapping[str, str]) -> AsyncIterator[Any]:
    import httpx2
    from mcp.client.streamable_http import streamable_http_client

    key = environment.get(settings.key_env, "").strip() if settings.key_env else ""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    timeout = httpx2.Timeout(settings.timeout_seconds)
    trust = urlsplit(settings.url).hostname not in _LOOPBACK  # proxies are not for loopback
    async with (
        httpx2.AsyncClient(headers=headers, timeout=timeout, trust_env=trust) as client,
        streamable_http_client(settings.url, http_client=client) as streams,
    ):
        yield streams
