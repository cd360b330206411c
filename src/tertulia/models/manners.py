"""May it answer, here and now? Being addressed, following a thread, commands, and whom it never answers.

What belongs here: pure decisions over what was heard; time comes in. What must not: what is said, sockets,
clocks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from tertulia.models.rules import Rules
from tertulia.models.vocabulary import KNOWN
from tertulia.models.words import Language
from tertulia.protocol.casemap import fold

FOLLOW_SECONDS: Final = 180.0  # a pause for thought; after it, being named again is no burden
FOLLOWED: Final = 8  # people followed in one room; the one heard longest ago is let go


@dataclass(frozen=True, slots=True)
class Heard:
    """One message, as far as manners go."""

    kind: str  # PRIVMSG, NOTICE, TAGMSG
    nick: str
    text: str
    private: bool = False
    account: str | None = None
    bot: bool = False
    hops: int | None = None  # as the server stamped it; None: no stamp
    msgid: str | None = None
    reply_to: str | None = None
    history: bool = False  # replayed: never answered
    source: str = ""  # nick!user@host
    oper: bool = False  # the server says that this is an operator of its own


# --- Being addressed --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Address:
    """Whom a message is meant for, and its text without the name."""

    to_me: bool
    to_another: bool
    text: str


# A head of names: "lola:", "lola,", "@lola", "ana, lola:", "ana y lola:". What follows the last name decides.
_HEAD: Final = re.compile(
    r"\s*(?P<names>@?[^\s,:;@]+(?:\s*(?:,|\by\b|\be\b|\band\b|&)\s*@?[^\s,:;@]+){0,7})"
    r"\s*(?P<mark>[:,])(?=\s|$|[!¿¡])",
    re.IGNORECASE,
)
_BETWEEN: Final = re.compile(r"\s*(?:,|\by\b|\be\b|\band\b|&)\s*", re.IGNORECASE)
_GREETING: Final = (
    r"(?:hola|buenas|buenos\s+d[ií]as|buenas\s+(?:tardes|noches)|gracias|muchas\s+gracias|vale|adi[oó]s|"
    r"oye|eh|"
    r"hi|hello|hey|thanks|thank\s+you|ok|okay|bye|good\s+(?:morning|evening|night)|sorry|perd[oó]n)"
)


@lru_cache(maxsize=1_024)
def _patterns(nick: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    name = re.escape(nick)
    whole = rf"(?<![\w@-])@?{name}(?![\w-])"
    return (
        re.compile(rf"(?<![\w@])@{name}(?![\w-])", re.IGNORECASE),  # @lola anywhere
        re.compile(rf"\s*@?{name}\s*[.!?…]*\s*", re.IGNORECASE),  # nothing but the name
        re.compile(
            rf"\s*@?{name}\s+(?P<rest>[¿¡].*|.*\?)\s*", re.IGNORECASE | re.DOTALL
        ),  # "lola ¿qué es ...?"
        re.compile(
            rf"(?:.*,\s*{whole}\s*[.!?…]*|[^,]*[¿?].*{whole}\s*\?+|\s*{_GREETING}\s+{whole}\s*[.!?…]*)\s*",
            re.IGNORECASE | re.DOTALL,
        ),  # ", lola?", "¿qué tal lola?", "gracias lola"
    )


def address(heard: Heard, nick: str, own: Collection[str], known: Callable[[str], bool]) -> Address:
    """Whom it is for. `own`: msgids of what `nick` said; `known`: is this the nick of somebody here?

    A program's reply is an answer, not a question: a program must name whom it means.
    """
    if heard.private:
        return Address(True, False, _without_head(heard.text, nick))
    if heard.reply_to is not None and heard.reply_to in own and not heard.bot:
        return Address(True, False, _without_head(heard.text, nick))
    if heard.text.lstrip().startswith("!"):  # whoever is named behind a `!` word is not called by it
        return Address(False, False, heard.text.strip())
    if head := _HEAD.match(heard.text):
        names = [name.lstrip("@") for name in _BETWEEN.split(head["names"])]
        if fold(nick) in map(fold, names):
            return Address(True, len(names) > 1, heard.text[head.end() :].strip())
        if all(known(name) for name in names):
            return Address(_mentions(heard.text, nick), True, heard.text.strip())
    if _mentions(heard.text, nick):
        return Address(True, False, _without_head(heard.text, nick))
    return Address(
        False, heard.reply_to is not None or _mentions_another(heard.text, known), heard.text.strip()
    )


def _mentions(text: str, nick: str) -> bool:
    at_sign, alone, question, end = _patterns(nick)
    return bool(
        at_sign.search(text) or alone.fullmatch(text) or question.fullmatch(text) or end.fullmatch(text)
    )


def _mentions_another(text: str, known: Callable[[str], bool]) -> bool:
    return any(known(name) for name in re.findall(r"(?<!\w)@([^\s,:;@!?.]+)", text))


def _without_head(text: str, nick: str) -> str:
    found = re.match(
        rf"\s*@?{re.escape(nick)}(?:\s*[:,]\s*|\s+(?=[¿¡!])|\s+(?=\S.*\?\s*$))", text, re.IGNORECASE
    )
    return (text[found.end() :] if found else text).strip()


# --- Following a thread -----------------------------------------------------------------------------------


Floor = dict[str, tuple[str, float]]
"""Of one room: folded nick of a person -> (folded nick of the model they talk with, until when)."""


class Threads:
    """Whom it follows in one room without being named. Time is monotonic seconds, and comes in.

    The floor is shared by all models of a server: a person talks with one of them, so that a message which
    names nobody wakes at most one.
    """

    def __init__(self, me: Callable[[], str] = lambda: "", floor: Floor | None = None) -> None:
        self._me = me
        self._floor: Floor = {} if floor is None else floor

    def follows(self, nick: str, now: float) -> bool:
        holder, until = self._floor.get(fold(nick), ("", 0.0))
        return until > now and holder == fold(self._me())

    def begin(self, nick: str, now: float) -> None:
        """They addressed it: the floor is its own, and the time starts again."""
        self._floor.pop(fold(nick), None)
        self._floor[fold(nick)] = (fold(self._me()), now + FOLLOW_SECONDS)
        while len(self._floor) > FOLLOWED:
            del self._floor[next(iter(self._floor))]

    def answered(self, nick: str, now: float) -> None:
        """It has answered them: the time starts again, unless they talk with another by now."""
        _, until = self._floor.get(fold(nick), ("", 0.0))
        if until <= now or self.follows(nick, now):
            self.begin(nick, now)

    def end(self, nick: str) -> None:
        """They addressed somebody else; if that is a model, it may have taken the floor already."""
        if self._floor.get(fold(nick), ("", 0.0))[0] == fold(self._me()):
            self._floor.pop(fold(nick), None)

    def renamed(self, old: str, new: str) -> None:
        if (held := self._floor.pop(fold(old), None)) is not None:
            self._floor[fold(new)] = held


# --- Deciding ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do with what was heard."""

    act: Literal["ignore", "answer", "command", "refuse", "ambient"]
    text: str = ""  # the question without the name, what follows the command, or why it is refused
    command: str = ""
    named: bool = False  # meant for this one by name; a bare command is meant for all
    language: Language | None = None  # of a command that is typed in one


_IGNORE: Final = Verdict("ignore")


def decide(
    heard: Heard,
    nick: str,
    own: Collection[str],
    known: Callable[[str], bool],
    threads: Threads,
    now: float,
    rules: Rules,
) -> Verdict:
    """The one decision. It also keeps `threads`: who is followed from now on, and who no longer.

    A program without a stamp counts as being at the limit of hops: a server that does not count cannot keep
    two programs from talking for ever. Who was refused is not followed, and commands work whatever the rules
    are: with them the rules are changed.
    """
    if heard.history or heard.kind != "PRIVMSG" or fold(heard.nick) == fold(nick) or not heard.text.strip():
        return _IGNORE
    if heard.bot and (heard.hops is None or heard.hops >= rules.limit):
        return _IGNORE
    found = address(heard, nick, own, known)
    if verdict := _command(heard, found):
        return verdict
    if found.to_me:
        return _named(heard, found, threads, now, rules)
    if found.to_another:
        threads.end(heard.nick)
        return _IGNORE
    if heard.bot or not rules.admitted or rules.quiet_until:
        return _IGNORE
    if threads.follows(heard.nick, now):
        threads.begin(heard.nick, now)
        return Verdict("answer", found.text)
    return Verdict("ambient", found.text) if rules.ambient else _IGNORE


def _named(heard: Heard, found: Address, threads: Threads, now: float, rules: Rules) -> Verdict:
    if not rules.admitted or rules.quiet_until:
        reason = "quiet_now" if rules.admitted else "not_admitted"
        return _IGNORE if heard.bot else Verdict("refuse", reason, named=True)
    if not heard.bot:
        threads.begin(heard.nick, now)
    return Verdict("answer", found.text, named=True)


def _command(heard: Heard, found: Address) -> Verdict | None:
    """`lola: !stop`, or `!stop` bare. Programs give no commands; unknown ones are somebody else's."""
    word, _, rest = found.text.partition(" ")
    name, tongue = KNOWN.get(word[1:].lower(), ("", None))
    if heard.bot or not word.startswith("!") or not name or (found.to_another and not found.to_me):
        return None
    return Verdict("command", rest.strip(), name, found.to_me, tongue)


def may_stop(nick: str, account: str | None, asker: str, asker_account: str | None, operator: bool) -> bool:
    """Whoever asked, by account where both have one, else by nick; or an operator of the room."""
    if operator:
        return True
    if account is not None and asker_account is not None:
        return account == asker_account
    return fold(nick) == fold(asker)
