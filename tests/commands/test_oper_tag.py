"""The operator's tag: IRCv3 oper-tag."""

from __future__ import annotations

from tertulia.commands.settings import Operator
from tests.support.reading import all_of, tag
from tests.support.town import Town

DEEDS = ("PRIVMSG #r :x", "NOTICE #r :x", "TOPIC #r :x", "MODE #r -t", "PART #r", "JOIN #r")


def test_all_that_an_operator_does_has_the_tag() -> None:
    """ "The tag MUST be added by the ircd to all commands sent by a user (e.g. PRIVMSG, MODE, NOTICE, and all
    others)"; "The value of the tag, if specified, MUST identify the operator." (IRCv3 oper-tag)"""
    town = Town(operators=(Operator("root", "secret"),))
    root = town.join("root", "#r")
    ana = town.join("ana", "#r", caps="message-tags draft/oper")
    old = town.join("old", "#r", caps="server-time")
    root.say("PRIVMSG #r :antes")
    assert [tag(line, "draft/oper") for line in all_of(ana.say(), "PRIVMSG")] == [None]
    root.say("OPER root secret")
    for deed in DEEDS:
        root.say(deed)
        (line,) = all_of(ana.say(), deed.split(" ")[0])
        assert tag(line, "draft/oper") == "", deed
    assert not any("draft/oper" in (line.tags or {}) for line in all_of(old.say(), "PRIVMSG", "JOIN"))
    root.say("MODE root -o", "PRIVMSG #r :después")
    assert [tag(line, "draft/oper") for line in all_of(ana.say(), "PRIVMSG")] == [None]
