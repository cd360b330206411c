"""Listener URIs: what they mean, and what is said when they mean nothing."""

from __future__ import annotations

import pytest

from tertulia.transports.uri import SCHEMES, DoorError, is_public, parse_uri


@pytest.mark.parametrize(
    ("uri", "host", "port", "actual"),
    [
        ("irc://127.0.0.1:6667", "127.0.0.1", 6667, "irc://127.0.0.1:6667"),
        ("irc://localhost", "localhost", 6667, "irc://localhost:6667"),
        ("IRCS://0.0.0.0:6697/", "0.0.0.0", 6697, "ircs://0.0.0.0:6697"),
        ("ircs://[::]", "::", 6697, "ircs://[::]:6697"),
        ("irc://[::1]:7000", "::1", 7000, "irc://[::1]:7000"),
        ("irc+insecure://0.0.0.0:6667", "0.0.0.0", 6667, "irc+insecure://0.0.0.0:6667"),
        ("http://127.0.0.1:0", "127.0.0.1", 0, "http://127.0.0.1:0"),
        ("https://chat.example", "chat.example", 8443, "https://chat.example:8443"),
        ("plain://127.0.0.2:7000", "127.0.0.2", 7000, "plain://127.0.0.2:7000"),
    ],
)
def test_addresses(uri: str, host: str, port: int, actual: str) -> None:
    endpoint = parse_uri(uri)
    assert (endpoint.host, endpoint.port) == (host, port)
    assert endpoint.actual(endpoint.port) == actual


def test_a_unix_socket_is_a_path() -> None:
    endpoint = parse_uri("unix:///run/tertulia.sock")
    assert endpoint.path == "/run/tertulia.sock"
    assert endpoint.actual(0) == "unix:///run/tertulia.sock"


@pytest.mark.parametrize(
    ("uri", "words"),
    [
        ("6667", "write one like irc://127.0.0.1:6667"),
        ("127.0.0.1:6667", "write one like irc://127.0.0.1:6667"),
        ("ws://127.0.0.1:8080", "did you mean http://127.0.0.1:8080"),
        ("telnet://127.0.0.1", "did you mean plain://127.0.0.1"),
        ("ircx://127.0.0.1", "did you mean irc://127.0.0.1"),
        ("gopher://127.0.0.1", "there are irc, irc+insecure"),
        ("irc://127.0.0.1:sixty", "the port is not a number; write it like irc://127.0.0.1:6667"),
        ("irc://127.0.0.1:65536", "there is no port 65536"),
        ("irc://::1:6667", "an IPv6 address stands in brackets: [::1]:6667"),
        ("irc://[::1", "the bracket of the IPv6 address is not closed"),
        ("irc://:6667", "has no address"),
        ("ircs://*:6697", "0.0.0.0 or [::]"),
        ("irc://127.0.0.1:6667/room", "an address and a port and nothing else"),
        ("irc://ana@127.0.0.1", "an address and a port and nothing else"),
        ("unix://run/t.sock", 'must begin with "/"; write unix:///run/t.sock'),
        ("unix:///run/", "names a folder"),
        ("unix:///" + "x" * 108, "107 bytes"),
        ("irc://0.0.0.0:6667", "or say that you want it: irc+insecure://0.0.0.0:6667"),
        ("http://[::]:8080", "use https://[::]:8080, or say that you want it: http+insecure://[::]:8080"),
        ("plain://192.0.2.1:7000", "say that you want it: plain+insecure://192.0.2.1:7000"),
    ],
)
def test_errors_say_what_to_write(uri: str, words: str) -> None:
    with pytest.raises(DoorError) as caught:
        parse_uri(uri)
    assert words in str(caught.value)
    assert uri in str(caught.value)
    assert uri in caught.value.spanish
    assert " the " not in caught.value.spanish


@pytest.mark.parametrize(
    ("host", "public"),
    [
        ("127.0.0.1", False),
        ("127.9.9.9", False),
        ("::1", False),
        ("localhost", False),
        ("0.0.0.0", True),
        ("::", True),
        ("10.0.0.1", True),
        ("chat.example", None),
    ],
)
def test_public_addresses(host: str, public: bool | None) -> None:
    assert is_public(host) is public


def test_what_reads_along_needs_a_name_or_tls() -> None:
    for name, scheme in SCHEMES.items():
        if scheme.anywhere:
            assert scheme.tls or name.endswith("+insecure") or name == "unix"
