"""MOTD, LUSERS, VERSION, TIME, ADMIN, INFO, LANGUAGE: modern-irc, "Server Queries and Commands"."""

from __future__ import annotations

import re

import pytest

from tests.support.reading import texts, the
from tests.support.town import Town, commands


def test_motd() -> None:
    """ "If the MOTD can be found, one RPL_MOTDSTART numeric is returned, followed by one or more RPL_MOTD
    numeric, then one RPL_ENDOFMOTD numeric." (modern-irc, MOTD)"""
    ana = Town(motd=("hola", "y adiós")).join("ana")
    lines = ana.say("MOTD")
    assert commands(lines) == ["375", "372", "372", "376"]
    assert texts(lines, "372") == ["- hola", "- y adiós"]


def test_no_motd() -> None:
    """ "If the MOTD does not exist or could not be found, the ERR_NOMOTD numeric is returned."
    (modern-irc, MOTD)"""
    assert commands(Town().join("ana").say("MOTD")) == ["422"]


def test_a_long_line_of_the_motd_is_cut() -> None:
    lines = Town(motd=("palabra " * 100,)).join("ana").say("MOTD")
    assert all(len(line.encode()) <= 510 for line in lines)
    assert "".join(text[2:] for text in texts(lines, "372")) == "palabra " * 100


@pytest.mark.parametrize("command", ["MOTD", "VERSION", "TIME", "ADMIN", "INFO"])
def test_another_server_is_not_known(command: str) -> None:
    """ "If <target> is given and a matching server cannot be found, the server will respond with the
    ERR_NOSUCHSERVER numeric and the command will fail." (modern-irc)"""
    ana = Town().join("ana")
    assert commands(ana.say(f"{command} irc.example.org")) == ["402"]
    assert "402" not in commands(ana.say(f"{command} tertulia.local", f"{command} *.local", f"{command} ana"))


def test_version() -> None:
    """ "the given server SHOULD respond with one RPL_VERSION reply and one or more RPL_ISUPPORT replies"
    (modern-irc, VERSION)"""
    found = commands(Town().join("ana").say("VERSION"))
    assert found[0] == "351" and set(found[1:]) == {"005"}


def test_admin() -> None:
    """ "the given server SHOULD respond with the RPL_ADMINME, RPL_ADMINLOC1, RPL_ADMINLOC2, and
    RPL_ADMINEMAIL replies." (modern-irc, ADMIN)"""
    ana = Town(admin=("Ana", "Sevilla", "ana@example.org")).join("ana")
    lines = ana.say("ADMIN")
    assert commands(lines) == ["256", "257", "258", "259"]
    assert texts(lines, "257", "258", "259") == ["Ana", "Sevilla", "ana@example.org"]


def test_info() -> None:
    """ "the server will respond with zero or more RPL_INFO replies, followed by one RPL_ENDOFINFO numeric"
    (modern-irc, INFO)"""
    found = commands(Town().join("ana").say("INFO"))
    assert found[-1] == "374" and set(found[:-1]) == {"371"}


def test_time_is_the_clock_s() -> None:
    """RPL_TIME (391): "<client> <server> ... :<human-readable time>" (modern-irc)"""
    line = the(Town().join("ana").say("TIME"), "391")
    assert line.params[1:] == ["tertulia.local", "Monday 21 September 2026, 14:13:20 UTC"]


def test_lusers_counts() -> None:
    """ "Servers MUST reply with RPL_LUSERCLIENT and RPL_LUSERME, and SHOULD also include all those defined
    below." (modern-irc, LUSERS) "<u>, <i>, and <s> are non-negative integers" (RPL_LUSERCLIENT)"""
    town = Town()
    ana = town.join("ana", "#r")
    town.join("bob").say("MODE bob +i")
    town.connect()
    lines = ana.say("LUSERS")
    assert commands(lines) == ["251", "252", "253", "254", "255", "265", "266"]
    assert re.findall(r"\d+", the(lines, "251").params[-1])[:2] == ["1", "1"]
    assert the(lines, "253").params[1] == "1"
    assert the(lines, "254").params[1] == "1"
    assert the(lines, "265").params[1:3] == ["2", "2"]


def test_lusers_remembers_the_most() -> None:
    """ "<m> represents the maximum number of clients that have been connected" (modern-irc,
    RPL_GLOBALUSERS)"""
    town = Town()
    ana = town.join("ana")
    town.join("bob").say("QUIT")
    assert the(ana.say("LUSERS"), "266").params[1:3] == ["1", "2"]


def test_lusers_counts_operators_and_forgets_who_went() -> None:
    """ "<ops> is a positive integer and represents the number of IRC operators" (modern-irc, RPL_LUSEROP)"""
    from tertulia.commands.settings import Operator

    town = Town(operators=(Operator("root", "secret"),))
    ana, bob, ema = town.join("ana"), town.join("bob"), town.join("ema")
    for client in (ana, bob, ema):
        client.say("OPER root secret")
    assert the(ana.say("LUSERS"), "252").params[1] == "3"
    bob.say("MODE bob -o")
    ema.say("QUIT")
    assert the(ana.say("LUSERS"), "252").params[1] == "1"


def test_the_language_of_the_answers() -> None:
    """Numerics keep their numbers and parameters; the words change."""
    ana = Town().join("ana")
    assert the(ana.say("LANGUAGE es"), "687").params == ["ana", "es", "Se te responderá en español"]
    assert the(ana.say("JOIN nada"), "403").params[-1].startswith("No existe esa sala")
    assert the(ana.say("NICK 1"), "432").params[-1].endswith("como mucho 32")
    assert the(ana.say("LANGUAGE fr"), "982").params[-1] == "Ese idioma no está: en, es"
    assert the(ana.say("LANGUAGE en"), "687").params[-1] == "You will be answered in English"


def test_the_language_before_registration() -> None:
    client = Town().connect()
    client.say("LANGUAGE es")
    lines = client.say("NICK ana", "USER ana 0 * :Ana")
    assert the(lines, "001").params[-1] == "Te damos la bienvenida a Tertulia, ana"


def test_the_server_s_language_is_where_a_session_begins() -> None:
    client = Town(language="es").connect()
    assert the(client.say("JOIN #r"), "451").params[-1].startswith("Aún no te has presentado")
