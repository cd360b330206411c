"""The hub: ticks, connections, rooms that outlive their members, and the end.

How lines become commands is in test_turns, what fails is in test_refusals, who hears what is in test_fanout.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tertulia import limits
from tertulia.commands.settings import Bounds, Operator
from tertulia.ports import Peer, Record
from tertulia.store.memory import MemoryStore
from tests.support.failing import FailingStore
from tests.support.reading import all_of, has, texts, the
from tests.support.town import Town, commands

CAPS = "batch message-tags draft/chathistory"


# --- ticks ------------------------------------------------------------------------------------------


def test_one_commit_a_tick() -> None:
    """ "Commits are grouped per tick, so a thousand messages cost one sync." (design, idea 2)"""
    store = FailingStore()
    town = Town(store)
    people = [town.join(f"p{number}", "#r") for number in range(3)]
    people[0].say("PRIVMSG #r :primera")
    before = len(store.commits)
    for number in range(300):
        people[number % 3].send(f"PRIVMSG #r :{number}")
    town.run()
    assert len(store.commits) == before + 1 and len(store.commits[-1]) == 300


def test_a_tick_without_anything_lasting_commits_nothing() -> None:
    store = FailingStore()
    town = Town(store)
    ana = town.join("ana", "#r")
    ana.say("PING x", "JOIN #s", "AWAY :x", "NICK eva", "WHO *")
    assert store.commits == []


def test_stored_before_heard() -> None:
    """ "Nothing leaves before it is stored." (design, idea 2)"""
    town = Town(store := FailingStore())
    ana, bob = town.join("ana", "#r"), town.join("bob", "#r")
    heard_at_commit: list[int] = []
    keep = store.commit

    def commit(records: Sequence[Record]) -> None:
        heard_at_commit.append(len(bob.wire.data))
        keep(records)

    store.commit = commit  # type: ignore[method-assign]
    bob.take()
    ana.send("PRIVMSG #r :x")
    town.run()
    assert heard_at_commit == [0] and texts(bob.take()) == ["x"]


def test_what_it_counts() -> None:
    town = Town()
    ana = town.join("ana", "#r")
    ana.say("PRIVMSG #r :x")
    counts = town.hub.counts
    assert counts.connections == 1 and counts.stored == 2 and counts.refused == 0 and counts.ticks > 0


# --- connections ------------------------------------------------------------------------------------


def test_too_many_connections() -> None:
    """What is too much is told so and closed; who is there is unharmed."""
    town = Town(bounds=Bounds(flood=False, connections=2))
    ana, bob = town.join("ana", "#r"), town.join("bob", "#r")
    third = town.connect()
    assert third.say() == ["ERROR :Closing link: (127.0.0.1) [Server is full]"] and third.wire.closed
    ana.take()
    assert bob.say("PRIVMSG #r :x") == [] and texts(ana.say()) == ["x"]
    bob.say("QUIT")
    assert commands(town.connect().say("PING x")) == ["PONG"]
    spanish = Town(bounds=Bounds(connections=0), language="es").connect()
    assert spanish.say() == ["ERROR :Closing link: (127.0.0.1) [El servidor está lleno]"]


def test_too_many_from_one_address() -> None:
    """ ""Too many connections from this IP" ... relevant reasons for closing" (modern-irc, QUIT); loopback
    is exempt"""
    town = Town(bounds=Bounds(flood=False, connections_per_address=2))
    peer = Peer("irc", "203.0.113.7")
    one, _ = town.connect(peer), town.connect(peer)
    assert "Too many connections from your address" in town.connect(peer).say()[0]
    assert town.connect(Peer("irc", "203.0.113.8")).say("PING x")
    for _ in range(5):
        assert town.connect().say("PING x")
    one.say("QUIT")
    assert town.connect(peer).say("PING x")


def test_a_refused_connection_says_nothing_more() -> None:
    town = Town(bounds=Bounds(flood=False, connections=0))
    client = town.connect()
    client.send("NICK ana", "USER a 0 * :a")
    town.run()
    assert commands(client.take()) == ["ERROR"] and not town.network.users


def test_nothing_is_left_of_who_has_gone() -> None:
    town = Town()
    peer = Peer("irc", "203.0.113.7")
    for number in range(20):
        client = town.join(f"p{number}", "#r", peer=peer)
        if number % 2:
            client.say("QUIT")
        else:
            client.wire.receiver.lost("reset")
            town.run()
    hub = town.hub
    assert (
        not hub.connections and not hub.gate.by_address and not hub.fanout.sessions and not town.network.users
    )
    assert not town.network.rooms


def test_lost_twice() -> None:
    town = Town()
    ana = town.join("ana")
    ana.wire.receiver.lost("one")
    ana.wire.receiver.lost("two")
    town.run()
    assert not town.hub.connections


# --- rooms that outlive their members ---------------------------------------------------------------


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def test_topic_and_modes_come_back_after_a_restart(store: MemoryStore) -> None:
    """ "Room and private messages, topics and room settings survive restarts" """
    before = Town(store)
    before.join("ana", "#Peña").say(
        "TOPIC #peña :de qué va",
        "MODE #peña -t+isl 7",
        "MODE #peña +beI malo *!*@198.51.100.* amigo",
        "PRIVMSG #peña :x",
    )
    town = Town(store, operators=(Operator("root", "secret"),))
    root = town.join("root")
    root.say("OPER root secret")
    lines = root.say("JOIN #PEÑA", "MODE #peña", "MODE #peña b", "MODE #peña e", "MODE #peña I")
    assert the(lines, "JOIN").params == ["#Peña"]
    assert the(lines, "332").params[-1] == "de qué va" and the(lines, "333").params[2] == "ana!~ana@127.0.0.1"
    assert the(lines, "324").params[2:] == ["+insl", "7"]
    assert [the(lines, numeric).params[2] for numeric in ("367", "348", "346")] == [
        "malo!*@*", "*!*@198.51.100.*", "amigo!*@*",
    ]  # fmt: skip


def test_the_first_to_come_is_operator(store: MemoryStore) -> None:
    """ "the first client who joins a normal channel is made a channel operator" (modern-irc, Regular
    Channels)"""
    Town(store).join("ana", "#r").say("PRIVMSG #r :x")
    town = Town(store)
    bob, ema = town.join("bob"), town.join("ema")
    assert the(bob.say("JOIN #r"), "353").params[-1] == "@bob"
    assert the(ema.say("JOIN #r"), "353").params[-1] == "@bob ema"


def test_a_key_keeps_the_history_shut(store: MemoryStore) -> None:
    """Whoever comes first to an empty room that has a key must know it; so must who wants to read."""
    Town(store).join("ana", "#r").say("MODE #r +k clave", "PRIVMSG #r :secreto")
    town = Town(store)
    eva = town.join("eva", caps=CAPS)
    assert commands(eva.say("JOIN #r", "JOIN #r otra")) == ["475", "475"]
    assert commands(eva.say("CHATHISTORY LATEST #r * 9")) == ["FAIL"]
    lines = eva.say("JOIN #r clave", "CHATHISTORY LATEST #r * 9")
    assert texts(lines) == ["secreto"]


@pytest.mark.parametrize("mode", ["+i", "+b *!*@*", "+l 1"])
def test_bans_and_invitations_hold_in_an_empty_room(store: MemoryStore, mode: str) -> None:
    Town(store).join("ana", "#r").say(f"MODE #r {mode}", "PART #r")
    town = Town(store, operators=(Operator("root", "secret"),))
    eva, root = town.join("eva"), town.join("root")
    refused = {"+i": "473", "+b *!*@*": "474"}
    assert commands(eva.say("JOIN #r"))[0] == refused.get(mode, "JOIN")
    eva.say("PART #r")
    root.say("OPER root secret")
    assert has(root.say("JOIN #r"), "JOIN"), "an operator of the server opens a room that shut itself"


def test_a_room_of_which_nothing_is_stored_ends_with_its_last_member() -> None:
    """ "the channel ceases to exist when the last client leaves it" (modern-irc, Channels)"""
    town = Town()
    ana, bob = town.join("ana", "#r"), town.join("bob")
    ana.say("PART #r")
    assert commands(bob.say("MODE #r")) == ["403"]


def test_history_after_a_restart(store: MemoryStore) -> None:
    before = Town(store)
    ana, bob = before.join("ana", "#r"), before.join("bob")
    ana.say("PRIVMSG #r :uno", "PRIVMSG bob :dos")
    bob.say("PRIVMSG ana :tres")
    town = Town(store)
    again = town.join("ana", "#r", caps=CAPS)
    assert texts(again.say("CHATHISTORY LATEST #r * 9")) == ["uno"]
    assert texts(again.say("CHATHISTORY LATEST bob * 9")) == ["dos", "tres"]


# --- the end ----------------------------------------------------------------------------------------


def test_drain() -> None:
    """ "SIGTERM drains and stops within a second even with clients connected": last words, then the wires
    close."""
    town = Town()
    ana, bob, half = town.join("ana", "#r"), town.join("bob", "#r"), town.connect()
    ana.take(), bob.take()
    ana.send("PRIVMSG #r :justo antes")
    town.hub.tick()
    town.hub.drain("Server is stopping")
    assert texts(bob.take())[0] == "justo antes"
    assert all(client.wire.closed for client in (ana, bob, half))
    assert "Server is stopping" in the(ana.take(), "ERROR").params[0]
    assert commands(half.take()) == ["ERROR"]


def test_drain_ends_open_streams() -> None:
    """ "After a crash, what was stored of an open stream is there as a message with
    tertulia.chat/incomplete": so here."""
    store = MemoryStore()
    town = Town(store)
    lola = town.join("lola", "#r", caps="batch message-tags tertulia.chat/stream")
    lola.say("BATCH +s tertulia.chat/stream #r", "@batch=s PRIVMSG #r :a medias")
    town.hub.drain("Server is stopping")
    again = Town(store).join("ana", "#r", caps=CAPS)
    found = the(again.say("CHATHISTORY LATEST #r * 9"), "PRIVMSG")
    assert found.params[-1] == "a medias" and "tertulia.chat/incomplete" in (found.tags or {})


def test_drain_with_a_store_that_fails() -> None:
    store = FailingStore()
    town = Town(store)
    ana = town.join("ana", "#r")
    ana.send("PRIVMSG #r :x")
    town.hub.tick()
    store.fail()
    town.hub.drain("Server is stopping")
    assert ana.wire.closed


def test_limits_are_within_their_lines() -> None:
    """The longest ERROR fits, whatever the address and the reason."""
    town = Town()
    client = town.connect(Peer("irc", "2001:db8:" + "f" * 40))
    client.say("QUIT :" + "ñ" * 240)
    client = town.join("ana", "#r")
    lines = client.say("QUIT :" + "ñ" * 240)
    assert all(len(line.encode()) <= limits.LINE_BYTES - 2 for line in lines)
    assert len(all_of(lines, "ERROR")) == 1
