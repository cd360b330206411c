"""Nothing is answered twice, and nobody waits in vain: questions are noted when they are taken, and struck
out when they were answered; what is open at a start was cut off.

What belongs here: the noting, and telling who was cut off, once. What must not: answering.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from tertulia.models.turns import Question
from tertulia.models.window import identity
from tertulia.models.words import Language, say
from tertulia.protocol.casemap import fold
from tertulia.protocol.names import is_room
from tertulia.protocol.notes import Asked, NotebookError

if TYPE_CHECKING:
    from tertulia.models.member import Member


class Recovery:
    """Of one model."""

    def __init__(self, member: Member) -> None:
        self._member = member
        self._open: dict[tuple[str, str], Asked] = {}  # by target and identity
        self._seen: set[str] = set()  # msgids that were taken in an earlier life
        self._owed: dict[str, list[Asked]] = {}  # by the asker's folded nick: who was cut off, and not told

    # --- Noting -------------------------------------------------------------------------------------------

    def is_known(self, msgid: str | None) -> bool:
        """Whether this very message was taken before the last start."""
        return msgid is not None and msgid in self._seen

    def taken(self, question: Question) -> None:
        if question.ambient:
            return
        asked = self._asked(question)
        self._open[asked.target, asked.identity] = asked
        with suppress(NotebookError):  # the store says so itself; an answer is worth more than its note
            self._member.circle.notebook.ask(asked)

    def over(self, questions: list[Question]) -> None:
        """They have their answer, or know why not."""
        said = {question.msgid or "" for question in questions}
        for key in dict.fromkeys(map(_key, questions)):  # more than one: they go by another nick by now
            latest = self._open.get(key)
            if latest is not None and latest.msgid in said:
                del self._open[key]
                with suppress(NotebookError):
                    self._member.circle.notebook.ask(latest._replace(open=False))

    def forget(self, account: str) -> None:
        """Of an account that is gone: whoever is called so next is owed nothing."""
        self._open = {key: asked for key, asked in self._open.items() if asked.identity != account}
        for owed in self._owed.values():
            owed[:] = [asked for asked in owed if asked.identity != account]
        self._member.forget(account)

    def _asked(self, question: Question) -> Asked:
        return Asked(
            fold(self._member.settings.nick),
            *_key(question),
            question.asker,
            question.text,
            question.language,
            question.msgid or "",
            self._member.circle.now_ms(),
        )

    # --- After a start ------------------------------------------------------------------------------------

    def recall(self) -> None:
        """What earlier lives left: the last questions are at hand for `!retry`, the open ones are owed."""
        self._seen.clear()
        self._owed.clear()
        try:
            found = list(self._member.circle.notebook.asked(fold(self._member.settings.nick)))
        except NotebookError:
            return
        for asked in found:
            if (asked.target, asked.identity) in self._open:
                continue  # of this very life: only the connection is new
            self._seen.add(asked.msgid)
            if asked.open:
                self._owed.setdefault(fold(asked.asker), []).append(asked)
            if is_room(asked.target):
                self._member.corner(asked.target).asked(_question(asked))

    def present(self, nick: str, room: str | None, source: str = "", account: str | None = None) -> None:
        """Somebody is there: in a room, or (None) in private with their `source`. Tell them what is owed."""
        who = "" if room else identity(nick, account, source)
        self._member.circle.approvals.present(self._member, nick, room or nick, who)
        for asked in self._owed.get(fold(nick), ())[:]:
            here = fold(room) if room else fold(nick)
            if asked.target != here or (not room and identity(nick, account, source) != asked.identity):
                continue
            self._owed[fold(nick)].remove(asked)
            try:
                self._member.circle.notebook.ask(asked._replace(open=False))
            except NotebookError:
                return  # better not told than told at every start
            question = _question(asked, room or nick)
            self._member.corner(question.target).asked(question)
            text = say("cut_off", question.language, nick=self._member.session.nick)
            self._member.tell(question, text)


def _key(question: Question) -> tuple[str, str]:
    return fold(question.target), identity(question.asker, question.account, question.source)


def _question(asked: Asked, target: str = "") -> Question:
    tongue: Language = "es" if asked.language == "es" else "en"
    account = None if asked.identity.startswith("~") else asked.identity
    source = asked.identity[1:] if account is None else ""
    return Question(
        asked.asker, account, target or asked.target, asked.text, asked.msgid or None, tongue, source
    )
