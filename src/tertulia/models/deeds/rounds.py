"""A round: several models are asked at once, and their answers are shown together.

What belongs here: reading what was typed, waiting for all or for the time, showing. What must not: the words
that models read (`prompt`), the room's rules (`rules`).
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from tertulia.limits import ROUND_MODELS, ROUND_MOST_SECONDS, ROUND_SECONDS
from tertulia.models import prompt
from tertulia.models.consult import Whole
from tertulia.models.manners import Verdict
from tertulia.models.provider import ProviderError, Request
from tertulia.models.speech import Filter
from tertulia.models.turns import Question
from tertulia.models.vocabulary import shown
from tertulia.models.window import Said, identity
from tertulia.models.words import Language, say
from tertulia.protocol.casemap import fold

if TYPE_CHECKING:
    from tertulia.models.member import Member

KINDS: Final = {
    "vote": "vote", "voto": "vote", "votad": "vote", "summary": "summary", "resumen": "summary",
}  # fmt: skip
ALL: Final = frozenset({"@all", "@todos"})
CHOICE_CHARACTERS: Final = 40  # of a vote: a longer one is no choice but an essay
_SECONDS: Final = re.compile(r"(\d{1,4})(s|m|min)", re.IGNORECASE)
_BALLOT: Final = re.compile(r"\b(?:VOTE|VOTO)\s*:\s*(.+?)\W*$", re.IGNORECASE | re.MULTILINE)


class Order(NamedTuple):
    """`vote 30s @lola @gpt tabs or spaces?`, read."""

    kind: str  # "", "vote", "summary"
    seconds: float
    names: tuple[str, ...]  # without "@"; none: all who are here
    text: str


def parse(text: str) -> Order:
    """Options and names come first, in any order; the first other word begins the question."""
    kind, seconds, names = "", ROUND_SECONDS, []
    rest = text.strip()
    while rest:
        word, _, after = rest.partition(" ")
        bare = word.rstrip(",:").lower()
        if found := _SECONDS.fullmatch(bare):
            factor = 1 if found[2].lower() == "s" else 60
            seconds = min(max(5.0, int(found[1]) * factor), ROUND_MOST_SECONDS)
        elif bare in KINDS and not kind:
            kind = KINDS[bare]
        elif bare.startswith("@") and len(bare) > 1:
            names += [] if bare in ALL else [word.rstrip(",:")[1:]]
        else:
            break
        rest = after.lstrip()
    return Order(kind, seconds, tuple(names), rest)


class Wordless(ProviderError):
    """It answered with nothing."""

    def __init__(self) -> None:
        super().__init__("failed")

    def say(self, language: Language) -> str:
        return say("silent", language)


@dataclass(slots=True, eq=False)
class Round:
    """One that is going on in a room."""

    holder: Member
    question: Question
    order: Order
    members: list[Member]
    task: asyncio.Task[None] | None = None
    calls: dict[Member, asyncio.Task[Whole | ProviderError]] = field(default_factory=dict)

    def stop(self) -> None:
        if self.task is not None:
            self.task.cancel()

    def without(self, member: Member) -> None:
        """It is no longer in the room. Without its holder there is no round."""
        if member is self.holder:
            self.stop()
            member.tell(self.question, say("round_stopped", self.question.language), private=True)
        elif member in self.calls:
            self.calls[member].cancel()


def round_(member: Member, verdict: Verdict, question: Question) -> None:
    order = parse(verdict.text)
    key = fold(question.target)
    if not order.text:
        member.tell(question, say("usage", question.language, usage=shown("round", question.language)))
        return
    if key in member.circle.rounds:
        member.tell(question, say("round_on", question.language), private=True)
        return
    asked, missing = _asked(member, question, order)
    if missing:
        member.tell(question, say("round_missing", question.language, names=", ".join(missing)))
    if not asked:
        member.tell(question, say("round_nobody", question.language))
        return
    names = ", ".join(one.session.nick for one in asked)
    seconds = f"{order.seconds:.0f}"
    member.tell(question, say("round_begins", question.language, names=names, seconds=seconds))
    found = Round(member, replace(question, text=order.text), order, asked)
    member.circle.rounds[key] = found
    found.task = member.start(_hold(found))
    found.task.add_done_callback(lambda task: member.circle.rounds.pop(key, None))


def _asked(member: Member, question: Question, order: Order) -> tuple[list[Member], list[str]]:
    """Who can answer here and now, and the names of those who cannot."""
    here = member.circle.present(question.target)
    wanted = order.names or tuple(one.session.nick for one in here)
    who = identity(question.asker, question.account, question.source)
    found: dict[str, Member] = {}
    missing: list[str] = []
    for name in wanted:
        one = next((one for one in here if fold(one.session.nick) == fold(name)), None)
        if one is not None and _can(one, question.target, who):
            found[fold(name)] = one
        else:
            missing.append(name)
    return list(found.values())[:ROUND_MODELS], missing if order.names else []


def _can(one: Member, room: str, who: str) -> bool:
    provider, rules = one.desk.provider, one.circle.rules(room, one)
    if provider is None or not rules.admitted or rules.quiet_until:
        return False
    return provider.capabilities.local or not one.circle.withheld(who)


async def _hold(found: Round) -> None:
    """Ask all at once; wait for all of them, or until the time is up; show."""
    tasks = found.calls = {one: asyncio.create_task(_ask(found, one)) for one in found.members}
    deadline = asyncio.ensure_future(found.holder.around.pace.sleep(found.order.seconds))
    try:
        open_tasks = set(tasks.values())
        while open_tasks and not deadline.done():
            done, _ = await asyncio.wait({*open_tasks, deadline}, return_when=asyncio.FIRST_COMPLETED)
            open_tasks -= done
    finally:
        deadline.cancel()
        for task in tasks.values():
            task.cancel()
    await asyncio.sleep(0)  # cancelled calls begin to go away
    answers = {one: task.result() for one, task in tasks.items() if task.done() and not task.cancelled()}
    texts = {one: answer for one, answer in answers.items() if isinstance(answer, Whole)}
    _show(found, texts)
    _tell(found, texts, answers)
    if found.order.kind == "summary" and len(texts) > 1:
        await _sum_up(found, texts)
    found.holder.flush()


async def _ask(found: Round, one: Member) -> Whole | ProviderError:
    room = found.question.target
    one.stage.typing(room, "active")
    one.flush()
    tongue = found.question.language

    async def request() -> Request:
        asked = await one.stage.request([found.question])
        return prompt.round_answer(asked, found.order.kind == "vote", tongue)

    try:
        whole = await one.stage.consult(found.question, request, "round", found.order.seconds * 2)
    except ProviderError as error:
        return error
    what = Filter(one.session.nick, one.stage.others(room))
    text = (what.feed(whole.text) + what.finish()).strip()
    return whole._replace(text=text) if text else Wordless()


def _show(found: Round, texts: dict[Member, Whole]) -> None:
    """Each says its own, all in one turn of the loop."""
    room = found.question.target
    for one in found.members:
        if one in texts:
            one.stage.say_whole(found.question, texts[one], texts[one].text)
            one.corner(room).window.add(Said(one.session.nick, texts[one].text, bot=True))
        else:
            one.stage.typing(room, "done")
        one.flush()


def _tell(found: Round, texts: dict[Member, Whole], answers: dict[Member, Whole | ProviderError]) -> None:
    """How many came, who was late, who failed; and the count of a vote."""
    tongue = found.question.language
    late = [one.session.nick for one in found.members if one not in answers]
    failed: dict[str, list[str]] = {}  # why -> who
    for one, answer in answers.items():
        if isinstance(answer, ProviderError):
            failed.setdefault(answer.say(tongue), []).append(one.session.nick)
    parts = [say("round_over", tongue, count=len(texts), all=len(found.members))]
    parts += [say("round_late", tongue, names=", ".join(late))] if late else []
    names = ", ".join(nick for nicks in failed.values() for nick in nicks)
    parts += [say("round_failed", tongue, names=names)] if failed else []
    if found.order.kind == "vote":
        parts.append(say("round_votes", tongue, votes=votes(texts) or "-"))
    last = next((one for one in reversed(found.members) if one in texts), found.holder)
    last.tell(found.question, " ".join(parts))  # another's word could overtake the answers
    told = {one.say(tongue) for one in answers.values() if isinstance(one, ProviderError) and one.silent}
    for why, nicks in failed.items():
        if why in told:
            continue  # a moment ago
        last.tell(found.question, say("round_why", tongue, names=", ".join(nicks), why=why))
    last.flush()


def votes(texts: dict[Member, Whole]) -> str:
    """`tabs 2 (lola, gpt), spaces 1 (claudia)`, the most voted first."""
    cast: dict[str, list[str]] = {}
    spelled: dict[str, str] = {}
    for one, answer in texts.items():
        if found := _BALLOT.findall(answer.text):
            choice = found[-1].strip("*_`\"'«»“”. ")[:CHOICE_CHARACTERS]
            cast.setdefault(choice.casefold(), []).append(one.session.nick)
            spelled.setdefault(choice.casefold(), choice)
    counted = Counter({choice: len(nicks) for choice, nicks in cast.items()}).most_common()
    return ", ".join(f"{spelled[choice]} {count} ({', '.join(cast[choice])})" for choice, count in counted)


async def _sum_up(found: Round, texts: dict[Member, Whole]) -> None:
    answers = [(one.session.nick, answer.text) for one, answer in texts.items()]

    async def request() -> Request:
        found.holder.stage.check(found.question)
        return prompt.round_summary(found.question.text, answers, found.question.language)

    await found.holder.stage.whole(found.question, request, "round")
