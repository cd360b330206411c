"""Streams that are taken back while they grow (docs/extensions/stream.md, IRCv3 message-redaction)."""

from __future__ import annotations

import pytest

from tertulia import limits
from tertulia.commands.settings import Bounds
from tests.server.speaking import CAPS, OWN, begin, end, failure, history, piece
from tests.support.failing import FailingStore
from tests.support.reading import tag, texts, the
from tests.support.town import Client, Town, commands

KNOWS = f"{CAPS} echo-message draft/message-redaction draft/chathistory"


@pytest.fixture
def op(town: Town) -> Client:
    """Who came first, and so operates #r."""
    return town.join("op", "#r", caps=KNOWS)


@pytest.fixture
def lola(town: Town, op: Client) -> Client:
    """The speaker: a model of the house."""
    client = town.join("lola", "#r", caps=f"{KNOWS} standard-replies", peer=OWN)
    client.say("MODE lola +B")
    return client


def growing(op: Client, lola: Client, tags: str = "@tertulia.chat/model=m ", target: str = "#r") -> str:
    """Its msgid; two pieces are said, the second of which ends no line."""
    begin(lola, tags=tags, target=target)
    piece(lola, "una mentira. ", target=target)
    opening = the(op.say(), "BATCH")
    piece(lola, "y otra", concat=True, target=target)
    return tag(opening, "msgid") or ""


def test_it_ends_and_is_gone(town: Town, op: Client, lola: Client) -> None:
    """ "A server MAY ... close the stream in the place of a speaker that does not; it then sends the speaker
    `FAIL BATCH STREAM_STOPPED`." """
    new = town.join("new", "#r", caps=f"{CAPS} draft/message-redaction")
    named = growing(op, lola)
    new.take(), lola.take(), op.take()
    lines = op.say(f"REDACT #r {named} :no es verdad")
    assert commands(lines) == ["BATCH", "REDACT"]
    closing = the(lines, "BATCH")
    assert closing.params[0][0] == "-" and tag(closing, "tertulia.chat/stopped") == ""
    assert commands(new.say()) == ["BATCH", "REDACT"]
    told = lola.say()
    assert failure(told) == ["BATCH", "STREAM_STOPPED", "r1", "op"] and "REDACT" in commands(told)
    assert piece(lola, "sigue") == [] and end(lola) == []  # "ignored, until its end"
    assert new.say() == [] and history(op) == []
    begin(lola)
    piece(lola, "verdad")
    end(lola)
    assert history(op) == ["verdad"]


def test_nobody_is_given_what_they_had_not_heard(town: Town, op: Client, lola: Client) -> None:
    """Those without streams: one who waits for the whole, and one who hears whole lines."""
    whole = town.join("whole", "#r", caps="batch message-tags draft/multiline")
    old = town.join("old", "#r")
    whole.take()
    named = growing(op, lola)
    piece(lola, "ya está. Fin")
    assert texts(old.say()) == ["una mentira. y otra"]
    op.say(f"REDACT #r {named}")
    assert whole.say() == [] and texts(old.say()) == ["[…]"]
    begin(lola, reference="r2")
    piece(lola, "sin fin", reference="r2")
    named = tag(the(op.say(), "BATCH"), "msgid") or ""
    op.say(f"REDACT #r {named}")
    assert texts(old.say()) == [], "who has heard nothing of it hears nothing of its end"


def test_whoever_asked(town: Town, op: Client, lola: Client) -> None:
    """As `!stop`; for an hour, as one's own words, and also once it is whole."""
    ana, bob = (town.join(nick, "#r", caps=KNOWS) for nick in ("ana", "bob"))
    asked = tag(the(ana.say("PRIVMSG #r :lola: ¿sí?"), "PRIVMSG"), "msgid")
    tags = f"@tertulia.chat/model=m;+draft/reply={asked};tertulia.chat/asked-by=~ana "
    named = growing(op, lola, tags)
    bob.take(), ana.take()
    assert failure(bob.say(f"REDACT #r {named}"))[1] == "REDACT_FORBIDDEN"
    assert commands(ana.say(f"REDACT #r {named}"))[-1] == "REDACT"
    end(lola)
    for seconds, code in ((limits.REDACT_SECONDS, ""), (limits.REDACT_SECONDS + 1, "REDACT_WINDOW_EXPIRED")):
        op.take(), ana.take()
        named = growing(op, lola, tags)
        end(lola)
        town.clock.ms += seconds * 1000
        ana.take()
        lines = ana.say(f"REDACT #r {named}")
        assert (failure(lines)[1] == code) if code else commands(lines) == ["REDACT"]


def test_nobody_asked_who_says_so(town: Town, op: Client, lola: Client) -> None:
    """The tags of whom the server does not trust are no proof; and an agent's words are its own."""
    ana = town.join("ana", "#r", caps=KNOWS)
    robot = town.join("robot", "#r", caps=KNOWS)
    asked = tag(the(ana.say("PRIVMSG #r :robot: ¿sí?"), "PRIVMSG"), "msgid")
    robot.say("MODE robot +B")
    op.take()
    named = growing(op, robot, f"@tertulia.chat/model=m;+draft/reply={asked} ")
    ana.take()
    assert failure(ana.say(f"REDACT #r {named}"))[1] == "REDACT_FORBIDDEN"


def test_in_private(town: Town, op: Client, lola: Client) -> None:
    ana = town.join("ana", caps=KNOWS)
    asked = tag(the(ana.say("PRIVMSG lola :¿sí?"), "PRIVMSG"), "msgid")
    lola.take()
    named = growing(ana, lola, f"@tertulia.chat/model=m;+draft/reply={asked} ", target="ana")
    ana.take()
    assert failure(op.say(f"REDACT lola {named}"))[1] == "UNKNOWN_MSGID"
    assert commands(ana.say(f"REDACT lola {named}")) == ["BATCH", "REDACT"]
    assert "STREAM_STOPPED" in failure(lola.say())
    assert texts(ana.say("CHATHISTORY LATEST lola * 9"), "PRIVMSG") == ["¿sí?"]


def test_in_a_room_that_keeps_nothing(town: Town, op: Client, lola: Client) -> None:
    room = town.network.rooms["#r"]
    room.settings["history"] = "off"
    named = growing(op, lola)
    op.take()
    assert commands(op.say(f"REDACT #r {named}")) == ["BATCH", "REDACT"]
    assert failure(lola.say())[1] == "STREAM_STOPPED"


def test_one_s_own(town: Town, op: Client, lola: Client) -> None:
    named = growing(op, lola)
    lola.take()
    assert commands(lola.say(f"REDACT #r {named}")) == ["BATCH", "REDACT"]
    assert end(lola) == [] and history(op) == []


def test_its_end_and_its_deletion_are_one_commit() -> None:
    """Whatever dies in between: it is there and incomplete, or it is gone."""
    store = FailingStore()
    town = Town(store=store, bounds=Bounds(flood=False))
    op = town.join("op", "#r", caps=KNOWS)
    lola = town.join("lola", "#r", caps=KNOWS, peer=OWN)
    named = growing(op, lola)
    op.take()
    store.fail()
    lines = op.say(f"REDACT #r {named}")
    assert "REDACT" not in commands(lines) and "REDACT" not in commands(lola.say())
    store.mend()
    op.say("PRIVMSG #r :hola")  # the end, which was refused, is kept with it
    assert history(op) == ["una mentira. y otra", "hola"]
    end(lola)
    again = growing(op, lola)
    assert commands(op.say(f"REDACT #r {again}"))[-1] == "REDACT"
    assert history(op) == ["una mentira. y otra", "hola"]
