"""draft/multiline from clients: IRCv3 multiline, client-batch."""

from __future__ import annotations

import pytest

from tertulia import limits
from tests.support.reading import all_of, has, tag, texts, the
from tests.support.town import Client, Town, commands

CAPS = "batch draft/multiline message-tags"


@pytest.fixture
def ana(town: Town) -> Client:
    return town.join("ana", "#r", caps=f"{CAPS} echo-message labeled-response")


@pytest.fixture
def new(town: Town, ana: Client) -> Client:
    return town.join("new", "#r", caps=CAPS)


@pytest.fixture
def old(town: Town, new: Client, ana: Client) -> Client:
    client = town.join("old", "#r")
    ana.take(), new.take()
    return client


def batch(
    *lines: str, target: str = "#r", tags: str = "", kind: str = "PRIVMSG", extra: str = ""
) -> list[str]:
    """A batch of texts; one that begins with "+" continues the one before."""
    marks = [";draft/multiline-concat" if line.startswith("+") else "" for line in lines]
    inner = [
        f"@batch=1{mark}{extra} {kind} {target} :{line.removeprefix('+')}"
        for mark, line in zip(marks, lines, strict=True)
    ]
    return [f"{tags}BATCH +1 draft/multiline {target}", *inner, "BATCH -1"]


def test_relayed_as_it_was_composed(ana: Client, new: Client, old: Client) -> None:
    """ "Servers SHOULD maintain the line composition sent by the client"; example of the specification:
    "hello", "", "how is ", "everyone?" (IRCv3 multiline)"""
    ana.say(*batch("hello", "", "how is ", "+everyone?"))
    lines = new.say()
    opening, *inner, closing = all_of(lines, "BATCH", "PRIVMSG")
    reference = opening.params[0][1:]
    assert opening.params[1:] == ["draft/multiline", "#r"] and tag(opening, "msgid")
    assert opening.source == "ana!~ana@127.0.0.1"
    assert closing.params == [f"-{reference}"]
    assert [line.params for line in inner] == [["#r", text] for text in ("hello", "", "how is ", "everyone?")]
    assert [line.tags for line in inner] == [
        {"batch": reference}, {"batch": reference}, {"batch": reference},
        {"batch": reference, "draft/multiline-concat": ""},
    ]  # fmt: skip


def test_fallback(ana: Client, new: Client, old: Client) -> None:
    """ "servers MUST deliver the component messages without using a multiline BATCH. Servers MUST NOT send
    blank lines to clients that have not negotiated the multiline capability." (IRCv3 multiline)"""
    ana.say(*batch("hello", "", "how is ", "+everyone?"))
    assert commands(lines := old.say()) == ["PRIVMSG"] * 3
    assert texts(lines) == ["hello", "how is ", "everyone?"]


def test_the_first_line_of_the_fallback_has_the_tags(town: Town, ana: Client, old: Client) -> None:
    """ "Any tags that would have been added to the batch, e.g. message IDs, account tags etc MUST be
    included on the first message line to be sent."; "Servers MUST only include a message ID on the first
    message of a batch" """
    tagged = town.join("tagged", "#r", caps="message-tags server-time")
    ana.say(*batch("", "uno", "dos", tags="@+draft/reply=x "))
    one, two = all_of(tagged.say(), "PRIVMSG")
    assert tag(one, "+draft/reply") == "x" and tag(one, "msgid") and tag(one, "time")
    assert tag(two, "+draft/reply") is None and tag(two, "msgid") is None and tag(two, "time")


def test_notices(ana: Client, new: Client, old: Client) -> None:
    """ "Multiline batches MUST only contain one or more PRIVMSG lines, or one or more NOTICE lines." """
    ana.say(*batch("uno", "dos", kind="NOTICE"))
    assert commands(new.say()) == ["BATCH", "NOTICE", "NOTICE", "BATCH"]
    assert commands(old.say()) == ["NOTICE", "NOTICE"]


def test_in_private(town: Town, ana: Client, old: Client) -> None:
    ema = town.join("ema", caps=CAPS)
    ana.say(*batch("uno", "dos", target="ema"))
    assert the(ema.say()[:1], "BATCH").params[1:] == ["draft/multiline", "ema"]


def test_nothing_is_said_before_the_end(ana: Client, new: Client, old: Client) -> None:
    """ "implementations MUST collect the message content from each line in the batch and wait until the
    full batch has been received before processing the message" (IRCv3 multiline)"""
    *lines, end = batch("uno", "dos")
    assert ana.say(*lines) == [] and new.say() == [] and old.say() == []
    ana.say(end)
    assert has(new.say(), "BATCH") and texts(old.say()) == ["uno", "dos"]


def test_echo_bears_the_label_on_its_opening(ana: Client, new: Client) -> None:
    """ "Servers MUST only include the label tag on the opening BATCH command when replying to a client
    using echo-message." (IRCv3 multiline)"""
    ana.take()
    lines = ana.say(*batch("uno", "dos", tags="@label=l;+x=y "))
    assert commands(lines) == ["BATCH", "PRIVMSG", "PRIVMSG", "BATCH"]
    assert [tag(line, "label") for line in all_of(lines, "BATCH", "PRIVMSG")] == ["l", None, None, None]
    assert tag(the(lines[:1], "BATCH"), "+x") == "y"
    assert not any("label" in line for line in new.say())


def test_without_echo_the_label_is_acknowledged(town: Town) -> None:
    """ "Servers MUST respond with a labeled ACK message when a client sends a labeled command that
    normally produces no response." (IRCv3 labeled-response): once, when the batch closes"""
    eva = town.join("eva", "#r", caps=f"{CAPS} labeled-response")
    *lines, end = batch("uno", "dos", tags="@label=l ")
    assert eva.say(*lines) == []
    assert eva.say(end) == ["@label=l :tertulia.local ACK"]


# --- faults -----------------------------------------------------------------------------------------


def fault(ana: Client, *lines: str) -> list[str]:
    """The parameters of the one FAIL that answers, without its text."""
    return the(ana.say(*lines), "FAIL").params[:-1]


def test_max_bytes(ana: Client, old: Client) -> None:
    """ "MULTILINE_MAX_BYTES <limit>"; "Each line feed used to join line messages contributes one byte
    towards the max-bytes limit." (IRCv3 multiline)"""
    full = ["x" * 400] * 40 + ["x" * (limits.MULTILINE_BYTES - 40 * 401)]
    assert not has(ana.say(*batch(*full)), "FAIL")
    assert len("\n".join(texts(old.say()))) == limits.MULTILINE_BYTES
    expected = ["BATCH", "MULTILINE_MAX_BYTES", str(limits.MULTILINE_BYTES)]
    assert fault(ana, *batch(*full[:-1], full[-1] + "x")) == expected
    assert old.say() == []


def test_concatenated_lines_cost_no_line_feed(ana: Client, new: Client, old: Client) -> None:
    """A message of exactly max-bytes stays one message (one batch) also for those who receive it."""
    full = ["x" * 400] + ["+" + "x" * 400] * 39 + ["+" + "x" * (limits.MULTILINE_BYTES - 40 * 400)]
    ana.say(*batch(*full))
    lines = new.say()
    assert commands(lines).count("BATCH") == 2
    assert "".join(texts(lines)) == "x" * limits.MULTILINE_BYTES


def test_max_lines(ana: Client, old: Client) -> None:
    """ "MULTILINE_MAX_LINES <limit>: max-lines limit exceeded" (IRCv3 multiline)"""
    assert not has(ana.say(*batch(*["x"] * limits.MULTILINE_LINES)), "FAIL")
    expected = ["BATCH", "MULTILINE_MAX_LINES", str(limits.MULTILINE_LINES)]
    assert fault(ana, *batch(*["x"] * (limits.MULTILINE_LINES + 1))) == expected


def test_another_target(ana: Client, old: Client) -> None:
    """ "MULTILINE_INVALID_TARGET <batch-target> <provided-target>" (IRCv3 multiline, example #foo #bar)"""
    lines = ["BATCH +4 draft/multiline #foo", "@batch=4 PRIVMSG #bar hello", "BATCH -4"]
    assert fault(ana, *lines) == ["BATCH", "MULTILINE_INVALID_TARGET", "#foo", "#bar"]
    odd = ["BATCH +4 draft/multiline :#a b", "@batch=4 PRIVMSG :c d", "BATCH -4"]
    assert fault(ana, *odd) == ["BATCH", "MULTILINE_INVALID_TARGET", "#a_b", "c_d"]


@pytest.mark.parametrize(
    "lines",
    [
        batch("hello ", "+", "there"), batch("", ""), batch(),
        ["BATCH +1 draft/multiline #r", "@batch=1 PRIVMSG #r :a", "@batch=1 NOTICE #r :b", "BATCH -1"],
        ["BATCH +1 draft/multiline #r", "@batch=1 JOIN #r", "BATCH -1"],
        ["BATCH +1 draft/multiline #r", "@batch=1 PRIVMSG", "BATCH -1"],
    ],
)  # fmt: skip
def test_anything_else_that_is_wrong(ana: Client, old: Client, lines: list[str]) -> None:
    """ "Clients MUST NOT send blank lines with the draft/multiline-concat tag. Clients MUST NOT send
    messages consisting entirely of blank lines."; "Mixing PRIVMSG and NOTICE"; "MULTILINE_INVALID: any
    other error" (IRCv3 multiline)"""
    assert fault(ana, *lines) == ["BATCH", "MULTILINE_INVALID"]
    assert old.say() == []


def test_a_fault_is_answered_once_and_bears_the_label(ana: Client, old: Client) -> None:
    ana.take()
    lines = ana.say(*batch("x", "+", "+", "y", tags="@label=l "))
    assert [tag(line, "label") for line in all_of(lines, "FAIL")] == ["l"]
    assert len(lines) == 1


def test_a_target_that_may_not_be_spoken_to(town: Town, ana: Client, old: Client) -> None:
    """Refused as a PRIVMSG is; a NOTICE is not answered."""
    ana.take()
    assert commands(ana.say(*batch("a", "b", target="nobody"))) == ["401"]
    assert commands(ana.say(*batch("a", "b", target="#nowhere", tags="@label=l "))) == ["403"]
    assert ana.say(*batch("a", "b", target="nobody", kind="NOTICE")) == []
    assert commands(ana.say(*batch("a", "b", target="#r,old"))) == ["403"]


def test_left_open(town: Town, ana: Client, old: Client) -> None:
    """ "TIMEOUT <reference-tag>: the batch was left open for too long, all past and future messages in
    this batch will be ignored." (IRCv3 client-batch)"""
    ana.take()
    start, line, end = batch("tarde", tags="@label=l ")
    ana.say(start, line)
    town.advance(limits.BATCH_SECONDS + 6)
    found = the(ana.say(), "FAIL")
    assert found.params[:3] == ["BATCH", "TIMEOUT", "1"] and tag(found, "label") == "l"
    assert ana.say(line, end) == [] and old.say() == []


def test_left_open_after_a_fault_is_said_once(town: Town, ana: Client, old: Client) -> None:
    ana.say(*batch("a", "+")[:-1])
    town.advance(limits.BATCH_SECONDS + 6)
    assert ana.say() == []
