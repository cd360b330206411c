"""How every store keeps what was done beside what was said. A subclass gives the fixture `store`, empty."""

from __future__ import annotations

import pytest

from tertulia.ports import Store
from tertulia.protocol.accounts import AccountGone
from tertulia.protocol.history import Happening, Page, Redaction
from tests.contracts.store import START_MS, at, said


def done(number: int, kind: str = "JOIN", buffer: str = "#tea", **fields: object) -> Happening:
    """What was done in millisecond `number`."""
    usual = Happening(buffer, at(number), kind, "eva!e@host", buffer, f"text {number}")
    return usual._replace(**fields)  # type: ignore[arg-type]


def numbers(store: Store, page: Page) -> list[int]:
    return [message.time_ms - START_MS for message in store.page(page)]


BOTH = Page(("#tea",), events=True)


class HappeningsContract:
    def test_they_come_back_field_by_field_when_they_are_asked_for(self, store: Store) -> None:
        kept = [done(2), done(3, "TAGMSG", text="", account="Eva", tags="+draft/react=\\:)"), done(4, "QUIT")]
        store.commit([said(1), *kept])
        first, *others = store.page(BOTH)
        assert first == said(1)
        assert others == [one.as_message() for one in kept]
        assert others[0].time_ms == START_MS + 2
        assert store.page(Page(("#tea",))) == [said(1)]

    @pytest.mark.parametrize(
        ("after", "before", "limit", "newest_first", "expected"),
        [(0, 99, 3, True, [4, 5, 6]), (0, 99, 3, False, [1, 2, 3]), (2, 5, 9, True, [3, 4]),
         (1, 6, 2, False, [2, 3]), (0, 99, 0, True, [])],
    )  # fmt: skip
    def test_they_are_of_one_stretch_with_the_messages(
        self, store: Store, after: int, before: int, limit: int, newest_first: bool, expected: list[int]
    ) -> None:
        store.commit([said(number) if number % 2 else done(number) for number in range(1, 7)])
        store.commit([done(3, buffer="#other")])
        assert numbers(store, Page(("#tea",), at(after), at(before), limit, newest_first, True)) == expected

    def test_one_deed_may_be_in_several_rooms_and_come_twice(self, store: Store) -> None:
        store.commit([done(1, "QUIT"), done(1, "QUIT", "#b")])
        store.commit([done(3), done(2), done(1, "QUIT")])
        assert numbers(store, BOTH) == [1, 2, 3]
        assert numbers(store, Page(("#tea", "#b"), events=True)) == [1, 1, 2, 3]

    def test_a_redaction_that_names_the_buffer_takes_one_back(self, store: Store) -> None:
        store.commit([said(1), done(2, "TAGMSG"), done(2, "TAGMSG", "#b"), done(3)])
        store.commit([Redaction(at(2), "#tea"), Redaction(at(9), "#nowhere")])
        assert numbers(store, BOTH) == [1, 3]
        assert numbers(store, Page(("#b",), events=True)) == [2]

    def test_they_go_with_their_account_or_lose_its_name(self, store: Store) -> None:
        store.commit([done(1, account="Ana"), done(2, account="Eva"), done(3)])
        store.commit([AccountGone("ana", "Ana", words=True), AccountGone("eva", "Eva", words=False)])
        assert [(one.time_ms - START_MS, one.account) for one in store.page(BOTH)] == [(2, None), (3, None)]
