"""Labeled responses: IRCv3 labeled-response, with batch and echo-message."""

from __future__ import annotations

import pytest

from tertulia.protocol import capabilities as cap
from tertulia.server.labels import LabeledReply, inside, label_of
from tests.support.reading import all_of, has, tag, the
from tests.support.town import Client, CountingIds, Town, commands

CAPS = "batch labeled-response echo-message message-tags draft/multiline"
BOTH = cap.BATCH | cap.LABELED_RESPONSE


@pytest.fixture
def ana(town: Town) -> Client:
    return town.join("ana", "#r", caps=CAPS)


@pytest.fixture
def bob(town: Town, ana: Client) -> Client:
    client = town.join("bob", "#r", caps=CAPS)
    ana.take()
    return client


# --- the label --------------------------------------------------------------------------------------


def test_both_capabilities_are_needed() -> None:
    """ "This specification depends on the batch capability which MUST be negotiated to use labeled
    responses. The order of capability negotiation is not significant and MUST not be enforced."
    (labeled-response)"""
    assert label_of({"label": "x"}, BOTH) == "x"
    assert label_of({"label": "x"}, cap.LABELED_RESPONSE) is None
    assert label_of({"label": "x"}, cap.BATCH) is None
    ana = Town().join("ana", caps="labeled-response")
    assert ana.say("@label=x PING a") == [":tertulia.local PONG tertulia.local :a"]
    ana.say("CAP REQ batch")
    assert ana.say("@label=x PING a")[0].startswith("@label=x ")


def test_a_label_has_a_value_of_at_most_64_bytes() -> None:
    """ "the label message tag, which has a required value ... The value MUST NOT exceed 64 bytes."
    (labeled-response)"""
    assert label_of({"label": ""}, BOTH) is None
    assert label_of({}, BOTH) is None
    assert label_of({"label": "ñ" * 32}, BOTH) == "ñ" * 32
    assert label_of({"label": "ñ" * 33}, BOTH) is None


def test_a_label_is_opaque(ana: Client) -> None:
    """ "The tag value is chosen by the client and MUST be treated as an opaque identifier."
    (labeled-response)"""
    assert ana.say(r"@label=a\:b\s\\;x=y PING t")[0].startswith(r"@label=a\:b\s\\ :")


# --- one line, several, none ------------------------------------------------------------------------


def test_one_line_bears_it(ana: Client) -> None:
    """ "the server MUST include the same tag and value in any response produced from this message ... in
    exactly one logical message" (labeled-response); example: `@label=dc11f13f11 PRIVMSG nick :Hello`"""
    assert ana.say("@label=x PING a") == ["@label=x :tertulia.local PONG tertulia.local :a"]
    assert tag(the(ana.say("@label=x PRIVMSG nadie :Hello"), "401"), "label") == "x"


def test_several_lines_are_a_batch(ana: Client) -> None:
    """ "If a response consists of more than one message, a batch MUST be used to group them into a single
    logical response. The start of the batch MUST be tagged with the label tag." (labeled-response)"""
    opening, *inner, closing = ana.say("@label=x WHOIS ana")
    start = the([opening], "BATCH")
    reference = start.params[0][1:]
    assert start.params[1:] == ["labeled-response"] and start.tags == {"label": "x"}
    assert reference.isalnum()
    assert all(line.startswith(f"@batch={reference} ") for line in inner) and commands(inner)[-1] == "318"
    assert closing == f":tertulia.local BATCH -{reference}"


def test_nothing_is_an_ack(town: Town, ana: Client) -> None:
    """ "Servers MUST respond with a labeled ACK message when a client sends a labeled command that
    normally produces no response." (labeled-response); example: PONG"""
    assert ana.say("@label=abc PONG :foobar") == ["@label=abc :tertulia.local ACK"]
    eva = town.join("eva", "#r", caps="batch labeled-response")
    for line in ("PRIVMSG #r :x", "NOTICE nadie :x", "JOIN #r", "PRIVMSG ana :x", "BATCH -1"):
        assert eva.say(f"@label=abc {line}") == ["@label=abc :tertulia.local ACK"], line


def test_a_join_is_answered_in_one_batch(ana: Client) -> None:
    """The JOIN itself is a part of the response, first of all (irctest: testBatchedJoinMessages)."""
    lines = ana.say("@label=x JOIN #nueva")
    assert commands(lines) == ["BATCH", "JOIN", "353", "366", "BATCH"]
    assert all(line.startswith("@batch=") for line in lines[1:-1])


@pytest.mark.parametrize(
    ("line", "command"),
    [("TOPIC #r :t", "TOPIC"), ("MODE #r +m", "MODE"), ("KICK #r bob", "KICK"), ("PART #r", "PART"),
     ("NICK eva", "NICK"),      ("MODE ana +i", "MODE"), ("AWAY :x", "306")],
)  # fmt: skip
def test_what_one_did_oneself_bears_it(ana: Client, bob: Client, line: str, command: str) -> None:
    lines = ana.say(f"@label=x {line}")
    assert commands(lines) == [command] and lines[0].startswith("@label=x ")
    assert not any("label" in heard for heard in bob.say())


def test_what_others_do_meanwhile_is_outside_the_batch(town: Town, ana: Client, bob: Client) -> None:
    bob.send("PRIVMSG #r :antes")
    ana.send("@label=x WHOIS bob")
    bob.send("PRIVMSG #r :después")
    town.run()
    lines = ana.take()
    found = commands(lines)
    assert found[0] == found[-1] == "PRIVMSG" and found[1] == found[-2] == "BATCH"


# --- echo -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["#r", "bob", "@#r"])
@pytest.mark.parametrize("kind", ["PRIVMSG", "NOTICE"])
def test_the_echo_bears_it(ana: Client, bob: Client, kind: str, target: str) -> None:
    """ "a client can use labeled responses to correlate a server's acknowledgment of their own messages
    with a temporary message displayed locally" (labeled-response)"""
    (line,) = all_of(ana.say(f"@label=12345;+draft/reply=123 {kind} {target} :hi"), kind)
    assert tag(line, "label") == "12345" and tag(line, "+draft/reply") == "123" and tag(line, "msgid")
    assert all(tag(heard, "label") is None for heard in all_of(bob.say(), kind))


def test_tagmsg(ana: Client, bob: Client) -> None:
    """Example of message-tags: `@label=123;+example-client-tag=example-value TAGMSG #channel`"""
    (line,) = all_of(ana.say("@label=123;+x=y TAGMSG #r"), "TAGMSG")
    assert tag(line, "label") == "123" and tag(line, "msgid") == tag(the(bob.say(), "TAGMSG"), "msgid")


def test_to_oneself(ana: Client) -> None:
    """ "When a client sends a message to itself, the server MUST NOT include the label tag, except for any
    acknowledgment sent with the echo-message mechanism." (labeled-response)"""
    for kind, line in (
        ("PRIVMSG", "PRIVMSG ana :hi"),
        ("NOTICE", "NOTICE ana :hi"),
        ("TAGMSG", "TAGMSG ana"),
    ):
        found = all_of(ana.say(f"@label=l;+a=b {line}"), kind)
        assert [tag(one, "label") for one in found] == [None, "l"]
        assert len({tag(one, "msgid") for one in found}) == 1


def test_to_oneself_without_echo(town: Town) -> None:
    eva = town.join("eva", caps="batch labeled-response")
    assert eva.say("@label=l PRIVMSG eva :hi") == [
        ":eva!~eva@127.0.0.1 PRIVMSG eva :hi",
        "@label=l :tertulia.local ACK",
    ]


def test_to_several(ana: Client, bob: Client) -> None:
    """Several echoes are several messages: a batch (irctest:
    testLabeledPrivmsgResponsesToMultipleClients)."""
    lines = ana.say("@label=12345 PRIVMSG #r,bob,nadie :hi")
    assert commands(lines) == ["BATCH", "PRIVMSG", "PRIVMSG", "401", "BATCH"]
    assert tag(the(lines[:1], "BATCH"), "label") == "12345"
    assert len(all_of(bob.say(), "PRIVMSG")) == 2


def test_a_reply_never_overtakes(town: Town, ana: Client, bob: Client) -> None:
    """What was said in the room before the labelled command comes before its answer."""
    bob.send(*(f"PRIVMSG #r :{number}" for number in range(3)))
    ana.send("PRIVMSG #r :mía", "@label=x PRIVMSG #r :con etiqueta", "PRIVMSG #r :y otra")
    bob.send("PRIVMSG #r :3")
    town.run()
    assert [line.params[-1] for line in all_of(ana.take(), "PRIVMSG")] == [
        "0", "1", "2", "mía", "con etiqueta", "y otra", "3",
    ]  # fmt: skip


# --- batches within batches -------------------------------------------------------------------------


def test_a_nested_batch(town: Town, ana: Client) -> None:
    """ "Start and end messages of one batch MAY refer to another batch. If they do, they both MUST have
    batch tag, and they MUST refer to the same batch." (IRCv3 batch)"""
    town.join("lejos").say("AWAY :de viaje")
    ana.say("@label=x BATCH +1 draft/multiline lejos", "@batch=1 PRIVMSG lejos :a")
    lines = ana.say("@batch=1 PRIVMSG lejos :b", "BATCH -1")
    assert commands(lines) == ["BATCH", "BATCH", "PRIVMSG", "PRIVMSG", "BATCH", "301", "BATCH"]
    outer, inner, one, two, end, away, last = (
        the([line], command) for line, command in zip(lines, commands(lines), strict=True)
    )
    outside, within = outer.params[0][1:], inner.params[0][1:]
    assert tag(outer, "label") == "x" and tag(last, "batch") is None
    assert tag(inner, "batch") == tag(end, "batch") == tag(away, "batch") == outside
    assert tag(one, "batch") == tag(two, "batch") == within
    assert tag(inner, "label") is None


def test_inside() -> None:
    assert inside(":a PRIVMSG b :c", "r") == "@batch=r :a PRIVMSG b :c"
    assert inside("@msgid=1 :a PRIVMSG b :c", "r") == "@batch=r;msgid=1 :a PRIVMSG b :c"
    assert inside("@batch=x :a PRIVMSG b :c", "r") == "@batch=x :a PRIVMSG b :c"
    assert inside(":a BATCH -x", "r") == "@batch=r :a BATCH -x"


@pytest.mark.parametrize(
    "items",
    [
        [":a PRIVMSG r :x BATCH +1\r\n:a PRIVMSG r :x BATCH -1\r\n"],
        [":s BATCH +1 t\r\n:s BATCH -1\r\n", ":s 401 x\r\n"],
        [":s BATCH +1 t\r\n:s BATCH -1\r\n:s BATCH +2 t\r\n:s BATCH -2\r\n"],
    ],
)
def test_what_is_not_one_batch_gets_one(items: list[str]) -> None:
    """Also when a text only looks like one."""
    text = LabeledReply("s", "l", CountingIds(), items).render(BOTH)
    assert text.startswith("@label=l :s BATCH +t1 labeled-response\r\n") and text.endswith(":s BATCH -t1\r\n")
    assert text.count("label=l") == 1


def test_one_batch_bears_the_label_itself() -> None:
    text = LabeledReply(
        "s", "l", CountingIds(), [":s BATCH +1 t x\r\n@batch=1 :s A\r\n:s BATCH -1\r\n"]
    ).render(BOTH)
    assert text == "@label=l :s BATCH +1 t x\r\n@batch=1 :s A\r\n:s BATCH -1\r\n"


def test_an_unknown_command_and_a_refused_line(ana: Client) -> None:
    assert tag(the(ana.say("@label=x NADA"), "421"), "label") == "x"
    assert tag(the(ana.say("@label=x JOIN"), "461"), "label") == "x"
    assert not has(ana.say("@label=x "), "ACK")
