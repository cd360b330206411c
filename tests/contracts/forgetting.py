"""How every store deletes what is old. A subclass gives the fixture `store`, empty."""

from __future__ import annotations

from tertulia.ports import Store
from tertulia.protocol.history import Forgetting, Page, Piece, StreamEnd
from tests.contracts.happenings import BOTH, done, numbers
from tests.contracts.search import found
from tests.contracts.store import at, said, texts


class ForgettingContract:
    def test_the_oldest_go_first_and_few_at_a_time(self, store: Store) -> None:
        store.commit([said(number) for number in range(1, 8)])
        assert store.forget(Forgetting(at(6), limit=3)) == 3
        assert numbers(store, BOTH) == [4, 5, 6, 7]
        assert store.forget(Forgetting(at(6), limit=3)) == 2
        assert store.forget(Forgetting(at(6), limit=3)) == 0
        assert numbers(store, BOTH) == [6, 7]

    def test_of_one_buffer_alone(self, store: Store) -> None:
        store.commit([said(1), said(2, "#b"), done(3), done(4, buffer="#b")])
        assert store.forget(Forgetting(at(9), "#b")) == 1
        assert store.forget(Forgetting(at(9), "#b", happenings=True)) == 1
        assert numbers(store, Page(("#tea", "#b"), events=True)) == [1, 3]

    def test_what_was_done_apart_from_what_was_said(self, store: Store) -> None:
        store.commit([said(1), done(2), done(3, buffer="#b"), done(4)])
        assert store.forget(Forgetting(at(4), happenings=True, limit=1)) == 1
        assert store.forget(Forgetting(at(4), happenings=True, limit=9)) == 1
        assert numbers(store, Page(("#tea", "#b"), events=True)) == [1, 4]

    def test_its_words_go_with_it(self, store: Store) -> None:
        store.commit([said(1, text="té"), said(2, text="té")])
        assert found(store, "té") == [1, 2]
        store.forget(Forgetting(at(2)))
        assert found(store, "té") == [2]

    def test_what_still_grows_stays(self, store: Store) -> None:
        store.commit([said(1, text="", state="open"), Piece(at(1), 0, "half", False), said(2)])
        assert store.forget(Forgetting(at(9))) == 1
        store.commit([StreamEnd(at(1), "whole", "", "", "")])
        assert texts(store.page(Page(("#tea",)))) == ["whole"]
        assert store.forget(Forgetting(at(9))) == 1
