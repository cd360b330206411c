"""BATCH from clients: IRCv3 client-batch, batch."""

from __future__ import annotations

import pytest

from tertulia import limits
from tests.support.reading import all_of, has, texts, the
from tests.support.town import Client, Town, commands

CAPS = "batch message-tags draft/multiline tertulia.chat/stream"


@pytest.fixture
def ana(town: Town) -> Client:
    return town.join("ana", "#r", caps=CAPS)


@pytest.fixture
def old(town: Town, ana: Client) -> Client:
    client = town.join("old", "#r")
    ana.take()
    return client


def failure(lines: list[str]) -> list[str]:
    return the(lines, "FAIL").params[:-1]


@pytest.mark.parametrize("reference", ["+", "x", "+a b", "+é", "-", "+a;b", "+" + "x" * 65])
def test_references(ana: Client, reference: str) -> None:
    """ "Reference tag MUST contain only ASCII letters, numbers, and/or hyphen" (IRCv3 batch)"""
    first = ":" + reference if " " in reference else reference
    assert failure(ana.say(f"BATCH {first} draft/multiline #r"))[:2] == ["BATCH", "INVALID_REFERENCE"]


def test_references_are_case_sensitive(ana: Client, old: Client) -> None:
    """ "and MUST be case-sensitive" (IRCv3 batch)"""
    ana.say("BATCH +a draft/multiline #r", "BATCH +A draft/multiline #r")
    ana.say("@batch=a PRIVMSG #r :uno", "@batch=A PRIVMSG #r :dos", "BATCH -A", "BATCH -a")
    assert texts(old.say()) == ["dos", "uno"]


@pytest.mark.parametrize("kind", ["", " netsplit", " draft/Multiline #r", " nonsense #r"])
def test_unknown_types(ana: Client, kind: str) -> None:
    """ "The full batch type name MUST be treated as an opaque identifier." (IRCv3 batch)"""
    assert failure(ana.say(f"BATCH +1{kind}"))[:3] == ["BATCH", "UNKNOWN_TYPE", "1"]


def test_types_that_were_not_negotiated(town: Town) -> None:
    """ "Clients SHOULD NOT send BATCH commands to servers, unless they negotiated a capability that allows
    them to do so." (IRCv3 client-batch)"""
    eva = town.join("eva", "#r", caps="batch message-tags")
    assert failure(eva.say("BATCH +1 draft/multiline #r"))[1] == "UNKNOWN_TYPE"
    assert failure(eva.say("BATCH +1 tertulia.chat/stream #r"))[1] == "UNKNOWN_TYPE"


@pytest.mark.parametrize(("kind", "code"), [("draft/multiline", "MULTILINE_INVALID"),
                                            ("tertulia.chat/stream", "STREAM_INVALID")])  # fmt: skip
def test_openings_that_make_no_sense(ana: Client, old: Client, kind: str, code: str) -> None:
    """Without a target; under a reference that is open; "Clients MUST NOT send nested batches, i.e.
    clients may not send BATCH commands with a batch tag." (IRCv3 client-batch) What was open stays open."""
    assert failure(ana.say(f"BATCH +1 {kind}")) == ["BATCH", code, "1"]
    ana.say("BATCH +1 draft/multiline #r")
    assert failure(ana.say(f"BATCH +1 {kind} #r")) == ["BATCH", code, "1"]
    assert failure(ana.say(f"@batch=1 BATCH +2 {kind} #r")) == ["BATCH", code, "2"]
    ana.say("@batch=2 PRIVMSG #r :dentro", "@batch=1 PRIVMSG #r :uno", "BATCH -2", "BATCH -1")
    assert texts(old.say()) == ["uno"]


def test_too_many(ana: Client) -> None:
    """Bounded by limits.BATCHES_PER_SESSION; a stream has its own code (docs/extensions/stream.md)."""
    limit = str(limits.BATCHES_PER_SESSION)
    for number in range(limits.BATCHES_PER_SESSION):
        assert ana.say(f"BATCH +{number} draft/multiline #r") == []
    assert failure(ana.say("BATCH +x draft/multiline #r")) == ["BATCH", "TOO_MANY_BATCHES", "x", limit]
    assert failure(ana.say("BATCH +x tertulia.chat/stream #r")) == ["BATCH", "STREAM_TOO_MANY", "x", limit]


def test_lines_of_what_was_refused_are_not_said_aloud(ana: Client, old: Client) -> None:
    """ "Lines and the end of a refused stream are ignored in silence." (docs/extensions/stream.md)"""
    assert commands(ana.say("BATCH +1 tertulia.chat/stream #nowhere")) == ["403"]
    assert ana.say("@batch=1 PRIVMSG #r :x", "BATCH -1", "@batch=1 PRIVMSG #r :y", "BATCH -1") == []
    assert ana.say("@batch=nunca PRIVMSG #r :z") == []
    assert old.say() == []


def test_without_a_capability_for_batches_the_tag_means_nothing(town: Town, old: Client) -> None:
    """ "Tags without the client-only prefix MUST be removed by the server before being relayed" (IRCv3
    message-tags)"""
    eva = town.join("eva", "#r")
    old.take()
    eva.say("@batch=1 PRIVMSG #r :hola")
    assert old.say() == [":eva!~eva@127.0.0.1 PRIVMSG #r :hola"]


def test_a_closing_of_nothing_is_ignored(ana: Client) -> None:
    """ "A closing for a reference that is not open is ignored." (docs/extensions/stream.md)"""
    assert ana.say("BATCH -1") == []


def test_other_commands_between_the_lines(ana: Client, old: Client) -> None:
    """Leniently: a PONG cannot wait for the end of a batch."""
    assert commands(
        ana.say("BATCH +1 draft/multiline #r", "PING x", "@batch=1 PRIVMSG #r :a", "PRIVMSG #r :b")
    ) == ["PONG"]
    ana.say("BATCH -1")
    assert texts(old.say()) == ["b", "a"]


def test_who_leaves_leaves_nothing(ana: Client, old: Client) -> None:
    """ "For every started batch, server MUST end that batch." (IRCv3 batch); an unfinished multiline is
    not said"""
    ana.say("BATCH +1 draft/multiline #r", "@batch=1 PRIVMSG #r :a medias", "QUIT")
    assert commands(old.say()) == ["QUIT"]


def test_a_batch_is_opened_before_registration_by_nobody(town: Town) -> None:
    client = town.connect()
    assert commands(client.say(f"CAP REQ :{CAPS}", "BATCH +1 draft/multiline #r")) == ["CAP", "451"]


def test_missing_parameters(ana: Client) -> None:
    assert commands(ana.say("BATCH")) == ["461"]
    assert not has(ana.say("BATCH -"), "461")
    assert all_of(ana.say("PING x"), "PONG")
