"""Every older database comes to the newest shape, whole; what is not ours is left alone."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from tertulia.ports import StoreError
from tertulia.protocol.history import Mask, Message, Page, RoomRecord
from tertulia.store.migrate import HEAD, KNOWN, SCRIPTS, upgrade
from tertulia.store.schema import metadata
from tertulia.store.sqlite import SqliteStore
from tests.store.conftest import MovedClock

OLDEST = """
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
INSERT INTO alembic_version VALUES ('0001');
CREATE TABLE messages (id INTEGER NOT NULL, time_ms BIGINT NOT NULL, buffer TEXT NOT NULL, kind TEXT NOT NULL,
    source TEXT NOT NULL, target TEXT NOT NULL, text TEXT NOT NULL, account TEXT, sender TEXT,
    recipient TEXT, tags TEXT DEFAULT '' NOT NULL, cuts TEXT DEFAULT '' NOT NULL,
    state TEXT DEFAULT '' NOT NULL, PRIMARY KEY (id));
CREATE INDEX ix_messages_buffer ON messages (buffer, id);
CREATE INDEX ix_messages_sender ON messages (sender, buffer) WHERE sender IS NOT NULL;
CREATE INDEX ix_messages_recipient ON messages (recipient, buffer) WHERE recipient IS NOT NULL;
CREATE INDEX ix_messages_open ON messages (id) WHERE state = 'open';
CREATE TABLE pieces (message_id INTEGER NOT NULL, number INTEGER NOT NULL, text TEXT NOT NULL,
    concat BOOLEAN NOT NULL, PRIMARY KEY (message_id, number),
    FOREIGN KEY(message_id) REFERENCES messages (id) ON DELETE CASCADE) WITHOUT ROWID;
CREATE TABLE rooms ("key" TEXT NOT NULL, name TEXT NOT NULL, created_at BIGINT NOT NULL, topic TEXT NOT NULL,
    topic_by TEXT NOT NULL, topic_at BIGINT NOT NULL, flags TEXT NOT NULL, password TEXT NOT NULL,
    member_limit INTEGER NOT NULL, PRIMARY KEY ("key")) WITHOUT ROWID;
CREATE TABLE room_masks (room TEXT NOT NULL, list TEXT NOT NULL, position INTEGER NOT NULL,
    mask TEXT NOT NULL, set_by TEXT NOT NULL, set_at BIGINT NOT NULL, PRIMARY KEY (room, list, position),
    CONSTRAINT ck_room_masks_list CHECK (list IN ('b', 'e', 'I')),
    FOREIGN KEY(room) REFERENCES rooms ("key") ON DELETE CASCADE) WITHOUT ROWID;
INSERT INTO messages VALUES (5, 1, '#tea', 'PRIVMSG', 'ana!a@h', '#Tea', 'one' || char(10) || 'two',
    'ana', NULL, NULL, '+a=b', 'n3,n3', '');
INSERT INTO messages (id, time_ms, buffer, kind, source, target, text, state)
    VALUES (7, 2, '#tea', 'PRIVMSG', 'lola!l@h', '#Tea', '', 'open');
INSERT INTO pieces VALUES (7, 0, 'half', 0);
INSERT INTO pieces VALUES (7, 1, ' an answer', 1);
INSERT INTO rooms VALUES ('#tea', '#Tea', 1, 'topic', 'ana!a@h', 2, 'nt', 'key', 9);
INSERT INTO room_masks VALUES ('#tea', 'b', 0, 'x!*@*', 'ana', 3);
INSERT INTO room_masks VALUES ('#tea', 'I', 0, 'y!*@*', 'ana', 4);
"""
"""A database of the first release, frozen here: it must be understood for ever."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "100% ours.db"  # Alembic's settings know the percent sign


def run(path: Path, script: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)


def shape(path: Path) -> dict[str, str]:
    """The definition of each table and index, without spaces and quotes; the index of words apart, which
    every store makes for itself."""
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {name: re.sub(r"[\s\"]+", "", text) for name, text in found
            if name != "alembic_version" and not name.startswith("words")}  # fmt: skip


def test_the_oldest_database_is_migrated_with_all_it_holds(path: Path, clock: MovedClock) -> None:
    run(path, OLDEST)
    store = SqliteStore(path, "full", clock)
    first, second = store.page(Page(("#tea",)))
    assert first == Message(
        5, 1, "#tea", "PRIVMSG", "ana!a@h", "#Tea", "one\ntwo", "ana", None, None, "+a=b", "n3,n3"
    )
    assert (second.text, second.state) == ("half an answer", "incomplete")
    bans, invitations = (Mask("x!*@*", "ana", 3),), (Mask("y!*@*", "ana", 4),)
    assert list(store.rooms()) == [
        RoomRecord("#tea", "#Tea", 1, "topic", "ana!a@h", 2, "nt", "key", 9, bans, (), invitations)
    ]
    store.close()
    fresh = path.with_name("fresh.db")
    upgrade(fresh)
    assert shape(path) == shape(fresh)


CALL = """
INSERT INTO calls (time_ms, day, model, provider, provider_model, nick, account, room, purpose, fallback_for,
    currency, reserved_tokens, reserved_nano, outcome, tokens_in, tokens_out, tokens_cached, nano, priced,
    estimated)
VALUES (1, '2026-11-22', 'lola', 'x', 'y', 'ana', {account}, '#r', 'answer', '', 'USD', 9, 0, '{outcome}',
    30, 10, 0, {nano}, {priced}, 0);
"""


def test_sums_of_before_know_what_had_no_price(path: Path) -> None:
    """Revision 0013: counted out of the calls, each under all its scopes; what is open counts nothing."""
    upgrade(path, "0012")
    for account, outcome, priced in (("NULL", "whole", 0), ("'Ana'", "whole", 0), ("'Ana'", "whole", 1)):
        run(path, CALL.format(account=account, outcome=outcome, nano=7 * priced, priced=priced))
    run(path, CALL.format(account="NULL", outcome="open", nano=0, priced=0))
    keys = [("all", ""), ("model", "lola"), ("purpose", "answer"), ("room", "#r"), ("guests", "")]
    for scope, name in [*keys, ("account", "ana"), ("model", "other")]:
        for period in ("2026-11-22", "2026-11"):
            run(
                path, f"INSERT INTO spending VALUES ('{scope}', '{name}', '{period}', 'USD', 3, 120, 7, 0, 0)"
            )
    upgrade(path)
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT scope, name, unpriced_tokens FROM spending").fetchall()
    expected = {scope: 80 for scope, _ in keys} | {"guests": 40, "account": 40}
    assert len(found) == 14
    assert all(tokens == (0 if name == "other" else expected[scope]) for scope, name, tokens in found)


def test_when_somebody_came_is_kept_to_the_millisecond(path: Path) -> None:
    """Revision 0014."""
    upgrade(path, "0013")
    rooms = '[["#Tea", 8, 7], ["#cañada", 0, 0]]'
    run(path, f"INSERT INTO presences VALUES ('ana', 'ana', 'a', 'h', 'Ana', '', '', 1, 2, '{rooms}')")
    upgrade(path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT rooms FROM presences").fetchone()[0] == (
            '[["#Tea", 8, 7999], ["#cañada", 0, 0]]'
        )


def test_the_steps_lead_to_the_schema(path: Path) -> None:
    upgrade(path)
    declared = path.with_name("declared.db")
    for file in (path, declared):
        engine = sa.create_engine(f"sqlite:///{file}")
        with engine.begin() as connection:
            if file is declared:
                metadata.create_all(connection)
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        engine.dispose()
    assert shape(path) == shape(declared)  # partial indexes and checks too, which Alembic does not compare


def test_the_steps_are_one_line_and_their_names_are_known() -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [HEAD]
    assert {step.revision for step in scripts.walk_revisions()} == KNOWN


def test_a_step_cut_short_leaves_no_trace(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from alembic.operations import Operations

    def fail(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("the power went")

    monkeypatch.setattr(Operations, "create_index", fail)
    with pytest.raises(sqlite3.OperationalError):
        upgrade(path)
    assert shape(path) == {}


def test_a_database_of_another_program_is_left_alone(path: Path, clock: MovedClock) -> None:
    run(path, "CREATE TABLE theirs (x)")
    with pytest.raises(StoreError, match="another program"):
        SqliteStore(path, "full", clock)
    assert set(shape(path)) == {"theirs"}


def test_a_database_of_a_newer_program_is_left_alone(path: Path, clock: MovedClock) -> None:
    run(path, OLDEST.replace("'0001'", "'9999'"))
    with pytest.raises(StoreError, match=r"newer Tertulia.*9999"):
        SqliteStore(path, "full", clock)


def test_postgresql_would_get_the_same_tables() -> None:
    from sqlalchemy.dialects import postgresql
    from sqlalchemy.schema import CreateIndex, CreateTable

    dialect = postgresql.dialect()
    tables = {
        table.name: str(CreateTable(table).compile(dialect=dialect)) for table in metadata.sorted_tables
    }
    assert re.search(r"id BIGINT NOT NULL", tables["messages"])
    assert "ROWID" not in "".join(tables.values())
    indexes = [
        str(CreateIndex(index).compile(dialect=dialect)) for index in metadata.tables["messages"].indexes
    ]
    assert sum("WHERE" in index for index in indexes) == 3
