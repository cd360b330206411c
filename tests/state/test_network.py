"""The network: whatever is wished for in whatever order, its parts agree; what is undone leaves nothing
behind.
"""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tertulia import limits
from tertulia.protocol.history import Mask, RoomRecord
from tertulia.protocol.modes import OPERATOR, VOICE, ModeChange
from tertulia.state import changes as did
from tertulia.state import events as may
from tertulia.state.network import Conflict, Network
from tests.simulation.invariants import symmetric
from tests.state import whole
from tests.state.events import EVENTS, NICKS, ROOMS, enter

HISTORY = st.lists(EVENTS, max_size=40)

REASONS = {
    "account exists", "account limit", "ban limit", "gone", "nick in use", "room changed", "room exists",
    "room limit",
}  # fmt: skip


def after(events: list[may.Event]) -> Network:
    network = Network()
    for event in events:
        apply_or_lose(network, event)
    return network


def apply_or_lose(network: Network, event: may.Event) -> tuple[did.Change, ...]:
    if isinstance(event, may.Enter) and event.user in network.users:
        return ()  # `ports.Ids` gives no id twice
    try:
        return network.apply(event)
    except Conflict:
        return ()


@given(HISTORY)
def test_every_event_keeps_the_parts_in_agreement(events: list[may.Event]) -> None:
    network = Network()
    for event in events:
        apply_or_lose(network, event)
        symmetric(network)


@given(HISTORY)
def test_the_same_events_give_the_same_state(events: list[may.Event]) -> None:
    """The core idea of many nodes: "every node applies it with the same code"."""
    assert whole.of(after(events)) == whole.of(after(events))


@given(HISTORY, EVENTS)
def test_an_event_that_loses_changes_nothing(events: list[may.Event], last: may.Event) -> None:
    network = after(events)
    before = whole.of(network)
    assume(not (isinstance(last, may.Enter) and last.user in network.users))
    try:
        changes = network.apply(last)
    except Conflict as conflict:
        assert conflict.reason in REASONS
        assert whole.of(network) == before
    else:
        if not changes:
            assert whole.of(network) == before


@given(HISTORY, NICKS, st.lists(ROOMS, max_size=4))
def test_who_comes_and_goes_leaves_nothing_behind(
    events: list[may.Event], nick: str, rooms: list[str]
) -> None:
    network = after(events)
    for room in network.rooms.values():
        room.remembered = True  # else an empty room would end with its last member, as it should
    before = whole.of(network)
    if apply_or_lose(network, enter(99, nick)):
        known = [room for room in rooms if network.room(room)]
        for room in known:
            apply_or_lose(network, may.JoinRoom(99, room, 3))
        network.apply(may.Leave(99, "bye", 9))
    assert whole.of(network) == before


def test_a_visitor_to_an_empty_network_leaves_it_empty() -> None:
    network = Network()
    for event in (enter(1, "ana"), may.JoinRoom(1, "#a", 2), may.SetAway(1, "x"), may.BecomeOperator(1,
    "root"),
                  may.Leave(1, "bye", 3)):  # fmt: skip
        network.apply(event)
    assert whole.of(network) == whole.of(Network())
    assert [gone.nick for gone in network.whowas] == ["ana"]
    assert network.most_users == 1


@given(HISTORY)
def test_a_record_and_back(events: list[may.Event]) -> None:
    network = after(events)
    other = Network()
    for room in network.rooms.values():
        other.recall(room.record())
    assert {key: room.record() for key, room in other.rooms.items()} == {
        key: room.record() for key, room in network.rooms.items()
    }
    assert all(room.remembered and not room.members for room in other.rooms.values())


# --- Conflicts --------------------------------------------------------------------------------------------


@pytest.fixture
def town() -> Network:
    network = Network()
    for event in (enter(1, "ana"), enter(2, "beto"), may.JoinRoom(1, "#Sala", 5)):
        network.apply(event)
    return network


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (enter(3, "ANA"), "nick in use"),
        (may.ChangeNick(2, "Ana"), "nick in use"),
        (may.ChangeNick(9, "x"), "gone"),
        (may.JoinRoom(9, "#sala", 1), "gone"),
        (may.PartRoom(2, "#sala", None), "gone"),
        (may.PartRoom(1, "#other", None), "gone"),
        (may.KickMember(2, "#sala", "x", ""), "gone"),
        (may.SetTopic("#other", "x", "t", 1), "gone"),
        (may.SetRoomModes("#other", "x", 1), "gone"),
        (may.Invite("x", 2, "#other"), "gone"),
        (may.Leave(9, "", 1), "gone"),
    ],
)
def test_what_can_be_lost(town: Network, event: may.Event, reason: str) -> None:
    before = whole.of(town)
    with pytest.raises(Conflict) as lost:
        town.apply(event)
    assert lost.value.reason == reason
    assert whole.of(town) == before


def test_no_more_rooms_than_there_may_be(town: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ROOMS", 1)
    with pytest.raises(Conflict, match="room limit"):
        town.apply(may.JoinRoom(1, "#another", 1))
    assert town.apply(may.JoinRoom(2, "#SALA", 1))


# --- What each event does ---------------------------------------------------------------------------------


def test_one_s_own_nick_in_other_letters(town: Network) -> None:
    (change,) = town.apply(may.ChangeNick(1, "ANA"))
    assert isinstance(change, did.NickChanged)
    assert (change.old_nick, change.user.nick, change.user.prefix) == ("ana", "ANA", "ANA!~u@h")
    assert town.user("ana") is change.user


def test_the_first_to_come_fixes_the_spelling_and_rules(town: Network) -> None:
    (change,) = town.apply(may.JoinRoom(2, "#SALA", 9))
    assert isinstance(change, did.Joined)
    assert (change.room.name, change.first) == ("#Sala", False)
    assert list(change.room.members.values()) == [OPERATOR, 0]
    assert town.apply(may.JoinRoom(2, "#sala", 9)) == ()


def test_an_empty_room_ends_unless_it_is_remembered(town: Network) -> None:
    room = town.rooms["#sala"]
    town.apply(may.PartRoom(1, "#sala", None))
    assert "#sala" not in town.rooms
    town.apply(may.JoinRoom(1, "#sala", 5))
    room = town.rooms["#sala"]
    room.remembered = True
    town.apply(may.PartRoom(1, "#sala", None))
    assert town.rooms["#sala"] is room


def test_a_room_is_found_by_its_key_whatever_its_name() -> None:
    """Events name rooms by their folded name, so folding it again must find the same room."""
    network = Network()
    network.apply(enter(1, "ana"))
    for name in ("#ẞ\u0323", "#\u01f0\u0323", "#ΐ", "#İ"):
        (joined,) = network.apply(may.JoinRoom(1, name, 1))
        assert isinstance(joined, did.Joined)
        assert network.apply(may.PartRoom(1, joined.room.key, None))


def test_modes_take_effect_once(town: Network) -> None:
    changes = (ModeChange(True, "n"), ModeChange(True, "m"), ModeChange(True, "b", "X!*@*"),
    ModeChange(True, "k", "z"),
               ModeChange(True, "l", "7"), ModeChange(True, "v", "ANA"), ModeChange(True, "v",
               "beto"))  # fmt: skip
    (done,) = town.apply(may.SetRoomModes("#sala", "by!u@h", 8, changes))
    assert isinstance(done, did.RoomModesChanged)
    assert [change.letter for change in done.changes] == [
        "m",
        "b",
        "k",
        "l",
        "v",
    ]  # n was set; beto is not there
    assert done.changes[-1].param == "ana"
    assert done.record is not None and done.record.bans == (Mask("X!*@*", "by!u@h", 8),)
    assert town.apply(may.SetRoomModes("#sala", "by!u@h", 8, changes)) == ()
    assert town.rooms["#sala"].members[town.nicks["ana"]] == OPERATOR | VOICE


def test_taking_modes_back_restores_the_record(town: Network) -> None:
    before = town.rooms["#sala"].record()
    letters = (("m", None), ("b", "X!*@*"), ("k", "z"), ("l", "7"), ("e", "y!*@*"), ("I", "z!*@*"))
    town.apply(may.SetRoomModes("#sala", "x", 8, tuple(ModeChange(True, *mode) for mode in letters)))
    assert town.rooms["#sala"].record() != before
    undo = tuple(ModeChange(False, letter, param if letter != "l" else None) for letter, param in letters)
    (done,) = town.apply(may.SetRoomModes("#sala", "x", 9, undo))
    assert isinstance(done, did.RoomModesChanged)
    assert ModeChange(False, "k", "*") in done.changes  # the key is nobody's business once it is gone
    assert town.rooms["#sala"].record() == before


def test_only_ranks_are_not_stored(town: Network) -> None:
    (done,) = town.apply(may.SetRoomModes("#sala", "x", 8, (ModeChange(True, "v", "ana"),)))
    assert isinstance(done, did.RoomModesChanged)
    assert done.record is None


def test_lists_are_bounded(town: Network) -> None:
    adds = tuple(ModeChange(True, "b", f"x{n}!*@*") for n in range(limits.MASKS_PER_LIST + 5))
    town.apply(may.SetRoomModes("#sala", "x", 8, adds))
    assert len(town.rooms["#sala"].bans) == limits.MASKS_PER_LIST


def test_invitations_are_used_up_and_bounded(town: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    beto = town.nicks["beto"]
    monkeypatch.setattr(limits, "INVITES_PER_USER", 1)
    town.apply(may.JoinRoom(1, "#otra", 5))
    town.apply(may.Invite("ana", 2, "#sala"))
    town.apply(may.Invite("ana", 2, "#otra"))
    assert beto.invited == {"#sala"}
    town.apply(may.JoinRoom(2, "#sala", 5))
    assert beto.invited == frozenset()


def test_being_an_operator_is_given_up_with_the_mode(town: Network) -> None:
    made, modes = town.apply(may.BecomeOperator(1, "root"))
    assert isinstance(made, did.OperatorMade) and isinstance(modes, did.UserModesChanged)
    town.apply(may.SetUserModes(1, (ModeChange(False, "o"),)))
    assert town.nicks["ana"].operator is None
    assert town.apply(may.SetUserModes(1, (ModeChange(False, "o"),))) == ()


def test_leaving_tells_the_rooms(town: Network) -> None:
    ana, room = town.nicks["ana"], town.rooms["#sala"]
    assert town.apply(may.Leave(1, "bye", 9)) == (did.Left(ana, (room,), "bye"),)
    assert not town.rooms and list(town.users) == [2]


def test_programs_do_not_rule_over_people(town: Network) -> None:
    town.apply(may.SetUserModes(2, (ModeChange(True, "B"),)))
    (by_bot,) = town.apply(may.JoinRoom(2, "#new", 1))
    (by_person,) = town.apply(may.JoinRoom(1, "#new", 1))
    assert isinstance(by_bot, did.Joined) and isinstance(by_person, did.Joined)
    assert (by_bot.first, by_person.first) == (False, True)
    assert list(by_person.room.members.values()) == [0, OPERATOR]


def test_whowas_is_bounded() -> None:
    network = Network()
    for number in range(limits.WHOWAS_ENTRIES + 3):
        network.apply(enter(1, f"n{number}"))
        network.apply(may.Leave(1, "", 1))
    assert len(network.whowas) == limits.WHOWAS_ENTRIES
    assert network.whowas[-1].nick == f"n{number}"


def test_recall_brings_a_room_back() -> None:
    record = RoomRecord("#sala", "#Sala", 5, topic="t", topic_by="ana", topic_at=6, flags="mn", limit=4)
    network = Network()
    network.recall(record)
    assert network.room("#SALA") is not None
    assert network.rooms["#sala"].record() == record
    assert dataclasses.replace(record, topic="") != record
