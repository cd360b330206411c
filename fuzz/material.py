"""What fuzzers are made of: words of the protocol, numbers at the edges, bytes that are no text; and
mutation.

What belongs here: input. What must not: what becomes of it (`targets`).
"""

from __future__ import annotations

from itertools import pairwise
from random import Random

from tertulia.commands.registry import COMMANDS
from tertulia.limits import CLIENT_TAG_BYTES, INPUT_BYTES, LINE_BYTES
from tertulia.protocol.capabilities import CAPABILITIES

WORDS = (
    "#a", "#A", "#ñ", "#a,#b", "@#a", "+#a", "ana", "beto", "José", "*", "*!*@*", "a?b*", ":", "::", "",
    "0", "-1", "302",
    "99999999999999999999", "1e9", "٣", "²", "+", "-", "+o-v+b", "+beI", "+kl-kl", "+r1", "-r1",
    "draft/multiline",
    "tertulia.chat/stream", "LATEST", "BEFORE", "AROUND", "BETWEEN", "TARGETS", "msgid=1", "msgid=",
    "timestamp=",
    "timestamp=2026-01-01T00:00:00.000Z", "timestamp=9999-12-31T23:59:59.999Z",
    "timestamp=0001-01-01T00:00:00.000Z",
    "%tcuihsnfdlaor,999", "o%", ">5", "<", "!x", "REQ", "LS", "END", "LIST", "ACK", "é€😀", "\u202e",
    "\u0345\u0301", "{0}",
    "{limit}", "%s", "\\", "a" * 64, "x" * 300, "LS 302", "\x01ACTION x\x01", "\x02\x1f", "root", "geheim",
    "es", "en",
    *(row.name for row in CAPABILITIES), *(f"-{row.name}" for row in CAPABILITIES[:4]),
)  # fmt: skip
TAGS = (
    "a", "+a=b", "+typing=active", "label=1", "label=", f"label={'x' * 80}", "batch=r1", "batch=",
    "draft/multiline-concat",
    "tertulia.chat/concat", "tertulia.chat/stopped", "+draft/reply=1", "+draft/reply=zz", "time=x",
    "msgid=1", "a=\\",
    "a=\\:\\s\\r\\n", "=", "+", "+/", "a=b=c", "tertulia.chat/model=x", "tertulia.chat/hops=99", "bot",
)  # fmt: skip
BYTES = (
    b"\0",
    b"\r",
    b"\n",
    b"\r\n",
    b"\xff",
    b"\xed\xa0\x80",
    b"\xc3",
    b" ",
    b"  ",
    b":",
    b"@",
    b";",
    b",",
    b"\x01",
)
SIZES = (
    LINE_BYTES - 2,
    LINE_BYTES - 1,
    LINE_BYTES,
    CLIENT_TAG_BYTES - 1,
    CLIENT_TAG_BYTES,
    INPUT_BYTES,
    INPUT_BYTES + 1,
)


def line(rng: Random) -> bytes:
    """A line that mostly looks like one, without its end."""
    verb = (
        rng.choice([*COMMANDS, "001", "X", "", "privmsg", "ſ"]) if rng.random() < 0.95 else rng.choice(WORDS)
    )
    params = [rng.choice(WORDS) for _ in range(rng.choice([0, 1, 1, 2, 2, 3, 4, 5, 20]))]
    if params and rng.random() < 0.5:
        params[-1] = f":{params[-1]} {rng.choice(WORDS)}"
    head = f"@{';'.join(rng.choices(TAGS, k=rng.randint(1, 4)))} " if rng.random() < 0.3 else ""
    source = f":{rng.choice(WORDS)} " if rng.random() < 0.05 else ""
    return f"{head}{source}{' '.join([verb, *params])}".encode()


def mutated(rng: Random, data: bytes) -> bytes:
    """The bytes with something wrong: cut, doubled, stuffed, or blown up to the edge of a limit."""
    at = rng.randrange(len(data) + 1)
    how = rng.randrange(5)
    if how == 0:
        return data[:at]
    if how == 1:
        return data[:at] + rng.choice(BYTES) + data[at:]
    if how == 2:
        return data[:at] + data[: rng.randrange(len(data) + 1)] + data[at:]
    if how == 3:
        return data[:at] + b"x" * max(0, rng.choice(SIZES) - len(data)) + data[at:]
    return data[:at] + rng.randbytes(rng.randrange(8)) + data[at + rng.randrange(4) :]


def stream(rng: Random, lines: int) -> bytes:
    """Lines with their ends, some of them wrong."""
    made = []
    for _ in range(lines):
        one = line(rng)
        made.append(mutated(rng, one) if rng.random() < 0.25 else one)
        made.append(rng.choice([b"\r\n", b"\r\n", b"\r\n", b"\n", b"\r\n\r\n"]))
    return b"".join(made)


def chunks(rng: Random, data: bytes) -> list[bytes]:
    """The bytes cut anywhere."""
    places = sorted({0, len(data), *(rng.randrange(len(data) + 1) for _ in range(rng.randrange(6)))})
    return [data[start:end] for start, end in pairwise(places)]
