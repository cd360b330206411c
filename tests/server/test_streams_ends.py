"""Streams: echo and labels, refusals and errors, speakers who vanish (docs/extensions/stream.md)."""

from __future__ import annotations

import pytest

from tertulia import limits
from tests.server.speaking import CAPS, OWN, begin, end, failure, history, piece
from tests.support.reading import tag, texts, the
from tests.support.town import Client, Town, commands

# --- echo and labels --------------------------------------------------------------------------------


def test_echo(town: Town, old: Client) -> None:
    """ "A speaker with echo-message is sent the opening and the closing of its own stream, as others are;
    servers MAY leave out the lines. ... With labeled-response the label of the opening is on the opening
    echoed. ... The closing and the lines have no label." """
    eva = town.join("eva", "#r", caps=f"{CAPS} labeled-response echo-message")
    assert begin(eva, tags=r"@label=a\sb ") == []
    opening = the(piece(eva, "hola"), "BATCH")
    assert (
        tag(opening, "label") == "a b"
        and tag(opening, "msgid")
        and opening.params[1] == "tertulia.chat/stream"
    )
    closing = the(end(eva), "BATCH")
    assert closing.params[0][1:] == opening.params[0][1:] and tag(closing, "label") is None


def test_without_echo(lola: Client, old: Client) -> None:
    """ "Without echo, the label is answered by ACK." """
    assert begin(lola, tags="@label=x ") == ["@label=x :tertulia.local ACK"]
    assert piece(lola, "hola") == [] and end(lola) == []


def test_the_label_of_a_stream_that_never_was(town: Town) -> None:
    """ "Servers MUST respond with a labeled ACK message when a client sends a labeled command that
    normally produces no response." (IRCv3 labeled-response)"""
    eva = town.join("eva", "#r", caps=f"{CAPS} labeled-response echo-message")
    begin(eva, tags="@label=x ")
    assert end(eva) == ["@label=x :tertulia.local ACK"]
    begin(eva, tags="@label=y ")
    assert tag(the(eva.say("@batch=r1 JOIN #s"), "FAIL"), "label") == "y"


def test_others_see_no_label(lola: Client, new: Client, old: Client) -> None:
    begin(lola, tags="@label=x ")
    piece(lola, "hola")
    end(lola)
    assert not any("label" in line for line in new.say())


# --- refusals ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "numeric"),
    [
        ("#nowhere", "403"),
        ("nadie", "401"),
        ("#other", "404"),
        ("@#r", "403"),
        ("#r,new", "403"),
        ("new,old", "401"),
    ],
)
def test_the_opening_is_checked_as_a_privmsg(
    town: Town, lola: Client, old: Client, target: str, numeric: str
) -> None:
    """ "The opening is checked as a PRIVMSG to the target is, and refused with the same numerics. Lines
    and the end of a refused stream are ignored in silence." """
    town.join("x", "#other")
    assert commands(begin(lola, target=target, tags="@label=l ")) == [numeric]
    assert piece(lola, "x", target=target) == [] and end(lola) == []
    assert old.say() == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("@batch=r1 PRIVMSG #s :x", ["STREAM_INVALID_TARGET", "r1", "#s"]),
        ("@batch=r1 NOTICE #r :x", ["STREAM_INVALID", "r1"]),
        ("@batch=r1 PRIVMSG", ["STREAM_INVALID", "r1"]),
        ("@batch=r1;tertulia.chat/concat PRIVMSG #r :", ["STREAM_INVALID", "r1"]),
    ],
)
def test_lines_that_are_wrong(lola: Client, new: Client, old: Client, line: str, expected: list[str]) -> None:
    """ "In all but STREAM_TOO_MANY what was said is kept, and closed with tertulia.chat/incomplete ...
    Whatever still comes under that reference is ignored, until its end." """
    begin(lola)
    piece(lola, "uno")
    new.take()
    assert failure(lola.say(line)) == ["BATCH", *expected]
    assert tag(the(new.say(), "BATCH"), "tertulia.chat/incomplete") == ""
    assert piece(lola, "dos") == [] and end(lola) == [] and new.say() == []
    assert history(lola) == ["uno"]
    begin(lola)
    piece(lola, "otra vez")
    assert texts(new.say()) == ["otra vez"]


def test_a_first_line_with_concat(lola: Client, new: Client, old: Client) -> None:
    """ "The first line MUST NOT have that tag" """
    begin(lola)
    assert failure(piece(lola, "x", concat=True)) == ["BATCH", "STREAM_INVALID", "r1"]
    assert new.say() == []


def test_max_bytes(monkeypatch: pytest.MonkeyPatch, lola: Client, new: Client, old: Client) -> None:
    """ "`STREAM_MAX_BYTES` | reference, limit | the text would become too long" """
    monkeypatch.setattr(limits, "STREAM_BYTES", 100)
    begin(lola)
    assert piece(lola, "x" * 49) == [] and piece(lola, "y" * 48) == []
    assert failure(piece(lola, "z")) == ["BATCH", "STREAM_MAX_BYTES", "r1", "100"]
    assert history(lola) == ["x" * 49 + "\n" + "y" * 48]


def test_max_lines(monkeypatch: pytest.MonkeyPatch, lola: Client, old: Client) -> None:
    """ "lines of the joined text; a piece with the concat tag is not a line of its own" """
    monkeypatch.setattr(limits, "STREAM_LINES", 2)
    begin(lola)
    assert piece(lola, "1") == piece(lola, "2") == piece(lola, "3", concat=True) == []
    assert failure(piece(lola, "4")) == ["BATCH", "STREAM_MAX_LINES", "r1", "2"]


def test_too_many(lola: Client, old: Client) -> None:
    """ "`STREAM_TOO_MANY` | reference, limit | so many are open already; this one was not opened" """
    for number in range(limits.BATCHES_PER_SESSION):
        begin(lola, reference=f"r{number}")
    expected = ["BATCH", "STREAM_TOO_MANY", "mas", str(limits.BATCHES_PER_SESSION)]
    assert failure(begin(lola, reference="mas")) == expected
    assert piece(lola, "x", reference="mas") == [] and end(lola, reference="mas") == []
    assert old.say() == []


def test_models_of_our_own_open_more(town: Town, old: Client) -> None:
    own = town.join("own", "#r", caps=CAPS, peer=OWN)
    for number in range(limits.BATCHES_PER_SESSION * 3):
        assert begin(own, reference=f"r{number}") == []


# --- a speaker who vanishes -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "command"), [("PART #r", "PART"), ("QUIT", "QUIT"), ("JOIN 0", "PART"), ("KICK #r lola", "KICK")]
)
def test_a_speaker_who_goes(lola: Client, new: Client, old: Client, line: str, command: str) -> None:
    """ "If the speaker quits, parts, is kicked or may no longer speak, the server closes the stream with
    tertulia.chat/incomplete, before it relays what happened to the speaker." """
    begin(lola)
    piece(lola, "uno")
    new.take(), old.take()
    lola.say(line)
    lines = new.say()
    assert commands(lines) == ["BATCH", command]
    assert tag(the(lines, "BATCH"), "tertulia.chat/incomplete") == ""
    assert texts(old.say(), "PRIVMSG") == ["uno […]"]
    assert history(new) == ["uno"]


def test_what_still_comes_from_a_speaker_who_left_is_ignored(lola: Client, new: Client, old: Client) -> None:
    begin(lola)
    piece(lola, "uno")
    lola.say("PART #r", "JOIN #r")
    new.take()
    assert piece(lola, "dos") == [] and end(lola) == [] and new.say() == []


@pytest.mark.parametrize("modes", ["+m-o lola", "+b-o lola!*@* lola"])
def test_a_speaker_who_may_no_longer_speak(
    town: Town, lola: Client, new: Client, old: Client, modes: str
) -> None:
    """ "servers SHOULD check again when the room changes (a ban, moderation)" (Security considerations)"""
    lola.say("MODE #r +o new")
    begin(lola)
    piece(lola, "uno")
    new.take()
    lines = new.say(f"MODE #r {modes}")
    assert commands(lines) == ["BATCH", "MODE"]
    assert tag(the(lines, "BATCH"), "tertulia.chat/incomplete") == ""
    heard = lola.say()
    assert "404" in commands(heard)
    assert piece(lola, "dos") == [] and end(lola) == [] and new.say() == []


def test_a_change_that_does_not_concern_the_speaker(lola: Client, new: Client, old: Client) -> None:
    begin(lola)
    piece(lola, "uno ")
    lola.say("MODE #r +mi")
    piece(lola, "dos", concat=True)
    end(lola)
    assert texts(new.say()) == ["uno ", "dos"]


def test_a_connection_that_is_lost(lola: Client, new: Client, old: Client) -> None:
    begin(lola)
    piece(lola, "uno")
    new.take()
    lola.wire.receiver.lost("reset")
    assert commands(new.say()) == ["BATCH", "QUIT"]
    assert history(new) == ["uno"]


def test_nothing_is_left_of_closed_streams(town: Town, lola: Client, old: Client) -> None:
    """Bounded: the server keeps no reference to a stream that has ended."""
    begin(lola)
    piece(lola, "uno")
    assert town.hub.streams
    end(lola)
    begin(lola)
    lola.say("QUIT")
    assert not town.hub.streams
