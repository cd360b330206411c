"""The control door: a Unix socket in the data folder, for whoever runs the server, and nobody else.

What belongs here: opening it, and who may come in. What must not: what is asked (`server.control`), asking
(`errands.py`). One request is one line of JSON, and so is its answer.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import struct
from contextlib import suppress
from pathlib import Path
from typing import Any

import structlog

from tertulia.cli.errands import CONTROL_NAME
from tertulia.server.control import answer
from tertulia.server.hub import Hub
from tertulia.transports.uri import UNIX_PATH_BYTES

LINE_BYTES = 1024 * 1024  # a line of a request: an account with its keys has 2 KiB
_PEERCRED = getattr(socket, "SO_PEERCRED", None)  # Linux; elsewhere the file's mode is what guards it

log = structlog.get_logger("tertulia.control")


class ControlDoor:
    def __init__(self, hub: Hub, folder: Path) -> None:
        self._hub = hub
        self.path = folder / CONTROL_NAME
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def open(self) -> None:
        """Raises `OSError`. What a dead process left there is replaced: the store's lock says it is dead."""
        if len(str(self.path).encode()) > UNIX_PATH_BYTES:
            log.warning("no_control_door", path=str(self.path), bytes_most=UNIX_PATH_BYTES)
            return
        with suppress(FileNotFoundError):
            self.path.unlink()
        plug = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        old_mask = os.umask(0o177)  # so that it is never open to others, not for a moment
        try:
            plug.bind(str(self.path))
        except BaseException:
            plug.close()
            raise
        finally:
            os.umask(old_mask)
        self._server = await asyncio.start_unix_server(self._serve, sock=plug, limit=LINE_BYTES)

    async def close(self) -> None:
        if self._server is None:
            return
        self._server.close()
        for writer in list(self._writers):
            writer.close()
        with suppress(OSError):
            self.path.unlink()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            uid = _uid(writer.get_extra_info("socket"))
            if uid is not None and uid not in (os.getuid(), 0):
                log.warning("control_refused", uid=uid)
                return
            who = f"shell:{uid if uid is not None else os.getuid()}"
            while line := await reader.readline():
                writer.write(json.dumps(await self._answer(line, who), ensure_ascii=False).encode() + b"\n")
                await writer.drain()
        except (OSError, ValueError, asyncio.IncompleteReadError):  # gone, or a line without an end
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _answer(self, line: bytes, who: str) -> dict[str, Any]:
        try:
            request = json.loads(line)
        except ValueError:
            request = None
        if not isinstance(request, dict):
            return {"error": "a request is one JSON object on one line"}
        try:
            return await answer(self._hub, request, who)
        except Exception as fault:  # a mistake of ours ends one request, not the server
            log.error("control_failed", request=request.get("do"), exc_info=fault)
            return {"error": f"{type(fault).__name__}: {fault}"}


def _uid(plug: Any) -> int | None:
    if _PEERCRED is None or plug is None:
        return None
    credentials = plug.getsockopt(socket.SOL_SOCKET, _PEERCRED, struct.calcsize("3i"))
    return int(struct.unpack("3i", credentials)[1])
