"""Clock, ids and passwords of the real world."""

from __future__ import annotations

import asyncio

import pytest

from tertulia.cli.world import (
    SystemClock,
    SystemIds,
    SystemPasswords,
    hash_password,
    is_hash,
    process_numbers,
)
from tertulia.protocol.history import id_floor


def test_the_clock_agrees_with_itself() -> None:
    clock = SystemClock()
    assert clock.now_ms() > 1_700_000_000_000
    assert clock.monotonic() <= clock.monotonic()


def test_what_the_process_takes() -> None:
    (before, resident), (after, _) = process_numbers(), process_numbers()
    assert 0 < before <= after and 10_000_000 < resident < 100_000_000_000


def test_ids_carry_their_time_and_grow_within_it() -> None:
    ids = SystemIds(0)
    assert [ids.message(1_000), ids.message(1_000)] == [id_floor(1_000), id_floor(1_000) + 1]


def test_ids_grow_when_the_clock_goes_back() -> None:
    ids = SystemIds(0)
    later = ids.message(2_000)
    assert ids.message(1_000) == later + 1


def test_ids_grow_over_a_restart() -> None:
    last = id_floor(5_000) + 7
    assert SystemIds(last).message(1_000) == last + 1


def test_tokens_differ_and_fit_any_place() -> None:
    ids = SystemIds(0)
    tokens = {ids.token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(token.isalnum() and len(token) == 16 for token in tokens)


@pytest.mark.parametrize("expected", ["contraseña", hash_password("contraseña")], ids=["clear", "hash"])
def test_passwords_clear_or_hashed(expected: str) -> None:
    async def verify() -> tuple[bool, bool]:
        passwords = SystemPasswords()
        return await passwords.verify(expected, "contraseña"), await passwords.verify(expected, "other")

    assert asyncio.run(verify()) == (True, False)


def test_a_broken_hash_lets_nobody_in() -> None:
    assert asyncio.run(SystemPasswords().verify("$argon2id$broken", "$argon2id$broken")) is False


def test_hashes_are_known_by_their_form() -> None:
    assert is_hash(hash_password("x"))
    assert not is_hash("$argon2id$broken")
    assert not is_hash("clear")
