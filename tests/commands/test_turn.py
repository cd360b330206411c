"""A turn's replies: the forms of numerics, standard replies and lines."""

from __future__ import annotations

from typing import cast

from tertulia.commands.turn import Turn
from tertulia.protocol.line import parse
from tests.support.town import Town


def a_turn(caps: str = "") -> Turn:
    town = Town()
    town.join("ana", caps=caps)
    return town.hub.turn(next(iter(town.hub.connections)))


def lines(turn: Turn) -> list[str]:
    return [line for item in turn.items for line in cast(str, item).split("\r\n")[:-1]]


def test_numerics() -> None:
    """ "a numeric reply MUST contain the sender prefix and use a three-digit numeric as the command. A
    numeric reply SHOULD contain the target of the reply as the first parameter of the message."
    (modern-irc, Numeric Replies)"""
    turn = a_turn()
    turn.numeric("ERR_NOSUCHNICK", "bob")
    turn.numeric("RPL_TOPIC", "#r", "el tema")
    turn.plain_numeric("RPL_UMODEIS", "+i")
    assert lines(turn) == [
        ":tertulia.local 401 ana bob :No such nick/channel",
        ":tertulia.local 332 ana #r :el tema",
        ":tertulia.local 221 ana +i",
    ]


def test_standard_replies() -> None:
    """ "<type> <command> <code> [<context>...] <description>" (IRCv3 standard-replies)"""
    turn = a_turn()
    turn.fail("BATCH", "STREAM_MAX_BYTES", "r1", "65536")
    assert lines(turn) == [
        ":tertulia.local FAIL BATCH STREAM_MAX_BYTES r1 65536 :The stream is too long; it was closed there"
    ]


def test_standard_replies_for_those_who_do_not_know_them() -> None:
    """ "This capability allows servers to send arbitrary standard replies other than ones enabled by a
    specific specification." (IRCv3 standard-replies); without it, those of ours are notices"""
    old, new = a_turn(), a_turn("standard-replies")
    for turn in (old, new):
        turn.fail("*", "INVALID_UTF8", plainly=True)
    assert lines(old) == [":tertulia.local NOTICE ana :*: Message rejected: it must be UTF-8"]
    assert lines(new) == [":tertulia.local FAIL * INVALID_UTF8 :Message rejected: it must be UTF-8"]


def test_words_are_cut_into_lines_that_fit() -> None:
    turn = a_turn()
    words = [f"palabra{number}" for number in range(200)]
    turn.words("RPL_ISON", words)
    assert all(len(line.encode()) <= 510 for line in lines(turn))
    assert " ".join(parse(line).params[-1] for line in lines(turn)).split(" ") == words


def test_no_words_are_one_line() -> None:
    turn = a_turn()
    turn.words("RPL_ISON", [])
    assert lines(turn) == [":tertulia.local 303 ana :"]


def test_before_a_nick_is_known() -> None:
    """ "the client identifier (usually nickname)", else "*" """
    town = Town()
    client = town.connect()
    turn = town.hub.turn(next(iter(town.hub.connections)))
    assert turn.me == "*"
    client.say("NICK ana")
    assert turn.me == "ana"
