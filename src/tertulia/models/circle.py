"""What the models of one server share: the floor, what was settled, who speaks for all.

What belongs here: questions about all of them, answered in one place. What must not: the server, sockets;
an outside agent knows nothing of this, and the count of hops is what holds it.
"""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, TypeVar

from tertulia.limits import AMBIENT_MOST_PER_HOUR, AMBIENT_PER_HOUR
from tertulia.models.clockwork import Clockwork
from tertulia.models.consent import Consent
from tertulia.models.keepsakes import Keepsakes
from tertulia.models.manners import Floor
from tertulia.models.notebook import MemoryNotebook, Notebook, Notes
from tertulia.models.readers import Readers, Unknown
from tertulia.models.rules import Rules, is_admitted, rules_for
from tertulia.models.tools.approvals import Approvals, short_id
from tertulia.models.tools.toolbox import Toolbox
from tertulia.protocol.casemap import fold
from tertulia.protocol.ledger import Caller
from tertulia.protocol.names import is_room
from tertulia.protocol.notes import Note

if TYPE_CHECKING:
    from tertulia.models.deeds.rounds import Round
    from tertulia.models.deeds.translating import Bureau
    from tertulia.models.member import Member
    from tertulia.models.turns import Question

ROOMS: Final = 2_000  # whose floor is remembered; the one used longest ago is let go
HOUR: Final = 3_600.0
Value = TypeVar("Value")


class Circle:
    """`wall`: seconds since 1970. `zone`: the time zone of who has not named one. `new_id`: unguessable, and
    short to type. Raises `NotebookError`."""

    def __init__(
        self,
        notebook: Notebook | None = None,
        wall: Callable[[], float] = time.time,
        zone: str = "UTC",
        hops: int = 3,
        readers: Readers | None = None,
        new_id: Callable[[], str] = short_id,
    ) -> None:
        self.notebook: Notebook = notebook or MemoryNotebook()
        self.notes = Notes(self.notebook)
        self.members: list[Member] = []  # in the order of the configuration
        self.zone = zone
        self.clockwork = Clockwork(self)
        self.readers: Readers = readers or Unknown()
        self.consent = Consent(self)
        self.approvals = Approvals(self, new_id=new_id)
        self.toolbox = Toolbox()
        self.keepsakes = Keepsakes(self)
        self.rounds: dict[str, Round] = {}  # going on, by folded room
        self.bureaus: dict[str, Bureau] = {}  # of translation, by folded room
        self._wall = wall
        self._new_id = new_id
        self._hops = hops
        self._floors: OrderedDict[str, Floor] = OrderedDict()
        self._voices: OrderedDict[str, str] = OrderedDict()  # folded room -> folded nick of who spoke last
        self._unasked: OrderedDict[str, deque[float]] = OrderedDict()  # when models spoke unasked

    # --- Time ---------------------------------------------------------------------------------------------

    def now(self) -> datetime:
        return datetime.fromtimestamp(self._wall(), UTC)

    def now_ms(self) -> int:
        return int(self._wall() * 1000)

    def reminder_id(self) -> str:
        """One that no other reminder has."""
        taken = {reminder.id for reminder in self.notebook.reminders()}
        return next(found for found in iter(self._new_id, "") if found not in taken)

    # --- Who ----------------------------------------------------------------------------------------------

    def member(self, nick: str) -> Member | None:
        return next((one for one in self.members if fold(one.session.nick) == fold(nick)), None)

    def present(self, room: str) -> list[Member]:
        return [one for one in self.members if one.joined and one.view.room(room) is not None]

    def speaker(self, room: str) -> Member | None:
        """The one that answers what is said to all models of a room."""
        here = self.present(room)
        return next((one for one in here if self.admitted(room, one)), here[0] if here else None)

    def thinker(self, room: str) -> Member | None:
        """The one that works for all of a room, if any can."""
        here = self.present(room)
        return next((one for one in here if one.desk.provider is not None and self.admitted(room, one)), None)

    def voice(self, room: str) -> Member | None:
        """The one that would speak unasked: who spoke last, so that one talk has one voice."""
        here = [one for one in self.present(room) if self.admitted(room, one)]
        last = self._voices.get(fold(room), "")
        return next((one for one in here if fold(one.session.nick) == last), here[0] if here else None)

    def spoke(self, room: str, member: Member) -> None:
        _keep(self._voices, fold(room), fold(member.session.nick))

    def caller(self, question: Question) -> Caller:
        """On whose behalf a call is made, for the ledger."""
        room = self.readers.kept_as(question.target) if is_room(question.target) else ""
        purpose = "ambient" if question.ambient else "answer"
        return Caller(question.asker, question.account, room, purpose)

    def floor(self, room: str) -> Floor:
        return _keep(self._floors, fold(room), self._floors.get(fold(room), {}))

    def room_renamed(self, old: str, new: str) -> None:
        """Who holds the floor, who spoke last, how often unasked: of the same room, under its new name."""
        _rename(self._floors, fold(old), fold(new))
        _rename(self._voices, fold(old), fold(new))
        _rename(self._unasked, fold(old), fold(new))

    # --- What was settled -----------------------------------------------------------------------------------

    def setting(self, room: str, name: str) -> str:
        return self.notes.text(fold(room), name)

    def settle(self, scope: str, name: str, text: str, by: str = "") -> None:
        """Keep it, or with no text take it away. Raises `NotebookError`."""
        self.notes.put(Note(scope, name, text, by, self.now_ms()))

    def admitted(self, room: str, member: Member) -> bool:
        return is_admitted(self.setting(room, "admit"), member.session.nick)

    def rules(self, room: str, member: Member) -> Rules:
        voice = bool(self.setting(room, "ambient")) and self.voice(room) is member
        return rules_for(
            lambda name: self.setting(room, name), member.session.nick, self.now(), self._hops, voice
        )

    def withheld(self, identity: str) -> bool:
        """Whether this person's words stay on this machine."""
        return self.consent.withheld(identity)

    # --- Speaking unasked -----------------------------------------------------------------------------------

    def may_be_unasked(self, room: str) -> bool:
        """Whether the room's budget of unasked calls allows one now; it is then used."""
        times = _keep(self._unasked, fold(room), self._unasked.get(fold(room), deque()))
        now = self._wall()
        while times and times[0] <= now - HOUR:
            times.popleft()
        if len(times) >= unasked_budget(self.setting(room, "ambient")):
            return False
        times.append(now)
        return True


def unasked_budget(setting: str) -> int:
    """Calls an hour: "on", or a number."""
    return min(int(setting), AMBIENT_MOST_PER_HOUR) if setting.isdecimal() else AMBIENT_PER_HOUR


def _rename(kept: OrderedDict[str, Value], old: str, new: str) -> None:
    if old in kept:
        kept[new] = kept.pop(old)


def _keep(kept: OrderedDict[str, Value], key: str, value: Value) -> Value:
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > ROOMS:
        kept.popitem(last=False)
    return value
