"""A client's session, without a socket: lines in, events out. Each protocol test quotes what it tests."""

from __future__ import annotations

import pytest

from tertulia.client import events as e
from tertulia.client.session import NICK_TRIES, WANTED, Session
from tertulia.limits import LINE_BYTES

LS = (
    b":s CAP * LS :message-tags batch server-time echo-message draft/multiline=max-bytes=9 "
    b"tertulia.chat/stream=x\r\n"
)
HELLO = LS + (
    b":s CAP lola ACK :message-tags server-time batch echo-message draft/multiline tertulia.chat/stream\r\n"
    b":s 001 lola :Welcome\r\n:s 005 lola PREFIX=(qaohv)~&@%+ CHANMODES=b,k,l,imnst BOT=B :are supported\r\n"
    b":s 422 lola :no motd\r\n"
)


def registered() -> Session:
    session = Session("lola")
    session.receive(HELLO)
    session.take()
    return session


def test_registration_negotiates_what_both_know() -> None:
    session = Session("lola", user="model", realname="a model", password="pw")
    assert session.take() == b"PASS pw\r\nCAP LS 302\r\nNICK lola\r\nUSER model 0 * :a model\r\n"
    assert session.receive(LS) == []
    requested = session.take().decode()
    assert (
        requested
        == "CAP REQ :message-tags server-time batch echo-message draft/multiline tertulia.chat/stream\r\n"
    )
    (event,) = session.receive(HELLO.removeprefix(LS))
    assert session.take() == b"CAP END\r\n"
    assert isinstance(event, e.Registered)
    assert event.nick == "lola" and "batch" in event.capabilities and event.isupport["BOT"] == "B"
    assert session.offered["draft/multiline"] == "max-bytes=9"


def test_all_we_want_fits_one_request() -> None:
    assert len(f"CAP REQ :{' '.join(WANTED)}\r\n") <= LINE_BYTES


def test_a_list_of_capabilities_may_take_several_lines() -> None:
    """Capability negotiation: "If the reply contains multiple lines, all but the last one MUST have a
    parameter containing only an asterisk (*) preceding the capability list." """
    session = Session("lola")
    session.take()
    assert session.receive(b":s CAP * LS * :batch\r\n") == [] and session.take() == b""
    session.receive(b":s CAP * LS :message-tags\r\n")
    assert session.take() == b"CAP REQ :message-tags batch\r\n"


def test_without_capabilities_it_goes_on() -> None:
    session = Session("lola", wanted=())
    session.take()
    session.receive(LS)
    assert session.take() == b"CAP END\r\n"


def test_a_taken_name_gets_a_tail_then_gives_up() -> None:
    session = Session("lola")
    session.take()
    events: list[e.Event] = []
    for _ in range(NICK_TRIES):
        events += session.receive(b":s 433 * lola :Nickname is already in use\r\n")
    assert session.take() == b"NICK lola_\r\nNICK lola__\r\nNICK lola___\r\n"
    assert events == [e.Refused("433", "Nickname is already in use")]


def test_ping_is_answered() -> None:
    session = registered()
    assert session.receive(b"PING :a b\r\n") == []
    assert session.take() == b"PONG :a b\r\n"


def test_nobody_smuggles_a_command() -> None:
    session = registered()
    session.send("PRIVMSG", "#r", "a\r\nQUIT\0")
    assert session.take() == b"PRIVMSG #r :a  QUIT \r\n"


TALK = (
    "@msgid=1;+reply=0;bot :gpt!u@h PRIVMSG #r :hola\r\n:ana!u@h JOIN #r ana-account :Ana\r\n"
    ":s 353 lola = #r :@ana!u@h +lola\r\n:s 366 lola #r :end\r\n"
    ":ana!u@h MODE #r +ov-k lola bob secret\r\n:ana!u@h TOPIC #r :de qué\r\n:ana!u@h AWAY :fuera\r\n"
    ":ana!u@h INVITE lola #x\r\nFAIL BATCH TIMEOUT 7 :too late\r\n"
    ":ana!u@h KICK #r bob :ya\r\n:ana!u@h QUIT :adiós\r\n"
).encode()


@pytest.mark.parametrize("size", [1, 2, 7, len(TALK)])
def test_talk_in_pieces_of_any_size(size: int) -> None:
    session = registered()
    events = [event for at in range(0, len(TALK), size) for event in session.receive(TALK[at : at + size])]
    first = events[0]
    assert isinstance(first, e.Message)
    assert (first.nick, first.text, first.msgid, first.replied_to, first.bot) == (
        "gpt",
        "hola",
        "1",
        "0",
        True,
    )
    assert events[1:] == [
        e.Joined("ana", "#r", "ana-account"),
        e.Names("#r", (("ana", "@"), ("lola", "+"))),
        e.ModeChanged("#r", "ana", (("+", "o", "lola"), ("+", "v", "bob"), ("-", "k", "secret"))),
        e.TopicChanged("#r", "de qué", "ana"),
        e.AwayChanged("ana", "fuera"),
        e.Invited("lola", "#x", "ana"),
        e.Reply("FAIL", "BATCH", "TIMEOUT", ("7",), "too late"),
        e.Left("bob", "#r", "ya", "ana"),
        e.Left("ana", None, "adiós"),
    ]


def test_our_own_rename_is_followed() -> None:
    session = registered()
    session.receive(b":lola!u@h NICK lolita\r\n")
    assert session.nick == "lolita"


def test_multiline_is_one_message() -> None:
    """draft/multiline: "Line messages are joined by a single line feed (\\n) byte unless the
    draft/multiline-concat message tag is sent"."""
    session = registered()
    events = session.receive(
        b"@msgid=5 :a!u@h BATCH +1 draft/multiline #r\r\n@batch=1 :a!u@h PRIVMSG #r :how is \r\n"
        b"@batch=1;draft/multiline-concat :a!u@h PRIVMSG #r :everyone?\r\n@batch=1 :a!u@h PRIVMSG #r :ok\r\n"
        b"BATCH -1\r\n"
    )
    (message,) = events
    assert isinstance(message, e.Message)
    assert (message.text, message.msgid, message.nick) == ("how is everyone?\nok", "5", "a")


def test_a_stream_grows_and_ends() -> None:
    """docs/extensions/stream.md: "A tag on the closing `BATCH` is added to those of the opening"."""
    session = registered()
    events = session.receive(
        b"@msgid=5 :a!u@h BATCH +1 tertulia.chat/stream #r\r\n@batch=1 :a!u@h PRIVMSG #r :one\r\n"
        b":b!u@h PRIVMSG #r :between\r\n@batch=1;tertulia.chat/concat :a!u@h PRIVMSG #r :, two\r\n"
        b"@batch=1 :a!u@h PRIVMSG #r :three\r\n"
        b"@tertulia.chat/stopped;tertulia.chat/tokens-out=3 :a!u@h BATCH -1\r\n"
    )
    assert [type(event).__name__ for event in events] == [
        "StreamOpened", "StreamPiece", "Message", "StreamPiece", "StreamPiece", "StreamClosed",
    ]  # fmt: skip
    closed = events[-1]
    assert isinstance(closed, e.StreamClosed)
    assert (closed.end, closed.message.text) == ("stopped", "one, two\nthree")
    assert (closed.message.msgid, closed.message.tags["tertulia.chat/tokens-out"]) == ("5", "3")


def test_history_comes_as_one_event_with_nested_multiline() -> None:
    session = registered()
    events = session.receive(
        b"BATCH +h chathistory #r\r\n@batch=h;msgid=1 :a!u@h PRIVMSG #r :one\r\n"
        b"@batch=h;msgid=2 :a!u@h BATCH +m draft/multiline #r\r\n@batch=m :a!u@h PRIVMSG #r :two\r\n"
        b"@batch=m :a!u@h PRIVMSG #r :lines\r\nBATCH -m\r\nBATCH -h\r\n"
    )
    (history,) = events
    assert isinstance(history, e.History)
    assert [(message.msgid, message.text) for message in history.messages] == [
        ("1", "one"),
        ("2", "two\nlines"),
    ]


@pytest.mark.parametrize(
    "nonsense", [b"\r\n", b"\xff\xfe\r\n", b":only\r\n", b"BATCH\r\n", b"BATCH -9\r\n", b"@a=b\r\n",
                 b"CAP * LS\r\n", b"MODE #r\r\n", b"PRIVMSG\r\n", b":s 353 lola\r\n", b"KICK #r\r\n"]
)  # fmt: skip
def test_nonsense_is_passed_over(nonsense: bytes) -> None:
    session = registered()
    session.receive(nonsense)
    assert session.receive(b":a!u@h PRIVMSG #r :still here\r\n")


def test_a_line_without_end_is_not_kept() -> None:
    session = registered()
    for _ in range(10):
        session.receive(b"x" * 4_000)
    assert len(session._partial) <= 8_191 + 512


TYPES = b"@time=2026-01-31T12:00:00.000Z;msgid=1;+typing=active"


@pytest.mark.parametrize(
    ("line", "read"),
    [
        (TYPES + b" :ana!a@h TAGMSG #r\r\n", False),
        (TYPES + b";bot :ana!a@h TAGMSG #r\r\n", False),
        (TYPES + b";+tertulia.chat/stop=2 :ana!a@h TAGMSG #r\r\n", True),
        (b"@+tertulia.chat/stop=2;+typing=done :ana!a@h TAGMSG #r\r\n", True),
        (TYPES + b" :ana!a@h PRIVMSG #r :TAGMSG \r\n", True),
        (b"@msgid=1 :ana!a@h PRIVMSG #r :@+typing=active :b TAGMSG #r\r\n", True),
    ],
)
def test_that_others_type_is_passed_over_by_who_does_not_care(line: bytes, read: bool) -> None:
    session = Session("lola", watches_typing=False)
    session.receive(HELLO)
    assert bool(session.receive(line)) == read
    assert registered().receive(line), "everybody else is told"
