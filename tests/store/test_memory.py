"""The plain truth keeps the contract, and its bounds."""

from __future__ import annotations

import pytest

from tertulia.ports import Store
from tertulia.protocol.history import Page, Piece, StreamEnd
from tertulia.store.memory import MemoryStore
from tests.contracts.forgetting import ForgettingContract
from tests.contracts.happenings import HappeningsContract
from tests.contracts.search import SearchContract
from tests.contracts.store import StoreContract, at, said, texts


class TestMemoryStore(StoreContract, SearchContract, HappeningsContract, ForgettingContract):
    @pytest.fixture
    def store(self) -> Store:
        return MemoryStore()


def test_a_room_forgets_its_oldest() -> None:
    store = MemoryStore(per_buffer=3)
    store.commit([said(number) for number in range(5)] + [said(9, "#other")])
    assert texts(store.page(Page(("#tea",)))) == ["line 2", "line 3", "line 4"]
    assert texts(store.page(Page(("#other",)))) == ["line 9"]


def test_the_whole_forgets_its_oldest_wherever_it_is() -> None:
    store = MemoryStore(messages=3)
    store.commit([said(1, "#a"), said(2, "#b"), said(3, "#a"), said(4, "#b"), said(5, "#c")])
    assert texts(store.page(Page(("#a", "#b", "#c")))) == ["line 3", "line 4", "line 5"]
    store.commit([said(number, "#c") for number in range(6, 9)])
    assert store.page(Page(("#a", "#b"))) == []
    assert store.targets("ANA", ["#a", "#b"], 0, 1 << 60, 10) == []


def test_the_last_id_is_not_forgotten() -> None:
    store = MemoryStore(messages=1)
    store.commit([said(9), said(3)])
    assert store.last_id() == at(9)


def test_a_stream_forgotten_while_it_grew_may_go_on_and_end() -> None:
    store = MemoryStore(per_buffer=2)
    store.commit([said(1, text="", state="open"), Piece(at(1), 0, "a", False), said(2), said(3)])
    store.commit([Piece(at(1), 1, "b", False)])
    store.commit([StreamEnd(at(1), "a\nb", "", "", "")])
    assert texts(store.page(Page(("#tea",)))) == ["line 2", "line 3"]
