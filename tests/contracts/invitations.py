"""What every store must do with invitations by link: a part of the contract of stores.

What belongs here: what can be seen through the port. What must not: messages (`store.py`).
"""

from __future__ import annotations

from tertulia.ports import Store
from tertulia.protocol.accounts import AccountGone, AccountRecord
from tertulia.protocol.invitations import Invitation, InvitationGone

LINK = Invitation("ff00", "#tea", "Ana", "ana", 1, 5, 9, 3, 0)
OTHER = Invitation("00ff", "#tea", "Bob", "", 0, 5, 9, 0, 7)


class InvitationsContract:
    def test_invitations_come_back_field_by_field(self, store: Store) -> None:
        store.commit([LINK, OTHER])
        assert list(store.invitations()) == [OTHER, LINK]

    def test_an_invitation_is_counted_and_taken_back(self, store: Store) -> None:
        store.commit([LINK, OTHER])
        store.commit([LINK._replace(used=1), LINK._replace(used=2)])
        assert list(store.invitations()) == [OTHER, LINK._replace(used=2)]
        store.commit([InvitationGone(LINK.key), InvitationGone("nothing")])
        assert list(store.invitations()) == [OTHER]

    def test_invitations_end_with_the_account_of_their_maker(self, store: Store) -> None:
        store.commit([AccountRecord("ana", "Ana", 1), LINK, OTHER])
        store.commit([AccountGone("ana", "Ana", words=False)])
        assert list(store.invitations()) == [OTHER]
