"""Accounts in the state: found by name and certificate; who is logged in, and whose talk it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tertulia import limits
from tertulia.protocol.accounts import AccountGone, AccountRecord, identity_of
from tertulia.state import changes as did
from tertulia.state import events as may
from tertulia.state.accounts import Accounts
from tertulia.state.network import Conflict, Network
from tests.state.events import enter

ANA = AccountRecord("ana", "Ana", 1, certificates=("aa",), seen_at=100)


@pytest.fixture
def network() -> Network:
    network = Network()
    network.apply(may.RegisterAccount(ANA))
    network.apply(enter(1, "beto"))
    return network


def test_found_by_name_and_by_certificate() -> None:
    accounts = Accounts()
    accounts.put(ANA)
    assert accounts.named("ANA") is ANA and accounts.named("beto") is None
    assert accounts.of_certificate("aa") is ANA and accounts.of_certificate("bb") is None
    assert accounts.certificate_free("aa", "ana") and not accounts.certificate_free("aa", "beto")
    accounts.put(replace(ANA, certificates=("bb",)))
    assert accounts.of_certificate("aa") is None and len(accounts) == 1
    accounts.drop("ana")
    assert not list(accounts) and accounts.of_certificate("bb") is None


def test_a_name_and_a_certificate_are_taken_once(network: Network) -> None:
    for record in (replace(ANA, certificates=()), AccountRecord("eva", "Eva", 1, certificates=("aa",))):
        with pytest.raises(Conflict, match="account exists"):
            network.apply(may.RegisterAccount(record))
    network.apply(may.RegisterAccount(AccountRecord("eva", "Eva", 1)))
    with pytest.raises(Conflict, match="account exists"):
        network.apply(may.ChangeAccount(AccountRecord("eva", "Eva", 1, certificates=("aa",))))
    assert len(network.accounts) == 2


def test_accounts_are_bounded(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ACCOUNTS", 1)
    with pytest.raises(Conflict, match="account limit"):
        network.apply(may.RegisterAccount(AccountRecord("eva", "Eva", 1)))


def test_logging_in_and_out_changes_whose_talk_it_is(network: Network) -> None:
    user = network.users[1]
    guest = user.identity
    network.apply(may.LogIn(1, "ana", 101))
    assert (user.account, user.identity) == ("Ana", "account:ana@1")
    network.apply(may.ChangeNick(1, "otro"))
    assert user.identity == "account:ana@1"
    (change,) = network.apply(may.LogOut(1))
    assert change == did.LoggedOut(user, "Ana")
    assert (user.account, user.identity) == (None, "~otro")
    assert guest == "~beto" and network.apply(may.LogOut(1)) == ()


def test_who_enters_may_be_logged_in_already(network: Network) -> None:
    network.apply(replace(enter(2, "x"), account="ana"))
    network.apply(replace(enter(3, "y"), account="gone"))
    assert (network.users[2].account, network.users[3].account) == ("Ana", None)
    assert network.logged_in("ana") == [network.users[2]]


def test_an_accounts_last_use_is_noted_by_the_hour(network: Network) -> None:
    (change,) = network.apply(may.LogIn(1, "ana", 100 + limits.SEEN_SECONDS - 1))
    assert isinstance(change, did.LoggedIn) and change.seen is None
    (change,) = network.apply(may.LogIn(1, "ana", 100 + limits.SEEN_SECONDS))
    assert isinstance(change, did.LoggedIn) and change.seen == replace(ANA, seen_at=100 + limits.SEEN_SECONDS)
    assert network.accounts.named("ana") == change.seen


def test_suspension_and_deletion_log_everybody_out(network: Network) -> None:
    network.apply(may.LogIn(1, "ana", 101))
    first, second = network.apply(may.ChangeAccount(replace(ANA, suspended="spam")))
    assert isinstance(first, did.AccountChanged)
    assert second == did.LoggedOut(network.users[1], "Ana")
    network.apply(may.LogIn(1, "ana", 101))
    assert network.apply(may.DeleteAccount("ana", True)) == (
        did.AccountDeleted(AccountGone("ana", "Ana", True), identity_of(ANA)),
        did.LoggedOut(network.users[1], "Ana"),
    )
    assert network.users[1].account is None and not list(network.accounts)


@pytest.mark.parametrize(
    "event",
    [
        may.LogIn(1, "nobody", 1),
        may.LogIn(9, "ana", 1),
        may.LogOut(9),
        may.DeleteAccount("nobody", False),
        may.ChangeAccount(AccountRecord("nobody", "Nobody", 1)),
        may.ChangeAccount(AccountRecord("ana", "Ana", 2)),  # of an account that was deleted since
    ],
)
def test_what_is_gone(network: Network, event: may.Event) -> None:
    with pytest.raises(Conflict, match="gone"):
        network.apply(event)
