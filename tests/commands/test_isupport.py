"""ISUPPORT: modern-irc, "Feature Advertisement"; IRCv3 extended-isupport, network-icon."""

from __future__ import annotations

import pytest

from tests.support.reading import all_of, has, tag, the
from tests.support.town import Town, commands


def test_before_registration() -> None:
    """ "When the `draft/extended-isupport` capability is enabled by the client, the server MUST accept
    `ISUPPORT` commands before connection registration completes" (IRCv3 extended-isupport)"""
    client = Town(network="Red").connect()
    assert commands(client.say("ISUPPORT")) == ["451"]
    lines = client.say("CAP REQ :draft/extended-isupport", "ISUPPORT")[1:]
    assert lines and all(line.command == "005" and line.params[0] == "*" for line in all_of(lines, "005"))
    assert any(" NETWORK=Red " in line for line in lines)


def test_any_client_may_ask_later() -> None:
    """ "A new `ISUPPORT` command is introduced to request the full `RPL_ISUPPORT` list." (IRCv3
    extended-isupport)"""
    lines = Town().join("ana").say("ISUPPORT")
    assert lines and set(commands(lines)) == {"005"}


@pytest.mark.parametrize("caps", ["batch draft/extended-isupport", "draft/extended-isupport batch"])
def test_in_a_batch(caps: str) -> None:
    """ "The server MUST NOT send any unbatched `RPL_ISUPPORT` message while both of these capabilities are
    enabled. The order in which the capabilities are enabled is not significant." (IRCv3 extended-isupport)"""
    client = Town().connect()
    client.say("CAP LS 302", f"CAP REQ :{caps}")
    for line in ("ISUPPORT", "NICK ana", "USER ana 0 * :Ana", "CAP END", "VERSION"):
        lines = client.say(line)
        opened = [one.params[0][1:] for one in all_of(lines, "BATCH") if one.params[0][0] == "+"]
        assert all(tag(one, "batch") in opened for one in all_of(lines, "005")), lines
        assert bool(opened) is (line in ("ISUPPORT", "CAP END", "VERSION"))
        for start in (one for one in all_of(lines, "BATCH") if one.params[0][0] == "+"):
            assert start.params[1] == "draft/isupport"


def test_a_labelled_batch_bears_its_label() -> None:
    ana = Town().join("ana", caps="batch draft/extended-isupport labeled-response")
    lines = ana.say("@label=x ISUPPORT")
    assert tag(all_of(lines, "BATCH")[0], "label") == "x"
    assert not any("labeled-response" in line for line in lines)


def test_the_icon() -> None:
    """ "If a server publishes a `draft/ICON` ISUPPORT token, the value MUST be a URL to an image." (IRCv3
    network-icon)"""
    with_icon = Town(icon="https://example.org/icon.svg").join("ana").say("ISUPPORT")
    assert any(" draft/ICON=https://example.org/icon.svg " in line for line in with_icon)
    assert not any("draft/ICON" in line for line in Town().join("ana").say("ISUPPORT"))


def test_long_values_fit_their_lines() -> None:
    town = Town(icon=f"https://example.org/{'x' * 280}", client_tags_denied=tuple("t" * 40 for _ in range(8)))
    lines = town.join("n" * 32).say("ISUPPORT")
    assert all(len(line.encode()) <= 510 for line in lines)


def test_no_implicit_names() -> None:
    """ "When negotiated, servers MUST NOT send an implicit `NAMES` reply after sending a `JOIN` message.
    Servers MUST reply to explicit `NAMES` commands sent by the client as usual." (IRCv3 no-implicit-names)"""
    town = Town()
    ana, bob = town.join("ana", caps="no-implicit-names"), town.join("bob")
    assert commands(ana.say("JOIN #r")) == ["JOIN"]
    assert commands(ana.say("NAMES #r")) == ["353", "366"]
    assert has(bob.say("JOIN #r"), "353")
    assert the(ana.say(), "JOIN").params == ["#r"]
