"""A user: its prefix and key follow its nick, and a guest of this machine is who its nick says."""

from __future__ import annotations

import pytest

from tertulia.state.user import User


def user(identity: str = "~") -> User:
    return User(1, "José", "~jose", "h", "José", identity, 5)


def test_names_follow_the_nick() -> None:
    jose = user()
    assert (jose.nick, jose.key, jose.prefix) == ("José", "josé", "José!~jose@h")
    jose.rename("Pepe")
    assert (jose.nick, jose.key, jose.prefix) == ("Pepe", "pepe", "Pepe!~jose@h")


@pytest.mark.parametrize(
    ("identity", "first", "then"), [("~", "~josé", "~pepe"), ("cert:a", "cert:a", "cert:a")]
)
def test_identities(identity: str, first: str, then: str) -> None:
    jose = user(identity)
    assert jose.identity == first
    jose.rename("Pepe")
    assert jose.identity == then


def test_marks() -> None:
    jose = user()
    assert not jose.bot and not jose.invisible
    jose.modes = "Bi"
    assert jose.bot and jose.invisible


def test_users_are_compared_by_who_they_are() -> None:
    assert user() != user()
