"""MARKREAD: how far somebody has read (IRCv3 read-marker)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tertulia import limits
from tertulia.protocol.presence import AccountTime
from tertulia.protocol.times import written
from tertulia.state.events import ChangeAccount
from tests.support.accounts import account, come
from tests.support.failing import FailingStore
from tests.support.reading import has, the
from tests.support.town import START_MS, Client, Town, commands

CAPS = "draft/read-marker"
NOW = f"timestamp={written(START_MS)}"


@pytest.fixture
def store() -> FailingStore:
    return FailingStore()


@pytest.fixture
def town(store: FailingStore) -> Town:
    town = Town(store)
    account(town, "Ana")
    return town


@pytest.fixture
def phone(town: Town) -> Client:
    return come(town, "ana", "ana", CAPS)[0]


def test_it_comes_with_a_join_before_the_end_of_names(phone: Client) -> None:
    """ "The command MUST be sent before the `RPL_ENDOFNAMES` reply for that channel following the `JOIN`.";
    "If there is no known last message read timestamp, the `timestamp` parameter is a literal `*`." """
    lines = phone.say("JOIN #tea")
    assert commands(lines) == ["JOIN", "MARKREAD", "353", "366"]
    assert the(lines, "MARKREAD").params == ["#tea", "*"]
    assert not has(phone.town.join("eva").say("JOIN #tea"), "MARKREAD")


def test_it_is_set_and_asked_for(phone: Client) -> None:
    """ "The server MUST reply to a successful `MARKREAD` client set command using a `MARKREAD` server
    command"; the same for get."""
    phone.say("JOIN #tea")
    assert phone.say(f"MARKREAD #tea {NOW}") == [f":tertulia.local MARKREAD #tea {NOW}"]
    assert the(phone.say("MARKREAD #TEA"), "MARKREAD").params == ["#TEA", NOW]
    assert the(phone.say("MARKREAD eva"), "MARKREAD").params == ["eva", "*"]
    assert phone.say("PART #tea", "JOIN #tea")[-3] == f":tertulia.local MARKREAD #tea {NOW}"


def test_it_only_ever_grows(phone: Client) -> None:
    """ "If the provided timestamp is older than the server's stored value, the server MUST reply to the
    client with a `MARKREAD` command carrying the server's stored value.", at most "the current time"."""
    older = f"timestamp={written(START_MS - 60_000)}"
    later = f"timestamp={written(START_MS + 60_000)}"
    assert the(phone.say(f"MARKREAD #tea {older}"), "MARKREAD").params[1] == older
    assert the(phone.say(f"MARKREAD #tea {later}"), "MARKREAD").params[1] == NOW
    assert the(phone.say(f"MARKREAD #tea {older}"), "MARKREAD").params[1] == NOW


def test_the_other_sessions_are_told_and_nobody_else(town: Town, phone: Client) -> None:
    """ "the server SHOULD send a `MARKREAD` command for that target to all the clients of the user";
    "The read markers sent by a user MUST NOT be disclosed to other users"."""
    laptop, _ = come(town, "ana", "ana", CAPS)
    old, _ = come(town, "ana", "ana")
    eva = town.join("eva", caps=CAPS)
    phone.say(f"MARKREAD eva {NOW}")
    assert laptop.take() == [f":tertulia.local MARKREAD eva {NOW}"]
    assert old.take() == [] == eva.take()
    phone.say(f"MARKREAD eva {NOW}")
    assert laptop.take() == []


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("MARKREAD", "NEED_MORE_PARAMS"),
        ("MARKREAD #a:b,c", "INVALID_PARAMS"),
        ("MARKREAD !", "INVALID_PARAMS"),
        ("MARKREAD #tea *", "INVALID_PARAMS"),
        ("MARKREAD #tea timestamp=yesterday", "INVALID_PARAMS"),
        ("MARKREAD #tea msgid=1", "INVALID_PARAMS"),
    ],
)
def test_what_is_wrong(phone: Client, line: str, code: str) -> None:
    """ "the `NEED_MORE_PARAMS` error code MUST be returned"; "The timestamp MUST NOT be a literal `*`." """
    assert the(phone.say(line), "FAIL").params[:2] == ["MARKREAD", code]


def test_it_is_kept_without_a_commit_of_its_own(town: Town, store: FailingStore, phone: Client) -> None:
    commits = len(store.commits)
    phone.say(f"MARKREAD #tea {NOW}")
    assert len(store.commits) == commits
    town.advance(limits.SOON_SECONDS + 6)
    assert store.account_times("ana") == [AccountTime("ana", "read", "#tea", START_MS)]


def test_it_survives_a_restart(town: Town, store: FailingStore, phone: Client) -> None:
    phone.say(f"MARKREAD #tea {NOW}")
    town.hub.drain("bye")
    again = Town(store)
    client, _ = come(again, "ana", "ana", CAPS)
    assert the(client.say("MARKREAD #tea"), "MARKREAD").params == ["#tea", NOW]


def test_it_survives_a_departure(town: Town, phone: Client) -> None:
    phone.say(f"MARKREAD #tea {NOW}", "QUIT")
    assert not town.hub.marks._of
    client, _ = come(town, "ana", "ana", CAPS)
    assert the(client.say("MARKREAD #tea"), "MARKREAD").params == ["#tea", NOW]


def test_a_failing_store(town: Town, store: FailingStore, phone: Client) -> None:
    """ "If the read timestamp cannot be set or returned due to an error, the `INTERNAL_ERROR` error code
    SHOULD be returned." What could not be kept is kept later."""
    store.fail(reading=True)
    assert the(phone.say(f"MARKREAD #tea {NOW}"), "FAIL").params[:3] == ["MARKREAD", "INTERNAL_ERROR", "#tea"]
    assert has(phone.say("JOIN #tea"), "FAIL")
    store.mend()
    phone.say(f"MARKREAD #tea {NOW}")
    store.fail()
    town.advance(limits.SOON_SECONDS + 6)
    store.mend()
    town.advance(limits.SOON_SECONDS + 6)
    assert len(store.account_times("ana")) == 1


def test_the_longest_unread_is_forgotten(town: Town, store: FailingStore, phone: Client) -> None:
    for number in range(limits.READ_MARKS + 2):
        town.advance(0.01)
        phone.say(f"MARKREAD #r{number} timestamp={written(town.clock.ms)}")
    assert the(phone.say("MARKREAD #r1"), "MARKREAD").params[1] == "*"
    assert the(phone.say("MARKREAD #r2"), "MARKREAD").params[1] != "*"
    town.advance(limits.SOON_SECONDS + 6)
    assert len(store.account_times("ana")) == limits.READ_MARKS


def test_guests_have_them_while_they_are_here(town: Town) -> None:
    eva = town.join("eva", caps=CAPS)
    assert the(eva.say(f"MARKREAD #tea {NOW}"), "MARKREAD").params[1] == NOW
    eva.say("QUIT")
    assert not town.hub.marks._of


def test_a_deleted_account_leaves_none(town: Town, store: FailingStore, phone: Client) -> None:
    phone.say(f"MARKREAD #tea {NOW}")
    record = town.network.accounts.named("ana")
    assert record is not None
    town.network.apply(ChangeAccount(replace(record, password="secret")))
    phone.say("NS DROP secret")
    town.advance(limits.SOON_SECONDS + 6)
    assert store.account_times("ana") == []
