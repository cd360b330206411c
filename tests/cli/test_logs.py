"""Log lines: for people, for machines, and without secrets."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from tertulia.cli import logs


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def written(form: logs.Format, level: str = "info") -> io.StringIO:
    stream = io.StringIO()
    logs.set_up(level, form, stream)
    return stream


def test_text_is_a_line_for_people() -> None:
    stream = written("text")
    structlog.get_logger().info("opened", door="irc")
    (line,) = stream.getvalue().splitlines()
    assert "opened" in line
    assert "door=irc" in line
    assert "\x1b" not in line


def test_json_is_an_object_a_line() -> None:
    stream = written("json")
    structlog.get_logger().warning("qué", room="#año")
    entry = json.loads(stream.getvalue())
    assert (entry["event"], entry["room"], entry["level"]) == ("qué", "#año", "warning")
    assert entry["timestamp"].endswith("Z")


def test_libraries_write_the_same_lines() -> None:
    stream = written("json")
    logging.getLogger("some.library").warning("%d files", 3)
    assert json.loads(stream.getvalue())["event"] == "3 files"


def test_what_is_less_grave_is_not_written() -> None:
    stream = written("text", "warning")
    structlog.get_logger().info("little")
    logging.getLogger("httpx").info("a request")
    assert stream.getvalue() == ""


@pytest.mark.parametrize("form", ["text", "json"])
def test_secrets_are_hidden(form: logs.Format) -> None:
    stream = written(form)
    structlog.get_logger().info("entering", password="hunter2", api_key="sk-1", Authorization="Bearer sk-1")
    logging.getLogger("library").warning("entering", extra={"client_secret": "hunter2"})
    assert "hunter2" not in stream.getvalue()
    assert "sk-1" not in stream.getvalue()


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_traceback_shows_no_variables(form: logs.Format) -> None:
    stream = written(form)
    try:
        given = "hunter2"
        raise ValueError(len(given))
    except ValueError:
        structlog.get_logger().exception("failed")
    assert "ValueError" in stream.getvalue()
    assert "'hunter2'" not in stream.getvalue().replace('given = "hunter2"', "")
