"""What a registered room keeps beside its modes: who has which rank in it, and how it is to be.

What belongs here: shapes and the names of settings, shared by the state, the store and the verbs. What must
not: who may change them (`policy.registration`), what they do.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Access:
    """An entry of a room's access list: a rank that is given to whoever it fits, on coming in."""

    who: str  # folded name of an account; or a mask, which has a "!" or begins with "~"
    letter: str  # of `modes.RANKS`
    set_by: str
    set_at: int  # seconds since 1970

    @property
    def is_mask(self) -> bool:
        return "!" in self.who or self.who[:1] == "~"


SETTINGS = ("buffer", "history", "history-seen", "names", "successor", "transfer", "welcome")
"""The names of `RoomRecord.settings`; the parameters of modes stand beside them under their single letters.

`history`: "" (kept), "off", or a number of days. `history-seen`: "" (all of it, by every member) or "joined"
(what was said since one came). `successor`, `transfer`: folded names of accounts. `welcome`: a text.
`buffer`: under which name its talk is kept, where that is not its own: rooms can be renamed. `names`: folded,
its former ones with spaces between, the earliest first (`limits.NAMES_REMEMBERED`)."""

OF_NOBODY = ("buffer", "names")
"""Those that do not end with the room's registration."""
