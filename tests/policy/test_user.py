"""What may be known of users, and what names they may take."""

from __future__ import annotations

import pytest

from tertulia.policy import user as policy
from tertulia.protocol.rights import EVERY, NONE
from tertulia.state.room import Room
from tertulia.state.user import User


def somebody(nick: str, *rooms: Room, modes: str = "", operator: str | None = None) -> User:
    user = User(hash(nick), nick, "~u", "h", nick, "~", 1)
    user.rooms, user.modes, user.operator = dict.fromkeys(rooms), modes, operator
    user.rights = EVERY if operator else NONE
    return user


@pytest.mark.parametrize(
    ("nick", "may"),
    [("ana", True), ("José", True), ("NickServ", False), ("servidor", True), ("1a", False), ("", False)],
)
def test_names_that_may_be_taken(nick: str, may: bool) -> None:
    assert policy.may_take_nick(nick) is may


def test_who_sees_whom() -> None:
    sala = Room("#sala", 1)
    ana, beto, invisible = somebody("ana", sala), somebody("beto"), somebody("caro", sala, modes="i")
    assert policy.share_a_room(ana, invisible) and not policy.share_a_room(beto, invisible)
    assert policy.share_a_room(beto, beto)
    assert policy.may_see_user(ana, invisible) and policy.may_see_user(invisible, invisible)
    assert not policy.may_see_user(beto, invisible)
    assert policy.may_see_user(somebody("root", operator="root"), invisible)
    assert policy.may_see_user(beto, ana)


@pytest.mark.parametrize(
    ("flags", "modes", "inside", "operator", "seen"),
    [("", "", False, False, True), ("s", "", False, False, False), ("s", "", True, False, True),
     ("s", "", False, True, True), ("", "i", False, False, False), ("", "i", True, False, True),
     ("", "i", False, True, True)],
)  # fmt: skip
def test_seeing_who_is_where(flags: str, modes: str, inside: bool, operator: bool, seen: bool) -> None:
    sala = Room("#sala", 1)
    sala.flags = frozenset(flags)
    ana, beto = somebody("ana", operator="root" if operator else None), somebody("beto", sala, modes=modes)
    if inside:
        sala.members[ana] = 0
    assert policy.may_see_membership(ana, beto, sala) is seen


def test_addresses_are_for_oneself_and_for_operators() -> None:
    ana, beto, root = somebody("ana"), somebody("beto"), somebody("root", operator="root")
    assert policy.may_see_address(ana, ana) and policy.may_see_address(root, ana)
    assert not policy.may_see_address(beto, ana)
