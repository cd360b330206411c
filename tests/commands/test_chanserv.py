"""ChanServ: rooms that belong to somebody, in both languages."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tertulia import limits
from tertulia.commands.chanserv import VERBS
from tertulia.commands.room_words import WORDS
from tertulia.protocol.accounts import identity_of
from tertulia.protocol.modes import FOUNDER, OPERATOR
from tertulia.state.network import Network
from tertulia.state.room import Room
from tests.support.accounts import account, log_in
from tests.support.failing import FailingStore
from tests.support.reading import has, texts, the
from tests.support.town import Client, Town, commands

SERV = "ChanServ!services@tertulia.local"
PASSWORD = "dicho-entero"


@pytest.fixture
def town() -> Town:
    town = Town()
    for name in ("Ana", "Eva", "Max"):
        account(town, name, password=PASSWORD)
    return town


def member(town: Town, nick: str, *rooms: str, caps: str = "") -> Client:
    """Somebody who is logged in to the account of this name."""
    client = town.join(f"{nick}_", caps=caps)
    log_in(client, nick, PASSWORD)
    client.say(f"NICK {nick}")
    for room in rooms:
        client.say(f"JOIN {room}")
    return client


@pytest.fixture
def ana(town: Town) -> Client:
    """The founder of #r."""
    client = member(town, "ana", "#r")
    client.say("CS REGISTER #r")
    return client


def room(town: Town, name: str = "#r") -> Room:
    found = town.network.room(name)
    assert found is not None
    return found


def rank(town: Town, nick: str, name: str = "#r") -> int:
    user = town.network.user(nick)
    assert user is not None
    return room(town, name).members[user]


def ask(client: Client, text: str) -> list[str]:
    return texts(client.say(f"PRIVMSG ChanServ :{text}"), "NOTICE")


@pytest.mark.parametrize(
    "way", ["PRIVMSG ChanServ :", "PRIVMSG chanserv@tertulia.local :", "CS ", "CHANSERV :"]
)
def test_the_ways_to_ask(ana: Client, way: str) -> None:
    notice = the(ana.say(f"{way}INFO #r"), "NOTICE")
    assert notice.source == SERV
    assert notice.params == ["ana", "#r: belongs to Ana since 2026-09-21; on its list: 0"]


def test_registering_makes_a_founder(town: Town) -> None:
    client = member(town, "ana", "#r")
    luz = town.join("luz", "#r")
    client.take()
    lines = client.say("CS REGISTER #r")
    assert lines[0] == f":{SERV} MODE #r +q ana"
    assert luz.say() == [f":{SERV} MODE #r +q ana"]
    assert room(town).founder == "ana" and rank(town, "ana") == FOUNDER | OPERATOR
    assert ask(client, "REGISTER #r") == ["#r belongs to Ana"]


def test_who_may_register(town: Town) -> None:
    guest, ana = town.join("guest", "#r"), member(town, "ana", "#r")
    assert ask(guest, "REGISTER #r")[0].startswith("A room belongs to an account")
    assert ask(ana, "REGISTER #r") == ["You must operate #r to register it"]
    assert ask(ana, "REGISTER #nowhere") == ["There is no room #nowhere"]


def test_nobody_founds_more_than_the_bound(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tertulia.policy.registration.ROOMS_PER_ACCOUNT", 2)
    ana = member(town, "ana", "#a", "#b", "#c")
    for name in ("#a", "#b"):
        assert ask(ana, f"REGISTER {name}")[0].startswith(f"{name} is yours")
    assert ask(ana, "REGISTER #c") == [f"An account founds at most {limits.ROOMS_PER_ACCOUNT} rooms"]


def test_the_first_to_come_is_no_operator_of_a_registered_room(town: Town, ana: Client) -> None:
    ana.say("PART #r")
    luz = town.join("luz", "#r")
    assert rank(town, "luz") == 0
    assert has(luz.say("MODE #r +m"), "482")


def test_the_founder_always_gets_in_and_gets_the_rank_back(town: Town, ana: Client) -> None:
    ana.say("MODE #r +ikb clave ana!*@*", "PART #r")
    lines = ana.say("JOIN #r")
    assert commands(lines)[:2] == ["JOIN", "MODE"] and lines[1] == f":{SERV} MODE #r +q ana"
    ana.say("CS DOWN #r")
    assert rank(town, "ana") == 0
    ana.say("CS UP #r")
    assert rank(town, "ana") == FOUNDER


def test_logging_in_gives_the_rank(town: Town, ana: Client) -> None:
    ana.say("QUIT :back soon")
    again = town.join("ana2", "#r")
    assert rank(town, "ana2") == 0
    lines = log_in(again, "ana", PASSWORD)
    assert f":{SERV} MODE #r +q ana2" in lines and rank(town, "ana2") == FOUNDER


def test_it_is_kept(town: Town, ana: Client) -> None:
    ana.say("CS ACCESS #r ADD eva op", "CS SET #r welcome ¡hola!")
    again = Town(store=town.store)
    assert room(again).founder == "ana" and room(again).access["eva"].letter == "o"
    assert room(again).settings == {"welcome": "¡hola!"}
    assert texts(again.join("zoe").say("JOIN #r"), "NOTICE") == ["[#r] ¡hola!"]


# --- lists ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "way", ["ACCESS #r ADD eva op", "ACCESS #r ADD eva @", "AMODE #r +o eva", "FLAGS #r eva +o"]
)
def test_a_list_gives_ranks_on_coming_in(town: Town, ana: Client, way: str) -> None:
    assert ask(ana, way) == ["eva gets +o in #r from now on"]
    member(town, "eva", "#r")
    assert rank(town, "eva") == OPERATOR


def test_a_list_gives_and_takes_at_once(town: Town, ana: Client) -> None:
    member(town, "eva", "#r")
    ana.take()
    assert f":{SERV} MODE #r +v eva" in ana.say("CS ACCESS #r ADD eva voice")
    assert f":{SERV} MODE #r -v+o eva eva" in ana.say("CS ACCESS #r ADD eva op")
    assert f":{SERV} MODE #r -o eva" in ana.say("CS ACCESS #r DEL eva")
    assert ask(ana, "ACCESS #r DEL eva") == ["eva is not on the list of #r"]


def test_masks_on_a_list(town: Town, ana: Client) -> None:
    ana.say("CS ACCESS #r ADD Zoe!*@* voice")
    town.join("zoe", "#r")
    assert rank(town, "zoe") == 2
    assert ask(ana, "ACCESS #r") == ["~ Ana", "+ zoe!*@*", "On the list of #r: 1"]


def test_who_may_change_a_list(town: Town, ana: Client) -> None:
    """Founders all, who is protected what is below that, operators voices and half-operators."""
    ana.say("CS ACCESS #r ADD eva admin")
    eva = member(town, "eva", "#r")
    assert ask(eva, "ACCESS #r ADD max op") == ["max gets +o in #r from now on"]
    assert ask(eva, "ACCESS #r ADD max admin") == ["Your rank in #r is not enough for that"]
    max_ = member(town, "max", "#r")
    assert ask(max_, "ACCESS #r ADD zoe!*@* halfop")[0].startswith("zoe!*@* gets +h")
    assert ask(max_, "ACCESS #r ADD zoe!*@* op") == ["Your rank in #r is not enough for that"]
    assert ask(max_, "ACCESS #r DEL eva") == ["Your rank in #r is not enough for that"]
    assert ask(max_, "ACCESS #r DEL max") == ["max is off the list of #r"], "one's own anybody may take out"
    assert ask(ana, "ACCESS #r ADD ana voice") == ["ana is the founder of #r"]
    assert ask(ana, "ACCESS #r ADD nobody voice") == ["There is no account nobody"]
    assert ask(ana, "ACCESS #r ADD eva king")[0].startswith("A rank is one of")
    assert ask(ana, "ACCESS #r XYZ")[0].startswith("Syntax: ACCESS")
    assert ask(ana, "AMODE #r eva")[0].startswith("Syntax: AMODE")


def test_a_list_is_bounded(ana: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ACCESS_PER_ROOM", 1)
    ana.say("CS ACCESS #r ADD eva op")
    assert ask(ana, "ACCESS #r ADD max op") == ["The list is full (at most 1)"]


def test_ranks_by_asking(town: Town, ana: Client) -> None:
    town.join("zoe", "#r")
    for verb, change in (("OP", "+o"), ("DEOP", "-o"), ("HALFOP", "+h"), ("DEHALFOP", "-h"), ("VOICE", "+v"),
                         ("DEVOICE", "-v")):  # fmt: skip
        ana.take()
        assert ana.say(f"CS {verb} #r zoe") == [f":{SERV} MODE #r {change} zoe"]
    eva = member(town, "eva", "#r")
    assert ask(eva, "OP #r") == ["Your rank in #r is not enough for that"]
    assert ask(ana, "OP #r nobody") == ["nobody is not in #r"]


# --- ranks above operators ------------------------------------------------------------------------


def test_ranks_of_a_registered_room(town: Town, ana: Client) -> None:
    ana.say("CS ACCESS #r ADD eva op")
    eva, _ = member(town, "eva", "#r"), town.join("zoe", "#r")
    assert has(eva.say("KICK #r ana"), "482"), "nobody kicks above their own rank"
    assert has(eva.say("MODE #r -q ana"), "482") and has(eva.say("MODE #r +a eva"), "482")
    assert ana.say("MODE #r +a zoe")[-1].endswith("MODE #r +a zoe")
    assert has(eva.say("KICK #r zoe"), "482") and has(eva.say("MODE #r -a zoe"), "482")
    assert "353" in commands(eva.say("NAMES #r"))


def test_an_operator_kicks_another_with_a_voice(town: Town, ana: Client) -> None:
    """A rank is the highest that is held: a voice beside it makes nobody higher."""
    luz, _ = town.join("luz", "#r"), town.join("zoe", "#r")
    ana.say("MODE #r +oov luz zoe zoe")
    assert has(luz.say("KICK #r zoe"), "KICK")


# --- another founder, or none ---------------------------------------------------------------------


def test_transfer_needs_consent(town: Town, ana: Client) -> None:
    eva = member(town, "eva", "#r")
    assert ask(eva, "ACCEPT #r") == ["Nobody offers you #r"]
    ana.say("CS TRANSFER #r eva")
    assert room(town).founder == "ana"
    assert texts(eva.say(), "NOTICE") == ["ana offers you the room #r: /CS ACCEPT #r takes it"]
    lines = eva.say("CS ACCEPT #r")
    assert lines[0] in (f":{SERV} MODE #r -q ana", f":{SERV} MODE #r -q+q ana eva")
    assert room(town).founder == "eva" and rank(town, "eva") == FOUNDER and rank(town, "ana") == OPERATOR


def test_an_offer_can_be_withdrawn_and_ends(town: Town, ana: Client) -> None:
    eva = member(town, "eva")
    ana.say("CS TRANSFER #r eva")
    assert ask(ana, "TRANSFER #r") == ["#r is offered to nobody"]
    eva.take()
    assert ask(eva, "ACCEPT #r") == ["Nobody offers you #r"]
    ana.say("CS TRANSFER #r eva")
    eva.take()
    town.clock.ms += (limits.TRANSFER_SECONDS + 1) * 1000
    assert ask(eva, "ACCEPT #r") == ["Nobody offers you #r"]
    assert ask(ana, "TRANSFER #r ana") == ["Ana is the founder of #r"]
    assert ask(eva, "TRANSFER #r eva") == ["Only the founder of #r may"]


def test_dropping_takes_a_code(town: Town, ana: Client) -> None:
    (question,) = ask(ana, "DROP #r")
    found = re.search(r"DROP #r (\w+)", question)
    assert found is not None and room(town).founder == "ana"
    assert ask(ana, "DROP #r 12345678") == [question]
    lines = ana.say(f"CS DROP #r {found[1]}")
    assert lines[0] == f":{SERV} MODE #r -q ana"
    assert room(town).founder == "" and rank(town, "ana") == OPERATOR
    assert ask(ana, "INFO #r")[0].startswith("#r is not registered")


def test_the_founder_who_holds_nothing_else_operates_what_it_drops(town: Town, ana: Client) -> None:
    ana.say("PART #r", "JOIN #r")
    assert rank(town, "ana") == FOUNDER
    code = ask(ana, "DROP #r")[0].rpartition(" ")[2]
    ana.say(f"CS DROP #r {code}")
    assert rank(town, "ana") == OPERATOR


def test_an_operator_of_the_server_stands_in(town: Town, ana: Client) -> None:
    user = town.network.user(town.join("root").nick)
    assert user is not None
    user.operator, user.rights = "root", frozenset({"override"})
    root = next(one for one in town.hub.connections if one.user is user)
    client = Client(town, root.wire)  # type: ignore[arg-type]
    assert ask(client, "TRANSFER #r eva") == ["#r belongs to Eva now"]


def test_a_deleted_account_s_rooms(town: Town, ana: Client) -> None:
    """They go to their successor, or to nobody; and no list names who is gone."""
    ana.say("JOIN #s", "CS REGISTER #s", "CS SET #s successor eva", "CS ACCESS #s ADD max op")
    ana.say(f"NS DROP {PASSWORD}")
    assert room(town, "#r").founder == "" and room(town, "#s").founder == "eva"
    assert rank(town, "ana", "#r") == OPERATOR and rank(town, "ana", "#s") & FOUNDER == 0
    member(town, "max").say(f"NS DROP {PASSWORD}")
    assert room(town, "#s").access == {}
    again = Town(store=town.store)
    assert room(again, "#s").founder == "eva" and room(again, "#r").founder == ""


def test_a_name_taken_again_inherits_no_room(town: Town, ana: Client) -> None:
    """Accounts may be deleted from the shell while no server runs."""
    record = room(town).record()
    network = Network()
    network.recall(record)
    assert network.rooms["#r"].founder == ""
    ana_again = town.network.accounts.named("ana")
    assert ana_again is not None
    network.accounts.put(replace(ana_again, created_at=record.registered_at + 1))
    network.recall(record)
    assert network.rooms["#r"].founder == ""
    network.accounts.put(ana_again)
    network.recall(record)
    assert network.rooms["#r"].founder == "ana"


def test_nothing_changes_when_it_cannot_be_stored() -> None:
    store = FailingStore()
    town = Town(store=store)
    for name in ("Ana", "Eva"):
        account(town, name, password=PASSWORD)
    ana = member(town, "ana", "#r")
    store.fail()
    assert "disk is full" in ask(ana, "REGISTER #r")[0]
    assert room(town).founder == "" and rank(town, "ana") == OPERATOR
    store.mend()
    ana.say("CS REGISTER #r", "CS SET #r successor eva")
    store.fail()
    ana.say(f"NS DROP {PASSWORD}")
    assert room(town).founder == "ana" and rank(town, "ana") & FOUNDER


# --- settings, lists of rooms, help ---------------------------------------------------------------


def test_settings(town: Town, ana: Client) -> None:
    assert ask(ana, "SET #r history") == ["history: kept"]
    assert ask(ana, "SET #r history 30d") == ["history: 30"]
    assert ask(ana, "SET #r history off") == ["history: off"]
    assert ask(ana, "SET #r history on") == ["history: kept"]
    assert ask(ana, "SET #r history never")[0].startswith("history is on, off")
    assert ask(ana, "SET #r history-seen joined") == ["history-seen: joined"]
    assert ask(ana, "SET #r history-seen x") == ["history-seen is all or joined"]
    assert ask(ana, "SET #r successor eva") == ["successor: Eva"]
    eva = town.network.accounts.named("eva")
    assert eva is not None and room(town).settings["successor"] == identity_of(eva)
    assert ask(ana, "SET #r successor off") == ["successor: none"]
    assert ask(ana, "SET #r welcome hola a todos") == ["welcome: hola a todos"]
    assert ask(ana, "INFO #r")[1:] == ["history-seen: joined", "welcome: hola a todos"]
    assert ask(ana, "SET #r color red")[0].startswith("Settings:")
    assert ask(member(town, "eva"), "SET #r history off") == ["Only the founder of #r may"]


def test_the_rooms_of_an_account(town: Town, ana: Client) -> None:
    ana.say("CS ACCESS #r ADD eva op")
    assert ask(ana, "LIST") == ["~#r: yours; on its list: 1", "Rooms: 1"]
    assert ask(member(town, "eva"), "LIST") == ["@#r: of Ana", "Rooms: 1"]


def test_secret_rooms_are_not_told_of(town: Town, ana: Client) -> None:
    ana.say("MODE #r +s")
    assert ask(town.join("zoe"), "INFO #r") == ["There is no room #r"]


def test_help_in_both_languages(town: Town) -> None:
    client = town.join("zoe")
    english = ask(client, "HELP")
    assert len(english) == len(VERBS.table) + 1 and english[1].startswith("REGISTER <room>")
    client.say("LANGUAGE es")
    assert ask(client, "AYUDA")[1].startswith("REGISTRAR <sala>")
    assert len(ask(client, "AYUDA ACCESO")) == 1
    assert ask(client, "NADA") == ["No existe NADA; AYUDA dice qué hay"]
    assert ask(client, "DATOS")[0].startswith("Se escribe: DATOS <sala>")


def test_every_text_has_the_same_fields_in_both_languages() -> None:
    fields = re.compile(r"\{(\w+)\}")
    for word, (english, spanish) in WORDS.items():
        assert set(fields.findall(english)) == set(fields.findall(spanish)), word


@pytest.mark.parametrize("name", ["NickServ", "chanserv"])
def test_services_are_known_to_whois(town: Town, name: str) -> None:
    assert commands(town.join("zoe").say(f"WHOIS {name}")) == ["311", "312", "310", "318"]
