"""Playback: IRCv3 chathistory batch type, with nested batches and plain fallbacks."""

from __future__ import annotations

from tertulia.protocol import capabilities as cap
from tertulia.protocol.history import Message
from tertulia.server.playback import Playback
from tests.support.reading import all_of, tag, texts
from tests.support.town import commands

EVERY = cap.BATCH | cap.MESSAGE_TAGS | cap.SERVER_TIME | cap.MULTILINE
STORED = [
    Message(1, 1_000, "#r", "PRIVMSG", "ana!~ana@h", "#r", "uno"),
    Message(2, 2_000, "#r", "NOTICE", "bob!~bob@h", "#r", "dos"),
    Message(3, 3_000, "#r", "PRIVMSG", "lola!~lola@h", "#r", "tres\ncuatro", state="incomplete"),
    Message(4, 4_000, "#r", "TAGMSG", "bob!~bob@h", "#r", "", tags="+typing=active"),
]


def play(capabilities: int) -> list[str]:
    return Playback("s", "ref", "chathistory #r", STORED).render(capabilities).split("\r\n")[:-1]


def test_one_batch() -> None:
    """ "the server SHOULD put all PRIVMSGs and NOTICEs into a single chathistory batch. If the client has
    also enabled the server-time capability then messages inside the batch MUST be tagged with the time at
    which they were originally sent." (IRCv3 batch/chathistory)"""
    lines = play(cap.BATCH | cap.SERVER_TIME)
    assert lines[0] == ":s BATCH +ref chathistory #r" and lines[-1] == ":s BATCH -ref"
    assert lines[1] == "@batch=ref;time=1970-01-01T00:00:01.000Z :ana!~ana@h PRIVMSG #r :uno"
    assert commands(lines) == ["BATCH", "PRIVMSG", "NOTICE", "PRIVMSG", "PRIVMSG", "BATCH"]


def test_a_stream_is_a_nested_multiline_batch() -> None:
    """ "inside a chathistory batch a stream is a nested batch of type draft/multiline, or plain lines; it
    is never replayed as a stream" (docs/extensions/stream.md, History); "they both MUST have batch tag"
    (IRCv3 batch)"""
    lines = play(EVERY)
    _, inner_start, inner_end, _ = all_of(lines, "BATCH")
    assert inner_start.params == ["+m3", "draft/multiline", "#r"] and inner_end.params == ["-m3"]
    assert tag(inner_start, "batch") == tag(inner_end, "batch") == "ref"
    assert tag(inner_start, "tertulia.chat/incomplete") == ""
    assert [tag(line, "batch") for line in all_of(lines, "PRIVMSG")] == ["ref", "m3", "m3"]


def test_without_batches_the_lines_alone() -> None:
    """ "limited functionality is available to clients without support for these CAPs" (IRCv3 chathistory)"""
    lines = play(0)
    assert lines == [
        ":ana!~ana@h PRIVMSG #r :uno", ":bob!~bob@h NOTICE #r :dos",
        ":lola!~lola@h PRIVMSG #r :tres", ":lola!~lola@h PRIVMSG #r :cuatro […]",
    ]  # fmt: skip


def test_tags_are_not_replayed_as_messages() -> None:
    """ "the server MUST NOT send any lines other than PRIVMSG and NOTICE in the reply batch" (IRCv3
    chathistory)"""
    assert "TAGMSG" not in commands(play(EVERY))


def test_nothing_is_an_empty_batch() -> None:
    """ "If no content exists to return, the server SHOULD return an empty batch" (IRCv3 chathistory)"""
    lines = Playback("s", "ref", "chathistory #r", []).render(cap.BATCH).split("\r\n")[:-1]
    assert lines == [":s BATCH +ref chathistory #r", ":s BATCH -ref"]
    assert texts(lines) == []
