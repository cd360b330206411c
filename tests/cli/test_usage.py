"""`tertulia usage`: the ledger as a table, as CSV, as JSON."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tertulia.cli import language
from tertulia.cli.usage import FORMS, run, sums
from tertulia.cli.world import SystemClock
from tertulia.models.ledger import LedgerError
from tertulia.protocol.history import RoomMoved, RoomRecord
from tertulia.protocol.ledger import Caller
from tertulia.protocol.names import valid_nick, valid_room
from tertulia.store.ledger import open_ledger
from tertulia.store.open import open_store
from tests.contracts.ledger import call, ended, keep


@pytest.fixture
def config(folder: Path) -> Path:
    """Three calls: one whole, one without a price, one that never ended."""
    open_store("sqlite:///data/tertulia.db", "normal", SystemClock()).close()
    ledger = open_ledger("sqlite:///data/tertulia.db", LedgerError)
    ledger.settle(ended(keep(ledger, call(1_000))))
    other = call(86_400_000, day="2026-11-23", caller=Caller("bob", None, ""), model="lola", priced=False)
    ledger.settle(ended(keep(ledger, other), nano=0, outcome="failed", estimated=True))
    keep(ledger, call(172_800_000, day="2026-11-24"))
    ledger.close()
    file = folder / "t.toml"
    file.write_text('[ledger]\ntimezone = "UTC"\n', encoding="utf-8")
    return file


def rows(capsys: pytest.CaptureFixture[str], config: Path, by: str, **bounds: str) -> list[dict[str, str]]:
    assert run(by, bounds.get("since"), bounds.get("until"), "csv", config) == 0
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


@pytest.mark.parametrize(
    ("by", "names"),
    [
        ("model", ["gpt", "lola"]),
        ("day", ["2026-11-22", "2026-11-23", "2026-11-24"]),
        ("month", ["2026-11"]),
        ("account", ["Ana", "~bob"]),
        ("room", ["#r", "(private)"]),
        ("outcome", ["failed", "open", "whole"]),
    ],
)
def test_it_adds_up_by_what_one_asks(
    config: Path, capsys: pytest.CaptureFixture[str], by: str, names: list[str]
) -> None:
    found = rows(capsys, config, by)
    assert sorted(row["name"] for row in found) == sorted(names)
    assert sum(int(row["calls"]) for row in found) == 3
    assert sum(int(row["unpriced"]) for row in found) == 1


def test_a_row_says_all(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert rows(capsys, config, "model")[0] == {
        "name": "gpt", "calls": "2", "tokens_in": "30", "tokens_cached": "5", "tokens_out": "10",
        "cost": "0.000000", "currency": "USD", "unpriced": "0", "estimated": "0", "failed": "0",
    }  # fmt: skip


def test_no_zero_stands_where_no_price_is_known(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("model", None, None, "table", config) == 0
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines() if line.strip()}
    assert "price unknown" in lines["lola"] and "0.000000" not in lines["lola"]
    assert "0.000000" in lines["gpt"], "what has a price has one, however small"
    assert run("month", None, None, "table", config) == 0
    assert "0.000000 + unknown" in capsys.readouterr().out
    language.choose("es")
    assert run("model", None, None, "table", config) == 0
    assert "precio desconocido" in capsys.readouterr().out


def test_bounds_are_days(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = rows(capsys, config, "day", since="1970-01-02", until="1970-01-03")
    assert [row["name"] for row in found] == ["2026-11-23"]


def test_open_reservations_are_shown(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("model", None, None, "table", config) == 0
    table = capsys.readouterr().out
    assert "tokens in" in table and "under way, reserved: gpt, Ana, #r, 2026-11-24: 100 tokens" in table
    assert run("model", None, None, "json", config) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["state"] for one in found["reservations"]] == ["open"] and len(found["rows"]) == 2


def test_what_is_wrong_is_said(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("weather", None, None, "table", config) == 1
    assert run("day", "yesterday", None, "table", config) == 1
    assert "2026-01-31" in capsys.readouterr().err
    config.write_text('[store]\ndurability = "off"\n', encoding="utf-8")
    assert run("day", None, None, "table", config) == 1


def test_a_database_that_is_not_there(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "t.toml").write_text("", encoding="utf-8")
    assert run("day", None, None, "table", folder / "t.toml") == 1
    assert "no such database" in capsys.readouterr().err


def test_currencies_are_not_mixed() -> None:
    assert len(sums([call(), call(currency="EUR")], "model")) == 2


@pytest.mark.parametrize("name", ["#[/x]", "~[bold]ana", "#[red]", "#a\\[b]"])
def test_names_are_shown_as_they_are(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Rooms and nicks may have brackets, which the table's library takes for markup."""
    FORMS["table"](sums([call(1_000, caller=Caller("x", None, name))], "room"), [])
    assert name in capsys.readouterr().out


@pytest.mark.parametrize("name", ["#r", "#=1+1", '#"', "#-1", "#@x"])
def test_no_cell_of_the_csv_is_a_formula(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Of accounts, guests, rooms and models none can begin with a sign that a spreadsheet obeys."""
    assert valid_room(name) and not valid_nick("=x") and not valid_nick("-x") and not valid_nick("@x")
    FORMS["csv"](sums([call(1_000, caller=Caller("x", None, name))], "room"), [])
    (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert row["name"] == name
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row.values())


def test_a_renamed_room_is_called_as_it_is_now(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And not as one that has its old name by then."""
    kept = (("buffer", "#r"), ("names", "#r"))
    store = open_store("sqlite:///data/tertulia.db", "normal", SystemClock())
    store.commit([RoomMoved("#r", RoomRecord("#s", "#s", 1, settings=kept))])
    store.commit([RoomRecord("#r", "#r", 2, settings=(("buffer", "#r 2"),))])
    store.close()
    ledger = open_ledger("sqlite:///data/tertulia.db", LedgerError)
    keep(ledger, call(1_000, caller=Caller("eva", "Eva", "#r 2")))
    ledger.close()
    found = {row["name"]: row["calls"] for row in rows(capsys, config, "room")}
    assert found == {"#s": "2", "#r": "1", "(private)": "1"}
    assert run("room", None, None, "table", config) == 0
    assert "gpt, Ana, #s, 2026-11-24" in capsys.readouterr().out
