"""WEBPUSH (draft/webpush): devices say where they are reached."""

from __future__ import annotations

import pytest

from tertulia import limits
from tertulia.protocol.webpush import keys_of
from tests.support.accounts import account, come
from tests.support.failing import FailingStore
from tests.support.pushing import ENDPOINT, Device, Hand, subscribe, with_hand
from tests.support.town import Client, Town

CAPS = "draft/webpush server-time"


@pytest.fixture
def store() -> FailingStore:
    return FailingStore()


@pytest.fixture
def town(store: FailingStore) -> Town:
    town = Town(store)
    account(town, "Ana")
    return town


@pytest.fixture
def hand(town: Town) -> Hand:
    return with_hand(town)


@pytest.fixture
def ana(town: Town, hand: Hand) -> Client:
    return come(town, "ana", "ana", CAPS)[0]


def test_a_device_registers(ana: Client, store: FailingStore) -> None:
    """ "If the registration is successful, the server MUST reply with a `WEBPUSH REGISTER` message"."""
    assert subscribe(ana) == [f":tertulia.local WEBPUSH REGISTER {ENDPOINT}"]
    (one,) = store.subscriptions()
    assert (one.account, one.endpoint) == ("ana", ENDPOINT)
    assert set(one.capabilities.split()) >= {"server-time", "draft/webpush"}, (
        '"The messages follow the same capabilities ... as when the client registered"'
    )


def test_it_is_case_insensitive_and_replaces(ana: Client, store: FailingStore) -> None:
    """ "It has a case-insensitive subcommand"; "MUST replace any previous subscription with the same"."""
    device = Device()
    ana.say(f"webpush register {ENDPOINT} {Device().keys}")
    ana.say(f"WEBPUSH register {ENDPOINT} {device.keys}")
    assert [one.p256dh for one in store.subscriptions()] == [device.p256dh]


def test_a_device_is_taken_away(ana: Client, store: FailingStore) -> None:
    """ "the server MUST echo back the `WEBPUSH UNREGISTER` message"; "MUST silently ignore `UNREGISTER`
    commands for non-existing subscriptions"."""
    subscribe(ana)
    for _ in range(2):
        assert ana.say(f"WEBPUSH UNREGISTER {ENDPOINT}") == [f":tertulia.local WEBPUSH UNREGISTER {ENDPOINT}"]
        assert list(store.subscriptions()) == []


def test_nobody_takes_away_anothers(town: Town, ana: Client, store: FailingStore) -> None:
    account(town, "Bob")
    bob = come(town, "bob", "bob", CAPS)[0]
    subscribe(ana)
    bob.say(f"WEBPUSH UNREGISTER {ENDPOINT}")
    assert len(list(store.subscriptions())) == 1


@pytest.mark.parametrize(
    "line",
    [
        "WEBPUSH",
        "WEBPUSH LIST",
        "WEBPUSH REGISTER",
        f"WEBPUSH REGISTER {ENDPOINT}",
        f"WEBPUSH REGISTER {ENDPOINT} p256dh=AAAA;auth=BBBB",
        f"WEBPUSH REGISTER {ENDPOINT} x y",
        f"WEBPUSH REGISTER http://push.example.org/ {Device().keys}",
        f"WEBPUSH UNREGISTER {ENDPOINT} x",
        f"WEBPUSH UNREGISTER https://{'x' * limits.PUSH_ENDPOINT_BYTES}",
    ],
)
def test_what_cannot_be_is_said(ana: Client, store: FailingStore, line: str) -> None:
    """ "an unknown subcommand, missing parameters, excess parameters, or parameters that cannot be parsed,
    the `INVALID_PARAMS` error code SHOULD be returned"."""
    (heard,) = ana.say(line)
    assert heard.startswith(":tertulia.local FAIL WEBPUSH INVALID_PARAMS ")
    assert list(store.subscriptions()) == []


def test_a_guest_has_no_devices(town: Town, hand: Hand) -> None:
    guest = town.join("eva", caps=CAPS)
    assert subscribe(guest)[0].startswith(":tertulia.local FAIL WEBPUSH ACCOUNT_REQUIRED REGISTER ")


def test_a_failing_store_is_told(ana: Client, store: FailingStore) -> None:
    """ "If the server cannot fullfill a client command due to an internal error, the `INTERNAL_ERROR`"."""
    store.fail()
    assert subscribe(ana)[0].startswith(":tertulia.local FAIL WEBPUSH INTERNAL_ERROR REGISTER ")
    store.mend()
    subscribe(ana)
    store.fail()
    assert ana.say(f"WEBPUSH UNREGISTER {ENDPOINT}")[0].startswith(
        ":tertulia.local FAIL WEBPUSH INTERNAL_ERROR UNREGISTER "
    )
    store.mend()
    assert len(list(store.subscriptions())) == 1


def test_there_is_a_bound(ana: Client) -> None:
    for number in range(limits.PUSH_DEVICES):
        assert " WEBPUSH REGISTER " in subscribe(ana, f"https://push.example.org/{number}")[0]
    assert " FAIL WEBPUSH MAX_REGISTRATIONS " in subscribe(ana, "https://push.example.org/x")[0]
    assert " WEBPUSH REGISTER " in subscribe(ana, "https://push.example.org/0")[0], "renewing is no other"


def test_without_a_sender_nothing_is_registered(town: Town) -> None:
    ana = come(town, "ana", "ana", CAPS)[0]
    assert " FAIL WEBPUSH FORBIDDEN REGISTER " in subscribe(ana)[0]


def test_the_key_is_told_to_who_asked(town: Town, hand: Hand) -> None:
    """ "If the server supports VAPID and the client has enabled the ... capability, the server MUST advertise
    its public key in the `VAPID` ISUPPORT token."""
    assert any(" VAPID=BKey " in line for line in come(town, "ana", "ana", CAPS)[1])
    other = town.join("eva")
    assert not any("VAPID" in line for line in other.say("VERSION"))
    late = other.say("CAP REQ draft/webpush")
    assert any(" 005 eva VAPID=BKey :" in line for line in late)


def test_keys_need_both_and_their_lengths() -> None:
    device = Device()
    assert keys_of(device.keys) == (device.p256dh, device.auth)
    assert keys_of(f"auth={device.auth}==;p256dh={device.p256dh}=;more=x") == (device.p256dh, device.auth)
    for wrong in ("", f"p256dh={device.p256dh}", f"p256dh={device.p256dh};auth=AAAA", "p256dh=ñ;auth=ñ"):
        assert keys_of(wrong) is None
