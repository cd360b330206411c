"""Which function does what a word asks for.

What belongs here: the table. What must not: anything else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from tertulia.models.deeds import (
    approving,
    basics,
    catching,
    remembering,
    reminding,
    room,
    rounds,
    translating,
    usage,
)
from tertulia.models.manners import Verdict
from tertulia.models.turns import Question

if TYPE_CHECKING:
    from tertulia.models.member import Member

Deed = Callable[["Member", Verdict, Question], None]
"""May raise `NotebookError`: whoever asked is told that it could not be kept."""

DEEDS: Final[dict[str, Deed]] = {
    "help": basics.help_,
    "stop": basics.stop,
    "retry": basics.retry,
    "models": basics.models,
    "summary": remembering.summary,
    "forget": remembering.forget,
    "optout": remembering.opt_out,
    "optin": remembering.opt_in,
    "remind": reminding.remind,
    "timezone": reminding.timezone,
    "usage": usage.usage,
    "round": rounds.round_,
    "catchup": catching.catch_up,
    "translate": translating.translate,
    "approve": approving.approve,
    "deny": approving.deny,
    "prompt": room.prompt,
    "ambient": room.ambient,
    "quiet": room.quiet,
    "admit": room.admit,
    "dismiss": room.dismiss,
    "hops": room.hops,
    "language": room.language,
}
