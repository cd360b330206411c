"""What may be done in rooms: one table for each question, from the rank, the modes and the lists."""

from __future__ import annotations

from typing import Any

import pytest

from tertulia import limits
from tertulia.policy import room as policy
from tertulia.protocol.history import Mask
from tertulia.protocol.modes import HALF_OPERATOR, OPERATOR, VOICE
from tertulia.protocol.rights import EVERY, NONE
from tertulia.state.room import Room
from tertulia.state.user import User

OUTSIDE = None
PLAIN = 0


def scene(rank: int | None, flags: str = "", **settings: Any) -> tuple[Room, User]:
    """A room in which ana has this rank (None: she is outside); `bans` and the like are masks."""
    room, ana = Room("#sala", 1), User(1, "ana", "~u", "h", "Ana", "~", 1)
    room.flags = frozenset(flags)
    for name, value in settings.items():
        if name in ("bans", "exceptions", "invitations"):
            value = {mask: Mask(mask, "x", 1) for mask in value}
        setattr(room, name, value)
    if rank is not None:
        room.members[ana] = rank
        ana.rooms[room] = None
    return room, ana


def numeric(denied: policy.Denied | None) -> str | None:
    return denied and (denied.numeric + denied.reason)


BAN = {"bans": ["ana!*@*"]}
EXCEPTED = BAN | {"exceptions": ["*!*@h"]}
CANNOT = "ERR_CANNOTSENDTOCHAN"


@pytest.mark.parametrize(
    ("rank", "flags", "settings", "answer"),
    [
        (PLAIN, "n", {}, None), (OUTSIDE, "", {}, None), (OUTSIDE, "n", {}, CANNOT + "+n"),
        (PLAIN, "m", {}, CANNOT + "+m"), (VOICE, "m", {}, None), (HALF_OPERATOR, "m", {}, None),
        (OUTSIDE, "m", {}, CANNOT + "+m"), (PLAIN, "", BAN, CANNOT + "+b"), (VOICE, "", BAN, None),
        (PLAIN, "", EXCEPTED, None), (OUTSIDE, "", BAN, CANNOT + "+b"), (PLAIN, "", {"bans": ["*!*@other"]},
        None),
    ],
)  # fmt: skip
def test_speaking(rank: int | None, flags: str, settings: dict[str, Any], answer: str | None) -> None:
    """modern-irc, ban mode: "users ... matching the mask cannot ... send messages to the channel"."""
    assert numeric(policy.may_speak(*scene(rank, flags, **settings))) == answer


@pytest.mark.parametrize(
    ("flags", "settings", "key", "answer"),
    [
        ("", {}, None, None), ("", {"password": "k"}, "k", None), ("", {"password": "k"}, None,
        "ERR_BADCHANNELKEY"),
        ("", {"password": "k"}, "x", "ERR_BADCHANNELKEY"), ("i", {}, None, "ERR_INVITEONLYCHAN"),
        ("i", {"invitations": ["ana!*@*"]}, None, None), ("i", {"invitations": ["b!*@*"]}, None,
        "ERR_INVITEONLYCHAN"),
        ("", BAN, None, "ERR_BANNEDFROMCHAN"), ("", EXCEPTED, None, None), ("", {"limit": 1}, None,
        "ERR_CHANNELISFULL"),
        ("", {"limit": 2}, None, None),
    ],
)  # fmt: skip
def test_joining(flags: str, settings: dict[str, Any], key: str | None, answer: str | None) -> None:
    room, ana = scene(OUTSIDE, flags, **settings)
    room.members[User(2, "beto", "~u", "h", "B", "~", 1)] = OPERATOR
    assert numeric(policy.may_join(room, ana, key)) == answer
    ana.invited = frozenset({room.key})
    assert policy.may_join(room, ana, None) is None  # an invitation overrides all of these


def test_who_overrides_enters_any_room() -> None:
    room, ana = scene(OUTSIDE, "i", password="k")
    room.members[User(2, "beto", "~u", "h", "B", "~", 1)] = OPERATOR
    assert policy.may_join(room, ana, None) is not None
    ana.rights = frozenset({"override"})
    assert policy.may_join(room, ana, None) is None


@pytest.mark.parametrize(
    ("rank", "flags", "answer"),
    [(OUTSIDE, "", "ERR_NOTONCHANNEL"), (PLAIN, "", None), (PLAIN, "t", "ERR_CHANOPRIVSNEEDED"),
     (VOICE, "t", "ERR_CHANOPRIVSNEEDED"), (HALF_OPERATOR, "t", None), (OPERATOR, "t", None)],
)  # fmt: skip
def test_the_topic(rank: int | None, flags: str, answer: str | None) -> None:
    assert numeric(policy.may_set_topic(*scene(rank, flags))) == answer


@pytest.mark.parametrize(
    ("rank", "modes", "voice", "operator"),
    [(OUTSIDE, False, False, False), (PLAIN, False, False, False), (VOICE, False, False, False),
     (HALF_OPERATOR, True, True, False), (OPERATOR, True, True, True)],
)  # fmt: skip
def test_modes_and_ranks(rank: int | None, modes: bool, voice: bool, operator: bool) -> None:
    room, ana = scene(rank)
    assert (policy.may_change_modes(room, ana) is None) is modes
    assert (policy.may_give_rank(room, ana, "v") is None) is voice
    assert (policy.may_give_rank(room, ana, "h") is None) is operator
    assert (policy.may_give_rank(room, ana, "o") is None) is operator


@pytest.mark.parametrize(
    ("rank", "target", "answer"),
    [(OUTSIDE, PLAIN, "ERR_NOTONCHANNEL"), (PLAIN, PLAIN, "ERR_CHANOPRIVSNEEDED"), (VOICE, PLAIN,
    "ERR_CHANOPRIVSNEEDED"),
     (HALF_OPERATOR, PLAIN, None), (HALF_OPERATOR, HALF_OPERATOR, None), (HALF_OPERATOR, OPERATOR,
     "ERR_CHANOPRIVSNEEDED"),
     (OPERATOR, OPERATOR, None), (OPERATOR, OUTSIDE, None)],
)  # fmt: skip
def test_kicking(rank: int | None, target: int | None, answer: str | None) -> None:
    """Nobody kicks above their own rank."""
    room, ana = scene(rank)
    beto = User(2, "beto", "~u", "h", "B", "~", 1)
    if target is not None:
        room.members[beto] = target
    assert numeric(policy.may_kick(room, ana, beto)) == answer


@pytest.mark.parametrize(
    ("rank", "flags", "answer"),
    [
        (OUTSIDE, "", "ERR_NOTONCHANNEL"),
        (PLAIN, "", None),
        (PLAIN, "i", "ERR_CHANOPRIVSNEEDED"),
        (OPERATOR, "i", None),
    ],
)
def test_inviting(rank: int | None, flags: str, answer: str | None) -> None:
    assert numeric(policy.may_invite(*scene(rank, flags))) == answer


@pytest.mark.parametrize(
    ("rank", "flags", "operator", "seen"),
    [
        (OUTSIDE, "", False, True),
        (OUTSIDE, "s", False, False),
        (PLAIN, "s", False, True),
        (OUTSIDE, "s", True, True),
    ],
)
def test_seeing_a_room(rank: int | None, flags: str, operator: bool, seen: bool) -> None:
    room, ana = scene(rank, flags)
    ana.rights = EVERY if operator else NONE
    assert policy.may_see(room, ana) is seen


@pytest.mark.parametrize(("rank", "read"), [(OUTSIDE, False), (PLAIN, True)])
def test_reading_what_was_said(rank: int | None, read: bool) -> None:
    room, ana = scene(rank)
    ana.rights = EVERY
    assert policy.may_read_history(room, ana) is read


def test_so_many_rooms_and_no_more() -> None:
    ana = User(1, "ana", "~u", "h", "Ana", "~", 1)
    ana.rooms = {Room(f"#{n}", 1): None for n in range(limits.ROOMS_PER_USER - 1)}
    assert policy.may_have_another_room(ana) is None
    ana.rooms[Room("#last", 1)] = None
    assert numeric(policy.may_have_another_room(ana)) == "ERR_TOOMANYCHANNELS"
