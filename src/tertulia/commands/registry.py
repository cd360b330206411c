"""The table of commands, and the gates that each passes in one order: known, registered, parameters, rights.

What belongs here: what is true of every command. What must not: what one of them does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tertulia.commands.turn import Handler, Refuse, Turn
from tertulia.policy.operators import may
from tertulia.protocol.line import Line
from tertulia.protocol.rights import RIGHTS


@dataclass(frozen=True, slots=True)
class Command:
    name: str
    handler: Handler
    syntax: str
    help_en: str
    help_es: str
    least: int  # parameters
    before: bool  # may be used before registration
    after: bool  # may be used after registration
    right: str  # of `protocol.rights` that it needs; "": none
    cost: float  # tokens of flood control


COMMANDS: dict[str, Command] = {}


def command(
    syntax: str,
    english: str,
    spanish: str,
    *,
    least: int = 0,
    before: bool = False,
    after: bool = True,
    right: str = "",
    cost: float = 1.0,
) -> Callable[[Handler], Handler]:
    """Enter a handler into the table. The first word of the syntax is the command's name."""

    assert not right or right in RIGHTS, f"{right} is no right"

    def enter(handler: Handler) -> Handler:
        name = syntax.split()[0]
        assert name not in COMMANDS, f"{name} is defined twice"
        COMMANDS[name] = Command(name, handler, syntax, english, spanish, least, before, after, right, cost)
        return handler

    return enter


def need(turn: Turn, right: str) -> None:
    """Go on if the user has this right of operators. Raises `Refuse`: who is none is told so, who lacks it
    which.
    """
    if may(turn.user, right):
        return
    raise Refuse("ERR_NOPRIVILEGES") if turn.user.operator is None else Refuse("ERR_NOPRIVS", right)


def gate(turn: Turn, line: Line) -> Command:
    """The command that a line names, once it has passed the gates. Raises `Refuse` with the standard
    numeric.
    """
    found = COMMANDS.get(line.command)
    registered = turn.session.user is not None
    if found is None:
        raise Refuse(
            "ERR_UNKNOWNCOMMAND" if registered else "ERR_NOTREGISTERED",
            *([line.command[:32]] if registered else []),
        )
    if not registered and not found.before:
        raise Refuse("ERR_NOTREGISTERED")
    if registered and not found.after:
        raise Refuse("ERR_ALREADYREGISTERED")
    if len(line.params) < found.least:
        raise Refuse("ERR_NEEDMOREPARAMS", found.name, syntax=found.syntax)
    if found.right:
        need(turn, found.right)
    turn.verb = found.name
    return found
