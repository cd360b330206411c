"""HELP: modern-irc, "HELP message"."""

from __future__ import annotations

from tertulia.commands.registry import COMMANDS
from tests.support.reading import all_of, texts
from tests.support.town import Town, commands


def test_help_lists_all_commands() -> None:
    """ "reply with a single RPL_HELPSTART message, then arbitrarily many RPL_HELPTXT messages, then a single
    RPL_ENDOFHELP." (modern-irc, HELP)"""
    lines = Town().join("ana").say("HELP")
    found = commands(lines)
    assert (found[0], found[-1], set(found[1:-1])) == ("704", "706", {"705"})
    shown = {text.split()[0] for text in texts(lines, "704", "705")}
    assert shown == set(COMMANDS)


def test_help_on_a_command() -> None:
    """The subject is the second parameter of each numeric (modern-irc, HELP, examples)."""
    lines = Town().join("ana").say("HELP privmsg")
    assert [line.params[1] for line in all_of(lines, "704", "705", "706")] == ["PRIVMSG"] * 3
    assert COMMANDS["PRIVMSG"].help_en in texts(lines, "705")


def test_help_in_spanish() -> None:
    ana = Town().join("ana")
    ana.say("LANGUAGE es")
    assert COMMANDS["JOIN"].help_es in texts(ana.say("HELPOP join"), "705")


def test_unknown_subject() -> None:
    """ "servers MUST either: reply with a single ERR_HELPNOTFOUND message; or ..." (modern-irc, HELP)"""
    assert commands(Town().join("ana").say("HELP :unknown subject")) == ["524"]


def test_every_line_of_help_fits() -> None:
    """ "Most IRC servers limit messages to 512 bytes in length" (modern-irc, Messages)"""
    ana = Town().join("a" * 32)
    assert all(len(line.encode()) <= 510 for line in ana.say("HELP", "LANGUAGE es", "HELP"))
