"""Server notices: mode `+s` with its letters, for operators who may listen."""

from __future__ import annotations

import pytest

from tertulia.commands.notices import WORDS
from tertulia.commands.settings import Operator
from tertulia.ports import Peer
from tests.support.reading import has, texts, the
from tests.support.town import Client, Town, commands

EVA = Peer("irc", "192.0.2.7")


@pytest.fixture
def town() -> Town:
    return Town(
        operators=(Operator("root", "secret"), Operator("deaf", "secret", rights=frozenset({"kill"})))
    )


@pytest.fixture
def root(town: Town) -> Client:
    client = town.join("root")
    client.say("OPER root secret")
    return client


def test_letters_are_set_added_and_taken_away(root: Client) -> None:
    """RPL_SNOMASK (008): "<client> <snomask> :Server notice mask"."""
    lines = root.say("MODE root +s")
    assert the(lines, "MODE").params == ["root", "+s", "kostux"]
    assert the(lines, "008").params[1] == "+kostux"
    assert the(root.say("MODE root +s c-kx"), "008").params[1] == "+costu"
    assert the(root.say("MODE root"), "221").params[-1] == "+os"
    assert the(root.say("MODE root -s"), "MODE").params == ["root", "-s"]
    assert not has(root.say("MODE root +s z"), "008")


def test_what_is_heard(town: Town, root: Client) -> None:
    root.say("MODE root +s cdknosux")
    eva = town.join("eva", peer=EVA)
    assert texts(root.take(), "NOTICE") == ["*** eva!~eva@192.0.2.7 connected by irc (Eva)"]
    eva.say("NICK eve")
    assert texts(root.say(), "NOTICE") == ["*** eva is eve now (192.0.2.7)"]
    eva.say("OPER root wrong")
    assert texts(root.say(), "NOTICE") == ["*** eve (192.0.2.7) failed to become operator root"]
    heard = texts(root.say("KILL eve :x"), "NOTICE")
    assert heard == [
        "*** root killed eve!~eva@192.0.2.7: x",
        "*** eve!~eva@192.0.2.7 left: Killed (root (x))",
    ]
    assert "ban on 192.0.2.7 for ever" in texts(root.say("DLINE 192.0.2.7 x"), "NOTICE")[0]


def test_only_what_was_asked_for_in_ones_language(town: Town, root: Client) -> None:
    root.say("LANGUAGE es", "MODE root +s k")
    town.join("eva")
    assert texts(root.take(), "NOTICE") == []
    assert texts(root.say("KILL eva :x"), "NOTICE") == ["*** root expulsó a eva!~eva@127.0.0.1: x"]


def test_only_for_those_who_may(town: Town, root: Client) -> None:
    deaf = town.join("deaf")
    assert commands(deaf.say("MODE deaf +s")) == ["481"]
    deaf.say("OPER deaf secret")
    assert commands(deaf.say("MODE deaf +s")) == ["723"]
    root.say("MODE root +s c", "MODE root -o")
    town.join("eva")
    assert root.take() == [] and not town.network.listeners


def test_every_notice_has_the_same_fields_in_both_languages() -> None:
    import re

    for word, (english, spanish) in WORDS.items():
        assert set(re.findall(r"\{(\w+)\}", english)) == set(re.findall(r"\{(\w+)\}", spanish)), word
