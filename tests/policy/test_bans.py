"""Bans that would do harm by mistake, and exemptions."""

from __future__ import annotations

import pytest

from tertulia.policy import bans as policy
from tertulia.protocol.bans import BanRecord
from tertulia.state.bans import Bans, Who
from tertulia.state.user import User

NOW = 10_000


def user(number: int, address: str, signon: int = 0, account: str | None = None) -> User:
    made = User(number, f"u{number}", "~u", address, "R", "/", signon)
    made.address, made.account = address, account
    return made


@pytest.mark.parametrize(
    ("kind", "target", "answer"),
    [
        ("address", "192.0.0.0/15", "wide"),
        ("address", "192.0.0.0/16", None),
        ("address", "2000::/31", "wide"),
        ("address", "2001:db8::/32", None),
        ("mask", "*!*@*", "wide"),
        ("mask", "*!*@*.net", "wide"),
        ("mask", "*!*@*.spam", None),
        ("realname", "*a*", "wide"),
        ("account", "a", None),
        ("address", "198.51.100.7/32", "yourself"),
    ],
)
def test_what_looks_like_a_mistake(kind: str, target: str, answer: str | None) -> None:
    asker = user(1, "198.51.100.7")
    assert policy.too_wide(BanRecord(kind, target), asker, [asker], NOW) == answer


def test_a_flood_may_be_banned_and_a_crowd_may_not() -> None:
    """Whoever has been here for a while, or has an account, counts; who has just come does not."""
    ban = BanRecord("address", "192.0.2.0/24")
    raid = [user(number, f"192.0.2.{number}", NOW - 5) for number in range(200)]
    assert policy.too_wide(ban, None, raid, NOW) is None
    crowd = [user(number, f"192.0.2.{number}") for number in range(10)]
    others = [user(number, "203.0.113.5") for number in range(100, 120)]
    assert policy.too_wide(ban, None, crowd, NOW) == "many"
    assert policy.too_wide(ban, None, [*crowd, *others], NOW) is None
    named = [user(number, f"192.0.2.{number}", NOW, "ana") for number in range(4)]
    assert policy.too_wide(ban, None, named, NOW) == "many"
    assert policy.too_wide(BanRecord("address", "0.0.0.0/0", "exempt"), None, crowd, NOW) is None


def test_exemptions_of_any_kind_hold() -> None:
    bans = Bans()
    bans.put(BanRecord("address", "192.0.2.0/24"))
    who = Who("eva", "~eva", "cloak", "192.0.2.7", "Eva", "eva")
    assert policy.banned(bans, who, NOW) is not None
    assert policy.banned_address(bans, "192.0.2.7", NOW) is not None
    bans.put(BanRecord("account", "eva", "exempt"))
    assert policy.banned(bans, who, NOW) is None
    bans.put(BanRecord("address", "192.0.2.7/32", "exempt"))
    assert policy.banned_address(bans, "192.0.2.7", NOW) is None


def test_networks_that_must_log_in() -> None:
    bans = Bans()
    bans.put(BanRecord("address", "192.0.2.0/24", "login"))
    who = Who("eva", "~eva", "cloak", "192.0.2.7", "Eva")
    assert policy.must_log_in(bans, who, NOW) is not None
    assert policy.must_log_in(bans, who._replace(account="eva"), NOW) is None
    assert policy.must_log_in(bans, who._replace(address="198.51.100.1"), NOW) is None
    assert policy.banned_address(bans, "192.0.2.7", NOW) is None, "they must reach the login"
