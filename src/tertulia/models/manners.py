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

from tertulia.protocol.casemap import fold

FOLLOW_SECONDS: Final = 180.0  # a pause for thought; after it, being named again is no burden
FOLLOWED: Final = 8  # people followed in one room; the one heard longest ago is let go
COMMANDS: Final = ("stop", "help", "models", "retry")


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
    """Whom it is for. `own`: msgids of what `nick` said; `known`: is this the nick of somebody here?"""
    if heard.private:
        return Address(True, False, _without_head(heard.text, nick))
    if heard.reply_to is not None and heard.reply_to in own:
        return Address(True, False, _without_head(heard.text, nick))
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


class Threads:
    """Whom it follows in one room without being named. Time is monotonic seconds, and comes in."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}  # folded nick

    def follows(self, nick: str, now: float) -> bool:
        return self._until.get(fold(nick), 0.0) > now

    def begin(self, nick: str, now: float) -> None:
        """They addressed it, or it has answered them: the time starts again."""
        self._until.pop(fold(nick), None)
        self._until[fold(nick)] = now + FOLLOW_SECONDS
        while len(self._until) > FOLLOWED:
            del self._until[next(iter(self._until))]

    def end(self, nick: str) -> None:
        self._until.pop(fold(nick), None)

    def renamed(self, old: str, new: str) -> None:
        if (until := self._until.pop(fold(old), None)) is not None:
            self._until[fold(new)] = until


# --- Deciding ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do with what was heard."""

    act: Literal["ignore", "answer", "command"]
    text: str = ""  # the question without the name, or what follows the command
    command: str = ""
    named: bool = False  # meant for this one by name; a bare command is meant for all


_IGNORE: Final = Verdict("ignore")


def decide(
    heard: Heard,
    nick: str,
    own: Collection[str],
    known: Callable[[str], bool],
    threads: Threads,
    now: float,
    limit: int,
) -> Verdict:
    """The one decision. It also keeps `threads`: who is followed from now on, and who no longer.

    `limit`: hops at which it falls silent towards members with the bot flag. One without a stamp counts as
    there: a server that does not count cannot keep two programs from talking for ever.
    """
    if heard.history or heard.kind != "PRIVMSG" or fold(heard.nick) == fold(nick) or not heard.text.strip():
        return _IGNORE
    if heard.bot and (heard.hops is None or heard.hops >= limit):
        return _IGNORE
    found = address(heard, nick, own, known)
    if verdict := _command(heard, found):
        return verdict
    if found.to_me:
        if not heard.bot:
            threads.begin(heard.nick, now)
        return Verdict("answer", found.text, named=True)
    if found.to_another:
        threads.end(heard.nick)
        return _IGNORE
    if not heard.bot and threads.follows(heard.nick, now):
        threads.begin(heard.nick, now)
        return Verdict("answer", found.text)
    return _IGNORE


def _command(heard: Heard, found: Address) -> Verdict | None:
    """`lola: !stop`, or `!stop` bare. Programs give no commands; unknown ones are somebody else's."""
    word, _, rest = found.text.partition(" ")
    name = word[1:].lower()
    if (
        heard.bot
        or not word.startswith("!")
        or name not in COMMANDS
        or (found.to_another and not found.to_me)
    ):
        return None
    return Verdict("command", rest.strip(), name, named=found.to_me)


def may_stop(nick: str, account: str | None, asker: str, asker_account: str | None, operator: bool) -> bool:
    """Whoever asked, by account where both have one, else by nick; or an operator of the room."""
    if operator:
        return True
    if account is not None and asker_account is not None:
        return account == asker_account
    return fold(nick) == fold(asker)
