"""What the shell may ask: each deed on a hub, its answer, and its place in the audit log."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Any

import pytest

from tertulia.ports import Peer
from tertulia.protocol.accounts import AccountRecord
from tertulia.protocol.audit import AuditPage
from tertulia.server.control import DEEDS, answer
from tests.support.failing import FailingStore
from tests.support.reading import has, texts
from tests.support.town import Town

EVA = Peer("irc", "192.0.2.7")


def ask(town: Town, do: str, **args: Any) -> dict[str, Any]:
    found = asyncio.run(answer(town.hub, {"do": do, **args}, "shell:7"))
    town.run()
    return found


def rows(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [dict(zip(found["columns"], row, strict=True)) for row in found["rows"]]


def test_bans_are_made_listed_and_lifted(town: Town) -> None:
    eva = town.join("eva", peer=EVA)
    made = ask(town, "bans.add", target="192.0.2.0/24", duration="1d", reason="spam", note="n")
    assert made["text"].endswith("spam; 1 put out") and eva.wire.closed and has(eva.take(), "465")
    (row,) = rows(ask(town, "bans.list"))
    assert (row["effect"], row["target"], row["by"], row["note"]) == ("ban", "192.0.2.0/24", "shell:7", "n")
    assert ask(town, "bans.remove", target="1") == {"text": "Lifted: 192.0.2.0/24"}
    assert "error" in ask(town, "bans.remove", target="192.0.2.0/24")
    assert [entry.deed for entry in town.store.audit(AuditPage())] == ["BAN", "LIFT"]


@pytest.mark.parametrize(
    "args",
    [
        {"target": "0.0.0.0/0"},
        {"target": "nobody"},
        {"target": "192.0.2.7", "duration": "soon"},
        {"target": "192.0.2.7", "effect": "kiss"},
        {},
        {"target": 7},
    ],
)
def test_bans_that_cannot_be(town: Town, args: dict[str, Any]) -> None:
    assert "error" in ask(town, "bans.add", **args)
    assert not list(town.network.bans)


def test_everybody_with_force(town: Town) -> None:
    assert "text" in ask(town, "bans.add", target="0.0.0.0/0", force=True)


def test_who_is_here(town: Town) -> None:
    town.join("eva", "#r", peer=EVA), town.join("bob", "#r", "#s")
    assert [(row["room"], row["members"]) for row in rows(ask(town, "rooms"))] == [("#r", 2), ("#s", 1)]
    everybody = rows(ask(town, "members"))
    assert [(row["nick"], row["address"], row["rooms"]) for row in everybody] == [
        ("bob", "127.0.0.1", "#r #s"), ("eva", "192.0.2.7", "#r"),
    ]  # fmt: skip
    assert [(row["nick"], row["rank"]) for row in rows(ask(town, "members", room="#R"))] == [
        ("eva", "@"), ("bob", ""),
    ]  # fmt: skip
    assert "error" in ask(town, "members", room="#none")


def test_the_rest(town: Town) -> None:
    eva = town.join("eva", peer=EVA)
    assert ask(town, "announce", text="hola") == {"text": "Told to 1"}
    assert texts(eva.take(), "NOTICE") == ["hola"]
    assert "error" in ask(town, "kill", nick="nobody")
    assert "text" in ask(town, "kill", nick="EVA", reason="x") and eva.wire.closed
    assert ask(town, "defcon", level=3)["text"].startswith("DEFCON 3")
    assert "error" in ask(town, "defcon", level=9)
    assert "text" in ask(town, "rehash")
    town.hub.rehash = lambda: "server.name: wrong"
    assert ask(town, "rehash") == {"error": "server.name: wrong"}
    deeds = [row["deed"] for row in rows(ask(town, "audit"))]
    assert deeds == ["ANNOUNCE", "KILL", "DEFCON", "REHASH", "REHASH"]
    assert len(rows(ask(town, "audit", what="rehash", limit=1))) == 1


def test_accounts(town: Town) -> None:
    record = AccountRecord("ana", "Ana", 1, "hash", certificates=("ab",))
    ask(town, "accounts.put", record={**asdict(record), "certificates": ["ab"]})
    assert ask(town, "accounts.list")["records"] == [asdict(record)]
    ask(town, "accounts.put", record={**asdict(record), "suspended": "x"})
    assert town.network.accounts.named("ana").suspended == "x"  # type: ignore[union-attr]
    ask(town, "accounts.put", record=asdict(record))
    assert [row["deed"] for row in rows(ask(town, "audit"))] == ["ACCOUNT", "SUSPEND", "UNSUSPEND"]
    ask(town, "accounts.drop", key="ana", name="Ana", words=True)
    assert list(town.store.accounts()) == []


def test_what_there_is_not_and_what_cannot_be_stored() -> None:
    store = FailingStore()
    town = Town(store)
    assert "error" in ask(town, "nonsense") and "error" in ask(town, "bans.remove")
    store.fail()
    refused = ask(town, "bans.add", target="192.0.2.7", language="es")["error"]
    assert "el disco está lleno" in refused and not list(town.network.bans)
    assert {"bans.list", "kill", "audit"} <= DEEDS.keys()


def test_in_spanish(town: Town) -> None:
    assert ask(town, "kill", nick="x", language="es") == {"error": "Nadie se llama x"}
