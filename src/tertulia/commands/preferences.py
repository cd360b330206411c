"""NickServ SET: what an account prefers.

What belongs here: a row for each setting, and changing one. What must not: what a setting does. Kept in the
account's record (`accounts.setting`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from tertulia.commands.answering import Said, answer, own, words
from tertulia.commands.turn import Turn
from tertulia.policy.user import stays_on
from tertulia.protocol.accounts import AccountRecord, setting, with_setting
from tertulia.protocol.casemap import fold
from tertulia.state.events import ChangeAccount


class Preference(NamedTuple):
    name: str
    spanish: str
    help_en: str
    help_es: str


TABLE = (
    Preference("multi-session", "varias-sesiones", "whether your connections are one user, with one nick",
               "si tus conexiones son un solo usuario, con un solo nombre"),
    Preference("always-on", "siempre", "whether you stay when your connections end",
               "si te quedas cuando acaban tus conexiones"),
    Preference("autoreplay-missed", "repetir-perdido",
               "whether clients without CHATHISTORY are shown what they missed",
               "si a los clientes sin CHATHISTORY se les muestra lo que se perdieron"),
    Preference("auto-away", "ausente", "whether you are away while you have no connection",
               "si constas como ausente mientras no tienes conexión"),
)  # fmt: skip

VALUES = {
    "on": "on", "yes": "on", "true": "on", "sí": "on", "si": "on",
    "off": "off", "no": "off", "false": "off",
    "default": "", "normal": "",
}  # fmt: skip
"""What people write, and what is kept; "": as the server does with everybody."""

_BY_NAME = {fold(name): row for row in TABLE for name in (row.name, row.spanish)}


async def verb(turn: Turn, params: list[str]) -> None:
    """`SET`, `SET <setting>`, `SET <setting> <value>`."""
    record = own(turn)
    if not params:
        for row in TABLE:
            _tell(turn, record, row)
        return
    found = _BY_NAME.get(fold(params[0]))
    if found is None:
        raise Said("setting unknown", names=", ".join(_name(turn, row) for row in TABLE))
    if len(params) > 1:
        await change(turn, record, found.name, params[1])
    _tell(turn, own(turn), found)
    if found.name == "always-on":
        _overruled(turn, own(turn))


async def change(turn: Turn, record: AccountRecord, name: str, given: str) -> None:
    """Keep one preference. Raises `Said` for what is none."""
    value = VALUES.get(fold(given))
    if value is None:
        raise Said("setting value")
    await turn.world.propose(ChangeAccount(replace(record, settings=with_setting(record, name, value))), turn)


def _tell(turn: Turn, record: AccountRecord, row: Preference) -> None:
    spanish = turn.session.language == "es"
    chosen = words(turn, f"is {setting(record, row.name) or 'default'}")
    answer(turn, "setting", name=_name(turn, row), value=chosen, help=row.help_es if spanish else row.help_en)


def _overruled(turn: Turn, record: AccountRecord) -> None:
    """The server may decide for all who stays."""
    chosen, rule = setting(record, "always-on"), turn.world.settings.accounts.always_on
    if chosen and (chosen == "on") is not stays_on(record, rule):
        answer(turn, "nobody stays" if chosen == "on" else "everybody stays")


def _name(turn: Turn, row: Preference) -> str:
    return row.spanish if turn.session.language == "es" else row.name
