"""Where log lines go and how they look: text for people, JSON for machines, always on stderr.

What belongs here: the set-up of structlog and of the standard library's logging, which the libraries use.
What must not: log messages.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, Literal, TextIO

import structlog
from structlog.typing import Processor

Format = Literal["text", "json"]

# A value under a name that contains one of these is never written.
SECRET_WORDS = ("password", "secret", "api_key", "authorization", "cookie")
HIDDEN = "(hidden)"
QUIET = (
    "aiohttp",
    "httpx",
    "httpcore",
    "uvicorn.access",
    "alembic",
    "sqlalchemy",
)  # libraries that say too much at "info"


def set_up(level: str = "info", form: Format = "text", stream: TextIO | None = None) -> None:
    """Send everything of at least `level` to `stream` (stderr)."""
    target = stream or sys.stderr
    handler = logging.StreamHandler(target)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_common(), processors=_last(form, target.isatty())
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    structlog.configure(
        processors=[*_common(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(root.level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,  # a reload may change the level
    )


def hide_secrets(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A processor: whatever is named like a secret is not written."""
    for name in event:
        if any(word in name.lower() for word in SECRET_WORDS):
            event[name] = HIDDEN
    return event


def _common() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        hide_secrets,
    ]


def _last(form: Format, terminal: bool) -> list[Processor]:
    bare = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if form == "json":
        return [
            bare,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    plain = structlog.dev.plain_traceback  # the rich one would print local variables, secrets among them
    return [bare, structlog.dev.ConsoleRenderer(colors=terminal, exception_formatter=plain)]
