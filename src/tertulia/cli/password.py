"""`tertulia password`: a password in, its hash out.

What belongs here: the asking, and what a hash may cost. What must not: hashing, which is in `world.py`.
"""

from __future__ import annotations

import getpass
import sys

from tertulia.cli.language import say
from tertulia.cli.world import Cost, hash_password
from tertulia.config import Settings


def run() -> int:
    """Print the hash of what was read alone, fit for a pipe."""
    password = read_password()
    if password is None:
        return 1
    if not password:
        print(say("No password, or two different ones.", "Sin contraseña, o dos distintas."), file=sys.stderr)
        return 1
    print(hash_password(password))
    return 0


def read_password() -> str | None:
    """Ask twice on a terminal without echo, else read one line. "": nothing, or two different ones; None: the
    asking was broken off."""
    try:
        return _typed() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    except (EOFError, KeyboardInterrupt):
        return None


def password_cost(settings: Settings) -> Cost:
    """What the hash of an account's password costs."""
    return Cost(settings.accounts.hash_memory_kib, settings.accounts.hash_passes)


def _typed() -> str:
    """What was typed twice alike, else an empty text."""
    first = getpass.getpass(say("Password: ", "Contraseña: "))
    second = getpass.getpass(say("Again: ", "Otra vez: "))
    return first if first == second else ""
