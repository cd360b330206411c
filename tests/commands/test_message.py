"""PRIVMSG, NOTICE, TAGMSG: modern-irc, "Sending Messages"; IRCv3 message-tags, message-ids, server-time,
echo-message; STATUSMSG; the 512-byte rule.
"""

from __future__ import annotations

import pytest

from tertulia.ports import Peer
from tests.support.reading import all_of, has, tag, texts, the
from tests.support.town import Client, Town, commands

TAGGED = "message-tags"


@pytest.fixture
def ana(town: Town) -> Client:
    return town.join("ana", "#r")


@pytest.fixture
def bob(town: Town, ana: Client) -> Client:
    client = town.join("bob", "#r")
    ana.take()
    return client


# --- to whom ----------------------------------------------------------------------------------------


def test_to_a_room(ana: Client, bob: Client) -> None:
    """ "The PRIVMSG command is used to send private messages between users, as well as to send messages to
    channels." (modern-irc, PRIVMSG) Who speaks does not hear it without echo-message."""
    assert ana.say("PRIVMSG #r :hola, ¿qué tal?") == []
    assert bob.say() == [":ana!~ana@127.0.0.1 PRIVMSG #r :hola, ¿qué tal?"]
    assert ana.say("NOTICE #r aviso") == []
    assert bob.say() == [":ana!~ana@127.0.0.1 NOTICE #r :aviso"]


def test_to_a_person(town: Town, ana: Client, bob: Client) -> None:
    """ "the <target> represents the target of that PRIVMSG (which may be the client, a channel, etc)"
    (modern-irc)"""
    ema = town.join("ema")
    assert ana.say("PRIVMSG EMA :hola") == []
    assert ema.say() == [":ana!~ana@127.0.0.1 PRIVMSG ema :hola"]
    assert bob.say() == []


def test_to_nobody(ana: Client) -> None:
    """ERR_NOSUCHNICK, and ERR_NOSUCHCHANNEL for a room; a NOTICE is never answered (modern-irc)"""
    assert the(ana.say("PRIVMSG nadie :x"), "401").params[:2] == ["ana", "nadie"]
    assert the(ana.say("PRIVMSG #nada :x"), "403").params[:2] == ["ana", "#nada"]
    assert commands(ana.say("PRIVMSG")) == ["411"]
    assert commands(ana.say("PRIVMSG #r", "PRIVMSG #r :")) == ["412", "412"]


def test_a_notice_is_never_answered(ana: Client) -> None:
    """ "This rule also applies to servers -- they must not send any error back to the client on receipt of
    a NOTICE command." (modern-irc, NOTICE)"""
    assert ana.say("NOTICE nadie :x", "NOTICE #nada :x", "NOTICE", "NOTICE #r", "NOTICE a,b,c,d,e :x") == []


def test_to_several(town: Town, ana: Client, bob: Client) -> None:
    """ "Parameters: <target>{,<target>} <text to be sent>" (modern-irc, PRIVMSG), ISUPPORT TARGMAX"""
    ema = town.join("ema")
    lines = ana.say("PRIVMSG #r,nadie,ema,ema :a todos")
    assert commands(lines) == ["401"]
    assert texts(bob.say()) == ["a todos"]
    assert texts(ema.say()) == ["a todos"]
    assert commands(ana.say("PRIVMSG ema,e1,e2,e3,bob :x")) == ["401", "401", "401", "407"]
    assert not has(bob.say(), "PRIVMSG")


def test_to_oneself(town: Town) -> None:
    """With echo-message it comes twice, "as both sent and received messages" (IRCv3 labeled-response)."""
    plain, echo = town.join("plain"), town.join("echo", caps="echo-message")
    assert plain.say("PRIVMSG plain :hola") == [":plain!~plain@127.0.0.1 PRIVMSG plain :hola"]
    assert echo.say("PRIVMSG echo :hola") == [":echo!~echo@127.0.0.1 PRIVMSG echo :hola"] * 2


def test_a_text_keeps_its_spaces_and_colons(ana: Client, bob: Client) -> None:
    """ "If the final parameter is prefixed with a colon ':', the prefix is stripped and the rest of the
    message is treated as the final parameter, no matter what characters it contains." (modern-irc,
    Parameters)"""
    for text in (" dos  espacios ", ":) hola", "a :b", "\x01ACTION baila\x01", "\x02negrita\x02", "😀"):
        ana.say(f"PRIVMSG #r :{text}")
        assert texts(bob.say()) == [text]


def test_from_outside_a_secret_room(town: Town, ana: Client) -> None:
    """A secret room does not answer from within: it is as if it were not there."""
    far = town.join("far")
    ana.say("MODE #r +s")
    assert commands(far.say("PRIVMSG #r :x")) == ["403"]


def test_nobody_speaks_for_another(ana: Client, bob: Client) -> None:
    """ "If they do include one, the only valid source is the current nickname of the client." (modern-irc,
    Source)"""
    ana.say(":bob!bob@bob PRIVMSG #r :soy yo")
    assert bob.say() == [":ana!~ana@127.0.0.1 PRIVMSG #r :soy yo"]


# --- STATUSMSG --------------------------------------------------------------------------------------


def test_to_those_of_a_rank(town: Town, ana: Client, bob: Client) -> None:
    """ "the message will be delivered only to the members of that channel with the given or higher status
    in the channel" (modern-irc, PRIVMSG)"""
    voiced, half = town.join("voiced", "#r"), town.join("half", "#r")
    ana.say("MODE #r +vh voiced half")
    for client in (ana, bob, voiced, half):
        client.take()

    def heard(target: str) -> list[str]:
        bob.say(f"PRIVMSG {target} :x")
        return [client.nick for client in (ana, bob, voiced, half) if has(client.say(), "PRIVMSG")]

    assert heard("@#r") == ["ana"]
    assert heard("%#r") == ["ana", "half"]
    assert heard("+#r") == ["ana", "voiced", "half"]


def test_the_prefix_is_shown(ana: Client, bob: Client) -> None:
    bob.say("PRIVMSG @#R :a los que mandan")
    assert the(ana.say(), "PRIVMSG").params == ["@#r", "a los que mandan"]


def test_several_prefixes(town: Town, ana: Client, bob: Client) -> None:
    """ "PRIVMSG @%#bunny ... This command is functionally identical to the above command." (modern-irc,
    %#bunny)"""
    bob.say("PRIVMSG @%#r :x")
    assert the(ana.say(), "PRIVMSG").params[0] == "%#r"


def test_who_speaks_to_a_rank_hears_it_only_as_an_echo(town: Town, ana: Client, bob: Client) -> None:
    assert ana.say("PRIVMSG @#r :a mí") == []
    ana.say("CAP REQ echo-message")
    assert texts(ana.say("PRIVMSG @#r :a mí")) == ["a mí"]
    assert texts(bob.say("CAP REQ echo-message", "PRIVMSG @#r :a ti")) == ["a ti"]
    assert texts(ana.say()) == ["a ti"]


def test_a_rank_of_nothing(ana: Client) -> None:
    assert commands(ana.say("PRIVMSG @ :x", "PRIVMSG @nada :x", "PRIVMSG @#nada :x")) == ["401", "401", "403"]


# --- echo -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["#r", "bob"])
@pytest.mark.parametrize("kind", ["PRIVMSG", "NOTICE"])
def test_echo(town: Town, bob: Client, kind: str, target: str) -> None:
    """ "If enabled, servers MUST send PRIVMSG and NOTICE messages back to the client that sent them."
    (echo-message)"""
    eva = town.join("eva", "#r", caps="echo-message")
    bob.take()
    expected = [f":eva!~eva@127.0.0.1 {kind} {target} :hola"]
    assert eva.say(f"{kind} {target} :hola") == expected
    assert bob.say() == expected


def test_echo_of_tags(town: Town) -> None:
    """ "When the message-tags capability has been enabled, the same rules apply to TAGMSG messages."
    (echo-message)"""
    eva = town.join("eva", "#r", caps=f"echo-message {TAGGED}")
    line = the(eva.say("@+typing=active TAGMSG #r"), "TAGMSG")
    assert tag(line, "+typing") == "active"


def test_no_echo_of_what_was_refused(town: Town, ana: Client) -> None:
    """ "receiving a message with themselves as the sender acts as an acknowledgement" (echo-message)"""
    ana.say("MODE #r +m")
    eva = town.join("eva", "#r", caps="echo-message")
    assert commands(eva.say("PRIVMSG #r :x")) == ["404"]


# --- tags -------------------------------------------------------------------------------------------


def test_client_only_tags_travel(town: Town, ana: Client) -> None:
    """ "Client-only tags MUST be relayed on PRIVMSG and NOTICE messages"; "Tags without the client-only
    prefix MUST be removed by the server before being relayed with any message to another client." (IRCv3
    message-tags)"""
    eva = town.join("eva", "#r", caps=TAGGED)
    new, timed = (
        town.join("new", "#r", caps=f"{TAGGED} echo-message"),
        town.join("timed", "#r", caps="server-time"),
    )
    for client in (ana, eva, new, timed):
        client.take()
    eva.say(r"@+baz=bat;fizz=buzz;+example.org/x=a\:b\s\\c;+empty PRIVMSG #r :hola")
    line = the(new.say(), "PRIVMSG")
    assert (
        tag(line, "+baz") == "bat" and tag(line, "+example.org/x") == "a;b \\c" and tag(line, "+empty") == ""
    )
    assert tag(line, "fizz") is None and tag(line, "msgid")
    assert ana.say() == [":eva!~eva@127.0.0.1 PRIVMSG #r :hola"]
    assert (the(timed.say(), "PRIVMSG").tags or {}).keys() == {"time"}


def test_one_message_has_one_id(town: Town) -> None:
    """ "The tag value ... MUST be unique, meaning any other message transmitted on the entire network at
    any time MUST NOT share the same value." (IRCv3 message-ids)"""
    eva = town.join("eva", "#r", caps=f"{TAGGED} echo-message")
    new = town.join("new", "#r", caps=TAGGED)
    eva.take()
    echoes = all_of(eva.say("PRIVMSG #r :uno", "PRIVMSG #r :dos", "NOTICE new :tres"), "PRIVMSG", "NOTICE")
    heard = all_of(new.say(), "PRIVMSG", "NOTICE")
    ids = [tag(line, "msgid") for line in echoes]
    assert ids == [tag(line, "msgid") for line in heard] and len(set(ids)) == 3


def test_server_time(town: Town, bob: Client) -> None:
    """ "The value of the tag MUST have the following syntax: YYYY-MM-DDThh:mm:ss.sssZ" (IRCv3 server-time)"""
    eva = town.join("eva", "#r", caps="server-time")
    town.advance(1.5)
    bob.say("PRIVMSG #r :x")
    assert tag(the(eva.say(), "PRIVMSG"), "time") == "2026-09-21T14:13:21.500Z"


def test_repeated_tags(town: Town) -> None:
    """ "Clients receiving messages with more than one occurrence of a tag key SHOULD discard all but the
    final occurrence." (IRCv3 message-tags); so does the server"""
    eva = town.join("eva", "#r", caps=f"{TAGGED} echo-message")
    assert tag(the(eva.say("@+a=1;+a=2 PRIVMSG #r :x"), "PRIVMSG"), "+a") == "2"


def test_tags_of_a_client_without_the_capability_are_dropped(town: Town, ana: Client) -> None:
    """ "This capability enables the use of client-only tags and the TAGMSG command" (IRCv3 message-tags)"""
    new = town.join("new", "#r", caps=TAGGED)
    ana.say("@+a=1 PRIVMSG #r :x", "@+a=1 TAGMSG #r")
    (line,) = all_of(new.say(), "PRIVMSG", "TAGMSG")
    assert tag(line, "+a") is None


def test_tagmsg(town: Town, ana: Client) -> None:
    """ "This message MUST be delivered to targets in the same way as PRIVMSG and NOTICE messages. ...
    Servers MUST NOT deliver TAGMSG to clients that haven't negotiated the message tags capability." (IRCv3
    message-tags)"""
    eva, new = town.join("eva", "#r", caps=TAGGED), town.join("new", "#r", caps=TAGGED)
    timed = town.join("timed", "#r", caps="server-time")
    for client in (ana, eva, new, timed):
        client.take()
    assert eva.say("@+typing=active TAGMSG #r", "@+typing=done TAGMSG new") == []
    assert [tag(line, "+typing") for line in all_of(new.say(), "TAGMSG")] == ["active", "done"]
    assert ana.say() == timed.say() == []
    assert commands(eva.say("@+a TAGMSG", "@+a TAGMSG nadie", "@+a TAGMSG #nada")) == ["411", "401", "403"]


def test_tagmsg_to_a_rank(town: Town, ana: Client) -> None:
    """ "honouring channel membership, modes, echo-message, STATUSMSG prefixes, etc." (IRCv3 message-tags)"""
    ana.say(f"CAP REQ {TAGGED}")
    eva, new = town.join("eva", "#r", caps=TAGGED), town.join("new", "#r", caps=TAGGED)
    ana.take(), new.take()
    eva.say("@+a=b TAGMSG @#r")
    assert the(ana.say(), "TAGMSG").params == ["@#r"]
    assert new.say() == []
    ana.say("MODE #r +m")
    assert commands(new.say("@+a=b TAGMSG #r")) == ["MODE", "404"]


def test_tagmsg_without_tags_is_nothing(town: Town) -> None:
    eva, new = town.join("eva", "#r", caps=TAGGED), town.join("new", "#r", caps=TAGGED)
    assert eva.say("TAGMSG #r", "@unknown TAGMSG #r")[-1].endswith("JOIN #r")
    assert new.say() == []


def test_the_limit_of_tags(town: Town) -> None:
    """ "Clients MUST NOT send messages with tag data exceeding 4094 bytes ... Servers MUST reply with the
    ERR_INPUTTOOLONG (417) error numeric if a client sends a message with more tag data than the allowed
    limit." (message-tags)"""
    eva = town.join("eva", "#r", caps=f"{TAGGED} echo-message")
    new = town.join("new", "#r", caps=TAGGED)
    eva.take()
    line = f"@foo=bar;+baz={'a' * 4081} PRIVMSG #r "
    assert line.index("PRIVMSG") == 4096
    relayed = the(eva.say(line + "b" * 300), "PRIVMSG")
    assert tag(relayed, "+baz") == "a" * 4081
    assert tag(the(new.say(), "PRIVMSG"), "+baz") == "a" * 4081
    assert commands(eva.say(line.replace("=bar", "=barr") + "b")) == ["417"]
    assert new.say() == []


def test_the_bot_tag(town: Town) -> None:
    """ "This tag SHOULD be added by the server to all commands sent by a bot ... This tag MUST only be
    sent to users who have requested the message-tags capability. Servers MUST NOT send this tag with a
    value" (IRCv3 bot-mode)"""
    bot, new, old = town.join("bot", "#r"), town.join("new", "#r", caps=TAGGED), town.join("old", "#r")
    bot.say("MODE bot +B", "PRIVMSG #r :x", "NOTICE #r :y")
    assert [tag(line, "bot") for line in all_of(new.say(), "PRIVMSG", "NOTICE")] == ["", ""]
    assert all(line.startswith(":") for line in old.say())
    bot.say("MODE bot -B", "PRIVMSG #r :x")
    assert tag(the(new.say(), "PRIVMSG"), "bot") is None


def test_provenance_is_for_those_we_trust(town: Town) -> None:
    """ "servers MUST strip them from everybody else" (docs/extensions/stream.md, "Where a message comes
    from")"""
    new = town.join("new", "#r", caps=TAGGED)
    eva = town.join("eva", "#r", caps=TAGGED)
    own = town.join("own", "#r", caps=TAGGED, peer=Peer("memory", "localhost", local=True, trusted=True))
    line = "@tertulia.chat/model=q;tertulia.chat/hops=0;tertulia.chat/stopped PRIVMSG #r :x"
    new.take()
    eva.say(line)
    assert (the(new.say(), "PRIVMSG").tags or {}).keys() == {"msgid"}
    own.say(line)
    assert (the(new.say(), "PRIVMSG").tags or {}).keys() == {"msgid", "tertulia.chat/model"}


# --- length -----------------------------------------------------------------------------------------


def test_a_message_that_does_not_fit_with_its_source(ana: Client, bob: Client) -> None:
    """ "Most IRC servers limit messages to 512 bytes in length" (modern-irc): what the source pushes over
    the limit is said in two lines, and nothing is lost."""
    text = "palabra " * 62
    assert ana.say(f"PRIVMSG #r :{text}") == []
    lines = bob.say()
    assert len(lines) == 2 and all(len(line.encode()) <= 510 for line in lines)
    assert "".join(texts(lines)) == text
    assert texts(lines)[0].endswith(" "), "cut between words"


def test_the_longest_line_is_not_cut(ana: Client, bob: Client) -> None:
    head = ":ana!~ana@127.0.0.1 PRIVMSG #r :"
    ana.say("PRIVMSG #r :" + "x" * (510 - len(head)))
    (line,) = bob.say()
    assert len(line) == 510
    ana.say("PRIVMSG #r :" + "x" * (511 - len(head)))
    assert len(bob.say()) == 2


def test_a_long_message_never_breaks_a_character(ana: Client, bob: Client) -> None:
    """ "Implementations must ensure that if they truncate messages to meet a length limit, they do not do
    so in the middle of a UTF-8-encoded codepoint." (IRCv3 utf8-only)"""
    for letter in ("ñ", "€", "😀"):
        text = letter * (498 // len(letter.encode()))
        ana.say(f"PRIVMSG #r :{text}")
        assert "".join(texts(bob.say())) == text


def test_a_long_message_is_one_message_to_those_who_know(town: Town, ana: Client) -> None:
    """ "draft/multiline-concat ... is used to send message lines that extend beyond the usual byte length
    limit" (IRCv3 multiline); only the first line has the msgid for the others"""
    new = town.join("new", "#r", caps=f"batch {TAGGED} draft/multiline")
    tagged = town.join("tagged", "#r", caps=TAGGED)
    new.take()
    ana.say("PRIVMSG #r :" + "x" * 490)
    lines = new.say()
    assert commands(lines) == ["BATCH", "PRIVMSG", "PRIVMSG", "BATCH"]
    one, two = all_of(lines, "PRIVMSG")
    assert tag(one, "draft/multiline-concat") is None and tag(two, "draft/multiline-concat") == ""
    assert [tag(line, "msgid") is not None for line in all_of(tagged.say(), "PRIVMSG")] == [True, False]
