"""A person's own data: what is in it, what is not, and that nobody waits for it."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tertulia import limits
from tertulia.protocol.history import Message, Own
from tests.support.desk import Desk, basic
from tests.support.failing import FailingStore
from tests.support.town import Client, Town


def notices(client: Client, turns: int = 400) -> list[str]:
    """All that NickServ says until it is done; the disk's threads are waited for."""

    async def until() -> list[str]:
        heard: list[str] = []
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))  # one thing after the other
        for _ in range(turns):
            client.town.advance(limits.EXPORT_REST_SECONDS)
            await asyncio.to_thread(int)  # a fence: what was given to the thread before is done
            heard += [line.partition(" :")[2] for line in client.take() if "NickServ!" in line]
            if not client.town.hub.takeouts._under_way:
                return heard
        raise AssertionError(f"it does not end: {heard}")

    return asyncio.run(until())


def entries(desk: Desk, links: list[str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for link in links:
        answer = desk.ask("GET", link.partition("8080")[2])
        assert answer.status_code == 200 and "attachment" in answer.headers["content-disposition"]
        found += [json.loads(line) for line in answer.text.splitlines()]
    return found


def links(heard: list[str]) -> list[str]:
    return [text.rpartition(" ")[2] for text in heard if "http://" in text]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_everything_of_ones_own_and_nothing_else(desk: Desk) -> None:
    ana, eva = desk.member("ana", "#r"), desk.member("eva", "#r")
    ana.say("CS REGISTER #r", "PRIVMSG #r :mía", "PRIVMSG eva :en privado", "NS SET always-on on")
    eva.say("PRIVMSG #r :ajena", "PRIVMSG ana :respuesta")
    path = desk.hand_in(name="gato.png")
    assert "gathered" in ana.say("NS EXPORT")[-1]
    found = entries(desk, links(notices(ana)))
    account, *rest = found
    assert account["account"] == "ana" and account["settings"] == {"always-on": "on"}
    assert not {"password", "scram"} & account.keys() and "longpassword" not in json.dumps(found)
    assert {"kind": "room", "room": "#r", "role": "founder"} in rest
    (file,) = (one for one in rest if one["kind"] == "file")
    assert file["name"] == "gato.png" and file["link"].endswith(path)
    said = [one["text"] for one in rest if one["kind"] == "PRIVMSG"]
    assert said == ["mía", "en privado", "respuesta"]


def test_in_spanish_and_by_its_other_name(desk: Desk) -> None:
    ana = desk.member("ana")
    ana.say("LANGUAGE es")
    assert "reuniendo" in ana.say("NS EXPORTAR")[-1]
    assert "Tus datos, 1 de 1" in notices(ana)[-1]


def test_it_lasts_a_day(desk: Desk) -> None:
    ana = desk.member("ana")
    ana.say("NS EXPORT")
    (link,) = links(notices(ana))
    desk.town.advance(limits.EXPORT_SECONDS - 60)
    assert desk.ask("GET", link.partition("8080")[2]).status_code == 200
    desk.town.advance(120)
    assert desk.ask("GET", link.partition("8080")[2]).status_code == 404
    kept = desk.hand_in()
    desk.town.advance(limits.EXPORT_SECONDS + 60)
    assert desk.ask("GET", kept, headers=basic("ana")).status_code == 200  # other files stay as they did


def test_more_than_one_file(tmp_path: Path) -> None:
    desk = Desk(tmp_path, file_bytes=2_000)
    ana = desk.member("ana", "#r")
    for number in range(20):
        ana.say(f"PRIVMSG #r :{number} {'x' * 100}")
    ana.say("NS EXPORT")
    found = links(notices(ana))
    assert len(found) > 2
    assert len([one for one in entries(desk, found) if one["kind"] == "PRIVMSG"]) == 20


def test_small_steps_and_others_meanwhile(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "EXPORT_ROWS", 3)
    ana, eva = desk.member("ana", "#r"), desk.member("eva", "#r")
    for number in range(20):
        eva.say(f"PRIVMSG #r :{number}")
    ana.say("PRIVMSG #r :la última")
    looked: list[int] = []
    own = desk.town.store.own

    def watched(wanted: Own) -> tuple[list[Message], int]:
        looked.append(wanted.after)
        return own(wanted)

    monkeypatch.setattr(desk.town.store, "own", watched)
    ana.say("NS EXPORT")
    desk.town.advance(limits.EXPORT_REST_SECONDS)
    assert len(looked) <= 1  # one step, and then others
    assert any("PONG" in line for line in ana.say("PING still-here"))
    found = entries(desk, links(notices(ana)))
    assert len(looked) > 6 and [one["text"] for one in found if one["kind"] == "PRIVMSG"] == ["la última"]


def test_who_asks_twice_or_is_nobody(desk: Desk) -> None:
    ana = desk.member("ana")
    assert "Log in first" in desk.town.join("guest").say("NS EXPORT")[-1]
    ana.say("NS EXPORT")
    assert "already" in ana.say("NS EXPORT")[-1]
    notices(ana)
    assert "ten minutes" in ana.say("NS EXPORT")[-1]
    desk.town.clock.ms += int(limits.EXPORT_AGAIN_SECONDS * 1000)
    assert "You will be told" in ana.say("NS EXPORT")[-1]
    for nick in ("eva", "leo"):
        last = desk.member(nick).say("NS EXPORT")[-1]
    assert "Others" in last


def test_another_device_is_told_when_the_first_is_gone(desk: Desk) -> None:
    ana = desk.member("ana")
    ana.say("NS EXPORT")
    ana.say("QUIT")
    other = desk.town.join("ana2")
    other.say("NS IDENTIFY ana longpassword")
    assert len(links(notices(other))) == 1


def test_an_account_that_is_deleted_meanwhile(desk: Desk) -> None:
    ana = desk.member("ana")
    ana.say("NS EXPORT", "NS DROP longpassword")
    assert links(notices(ana)) == [] and not desk.desk.under_way


def test_without_a_place_for_files_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "EXPORT_NOTICES", 2)
    town = Town()
    ana = town.join("ana", "#r")
    ana.say("NS REGISTER longpassword", "PRIVMSG #r :1", "PRIVMSG #r :2", f"PRIVMSG #r :3 {'x' * 300}")
    ana.say("NS EXPORT")
    heard = notices(ana)
    assert "2 of 3" in heard[-1] and '"account": "ana"' in heard[0]
    assert not any('"text": "1"' in text for text in heard) and any('"text": "2"' in text for text in heard)
    assert '"text": "3 ' + "x" * 300 in "".join(heard)


def test_a_store_that_cannot_be_read(desk: Desk) -> None:
    store = FailingStore()
    town = Town(store)
    ana = town.join("ana")
    ana.say("NS REGISTER longpassword", "NS EXPORT")
    store.fail(reading=True)
    assert "could not be gathered" in notices(ana)[-1]
    store.mend()
    assert "You will be told" in ana.say("NS EXPORT")[-1]
