"""The language in which the command line speaks: English or Spanish.

What belongs here: choosing it, and `say` and `told`, which pick one of two texts. What must not: the texts;
each stands where it is said, so that both versions are changed together.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping, Sequence
from typing import Literal

Language = Literal["en", "es"]
VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")  # the order of precedence that POSIX gives them

REASONS = {
    errno.ENOENT: "no existe",
    errno.EACCES: "no hay permiso",
    errno.EPERM: "no se permite",
    errno.ENOSPC: "no queda sitio en el disco",
    errno.EROFS: "el disco es de solo lectura",
    errno.ENOTDIR: "no es una carpeta",
    errno.EISDIR: "es una carpeta",
    errno.EEXIST: "ya existe",
}
"""What the system says of a file, in Spanish."""

_chosen: Language = "en"


def say(en: str, es: str) -> str:
    """The text in the language that was chosen."""
    return es if _chosen == "es" else en


def told(error: Exception) -> str:
    """What an error says, in Spanish where it knows how: see `DoorError`, `StoreError`."""
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {reason(error)}"
    return say(str(error), getattr(error, "spanish", "") or str(error))


def reason(error: OSError) -> str:
    """What the system says, without the name of the file."""
    words = error.strerror or str(error)
    return say(words, REASONS.get(error.errno or 0, words))


def choose(language: Language) -> None:
    """Speak this language from now on; the process has one."""
    global _chosen
    _chosen = language


def chosen() -> Language:
    return _chosen


def from_environment(environ: Mapping[str, str] = os.environ) -> Language:
    """Spanish when the first locale variable that is set says so."""
    named = next((environ[name] for name in VARIABLES if environ.get(name)), "")
    return "es" if named.lower().startswith("es") else "en"


def from_arguments(arguments: Sequence[str]) -> Language | None:
    """What `--language` says, wherever it stands: the help texts are made before arguments are parsed."""
    for at, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if name == "--language":
            value = value if equals else "".join(arguments[at + 1 : at + 2])
            return "es" if value == "es" else "en"
    return None
