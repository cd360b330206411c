"""One model as a member: an IRC client over a wire in memory.

What belongs here: joining, listening, and what is sent for what was decided. What must not: deciding
(`manners`), waiting (`turns`), wording (`words`, `prompt`), providers. It knows the server only through the
protocol.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from tertulia import limits
from tertulia.client import events as e
from tertulia.client.session import WANTED, Session
from tertulia.client.view import View
from tertulia.models import prompt
from tertulia.models.manners import Heard, Threads, Verdict, decide
from tertulia.models.provider import Provider, Request
from tertulia.models.settings import ModelSettings
from tertulia.models.speech import Speech, form_for
from tertulia.models.turns import Desk, Pace, Question, Turn
from tertulia.models.words import Language, both, language, say
from tertulia.protocol.casemap import fold

OWN_MESSAGES: Final = 500  # msgids of what it said, to know a reply to it
CONVERSATIONS: Final = 200  # rooms and private talks whose window is kept; the one used longest ago is let go
NAMES: Final = 200  # nicks of a room that an answer is checked against
STOP_TAG: Final = "+tertulia.chat/stop"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a member is given by whoever seats it."""

    gate: asyncio.Semaphore  # calls at once to its provider
    monotonic: Callable[[], float]
    today: Callable[[], date]
    pace: Pace = field(default_factory=Pace)
    hops: int = limits.HOPS
    roster: Callable[[Language], Sequence[str]] = lambda language: ()  # one line a model, for !models
    speaks_for_all: bool = True  # the one that answers a bare !help or !models
    closed: Callable[[str], None] = lambda reason: None  # the server ended the connection
    wanted: Sequence[str] | None = None  # capabilities to ask for; None: all that `client.session` knows


class Corner:
    """What it remembers of one room or private talk."""

    def __init__(self) -> None:
        self.window = prompt.Window()
        self.threads = Threads()
        self.latest: OrderedDict[str, Question] = OrderedDict()  # by folded asker, for !retry


class Member:
    """Feed it with `received`; it sends through what `attach` was given."""

    def __init__(self, settings: ModelSettings, around: Surroundings) -> None:
        self.settings = settings
        self.joined = False
        self.desk = Desk(lambda: self.session.nick, self, around.gate, around.pace)
        self._around = around
        self._send: Callable[[bytes], None] = lambda data: None
        self._corners: OrderedDict[str, Corner] = OrderedDict()
        self._own: OrderedDict[str, None] = OrderedDict()
        self._absent: tuple[str, dict[str, object]] | None = None
        self._references = itertools.count(1)
        self.session = self._make_session()
        self.view = View(settings.nick)

    # --- The wire -----------------------------------------------------------------------------------------

    def attach(self, send: Callable[[bytes], None]) -> None:
        """A new connection: introduce yourself."""
        self._send = send
        self.session = self._make_session()
        self.view = View(self.settings.nick)
        self.joined = False
        self.flush()

    def received(self, data: bytes) -> None:
        """Bytes from the server, cut anywhere."""
        for event in self.session.receive(data):
            self.view.apply(event)
            self._on(event)
        self.flush()

    def flush(self) -> None:
        if data := self.session.take():
            self._send(data)

    async def close(self, reason: str = "") -> None:
        """Finish what is being said as incomplete, and quit."""
        await self.desk.close()
        self.session.send("QUIT", reason)
        self.flush()

    def _make_session(self) -> Session:
        name = self.settings
        wanted = WANTED if self._around.wanted is None else self._around.wanted
        return Session(name.nick, user="model", realname=realname(name, self.desk.provider), wanted=wanted)

    # --- Being here or not --------------------------------------------------------------------------------

    def ready(self, provider: Provider) -> None:
        """It can think from now on."""
        self.desk.provider = provider
        if self._absent is not None:
            self._absent = None
            if self.joined:
                self.session.send("AWAY")
                self.flush()

    def absent(self, name: str, **values: object) -> None:
        """It cannot think yet, or no longer: `name` and `values` of a text in `words` ("away.downloading"
        ...)."""
        self.desk.provider = None
        if self._absent != (name, values):
            self._absent = (name, values)
            if self.joined:
                self._away()
                self.flush()

    def _away(self) -> None:
        if self._absent is not None:
            name, values = self._absent
            self.session.send("AWAY", both(name, **values)[: limits.AWAY_CHARACTERS])

    # --- What happens -------------------------------------------------------------------------------------

    def _on(self, event: e.Event) -> None:
        match event:
            case e.Registered():
                self._registered()
            case e.Joined(nick=nick, room=room) if self._is_me(nick):
                self._ask_history(room)
            case e.Message():
                self._message(event)
            case e.StreamOpened(nick=nick) if self._is_me(nick):
                self._own_message(event.tags, event.target)
            case e.StreamClosed(message=message):
                self._message(message)
            case e.History():
                self._history(event)
            case e.Invited(nick=nick, room=room) if self._is_me(nick):
                self.session.send("JOIN", room)  # a room's operators let it in
            case e.NickChanged(old=old, new=new):
                for corner in self._corners.values():
                    corner.threads.renamed(old, new)
            case e.Refused(text=text):
                self._around.closed(text)
            case e.Closed(reason=reason):
                self.joined = False
                self._around.closed(reason)
            case _:
                pass

    def _registered(self) -> None:
        self.joined = True
        self.session.send("MODE", self.session.nick, "+" + self.session.isupport.get("BOT", "B"))
        self._away()
        for room in self.settings.rooms:
            self.session.send("JOIN", room)

    def _ask_history(self, room: str) -> None:
        if "draft/chathistory" in self.session.capabilities:
            self.session.send("CHATHISTORY", "LATEST", room, "*", str(limits.MODEL_CONTEXT_MESSAGES))

    def _history(self, event: e.History) -> None:
        said = [_said(message) for message in event.messages if message.kind == "PRIVMSG" and message.text]
        for message in event.messages:
            if self._is_me(message.nick) and message.msgid:
                self._remember_own(message.msgid)
        self._corner(event.target).window.seed(said)

    # --- What is said -------------------------------------------------------------------------------------

    def _message(self, message: e.Message) -> None:
        room = message.target.lstrip("~&@%+")
        private = room[:1] not in self.session.isupport.get("CHANTYPES", "#")
        if self._is_me(message.nick):
            self._own_message(message.tags, message.target)
            return
        target = message.nick if private else room
        if message.kind == "TAGMSG":
            if STOP_TAG in message.tags:
                self._stop_by_tag(message, target)
            return
        if message.kind != "PRIVMSG":
            return
        corner = self._corner(target)
        corner.window.add(_said(message))
        heard = _heard(message, private)
        known = (lambda nick: False) if private else (lambda nick: self.view.member(target, nick) is not None)
        verdict = decide(
            heard,
            self.session.nick,
            self._own,
            known,
            corner.threads,
            self._around.monotonic(),
            self._around.hops,
        )
        if verdict.act == "answer":
            self._ask(corner, _question(heard, target, verdict.text))
        elif verdict.act == "command":
            _COMMANDS[verdict.command](self, verdict, _question(heard, target, verdict.text))

    def _ask(self, corner: Corner, question: Question) -> None:
        corner.latest[fold(question.asker)] = question
        while len(corner.latest) > OWN_MESSAGES:
            corner.latest.popitem(last=False)
        if self._absent is not None or self.desk.provider is None:
            name, values = self._absent or ("away.waking", {})
            how_far = say(name, question.language, **values).partition(": ")[2] or say(
                name, question.language, **values
            )
            self.tell(question, say("arriving", question.language, how_far=how_far))
            return
        self.desk.ask(question)

    def _own_message(self, tags: Mapping[str, str], target: str) -> None:
        """An echo: the server's name for what we said."""
        if msgid := tags.get("msgid"):
            self._remember_own(msgid)
            turn = self.desk.turn(target)
            if turn is not None and turn.msgid is None and turn.speech.begun:
                turn.msgid = msgid

    def _remember_own(self, msgid: str) -> None:
        self._own[msgid] = None
        while len(self._own) > OWN_MESSAGES:
            self._own.popitem(last=False)

    def _corner(self, target: str) -> Corner:
        corner = self._corners.setdefault(fold(target), Corner())
        self._corners.move_to_end(fold(target))
        while len(self._corners) > CONVERSATIONS:
            self._corners.popitem(last=False)
        return corner

    def _is_me(self, nick: str) -> bool:
        return fold(nick) == fold(self.session.nick)

    # --- Commands -----------------------------------------------------------------------------------------

    def _stop(self, verdict: Verdict, question: Question) -> None:
        turn = self.desk.turn(question.target)
        if turn is None:
            if verdict.named:
                self.tell(question, say("nothing_to_stop", question.language))
            return
        operator = verdict.named and self.view.is_operator(question.target, question.asker)
        if self.desk.may_stop(turn, question.asker, question.account, operator):
            self.desk.stop(turn)
        elif verdict.named:
            self.tell(question, say("not_yours", question.language))

    def _stop_by_tag(self, message: e.Message, target: str) -> None:
        turn = self.desk.turn(target)
        if turn is None or message.tags[STOP_TAG] not in {
            turn.msgid,
            *(asked.msgid for asked in turn.questions),
        }:
            return
        operator = self.view.is_operator(target, message.nick)
        if self.desk.may_stop(turn, message.nick, message.tags.get("account"), operator):
            self.desk.stop(turn)

    def _help(self, verdict: Verdict, question: Question) -> None:
        if verdict.named or self._around.speaks_for_all:
            text = say("help", question.language, nick=self.session.nick, model=model_name(self))
            self.tell(question, text, private=True)

    def _models(self, verdict: Verdict, question: Question) -> None:
        if verdict.named or self._around.speaks_for_all:
            for line in self._around.roster(question.language) or (self.describe(question.language),):
                self.tell(question, line, private=True)

    def _retry(self, verdict: Verdict, question: Question) -> None:
        corner = self._corner(question.target)
        again = corner.latest.get(fold(question.asker))
        if not verdict.named and not corner.threads.follows(question.asker, self._around.monotonic()):
            return
        if again is None:
            self.tell(question, say("nothing_to_retry", question.language))
        else:
            self._ask(corner, again)

    def describe(self, in_language: Language) -> str:
        """One line for !models."""
        state = say("state.ready", in_language)
        if self._absent is not None:
            name, values = self._absent
            state = say(name, in_language, **values)
        elif self.desk.waiting:
            state = say("state.busy", in_language, waiting=self.desk.waiting)
        return say(
            "model",
            in_language,
            nick=self.session.nick,
            model=model_name(self),
            provider=self.settings.provider,
            state=state,
        )

    # --- The stage of its desk (turns.Stage) --------------------------------------------------------------

    def request(self, questions: list[Question]) -> Request:
        target = questions[-1].target
        room = self.view.room(target)
        scene = prompt.Scene(
            nick=self.session.nick,
            room=target if room else None,
            network=self.session.isupport.get("NETWORK", "Tertulia"),
            topic=room.topic if room else "",
            prompt=self.settings.prompt,
        )
        assert self.desk.provider is not None, "a desk asks for a request only when it has a provider"
        tokens = self.desk.provider.capabilities.answer_tokens
        request = prompt.build(
            scene,
            list(self._corner(target).window),
            questions[-1].asker,
            [question.text for question in questions],
            self._around.today(),
            tokens,
        )
        return prompt.with_temperature(request, self.settings.temperature)

    def shorten(self, target: str) -> None:
        self._corner(target).window.halve()

    def speech(self, question: Question) -> Speech:
        tags = {
            "tertulia.chat/model": model_name(self),
            "tertulia.chat/provider": self.settings.provider,
            "tertulia.chat/config": self.settings.fingerprint,
            "tertulia.chat/asked-by": question.account or f"~{question.asker}",
        }
        if question.msgid:
            tags = {
                "+reply": question.msgid,
                "+draft/reply": question.msgid,
                "tertulia.chat/cause": question.msgid,
                **tags,
            }
        make = form_for(self.session.capabilities)
        reference = f"{next(self._references):x}"
        return make(self.session.send, question.target, reference, self._allowed(tags))

    def others(self, target: str) -> Collection[str]:
        room = self.view.room(target)
        if room is None:
            return (target,)
        return [member.nick for member in room.members.values() if not self._is_me(member.nick)][:NAMES]

    def typing(self, target: str, state: str) -> None:
        if "message-tags" in self.session.capabilities:
            self.session.send("TAGMSG", target, tags={"+typing": state})

    def tell(self, question: Question, text: str, private: bool = False) -> None:
        target = question.asker if private else question.target
        if target != question.asker:
            text = f"{question.asker}: {text}"
        tags = (
            {"+reply": question.msgid, "+draft/reply": question.msgid}
            if question.msgid and not private
            else {}
        )
        self.session.send("NOTICE", target, text, tags=self._allowed(tags))

    def closed(self, turn: Turn, end: str) -> None:
        tags: dict[str, str] = {}
        if turn.usage is not None:
            tags["tertulia.chat/tokens-in"] = str(turn.usage.tokens_in)
            tags["tertulia.chat/tokens-out"] = str(turn.usage.tokens_out)
        turn.speech.close(end, self._allowed(tags))
        corner = self._corner(turn.last.target)
        if turn.said:
            corner.window.add(prompt.Said(self.session.nick, "".join(turn.said), turn.msgid, bot=True))
            corner.threads.begin(turn.last.asker, self._around.monotonic())

    def _allowed(self, tags: dict[str, str]) -> dict[str, str]:
        """Tags can be sent only where the server takes them."""
        return tags if "message-tags" in self.session.capabilities else {}


_COMMANDS: Final[dict[str, Callable[[Member, Verdict, Question], None]]] = {
    "stop": Member._stop,
    "help": Member._help,
    "models": Member._models,
    "retry": Member._retry,
}


def model_name(member: Member) -> str:
    provider = member.desk.provider
    return provider.model if provider else member.settings.model or member.settings.provider


def realname(settings: ModelSettings, provider: Provider | None) -> str:
    """What WHOIS shows: that it is a program, and which."""
    if settings.provider == "scripted":
        return "scripted: says what it was given · guion: dice lo que le dieron"
    model = provider.model if provider else settings.model
    name = f"{model} ({settings.provider})" if model else settings.provider
    return f"language model · modelo de lenguaje: {name}"[: limits.REALNAME_CHARACTERS]


def _said(message: e.Message) -> prompt.Said:
    return prompt.Said(message.nick, message.text, message.msgid, message.bot)


def _heard(message: e.Message, private: bool) -> Heard:
    hops = message.tags.get("tertulia.chat/hops", "")
    return Heard(
        kind=message.kind,
        nick=message.nick,
        text=message.text,
        private=private,
        account=message.tags.get("account"),
        bot=message.bot,
        hops=int(hops) if hops.isascii() and hops.isdigit() and len(hops) < 9 else None,
        msgid=message.msgid,
        reply_to=message.replied_to,
    )


def _question(heard: Heard, target: str, text: str) -> Question:
    return Question(heard.nick, heard.account, target, text, heard.msgid, language(heard.text))
