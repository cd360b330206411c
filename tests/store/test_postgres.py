"""PostgreSQL keeps the contract, over restarts of its own and of ours."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from tertulia.limits import STORE_RETRY_SECONDS
from tertulia.ports import Clock, Store, StoreError
from tertulia.protocol.history import Mask, Page, Piece, RoomRecord
from tertulia.store.export import history
from tertulia.store.postgres import PostgresStore
from tertulia.store.postgres_failures import code_of
from tertulia.store.schema import metadata
from tests.contracts.forgetting import ForgettingContract
from tests.contracts.happenings import HappeningsContract
from tests.contracts.search import SearchContract
from tests.contracts.store import StoreContract, at, said, texts, whispered
from tests.store.conftest import MovedClock
from tests.support import postgres


@pytest.fixture
def url() -> Iterator[str]:
    url = postgres.database()
    yield url
    postgres.drop(url)


class TestPostgresStore(StoreContract, SearchContract, HappeningsContract, ForgettingContract):
    @pytest.fixture
    def store(self, url: str, clock: Clock) -> Iterator[Store]:
        store = PostgresStore(url, "full", clock)
        yield store
        store.close()


def test_everything_is_there_after_a_restart(url: str, clock: MovedClock) -> None:
    room = RoomRecord("#tea", "#Tea", 1, "topic", flags="nt", bans=(Mask("a!*@*", "x", 1),))
    kept = [said(1), whispered(2, "ANA", "BOB"), said(3, account="ana")]
    store = PostgresStore(url, "normal", clock)
    store.commit([*kept, room])
    store.close()
    again = PostgresStore(url, "full", clock)
    assert again.page(Page(("#tea", "ANA BOB"))) == kept
    assert list(again.rooms()) == [room]
    assert again.last_id() == at(3)
    again.close()


def test_a_stream_left_open_is_closed_with_what_there_is(url: str, clock: MovedClock) -> None:
    store = PostgresStore(url, "full", clock)
    store.commit([said(1, text="", state="open"), Piece(at(1), 0, "half", False)])
    store.close()
    again = PostgresStore(url, "full", clock)
    (message,) = again.page(Page(("#tea",)))
    assert (message.text, message.state) == ("half", "incomplete")
    again.close()


def test_the_tables_are_made_in_an_empty_database(clock: MovedClock) -> None:
    url = postgres.database(empty=True)
    store = PostgresStore(url, "full", clock)
    store.commit([said(1)])
    assert texts(store.page(Page(("#tea",)))) == ["line 1"]
    store.close()
    postgres.drop(url)


def test_the_database_of_another_program_is_left_alone(clock: MovedClock) -> None:
    url = postgres.database(empty=True)
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE theirs (a INTEGER)")
    with pytest.raises(StoreError, match="another program"):
        PostgresStore(url, "full", clock)
    postgres.drop(url)


def test_one_server_for_one_database(url: str, clock: MovedClock) -> None:
    first = PostgresStore(url, "full", clock)
    with pytest.raises(StoreError) as refused:
        PostgresStore(url, "full", clock)
    assert refused.value.code == "locked" and "another server" in str(refused.value)
    first.close()
    PostgresStore(url, "full", clock).close()


def test_a_lost_connection_is_made_again(url: str, clock: MovedClock) -> None:
    """Refused at once while the pause lasts, then served again, with all that was acknowledged."""
    store = PostgresStore(url, "full", clock)
    store.commit([said(1)])
    postgres.end_connections(url)
    for _ in range(2):
        with pytest.raises(StoreError) as refused:
            store.commit([said(2)])
        assert refused.value.code == "failed"
    clock.seconds += STORE_RETRY_SECONDS + 1
    store.commit([said(3)])
    assert texts(store.page(Page(("#tea",)))) == ["line 1", "line 3"]
    store.close()


def test_what_cannot_be_a_text_is_refused_alone(url: str, clock: MovedClock) -> None:
    store = PostgresStore(url, "full", clock)
    for broken in (said(1, text="\udcff"), said(2, id=1 << 64), said(3, text=None), said(5, text="a\x00b")):
        with pytest.raises(StoreError) as refused:
            store.commit([said(9), broken])
        assert refused.value.code == "failed"
    store.commit([said(4)])  # at once: no pause, for the database is well
    assert texts(store.page(Page(("#tea",)))) == ["line 4"]
    store.close()


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("postgresql://tertulia:hunter2@127.0.0.1:1/tertulia", "failed"),
        ("postgresql://tertulia:hunter2@/tertulia?host=/nowhere", "failed"),
    ],
)
def test_nobody_answers(clock: MovedClock, url: str, code: str) -> None:
    with pytest.raises(StoreError) as refused:
        PostgresStore(url, "full", clock)
    assert refused.value.code == code
    assert "hunter2" not in str(refused.value) and "postgresql://" in str(refused.value)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ('FATAL:  database "x" does not exist', "denied"),
        ("FATAL:  no existe la base de datos «x»", "denied"),
        ("FATAL:  no existe el rol «ana»", "denied"),
        ('FATAL:  password authentication failed for user "ana"', "denied"),
        ("FATAL:  la autentificación password falló para el usuario «ana»", "denied"),
        ("connection failed: No such file or directory", "failed"),
        ("connection failed: No existe el fichero o el directorio", "failed"),
    ],
)
def test_a_refusal_is_known_in_either_language(words: str, code: str) -> None:
    """Who is refused while connecting is told in the words of the database's own language, and no state."""
    assert code_of(psycopg.OperationalError(words)) == code


def test_the_steps_lead_to_the_tables_of_the_code(url: str) -> None:
    """As on SQLite; the index of words is no table of theirs."""
    engine = sa.create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(url), poolclass=sa.NullPool
    )
    with engine.connect() as found:
        assert compare_metadata(MigrationContext.configure(found), metadata) == []


def test_texts_compare_by_bytes_whatever_the_database_s_language(url: str, clock: MovedClock) -> None:
    store = PostgresStore(url, "full", clock)
    names = ["#a", "#B", "#ñ", "#n", "#z"]
    store.commit([RoomRecord(name, name, 1) for name in names])
    assert [room.key for room in store.rooms()] == sorted(names)
    store.close()


def test_history_is_exported_while_the_server_runs(url: str, clock: MovedClock) -> None:
    store = PostgresStore(url, "full", clock)
    store.commit([said(1), said(2, "#other")])
    assert [entry["text"] for entry in history(url)] == ["line 1", "line 2"]
    assert [entry["text"] for entry in history(url, ["#other"])] == ["line 2"]
    store.close()


def test_a_database_that_is_not_there(url: str, clock: MovedClock) -> None:
    with pytest.raises(StoreError) as refused:
        PostgresStore(url.replace("///", "///no_"), "full", clock)
    assert refused.value.code == "denied" and "CREATE DATABASE" in str(refused.value)
