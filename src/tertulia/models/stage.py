"""How a member speaks: what a desk asks of it (`turns.Stage`).

What belongs here: requests made of what it remembers, and the lines of an answer and its notices. What must
not: what is heard (`member`), when to speak (`turns`).
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tertulia.client.speech import PREFIX_BYTES, Speech, form_for
from tertulia.limits import LINE_BYTES
from tertulia.models import attached, memory, prompt
from tertulia.models.consult import Asking, Whole, Withheld, whole
from tertulia.models.corner import Corner
from tertulia.models.provider import Answer, Bill, Provider, ProviderError, Request, Served, Usage
from tertulia.models.speech import plain
from tertulia.models.tools.conversation import converse
from tertulia.models.tools.tool import is_kept_here
from tertulia.models.turns import Question, Turn
from tertulia.models.window import Said, cost, identity, names, size_for, visible
from tertulia.models.words import say as words
from tertulia.protocol.casemap import fold
from tertulia.protocol.ledger import Caller, money
from tertulia.protocol.text import cut

if TYPE_CHECKING:
    from tertulia.models.member import Member

WHOLE_SECONDS: Final = 300.0  # for a text that nobody watches growing; the local model is slow
SAY_BYTES: Final = 350  # of one line, whatever the room's name: docs/extensions/stream.md, For implementers
NAMES: Final = 200  # nicks of a room that an answer is checked against


class MemberStage:
    """Of one member."""

    def __init__(self, member: Member) -> None:
        self.member = member
        self._references = itertools.count(1)

    async def request(self, questions: list[Question]) -> Request:
        assert self.member.desk.provider is not None, "a desk asks for a request only when it has a provider"
        last = questions[-1]
        if last.talk is not None:
            return last.talk.request
        can = self.member.desk.provider.capabilities
        local = is_kept_here(self.member, last)
        self.check(last, local)
        here = self.member.corner(last.target)
        floor = self._floor(last.target)
        scene = self.scene(last.target, local)
        said = visible(here.window, self.member.circle.withheld, local, floor)
        replied = self._replied(here, last, local, floor)
        first = {last.reply_to, *(question.msgid for question in questions)}
        files = await attached.shown(self.member, [*replied, *said], first, can, local)
        request = prompt.build(
            replace(scene, summary="") if floor else scene,
            said,
            last.asker,
            [question.text for question in questions],
            self.member.around.today(),
            can.answer_tokens,
            replied=next(iter(replied), None),
            ambient=last.ambient,
            files=files,
        )
        people = files.people | {one.identity for one in [*replied, *said] if one.identity}
        request = replace(request, people=people.union(memory.people(self.member, last.target)))
        return prompt.with_temperature(request, self.member.settings.temperature)

    def answer(self, turn: Turn, provider: Provider, request: Request) -> Answer:
        return converse(self.member, turn, provider, request)

    def check(self, question: Question, local: bool | None = None) -> None:
        """Whoever asked may have opted out since, while they waited in line. Raises `Withheld`. `local`:
        whether what is asked stays here; None: as the provider says."""
        if local is None:
            provider = self.member.desk.provider
            local = provider is not None and provider.capabilities.local
        who = identity(question.asker, question.account, question.source)
        if not local and self.member.circle.withheld(who):
            raise Withheld

    def _floor(self, target: str) -> int:
        """Before when nothing is shown: somebody who is in the room may not read it."""
        return self.member.circle.readers.common_floor(target) if self.member.is_room(target) else 0

    def _replied(self, here: Corner, question: Question, local: bool, floor: int) -> list[prompt.Said]:
        found = here.replied.pop(question.msgid or "", None)
        return visible([found] if found else [], self.member.circle.withheld, local, floor)

    def caller(self, question: Question) -> Caller:
        return self.member.circle.caller(question)

    def scene(self, target: str, local: bool) -> prompt.Scene:
        room = self.member.view.room(target)
        others = sorted(one.nick for one in room.members.values() if one.bot) if room else []
        tongue = self.member.circle.setting(target, "language") if room else ""
        return prompt.Scene(
            nick=self.member.session.nick,
            room=target if room else None,
            network=self.member.session.isupport.get("NETWORK", "Tertulia"),
            topic=room.topic if room else "",
            prompt=self.member.settings.prompt,
            room_prompt=self.member.circle.setting(target, "prompt") if room else "",
            programs=tuple(nick for nick in others if not self.member.is_me(nick))[:NAMES],
            summary=memory.recall(self.member, target, local),
            language="es" if tongue == "es" else "en" if tongue == "en" else None,
        )

    def shorten(self, target: str) -> None:
        self.member.corner(target).window.halve()

    def speech(self, question: Question, target: str = "") -> Speech:
        make = form_for(self.member.session.capabilities)
        reference = f"{next(self._references):x}"
        tags = self.provenance(question, target)
        return make(self.member.session.send, target or question.target, reference, tags)

    def provenance(self, question: Question, target: str = "") -> dict[str, str]:
        """The tags of what is said for a question."""
        tags = {
            "tertulia.chat/model": model_name(self.member),
            "tertulia.chat/provider": self.member.settings.provider,
            "tertulia.chat/config": self.member.settings.fingerprint,
        }
        tags |= cause_of(question)
        if not question.ambient:
            tags["tertulia.chat/asked-by"] = question.account or f"~{question.asker}"
        if question.msgid and not question.ambient and target in ("", question.target):
            tags |= {"+reply": question.msgid, "+draft/reply": question.msgid}
        return self.member.allowed(tags)

    def served(self, turn: Turn, served: Served) -> None:
        turn.speech.tag(self.member.allowed(tags_of_served(served)))

    def others(self, target: str) -> Collection[str]:
        here = names(self.member.corner(target).window)
        room = self.member.view.room(target)
        found = [member.nick for member in room.members.values()] if room else [target]
        return [name for name in dict.fromkeys([*found[:NAMES], *here]) if not self.member.is_me(name)]

    def typing(self, target: str, state: str) -> None:
        if "message-tags" in self.member.session.capabilities:
            self.member.session.send("TAGMSG", target, tags={"+typing": state})

    def tell(self, question: Question, text: str, private: bool = False) -> None:
        target = question.asker if private else question.target
        if fold(target) != fold(question.asker):
            text = f"{question.asker}: {text}"
        tags = (
            {"+reply": question.msgid, "+draft/reply": question.msgid}
            if question.msgid and not private
            else {}
        )
        room = LINE_BYTES - PREFIX_BYTES - len(f"NOTICE {target} :\r\n".encode())
        for piece in cut(" ".join(text.splitlines()), room):
            self.member.session.send("NOTICE", target, piece, tags=self.member.allowed(tags))

    def say(self, question: Question, text: str, target: str) -> None:
        """A whole message of its own, with the question as its cause."""
        for piece in cut(text, SAY_BYTES):
            self.member.session.send("PRIVMSG", target, piece, tags=self.member.allowed(cause_of(question)))

    async def answer_over(self, question: Question, said: Sequence[Said]) -> None:
        """A task over a stretch of talk, said when it is whole."""
        provider = self.member.desk.provider

        def shown() -> list[Said]:
            local = provider is not None and provider.capabilities.local
            return visible(said, self.member.circle.withheld, local, self._floor(question.target))

        async def request() -> Request:
            assert provider is not None
            self.check(question)
            lines = fitting(shown(), provider)
            return prompt.digest(question.target, question.text, lines, question.language)

        if provider is None or not shown():
            self.tell(question, words(
                "nothing_said" if provider else "cannot_now", question.language
            ))  # fmt: skip
        else:
            await self.whole(question, request, "digest")
        self.member.flush()

    async def whole(self, question: Question, request: Asking, purpose: str, target: str = "") -> str:
        """Ask, and say the whole answer; a failure is told. What was said, "" when nothing was."""
        try:
            found = await self.consult(question, request, purpose)
        except ProviderError as error:
            if not error.silent:
                self.tell(question, error.say(question.language))
            return ""
        self.say_whole(question, found, found.text, target)
        self.member.flush()
        return found.text

    def say_whole(self, question: Question, found: Whole, text: str, target: str = "") -> None:
        """`text`, which is what of `found` is said, with where it comes from."""
        speech = self.speech(question, target)
        if found.served is not None:
            speech.tag(self.member.allowed(tags_of_served(found.served)))
        speech.say(plain(text))
        speech.close("", self.member.allowed(tags_of_cost(found.usage, found.bill)))

    async def consult(
        self, question: Question, request: Asking, purpose: str, seconds: float = WHOLE_SECONDS
    ) -> Whole:
        """The provider's whole answer for somebody's sake; `purpose` is for the ledger. Raises
        `ProviderError`."""
        provider = self.member.desk.provider
        if provider is None:
            raise ProviderError("failed", "not here")
        caller = self.caller(question)._replace(purpose=purpose)

        async def asked() -> Request:
            return replace(await request(), caller=caller)

        return await whole(provider, self.member.desk.gate, asked, seconds)

    def flush(self) -> None:
        self.member.flush()

    def dropped(self, questions: list[Question]) -> None:
        self.member.recovery.over(questions)

    def closed(self, turn: Turn, end: str) -> None:
        tags = tags_of_cost(turn.usage, turn.bill)
        if turn.talk is not None and turn.talk.used:
            tags["tertulia.chat/tools"] = ",".join(turn.talk.used)
        turn.speech.close(end, self.member.allowed(tags))
        target = turn.last.target
        if turn.paused and turn.talk is not None and not end:
            turn.talk.ask_people()
        if not self.member.closing:  # else it was cut off, and whoever asked is told so after the start
            self.member.recovery.over([turn.last.talk.question] if turn.last.talk else turn.questions)
        if turn.said:
            here = self.member.corner(target)
            here.window.add(prompt.Said(self.member.session.nick, "".join(turn.said), turn.msgid, bot=True))
            self.member.circle.spoke(target, self.member)
            if not turn.last.ambient:
                here.threads.answered(turn.last.asker, self.member.around.monotonic())
            if not self.member.closing:
                memory.after_answer(self.member, target)


def model_name(member: Member) -> str:
    provider = member.desk.provider
    return provider.model if provider else member.settings.model or member.settings.provider


def tags_of_served(served: Served) -> dict[str, str]:
    """Who answers, if it is another than who was asked."""
    if not served.fallback:
        return {}
    return {
        "tertulia.chat/model": served.model,
        "tertulia.chat/provider": served.provider,
        "tertulia.chat/fallback": served.fallback,
    }


def tags_of_cost(usage: Usage | None, bill: Bill | None) -> dict[str, str]:
    """What the provider reported; nothing that was estimated."""
    tags: dict[str, str] = {}
    if usage is not None:
        tags["tertulia.chat/tokens-in"] = str(usage.tokens_in)
        tags["tertulia.chat/tokens-out"] = str(usage.tokens_out)
    if bill is not None and bill.nano is not None and not bill.estimated:
        tags["tertulia.chat/cost"] = money(bill.nano, bill.currency)
    return tags


def cause_of(question: Question) -> dict[str, str]:
    """What led to what is said: the server counts hops by it."""
    return {"tertulia.chat/cause": question.msgid} if question.msgid else {}


def fitting(said: Sequence[Said], provider: Provider) -> list[Said]:
    """The latest that a request can hold."""
    can = provider.capabilities
    room = size_for(can.context_tokens, can.answer_tokens, can.local).characters
    found: list[Said] = []
    for one in reversed(said):
        room -= cost(one) + 6  # the number of its line
        if room < 0:
            break
        found.append(one)
    return found[::-1]
