"""TOKEN: proofs of who one is, for services outside of IRC (IRCv3 draft/authtoken).

What belongs here: tokens that wait to be used, and the command. What must not: what a service does with one.
A token is chance, for one service, good once and for ten minutes. What it says of its owner is looked up when
it is used, not when it is made.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from ipaddress import ip_address
from typing import NamedTuple

from tertulia import limits
from tertulia.commands.arguments import shown
from tertulia.commands.registry import command
from tertulia.commands.settings import Service
from tertulia.commands.turn import OpenBatch, Turn
from tertulia.protocol.capabilities import BATCH
from tertulia.protocol.casemap import fold
from tertulia.protocol.line import Line
from tertulia.protocol.modes import HALF_OPERATOR
from tertulia.protocol.names import is_room
from tertulia.protocol.tags import Tags
from tertulia.protocol.text import packed
from tertulia.state.network import Network
from tertulia.state.room import Room
from tertulia.state.user import User

FILEHOST = "FILEHOST"
"""The key of the service that takes files: unprefixed, as in the specification's own example."""

SECRET_TOKENS = 4  # so many of the server's unguessable texts make one that opens a door


class Grant(NamedTuple):
    """What a token stands for."""

    service: str  # folded key
    user: User
    identity: str  # the owner's, when the token was made
    account: str | None  # the same: whoever logs in elsewhere afterwards is another
    scope: str  # a nick, or ""; or a room's name, which `room` has now
    room: Room | None
    until: float  # monotonic seconds

    def is_good(self, network: Network) -> bool:
        """Whether its owner is who it was. A guest is the one connection, by whatever nick: who takes that
        nick afterwards is another."""
        if network.users.get(self.user.id) is not self.user:
            return False
        if self.account is None:
            return self.user.account is None
        return self.user.identity == self.identity

    def place(self, network: Network) -> Room | None:
        """The room that it is for, if that is still there: not another one which is called so by now."""
        room = self.room
        return room if room is not None and network.rooms.get(room.key) is room else None


class Tokens:
    """The tokens that have not been used."""

    def __init__(self) -> None:
        self._grants: OrderedDict[str, Grant] = OrderedDict()  # in the order of making

    def grant(self, token: str, grant: Grant) -> None:
        mine = [
            key
            for key, other in self._grants.items()
            if other.user is grant.user or other.identity == grant.identity
        ]
        for key in mine[: max(0, len(mine) + 1 - limits.TOKENS_PER_OWNER)]:
            del self._grants[key]
        self._grants[token] = grant
        if len(self._grants) > limits.TOKENS:
            self._grants.popitem(last=False)

    def redeem(self, service: str, token: str, network: Network, now: float) -> Grant | None:
        """What the token stands for, once; None when it is none, not for this service, or its owner is no
        longer who it was."""
        grant = self._grants.get(token)
        if grant is None or grant.service != fold(service):
            return None  # a token shown to the wrong service stays good for its own
        del self._grants[token]
        return grant if grant.is_good(network) and now <= grant.until else None


@command(
    "TOKEN SERVICELIST|GENERATE|VALIDATE [<service>] [<scope or token>]",
    "Prove who you are to a service outside of IRC: list, make and check tokens.",
    "Demuestra quién eres a un servicio de fuera: listar, hacer y comprobar fichas.",
    least=1,
    before=True,
    cost=2.0,
)
async def token(turn: Turn, params: list[str]) -> None:
    handler = _SUBCOMMANDS.get(params[0].upper())
    if handler is None:
        turn.fail("TOKEN", "UNKNOWN_COMMAND", shown(params[0]), subcommand=shown(params[0]))
    elif not turn.session.capabilities & BATCH:
        turn.fail("TOKEN", "NEED_CAPABILITY", "batch", capability="batch")
    else:
        handler(turn, params[1:])


def service_list(turn: Turn, params: Sequence[str] = ()) -> None:
    """ "a list of zero or more services inside of a `draft/authtoken` batch"."""
    services = turn.world.settings.services
    if not services:
        turn.line("NOTE", "TOKEN", "NO_SERVICES", text=turn.words_of("NO_SERVICES"))
        return
    in_batch(
        turn,
        "*",
        [f"TOKEN SERVICE {one.key} {one.url} :{one.description}" for one in services],
    )


def _generate(turn: Turn, params: Sequence[str]) -> None:
    service, scope = _service(turn, params), params[1] if len(params) > 1 else ""
    if service is None:
        return
    if turn.session.user is None or not service.admits(turn.user.account, turn.session.peer.local):
        turn.line(
            "FAIL", "TOKEN", "ACCOUNT_REQUIRED", text=turn.words_of("TOKEN_ACCOUNT", service=service.key)
        )
    elif (fault := _scope_fault(turn, scope)) is not None:
        turn.fail("TOKEN", fault, shown(scope), service=service.key, scope=shown(scope))
    else:
        made = "".join(turn.world.ids.token() for _ in range(SECRET_TOKENS))
        until = turn.world.instant + limits.TOKEN_SECONDS
        user, room = turn.user, turn.network.room(scope) if is_room(scope) else None
        grant = Grant(fold(service.key), user, user.identity, user.account, scope, room, until)
        turn.world.tokens.grant(made, grant)
        turn.line("TOKEN", "GENERATE", service.key, text=made)


def _scope_fault(turn: Turn, scope: str) -> str | None:
    """None, or the code: a room must be one that the asker is in, a nick somebody's."""
    if not scope or turn.network.user(scope) is not None:
        return None
    room = turn.network.room(scope) if is_room(scope) else None
    if room is None:
        return "INVALID_SCOPE"
    return None if room in turn.user.rooms else "NO_PERMISSIONS"


def _validate(turn: Turn, params: Sequence[str]) -> None:
    if len(params) < 2:
        turn.fail("TOKEN", "INVALID_TOKEN")
        return
    validate(turn, params[0], params[1])


def validate(turn: Turn, key: str, text: str) -> None:
    """The claims of a token to the service that it is for, and to no other."""
    service = _service(turn, [key])
    if service is None:
        return
    if not _may_validate(turn, service):
        turn.fail("TOKEN", "NO_PERMISSIONS", service.key, service=service.key, scope=service.key)
        return
    world = turn.world
    grant = world.tokens.redeem(key, text, world.network, world.instant)
    if grant is None:
        turn.fail("TOKEN", "INVALID_TOKEN")
        return
    in_batch(
        turn, service.key, [f"TOKEN CLAIM {name} :{value}" for name, value in _claims(grant, world.network)]
    )


def _may_validate(turn: Turn, service: Service) -> bool:
    """From the addresses that the operator has named for this service."""
    try:
        address = ip_address(turn.session.peer.address)
    except ValueError:  # a Unix socket, or memory: this machine
        return any(network.is_loopback for network in service.networks)
    return any(address in network for network in service.networks if network.version == address.version)


def _claims(grant: Grant, network: Network) -> list[tuple[str, str]]:
    """Secret rooms are named to nobody, unless the token is for one."""
    user, place = grant.user, grant.place(network)
    rooms = [room for room in user.rooms if not room.secret or room is place]
    operated = [room.name for room in rooms if room.members[user] >= HALF_OPERATOR]
    claims = [("account", user.account or ""), ("name", user.nick)]
    for name, words in (("member_of", [room.name for room in rooms]), ("operator_of", operated)):
        lines = packed(words, limits.TOKEN_BYTES)
        # The reader joins the values of one key "without any separators": the space is ours to give.
        claims += [(name, f" {line}" if at else line) for at, line in enumerate(lines)]
    claims.append(("scope", place.name if place is not None else grant.scope))
    return [(name, value) for name, value in claims if value]


def _service(turn: Turn, params: Sequence[str]) -> Service | None:
    """ "The full service key MUST be treated as a case-insensitive identifier"."""
    named = params[0] if params else "*"
    for service in turn.world.settings.services:
        if fold(service.key) == fold(named):
            return service
    turn.fail("TOKEN", "UNKNOWN_SERVICE", shown(named), service=shown(named))
    return None


def in_batch(turn: Turn, service: str, lines: Sequence[str]) -> None:
    reference = turn.world.ids.token()
    turn.line("BATCH", f"+{reference}", "draft/authtoken", service)
    turn.items += [f"@batch={reference} :{turn.world.settings.name} {line}\r\n" for line in lines]
    turn.line("BATCH", f"-{reference}")


_SUBCOMMANDS: dict[str, Callable[[Turn, Sequence[str]], None]] = {
    "SERVICELIST": service_list,
    "GENERATE": _generate,
    "VALIDATE": _validate,
}


class LongToken:
    """A client batch of `TOKEN VALIDATE` lines: one token that does not fit a line."""

    lifetime = float(limits.BATCH_SECONDS)

    def __init__(self, turn: Turn, reference: str, service: str) -> None:
        self.opened = turn.world.instant
        self._service = service
        self._text = ""
        self._broken = False
        self._label, turn.label = turn.label, None  # it is answered when the batch closes

    def line(self, turn: Turn, line: Line) -> None:
        """ "MUST contain only `TOKEN VALIDATE` commands, and these commands MUST omit the service"."""
        if line.command != "TOKEN" or len(line.params) != 2 or line.params[0].upper() != "VALIDATE":
            self._broken = True
        elif len(self._text) <= limits.TOKEN_BYTES:  # longer is none of ours, and is not gathered
            self._text += line.params[1]

    def close(self, turn: Turn, tags: Tags | None) -> None:
        turn.label = self._label
        if self._broken:
            turn.fail("TOKEN", "INVALID_TOKEN")
        else:
            validate(turn, self._service, self._text)

    def abandon(self, turn: Turn | None, reason: str) -> None:
        if turn is not None:
            turn.label = self._label
            turn.fail("TOKEN", "TIMEOUT")


def open_long_token(turn: Turn, reference: str, service: str) -> OpenBatch:
    return LongToken(turn, reference, service)
