"""What models promise, checked against what they are asked, what is stored, and what is spent.

What belongs here: one function a promise. What must not: making things happen (`world`).

- What somebody who opted out said is in no prompt that leaves the machine; what was said in one room, or in
  private, is in no prompt of another.
- Nothing is answered twice, over crashes too; whoever was cut off is told so once.
- Programs that answer each other fall silent at the limit of hops.
- No budget is ever exceeded, and whoever meets its end is not told twice in one breath.
- A stopped answer is over at once, and one that is taken back as well; a round is shown when all have come; a
  reminder is said once.
- An agent answers what addressed it once, and at last all of it.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from tertulia.models.manners import may_stop
from tertulia.models.provider import Request
from tertulia.models.treasury import TOLD_SECONDS
from tertulia.models.turns import Turn
from tertulia.protocol.casemap import fold
from tertulia.protocol.history import Message
from tertulia.protocol.tags import parse_tags
from tests.simulation.ear import Wrong
from tests.simulation.journal import UNIT
from tests.simulation.parlour.people import Person

if TYPE_CHECKING:
    from tests.simulation.parlour.voices import Voice
    from tests.simulation.parlour.world import Parlour

NUMBERED = re.compile(r"\b[uab]\d+\.")  # nobody says it again
REMINDER = re.compile(r"\br(\d+)\.")
CUT_OFF = re.compile("me cortó antes|cut me off before")
SPENT = re.compile("se ha agotado lo que|there is nothing left of what")
ATTEMPTS = 2


class Promises:
    def __init__(self, world: Parlour) -> None:
        self.world = world
        self.said_in: dict[int, str] = {}  # unit to the folded room, or the model's nick
        self.answers: Counter[tuple[str, int]] = Counter()  # by model and cause
        self.retries: list[Message] = []
        self.cut_off: Counter[tuple[str, str]] = Counter()  # by model and msgid
        self.spent: dict[tuple[str, str, str, int], int] = {}  # notices at a limit, and when
        self.replies: Counter[int] = Counter()  # the agent's, by event
        self.translations: Counter[tuple[str, str]] = Counter()
        self.reminders: set[str] = set()  # that were set and are still to be said
        self.once: set[str] = set()  # all that were ever set for one time
        self.given: Counter[str] = Counter()  # and said once
        self.stopping: list[tuple[Person, str, list[Turn]]] = []
        self.taking_back: set[int] = set()  # answers that were growing
        self.taken_back = 0
        self._failures = 0
        self._seen: set[int] = set()
        self._shown: set[tuple[str, str]] = set()

    # --- what models are asked ----------------------------------------------------------------------------

    def asked(self, voice: Voice, request: Request) -> None:
        text = "\n".join(request.texts())
        units = {int(found) for found in UNIT.findall(text)}
        seen = (voice.nick, text)
        if not voice.capabilities.local and seen not in self._shown:  # else it failed, and is asked again
            self._withheld(voice, request, units)
        self._shown.add(seen)
        assert request.caller is not None
        room = request.caller.room
        for unit in units:
            where = self.said_in.get(unit, "")
            if where and (where != room if room else where != voice.nick):
                raise Wrong(f"{voice.nick} was shown u{unit}. of {where} in {room or 'private'}")
        if request.system.startswith("You translate") and NUMBERED.search(text):
            key = (request.system, text)
            self.translations[key] += 1
            if self.translations[key] > ATTEMPTS:
                raise Wrong(f"{text!r} was translated more than once")

    def _withheld(self, voice: Voice, request: Request, units: set[int]) -> None:
        for person in self.world.people:
            if person.withheld and not person.relents and (leaked := units & set(person.units)):
                what = f"u{min(leaked)}. of {person.name}, who opted out: {request.caller}"
                raise Wrong(f"{voice.nick} elsewhere was shown {what}")

    def stops(self, person: Person, room: str) -> None:
        """Before it says so: which answers are to be over then."""
        found = [
            turn
            for member in self.world.host.circle.members
            if (turn := member.desk.turn(room)) is not None
            and may_stop(person.nick, person.account or None, turn.last.asker, turn.last.account, False)
        ]
        self.stopping.append((person, room, found))
        person.send(f"PRIVMSG {room} :!stop")

    def takes_back(self, person: Person) -> None:
        """An answer that grows, whether they may or not."""
        growing = [one for one in self.world.town.hub.streams._by_id.values() if one.opening is not None]
        if growing:
            mine = [one for one in growing if self._asker(one.message.id) == person.nick]
            message = self.world.rng.choice(mine or growing).message
            self.taking_back.add(message.id)
            nick = message.source.partition("!")[0]
            target = message.target if message.target.startswith("#") else nick
            person.send(f"REDACT {target} {message.id:x}")

    def _asker(self, message_id: int) -> str:
        turns = (member.desk.says(f"{message_id:x}") for member in self.world.host.circle.members)
        return next((turn.last.asker for turn in turns if turn is not None), "")

    # --- what is stored -----------------------------------------------------------------------------------

    def check(self) -> None:
        """When everybody has said what they had to say."""
        store = self.world.store
        fresh = [one for one in store.messages.values() if one.id not in self._seen and one.state != "open"]
        for message in sorted(fresh):
            self._seen.add(message.id)
            self._stored(message)
        self._taken_back()
        self.stopping.clear()
        for person in self.world.people:
            person.relents = False
        self._rounds()
        self._reminders(store.failures + self.world.deaths > self._failures)
        self._failures = store.failures + self.world.deaths
        self._budgets()

    def _stored(self, message: Message) -> None:
        nick, tags = message.source.partition("!")[0], parse_tags(message.tags) if message.tags else {}
        if nick in self.world.models:
            self._of_model(nick, message, tags)
        elif nick == "Scout":
            self._of_agent(message, tags)
        elif (person := self.world.person(message)) is not None:
            self._of_person(person, message)

    def _of_model(self, nick: str, message: Message, tags: dict[str, str]) -> None:
        if message.kind == "NOTICE":
            if CUT_OFF.search(message.text):
                key = (nick, tags.get("+draft/reply", message.target))
                self.cut_off[key] += 1
                since = int(tags.get("+draft/reply", "0"), 16)
                asked = self.world.store.messages.get(since)
                again = asked is not None and "!remind every" in asked.text
                if self.cut_off[key] > 1 + self._retried(message.buffer, since) and not again:
                    raise Wrong(f"{nick} told {message.target} of a restart twice: {key[1]}")
            if SPENT.search(message.text):
                self._at_a_limit(message, int(tags.get("+draft/reply", "0"), 16))
            return
        if int(tags.get("tertulia.chat/hops", "0")) > self.world.host.circle._hops:
            raise Wrong(f"{nick} spoke beyond the limit of hops: {message}")
        if "⏰" in message.text:
            for number in REMINDER.findall(message.text):
                self.given[number] += 1
                if number in self.once and self.given[number] > 1:
                    raise Wrong(f"the reminder r{number}. was said {self.given[number]} times")
            return
        self._answered(nick, message, tags)

    def _at_a_limit(self, message: Message, cause: int) -> None:
        """Told at each question, but not twice in one breath, unless whoever asked had another name."""
        asked = self.world.store.messages.get(cause)
        key = (message.text, message.target, asked.source if asked is not None else "", self.world.deaths)
        if message.time_ms - self.spent.get(key, 0) < (TOLD_SECONDS - 1) * 1000:
            raise Wrong(f"told again at a limit: {message.text}")
        self.spent[key] = message.time_ms

    def _answered(self, nick: str, message: Message, tags: dict[str, str]) -> None:
        cause = int(tags.get("+draft/reply", "0"), 16)
        asked = self.world.store.messages.get(cause)
        if asked is None or "!remind" in asked.text or "tertulia.chat/model" not in tags:
            return
        self.answers[nick, cause] += 1
        again = self._retried(asked.buffer, cause)
        again += asked.text.startswith("!round summary")  # the summary of all answers is one more
        if self.answers[nick, cause] > 1 + again:
            raise Wrong(f"{nick} answered {asked.text!r} twice: {message.text!r}")

    def _retried(self, buffer: str, since: int) -> int:
        return sum(one.buffer == buffer and one.id > since for one in self.retries)

    def _of_agent(self, message: Message, tags: dict[str, str]) -> None:
        event = int(tags.get("+draft/reply", "0"), 16)
        self.replies[event] += 1
        if self.replies[event] > 1:
            raise Wrong(f"the agent answered {event:x} twice")

    def _of_person(self, person: Person, message: Message) -> None:
        for unit in UNIT.findall(message.text):
            self.said_in[int(unit)] = fold(message.target)
        if message.text.endswith("!retry"):
            self.retries.append(message)
        if message.text in ("!optout", "!optin"):
            lost = message.time_ms < self.world.clock_ms  # before the last death; then what was noted holds
            person.withheld = self.world.is_withheld(person) if lost else message.text == "!optout"
        if message.text == "!stop":
            self._stopped(person, message)

    def _stopped(self, person: Person, message: Message) -> None:
        for one, room, turns in self.stopping:
            if one is person and room == message.target and not all(turn.over for turn in turns):
                raise Wrong(f"{person.name} said !stop, and is still being answered")

    def _taken_back(self) -> None:
        gone = [one for one in self.taking_back if one not in self.world.store.messages]
        for message_id in gone:
            for member in self.world.host.circle.members:
                if member.desk.says(f"{message_id:x}") is not None:
                    raise Wrong(f"{message_id:x} was taken back, and {member.session.nick} goes on with it")
        self.taken_back += len(gone)
        self.taking_back.clear()

    # --- what lasts ---------------------------------------------------------------------------------------

    def _rounds(self) -> None:
        for found in self.world.host.circle.rounds.values():
            cause = int(found.question.msgid or "0", 16)
            if found.order.kind != "summary" and any(key[1] == cause for key in self.answers):
                raise Wrong(f"a part of a round was shown before it was over: {found.question.text}")

    def _reminders(self, misfortune: bool) -> None:
        """`misfortune`: the store failed, or the process died: a reminder may have been lost then."""
        waiting = {number for one in self.world.notebook.reminders() for number in REMINDER.findall(one.text)
                   if not one.every and not one.text.startswith("@")}  # fmt: skip
        for number in self.reminders - waiting:
            if self.given[number] != 1 and not (misfortune and not self.given[number]):
                raise Wrong(f"the reminder r{number}. was said {self.given[number]} times")
        self.reminders = waiting
        self.once |= waiting

    def _budgets(self) -> None:
        for key, spent in self.world.ledger._spent.items():
            per = "day" if len(key.period) == len("2026-01-01") else "month"
            for limit in self.world.limits:
                most = limit.tokens
                if limit.scope == key.scope and limit.per == per and most and spent.all_tokens > most:
                    raise Wrong(f"{spent.all_tokens} tokens of {key}, of at most {most}")

    # --- the end ------------------------------------------------------------------------------------------

    def at_the_end(self) -> None:
        """Everybody is there, and had all the time of the world."""
        world = self.world
        for member in world.host.circle.members:
            for asked in world.notebook.asked(fold(member.settings.nick)):
                here = member.is_room(asked.target) and member.view.member(asked.target, asked.asker)
                if asked.open and here:
                    raise Wrong(f"{asked.asker} still waits for {asked.model}: {asked.text!r}")
            if member.desk.speaking or member.desk.waiting:
                raise Wrong(f"{member.session.nick} still has something to say")
        if world.host.circle.rounds:
            raise Wrong("a round never ended")
        meant = [one for one in world.store.messages.values()
                 if one.text.startswith("Scout: ") and one.id > world.scout_since]  # fmt: skip
        for message in meant:
            if self.replies[message.id] != 1:
                raise Wrong(f"the agent answered {message.text!r} {self.replies[message.id]} times")
        if world.treasury.ledger.open_calls():
            raise Wrong("calls are reserved for ever")
