"""What is wrong with a command line, in words.

What belongs here: a table from Typer's sentences, which are English, to Spanish ones. What must not: finding
faults; Typer does.
"""

from __future__ import annotations

import re
import sys
from typing import Any

from tertulia.cli.language import chosen, say

SPANISH = (
    (r"No such command '(.*?)'\.(?: Did you mean (.*)\?)?", "No existe la orden «{0}».", " ¿Quizá {1}?"),
    (r"No such option: (\S+)(?: \(Possible options: (.*)\))?", "No existe la opción {0}.", " ¿Quizá {1}?"),
    (r"Missing command\.()", "Falta la orden.", ""),
    (r"Missing (?:option|argument|parameter) (.*?)\.", "Falta {0}.", ""),
    (r"Got unexpected extra argument(?:\(s\)|s)? \((.*)\)", "Sobra: {0}.", ""),
    (r"Option (.*) does not take a value\.", "La opción {0} no lleva ningún valor.", ""),
    (r"Option (.*) requires an argument\.", "La opción {0} necesita un valor.", ""),
    (r"Invalid value for (.*?): (.*)", "El valor de {0} no vale: {1}", ""),
)


def complain(error: Any) -> int:
    """Print what was wrong, and where the right use is told; the exit code. `error`: a `TyperException`."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "tertulia"
    words = error.format_message()
    if words:  # none when nothing was asked for, and the help page was shown
        print(in_spanish(words) if chosen() == "es" else words, file=sys.stderr)
        print(say(f"See {path} --help", f"Ayuda: {path} --help"), file=sys.stderr)
    return int(error.exit_code)


def in_spanish(words: str) -> str:
    """Typer's sentence in Spanish; as it is where the table does not know it."""
    for pattern, sentence, more in SPANISH:
        found = re.fullmatch(pattern, words, re.DOTALL)
        if found:
            parts = [part or "" for part in found.groups()]
            return (sentence + (more if parts[-1] else "")).format(*parts).replace("'", "")
    return words
