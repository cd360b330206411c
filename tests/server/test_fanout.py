"""Fan-out: who hears what, in which order, and with how many writes (design, idea 6)."""

from __future__ import annotations

import random

import pytest

from tertulia.ports import Peer
from tests.support.reading import all_of, texts
from tests.support.town import Client, Town, commands


def test_one_write_a_tick_for_each_member() -> None:
    """ "each member gets one write" however many lines were said, in however many rooms."""
    town = Town()
    ana, bob = town.join("ana", "#a", "#b"), town.join("bob", "#a", "#b")
    ana.take()
    before = bob.wire.writes
    ana.send(*["PRIVMSG #a :x", "PRIVMSG #b :x"] * 50, "PRIVMSG bob :x")
    town.run()
    assert bob.wire.writes == before + 1
    assert len(texts(bob.take())) == 101


def test_who_has_nothing_to_hear_gets_no_write() -> None:
    town = Town()
    ana, far = town.join("ana", "#a"), town.join("far", "#b")
    before = far.wire.writes
    ana.say("PRIVMSG #a :x")
    assert far.wire.writes == before


def test_each_set_of_capabilities_has_its_form() -> None:
    town = Town()
    ana = town.join("ana", "#r")
    plain, timed, tagged = (
        town.join(nick, "#r", caps=caps)
        for nick, caps in (("plain", ""), ("timed", "server-time"), ("tagged", "message-tags server-time"))
    )
    plain.take(), timed.take()
    ana.say("PRIVMSG #r :x")
    assert [len(client.say()[0].split()[0]) for client in (plain, timed)] == [len(":ana!~ana@127.0.0.1"), 30]
    assert ";msgid=" in tagged.say()[0]


# --- order ------------------------------------------------------------------------------------------


def test_across_rooms_and_private() -> None:
    """ "What one member hears from one other keeps its order, room or private." (design, idea 6)"""
    town = Town()
    ana, bob = town.join("ana", "#a", "#b", "#c"), town.join("bob", "#c", "#b", "#a")
    ana.take()
    targets = ["#a", "#b", "bob", "#a", "#c", "bob", "#b", "#a", "@#a", "#c"]
    ana.send(*(f"PRIVMSG {target} :{number}" for number, target in enumerate(targets)))
    town.run()
    assert texts(bob.take()) == [str(number) for number, target in enumerate(targets) if target != "@#a"]


def test_what_happens_keeps_its_place_among_what_is_said() -> None:
    town = Town()
    ana, bob = town.join("ana", "#a", "#b"), town.join("bob", "#a", "#b")
    ana.take()
    ana.send("PRIVMSG #a :0", "NICK eva", "PRIVMSG #b :1", "TOPIC #a :2", "MODE #b +m", "PRIVMSG bob :3",
             "AWAY :x", "KICK #a bob :4", "PRIVMSG #b :5", "PART #b :6", "QUIT :7")  # fmt: skip
    town.run()
    assert commands(bob.take()) == [
        "PRIVMSG", "NICK", "PRIVMSG", "TOPIC", "MODE", "PRIVMSG", "KICK", "PRIVMSG", "PART",
    ]  # fmt: skip


def test_words_to_a_room_from_outside_come_before_the_speaker_s_quit() -> None:
    """A speaker who is in one room only, and spoke into another that is open to all."""
    town = Town()
    bob = town.join("bob", "#open", "#b")
    bob.say("MODE #open -n")
    ana, ema = town.join("ana", "#b"), town.join("ema", "#b")
    bob.take()
    ema.send("PRIVMSG #b :antes")
    ana.send("PRIVMSG #open :adiós", "QUIT")
    town.run()
    assert [line.command for line in all_of(bob.take(), "PRIVMSG", "QUIT")] == ["PRIVMSG", "PRIVMSG", "QUIT"]


def test_a_reply_never_overtakes() -> None:
    """ "a reply never overtakes what came before it" (design, idea 6)"""
    town = Town()
    ana, bob = town.join("ana", "#a", "#b"), town.join("bob", "#a", "#b")
    ana.take()
    bob.send("PRIVMSG #a :0")
    ana.send("PING 1")
    bob.send("PRIVMSG #b :2", "PRIVMSG #a :3")
    ana.send("PING 4")
    town.run()
    assert [line.params[-1] for line in all_of(ana.take(), "PRIVMSG", "PONG")] == ["0", "1", "2", "3", "4"]


def test_what_a_command_sees_has_been_heard() -> None:
    """An answer tells of a state whose making its reader has been told: NAMES after JOIN, in one tick."""
    town = Town()
    ana, bob = town.join("ana", "#a"), town.join("bob")
    bob.send("JOIN #a")
    ana.send("NAMES #a")
    bob.send("PART #a")
    town.run()
    assert commands(ana.take()) == ["JOIN", "353", "366", "PART"]


class Walk:
    """People who talk, come and go at random within ticks; each word is numbered by its speaker."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.town = Town()
        caps = [
            "",
            "echo-message",
            "message-tags server-time",
            "batch draft/multiline labeled-response echo-message",
        ]
        self.people = [self.town.join(f"p{number}", "#a", "#b", caps=caps[number % 4]) for number in range(6)]
        self.rooms = ["#a", "#b", "#c"]
        self.said = [0] * len(self.people)
        self.heard: list[list[tuple[str, int]]] = [[] for _ in self.people]
        for client in self.people:
            client.take()

    def act(self, number: int) -> None:
        client, chance = self.people[number], self.chance
        what = chance.random()
        if what < 0.75:
            target = chance.choice([*self.rooms, chance.choice(self.people).nick, "@#a"])
            label = "@label=x " if chance.random() < 0.2 else ""
            client.send(f"{label}PRIVMSG {target} :{self.said[number]}")
            self.said[number] += 1
        elif what < 0.85:
            client.send(f"JOIN {chance.choice(self.rooms)}")
        elif what < 0.95:
            client.send(f"PART {chance.choice(self.rooms)}")
        else:
            client.send("PING x")

    def tick(self) -> None:
        self.town.run()
        for number, client in enumerate(self.people):
            for line in all_of(client.take(), "PRIVMSG"):
                self.heard[number].append(((line.source or "").partition("!")[0], int(line.params[-1])))


@pytest.mark.parametrize("seed", range(30))
def test_order_whatever_happens(seed: int) -> None:
    """ "What one member hears from one other keeps its order": for every pair, over hundreds of random
    ticks."""
    walk = Walk(seed)
    for _ in range(60):
        for _ in range(walk.chance.randrange(12)):
            walk.act(walk.chance.randrange(len(walk.people)))
        walk.tick()
    for ear in range(len(walk.people)):
        for mouth in walk.people:
            order = [number for nick, number in walk.heard[ear] if nick == mouth.nick]
            assert order == sorted(order), (seed, ear, mouth.nick)
    assert sum(map(len, walk.heard)) > 100


def test_everybody_hears_a_room_in_the_same_order() -> None:
    """The order of a room is one for all of its members."""
    town = Town()
    people = [town.join(f"p{number}", "#r", caps="echo-message") for number in range(4)]
    for client in people:
        client.take()
    for number in range(40):
        people[number * 7 % 4].send(f"PRIVMSG #r :{number}", "PING x")
    town.run()
    heard = {tuple(texts(client.take())) for client in people}
    assert len(heard) == 1 and len(heard.pop()) == 40


# --- who listens ------------------------------------------------------------------------------------


def test_who_leaves_hears_up_to_there_and_who_comes_from_there() -> None:
    town = Town()
    ana, bob, ema = town.join("ana", "#r"), town.join("bob", "#r"), town.join("ema")
    ana.take(), bob.take()
    ana.send("PRIVMSG #r :1")
    bob.send("PART #r")
    ana.send("PRIVMSG #r :2")
    ema.send("JOIN #r")
    ana.send("PRIVMSG #r :3")
    bob.send("JOIN #r")
    ana.send("PRIVMSG #r :4")
    town.run()
    assert texts(bob.take()) == ["1", "4"]
    assert texts(ema.take()) == ["3", "4"]


def test_the_last_to_leave() -> None:
    town = Town()
    ana = town.join("ana", "#r", caps="echo-message")
    assert commands(ana.say("PRIVMSG #r :x", "PART #r")) == ["PRIVMSG", "PART"]
    assert commands(ana.say("JOIN #r", "PRIVMSG #r :y")) == ["JOIN", "353", "366", "PRIVMSG"]


def test_a_slow_end_of_a_session_hurts_nobody() -> None:
    """A wire that is gone is written to no more (the test's wire asserts it)."""
    town = Town()
    ana, bob = town.join("ana", "#r"), town.join("bob", "#r")
    ana.take()
    ana.send("PRIVMSG #r :1")
    bob.send("QUIT", "PING x")
    ana.send("PRIVMSG #r :2")
    town.run()
    assert commands(bob.take()) == ["PRIVMSG", "ERROR"]
    ana.send("PRIVMSG #r :3")
    bob.wire.receiver.lost("again")
    town.run()


def test_nobody_outside_hears_anything() -> None:
    town = Town()
    far: Client = town.join("far", "#other", peer=Peer("irc", "203.0.113.7"))
    ana = town.join("ana", "#r")
    ana.say(
        "PRIVMSG #r :x", "TOPIC #r :x", "MODE #r +m", "AWAY :x", "NICK eva", "SETNAME :x", "PART #r", "QUIT"
    )
    assert far.say() == []
