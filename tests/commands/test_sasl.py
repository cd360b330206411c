"""AUTHENTICATE: IRCv3 sasl-3.1 and sasl-3.2."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64decode, b64encode
from dataclasses import replace

import pytest

from tertulia import limits
from tertulia.ports import Peer
from tertulia.protocol import scram
from tertulia.state.events import ChangeAccount, DeleteAccount
from tests.support.accounts import PASSWORD, account, encoded, log_in, plain
from tests.support.reading import has, the
from tests.support.town import LOCAL, Client, Town, commands

FAR = Peer("ircs", "192.0.2.7", secure=True)


@pytest.fixture
def town() -> Town:
    town = Town()
    account(town, "Ana")
    return town


@pytest.fixture
def new(town: Town) -> Client:
    client = town.connect()
    client.say("CAP LS 302", "CAP REQ :sasl", "NICK ana", "USER ana 0 * :Ana")
    return client


def test_the_mechanisms_are_advertised(town: Town) -> None:
    """ "Servers SHOULD advertise the available SASL authentication mechanisms in the value of the `sasl`
    client capability in `CAP LS`. ... a comma (`,`) separated list" (sasl-3.2)"""
    assert "sasl=PLAIN,EXTERNAL,SCRAM-SHA-256" in "".join(town.connect().say("CAP LS 302")).split()
    assert " sasl " in "".join(town.connect().say("CAP LS"))


def test_the_example_of_the_specification(town: Town, new: Client) -> None:
    """ "If authentication is successful, a 900 and 903 numeric will be sent." """
    assert new.say("AUTHENTICATE PLAIN") == ["AUTHENTICATE +"]
    lines = new.say(f"AUTHENTICATE {plain('ana', authzid='ana')}")
    assert commands(lines) == ["900", "903"]
    assert the(lines, "900").params == ["ana", "ana!~ana@127.0.0.1", "Ana", "You are now logged in as Ana"]
    assert commands(new.say("CAP END"))[0] == "001"
    user = town.network.user("ana")
    assert user is not None and user.account == "Ana" and user.identity.startswith("account:ana@")


def test_before_anything_is_known_of_the_client(town: Town) -> None:
    lines = log_in(town.connect(), "ANA")
    assert the(lines, "900").params[:3] == ["*", "*!*@127.0.0.1", "Ana"]


def test_the_capability_comes_first(town: Town) -> None:
    """ "The client MUST enable the sasl capability before using the AUTHENTICATE command" """
    assert commands(town.connect().say("AUTHENTICATE PLAIN")) == ["904"]


def test_an_unknown_mechanism(new: Client) -> None:
    """ "`908` aka `RPL_SASLMECHS` MAY be sent in reply to an `AUTHENTICATE` command which requests an
    unsupported mechanism. The numeric contains a comma-separated list of mechanisms" """
    lines = new.say("AUTHENTICATE DH-AES")
    assert commands(lines) == ["908", "904"]
    assert the(lines, "908").params[1] == "PLAIN,EXTERNAL,SCRAM-SHA-256"
    assert new.say("AUTHENTICATE plain") == ["AUTHENTICATE +"]


@pytest.mark.parametrize(
    "response", [plain("ana", "wrong"), plain("nobody"), encoded("nonsense"), "not base64", "+", "x" * 7]
)
def test_failure(new: Client, response: str) -> None:
    """ "If authentication fails, a 904 or 905 numeric will be sent and the client MAY retry from the
    `AUTHENTICATE <mechanism>` command." """
    assert commands(new.say("AUTHENTICATE PLAIN", f"AUTHENTICATE :{response}")) == ["AUTHENTICATE", "904"]
    assert commands(new.say("AUTHENTICATE PLAIN", f"AUTHENTICATE {plain('ana')}"))[1:] == ["900", "903"]


def test_failure_in_spanish(new: Client) -> None:
    new.say("LANGUAGE es", "AUTHENTICATE PLAIN")
    lines = new.say(f"AUTHENTICATE {plain('ana', 'x')}")
    assert the(lines, "904").params[-1] == "Falló la autenticación SASL (la cuenta o la contraseña no es esa)"


def test_abort(new: Client) -> None:
    """ "The client can abort an authentication by sending an asterisk as the data. The server will send a 906
    numeric." """
    assert commands(new.say("AUTHENTICATE PLAIN", "AUTHENTICATE *")) == ["AUTHENTICATE", "906"]
    assert commands(new.say("AUTHENTICATE *")) == ["906"]


def test_registration_aborts(town: Town, new: Client) -> None:
    """ "If the client completes registration ... while the SASL authentication is still in progress, the
    server SHOULD abort it and send a 906 numeric, then register the client without authentication." """
    new.say("NICK eva", "AUTHENTICATE PLAIN")
    assert commands(new.say("CAP END"))[:2] == ["906", "001"]
    user = town.network.user("eva")
    assert user is not None and user.account is None


@pytest.mark.parametrize("length", [300, 299, 600])  # bytes: one chunk and "+", one chunk, two and "+"
def test_chunks(town: Town, length: int) -> None:
    """ "split to 400-byte chunks ... If the last chunk was exactly 400 bytes long, it must also be followed
    by `AUTHENTICATE +` to signal end of response." """
    name = "b" * 32
    client = town.connect()
    client.say("CAP REQ :sasl", "AUTHENTICATE PLAIN")
    text = encoded(f"{'B' * 32}\0{name}\0".ljust(length, "p"))
    chunks = [text[at : at + 400] for at in range(0, len(text), 400)] + (
        ["+"] if len(text) % 400 == 0 else []
    )
    for chunk in chunks[:-1]:
        assert client.say(f"AUTHENTICATE {chunk}") == []
    assert commands(client.say(f"AUTHENTICATE {chunks[-1]}")) == ["904"]


def test_too_long(new: Client) -> None:
    """ "`905` ... because the client-sent `AUTHENTICATE` command was too long (i.e. the parameter longer than
    400 bytes)", and "The server MAY place a limit on the total length of a response." """
    assert commands(new.say("AUTHENTICATE PLAIN", "AUTHENTICATE " + "a" * 401))[1:] == ["905"]
    chunk = "AUTHENTICATE " + "a" * limits.SASL_CHUNK
    whole = limits.SASL_BYTES // limits.SASL_CHUNK
    assert commands(new.say("AUTHENTICATE PLAIN", *[chunk] * whole)) == ["AUTHENTICATE"]
    assert commands(new.say(chunk)) == ["905"]


def test_once_before_registration(new: Client) -> None:
    """ "If the client attempts to issue the AUTHENTICATE command after already authenticating successfully,
    the server MUST reject it with a 907 numeric." (sasl-3.1)"""
    log_in(new, "ana")
    assert commands(new.say("AUTHENTICATE PLAIN")) == ["907"]


def test_again_after_registration(town: Town) -> None:
    """ "Servers SHOULD allow a client, authenticated or otherwise, to reauthenticate by sending a new
    `AUTHENTICATE` message at any time." (sasl-3.2)"""
    account(town, "Beto")
    client = town.join("eva")
    for name in ("Ana", "Beto", "Beto"):
        assert commands(log_in(client, name)) == ["CAP", "AUTHENTICATE", "900", "903"]
        user = town.network.user("eva")
        assert user is not None and user.account == name


# --- EXTERNAL -------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["+", encoded("ANA")])
def test_external(town: Town, said: str) -> None:
    account(town, "Beto", certificates=("f0",))
    town.network.apply(ChangeAccount(replace(next(iter(town.network.accounts)), certificates=("aa",))))
    client = town.connect(replace(FAR, fingerprint="aa"))
    client.say("CAP REQ :sasl", "AUTHENTICATE EXTERNAL")
    assert commands(client.say(f"AUTHENTICATE {said}")) == ["900", "903"]


@pytest.mark.parametrize(("fingerprint", "said"), [(None, "+"), ("bb", "+"), ("aa", encoded("beto"))])
def test_external_fails(town: Town, fingerprint: str | None, said: str) -> None:
    account(town, "Beto", certificates=("aa",))
    account(town, "Carl")
    client = town.connect(replace(FAR, fingerprint=fingerprint))
    client.say("CAP REQ :sasl", "AUTHENTICATE EXTERNAL")
    wrong = encoded("carl") if fingerprint == "aa" else said
    assert commands(client.say(f"AUTHENTICATE {wrong}")) == ["904"]


# --- SCRAM-SHA-256 --------------------------------------------------------------------------------


def scram_final(challenge: str, password: str = PASSWORD, first: str = "n=ana,r=abc") -> tuple[str, bytes]:
    """A client's last message, and the server's signature that it expects."""
    server_first = b64decode(challenge).decode()
    fields = dict(part.split("=", 1) for part in server_first.split(","))
    made = scram.verifier(password, b64decode(fields["s"]), int(fields["i"]))
    bare = f"c=biws,r={fields['r']}"
    words = f"{first},{server_first},{bare}".encode()
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), made.salt, made.iterations)
    key = hmac.digest(salted, b"Client Key", "sha256")
    signature = hmac.digest(made.stored_key, words, "sha256")
    proof = b64encode(bytes(a ^ b for a, b in zip(key, signature, strict=True))).decode()
    return encoded(f"{bare},p={proof}"), b"v=" + b64encode(scram.signature(made, words))


def test_scram(new: Client) -> None:
    """RFC 5802, 5: client-first, server-first, client-final, server-final; then the empty response."""
    new.say("AUTHENTICATE SCRAM-SHA-256")
    challenge = the(new.say(f"AUTHENTICATE {encoded('n,,n=ana,r=abc')}"), "AUTHENTICATE").params[0]
    final, signature = scram_final(challenge)
    answer = the(new.say(f"AUTHENTICATE {final}"), "AUTHENTICATE").params[0]
    assert b64decode(answer) == signature
    assert commands(new.say("AUTHENTICATE +")) == ["900", "903"]


@pytest.mark.parametrize("name", ["ana", "nobody"])
def test_scram_fails(new: Client, name: str) -> None:
    new.say("AUTHENTICATE SCRAM-SHA-256")
    lines = new.say(f"AUTHENTICATE {encoded(f'n,,n={name},r=abc')}")
    if name == "ana":
        final, _ = scram_final(the(lines, "AUTHENTICATE").params[0], "wrong")
        lines = new.say(f"AUTHENTICATE {final}")
    assert commands(lines) == ["904"]


# --- who may not ----------------------------------------------------------------------------------


def test_a_suspended_account(town: Town) -> None:
    """ "`902` aka `ERR_NICKLOCKED` is sent when the SASL authentication fails because the account is
    currently locked out, held, or otherwise administratively made unavailable." """
    account(town, "Eva", suspended="spam")
    lines = log_in(town.connect(), "eva")
    assert the(lines, "902").params[-1] == "This account is suspended: spam"
    assert commands(log_in(town.connect(), "eva", "wrong"))[-1] == "904"


def test_an_unverified_account(town: Town) -> None:
    account(town, "Eva", verified=False)
    assert commands(log_in(town.connect(), "eva"))[-1] == "904"


def test_guessing_is_throttled_by_address(town: Town) -> None:
    for number in range(limits.GUESSES_PER_ADDRESS):
        lines = log_in(town.connect(FAR), f"nobody{number}")
        assert "wrong" in the(lines, "904").params[-1]
    assert "too many" in the(log_in(town.connect(FAR), "ana"), "904").params[-1]
    assert has(log_in(town.connect(replace(FAR, address="192.0.2.8")), "ana"), "903")
    town.clock.ms += round(limits.GUESS_SECONDS * 1000) + 1
    assert has(log_in(town.connect(FAR), "ana"), "903")


def test_guessing_is_throttled_by_account_in_every_mechanism(town: Town) -> None:
    for _ in range(limits.GUESSES_PER_ACCOUNT):
        log_in(town.connect(), "ana", "wrong")
    client = town.connect()
    assert "too many" in the(log_in(client, "ana"), "904").params[-1]
    client.say("AUTHENTICATE SCRAM-SHA-256")
    assert "too many" in the(client.say(f"AUTHENTICATE {encoded('n,,n=ana,r=abc')}"), "904").params[-1]


# --- waiting --------------------------------------------------------------------------------------


def test_the_session_waits_and_others_go_on(town: Town, new: Client) -> None:
    other = town.join("eva")
    town.passwords.slow = True
    assert new.say("AUTHENTICATE PLAIN", f"AUTHENTICATE {plain('ana')}", "CAP END") == ["AUTHENTICATE +"]
    assert has(other.say("PING x"), "PONG")
    answer, right = town.passwords.waiting.pop()
    answer.set(right)
    town.run()
    assert commands(new.take())[:3] == ["900", "903", "001"]


@pytest.mark.parametrize("change", ["password", "deletion"])
def test_what_changes_while_it_waits_counts(town: Town, new: Client, change: str) -> None:
    record = next(iter(town.network.accounts))
    town.passwords.slow = True
    new.say("AUTHENTICATE PLAIN", f"AUTHENTICATE {plain('ana')}")
    changed = replace(record, password="new one")
    town.network.apply(ChangeAccount(changed) if change == "password" else DeleteAccount("ana", False))
    answer, right = town.passwords.waiting.pop()
    answer.set(right)
    town.run()
    assert commands(new.take()) == ["904"]


def test_who_left_is_not_logged_in(town: Town) -> None:
    client = town.join("eva", peer=LOCAL)
    town.passwords.slow = True
    log_in(client, "ana")
    client.wire.close()
    town.run()
    answer, right = town.passwords.waiting.pop()
    answer.set(right)
    town.run()
    assert town.network.logged_in("ana") == []


def test_the_accounts_language_is_spoken(town: Town) -> None:
    account(town, "Eva", settings='{"language": "es"}')
    assert the(log_in(town.connect(), "eva"), "900").params[-1] == "Has entrado con la cuenta Eva"


def test_an_accounts_last_use_is_kept(town: Town) -> None:
    town.clock.ms += limits.SEEN_SECONDS * 1000
    log_in(town.join("eva"), "ana")
    (kept,) = town.store.accounts()
    assert kept.seen_at == town.clock.ms // 1000
