"""Cloaks: equal looks equal, near looks near, and nobody without the key learns more."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.limits import HOST_BYTES
from tertulia.protocol.cloak import cloak, host_of, is_own, valid_host
from tertulia.protocol.names import mask_matches

KEY = "sal y pimienta y más"
ADDRESSES = st.ip_addresses()


@given(ADDRESSES)
def test_a_cloak_is_a_host_and_tells_no_address(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    found = cloak(str(address), KEY)
    assert valid_host(found) and len(found) <= HOST_BYTES and found.endswith(".ip")
    assert found == cloak(address.exploded, KEY) != cloak(str(address), KEY + "x")
    assert str(address) not in found


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("203.0.113.7", "203.0.113.8", 2),
        ("203.0.113.7", "203.0.9.9", 1),
        ("203.0.113.7", "198.51.100.7", 0),
        ("2001:db8:1:2::1", "2001:db8:1:2::2", 2),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", 1),
        ("2001:db8:1:2::1", "2001:db8:2:2::1", 0),
    ],
)
def test_neighbours_share_the_end(one: str, other: str, shared: int) -> None:
    """So that `*!*@*.network.block.ip` bans a network."""
    first, second = cloak(one, KEY).split("."), cloak(other, KEY).split(".")
    assert [a == b for a, b in zip(first, second, strict=True)] == [n >= 3 - shared for n in range(3)] + [
        True
    ]
    assert mask_matches(f"*!*@*.{'.'.join(first[3 - shared :])}", f"a!b@{'.'.join(second)}")


def test_what_is_cloaked() -> None:
    assert host_of("203.0.113.7", "") == "203.0.113.7"
    assert host_of("203.0.113.7", KEY) == cloak("203.0.113.7", KEY)
    assert host_of("127.0.0.1", KEY) == "127.0.0.1" and host_of("localhost", KEY) == "localhost"
    assert host_of("", KEY) == "localhost"
    assert cloak("nonsense", KEY).endswith(".ip")
    assert is_own("::1") and not is_own("::2")


@pytest.mark.parametrize(
    ("host", "valid"),
    [
        ("user/ana", True), ("a.b-c_d:1", True), ("", False), ("a b", False), (":x", False), ("a!b", False),
        ("a@b", False), ("ñ", False), ("x" * 64, True), ("x" * 65, False), ("*", False), ("a*", False),
    ],
)  # fmt: skip
def test_hosts(host: str, valid: bool) -> None:
    assert valid_host(host) is valid
