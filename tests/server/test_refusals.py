"""Refusals: broken lines, lost conflicts, and above all a store that fails (design: "Nothing leaves before
it is stored. ... If the store fails, nobody is told that the thing happened: the sender gets a clear
refusal.").
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tertulia import limits
from tertulia.ports import Record, StoreError
from tests.support.failing import FailingStore
from tests.support.reading import all_of, has, tag, texts, the
from tests.support.town import Client, Town, commands

CAPS = (
    "batch labeled-response echo-message message-tags draft/multiline tertulia.chat/stream standard-replies"
)
STREAM = "batch message-tags tertulia.chat/stream"


@pytest.fixture
def store() -> FailingStore:
    return FailingStore()


@pytest.fixture
def town(store: FailingStore) -> Town:
    return Town(store)


@pytest.fixture
def ana(town: Town) -> Client:
    return town.join("ana", "#r", caps=CAPS)


@pytest.fixture
def bob(town: Town, ana: Client) -> Client:
    client = town.join("bob", "#r", caps=STREAM)
    ana.take()
    return client


# --- lines that have no meaning ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"PRIVMSG #r :caf\xe9\r\n", ["FAIL", "*", "INVALID_UTF8"]),
        (b"PRIVMSG #r :a\0b\r\n", ["FAIL", "*", "INVALID_CHARACTER"]),
        (b"PRIVMSG #r :a\rb\r\n", ["FAIL", "*", "INVALID_CHARACTER"]),
        (b"PRIVMSG #r :" + b"x" * 500 + b"\r\n", ["417", "ana"]),
        (b"@+a=" + b"x" * 4092 + b" PRIVMSG #r :x\r\n", ["417", "ana"]),
    ],
)
@pytest.mark.parametrize("step", [1, 1_000_000])
def test_lines_without_a_meaning(
    ana: Client, bob: Client, raw: bytes, expected: list[str], step: int
) -> None:
    """ "it indicates that the client's message was rejected because it contained invalid UTF-8 data"
    (IRCv3 utf8-only); "The NUL (0x00) character ... is not allowed within messages" (modern-irc); "Servers
    MUST NOT truncate tags and MUST always reject lines that exceed this limit" (message-tags). Whole or
    byte by byte, and the connection goes on."""
    for at in range(0, len(raw), step):
        ana.wire.receiver.received(raw[at : at + step])
    (line,) = all_of(ana.say(), "FAIL", "417")
    assert [line.command, *line.params][: len(expected)] == expected
    assert bob.say() == []
    assert commands(ana.say("PING x")) == ["PONG"]


def test_a_line_without_an_end_is_bounded(ana: Client) -> None:
    """ "No limit ... is the largest partial line" : said once, and the rest is skipped
    (limits.INPUT_BYTES)"""
    for _ in range(100):
        ana.wire.receiver.received(b"x" * 1_000)
    assert commands(ana.say()) == ["417"]
    assert ana.raw(b"tail\r\nPING x\r\n") == [":tertulia.local PONG tertulia.local :x"]


def test_line_ends(ana: Client) -> None:
    """ "If you encounter an empty message, silently ignore it." (modern-irc, Messages); LF alone ends a
    line too"""
    assert len(ana.raw(b"\r\n\n\r\nPING a\nPING b\r\n  \r\n:src\r\n")) == 2


def test_in_spanish(ana: Client) -> None:
    ana.say("LANGUAGE es")
    assert the(ana.raw(b"\xff\r\n"), "FAIL").params[-1] == "Mensaje rechazado: tiene que ser UTF-8"
    assert the(ana.raw(b"x" * 600 + b"\r\n"), "417").params[-1].startswith("La línea era demasiado larga")


def test_a_room_too_many(monkeypatch: pytest.MonkeyPatch, ana: Client) -> None:
    """Rooms are bounded (limits.ROOMS)."""
    monkeypatch.setattr(limits, "ROOMS", 1)
    assert commands(ana.say("JOIN #otra")) == ["405"]


# --- a store that fails: messages -------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PRIVMSG", "NOTICE"])
@pytest.mark.parametrize("target", ["#r", "bob", "@#r"])
def test_nobody_hears_what_is_not_stored(
    store: FailingStore, ana: Client, bob: Client, kind: str, target: str
) -> None:
    """The sender is refused; service resumes when the cause is gone."""
    store.fail("full")
    line = the(ana.say(f"{kind} {target} :hola"), "FAIL")
    assert line.params[:3] == [kind, "NOT_STORED", target]
    assert "the disk is full" in line.params[-1]
    assert bob.say() == []
    store.mend()
    assert not has(ana.say(f"{kind} {target} :ahora"), "FAIL")
    assert texts(bob.say(), kind) == (["ahora"] if target != "@#r" else [])


def test_the_refusal_bears_the_label_and_there_is_no_ack(
    store: FailingStore, ana: Client, bob: Client
) -> None:
    """ "Servers MUST include the tag in exactly one logical message." (IRCv3 labeled-response); "A client
    sees its message acknowledged only when it has been stored" (echo-message: "acts as an
    acknowledgement")"""
    store.fail("locked")
    lines = ana.say(r"@label=a\sb PRIVMSG #r :hola")
    assert commands(lines) == ["FAIL"] and lines[0].startswith(
        r"@label=a\sb :tertulia.local FAIL PRIVMSG NOT_STORED #r :"
    )
    bob.say("CAP REQ :labeled-response")
    assert commands(bob.say("@label=x PRIVMSG ana :hola")) == ["NOTICE"]
    assert ana.say() == []


def test_several_refusals_are_one_labelled_answer(store: FailingStore, ana: Client, bob: Client) -> None:
    store.fail()
    lines = ana.say("@label=x PRIVMSG #r,bob :hola")
    assert commands(lines) == ["BATCH", "FAIL", "FAIL", "BATCH"]
    assert tag(the(lines[:1], "BATCH"), "label") == "x"


def test_who_does_not_know_standard_replies_gets_a_notice(store: FailingStore, town: Town) -> None:
    old = town.join("old", "#r")
    old.say("LANGUAGE es")
    store.fail("denied")
    (line,) = old.say("PRIVMSG #r :hola")
    assert line.startswith(":tertulia.local NOTICE old :PRIVMSG: No se ha dicho ni cambiado nada")
    assert "falta permiso para escribir" in line


def test_a_tick_fails_as_one(store: FailingStore, ana: Client, bob: Client, town: Town) -> None:
    """Commits are grouped per tick: all of it is kept, or none, and everybody concerned is told."""
    store.fail()
    ana.send("PRIVMSG #r :a", "PING uno")
    bob.send("PRIVMSG #r :b", "PING dos")
    town.run()
    assert commands(ana.take()) == ["FAIL", "PONG"]
    assert commands(bob.take()) == ["NOTICE", "PONG"]


def test_a_fence_is_not_answered_before_the_refusal_of_what_came_before_it(
    store: FailingStore, ana: Client, bob: Client
) -> None:
    """A client that says PING after its words, and reads PONG, knows whether they were said."""
    store.fail()
    lines = ana.say(
        "PING a",
        "PRIVMSG #r :1",
        "PRIVMSG bob :2",
        "PING b",
        *stream("3", end=False),
        "PING c",
        "NOTICE #r :4",
    )
    told = [line.split(" ")[2] if " FAIL " in line else line[-1] for line in lines]
    assert told == ["a", "PRIVMSG", "PRIVMSG", "b", "BATCH", "c", "NOTICE"]


def test_what_needs_no_store_goes_on(store: FailingStore, ana: Client, bob: Client) -> None:
    """Membership, ranks, tags: what does not last is told although the store fails."""
    store.fail()
    lines = ana.say("@+typing=active TAGMSG #r", "MODE #r +v bob", "NICK eva", "AWAY :x", "JOIN #s")
    assert commands(lines) == [
        "TAGMSG", "MODE", "NICK", "306", "JOIN", "353", "366",
    ]  # fmt: skip
    assert commands(bob.say()) == ["TAGMSG", "MODE", "NICK"]


def test_the_operator_is_told_once(store: FailingStore, town: Town, ana: Client) -> None:
    store.fail("corrupt")
    ana.say("PRIVMSG #r :a")
    ana.say("PRIVMSG #r :b")
    store.mend()
    ana.say("PRIVMSG #r :c")
    assert [event for event, _ in town.log] == ["store_failed", "store_resumed"]
    assert town.hub.counts.refused == 4 and not town.hub.store_failed  # twice a message and the room's record


def test_a_room_that_was_not_stored_is_forgotten(store: FailingStore, town: Town) -> None:
    """It outlives its members only when something of it is in the store."""
    eva = town.join("eva", "#new")
    store.fail()
    eva.send("PRIVMSG #new :x", "PART #new")
    town.run()
    assert "#new" not in town.network.rooms
    store.mend()
    eva.say("JOIN #new", "PRIVMSG #new :x", "PART #new")
    assert "#new" in town.network.rooms


# --- a store that fails: multiline ------------------------------------------------------------------


def test_multiline(store: FailingStore, ana: Client, bob: Client) -> None:
    store.fail()
    ana.say("@label=x BATCH +1 draft/multiline #r", "@batch=1 PRIVMSG #r :a")
    lines = ana.say("@batch=1 PRIVMSG #r :b", "BATCH -1")
    assert commands(lines) == ["FAIL"] and tag(the(lines, "FAIL"), "label") == "x"
    assert bob.say() == []


# --- a store that fails: topics and modes -----------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "question"),
    [("TOPIC #r :nuevo", "TOPIC #r"), ("MODE #r +mk clave", "MODE #r"), ("MODE #r +b x", "MODE #r b"),
     ("MODE #r -n+v bob", "NAMES #r"), ("MODE #r +l 5", "MODE #r")],
)  # fmt: skip
def test_topics_and_modes(store: FailingStore, ana: Client, bob: Client, line: str, question: str) -> None:
    """State is as before, and nobody is told."""
    ana.say("TOPIC #r :viejo", "MODE #r +v ana")
    before = ana.say(question)
    bob.take()
    store.fail()
    lines = ana.say(f"@label=x {line}")
    found = the(lines, "FAIL")
    assert commands(lines) == ["FAIL"] and tag(found, "label") == "x"
    assert found.params[:2] == [line.split()[0], "NOT_STORED"]
    assert bob.say() == []
    assert ana.say(question) == before
    store.mend()
    assert not has(ana.say(line), "FAIL")
    assert commands(bob.say()) == [line.split()[0]]


def test_what_waits_with_a_topic_fails_with_it(
    store: FailingStore, ana: Client, bob: Client, town: Town
) -> None:
    store.fail()
    bob.send("PRIVMSG #r :antes")
    ana.send("TOPIC #r :nuevo")
    town.run()
    assert commands(bob.take()) == ["NOTICE"] and commands(ana.take()) == ["FAIL"]


# --- a store that fails: streams --------------------------------------------------------------------


def stream(*pieces: str, end: bool = True, label: str = "") -> list[str]:
    """A stream of pieces, each continuing the one before."""
    first, *rest = pieces
    lines = [f"{label}BATCH +s tertulia.chat/stream #r", f"@batch=s PRIVMSG #r :{first}"]
    lines += [f"@batch=s;tertulia.chat/concat PRIVMSG #r :{piece}" for piece in rest]
    return [*lines, "BATCH -s"] if end else lines


def history(client: Client) -> list[tuple[str, dict[str, str]]]:
    """What the room's history has: texts and tags."""
    client.say("CAP REQ :draft/chathistory -draft/multiline")
    found = all_of(client.say("CHATHISTORY LATEST #r * 100"), "PRIVMSG")
    return [(line.params[-1], line.tags or {}) for line in found]


@pytest.mark.parametrize("end", [True, False])
def test_a_stream_that_never_was(
    store: FailingStore, town: Town, ana: Client, bob: Client, end: bool
) -> None:
    """Begun, grown and even closed within one tick that fails: nobody hears any of it, and the speaker is
    told once."""
    old = town.join("old", "#r")
    ana.take(), bob.take()
    store.fail()
    lines = ana.say(*stream("hola ", "qué tal.", end=end, label="@label=x "))
    assert commands(lines) == ["FAIL"]
    found = the(lines, "FAIL")
    assert found.params[:3] == ["BATCH", "NOT_STORED", "s"] and tag(found, "label") == "x"
    assert bob.say() == [] and old.say() == []
    store.mend()
    assert ana.say("@batch=s PRIVMSG #r :más", "BATCH -s") == []
    assert bob.say() == [] and history(ana) == []


def test_a_stream_that_breaks_off(store: FailingStore, town: Town, ana: Client, bob: Client) -> None:
    """What was stored was heard, and is closed there with `tertulia.chat/incomplete`; what was not, was
    not."""
    old = town.join("old", "#r")
    ana.take(), bob.take()
    ana.say(*stream("Uno dos ", "tres. ", end=False))
    assert texts(bob.say()) == ["Uno dos ", "tres. "]
    store.fail()
    lines = ana.say(
        "@batch=s;tertulia.chat/concat PRIVMSG #r :cuatro cinco seis siete ocho nueve diez once doce. "
    )
    assert "FAIL" in commands(lines)
    heard = bob.say()
    assert commands(heard) == ["BATCH"] and tag(the(heard, "BATCH"), "tertulia.chat/incomplete") == ""
    assert texts(old.say()) == ["Uno dos tres. […]"]
    store.mend()
    assert ana.say("@batch=s PRIVMSG #r :más", "BATCH -s", "PRIVMSG #r :sigue") and texts(bob.say()) == [
        "sigue"
    ]
    (text, tags), *_ = history(ana)
    assert text == "Uno dos tres. " and "tertulia.chat/incomplete" in tags


def test_a_stream_whose_last_piece_and_end_fail(store: FailingStore, ana: Client, bob: Client) -> None:
    ana.say(*stream("Uno dos.", end=False))
    bob.take()
    store.fail()
    assert has(ana.say("@batch=s;tertulia.chat/concat PRIVMSG #r : Tres.", "BATCH -s"), "FAIL")
    heard = bob.say()
    assert commands(heard) == ["BATCH"] and tag(the(heard, "BATCH"), "tertulia.chat/incomplete") == ""
    store.mend()
    ana.say("PRIVMSG #r :sigue")
    assert history(ana)[0][0] == "Uno dos."


def test_a_stream_whose_end_fails(store: FailingStore, ana: Client, bob: Client) -> None:
    """Its text is stored; that it is whole is not, so nobody is told so."""
    ana.say(*stream("Uno dos.", end=False))
    bob.take()
    store.fail()
    assert has(ana.say("@tertulia.chat/stopped BATCH -s"), "FAIL")
    assert tag(the(bob.say(), "BATCH"), "tertulia.chat/incomplete") == ""
    assert ana.say("PRIVMSG #r :x") and store.code
    store.mend()
    ana.say("PRIVMSG #r :sigue")
    assert history(ana)[0][0] == "Uno dos." and "tertulia.chat/incomplete" in history(ana)[0][1]


def test_multiline_and_plain_recipients_of_a_broken_stream(
    store: FailingStore, town: Town, ana: Client
) -> None:
    """Each form ends where the store ended."""
    old, multi = town.join("old", "#r"), town.join("multi", "#r", caps="batch message-tags draft/multiline")
    old.take()
    ana.say(*stream("Primera frase, bastante larga para ser una línea. ", "Segunda ", end=False))
    assert texts(old.say()) == ["Primera frase, bastante larga para ser una línea."]
    store.fail()
    ana.say("@batch=s;tertulia.chat/concat PRIVMSG #r :frase que no se guarda, y por eso nadie la oye. ")
    assert texts(old.say()) == ["Segunda […]"]
    lines = multi.say()
    assert "".join(texts(lines)) == "Primera frase, bastante larga para ser una línea. Segunda "
    assert "tertulia.chat/incomplete" in (all_of(lines, "BATCH")[0].tags or {})


def test_a_speaker_who_vanishes_while_the_store_fails(
    store: FailingStore, town: Town, ana: Client, bob: Client
) -> None:
    ana.say(*stream("Uno.", end=False))
    bob.take()
    store.fail()
    ana.send("@batch=s PRIVMSG #r :Dos.")
    ana.wire.receiver.lost("reset")
    town.run()
    assert sorted(commands(bob.take())) == ["BATCH", "QUIT"]
    store.mend()
    bob.say("PRIVMSG #r :sigue")
    assert history(bob)[0][0] == "Uno."


@pytest.mark.parametrize("line", ["PART #r", "JOIN 0"])
def test_a_speaker_who_ends_and_leaves_while_the_store_fails(
    store: FailingStore, ana: Client, bob: Client, line: str
) -> None:
    """ "Who leaves is sent nothing more": its echo of the end was refused, and another is not sent after the
    PART."""
    ana.say(*stream("Uno.", end=False))
    bob.take()
    store.fail()
    assert commands(ana.say("BATCH -s", line)) == ["FAIL", "PART"]
    assert sorted(commands(bob.say())) == ["BATCH", "PART"]


def test_a_listener_who_leaves_and_returns_before_the_end_is_refused(
    store: FailingStore, ana: Client, bob: Client
) -> None:
    """ "Who leaves is sent nothing more", not even when the end that came before cannot be stored."""
    ana.say(*stream("Uno.", end=False))
    bob.take()
    store.fail()
    ana.send("BATCH -s")
    assert "BATCH" not in commands(bob.say("PART #r", "JOIN #r"))
    assert has(ana.take(), "FAIL")


def test_the_room_is_renamed_while_the_store_fails(store: FailingStore, town: Town, ana: Client) -> None:
    """What broke off is told so under the name that it was said under."""
    old = town.join("old", "#r")
    ana.say(*stream("Uno. ", "Dos", end=False))
    old.take(), ana.take()
    commit, left = store.commit, [1]

    def fails_after_one(records: Sequence[Record]) -> None:
        if not left:
            raise StoreError("full", "the test says so")
        left.pop()
        commit(records)

    store.commit = fails_after_one  # type: ignore[method-assign]
    ana.say("RENAME #r #nueva")
    heard = [line for line in old.hear() if line.command in ("PRIVMSG", "PART", "JOIN")]
    assert [(line.command, line.params[0]) for line in heard] == [
        ("PRIVMSG", "#r"), ("PART", "#r"), ("JOIN", "#nueva"),
    ]  # fmt: skip
