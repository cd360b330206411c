"""ISUPPORT: every token is derived from the tables, and every line fits."""

from __future__ import annotations

import re

from tertulia import limits
from tertulia.protocol import isupport
from tertulia.protocol.modes import ROOM_MODES

VALUES = dict(token.partition("=")[::2] for token in isupport.tokens("Tertulia"))


def test_tokens_are_well_formed() -> None:
    """modern-irc: `parameter = 1*20letter`, and values without spaces."""
    tokens = isupport.tokens("Una red con espacios")
    assert tokens == sorted(tokens)
    assert all(re.fullmatch(r"[A-Z0-9]{1,20}(=[\x21-\x7e]+)?", token) for token in tokens)
    assert "NETWORK=Una\\x20red\\x20con\\x20espacios" in tokens


def test_lines_are_not_too_long() -> None:
    """ "As the maximum number of parameters to any reply is 15, the maximum number of `RPL_ISUPPORT`
    tokens that can
    be advertised is 13."
    """
    lines = isupport.lines("Tertulia")
    assert [token for line in lines for token in line] == isupport.tokens("Tertulia")
    assert all(0 < len(line) <= 13 and len(" ".join(line)) < limits.LINE_BYTES - 110 for line in lines)


def test_limits_are_told_as_they_are() -> None:
    assert VALUES["NICKLEN"] == str(limits.NICK_CHARACTERS)
    assert VALUES["TOPICLEN"] == str(limits.TOPIC_CHARACTERS)
    assert VALUES["MODES"] == str(limits.MODES_PER_COMMAND)
    assert VALUES["CHATHISTORY"] == str(limits.HISTORY_PAGE)
    assert VALUES["LINELEN"] == str(limits.LINE_BYTES)


def test_modes_are_told_as_they_are() -> None:
    """CHANMODES=A,B,C,D: "a comma-separated list of mode letters" by type, without the prefixes."""
    kinds = VALUES["CHANMODES"].split(",")
    letters, symbols = re.fullmatch(r"\((\w+)\)(.+)", VALUES["PREFIX"]).groups()  # type: ignore[union-attr]
    assert len(kinds) == 4 and len(letters) == len(symbols)
    assert set("".join(kinds)) | set(letters) == set(ROOM_MODES)
    assert VALUES["STATUSMSG"] == symbols
