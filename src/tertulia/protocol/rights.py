"""The rights of operators of the server: one table of names, each with what it lets one do.

What belongs here: the names that a configuration gives and a gate asks for. What must not: who has which
(`state.user.User.rights`), and the asking (`policy.operators`).
"""

from __future__ import annotations

RIGHTS: dict[str, tuple[str, str]] = {
    "accounts": (
        "suspend accounts and lift that (SUSPEND, UNSUSPEND)",
        "suspender cuentas y levantarlo (SUSPEND, UNSUSPEND)",
    ),
    "announce": ("say something to everybody (ANNOUNCE)", "decir algo a todo el mundo (ANNOUNCE)"),
    "audit": ("read what operators did (AUDIT)", "leer lo que hicieron los operadores (AUDIT)"),
    "ban": (
        "ban from the server, exempt, and lift bans (UBAN, KLINE, DLINE)",
        "vetar en el servidor, eximir y levantar vetos (UBAN, KLINE, DLINE)",
    ),
    "chghost": ("give somebody another host (CHGHOST)", "dar a alguien otra dirección visible (CHGHOST)"),
    "defcon": ("close the server step by step (DEFCON)", "cerrar el servidor paso a paso (DEFCON)"),
    "kill": ("end connections (KILL)", "cortar conexiones (KILL)"),
    "override": (
        "act in rooms as their operators do, and enter closed ones",
        "actuar en las salas como quienes las operan, y entrar en las cerradas",
    ),
    "rehash": ("have the configuration read again (REHASH)", "releer la configuración (REHASH)"),
    "see-hosts": (
        "see addresses, certificates and modes of others",
        "ver direcciones, certificados y modos de otros",
    ),
    "see-rooms": (
        "see secret rooms, invisible people, and all members (INSPECT MEMBERS)",
        "ver salas secretas, gente invisible y a todos los miembros (INSPECT MEMBERS)",
    ),
    "snoop": ("hear the server's notices (mode +s)", "oír los avisos del servidor (modo +s)"),
    "stats": (
        "read the lists of STATS, and how models and server are (INSPECT)",
        "leer las listas de STATS, y cómo están los modelos y el servidor (INSPECT)",
    ),
    "unthrottled": ("send as fast as one can", "enviar sin límite de velocidad"),
    "wallops": ("say something to all with mode +w (WALLOPS)", "decir algo a quien tiene +w (WALLOPS)"),
}
EVERY = frozenset(RIGHTS)
NONE: frozenset[str] = frozenset()
