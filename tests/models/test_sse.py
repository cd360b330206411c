"""Server-sent events out of bytes cut anywhere."""

from __future__ import annotations

import pytest

from tertulia.models.sse import EVENT_BYTES, Events, TooLong

SAMPLE = (
    'event: x\ndata: {"a":1}\n\n: a comment\n\ndata:uno\r\ndata: dos\r\n\r\nid: 4\n\ndata: ñ\n\n'.encode()
)


@pytest.mark.parametrize("size", [1, 3, len(SAMPLE)])
def test_whole_in_pieces_and_with_a_tail(size: int) -> None:
    """WHATWG HTML: "If the line is empty (a blank line) Dispatch the event"."""
    events = Events()
    tailed = SAMPLE + b"data: tail"
    found = [data for at in range(0, len(tailed), size) for data in events.feed(tailed[at : at + size])]
    assert found == ['{"a":1}', "uno\ndos", "ñ"]
    assert events.feed(b"\n\n") == ["tail"]


def test_an_endless_event_is_refused() -> None:
    events = Events()
    with pytest.raises(TooLong):
        for _ in range(EVENT_BYTES // 1_000 + 2):
            events.feed(b"data: " + b"x" * 1_000 + b"\n")
