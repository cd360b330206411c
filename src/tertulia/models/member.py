"""One model as a member: an IRC client over a wire in memory.

What belongs here: joining, listening, and what is sent for what was decided. What must not: deciding
(`manners`), waiting (`turns`), wording (`words`, `prompt`), what `!` words do (`deeds`), providers. It knows
the server only through the protocol.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from tertulia import limits
from tertulia.client import events as e
from tertulia.client.session import WANTED, Session
from tertulia.client.view import View
from tertulia.models import ambient, corner, leaving, memory, taking
from tertulia.models.circle import Circle
from tertulia.models.corner import Corner
from tertulia.models.deeds import translating
from tertulia.models.deeds.table import DEEDS
from tertulia.models.errands import Errands
from tertulia.models.gate import Gate
from tertulia.models.manners import Threads, Verdict, decide
from tertulia.models.provider import Provider
from tertulia.models.recovery import Recovery
from tertulia.models.rules import Rules
from tertulia.models.settings import ModelSettings
from tertulia.models.stage import MemberStage, model_name
from tertulia.models.treasury import Treasury
from tertulia.models.turns import Desk, Pace, Question
from tertulia.models.vocabulary import BY_NAME
from tertulia.models.window import Said, Size, identity, size_for
from tertulia.models.words import Language, both, say
from tertulia.protocol.casemap import fold
from tertulia.protocol.notes import NotebookError

OWN_MESSAGES: Final = 500  # msgids of what it said, to know a reply to it
CONVERSATIONS: Final = 200  # rooms and private talks whose window is kept; the one used longest ago is let go
STOP_TAG: Final = "+tertulia.chat/stop"
REACTION_CHARACTERS: Final = 32  # the longest emoji have eleven code points
REACTIONS: Final = ("+draft/react", "+react")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a member is given by whoever seats it."""

    gate: Gate  # calls at once to its provider
    monotonic: Callable[[], float]
    today: Callable[[], date]
    pace: Pace = field(default_factory=Pace)
    hops: int = limits.HOPS
    treasury: Treasury | None = None  # None: what is spent is not told
    roster: Callable[[Language], Sequence[str]] = lambda language: ()  # one line a model, for !models
    closed: Callable[[str], None] = lambda reason: None  # the server ended the connection
    wanted: Sequence[str] | None = None  # capabilities to ask for; None: all that `client.session` knows
    circle: Circle | None = None  # what it shares with the other models; None: it is alone


class Member:
    """Feed it with `received`; it sends through what `attach` was given."""

    def __init__(self, settings: ModelSettings, around: Surroundings) -> None:
        self.settings = settings
        self.joined = False
        self.around = around
        self.circle = around.circle or Circle(hops=around.hops)
        self.circle.members.append(self)
        self.stage = MemberStage(self)
        self.desk = Desk(lambda: self.session.nick, self.stage, around.gate, around.pace)
        self._send: Callable[[bytes], None] = lambda data: None
        self._corners: OrderedDict[str, Corner] = OrderedDict()
        self._own: OrderedDict[str, None] = OrderedDict()
        self.why_absent: tuple[str, dict[str, object]] | None = None
        self.closing = False
        self.tasks: set[asyncio.Task[None]] = set()  # of deeds that take a while
        self.recovery = Recovery(self)
        self.session = self._make_session()
        self.errands = Errands(self.session)
        self.view = View(settings.nick)

    # --- The wire -----------------------------------------------------------------------------------------

    def attach(self, send: Callable[[bytes], None]) -> None:
        """A new connection: introduce yourself."""
        self._send = send
        self.session = self._make_session()
        self.errands = Errands(self.session)
        self.view = View(self.settings.nick)
        self.joined = False
        self.flush()

    def received(self, data: bytes) -> None:
        """Bytes from the server, cut anywhere."""
        for event in self.session.receive(data):
            if isinstance(event, e.AccountChanged):
                self._account_changed(event)  # while the view still knows the one before
            self.view.apply(event)
            self._on(event)
        self.flush()

    def flush(self) -> None:
        if data := self.session.take():
            self._send(data)

    async def close(self, reason: str = "") -> None:
        """Finish what is being said as incomplete, and quit."""
        self.closing = True
        for one in self._corners.values():
            one.close()
        for task in self.tasks:
            task.cancel()
        await self.desk.close()
        self.session.send("QUIT", reason)
        self.flush()

    def _make_session(self) -> Session:
        name = self.settings
        wanted = WANTED if self.around.wanted is None else self.around.wanted
        real = realname(name, self.desk.provider)
        return Session(name.nick, user="model", realname=real, wanted=wanted, watches_typing=False)

    # --- Being here or not --------------------------------------------------------------------------------

    def ready(self, provider: Provider) -> None:
        """It can think from now on."""
        self.desk.provider = provider
        for one in self._corners.values():
            one.window.resize(self._size())
        if self.why_absent is not None:
            self.why_absent = None
            if self.joined:
                self.session.send("AWAY")
                self.flush()

    def absent(self, name: str, **values: object) -> None:
        """It cannot think yet, or no longer: `name` and `values` of a text in `words` ("away.downloading"
        ...)."""
        self.desk.provider = None
        if self.why_absent != (name, values):
            self.why_absent = (name, values)
            if self.joined:
                self._away()
                self.flush()

    def _away(self) -> None:
        if self.why_absent is not None:
            name, values = self.why_absent
            self.session.send("AWAY", both(name, **values)[: limits.AWAY_CHARACTERS])

    # --- What happens -------------------------------------------------------------------------------------

    def _on(self, event: e.Event) -> None:
        match event:
            case e.Registered():
                self._registered()
            case e.Joined(nick=nick, room=room):
                if self.is_me(nick):
                    self._ask_history(room)
                else:
                    self.recovery.present(nick, room)
            case e.Names(room=room, members=members):
                for nick, _ in members:
                    self.recovery.present(nick, room)
                self.circle.clockwork.wake()
            case e.Message():
                self._message(event)
            case e.StreamOpened(nick=nick) if self.is_me(nick):
                self._own_message(event.tags, event.target)
            case e.StreamClosed(message=message):
                self._message(message)
            case e.History():
                if not self.errands.came(event):
                    self._history(event.target, event.messages)
            case e.Redacted(target=target, msgid=msgid):
                self._redacted(target, msgid)
            case e.Reply():
                self.errands.refused(event)
            case e.Numeric(code="401", parameters=(nick, *_)):
                self.circle.clockwork.came_back(nick)
            case e.Numeric(code="404", parameters=(room, *_)):
                leaving.silenced(self, room)
            case e.Invited(nick=nick, room=room) if self.is_me(nick):
                self.session.send("JOIN", room)  # a room's operators let it in
            case e.NickChanged():
                self._nick_changed(event.old, event.new, event.source)
            case e.Left(nick=nick, room=room):
                self._left(nick, room)
            case e.Refused(text=text):
                self.around.closed(text)
            case e.Closed(reason=reason):
                self.joined = False
                self.around.closed(reason)
            case _:
                pass

    def _nick_changed(self, old: str, new: str, source: str) -> None:
        was, now = identity(old, None, source), _renamed(source, new)
        for one in self._corners.values():
            one.threads.renamed(old, new)
        found = self._corners.pop(fold(old), None)
        if found is not None:  # a private talk goes on with who had it
            found.owner = now if found.owner == was else found.owner
            self._corners[fold(new)] = found
        self.desk.renamed(old, new)
        self.circle.approvals.renamed(self, old, new)
        account = self.view.account(new)
        translating.renamed(self, *((fold(account),) * 2 if account else (was, now)), new)
        self.circle.consent.renamed(was, now)

    def _account_changed(self, event: e.AccountChanged) -> None:
        was = identity(event.nick, self.view.account(event.nick), event.source)
        now = identity(event.nick, event.account, event.source)
        translating.renamed(self, was, now, event.nick)
        self.circle.consent.renamed(was, now)

    def _left(self, nick: str, room: str | None) -> None:
        """When, for who comes back and asks what they missed."""
        if room is not None and self.is_me(nick):
            leaving.put_out(self, room)
            return
        self.circle.approvals.gone(self, nick, room)
        for key, one in self._corners.items():
            if self.is_room(key) and (room is None or key == fold(room)):
                one.has_left(nick, self.circle.now_ms())

    def _registered(self) -> None:
        self.joined = True
        self.session.send("MODE", self.session.nick, "+" + self.session.isupport.get("BOT", "B"))
        self._away()
        self.recovery.recall()
        self.circle.approvals.recall(self)
        for room in self.settings.rooms:
            self.session.send("JOIN", room)

    def _ask_history(self, room: str) -> None:
        if self.errands.possible:
            self.errands.history(
                ("LATEST", room, "*", str(self._size().messages)),
                lambda messages: self._history(room, messages),
            )

    def _history(self, target: str, messages: Sequence[e.Message]) -> None:
        said = [corner.said(message) for message in messages if message.kind == "PRIVMSG" and message.text]
        for message in messages:
            if self.is_me(message.nick) and message.msgid:
                self._remember_own(message.msgid)
        self.corner(target).window.seed(said)

    def _redacted(self, target: str, msgid: str) -> None:
        """In private the target is a nick, ours or theirs: it may be in any of the private talks. What is
        being said ends: the server has looked whether they may."""
        if (turn := self.desk.says(msgid)) is not None:
            self.desk.stop(turn)
        keys = (
            [fold(target)]
            if self.is_room(target)
            else [key for key in self._corners if not self.is_room(key)]
        )
        for key in keys:
            if key in self._corners:
                memory.taken_back(self, key, msgid)
        translating.taken_back(self, target, msgid)
        try:
            self.circle.notebook.taken_back(msgid)
        except NotebookError:
            pass  # what is kept of it is shown to nobody: its message is gone

    # --- What is said -------------------------------------------------------------------------------------

    def _message(self, message: e.Message) -> None:
        room = message.target.lstrip("~&@%+")
        private = not self.is_room(room)
        if message.kind == "PRIVMSG" and not private:
            translating.heard(self, room, message)
        if self.is_me(message.nick):
            self._own_message(message.tags, message.target)
            return
        target = message.nick if private else room
        said = corner.said(message)
        if message.kind == "TAGMSG":
            self._tagged(message, target, said)
            return
        if message.kind != "PRIVMSG":
            return
        here = self.corner(target, said.identity if private else "")
        self.recovery.present(message.nick, None if private else room, message.source, said.account)
        if said.account is not None:  # who logged in while no room of ours was shared
            self.circle.consent.renamed(identity(message.nick, None, message.source), said.identity)
        here.window.add(said)
        heard = corner.heard(message, private)
        verdict = decide(
            heard, self.session.nick, self._own, self._known(target, private), here.threads,
            self.around.monotonic(), self._rules(target, private),
        )  # fmt: skip
        if verdict.act != "ignore":
            question = corner.question(heard, target, verdict, here.tongue_of(message.nick, verdict.command))
            here.spoke(message.nick, question.language)
            self._act(here, verdict, self._in_their_language(verdict, question))
        if message.bot or verdict.act == "answer":
            ambient.give_way(here)  # the talk has its course

    def _known(self, target: str, private: bool) -> Callable[[str], bool]:
        return (lambda nick: False) if private else (lambda nick: self.view.member(target, nick) is not None)

    def _rules(self, target: str, private: bool) -> Rules:
        return Rules(self.around.hops) if private else self.circle.rules(target, self)

    def _in_their_language(self, verdict: Verdict, question: Question) -> Question:
        """What one person is told, in the language that they chose; what a room is shown, in the talk's."""
        chosen = self.circle.readers.language_of(question.asker)
        if not chosen or (verdict.command and BY_NAME[verdict.command].shown_to_all):
            return question
        return replace(question, language="es" if chosen == "es" else "en")

    def _act(self, here: Corner, verdict: Verdict, question: Question) -> None:
        if verdict.act == "answer":
            if not self.recovery.is_known(question.msgid):
                self.ask(question)
        elif verdict.act == "refuse":
            until = self.circle.rules(question.target, self).quiet_until
            self.tell(question, say(verdict.text, question.language, until=until), private=True)
        elif verdict.act == "ambient":
            ambient.consider(self, here, question)
        else:
            self._command(here, verdict, question)

    def _command(self, here: Corner, verdict: Verdict, question: Question) -> None:
        word = BY_NAME[verdict.command]
        private = not self.is_room(question.target)
        if not verdict.named and not private and not self._hears(here, word.bare, question):
            return
        if private and word.rooms:
            self.tell(question, say("only_in_rooms", question.language))
        elif word.operators and not self.view.is_operator(question.target, question.asker):
            self.tell(question, say("operators_only", question.language), private=True)
        else:
            try:
                DEEDS[verdict.command](self, verdict, question)
            except NotebookError:
                self.tell(question, say("not_kept", question.language), private=True)

    def _hears(self, here: Corner, bare: str, question: Question) -> bool:
        """Whether a word that names nobody is for this one."""
        if bare == "follow" and here.threads.follows(question.asker, self.around.monotonic()):
            return True
        if bare == "follow" and self.circle.floor(question.target).get(fold(question.asker)):
            return False
        return bare == "all" or self.circle.speaker(question.target) is self

    def ask(self, question: Question) -> None:
        taking.take(self, question)

    def _own_message(self, tags: Mapping[str, str], target: str) -> None:
        """An echo: the server's name for what we said."""
        if msgid := tags.get("msgid"):
            self._remember_own(msgid)
            turn = self.desk.turn(target)
            if turn is not None and turn.msgid is None and turn.speech.begun:
                turn.msgid = msgid

    def _tagged(self, message: e.Message, target: str, said: Said) -> None:
        """A TAGMSG: somebody stops an answer, or reacts to a message."""
        if STOP_TAG in message.tags:
            self._stop_by_tag(message, target)
        reaction = next((message.tags[name] for name in REACTIONS if name in message.tags), "")
        if reaction and said.reply_to:
            window = self.corner(target, said.identity if not self.is_room(target) else "").window
            if any(one.msgid == said.reply_to for one in window):
                window.add(said._replace(text="", msgid=None, reaction=reaction[:REACTION_CHARACTERS]))

    def _stop_by_tag(self, message: e.Message, target: str) -> None:
        turn = self.desk.turn(target)
        named = message.tags[STOP_TAG]
        if turn is None or named not in {turn.msgid, *(asked.msgid for asked in turn.questions)}:
            return
        operator = self.view.is_operator(target, message.nick)
        if self.desk.may_stop(turn, message.nick, message.tags.get("account"), operator):
            self.desk.stop(turn)

    def _remember_own(self, msgid: str) -> None:
        self._own[msgid] = None
        while len(self._own) > OWN_MESSAGES:
            self._own.popitem(last=False)

    # --- What it remembers --------------------------------------------------------------------------------

    def corner(self, target: str, owner: str = "") -> Corner:
        """What it remembers of a room or private talk. `owner`: of a private one, whoever speaks now; another
        than before finds nothing of what was said with the first."""
        key = fold(target)
        found = self._corners.get(key)
        if found is None or (owner and found.owner and owner != found.owner):
            threads = Threads(lambda: self.session.nick, self.circle.floor(target))
            found = self._corners[key] = Corner(threads, self._size(), owner)
        found.owner = found.owner or owner
        self._corners.move_to_end(key)
        while len(self._corners) > CONVERSATIONS:
            self._corners.popitem(last=False)[1].close()
        return found

    def room_renamed(self, old: str, new: str) -> None:
        """It is the same room, and what it remembers of it goes along."""
        if (found := self._corners.pop(fold(old), None)) is not None:
            self._corners[fold(new)] = found
            found.room_renamed(new)

    def forget(self, account: str) -> None:
        """An account is gone: what was said with it in private, and what it asked."""
        for key, one in list(self._corners.items()):
            one.latest.pop(account, None)
            if one.owner == account:
                self._corners.pop(key)
                one.close()

    def _size(self) -> Size:
        if self.desk.provider is None:
            return Size()
        can = self.desk.provider.capabilities
        return size_for(can.context_tokens, can.answer_tokens, can.local)

    def start(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        """A deed that takes a while; it ends with the member."""
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    def is_room(self, target: str) -> bool:
        return target[:1] in self.session.isupport.get("CHANTYPES", "#")

    def is_me(self, nick: str) -> bool:
        return fold(nick) == fold(self.session.nick)

    def tell(self, question: Question, text: str, private: bool = False) -> None:
        """A notice to whoever asked, in the room or to them alone."""
        self.stage.tell(question, text, private)

    def describe(self, in_language: Language) -> str:
        """One line for !models."""
        state = say("state.ready", in_language)
        if self.why_absent is not None:
            name, values = self.why_absent
            state = say(name, in_language, **values)
        elif self.desk.waiting:
            state = say("state.busy", in_language, waiting=self.desk.waiting)
        return say(
            "model", in_language, nick=self.session.nick, model=model_name(self),
            provider=self.settings.provider, state=state,
        )  # fmt: skip

    def allowed(self, tags: dict[str, str]) -> dict[str, str]:
        """Tags can be sent only where the server takes them."""
        return tags if "message-tags" in self.session.capabilities else {}


def realname(settings: ModelSettings, provider: Provider | None) -> str:
    """What WHOIS shows: that it is a program, and which."""
    if settings.provider == "scripted":
        return "scripted: says what it was given · guion: dice lo que le dieron"
    model = provider.model if provider else settings.model
    name = f"{model} ({settings.provider})" if model else settings.provider
    return f"language model · modelo de lenguaje: {name}"[: limits.REALNAME_CHARACTERS]


def _renamed(source: str, nick: str) -> str:
    """The identity of a guest who was `source` and is called `nick` now."""
    _, mark, rest = source.partition("!")
    return identity(nick, None, f"{nick}{mark}{rest}")
