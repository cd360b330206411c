"""REDACT: IRCv3 message-redaction."""

from __future__ import annotations

import pytest

from tertulia import limits
from tertulia.commands.settings import Operator
from tests.support.failing import FailingStore
from tests.support.reading import all_of, tag, texts, the
from tests.support.town import Client, Town, commands

CAPS = "message-tags echo-message draft/message-redaction batch draft/chathistory"


@pytest.fixture
def town() -> Town:
    return Town(operators=(Operator("root", "secret"),))


@pytest.fixture
def op(town: Town) -> Client:
    """Who came first, and so operates #r."""
    return town.join("op", "#r", caps=CAPS)


@pytest.fixture
def ana(town: Town, op: Client) -> Client:
    client = town.join("ana", "#r", caps=CAPS)
    op.take()
    return client


def say(client: Client, line: str) -> str:
    """Say it; its msgid."""
    return tag(the(client.say(line), line.split(" ")[0]), "msgid") or ""


def history(client: Client, target: str = "#r") -> list[str]:
    return texts(client.say(f"CHATHISTORY LATEST {target} * 50"))


def test_one_s_own_words(town: Town, op: Client, ana: Client) -> None:
    """ "SHOULD forward this `REDACT`, with an appropriate prefix, to the target recipients that have
    negotiated the `draft/message-redaction` capability, in the same way as PRIVMSG messages"; "MUST not
    forward this `REDACT` to target recipients that have not negotiated this capability" (IRCv3
    message-redaction)"""
    old = town.join("old", "#r", caps="message-tags")
    quiet = town.join("quiet", "#r", caps="message-tags draft/message-redaction")
    named = say(ana, "PRIVMSG #r :ay, perdón")
    op.take(), old.take(), quiet.take()
    line = f":ana!~ana@127.0.0.1 REDACT #r {named} :me equivoqué"
    assert ana.say(f"REDACT #r {named} :me equivoqué") == [line]
    assert op.say() == [line] and quiet.say() == [line] and old.say() == []


def test_it_is_gone_from_history(town: Town, op: Client, ana: Client) -> None:
    """ "After a message is redacted, chathistory responses SHOULD either: exclude it entirely ..." (IRCv3
    message-redaction); and nothing of it stays in the store"""
    say(ana, "PRIVMSG #r :uno")
    named = say(ana, "PRIVMSG #r :dos")
    say(ana, "NOTICE #r :tres")
    ana.say(f"REDACT #r {named}")
    op.take()
    assert history(op) == ["uno"] and texts(op.say("CHATHISTORY LATEST #r * 50"), "NOTICE") == ["tres"]
    assert texts(op.say(f"CHATHISTORY AFTER #r msgid={named} 5"), "NOTICE") == ["tres"], "its place remains"
    assert the(ana.say(f"REDACT #r {named}"), "FAIL").params[1] == "UNKNOWN_MSGID"


def test_without_echo_success_is_silent(town: Town, op: Client) -> None:
    bob = town.join("bob", "#r", caps="message-tags draft/message-redaction")
    op.take()
    bob.say("PRIVMSG #r :x")
    named = tag(the(op.say(), "PRIVMSG"), "msgid")
    assert bob.say(f"REDACT #r {named}") == []
    assert commands(op.say()) == ["REDACT"]


def test_others_words(town: Town, op: Client, ana: Client) -> None:
    """ "`FAIL REDACT REDACT_FORBIDDEN <target> <target-msgid>`"; "Allowing channel moderators or server
    admins to delete unwelcome messages from others" (IRCv3 message-redaction)"""
    named = say(op, "PRIVMSG #r :de op")
    ana.take()
    assert the(ana.say(f"REDACT #r {named}"), "FAIL").params[:4] == [
        "REDACT",
        "REDACT_FORBIDDEN",
        "#r",
        named,
    ]
    spam = say(ana, "PRIVMSG #r :compren")
    op.take()
    assert the(op.say(f"REDACT #r {spam} :spam"), "REDACT").params == ["#r", spam, "spam"]
    ana.say("OPER root secret")
    assert commands(ana.say(f"REDACT #r {named}"))[-1] == "REDACT"


def test_the_window(town: Town, op: Client, ana: Client) -> None:
    """ "`FAIL REDACT REDACT_WINDOW_EXPIRED <target> <target-msgid> <window>`" (IRCv3 message-redaction)"""
    first, second = say(ana, "PRIVMSG #r :uno"), say(ana, "PRIVMSG #r :dos")
    town.clock.ms += limits.REDACT_SECONDS * 1000
    assert commands(ana.say(f"REDACT #r {first}")) == ["REDACT"]
    town.clock.ms += 1
    refused = the(ana.say(f"REDACT #r {second}"), "FAIL")
    assert refused.params[1:5] == ["REDACT_WINDOW_EXPIRED", "#r", second, str(limits.REDACT_SECONDS)]
    op.take()
    assert commands(op.say(f"REDACT #r {second}")) == ["REDACT"], "who keeps order is not in a hurry"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("REDACT #r nonsense", "UNKNOWN_MSGID"), ("REDACT #r 123", "UNKNOWN_MSGID"),
        ("REDACT #nowhere 123", "INVALID_TARGET"), ("REDACT nobody 123", "UNKNOWN_MSGID"),
    ],
)  # fmt: skip
def test_what_is_not_there(ana: Client, line: str, code: str) -> None:
    """ "`FAIL REDACT UNKNOWN_MSGID`"; "`FAIL REDACT INVALID_TARGET`" (IRCv3 message-redaction)"""
    assert the(ana.say(line), "FAIL").params[:2] == ["REDACT", code]


def test_a_message_of_elsewhere_is_not_betrayed(town: Town, op: Client, ana: Client) -> None:
    """ "they should considered whether errors returned on `REDACT` may leak a message's existence to users
    who did not receive it" (IRCv3 message-redaction)"""
    eva = town.join("eva", "#otra", caps=CAPS)
    hidden = say(eva, "PRIVMSG #otra :secreto")
    for line in (f"REDACT #r {hidden}", f"REDACT eva {hidden}"):
        assert the(ana.say(line), "FAIL").params[1] == "UNKNOWN_MSGID"
    assert the(ana.say(f"REDACT #otra {hidden}"), "FAIL").params[1] == "INVALID_TARGET"


def test_private_talk(town: Town, op: Client, ana: Client) -> None:
    named = say(ana, "PRIVMSG op :entre nosotros")
    op.take()
    assert the(op.say(f"REDACT ana {named}"), "FAIL").params[1] == "REDACT_FORBIDDEN"
    line = f":ana!~ana@127.0.0.1 REDACT op {named}"
    assert ana.say(f"REDACT op {named}") == [line]
    assert op.say() == [line]
    assert history(op, "ana") == []


def test_the_name_of_somebody_who_left_gives_no_rights(town: Town, op: Client, ana: Client) -> None:
    named = say(ana, "PRIVMSG #r :uno")
    ana.say("QUIT")
    town.clock.ms += 2_000
    other = town.join("ana", "#r", caps=CAPS)
    assert the(other.say(f"REDACT #r {named}"), "FAIL").params[1] == "REDACT_FORBIDDEN"


def test_who_has_not_negotiated_it(town: Town) -> None:
    """ "To redact a message, a client MUST negotiate the `draft/message-redaction` capability" (IRCv3
    message-redaction)"""
    assert commands(town.join("old", "#r").say("REDACT #r 123")) == ["421"]


def test_what_could_not_be_deleted_is_not_told() -> None:
    store = FailingStore()
    town = Town(store=store)
    op, ana = town.join("op", "#r", caps=CAPS), town.join("ana", "#r", caps=CAPS)
    named = say(ana, "PRIVMSG #r :uno")
    op.take()
    store.fail()
    assert "NOT_STORED" in " ".join(ana.say(f"REDACT #r {named}")) or ana.say() == []
    assert not all_of(op.say(), "REDACT")
    store.mend()
    assert history(op) == ["uno"]


def test_a_labelled_redaction(ana: Client) -> None:
    labelled = CAPS + " labeled-response"
    ana.say(f"CAP REQ :{labelled}")
    named = say(ana, "PRIVMSG #r :uno")
    assert tag(the(ana.say(f"@label=x REDACT #r {named}"), "REDACT"), "label") == "x"
