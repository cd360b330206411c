"""The accounts of the simulated world, and what its members do with them.

What belongs here: logging in, NickServ. What must not: what a member without an account does (`repertoire`).
"""

from __future__ import annotations

from base64 import b64encode

from tertulia.protocol.accounts import AccountRecord
from tertulia.protocol.capabilities import BATCH
from tests.simulation.member import Member

PASSWORD = "geheimnis"
NAMES = ("Pedro", "Marta", "Íñigo")
DEVICES = ("", "", "@phone", "@laptop")
ACCOUNTS = tuple(
    AccountRecord(name.lower(), name, 1_700_000_000, PASSWORD, settings=settings)
    for name, settings in zip(NAMES, ("{}", '{"always-on": "on"}', '{"always-on": "on"}'), strict=True)
)
"""In memory their password is compared as it is, see `PlainPasswords`."""


def log_in(member: Member) -> None:
    """By SASL PLAIN, before registration or after it, mostly with the right password.

    With batches: without them what was missed looks like what is said.
    """
    name = member.rng.choice(NAMES) + member.rng.choice(DEVICES)
    password = PASSWORD if member.rng.random() < 0.9 else "wrong"
    response = b64encode(f"\0{name}\0{password}".encode()).decode()
    member.capabilities |= BATCH
    member.send("CAP REQ :sasl batch", "AUTHENTICATE PLAIN", f"AUTHENTICATE {response}")


def own_account(member: Member) -> None:
    rng, name = member.rng, member.rng.choice(NAMES)
    wish = rng.choice([
        "SESSIONS", "SESSIONS", f"SESSIONS CLOSE {rng.randint(1, 3)}", "SESSIONS CLOSE OTHERS",
        f"GHOST {name}", f"IDENTIFY {name} {PASSWORD}", "LOGOUT", "SET", "INFO",
        f"SET always-on {rng.choice(['on', 'on', 'on', 'off'])}", "SET always-on on",
        f"SET multi-session {rng.choice(['on', 'on', 'off', 'default'])}",
    ])  # fmt: skip
    member.send(member.tagged(f"NS {wish}"))
