"""Entries put into lines: tags by capability, multiline, fallbacks, the ends of broken streams."""

from __future__ import annotations

import pytest

from tertulia.limits import LINE_BYTES, MULTILINE_BYTES, MULTILINE_LINES
from tertulia.protocol import capabilities as cap
from tertulia.protocol.history import Message
from tertulia.protocol.text import lines_and_cuts
from tertulia.server.render import Said, Told, line_room, time_tag
from tests.support.reading import all_of, tag, texts

START = 1_790_000_000_123
TAGGED = cap.MESSAGE_TAGS | cap.SERVER_TIME
MULTI = cap.MULTILINE | cap.BATCH | cap.MESSAGE_TAGS


def message(text: str = "hola", **fields: object) -> Message:
    plain = Message(0xABC, START, "#r", "PRIVMSG", "ana!~ana@h", "#r", text)
    return plain._replace(**fields)


def render(entry: Said | Told, capabilities: int = 0) -> list[str]:
    return entry.render(capabilities).split("\r\n")[:-1]


def test_tags_by_capability() -> None:
    """ "Servers MUST NOT add a tag to a message if the client has not requested the capability which
    enables the tag." (modern-irc, Tags)"""
    said = Said(message(tags="+a=b;bot"))
    assert render(said) == [":ana!~ana@h PRIVMSG #r :hola"]
    assert render(said, cap.SERVER_TIME) == ["@time=2026-09-21T14:13:20.123Z :ana!~ana@h PRIVMSG #r :hola"]
    assert render(said, cap.MESSAGE_TAGS) == ["@msgid=abc;+a=b;bot :ana!~ana@h PRIVMSG #r :hola"]
    assert render(said, TAGGED) == [
        "@time=2026-09-21T14:13:20.123Z;msgid=abc;+a=b;bot :ana!~ana@h PRIVMSG #r :hola"
    ]


def test_tagmsg_only_with_tags() -> None:
    """ "Servers MUST NOT deliver TAGMSG to clients that haven't negotiated the message tags capability."
    (message-tags)"""
    said = Said(message("", kind="TAGMSG", tags="+typing=active"))
    assert render(said) == render(said, cap.SERVER_TIME) == []
    assert render(said, cap.MESSAGE_TAGS) == ["@msgid=abc;+typing=active :ana!~ana@h TAGMSG #r"]


def test_what_was_dropped_is_nothing() -> None:
    said = Said(message())
    said.dropped = True
    assert said.render(TAGGED) == ""


def test_time_is_written_to_the_millisecond() -> None:
    """ "<value> ::= YYYY-MM-DDThh:mm:ss.sssZ" (IRCv3 server-time)"""
    assert time_tag(0) == "time=1970-01-01T00:00:00.000Z"
    assert time_tag(START + 7) == "time=2026-09-21T14:13:20.130Z"


@pytest.mark.parametrize("letter", ["x", "ñ", "€", "😀", "e\u0301", "x "])
@pytest.mark.parametrize("capabilities", [0, TAGGED, MULTI])
def test_nothing_is_lost_and_every_line_fits(letter: str, capabilities: int) -> None:
    """ "Most IRC servers limit messages to 512 bytes in length" (modern-irc, Messages)"""
    text = letter * (1_200 // len(letter.encode()))
    lines = render(Said(message(text)), capabilities)
    bodies = [line.partition(" ")[2] if line[0] == "@" else line for line in lines]
    assert all(len(body.encode()) <= LINE_BYTES - 2 for body in bodies)
    assert "".join(texts(lines)) == text


def test_composition_is_kept() -> None:
    """ "Servers SHOULD maintain the line composition sent by the client" (IRCv3 multiline)"""
    text, cuts = lines_and_cuts([("uno ", False), ("y medio", True), ("", False), ("dos", False)])
    lines = render(Said(message(text, cuts=cuts)), MULTI)
    assert lines == [
        "@msgid=abc :ana!~ana@h BATCH +mabc draft/multiline #r",
        "@batch=mabc :ana!~ana@h PRIVMSG #r :uno ",
        "@batch=mabc;draft/multiline-concat :ana!~ana@h PRIVMSG #r :y medio",
        "@batch=mabc :ana!~ana@h PRIVMSG #r :",
        "@batch=mabc :ana!~ana@h PRIVMSG #r :dos",
        ":ana!~ana@h BATCH -mabc",
    ]
    assert texts(render(Said(message(text, cuts=cuts)))) == ["uno ", "y medio", "dos"]


def test_multiline_needs_batch() -> None:
    """ "This specification depends on the batch capability which MUST be negotiated" (IRCv3 multiline)"""
    assert render(Said(message("a\nb")), cap.MULTILINE) == [
        ":ana!~ana@h PRIVMSG #r :a", ":ana!~ana@h PRIVMSG #r :b",
    ]  # fmt: skip


def test_a_text_beyond_the_advertised_limits_is_several_batches() -> None:
    """ "A text longer than the advertised max-bytes or max-lines of multiline becomes as many batches as
    it needs ... only the first has the msgid." (docs/extensions/stream.md, Multiline)"""
    many = "\n".join(f"línea {number}" for number in range(MULTILINE_LINES + 5))
    lines = render(Said(message(many)), MULTI)
    openings = [line for line in all_of(lines, "BATCH") if line.params[0][0] == "+"]
    assert [tag(line, "msgid") for line in openings] == ["abc", None]
    assert len({line.params[0] for line in openings}) == 2
    assert "\n".join(texts(lines, "PRIVMSG")) == many
    assert len(all_of(render(Said(message("x" * MULTILINE_BYTES)), MULTI), "BATCH")) == 2
    assert len(all_of(render(Said(message("x" * (MULTILINE_BYTES + 1))), MULTI), "BATCH")) == 4


@pytest.mark.parametrize("state", ["stopped", "incomplete"])
def test_an_end_without_an_end(state: str) -> None:
    """ "Where the end tag would be lost (a plain line), servers append a space and […] to the last line of
    a stopped or incomplete message" (docs/extensions/stream.md)"""
    said = Said(message("uno\ndos", state=state))
    assert texts(render(said)) == ["uno", "dos […]"]
    assert f"tertulia.chat/{state}" in render(said, cap.MESSAGE_TAGS)[0]
    assert texts(render(said, cap.MESSAGE_TAGS)) == ["uno", "dos"]


def test_the_mark_fits_too() -> None:
    room = line_room("ana!~ana@h", "PRIVMSG", "#r")
    lines = render(Said(message("x" * room, state="incomplete")))
    assert all(len(line.encode()) <= LINE_BYTES - 2 for line in lines)
    assert "".join(texts(lines)) == "x" * room + " […]"


def test_told_chooses_the_first_form_that_is_understood() -> None:
    told = Told(START, (cap.EXTENDED_JOIN, ":a JOIN #r * :A"), (0, ":a JOIN #r"))
    assert render(told) == [":a JOIN #r"]
    assert render(told, cap.EXTENDED_JOIN) == [":a JOIN #r * :A"]
    assert render(told, cap.SERVER_TIME) == ["@time=2026-09-21T14:13:20.123Z :a JOIN #r"]
    assert render(Told(START, (cap.AWAY_NOTIFY, ":a AWAY"))) == []
