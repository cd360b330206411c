"""Users that stay without a connection, over restarts, until they have been away for too long."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tertulia import limits
from tertulia.commands.settings import Accounts, Operator
from tertulia.protocol.accounts import with_setting
from tertulia.protocol.presence import PresenceGone
from tertulia.server.reconfigure import reconfigure
from tertulia.state.events import ChangeAccount, DeleteAccount
from tests.support.accounts import account, come, log_in
from tests.support.failing import FailingStore
from tests.support.reading import has, texts, the
from tests.support.town import Client, Town, commands


@pytest.fixture
def store() -> FailingStore:
    return FailingStore()


@pytest.fixture
def town(store: FailingStore) -> Town:
    town = Town(store, operators=(Operator("root", "geheim"),))
    account(town, "Ana", settings='{"always-on": "on"}')
    return town


@pytest.fixture
def ana(town: Town) -> Client:
    client, _ = come(town, "ana", "ana")
    client.say("JOIN #tea,#cake")
    return client


@pytest.fixture
def eva(town: Town, ana: Client) -> Client:
    return town.join("eva", "#tea", caps="away-notify")


def rule(town: Town, **fields: Any) -> None:
    accounts = replace(town.hub.settings.accounts, **fields)
    reconfigure(town.hub, replace(town.hub.settings, accounts=accounts))
    town.run()


def prefer(town: Town, name: str, value: str) -> None:
    """As if it had been chosen long ago."""
    record = town.network.accounts.named("ana")
    assert record is not None
    record = replace(record, settings=with_setting(record, name, value))
    town.network.apply(ChangeAccount(record))
    town.store.commit([record])


def restart(town: Town, store: FailingStore, **settings: Any) -> Town:
    town.hub.drain("The server restarts")
    again = Town(store, **settings)
    again.clock.ms = town.clock.ms
    return again


# --- staying ----------------------------------------------------------------------------------------------


def test_who_stays_is_only_away(town: Town, ana: Client, eva: Client) -> None:
    assert has(ana.say("QUIT :good night"), "ERROR")
    assert eva.take() == [":ana!~u@127.0.0.1 AWAY :Not connected at the moment"]
    assert the(eva.say("PRIVMSG ana :there?"), "301").params[-1] == "Not connected at the moment"
    assert the(eva.say("NAMES #tea"), "353").params[-1] == "@ana eva"
    assert "ana" not in [one.user.nick for one in town.hub.connections if one.user]


def test_who_comes_back_finds_everything_as_it_was(town: Town, ana: Client, eva: Client) -> None:
    ana.say("QUIT")
    eva.take()
    _, lines = come(town, "ana", "ana")
    assert eva.take() == [":ana!~u@127.0.0.1 AWAY"]
    assert [line.split()[2] for line in lines if " JOIN " in line] == ["#tea", "#cake"]
    assert not has(lines, "306")


def test_others_leave(town: Town, ana: Client, eva: Client) -> None:
    account(town, "Beto")
    beto, _ = come(town, "beto", "beto")
    beto.say("JOIN #tea")
    eva.take()
    beto.say("QUIT :bye")
    assert has(eva.take(), "QUIT")


def test_a_lost_connection_is_an_absence(town: Town, ana: Client, eva: Client) -> None:
    ana.wire.receiver.lost("Connection reset by peer")
    town.run()
    assert commands(eva.take()) == ["AWAY"]


def test_own_words_are_kept(town: Town, ana: Client, eva: Client) -> None:
    ana.say("AWAY :holidays", "QUIT")
    assert texts(eva.take(), "AWAY") == ["holidays"]


def test_being_away_may_be_left_to_oneself(town: Town, ana: Client, eva: Client) -> None:
    ana.say("NS SET auto-away off", "QUIT")
    assert eva.take() == []


def test_an_operators_rights_end(town: Town, ana: Client) -> None:
    ana.say("OPER root geheim")
    assert town.network.nicks["ana"].operator == "root"
    ana.say("QUIT")
    assert town.network.nicks["ana"].operator is None


def test_kill_and_ghost_end_it(town: Town, store: FailingStore, ana: Client, eva: Client) -> None:
    eva.say("OPER root geheim")
    ana.say("QUIT")
    assert has(eva.say("KILL ana :enough"), "QUIT")
    assert not town.hub.absent
    town.advance(limits.SOON_SECONDS + 6)
    assert list(store.presences()) == []
    back, lines = come(town, "ana", "ana")
    assert not has(lines, "JOIN")
    back.say("JOIN #tea")
    eva.say("KILL ana :again")
    assert "ana" not in town.network.nicks


def test_only_one_user_of_an_account_stays(town: Town, ana: Client) -> None:
    ana.say("NS SET multi-session off")
    other, _ = come(town, "ana2", "ana")
    other.say("QUIT")
    assert set(town.network.nicks) == {"ana"}
    ana.say("QUIT")
    assert set(town.network.nicks) == {"ana"}
    _, lines = come(town, "whatever", "ana")
    assert the(lines, "001").params[0] == "ana"


def test_who_is_absent_for_too_long_leaves(town: Town, ana: Client, eva: Client) -> None:
    ana.say("QUIT")
    eva.take()
    town.clock.ms += limits.ALWAYS_ON_DAYS * 86_400_000
    town.scheduler.advance(limits.ABSENT_SWEEP_SECONDS + 10)
    assert texts(eva.take(), "QUIT")[:1] == ["Away for too long"]


def test_for_ever_if_wanted(town: Town, ana: Client) -> None:
    rule(town, always_on_days=0)
    ana.say("QUIT")
    town.clock.ms += 1_000 * 86_400_000
    town.scheduler.advance(limits.ABSENT_SWEEP_SECONDS + 10)
    assert "ana" in town.network.nicks


def test_there_is_a_bound(town: Town, ana: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ABSENT_USERS", 0)
    ana.say("QUIT")
    assert "ana" not in town.network.nicks


def test_whois_and_sessions_of_who_is_absent(town: Town, ana: Client, eva: Client) -> None:
    ana.say("QUIT")
    town.advance(120)
    eva.say("OPER root geheim")
    lines = eva.say("WHOIS ana")
    assert the(lines, "317").params[2] == "120" and not has(lines, "378")
    second = town.join("second")
    log_in(second, "ana")
    assert texts(second.say("NS SESSIONS"), "NOTICE")[-1] == (
        "ana is here without a connection since 2026-09-21 14:13 UTC"
    )
    assert has(eva.say("WHO #tea %tcuihsnfdlaor,7"), "354")


# --- who may ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("server", "chosen", "stays"),
    [
        ("opt-in", "on", True), ("opt-in", "", False), ("opt-out", "", True), ("opt-out", "off", False),
        ("mandatory", "off", True), ("disabled", "on", False),
    ],
)  # fmt: skip
def test_the_rule(server: str, chosen: str, stays: bool) -> None:
    town = Town(accounts=Accounts(always_on=server))
    account(town, "Ana", settings=f'{{"always-on": "{chosen}"}}')
    client, _ = come(town, "ana", "ana")
    overruled = texts(client.say("NS SET always-on"), "NOTICE")[1:]
    assert overruled == {"mandatory": ["But everybody stays on this server"],
                         "disabled": ["But nobody stays on this server"]}.get(server, [])  # fmt: skip
    client.say("QUIT")
    assert ("ana" in town.network.nicks) is stays


def test_who_chooses_otherwise_leaves_at_the_end(town: Town, store: FailingStore, ana: Client) -> None:
    ana.say("NS SET always-on off")
    town.advance(limits.SOON_SECONDS + 6)
    assert list(store.presences()) == []
    ana.say("QUIT")
    assert not town.network.users


def test_a_new_rule_of_the_server_holds_at_once(town: Town, ana: Client, eva: Client) -> None:
    ana.say("QUIT")
    eva.take()
    rule(town, always_on="disabled")
    assert has(eva.take(), "QUIT")


@pytest.mark.parametrize("words", [True, False])
def test_a_deleted_account_stays_no_more(
    town: Town, store: FailingStore, ana: Client, eva: Client, words: bool
) -> None:
    ana.say("QUIT")
    eva.take()
    town.advance(limits.SOON_SECONDS + 6)
    turn = town.hub.turn(next(iter(town.hub.connections)))
    with pytest.raises(StopIteration):
        town.hub.propose(DeleteAccount("ana", words), turn).send(None)
    town.run()
    town.hub.end_tick()
    assert has(eva.take(), "QUIT") and list(store.presences()) == []


def test_suspension_ends_it_too(town: Town, ana: Client, eva: Client) -> None:
    ana.say("QUIT")
    record = town.network.accounts.named("ana")
    assert record is not None
    with pytest.raises(StopIteration):
        town.hub.propose(ChangeAccount(replace(record, suspended="why"))).send(None)
    assert set(town.network.nicks) == {"eva"}


# --- over a restart ---------------------------------------------------------------------------------------


def test_they_are_there_again_as_they_were(town: Town, store: FailingStore, ana: Client, eva: Client) -> None:
    ana.say("MODE ana +iw", "NICK ana_b", "SETNAME :Ana B", "MODE #tea +v ana_b", "PART #cake", "JOIN #later")
    ana.say("PRIVMSG #tea :hola", "AWAY :tired", "QUIT")
    town.advance(30)
    again = restart(town, store)
    user = again.network.nicks["ana_b"]
    tea, later = again.network.rooms["#tea"], again.network.rooms["#later"]
    assert [room.name for room in user.rooms] == ["#tea", "#later"]
    assert (user.modes, user.realname, user.away, user.account) == ("iw", "Ana B", "tired", "Ana")
    assert tea.members[user] and user.absent_since == town.clock.ms // 1000 - 30
    _, lines = come(again, "ana", "ana")
    assert the(lines, "001").params[0] == "ana_b" and has(lines, "JOIN")
    assert later.members[user]


def test_who_was_connected_is_absent_after_it(town: Town, store: FailingStore, ana: Client) -> None:
    again = restart(town, store)
    user = again.network.nicks["ana"]
    assert user.absent_since == again.hub.now_ms // 1000 and user.away == "Not connected at the moment"
    eva = again.join("eva", "#tea")
    assert the(eva.say("NAMES #tea"), "353").params[-1] == "@ana eva"
    assert has(eva.say("PRIVMSG ana :hola"), "301")


def test_a_crash_loses_half_a_minute_at_the_most(town: Town, store: FailingStore, ana: Client) -> None:
    town.advance(limits.SOON_SECONDS + 6)
    ana.say("PART #cake")
    crashed = Town(store)
    assert [room.name for room in crashed.network.nicks["ana"].rooms] == ["#tea", "#cake"]


def test_nothing_of_it_costs_a_commit(town: Town, store: FailingStore, ana: Client) -> None:
    before = len(store.commits)
    ana.say("PART #cake", "AWAY :x", "MODE ana +i")
    assert len(store.commits) == before


def test_who_may_not_stay_any_more_is_forgotten(town: Town, store: FailingStore, ana: Client) -> None:
    again = restart(town, store, accounts=Accounts(always_on="disabled"))
    assert not again.network.users
    again.advance(limits.SOON_SECONDS + 6)
    assert list(store.presences()) == []


def test_a_suspended_one_does_not_come_back(town: Town, store: FailingStore, ana: Client) -> None:
    town.hub.drain("bye")
    record = town.network.accounts.named("ana")
    assert record is not None
    store.commit([replace(record, suspended="why")])
    assert not Town(store).network.users


def test_a_store_that_fails_gets_it_later(town: Town, store: FailingStore, ana: Client) -> None:
    store.fail()
    ana.say("PART #cake")
    town.advance(limits.SOON_SECONDS + 6)
    store.mend()
    town.advance(limits.SOON_SECONDS + 6)
    (kept,) = store.presences()
    assert [room.name for room in kept.rooms] == ["#tea"]


def test_what_the_store_can_never_take_is_given_up(town: Town, store: FailingStore, ana: Client) -> None:
    town.hub.keep_soon(PresenceGone("x"))
    store.fail("failed")
    town.advance(limits.SOON_SECONDS + 6)
    assert not town.hub.soon


def test_since_when_somebody_is_in_a_room_is_kept(town: Town, store: FailingStore, ana: Client) -> None:
    """Rooms may show newcomers nothing of what was before them (`SET #room history-seen joined`)."""
    ana.say("CS REGISTER #tea", "PART #tea", "JOIN #tea")
    room = town.network.rooms["#tea"]
    assert room.since_ms is not None
    since = room.since_ms[town.network.nicks["ana"]]
    town.advance(60)
    again = restart(town, store)
    assert again.network.rooms["#tea"].since_ms == {again.network.nicks["ana"]: since}


def test_a_room_with_another_name_is_found_again(town: Town, store: FailingStore, ana: Client) -> None:
    ana.say("PRIVMSG #cake :hola", "RENAME #cake #pie :better")
    again = restart(town, store)
    assert [room.name for room in again.network.nicks["ana"].rooms] == ["#tea", "#pie"]


def test_two_that_were_called_alike_before_a_crash(town: Town, store: FailingStore, ana: Client) -> None:
    """One changed its name and the other took it, and only the second was kept in time."""
    account(town, "Beto", settings='{"always-on": "on"}')
    town.advance(limits.SOON_SECONDS + 6)
    (kept,) = store.presences()
    store.commit([kept._replace(account="beto")])
    again = Town(store)
    assert set(again.network.nicks) == {"ana", "beto"}
