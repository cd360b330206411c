"""Commands that people still type: RFC 1459 4.3, 5.4, 5.5; RFC 2812 3.5."""

from __future__ import annotations

from tertulia.commands.settings import Operator
from tests.support.reading import all_of, the
from tests.support.town import Town, commands


def test_servers() -> None:
    """ "LINKS: ... a user can list all servers which are known by the server answering the query" (RFC 1459
    4.3.3)"""
    ana = Town(description="La casa").join("ana")
    links = ana.say("LINKS")
    assert commands(links) == ["364", "365"]
    assert the(links, "364").params[1:] == ["tertulia.local", "tertulia.local", "0 La casa"]
    assert commands(ana.say("MAP")) == ["015", "017"]
    assert the(ana.say("MAP"), "015").params[-1] == "tertulia.local [1]"


def test_stats() -> None:
    """ "u - returns a string showing how long the server has been up"; "o - returns a list of hosts from
    which normal clients may become operators" (RFC 1459 4.3.2)"""
    town = Town(operators=(Operator("root", "secret"),))
    ana = town.join("ana")
    town.clock.ms += ((24 + 2) * 3600 + 3 * 60 + 4) * 1000
    assert the(ana.say("STATS u"), "242").params[-1] == "Server up 1 days 02:03:04"
    assert commands(ana.say("STATS", "STATS z")) == ["219", "219"]
    assert commands(ana.say("STATS o")) == ["481"]
    ana.say("OPER root secret")
    lines = ana.say("STATS o")
    assert the(lines, "243").params[1:] == ["O", "*", "*", "root"] and commands(lines) == ["243", "219"]


def test_what_is_switched_off() -> None:
    """ "Returned as a response to the SUMMON command" (445), "to the USERS command" (446; RFC 2812 5.2)"""
    ana = Town().join("ana")
    assert commands(ana.say("SUMMON x", "USERS", "SERVLIST", "SQUERY irchelp :HELP")) == [
        "445",
        "446",
        "235",
        "408",
    ]


def test_rooms_by_age() -> None:
    """ "C<val ... created either less than `val` minutes ago"; "T<val ... topic ... changed" (ELIST)"""
    town = Town()
    ana = town.join("ana", "#vieja")
    ana.say("TOPIC #vieja :hace mucho")
    town.clock.ms += 3_600_000
    ana.say("JOIN #nueva", "JOIN #conTema", "TOPIC #conTema :ahora")

    def listed(conditions: str) -> set[str]:
        return {line.params[1] for line in all_of(ana.say(f"LIST {conditions}"), "322")}

    assert listed("C<30") == {"#nueva", "#conTema"}
    assert listed("C>30") == {"#vieja"}
    assert listed("T<30") == {"#conTema"}
    assert listed("t>30") == {"#vieja"}
    assert listed("C<30,T<30") == {"#conTema"}
    assert listed("C<x") == set(), "anything else is a mask"
    assert any(" ELIST=CMNTU " in line for line in ana.say("VERSION"))
