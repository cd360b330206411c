"""What every store must do, as `ports.Store` says it. A subclass gives the fixture `store`: an empty one.

What belongs here: what can be seen through the port. What must not: files, SQL, bounds of one store.
"""

from __future__ import annotations

from typing import Any

import pytest

from tertulia.ports import Store, StoreError
from tertulia.protocol.accounts import AccountGone, AccountRecord
from tertulia.protocol.files import FileGone, FileRecord, FileUse
from tertulia.protocol.history import (
    Mask,
    Message,
    Own,
    Page,
    Piece,
    Redaction,
    RoomMoved,
    RoomRecord,
    StreamEnd,
    TargetSeen,
    conversation,
    id_floor,
)
from tertulia.protocol.presence import AccountTime
from tertulia.protocol.rooms import Access
from tertulia.protocol.text import parts_of
from tests.contracts.agents import AgentsContract
from tests.contracts.invitations import InvitationsContract
from tests.contracts.moderation import ModerationContract
from tests.contracts.presence import PresenceContract
from tests.contracts.push import PushContract

START_MS = 1_700_000_000_000


def said(number: int, buffer: str = "#tea", **fields: object) -> Message:
    """The message of millisecond `number`."""
    usual = Message(
        id=id_floor(START_MS + number),
        time_ms=START_MS + number,
        buffer=buffer,
        kind="PRIVMSG",
        source="ana!ana@host",
        target=buffer,
        text=f"line {number}",
    )
    return usual._replace(**fields)  # type: ignore[arg-type]


class OwnContract:
    """What is somebody's among all that was said."""

    def test_a_stretch_of_ones_own(self, store: Store) -> None:
        mine, other = "account:ana@1", "account:eva@1"
        store.commit([
            said(1, account="ana"), said(2, account="eva"), whispered(3, other, mine, account="eva"),
            whispered(4, other, "account:leo@1", account="eva"), said(5), whispered(6, mine, other),
        ])  # fmt: skip
        found, end = store.own(Own("ana", mine, 0, 4))
        assert [one.text for one in found] == ["line 1", "line 3"] and end == id_floor(START_MS + 4)
        found, end = store.own(Own("ana", mine, end, 4))
        assert [one.text for one in found] == ["line 6"] and end == id_floor(START_MS + 6)
        assert store.own(Own("ana", mine, end, 4)) == ([], end)


def whispered(number: int, sender: str, recipient: str, **fields: object) -> Message:
    """A private message between two identities whose nicks are like them, in lower case."""
    return said(
        number,
        conversation(sender, recipient),
        source=f"{sender.lower()}!u@host",
        target=recipient.lower(),
        sender=sender,
        recipient=recipient,
        **fields,
    )


def texts(messages: list[Message]) -> list[str]:
    return [message.text for message in messages]


def at(number: int) -> int:
    return id_floor(START_MS + number)


def handed(key: str, **fields: Any) -> FileRecord:
    """A file of Ana's for #tea."""
    usual = FileRecord(key, "foto.png", "image/png", 4, "d" * 64, "ANA", "ana", "#tea", 1, 2)
    return usual._replace(**fields)


class StoreContract(
    AgentsContract, OwnContract, ModerationContract, PresenceContract, PushContract, InvitationsContract
):
    # --- Messages -------------------------------------------------------------------------------------------

    def test_a_new_store_is_empty(self, store: Store) -> None:
        assert store.page(Page(("#tea",))) == []
        assert list(store.rooms()) == []
        assert store.targets("ANA", ["#tea"], 0, START_MS * 2, 10) == []
        assert store.last_id() == 0

    def test_nothing_may_be_committed(self, store: Store) -> None:
        store.commit([])
        assert store.last_id() == 0

    def test_what_is_kept_comes_back_field_by_field(self, store: Store) -> None:
        kept = [
            said(1),
            said(2, account="ana"),
            said(3, kind="NOTICE", tags="+draft/reply=1;+x=\\:", text="two\nlines", cuts="n3,n5"),
            said(4, account="ana", text="¿qué es un socket? 🫖\x01\x02", state="incomplete"),
            said(5, text=""),
        ]
        store.commit(kept)
        assert store.page(Page(("#tea",))) == kept
        private = whispered(6, "ANA", "BOB", account="ana")
        store.commit([private])
        assert store.page(Page((private.buffer,))) == [private]

    def test_optional_fields_come_back_as_they_were(self, store: Store) -> None:
        store.commit([said(1), whispered(2, "ANA", "BOB")])
        (plain,) = store.page(Page(("#tea",)))
        assert (plain.account, plain.sender, plain.recipient) == (None, None, None)
        assert type(plain) is Message

    def test_the_last_id_is_the_largest(self, store: Store) -> None:
        store.commit([said(5), said(9, "#other")])
        store.commit([said(7)])
        assert store.last_id() == at(9)

    def test_an_id_is_taken_once(self, store: Store) -> None:
        store.commit([said(1)])
        with pytest.raises(StoreError) as refused:
            store.commit([said(2), said(1, text="again")])
        assert refused.value.code == "failed"
        with pytest.raises(StoreError):
            store.commit([said(3), said(3)])
        assert texts(store.page(Page(("#tea",)))) == ["line 1"]

    def test_a_refused_commit_does_no_harm_to_the_next(self, store: Store) -> None:
        store.commit([said(1)])
        with pytest.raises(StoreError):
            store.commit([said(1)])
        store.commit([said(2)])
        assert texts(store.page(Page(("#tea",)))) == ["line 1", "line 2"]

    def test_a_message_may_come_late(self, store: Store) -> None:
        store.commit([said(3)])
        store.commit([said(1), said(2)])
        assert texts(store.page(Page(("#tea",)))) == ["line 1", "line 2", "line 3"]

    # --- Pages ----------------------------------------------------------------------------------------------

    @pytest.mark.parametrize(
        ("after", "before", "limit", "newest_first", "expected"),
        [
            (0, 99, 100, True, [1, 2, 3, 4, 5]),
            (0, 99, 2, True, [4, 5]),
            (0, 99, 2, False, [1, 2]),
            (2, 99, 100, True, [3, 4, 5]),
            (0, 4, 100, True, [1, 2, 3]),
            (1, 5, 2, True, [3, 4]),
            (1, 5, 2, False, [2, 3]),
            (2, 3, 100, True, []),
            (4, 2, 100, False, []),
            (0, 99, 0, True, []),
            (0, 99, 0, False, []),
            (0, 99, -1, True, []),
        ],
    )
    def test_bounds_are_exclusive_and_the_right_end_counts(
        self, store: Store, after: int, before: int, limit: int, newest_first: bool, expected: list[int]
    ) -> None:
        store.commit([said(number) for number in range(1, 6)] + [said(3, "#other", id=at(3) + 1)])
        page = Page(("#tea",), at(after), at(before), limit, newest_first)
        assert [message.time_ms - START_MS for message in store.page(page)] == expected

    def test_bounds_may_be_absurd(self, store: Store) -> None:
        store.commit([said(1)])
        year_9999 = id_floor(253_402_300_799_999)
        assert len(store.page(Page(("#tea",), -(1 << 70), year_9999))) == 1
        assert store.page(Page(("#tea",), year_9999)) == []

    @pytest.mark.parametrize("newest_first", [True, False])
    def test_several_buffers_are_one_stretch(self, store: Store, newest_first: bool) -> None:
        store.commit([said(number, "ab"[number % 2]) for number in range(10)])
        both = Page(("a", "b", "a", "nowhere"), limit=5, newest_first=newest_first)
        expected = range(5, 10) if newest_first else range(5)
        assert [message.time_ms - START_MS for message in store.page(both)] == list(expected)

    def test_a_page_of_no_buffer_is_empty(self, store: Store) -> None:
        store.commit([said(1)])
        assert store.page(Page(())) == []

    # --- Streams --------------------------------------------------------------------------------------------

    def test_an_open_stream_says_what_its_pieces_say_so_far(self, store: Store) -> None:
        store.commit([said(1, text="", state="open", tags="a=b")])
        (growing,) = store.page(Page(("#tea",)))
        assert (growing.text, growing.state) == ("", "open")
        store.commit([Piece(at(1), 0, "A socket", False), Piece(at(1), 1, " is an end.", True)])
        store.commit([said(2), Piece(at(1), 2, "Of what?", False)])
        growing, other = store.page(Page(("#tea",)))
        assert growing.text == "A socket is an end.\nOf what?"
        assert parts_of(growing.text, growing.cuts) == [
            ("A socket", False), (" is an end.", True), ("Of what?", False)
        ]  # fmt: skip
        assert (growing.state, growing.tags, other.text) == ("open", "a=b", "line 2")

    def test_a_stream_may_open_with_its_first_lines(self, store: Store) -> None:
        store.commit([said(1, text="one\ntwo", state="open"), Piece(at(1), 0, " more", True)])
        assert texts(store.page(Page(("#tea",)))) == ["one\ntwo more"]

    @pytest.mark.parametrize("state", ["", "incomplete"])
    def test_the_end_replaces_the_pieces(self, store: Store, state: str) -> None:
        store.commit([said(1, text="", state="open", tags="a=b"), Piece(at(1), 0, "draft", False)])
        store.commit([StreamEnd(at(1), "the\nwhole", "", "model=x", state)])
        expected = said(1, text="the\nwhole", tags="model=x", state=state)
        assert store.page(Page(("#tea",))) == [expected]

    def test_a_whole_stream_fits_one_commit(self, store: Store) -> None:
        store.commit(
            [
                said(1, text="", state="open"),
                Piece(at(1), 0, "x", False),
                said(2),
                Piece(at(1), 1, "y", False),
                StreamEnd(at(1), "x\ny", "", "", ""),
                said(3),
            ]
        )
        assert texts(store.page(Page(("#tea",)))) == ["x\ny", "line 2", "line 3"]

    @pytest.mark.parametrize(
        "records",
        [
            [Piece(at(7), 0, "nobody's", False)],
            [Piece(at(1), 0, "of a whole message", False)],
            [StreamEnd(at(7), "", "", "", "")],
            [StreamEnd(at(1), "", "", "", "")],
            [StreamEnd(at(2), "", "", "", ""), StreamEnd(at(2), "", "", "", "")],
            [StreamEnd(at(2), "", "", "", ""), Piece(at(2), 1, "late", False)],
            [Piece(at(2), 0, "there already", False)],
            [Piece(at(2), 1, "twice", False), Piece(at(2), 1, "twice", False)],
        ],
    )
    def test_what_belongs_to_no_open_stream_is_refused_with_all_beside_it(
        self, store: Store, records: list[Piece | StreamEnd]
    ) -> None:
        store.commit([said(1), said(2, text="", state="open"), Piece(at(2), 0, "so far", False)])
        before = store.page(Page(("#tea",)))
        with pytest.raises(StoreError) as refused:
            store.commit([said(5), RoomRecord("#tea", "#Tea", 1), *records])
        assert refused.value.code == "failed"
        assert store.page(Page(("#tea",))) == before
        assert list(store.rooms()) == []
        store.commit([Piece(at(2), 1, "on", True), StreamEnd(at(2), "done", "", "", "")])
        assert texts(store.page(Page(("#tea",)))) == ["line 1", "done"]

    # --- Targets --------------------------------------------------------------------------------------------

    def targets(
        self, store: Store, identity: str, rooms: list[str], after: int, before: int, *more: int
    ) -> list[tuple[str, int]]:
        found = store.targets(identity, rooms, START_MS + after, START_MS + before, *(more or (100,)))
        return [(row.name, row.latest_ms - START_MS) for row in found]

    def test_targets_are_the_askers_rooms_and_conversations(self, store: Store) -> None:
        """ "it lists channels the user has visible history in, together with users with which the user has
        exchanged direct messages, ordered by the time of the latest message" (IRCv3 chathistory, TARGETS)"""
        store.commit(
            [
                said(1),
                said(2, "#secret"),
                whispered(3, "ANA", "BOB"),
                whispered(4, "CARL", "ANA"),
                whispered(5, "BOB", "CARL"),
                said(6),
            ]
        )
        assert self.targets(store, "ANA", ["#tea", "#empty"], 0, 99) == [("bob", 3), ("carl", 4), ("#tea", 6)]
        assert self.targets(store, "BOB", [], 0, 99) == [("ana", 3), ("carl", 5)]
        assert self.targets(store, "DORA", ["#secret"], 0, 99) == [("#secret", 2)]

    def test_a_target_has_its_buffer_and_its_latest_time(self, store: Store) -> None:
        """ "the timestamp is the time of the latest message in the channel history or direct message
        conversation" (IRCv3 chathistory, TARGETS)"""
        store.commit([whispered(1, "ANA", "BOB"), whispered(2, "BOB", "ANA")])
        assert store.targets("ANA", [], 0, START_MS + 9, 9) == [TargetSeen("ANA BOB", "bob", START_MS + 2)]

    def test_a_target_counts_by_its_latest_message_only(self, store: Store) -> None:
        store.commit([said(1), said(5), said(3, "#b")])
        assert self.targets(store, "ANA", ["#tea", "#b"], 0, 4) == [("#b", 3)]

    def test_the_interval_is_open(self, store: Store) -> None:
        store.commit([said(1, "#a"), said(2, "#b"), said(3, "#c")])
        assert self.targets(store, "ANA", ["#a", "#b", "#c"], 1, 3) == [("#b", 2)]

    def test_targets_are_cut_at_the_end_that_does_not_count(self, store: Store) -> None:
        store.commit([said(number, f"#{number}") for number in range(1, 5)])
        rooms = [f"#{number}" for number in range(1, 5)]
        assert self.targets(store, "ANA", rooms, 0, 9, 2) == [("#1", 1), ("#2", 2)]
        assert self.targets(store, "ANA", rooms, 0, 9, 2, True) == [("#3", 3), ("#4", 4)]
        assert self.targets(store, "ANA", rooms, 0, 9, 0) == []

    def test_a_room_is_called_as_it_writes_itself(self, store: Store) -> None:
        store.commit([said(1, target="#TEA"), RoomRecord("#tea", "#Tea", 1)])
        assert self.targets(store, "ANA", ["#tea"], 0, 9) == [("#Tea", 1)]

    def test_a_conversation_with_oneself(self, store: Store) -> None:
        store.commit([whispered(1, "ANA", "ANA")])
        assert self.targets(store, "ANA", [], 0, 9) == [("ana", 1)]

    # --- Rooms ----------------------------------------------------------------------------------------------

    def test_a_room_comes_back_field_by_field(self, store: Store) -> None:
        masks = tuple(Mask(f"*!*@host{number}", "ana!a@h", 100 + number) for number in range(12))
        record = RoomRecord(
            key="#tea",
            name="#Tea",
            created_at=1,
            topic="té y café",
            topic_by="ana!a@h",
            topic_at=2,
            flags="nt",
            password="k",
            limit=30,
            bans=masks,
            exceptions=masks[:1],
            invitations=masks[1:3],
        )
        store.commit([record])
        assert list(store.rooms()) == [record]

    def test_a_record_replaces_what_was_known(self, store: Store) -> None:
        bans = (Mask("a!*@*", "x", 1), Mask("b!*@*", "x", 1))
        store.commit([RoomRecord("#b", "#b", 1, topic="old", bans=bans), RoomRecord("#a", "#a", 1)])
        newer = RoomRecord("#b", "#B", 1, bans=bans[1:])
        store.commit([RoomRecord("#b", "#b", 1, bans=bans), said(1), newer])
        assert sorted(store.rooms(), key=lambda room: room.key) == [RoomRecord("#a", "#a", 1), newer]

    # --- Accounts -------------------------------------------------------------------------------------------

    def test_a_renamed_room_is_kept_under_its_new_name(self, store: Store) -> None:
        store.commit(
            [
                RoomRecord("#a", "#a", 1, bans=(Mask("x!*@*", "ana", 2),)),
                AccountTime("ana", "read", "#a", 5),
                AccountTime("ana", "read", "#b", 1),
                AccountTime("ana", "device", "#a", 3),
            ]
        )
        record = RoomRecord("#b", "#B", 1, settings=(("buffer", "#a"),))
        store.commit([said(1, "#a"), RoomMoved("#a", record)])
        assert list(store.rooms()) == [record]
        assert texts(store.page(Page(("#a",)))) == ["line 1"], "its messages stay where they are"
        assert list(store.account_times("ana")) == [
            AccountTime("ana", "device", "#a", 3), AccountTime("ana", "read", "#b", 5)
        ]  # fmt: skip
        store.commit([RoomMoved("#b", RoomRecord("#b", "#b", 1))])
        assert [room.name for room in store.rooms()] == ["#b"]
        assert len(list(store.account_times("ana"))) == 2

    def test_what_belongs_to_a_registered_room_is_kept(self, store: Store) -> None:
        record = RoomRecord(
            "#b", "#b", 1, bans=(Mask("~m:x!*@*", "ana", 2, 900, "no es él"),), founder="ana",
            registered_at=3,
            access=(Access("eva", "o", "ana", 4), Access("*!*@h", "v", "eva", 5)),
            settings=(("F", "5:10"), ("history", "30"), ("welcome", "¡hola!")),
        )  # fmt: skip
        store.commit([record])
        assert list(store.rooms()) == [record]
        store.commit([RoomRecord("#b", "#b", 1)])
        assert list(store.rooms()) == [RoomRecord("#b", "#b", 1)]

    def test_an_account_comes_back_field_by_field(self, store: Store) -> None:
        record = AccountRecord(
            key="begoña",
            name="Begoña",
            created_at=1,
            password="$argon2id$x",
            scram="SCRAM-SHA-256$1:c2FsdA==$eA==:eQ==",
            certificates=("ff00", "00ff"),
            email="b@example.org",
            verified=False,
            suspended="why",
            settings='{"language": "es"}',
            seen_at=2,
        )
        plain = AccountRecord("ana", "Ana", 1)
        store.commit([record, plain])
        assert list(store.accounts()) == [plain, record]

    def test_an_accounts_record_replaces_what_was_known(self, store: Store) -> None:
        store.commit([AccountRecord("ana", "Ana", 1, certificates=("a", "b"))])
        newer = AccountRecord("ana", "Ana", 1, "hash", certificates=("b",))
        store.commit([newer])
        assert list(store.accounts()) == [newer]

    def test_an_account_goes_and_its_words_stay_without_its_name(self, store: Store) -> None:
        private = whispered(3, "account:ana@1", "BOB", account="Ana")
        store.commit(
            [AccountRecord("ana", "Ana", 1), said(1, account="Ana"), said(2, account="Bob"), private]
        )
        store.commit([AccountGone("ana", "Ana", words=False)])
        assert list(store.accounts()) == []
        assert store.page(Page(("#tea",))) == [said(1), said(2, account="Bob")]
        assert [one.account for one in store.page(Page((private.buffer,)))] == [None]

    def test_an_account_goes_with_its_words(self, store: Store) -> None:
        private = whispered(3, "account:ana@1", "BOB", account="Ana")
        answer = whispered(4, "BOB", "account:ana@1")
        growing = said(5, account="Ana", state="open", text="")
        store.commit(
            [AccountRecord("ana", "Ana", 1), said(1, account="Ana"), said(2), private, answer, growing]
        )
        store.commit([AccountGone("ana", "Ana", words=True)])
        assert texts(store.page(Page(("#tea",)))) == ["line 2", ""]
        assert texts(store.page(Page((private.buffer,)))) == ["line 4"]
        store.commit([StreamEnd(growing.id, "still said", "", "", "")])  # a stream that grows is let end
        assert texts(store.page(Page(("#tea",)))) == ["line 2", "still said"]

    def test_what_was_not_there_may_go(self, store: Store) -> None:
        store.commit([AccountGone("nobody", "Nobody", words=True)])
        assert list(store.accounts()) == []

    # --- The end --------------------------------------------------------------------------------------------

    def test_a_redaction_deletes_one_message(self, store: Store) -> None:
        store.commit([said(1), said(2), said(3)])
        store.commit([Redaction(at(2)), said(4)])
        assert texts(store.page(Page(("#tea",)))) == ["line 1", "line 3", "line 4"]
        store.commit([said(5), Redaction(at(5)), Redaction(at(9))])
        assert texts(store.page(Page(("#tea",)))) == ["line 1", "line 3", "line 4"]

    def test_a_stream_that_grows_is_not_redacted(self, store: Store) -> None:
        store.commit([said(1, state="open")])
        store.commit([Redaction(at(1)), StreamEnd(at(1), "whole", "", "", "")])
        assert texts(store.page(Page(("#tea",)))) == ["whole"]
        store.commit([Redaction(at(1))])
        assert store.page(Page(("#tea",))) == []

    def test_a_stream_may_end_and_go_in_one_commit(self, store: Store) -> None:
        store.commit([said(1, state="open"), Piece(at(1), 1, "half", False), said(2)])
        store.commit([StreamEnd(at(1), "half", "", "", "stopped"), Redaction(at(1)), said(3)])
        assert texts(store.page(Page(("#tea",)))) == ["line 2", "line 3"]

    def test_a_closed_store_refuses(self, store: Store) -> None:
        store.close()
        for call in (lambda: store.commit([said(1)]), lambda: store.page(Page(("#tea",))), store.last_id):
            with pytest.raises(StoreError):
                call()
        store.close()

    # --- Files ----------------------------------------------------------------------------------------------

    def test_files_come_back_as_they_were(self, store: Store) -> None:
        kept = [handed("a"), handed("b", account=None, room="", expires_at=0)]
        store.commit(kept)
        assert [store.file("a"), store.file("b"), store.file("c")] == [*kept, None]

    def test_files_of_somebody_and_of_a_room(self, store: Store) -> None:
        store.commit([handed("a", made_at=1), handed("b", made_at=3), handed("c", owner="BOB", made_at=2)])
        store.commit([handed("d", room="#books", made_at=4)])
        assert [one.key for one in store.files("ANA", None, 10)] == ["d", "b", "a"]
        assert [one.key for one in store.files(None, "#tea", 10)] == ["b", "c", "a"]
        assert [one.key for one in store.files("ANA", "#tea", 1)] == ["b"]
        assert store.files("EVE", None, 10) == [] and store.files("ANA", None, 0) == []

    def test_how_much_somebody_has(self, store: Store) -> None:
        assert store.file_use("ANA") == FileUse(0, 0)
        store.commit([handed("a", size=3), handed("b", size=4), handed("c", owner="BOB", size=5)])
        assert store.file_use("ANA") == FileUse(2, 7)
        assert store.file_use(None) == FileUse(3, 12)

    def test_files_whose_time_is_over(self, store: Store) -> None:
        store.commit([handed("a", expires_at=20), handed("b", expires_at=10), handed("c", expires_at=0)])
        assert [one.key for one in store.files_expired(9, 10)] == []
        assert [one.key for one in store.files_expired(10, 10)] == ["b"]
        assert [one.key for one in store.files_expired(99, 10)] == ["b", "a"]
        assert [one.key for one in store.files_expired(99, 1)] == ["b"]

    def test_a_file_s_record_changes_and_goes(self, store: Store) -> None:
        store.commit([handed("a")])
        store.commit([handed("a", account=None)])
        assert store.file("a") == handed("a", account=None)
        store.commit([FileGone("a"), FileGone("a")])
        assert store.file("a") is None and store.file_use(None) == FileUse(0, 0)
