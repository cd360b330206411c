"""`tertulia password`: a password in, its hash out.

What belongs here: the asking. What must not: hashing, which is in `world.py`.
"""

from __future__ import annotations

import getpass
import sys

from tertulia.cli.language import say
from tertulia.cli.world import hash_password


def run() -> int:
    """Ask twice on a terminal without echo, else read one line; print the hash alone, fit for a pipe."""
    try:
        password = _typed() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    except (EOFError, KeyboardInterrupt):
        return 1
    if not password:
        print(say("No password, or two different ones.", "Sin contraseña, o dos distintas."), file=sys.stderr)
        return 1
    print(hash_password(password))
    return 0


def _typed() -> str:
    """What was typed twice alike, else an empty text."""
    first = getpass.getpass(say("Password: ", "Contraseña: "))
    second = getpass.getpass(say("Again: ", "Otra vez: "))
    return first if first == second else ""
