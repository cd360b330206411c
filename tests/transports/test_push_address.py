"""Where a notification may be sent."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from tertulia.transports.push_address import Endpoint, endpoint_of, is_public


@pytest.mark.parametrize(
    "url",
    [
        "http://push.example.org/x",
        "ftp://push.example.org/x",
        "https:///x",
        "https://",
        "https://user@push.example.org/x",
        "https://user:secret@push.example.org/x",
        "https://push.example.org:99999/x",
        "https://push.example.org/x#y",
        "https://push.example.org/ x",
        "https://push.example.org\\@127.0.0.1/x",
        "https://localhost/x",
        "https://router/x",
        "https://server.local/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://[fe80::1]/x",
        "https://10.0.0.1/x",
        "https://[::ffff:10.0.0.1]/x",
        "https://169.254.169.254/latest",
        "https://ñ.example/x",
    ],
)
def test_what_may_not_be_pushed_to(url: str) -> None:
    assert endpoint_of(url, private=False) is None


def test_what_may_be() -> None:
    assert endpoint_of("https://push.example.org/a?b=c", private=False) == Endpoint(
        "https", "push.example.org", 443, "/a?b=c"
    )
    other = endpoint_of("https://push.example.org:8443", private=False)
    assert other is not None and other.origin == "https://push.example.org:8443" and other.path == "/"
    six = endpoint_of("http://[::1]:81/x", private=True)
    assert six is not None and six.authority == "[::1]:81"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "255.255.255.255", "::1", "::", "fc00::1", "fe80::1", "ff02::1", "::ffff:8.8.8.8",
        "2002:7f00:1::", "64:ff9b::a00:1", "2001:0:1::1",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111"])
def test_addresses_that_are(address: str) -> None:
    assert is_public(ip_address(address))
