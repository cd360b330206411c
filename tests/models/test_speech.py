"""Saying an answer: the filter, and the three forms."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia import limits
from tertulia.client import events as e
from tertulia.client.session import Session
from tertulia.client.speech import GatheredSpeech, PlainSpeech, Speech, StreamSpeech, form_for
from tertulia.models.scripted import pieces
from tertulia.models.speech import Filter
from tertulia.protocol.line import Line, format_line


def filtered(text: str, others: tuple[str, ...] = ("ana", "bob"), size: int = 1) -> str:
    speech = Filter("lola", others)
    said = [speech.feed(text[at : at + size]) for at in range(0, len(text), size)]
    return "".join([*said, speech.finish()])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Un socket.", "Un socket."),
        ("  \n Un socket. \n\n", "Un socket."),
        ("lola: Un socket.", "Un socket."),
        ("<lola> Un socket.", "<lola> Un socket."),
        ("**lola**: Un socket.", "Un socket."),
        ("Ana: Lola: ¿Tienes?", "¿Tienes?"),
        ("ana: hola", "hola"),
        ("Ana, hola: sí", "Ana, hola: sí"),
        ("Lola es mi nombre", "Lola es mi nombre"),
        ("lo siento", "lo siento"),
        ("Hola.\nana: gracias\nlola: de nada", "Hola."),
        ("Hola.\n\nbob : gracias", "Hola."),
        ("Hola.\n**ana**: gracias", "Hola."),
        ("Dijo\nana y bob\nson dos", "Dijo\nana y bob\nson dos"),
        ("lista:\n- a: b\n- c", "lista:\n- a: b\n- c"),
        ("código:\n\n    x = 1\n\nfin", "código:\n\n    x = 1\n\nfin"),
        ("", ""),
        ("lola:", ""),
        ("  ", ""),
    ],
)
@pytest.mark.parametrize("size", [1, 3, 100])
def test_what_is_said_of_a_text(text: str, said: str, size: int) -> None:
    assert filtered(text, size=size) == said


def test_what_can_be_said_is_said_at_once() -> None:
    speech = Filter("lola", ("ana",))
    assert speech.feed("Un") == "Un"
    assert speech.feed(" socket") == " socket"
    assert speech.feed("\na") == "", "it may become ana:"
    assert speech.feed("b") == "\nab"


def test_an_answer_is_bounded() -> None:
    speech = Filter("lola")
    assert len(speech.feed("x" * 99_999)) == limits.MODEL_ANSWER_CHARACTERS
    assert speech.ended and speech.feed("more") == "" and speech.finish() == ""


@given(st.text(alphabet="lanobi: \n*x", max_size=40), st.integers(1, 7))
def test_the_cut_does_not_change_what_is_said(text: str, size: int) -> None:
    assert filtered(text, size=size) == filtered(text, size=max(1, len(text)))


# --- The forms --------------------------------------------------------------------------------------------


class Sent:
    """Collects what is sent, checks that it fits, and reads it as a client with every capability would."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def __call__(self, command: str, *params: str, tags: Mapping[str, str] | None = None) -> None:
        assert not any(set(param) & set("\r\n\0") for param in params)
        body = format_line(Line(None, ":" * 0 + "x" * 118, command, list(params)))
        assert len(body.encode()) + 2 <= limits.LINE_BYTES, "it must fit when relayed"
        self.lines.append(format_line(Line(dict(tags) if tags else None, None, command, list(params))))

    def messages(self) -> list[e.Message]:
        session = Session("x")
        relayed = []
        for line in self.lines:
            tags, space, rest = line.partition(" ") if line[0] == "@" else ("", "", line)
            relayed.append(f"{tags}{space}:lola!u@h {rest}\r\n")
        events = session.receive("".join(relayed).encode())
        return [event.message if isinstance(event, e.StreamClosed) else event for event in events
                if isinstance(event, e.StreamClosed | e.Message)]  # fmt: skip


def spoken(form: type[Speech], text: str, end: str = "", size: int = 5) -> Sent:
    sent = Sent()
    speech = form(sent, "#r", "7", {"+reply": "1"})  # type: ignore[call-arg]
    for at in range(0, len(text), size):
        speech.say(text[at : at + size])
    speech.close(end, {"tertulia.chat/tokens-out": "2"})
    return sent


def test_a_stream_as_specified() -> None:
    """docs/extensions/stream.md: "a line with the tag `tertulia.chat/concat` ... continues the line before
    it"."""
    sent = Sent()
    speech = StreamSpeech(sent, "#r", "7", {"+reply": "1"})
    assert not speech.begun
    for text in ("Un", " socket\n", "\nes", " esto"):
        speech.say(text)
    speech.close("stopped", {"tertulia.chat/tokens-out": "2"})
    assert sent.lines == [
        "@+reply=1 BATCH +7 tertulia.chat/stream #r",
        "@batch=7 PRIVMSG #r Un",
        "@batch=7;tertulia.chat/concat PRIVMSG #r : socket",
        "@batch=7 PRIVMSG #r :",
        "@batch=7 PRIVMSG #r es",
        "@batch=7;tertulia.chat/concat PRIVMSG #r : esto",
        "@tertulia.chat/stopped;tertulia.chat/tokens-out=2 BATCH -7",
    ]


def test_a_stream_without_text_never_was() -> None:
    """docs/extensions/stream.md: "A stream that is closed before any text was sent never was a message"."""
    assert spoken(StreamSpeech, "").lines == []


TEXTS = [
    "una línea",
    "dos\nlíneas",
    "con\n\nhueco",
    "x" * 3_000,
    "palabra " * 200 + "\n" + "ñandú " * 200,
    "👩‍👩‍👧‍👦" * 60,
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("size", [1, 7, 5_000])
def test_a_stream_joins_to_what_was_said(text: str, size: int) -> None:
    (message,) = spoken(StreamSpeech, text, size=size).messages()
    assert message.text == text
    assert message.tags["+reply"] == "1" and message.tags["tertulia.chat/tokens-out"] == "2"


@given(st.lists(st.text(alphabet="añ \nx", min_size=1, max_size=6), max_size=12))
def test_any_pieces_join_to_what_was_said(parts: list[str]) -> None:
    sent = Sent()
    speech = StreamSpeech(sent, "#r", "7", {})
    for part in parts:
        speech.say(part)
    speech.close("", {})
    text = "".join(parts)
    begun = text.lstrip("\n")
    joined = [message.text for message in sent.messages()]
    assert joined == [text[: len(text) - 1] if text.endswith("\n") else text] if begun else True


def test_a_stream_keeps_its_own_limits() -> None:
    sent = spoken(StreamSpeech, "x\n" * (limits.STREAM_LINES + 5), size=1_000)
    assert sent.lines[-1].startswith("@tertulia.chat/incomplete")
    assert len(sent.lines) == limits.STREAM_LINES + 2


@pytest.mark.parametrize("text", TEXTS)
def test_multiline_says_the_whole_at_the_end(text: str) -> None:
    (message,) = spoken(GatheredSpeech, text).messages()
    assert message.text == text and message.tags["+reply"] == "1"


def test_a_long_text_becomes_several_multiline_batches() -> None:
    text = "\n".join(f"línea {number} " + "x" * 200 for number in range(300))
    messages = spoken(GatheredSpeech, text, "incomplete", size=999).messages()
    assert len(messages) > 1 and "\n".join(message.text for message in messages) == text + " […]"
    assert all(len(message.text.encode()) <= limits.MULTILINE_BYTES for message in messages)
    assert all(message.text.count("\n") < limits.MULTILINE_LINES for message in messages)


def test_plain_lines_go_as_they_are_complete() -> None:
    sent = Sent()
    speech = PlainSpeech(sent, "#r", "7", {"+reply": "1"})
    speech.say("una\n\ndo")
    assert sent.lines == ["@+reply=1 PRIVMSG #r una"]
    speech.say("s")
    speech.close("stopped", {})
    assert sent.lines[1:] == ["PRIVMSG #r :dos […]"]


def test_a_long_plain_line_is_cut_between_words() -> None:
    sent = spoken(PlainSpeech, "palabra " * 200)
    texts = [message.text for message in sent.messages()]
    assert "".join(texts).split() == ["palabra"] * 200 and len(texts) > 3


def test_the_best_form_is_taken() -> None:
    assert form_for({"tertulia.chat/stream", "draft/multiline"}) is StreamSpeech
    assert form_for({"draft/multiline"}) is GatheredSpeech
    assert form_for(()) is PlainSpeech


def test_scripted_pieces_join() -> None:
    assert "".join(pieces(" a  b\nc ")) == " a  b\nc "


@pytest.mark.parametrize(
    ("pieces", "said", "silent"),
    [
        (["[silence]"], "", True),
        (["[sil", "encio]", " y nada más"], "", True),
        (["lola: ", "[silence]"], "", True),
        (["NO_REPLY"], "", True),
        (["[silencioso] es", " una palabra"], "[silencioso] es una palabra", False),
        (["silence is golden"], "silence is golden", False),
        (["[sil"], "[sil", False),
    ],
)
def test_saying_nothing_is_an_answer(pieces: list[str], said: str, silent: bool) -> None:
    what = Filter("lola", ["ana"])
    assert "".join(map(what.feed, pieces)) + what.finish() == said
    assert what.silent == silent


def test_no_control_characters_are_said() -> None:
    """CTCP's \\x01 would make people's clients answer by themselves."""
    what = Filter("lola")
    assert what.feed("\x01PING 1\x01 hola\r\n\tadiós\x00\x07") + what.finish() == "PING 1 hola\n\tadiós"
