"""What every store must find, as `ports.Store.search` says. A subclass gives the fixture `store`, empty.

What belongs here: what is found through the port once the store is tended. What must not: indexes, SQL.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tertulia.ports import Store, StoreError
from tertulia.protocol.accounts import AccountGone
from tertulia.protocol.casemap import fold
from tertulia.protocol.history import Message, Piece, Redaction, Search, StreamEnd, conversation
from tertulia.protocol.words import asked_for
from tests.contracts.store import START_MS, at, said, whispered


def tended(store: Store) -> Store:
    """The store, when nothing that could wait is left to do."""
    while store.tend():
        pass
    return store


def found(store: Store, asked: str = "", *buffers: str, **fields: Any) -> list[int]:
    """The numbers of the messages that a search finds in these buffers (#tea when none is named)."""
    wanted = Search(buffers or ("#tea",), phrases=asked_for(asked))
    messages = tended(store).search(replace(wanted, **fields))
    assert all(type(message) is Message for message in messages)
    return [message.time_ms - START_MS for message in messages]


class SearchContract:
    def test_nothing_is_found_in_an_empty_store(self, store: Store) -> None:
        assert found(store, "anything") == []
        assert found(store) == []
        assert store.tend() is False

    def test_words_are_found_without_case_and_accents(self, store: Store) -> None:
        store.commit([said(1, text="¿Qué TÉ?"), said(2, text="que no"), said(3, text="te")])
        assert found(store, "té") == [1, 3]
        assert found(store, "QUE te") == [1]
        assert found(store, "nada") == []

    def test_phrases_and_beginnings(self, store: Store) -> None:
        store.commit([said(1, text="what it is"), said(2, text="is it what"), said(3, text="a socketpair")])
        assert found(store, '"it is"') == [1]
        assert found(store, "it is") == [1, 2]
        assert found(store, "socket*") == [3]
        assert found(store, "socket") == []

    def test_scripts_without_spaces(self, store: Store) -> None:
        store.commit([said(1, text="新東京駅"), said(2, text="京東")])
        assert found(store, "東京") == [1]

    def test_only_in_the_buffers_that_are_named(self, store: Store) -> None:
        store.commit([said(1, text="té"), said(2, "#b", text="té"), said(3, "#c", text="té")])
        assert found(store, "té") == [1]
        assert found(store, "té", "#b", "#c", "#nowhere") == [2, 3]
        assert tended(store).search(Search((), phrases=asked_for("té"))) == []

    def test_private_talk_is_found_by_its_two(self, store: Store) -> None:
        store.commit(
            [
                whispered(1, "ANA", "BOB", text="té"),
                whispered(2, "CARL", "ANA", text="té"),
                whispered(3, "BOB", "CARL", text="té"),
                said(4, text="té"),
            ]
        )
        assert found(store, "té", identity="ANA") == [1, 2, 4]
        assert found(store, "té", conversation("ANA", "BOB")) == [1]
        assert found(store, "té", "#b", identity="DORA") == []

    def test_by_who_said_it(self, store: Store) -> None:
        store.commit([said(1, source="José!j@h", text="té"), said(2, text="té"), said(3, source="josé!x@h")])
        assert found(store, nick=fold("JOSÉ")) == [1, 3]
        assert found(store, "té", nick=fold("José")) == [1]

    @pytest.mark.parametrize(
        ("after", "before", "limit", "newest_first", "expected"),
        [
            (0, 99, 99, True, [1, 2, 3, 4, 5]),
            (0, 99, 2, True, [4, 5]),
            (0, 99, 2, False, [1, 2]),
            (2, 5, 99, True, [3, 4]),
            (2, 5, 1, True, [4]),
            (2, 3, 99, False, []),
            (0, 99, 0, True, []),
        ],
    )
    def test_bounds_are_exclusive(
        self, store: Store, after: int, before: int, limit: int, newest_first: bool, expected: list[int]
    ) -> None:
        store.commit([said(number, text="té") for number in range(1, 6)])
        bounds: dict[str, Any] = {"after": at(after), "before": at(before)}
        assert found(store, "té", limit=limit, newest_first=newest_first, **bounds) == expected
        assert found(store, limit=limit, newest_first=newest_first, **bounds) == expected

    def test_bounds_may_be_absurd(self, store: Store) -> None:
        store.commit([said(1)])
        assert found(store, after=-(1 << 70), before=1 << 70) == [1]

    def test_what_is_said_later_is_found_later(self, store: Store) -> None:
        store.commit([said(number, text=f"té {number}") for number in range(1, 251)])
        assert found(store, "té", limit=1_000) == list(range(1, 251))
        store.commit([said(300, text="té")])
        assert found(store, "té", limit=2) == [250, 300]

    def test_a_message_that_comes_late_is_found(self, store: Store) -> None:
        store.commit([said(5, text="té")])
        assert found(store, "té") == [5]
        store.commit([said(3, text="té"), said(6, text="té")])
        assert found(store, "té") == [3, 5, 6]

    def test_a_stream_that_went_as_it_ended_is_not_found(self, store: Store) -> None:
        store.commit([said(1, text="", state="open"), Piece(at(1), 0, "un té", False), said(2, text="té")])
        store.commit([StreamEnd(at(1), "un té", "", "", "stopped"), Redaction(at(1))])
        assert found(store, "té") == [2] and found(store, "un") == []

    def test_a_stream_is_found_when_it_has_ended(self, store: Store) -> None:
        store.commit([said(1, text="", state="open"), said(2, text="té")])
        store.commit([Piece(at(1), 0, "un té", False)])
        assert found(store, "té") == [2]
        store.commit([StreamEnd(at(1), "un té", "", "", "stopped")])
        assert found(store, "té") == [1, 2]
        assert found(store, "un") == [1]

    def test_what_is_redacted_is_not_found(self, store: Store) -> None:
        store.commit([said(1, text="té"), said(2, text="té")])
        assert found(store, "té") == [1, 2]
        store.commit([Redaction(at(1)), said(3, text="té"), Redaction(at(3))])
        assert found(store, "té") == [2]
        store.commit([said(1, text="café")])  # the index forgot it whole
        assert found(store, "té") == [2]
        assert found(store, "café") == [1]

    def test_what_goes_with_its_account_is_not_found(self, store: Store) -> None:
        store.commit(
            [said(1, text="té", account="Ana"), said(2, text="té"), said(3, text="té", account="Eva")]
        )
        assert found(store, "té") == [1, 2, 3]
        store.commit([AccountGone("ana", "Ana", words=True), AccountGone("eva", "Eva", words=False)])
        assert found(store, "té") == [2, 3]

    def test_a_refused_commit_leaves_no_word(self, store: Store) -> None:
        store.commit([said(5, text="té")])
        assert found(store, "té") == [5]
        with pytest.raises(StoreError):
            store.commit([Redaction(at(5)), said(1, text="té"), said(2), said(2)])
        assert found(store, "té") == [5]
