"""The entry point of `tertulia`: chooses the language, then hands over to the table of subcommands.

What belongs here: what must happen before the help texts are made. What must not: subcommands (`app.py`).
"""

from __future__ import annotations

import sys

from tertulia.cli import language


def main() -> None:
    """Run the command line and leave with its exit code."""
    language.choose(language.from_arguments(sys.argv[1:]) or language.from_environment())
    from tertulia.cli.app import app  # its help texts are made on import, in the language just chosen

    app(prog_name="tertulia")
