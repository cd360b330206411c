"""What the shell does with agents: adding, listing, revoking, rotating.

What belongs here: deeds for `control.DEEDS`. What must not: what agents do here (`commands`).

A token is in the answer to the deed that made it, and nowhere else: not in the store, not in the audit log.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from tertulia.commands import audit
from tertulia.limits import AGENT_ROOMS
from tertulia.policy.user import may_take_nick
from tertulia.protocol.accounts import AccountRecord
from tertulia.protocol.agents import (
    ANY_ROOM,
    RIGHTS,
    AgentRecord,
    hash_of,
    is_agent_name,
    is_over,
    write_token,
)
from tertulia.protocol.casemap import fold
from tertulia.protocol.durations import seconds as seconds_of
from tertulia.protocol.names import valid_room
from tertulia.state import events as may

if TYPE_CHECKING:
    from tertulia.server.control import Asked
    from tertulia.server.hub import Hub

NEVER = "never"


class WrongAgent(Exception):
    """It cannot be done: words for the shell, in English and Spanish."""

    def __init__(self, english: str, spanish: str) -> None:
        super().__init__(english)
        self.texts = (english, spanish)


async def add(asked: Asked) -> dict[str, Any]:
    """A new agent, or one whose token was revoked before."""
    hub, name = asked.hub, asked.text("name")
    owner = hub.network.accounts.named(asked.text("owner"))
    if not is_agent_name(name) or not may_take_nick(name):
        raise WrongAgent(
            "An agent's name begins with a letter and has letters, digits, - and _",
            "El nombre de un agente empieza por letra y lleva letras, cifras, - y _",
        )
    if owner is None:
        raise WrongAgent(
            "--owner names an account that answers for it (tertulia accounts add)",
            "--owner es la cuenta que responde de él (tertulia accounts add)",
        )
    if hub.network.agents.of(owner.key) is not None:
        raise WrongAgent("An agent answers for nobody", "Un agente no responde de nadie")
    old = hub.network.agents.of(fold(name))
    if (old is None and hub.network.accounts.named(name) is not None) or (old and old.token_hash):
        raise WrongAgent(
            "That name is taken: another one, or rotate its token",
            "Ese nombre ya está cogido: elige otro, o renueva su ficha con rotate",
        )
    now = hub.now_ms // 1000
    record = AgentRecord(
        fold(name), name, owner.name, "", _rooms(asked), _rights(asked), now, _expiry(asked, now)
    )
    if old is None:
        await hub.propose(may.RegisterAccount(AccountRecord(record.key, name, now)))
    return await _give_token(asked, record, "AGENT")


async def rotate(asked: Asked) -> dict[str, Any]:
    """Another token for an agent; the old one ends, and whoever came with it goes."""
    record = _existing(asked)
    if asked.text("expires"):
        record = record._replace(expires_at=_expiry(asked, asked.hub.now_ms // 1000))
    if is_over(record._replace(token_hash="-"), asked.hub.now_ms // 1000):
        raise WrongAgent("It has expired: say --expires too", "Ha caducado: indica también --expires")
    return await _give_token(asked, record, "ROTATE")


async def revoke(asked: Asked) -> dict[str, Any]:
    """Its token opens nothing any more; what it said stays under its name."""
    record = _existing(asked)
    await asked.hub.propose(may.SetAgent(record._replace(token_hash="")))
    _put_out(asked.hub, record, "Token revoked")
    audit.note(asked.hub, None, "REVOKE", record.name, "", asked.who)
    return {"text": asked.say(f"{record.name} is out", f"{record.name} está fuera")}


async def show(asked: Asked) -> dict[str, Any]:
    now = asked.hub.now_ms // 1000
    rows = [
        [one.name, one.owner, " ".join(one.rooms), " ".join(one.rights),
         _moment(one.expires_at) or NEVER, _state(asked, one, now)]
        for one in sorted(asked.hub.network.agents)
    ]  # fmt: skip
    return {"columns": ["agent", "owner", "rooms", "rights", "until", "state"], "rows": rows}


def _state(asked: Asked, record: AgentRecord, now: int) -> str:
    if not record.token_hash:
        return asked.say("revoked", "revocado")
    if is_over(record, now):
        return asked.say("expired", "caducado")
    here = bool(asked.hub.network.logged_in(record.key))
    return asked.say("here", "aquí") if here else asked.say("away", "fuera")


async def _give_token(asked: Asked, record: AgentRecord, deed: str) -> dict[str, Any]:
    token = write_token(record.name, _secret(asked.hub))
    await asked.hub.propose(may.SetAgent(record._replace(token_hash=hash_of(token))))
    _put_out(asked.hub, record, "Token replaced")
    text = f"{record.owner}; {' '.join(record.rooms)}; {' '.join(record.rights)}"
    audit.note(asked.hub, None, deed, record.name, text, asked.who)
    until = _moment(record.expires_at)
    told = asked.say(
        f"The token of {record.name}, shown this once" + (f", good until {until} UTC:" if until else ":"),
        f"La ficha de {record.name}, que solo se muestra esta vez" +
        (f", vale hasta {until} UTC:" if until else ":"),
    )  # fmt: skip
    return {"text": f"{told}\n{token}", "token": token}


def _secret(hub: Hub) -> str:
    """256 bits of the server's chance, in 43 characters."""
    chance = "".join(hub.ids.token() for _ in range(4))
    return urlsafe_b64encode(sha256(chance.encode()).digest()).decode().rstrip("=")


def _put_out(hub: Hub, record: AgentRecord, reason: str) -> None:
    for user in hub.network.logged_in(record.key):
        hub.drop_user(user, reason)


def _existing(asked: Asked) -> AgentRecord:
    name = asked.text("name")
    record = asked.hub.network.agents.of(fold(name))
    if record is None:
        raise WrongAgent(f"There is no agent {name}", f"No existe el agente {name}")
    return record


def _rooms(asked: Asked) -> tuple[str, ...]:
    rooms = tuple(dict.fromkeys(fold(name) for name in _texts(asked, "rooms")))
    if not rooms or len(rooms) > AGENT_ROOMS:
        raise WrongAgent(
            f"--room is given once for each room, at most {AGENT_ROOMS} times; '*' is every room",
            f"--room se da una vez por sala, como mucho {AGENT_ROOMS}; '*' son todas",
        )
    for name in rooms:
        if name != ANY_ROOM and not valid_room(name):
            raise WrongAgent(f"{name} is no room's name", f"{name} no es nombre de sala")
    return rooms


def _rights(asked: Asked) -> tuple[str, ...]:
    given = set(_texts(asked, "rights")) or set(RIGHTS)
    if given - RIGHTS.keys():
        raise WrongAgent(f"Rights are {', '.join(RIGHTS)}", f"Los derechos son {', '.join(RIGHTS)}")
    return tuple(right for right in RIGHTS if right in given)


def _expiry(asked: Asked, now: int) -> int:
    text = asked.text("expires")
    if text == NEVER:
        return 0
    seconds = seconds_of(text)
    if not seconds:
        raise WrongAgent(
            "--expires is a duration such as 12h, 30d, 52w, or never",
            "--expires es una duración como 12h, 30d, 52w, o never (nunca)",
        )
    return now + seconds


def _texts(asked: Asked, name: str) -> Iterable[str]:
    value = asked.args.get(name)
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _moment(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M}" if seconds else ""


DEEDS = {"agents.add": add, "agents.rotate": rotate, "agents.revoke": revoke, "agents.list": show}
