"""The levels of defence (DEFCON): each closes more than the one above, and what is open stays as it is.

What belongs here: what each level means, for people. What must not: the closing (`policy.defence`).
"""

from __future__ import annotations

LEVELS: dict[int, tuple[str, str]] = {
    5: ("normal: nothing is closed", "normal: nada está cerrado"),
    4: (
        "no new accounts, and no new registered rooms",
        "no hay cuentas nuevas ni se registran salas",
    ),
    3: (
        "and who has no account writes privately to nobody but operators of the server",
        "y quien no tiene cuenta no escribe en privado más que a operadores del servidor",
    ),
    2: (
        "and who has no account neither connects nor joins rooms",
        "y quien no tiene cuenta no se conecta ni entra en salas",
    ),
    1: (
        "and nobody connects but from this machine and exempt addresses",
        "y nadie se conecta más que desde esta máquina y direcciones exentas",
    ),
}
NORMAL = 5
FACT = "defcon"  # under which name the level is kept
