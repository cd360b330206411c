"""Bot mode: IRCv3 bot-mode."""

from __future__ import annotations

import pytest

from tests.support.reading import all_of, has, tag, the
from tests.support.town import Client, Town


@pytest.fixture
def robo(town: Town) -> Client:
    client = town.join("robo", "#r")
    client.say("MODE robo +B", "MODE robo")
    return client


def test_the_token_is_the_mode(town: Town, robo: Client) -> None:
    """ "The value of the `BOT` token is the mode character which is used to enable bot mode and is also the
    flag used in `WHO` responses of bots" (IRCv3 bot-mode)"""
    ana = town.join("ana")
    assert any(" BOT=B " in line for line in ana.say("VERSION"))
    assert the(ana.say("WHO robo"), "352").params[6] == "H@B"
    assert the(ana.say("WHO robo %f"), "354").params[1] == "H@B"
    assert the(ana.say("WHOIS robo"), "335").params[:2] == ["ana", "robo"]


DEEDS = {
    "JOIN": "JOIN #s", "PRIVMSG": "PRIVMSG #r :x", "NOTICE": "NOTICE #r :x", "TOPIC": "TOPIC #r :x",
    "MODE": "MODE #r +v ana", "KICK": "KICK #r old", "AWAY": "AWAY :x", "SETNAME": "SETNAME :x",
    "NICK": "NICK eva", "PART": "PART #r", "QUIT": "QUIT", "INVITE": "INVITE ana #r",
}  # fmt: skip


@pytest.mark.parametrize("command", DEEDS)
def test_the_tag_is_on_all_that_a_bot_does(town: Town, robo: Client, command: str) -> None:
    """ "This tag SHOULD be added by the server to all commands sent by a bot (e.g. `PRIVMSG`, `JOIN`, `MODE`,
    `NOTICE`, and all others)."; "This tag MUST only be sent to users who have requested the `message-tags`
    capability. Servers MUST NOT send this tag with a value" (IRCv3 bot-mode)"""
    ana = town.join("ana", "#r", "#s", caps="message-tags away-notify setname")
    old = town.join("old", "#r", "#s", caps="server-time away-notify setname")
    if command == "INVITE":
        ana.say("PART #r")
    for client in (ana, old):
        client.take()
    robo.say(DEEDS[command])
    assert tag(all_of(ana.say(), command)[0], "bot") == ""
    assert not any(tag(line, "bot") is not None for line in all_of(old.say(), command))


def test_people_have_no_such_tag(town: Town) -> None:
    ana = town.join("ana", "#r", caps="message-tags")
    bob = town.join("bob", "#r")
    assert not has(bob.say("MODE bob"), "335")
    bob.say("TOPIC #r :x", "PRIVMSG #r :x", "PART #r")
    assert all(tag(line, "bot") is None for line in all_of(ana.say(), "JOIN", "TOPIC", "PRIVMSG", "PART"))
