"""Client-only tags: IRCv3 message-tags, reply, react, typing, channel-context; and CLIENTTAGDENY."""

from __future__ import annotations

import pytest

from tertulia.protocol.tags import parse_tags
from tests.support.reading import has, tag, the
from tests.support.town import Town

TAGS = [
    "+reply=1f", "+draft/reply=1f", "+draft/react=\U0001f44b", "+draft/unreact=:)", "+typing=active",
    "+typing=paused", "+typing=done", "+draft/channel-context=#r", "+unknown",
    "+example.com/ours=a\\:b\\sc\\\\",
]  # fmt: skip


@pytest.mark.parametrize("text", TAGS)
@pytest.mark.parametrize("line", ["PRIVMSG #r :hola", "NOTICE bob :hola", "TAGMSG #r", "TAGMSG bob"])
def test_client_tags_are_relayed_as_they_are(text: str, line: str) -> None:
    """ "Client-only tags are client-initiated tags that servers MUST attach as-is to any relevant message
    relayed to other clients." (IRCv3 message-tags); reply, react, typing and channel-context are such tags"""
    town = Town()
    ana, bob = town.join("ana", "#r", caps="message-tags"), town.join("bob", "#r", caps="message-tags")
    ana.say(f"@{text};plain=1;msgid=x {line}")
    heard = the(bob.say(), line.split(" ")[0])
    assert (heard.tags or {}).items() >= parse_tags(text).items()
    assert "plain" not in (heard.tags or {}) and tag(heard, "msgid") != "x"


def test_tags_alone_are_for_those_who_know_tags() -> None:
    """ "Servers MUST NOT deliver `TAGMSG` to clients that haven't negotiated the message tags capability."
    (IRCv3 message-tags)"""
    town = Town()
    ana, old = town.join("ana", "#r", caps="message-tags"), town.join("old", "#r", caps="server-time")
    ana.take()
    ana.say("@+typing=active TAGMSG #r", "@+typing=active TAGMSG old")
    assert old.say() == []


@pytest.mark.parametrize(
    ("denied", "relayed"),
    [
        ((), {"+typing", "+reply", "+draft/react"}),
        (("typing",), {"+reply", "+draft/react"}),
        (("typing", "draft/react"), {"+reply"}),
        (("*",), set()),
        (("*", "-reply"), {"+reply"}),
        (("*", "-reply", "-draft/react"), {"+reply", "+draft/react"}),
    ],
)
def test_denied_tags_are_ignored_in_silence(denied: tuple[str, ...], relayed: set[str]) -> None:
    """ "Servers SHOULD use this token to communicate to clients that certain client-only tags are blocked and
    will be silently ignored." (IRCv3 message-tags, CLIENTTAGDENY)"""
    town = Town(client_tags_denied=denied)
    ana, bob = town.join("ana", "#r", caps="message-tags"), town.join("bob", "#r", caps="message-tags")
    told = [
        word for line in ana.say("VERSION") for word in line.split(" ") if word.startswith("CLIENTTAGDENY")
    ]
    assert told == ([f"CLIENTTAGDENY={','.join(denied)}"] if denied else [])
    ana.take()
    assert ana.say("@+typing=active;+reply=1;+draft/react=x PRIVMSG #r :hola") == []
    heard = the(bob.say(), "PRIVMSG")
    assert {key for key in heard.tags or {} if key[0] == "+"} == relayed


def test_what_has_only_denied_tags_is_not_sent() -> None:
    town = Town(client_tags_denied=("typing",))
    ana, bob = town.join("ana", "#r", caps="message-tags"), town.join("bob", "#r", caps="message-tags")
    assert ana.say("@+typing=active TAGMSG #r", "@+typing=active TAGMSG bob")[1:] == []
    assert not has(bob.say(), "TAGMSG")


def test_too_many_tags_are_refused() -> None:
    """ "Clients MUST NOT send messages with tag data exceeding 4094 bytes"; "Servers MUST reply with the
    `ERR_INPUTTOOLONG` (`417`) error numeric if a client sends a message with more tag data than the allowed
    limit. Servers MUST NOT truncate tags and MUST always reject lines that exceed this limit." (IRCv3
    message-tags)"""
    town = Town()
    ana, bob = town.join("ana", "#r", caps="message-tags"), town.join("bob", "#r", caps="message-tags")
    ana.take()
    ana.say(f"@+a={'x' * 4091} PRIVMSG #r :cabe")
    assert len(tag(the(bob.say(), "PRIVMSG"), "+a") or "") == 4091
    assert the(ana.say(f"@+a={'x' * 4092} PRIVMSG #r :no cabe"), "417")
    assert bob.say() == []
