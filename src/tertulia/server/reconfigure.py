"""New settings for a running server: who is connected is told what they change (IRCv3 cap-notify,
extended-isupport).

What belongs here: the difference between two settings, told to each session. What must not: reading them.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple

from tertulia.commands import opering, persistence
from tertulia.commands.isupport import isupport_numerics
from tertulia.commands.registration import in_lines, offered, sts_policy
from tertulia.commands.settings import ServerSettings
from tertulia.protocol import capabilities as cap
from tertulia.protocol.modes import ModeChange
from tertulia.server import announce, presence
from tertulia.state import events as may
from tertulia.state.changes import OperatorMade

if TYPE_CHECKING:
    from tertulia.server.hub import Hub
    from tertulia.server.session import Session


def reconfigure(hub: Hub, settings: ServerSettings) -> None:
    """Take these settings from now on. Callable inside a tick (REHASH) and outside (SIGHUP)."""
    old, hub.settings = hub.settings, settings
    offers = {version: Offer.between(old, settings, version) for version in (301, 302)}
    tokens = _differing(old.tokens, settings.tokens)
    _operators(hub)
    hub.gate.recount()
    for session in list(hub.connections):
        if session.closing:
            continue
        offer = offers[min(302, max(301, session.cap_version))]
        if offer.gone:
            _withdraw(hub, session, offer.gone)
        _tell(hub, session, "NEW", offer.new)
        if settings.sts != old.sts and session.peer.secure and session.cap_version >= 302:
            # for how long they insist on TLS counts from their end on, "as last advertised by the server"
            _tell(hub, session, "NEW", sts_policy(settings.sts, session.peer))
        if tokens and (session.user is not None or session.capabilities & cap.EXTENDED_ISUPPORT):
            turn = hub.turn(session)
            isupport_numerics(turn, tokens)
            hub.answer(turn)
    if settings.accounts.always_on != old.accounts.always_on:
        presence.reconsider_all(hub)
        for session in list(hub.connections):
            persistence.tell(hub, session)
    hub.wake()


def _operators(hub: Hub) -> None:
    """Who is an operator has from now on what the class has now, or is none when the block is gone."""
    blocks = {block.name: block for block in hub.settings.operators}
    for user in list(hub.network.operators):
        block = blocks.get(user.operator or "")
        if block is None:
            event: may.Event = may.SetUserModes(user.id, (ModeChange(False, "o"),))
        else:
            event = opering.made(user.id, block)
        for change in hub.network.apply(event):
            if not isinstance(change, OperatorMade):
                announce.announce(hub, change, None)


class Offer(NamedTuple):
    """What CAP LS says otherwise than before, to clients of one version."""

    gone: list[str]
    new: list[str]  # with values; also what has another value from now on

    @classmethod
    def between(cls, old: ServerSettings, now: ServerSettings, version: int) -> Offer:
        left = {item.partition("=")[0] for item in offered(now, 302)}
        names = [item.partition("=")[0] for item in offered(old, 302)]  # all, whoever asked for some unseen
        before = set(offered(old, version))
        return cls(
            [name for name in names if name not in left],
            [item for item in offered(now, version) if item not in before],
        )


def _withdraw(hub: Hub, session: Session, names: list[str]) -> None:
    """ "Servers MUST cancel any capability-specific behaviour for a client after sending the CAP DEL"."""
    _tell(hub, session, "DEL", names)
    hub.capabilities_changed(session)
    for name in names:
        if name in cap.BY_NAME:  # some only inform, and cannot be asked for
            session.capabilities &= ~cap.BY_NAME[name].bit


def _tell(hub: Hub, session: Session, subcommand: str, items: list[str]) -> None:
    """ "MUST ONLY be sent to clients that have negotiated CAP version `302` or enabled the `cap-notify`
    capability"."""
    if not items or not session.capabilities & cap.CAP_NOTIFY:
        return
    turn = hub.turn(session)
    for group in in_lines(turn, items):
        turn.line("CAP", turn.me, subcommand, text=" ".join(group))
    hub.answer(turn)


def _differing(old: Collection[str], new: Collection[str]) -> list[str]:
    """The tokens that are new or other, and `-NAME` for those that are gone."""
    names = {token.partition("=")[0] for token in new}
    gone = [f"-{name}" for token in old if (name := token.partition("=")[0]) not in names]
    return [*(token for token in new if token not in old), *gone]
