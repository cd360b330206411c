"""Lines of keys in TOML texts of every shape."""

from __future__ import annotations

import pytest

from tertulia.config.origin import KeyPath, line_of, lines_of

TEXT = '''# A comment with [server] in it.
[server]  # and one behind a header
name = "a"
listen = [
  "irc://127.0.0.1:6667",  # ] here
  "name = 5",
]
motd = """
[limits]
name = "inside"
"""
tls.key = "dotted"
"quoted key" = 1

[[models]]
nick = "one"

[[models]]
nick = 'two # no comment'
rooms = ["#a", "#b"]
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("server",), 2),
        (("server", "name"), 3),
        (("server", "listen"), 4),
        (("server", "motd"), 8),
        (("server", "tls", "key"), 12),
        (("server", "quoted key"), 13),
        (("models", 0), 15),
        (("models", 0, "nick"), 16),
        (("models", 1), 18),
        (("models", 1, "rooms"), 20),
    ],
)
def test_each_key_has_its_line(path: KeyPath, line: int) -> None:
    assert lines_of(TEXT)[path] == line


def test_what_lies_inside_a_value_is_no_key() -> None:
    assert ("limits",) not in lines_of(TEXT)
    assert ("models",) in lines_of(TEXT)


def test_a_missing_key_is_at_its_table() -> None:
    lines = lines_of(TEXT)
    assert line_of(("models", 1, "provider"), lines) == 18
    assert line_of(("server", "listen", 1), lines) == 4
    assert line_of(("store", "url"), lines) is None
