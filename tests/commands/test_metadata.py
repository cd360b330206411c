"""METADATA: draft/metadata-2 and -3, on users and rooms."""

from __future__ import annotations

import pytest

from tertulia.limits import METADATA_BURST, METADATA_KEYS, METADATA_SUBSCRIPTIONS, METADATA_VALUE_BYTES
from tertulia.protocol.metadata import LANGUAGE, NO_MODELS
from tests.support.accounts import account, plain
from tests.support.failing import FailingStore
from tests.support.reading import all_of, the
from tests.support.town import Client, Town, commands

CAPS = "batch draft/metadata-2"


@pytest.fixture
def ana(town: Town) -> Client:
    return town.join("ana", "#r", caps=CAPS)


def values(lines: list[str]) -> list[tuple[str, ...]]:
    return [tuple(line.params[1:]) for line in all_of(lines, "761", "766")]


def pushed(lines: list[str]) -> list[list[str]]:
    return [line.params for line in all_of(lines, "METADATA")]


def test_set_and_get(ana: Client) -> None:
    """ "the server carries out the requested change and responds with one `RPL_KEYVALUE` event" """
    assert values(ana.say("METADATA * SET Display-Name :Ana María")) == [
        ("ana", "display-name", "*", "Ana María")
    ]
    lines = ana.say("METADATA ana GET display-name pronouns 99:%")
    opening, closing = all_of(lines, "BATCH")
    assert opening.params[1:] == ["metadata", "ana"] and closing.params == [f"-{opening.params[0][1:]}"]
    assert values(lines) == [("ana", "display-name", "*", "Ana María"), ("ana", "pronouns", "key is not set")]
    assert the(lines, "FAIL").params[1] == "KEY_INVALID"
    assert values(ana.say("METADATA * LIST")) == [("ana", "display-name", "*", "Ana María")]


def test_taking_away(ana: Client) -> None:
    ana.say("METADATA * SET a :1", "METADATA * SET b :2", "METADATA * SET c :3")
    assert values(ana.say("METADATA * SET a")) == [("ana", "a", "key is not set")]
    assert the(ana.say("METADATA * SET a"), "FAIL").params[:4] == ["METADATA", "KEY_NOT_SET", "ana", "a"]
    assert len(values(ana.say("METADATA * CLEAR"))) == 2
    assert values(ana.say("METADATA * LIST")) == []


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ("METADATA nobody GET a", "INVALID_TARGET"),
        ("METADATA #nowhere LIST", "INVALID_TARGET"),
        ("METADATA * EAT a", "INVALID_SUBCOMMAND"),
        ("METADATA * SET $a :x", "KEY_INVALID"),
        ("METADATA * SET :a x", "KEY_INVALID"),
        ("METADATA eva SET a :x", "KEY_NO_PERMISSION"),
        ("METADATA eva CLEAR", "KEY_NO_PERMISSION"),
        ("METADATA #r SET a :x", "KEY_NO_PERMISSION"),
        ("METADATA * SET color :red", "VALUE_INVALID"),
        ("METADATA * SET avatar :javascript:alert(1)", "VALUE_INVALID"),
        (f"METADATA * SET {NO_MODELS} :perhaps", "VALUE_INVALID"),
        (f"METADATA * SET a :{'x' * (METADATA_VALUE_BYTES + 1)}", "VALUE_INVALID"),
        ("METADATA * SUB $a", "KEY_INVALID"),
    ],
)
def test_what_cannot_be(town: Town, wanted: str, code: str) -> None:
    town.join("root", "#r")
    town.join("eva", "#r")
    ana = town.join("ana", "#r", caps=CAPS)
    assert the(ana.say(wanted), "FAIL").params[:2] == ["METADATA", code]


def test_values_of_the_servers_own_keys(ana: Client) -> None:
    for setting in (
        f"{NO_MODELS} :1",
        f"{LANGUAGE} :es",
        "color :#00ff88",
        "avatar :https://example.org/a.png",
    ):
        assert len(values(ana.say(f"METADATA * SET {setting}"))) == 1


def test_limits(town: Town, ana: Client) -> None:
    for number in range(METADATA_KEYS):
        town.advance(10)
        ana.say(f"METADATA * SET k{number} :x")
    town.advance(10)
    assert the(ana.say("METADATA * SET more :x"), "FAIL").params[1] == "LIMIT_REACHED"
    for _ in range(METADATA_BURST + 1):
        last = ana.say("METADATA * SET k1 :z")
    assert the(last, "FAIL").params[1:4] == ["RATE_LIMITED", "ana", "k1"]


def test_subscriptions(town: Town, ana: Client) -> None:
    """ "that key MUST appear in a `RPL_METADATASUBOK` reply numeric" """
    assert the(ana.say("METADATA * SUB avatar Website"), "770").params[-1] == "avatar website"
    assert the(ana.say("METADATA * SUBS"), "772").params[-1] == "avatar website"
    assert the(ana.say("METADATA * UNSUB website nothing"), "771").params[-1] == "website nothing"
    assert the(ana.say("METADATA * SUBS"), "772").params[-1] == "avatar"
    many = " ".join(f"k{number}" for number in range(METADATA_SUBSCRIPTIONS))
    for start in range(0, METADATA_SUBSCRIPTIONS, 10):
        lines = ana.say("METADATA * SUB " + " ".join(many.split()[start : start + 10]))
    assert the(lines, "FAIL").params[1:3] == ["TOO_MANY_SUBS", f"k{METADATA_SUBSCRIPTIONS - 1}"]
    ana.say("METADATA * UNSUB avatar")
    fresh = town.connect()
    assert the(fresh.say("CAP LS 302", "METADATA * SUB avatar"), "770").params == ["*", "avatar"]
    assert all_of(fresh.say("METADATA #r LIST"), "451") and all_of(fresh.say("METADATA * SYNC"), "451")
    ana.say("CAP REQ :-draft/metadata-2", "CAP REQ :draft/metadata-2")
    assert not all_of(ana.say("METADATA * SUBS"), "772")  # "servers MUST clear that client's list"
    assert the(ana.say("METADATA eva SUB avatar"), "FAIL").params[1:3] == ["INVALID_TARGET", "eva"]


def test_changes_are_told_to_who_subscribed(town: Town, ana: Client) -> None:
    """ "clients automatically receive metadata updates for themselves (excluding changes they make
    themselves), channels they are joined to, and other clients in the channels" """
    eva = town.join("eva", "#r", caps=CAPS)
    three = town.join("tres", "#r", caps="batch draft/metadata-3")
    far = town.join("far", "#far", caps=CAPS)
    for one in (eva, three, far, ana):
        one.say("METADATA * SUB status")
        one.take()
    assert pushed(ana.say("METADATA * SET status :aquí", "METADATA * SET other :x")) == []
    assert pushed(eva.take()) == [["ana", "status", "*", "aquí"]]
    assert values(three.take()) == [("ana", "status", "*", "aquí")]
    assert far.take() == []
    ana.say("METADATA * SET status")
    assert pushed(eva.take()) == [["ana", "status", "*", ""]]
    assert values(three.take()) == [("ana", "status", "key is not set")]
    ana.say("METADATA #r SET status :abierta")
    assert pushed(eva.take()) == [["#r", "status", "*", "abierta"]]


def test_who_joins_hears_what_is_there_and_is_heard(town: Town, ana: Client) -> None:
    ana.say("METADATA * SUB status color", "METADATA * SET status :aquí", "METADATA #r SET color :#112233")
    eva = town.join("eva", caps=CAPS)
    eva.say("METADATA * SUB status color", "METADATA * SET status :nueva", "METADATA * SET url :x")
    ana.take()
    assert pushed(eva.say("JOIN #r")) == [["#r", "color", "*", "#112233"], ["ana", "status", "*", "aquí"],
                                          ["eva", "status", "*", "nueva"]]  # fmt: skip
    assert pushed(ana.take()) == [["eva", "status", "*", "nueva"]]
    lines = eva.say("METADATA #r SYNC")
    assert len(pushed(lines)) == 3 and len(all_of(lines, "BATCH")) == 2


def test_what_is_on_a_room_lasts(town: Town, ana: Client) -> None:
    ana.say("METADATA #r SET homepage :https://example.org/")
    ana.say("QUIT")
    again = Town(town.store).join("eva", "#r", caps=CAPS)
    assert values(again.say("METADATA #r LIST")) == [("#r", "homepage", "*", "https://example.org/")]


def entered(town: Town, *before: str, caps: str = CAPS, nick: str = "eva") -> list[str]:
    client = town.connect()
    client.say("CAP LS 302", f"CAP REQ :{caps}", *before)
    client.nick = nick
    return client.say(f"NICK {nick}", f"USER {nick} 0 * :Eva", "CAP END")


def test_before_registration(town: Town, ana: Client) -> None:
    """ "before-connect: If present, indicates the server supports METADATA commands during connection
    registration" """
    offered = " ".join(town.connect().say("CAP LS 302"))
    assert "draft/metadata-2=before-connect," in offered and "max-key-bytes=64" in offered
    new = town.connect()
    new.say("CAP LS 302", f"CAP REQ :{CAPS}")
    assert values(new.say("METADATA * SET status :nueva")) == [("*", "status", "*", "nueva")]
    new.say("METADATA * SET a :1", "METADATA * SET a")
    assert values(new.say("METADATA * LIST")) == [("*", "status", "*", "nueva")]
    new.say("NICK eva", "USER eva 0 * :Eva", "CAP END")
    assert values(ana.say("METADATA eva LIST")) == [("eva", "status", "*", "nueva")]
    assert all_of(town.connect().say("METADATA ana SET a :x"), "451")


def test_who_goes_before_registration_leaves_nothing(town: Town) -> None:
    fresh = town.connect()
    fresh.say("METADATA * SET a :1")
    fresh.say("QUIT")
    assert not town.hub.metadata._early


def test_ones_own_at_the_start(town: Town) -> None:
    """ "servers MUST send clients a list of their current metadata ... in a `metadata` batch with their own
    nick as target as part of the registration burst, i.e. before `RPL_ENDOFMOTD` or `ERR_NOMOTD`" """
    for caps in (CAPS, "batch draft/metadata-3"):
        lines = entered(town, "METADATA * SET status :aquí", caps=caps, nick=f"n{caps[-1]}")
        numbers = commands(lines)
        assert numbers.index("005") < numbers.index("BATCH") < numbers.index("422")
        opening, _ = all_of(lines, "BATCH")
        assert opening.params[1:] == ["metadata", f"n{caps[-1]}"]
        assert values(lines) == [(f"n{caps[-1]}", "status", "*", "aquí")]
    lines = entered(town, nick="leer")
    assert len(all_of(lines, "BATCH")) == 2 and not values(lines)  # an empty one says that there is none
    assert not all_of(entered(town, caps="batch", nick="old"), "BATCH")


def test_the_second_device_changes_what_the_account_has(town: Town) -> None:
    account(town, "ana")
    login = ("AUTHENTICATE PLAIN", "AUTHENTICATE " + plain("ana"))
    entered(
        town, *login, "METADATA * SET status :uno", "METADATA * SET a :1", caps=f"sasl {CAPS}", nick="ana"
    )
    seen = town.join("eva", caps=f"{CAPS} extended-monitor")
    seen.say("METADATA * SUB status", "MONITOR + ana")
    lines = entered(town, *login, "METADATA * SET status :dos", "METADATA * SET a", "METADATA * LIST",
                    caps=f"sasl {CAPS}", nick="ana")  # fmt: skip
    assert values(lines) == [("ana", "status", "*", "dos")]
    assert pushed(seen.take()) == [["ana", "status", "*", "dos"]]


def test_a_store_that_fails_does_not_keep_anybody_out() -> None:
    store = FailingStore()
    town = Town(store)
    account(town, "ana")
    new = town.connect()
    new.say("CAP LS 302", f"CAP REQ :sasl {CAPS}", "AUTHENTICATE PLAIN",
            "AUTHENTICATE " + plain("ana"), "METADATA * SET a :1")  # fmt: skip
    store.fail()
    lines = new.say("NICK eva", "USER eva 0 * :Eva", "CAP END")
    assert the(lines, "FAIL").params[:2] == ["METADATA", "NOT_STORED"] and all_of(lines, "001")


def test_who_subscribes_hears_what_is_there(town: Town, ana: Client) -> None:
    """ "a `metadata` batch with `*ALL` as its parameter containing the current values of all newly-subscribed
    keys visible to the user for all visible targets" """
    ana.say("METADATA * SET status :aquí", "METADATA * SET b :2", "METADATA #r SET status :abierta")
    town.join("lejos", caps=CAPS).say("METADATA * SET status :fuera")
    town.join("visto", caps=CAPS).say("METADATA * SET status :mirado")
    three = town.join("tres", "#r", caps="batch draft/metadata-3")
    three.say("MONITOR + visto")
    lines = three.say("METADATA * SUB status")
    assert all_of(lines, "BATCH")[0].params[1:] == ["metadata", "*ALL"]
    assert values(lines) == [("#r", "status", "*", "abierta"), ("ana", "status", "*", "aquí"),
                             ("visto", "status", "*", "mirado")]  # fmt: skip
    assert not values(three.say("METADATA * SUB status"))
    assert len(values(three.say("METADATA *ALL SYNC"))) == 3


def test_the_newer_drafts_words(town: Town) -> None:
    """ "It is not an error if a client attempts to ... remove a nonexistent key"; "`WARN METADATA
    INVALID_KEY` for keys that contain invalid characters"; SUBS: "a `metadata-subs` batch" """
    three = town.join("tres", caps="batch draft/metadata-3")
    assert values(three.say("METADATA * SET a")) == [("tres", "a", "key is not set")]
    assert the(three.say("METADATA * SUB $a"), "WARN").params[:3] == ["METADATA", "INVALID_KEY", "$a"]
    assert the(three.say("METADATA * SET $a :x"), "FAIL").params[:3] == ["METADATA", "INVALID_KEY", "$a"]
    assert the(three.say("METADATA * SET color :x"), "FAIL").params[1:3] == ["INVALID_VALUE", "color"]
    assert the(three.say("METADATA * SNEEZE"), "FAIL").params[1:3] == ["INVALID_PARAMS", "SNEEZE"]
    assert all_of(three.say("METADATA * SUBS"), "BATCH")[0].params[1:] == ["metadata-subs"]


def test_who_is_watched_comes_with_metadata(town: Town) -> None:
    """ "When server sends `730 RPL_MONONLINE` to a metadata-aware client ... the server MUST additionally
    send ... a `metadata` batch" """
    three = town.join("tres", caps="batch draft/metadata-3")
    three.say("METADATA * SUB status", "MONITOR + eva")
    entered(town, "METADATA * SET status :hola")
    lines = three.take()
    assert all_of(lines, "730") and values(lines) == [("eva", "status", "*", "hola")]
    assert values(three.say("MONITOR S")) == [("eva", "status", "*", "hola")]
