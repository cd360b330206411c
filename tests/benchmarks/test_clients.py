"""Who negotiates what, and that the counting stays exact whatever was granted."""

from __future__ import annotations

import itertools

import pytest
from benchmarks.clients import (
    ACCOUNT_EVERY,
    EVERYTHING,
    MIXTURES,
    PLAIN,
    REGISTRATION,
    Client,
    all_with,
    granted,
    mixture,
    offered,
)
from benchmarks.crowd import Crowd, LoadError
from benchmarks.talk import STAMP_DIGITS, Burst, Pace, lines, talk

from tests.benchmarks.fake_server import FakeServer

ALL = frozenset({*EVERYTHING, REGISTRATION})


def test_plain_clients_negotiate_nothing_whatever_is_offered() -> None:
    assert mixture("plain", ALL) == PLAIN
    assert (PLAIN[7].hello, PLAIN[7].echoes, PLAIN[0].account) == ("", 0, False)


def test_mixed_clients_are_of_three_kinds_in_turn() -> None:
    found = mixture("mixed", ALL)
    assert [found[index].capabilities for index in range(1, 4)] == [("server-time",), EVERYTHING, ()]
    assert [found[index].echoes for index in range(3)] == [0, 0, 1]
    assert [index for index in range(30) if found[index].account] == list(range(0, 30, ACCOUNT_EVERY))


def test_only_what_is_offered_is_asked_for() -> None:
    found = mixture("tags", frozenset({"server-time", "labeled-response", "multi-prefix"}))
    assert found[0].hello == "CAP REQ :server-time labeled-response\r\n"
    assert not found[0].labels  # "depends on the batch capability which MUST be negotiated"
    assert not found[0].account
    assert granted(found) == "server-time, labeled-response"
    assert granted(mixture("tags", frozenset())) == "none of it"
    assert granted(mixture("mixed", ALL)).endswith("batch, accounts")


def test_one_more_capability_for_all() -> None:
    found = mixture("mixed", ALL).also("echo-message")
    assert [found[index].echoes for index in range(3)] == [1, 1, 1]
    assert found[2].capabilities == EVERYTHING
    assert found[0].account and not found.without_accounts()[0].account


def test_the_server_is_asked_what_it_offers() -> None:
    with FakeServer(offers="server-time sasl=PLAIN,EXTERNAL") as server:
        assert offered(server.address) == {"server-time", "sasl", "batch"}


def test_a_server_without_a_welcome_is_told() -> None:
    with FakeServer(refuses="ERROR :no") as server:
        server.shutdown_after_refusal = True
        with pytest.raises(OSError, match=r"no welcome|timed out|reset"):
            offered(server.address)


def test_a_refused_capability_is_an_error() -> None:
    refused = pytest.raises(LoadError, match="NAK")
    with FakeServer(grants=False) as server, Crowd(server.address) as crowd, refused:
        crowd.arrive(["#a"], 1, all_with("echo-message"))


@pytest.mark.parametrize("name", MIXTURES)
def test_every_echo_is_counted(name: str) -> None:
    """Twelve members in one room, all of whom speak: what is expected follows from what was granted."""
    with FakeServer(offers=" ".join(ALL)) as server, Crowd(server.address) as crowd:
        who = mixture(name, offered(server.address))
        crowd.arrive(["#a"] * 12, 4, who)
        crowd.attend()
        said = [(index, lines("#a", 2, who[index].labels)) for index in range(12)]
        echoes = {"plain": 0, "tags": 12, "mixed": 4}[name]
        burst = Burst(said, sum(2 * (11 + who[index].echoes) for index in range(12)))
        assert burst.deliveries == 2 * (12 * 11 + echoes)
        looks = itertools.count()
        assert talk(crowd, burst, 3, 1, clock=lambda: next(looks)) % burst.deliveries == 0


def test_echoes_are_timed_like_all_deliveries() -> None:
    ticks = itertools.count(step=1_000_000)
    with FakeServer(offers=" ".join(ALL)) as server, Crowd(server.address) as crowd:
        who = mixture("mixed", offered(server.address))
        crowd.arrive(["#a"] * 3 + ["#b"] * 3, 6, who)
        crowd.attend()
        pace = Pace([(2, "#a"), (3, "#b")], 2, 1_000, who)
        pace.run(crowd, 0.02, clock=lambda: next(ticks))
    assert len(pace.latencies_ns) == 10 * 3 + 10 * 2
    assert all(len(str(number)) <= STAMP_DIGITS for number in pace.latencies_ns)


def test_labels_are_only_for_who_can_be_answered_with_one() -> None:
    assert lines("#a", 2, True).split(b" PRIVMSG")[0] == b"@label=t0"
    assert lines("#a", 2, True).count(b"@label=") == 2
    assert b"@" not in lines("#a", 2)
    assert Client(EVERYTHING).labels
