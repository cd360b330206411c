"""Accounts for tests: making one at once, and the words of SASL.

What belongs here: what several tests of accounts need. What must not: what is tested (`REGISTER` and its
like)."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace

from tertulia.protocol import scram
from tertulia.protocol.accounts import AccountRecord
from tertulia.state.events import RegisterAccount
from tests.support.town import SCRAM_ITERATIONS, Client, Town

PASSWORD = "a long secret"
VERIFIER = scram.write(scram.verifier(PASSWORD, b"salt", SCRAM_ITERATIONS))


def account(town: Town, name: str, **fields: object) -> AccountRecord:
    """An account that is there, in the store and in the state, with `PASSWORD`."""
    record = AccountRecord(name.lower(), name, town.clock.now_ms() // 1000, PASSWORD, VERIFIER)
    record = replace(record, seen_at=record.created_at, **fields)  # type: ignore[arg-type]
    town.network.apply(RegisterAccount(record))
    town.store.commit([record])
    return record


def plain(name: str, password: str = PASSWORD, authzid: str = "") -> str:
    """The response of PLAIN, in base64."""
    return encoded(f"{authzid}\0{name}\0{password}")


def encoded(text: str) -> str:
    return b64encode(text.encode()).decode()


def come(town: Town, nick: str, login: str, caps: str = "", user: str = "u") -> tuple[Client, list[str]]:
    """A client that logs in before it enters, with these capabilities; and what it hears from 001 on."""
    client = town.connect()
    client.say("CAP LS 302", f"CAP REQ :sasl {caps}", "AUTHENTICATE PLAIN", f"AUTHENTICATE {plain(login)}")
    client.nick = nick
    return client, client.say(f"NICK {nick}", f"USER {user} 0 * :{nick.title()}", "CAP END")


def log_in(client: Client, name: str, password: str = PASSWORD) -> list[str]:
    """By SASL PLAIN; what the client hears."""
    return client.say("CAP REQ :sasl", "AUTHENTICATE PLAIN", f"AUTHENTICATE {plain(name, password)}")
