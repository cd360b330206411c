"""Server notices: operators with mode `+s` are told what happens, each in the language of the session.

What belongs here: the words, and who hears them. What must not: what happened (the callers), and the letters
(`protocol.snomasks`).
"""

from __future__ import annotations

from tertulia.commands.turn import Turn, World
from tertulia.limits import KICK_CHARACTERS
from tertulia.protocol.snomasks import SNOMASKS
from tertulia.protocol.text import one_line

WORDS: dict[str, tuple[str, str]] = {
    "announced": ("{who} said to everybody: {text}", "{who} dijo a todo el mundo: {text}"),
    "ban expired": ("The ban of {target} has expired", "El veto de {target} ha caducado"),
    "ban lifted": ("{who} lifted the ban of {target}", "{who} levantó el veto de {target}"),
    "ban set": (
        "{who} set {effect} on {target} {until}: {reason}{note} ({hit} hit)",
        "{who} puso {effect} a {target} {until}: {reason}{note} (afecta a {hit})",
    ),
    "connected": (
        "{nick}!{username}@{address} connected by {door} ({realname})",
        "{nick}!{username}@{address} se conectó por {door} ({realname})",
    ),
    "defcon": ("{who} set the level of defence to {level}", "{who} puso el nivel de defensa en {level}"),
    "disconnected": (
        "{nick}!{username}@{address} left: {reason}",
        "{nick}!{username}@{address} salió: {reason}",
    ),
    "account made": ("The account {account} was made by {who}", "{who} creó la cuenta {account}"),
    "account gone": ("The account {account} was deleted", "Se borró la cuenta {account}"),
    "account suspended": (
        "{who} suspended the account {account}: {reason}",
        "{who} suspendió la cuenta {account}: {reason}",
    ),
    "account unsuspended": (
        "{who} lifted the suspension of the account {account}",
        "{who} levantó la suspensión de la cuenta {account}",
    ),
    "host changed": ("{who} gave {nick} the host {host}", "{who} dio a {nick} la dirección {host}"),
    "killed": ("{who} killed {target}: {reason}", "{who} expulsó a {target}: {reason}"),
    "nick changed": ("{old} is {nick} now ({address})", "{old} es ahora {nick} ({address})"),
    "operator": ("{nick} ({address}) is operator {name} now", "{nick} ({address}) es ahora operador {name}"),
    "operator failed": (
        "{nick} ({address}) failed to become operator {name}",
        "{nick} ({address}) no consiguió ser operador {name}",
    ),
    "overrode": ("{who} used their rights in {room}: {what}", "{who} usó sus derechos en {room}: {what}"),
    "refused address": (
        "A connection from {address} is refused: there are too many from there",
        "Se rechaza una conexión desde {address}: hay demasiadas desde ahí",
    ),
    "refused closed": (
        "A connection from {address} is refused: the level of defence lets nobody in",
        "Se rechaza una conexión desde {address}: el nivel de defensa no deja entrar a nadie",
    ),
    "refused full": (
        "A connection from {address} is refused: the server is full",
        "Se rechaza una conexión desde {address}: el servidor está lleno",
    ),
    "refused network": (
        "A connection from {address} is refused: there are too many from its network",
        "Se rechaza una conexión desde {address}: hay demasiadas desde su red",
    ),
    "refused often": (
        "A connection from {address} is refused: it connects too often",
        "Se rechaza una conexión desde {address}: se conecta demasiado a menudo",
    ),
    "rehashed": ("{who} had the configuration read again", "{who} hizo releer la configuración"),
}


def listening(world: World, letter: str) -> bool:
    """Whether anybody would hear it: ask first where making the words costs something."""
    return any(letter in user.notices for user in world.network.listeners)


def notify(world: World, letter: str, word: str, **fields: object) -> None:
    """Tell who listens to this letter. A field that is a tuple is said in English or Spanish."""
    assert letter in SNOMASKS, letter
    for user in world.network.listeners:
        if letter in user.notices:
            for session in world.sessions(user):
                turn = Turn(world, session, None, None)
                at = session.language == "es"
                said = {
                    name: field[at] if isinstance(field, tuple) else field for name, field in fields.items()
                }
                text = WORDS[word][at].format(**said)
                turn.line("NOTICE", turn.me, text=f"*** {one_line(text, KICK_CHARACTERS, KICK_CHARACTERS)}")
                world.answer(turn)
