"""What a model remembers of one room or private talk, and a message as each part of it wants to have it.

What belongs here: values and their making. What must not: sending, deciding.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import replace

from tertulia.client import events as e
from tertulia.models.manners import Heard, Threads, Verdict
from tertulia.models.turns import Question
from tertulia.models.vocabulary import BY_NAME
from tertulia.models.window import Said, Size, Window, identity
from tertulia.models.words import Language, language
from tertulia.protocol.casemap import fold

LATEST = 200  # people whose last question is at hand for !retry, in one room


class Corner:
    """One room or private talk."""

    def __init__(self, threads: Threads, size: Size, owner: str = "") -> None:
        self.window = Window(*size)
        self.threads = threads
        self.owner = owner  # of a private talk: whose it is; another with that nick begins a new one
        self.latest: OrderedDict[str, Question] = OrderedDict()  # by identity, for !retry
        self.replied: OrderedDict[str, Said] = OrderedDict()  # by question's msgid: what it replies to
        self.summary = ""  # of a guest's private talk: it is not stored
        self.summary_of: tuple[str, ...] = ()  # identities of those whose words went into it
        self.tongue: Language = "en"  # spoken last
        self._tongues: OrderedDict[str, Language] = OrderedDict()  # by folded nick
        self.summing: asyncio.Task[None] | None = None
        self.left: OrderedDict[str, int] = OrderedDict()  # folded nick -> when they left, in milliseconds
        self.lull: asyncio.Task[None] | None = None  # waits for a pause before speaking unasked

    def asked(self, question: Question) -> None:
        who = identity(question.asker, question.account, question.source)
        self.latest.pop(who, None)
        self.latest[who] = question
        while len(self.latest) > LATEST:
            self.latest.popitem(last=False)

    def tongue_of(self, nick: str, command: str = "") -> Language:
        """The language to speak with somebody whose words do not tell: theirs, else English if they chose a
        word that exists in Spanish too, else the room's."""
        chosen: Language = "en" if command and BY_NAME[command].spanish else self.tongue
        return self._tongues.get(fold(nick), chosen)

    def spoke(self, nick: str, tongue: Language) -> None:
        self.tongue = self._tongues[fold(nick)] = tongue
        while len(self._tongues) > LATEST:
            self._tongues.popitem(last=False)

    def has_left(self, nick: str, at_ms: int) -> None:
        self.left[fold(nick)] = at_ms
        self.left.move_to_end(fold(nick))
        while len(self.left) > LATEST:
            self.left.popitem(last=False)

    def again(self, question: Question) -> Question | None:
        """What the same person asked last."""
        return self.latest.get(identity(question.asker, question.account, question.source))

    def room_renamed(self, name: str) -> None:
        self.latest = OrderedDict((who, replace(one, target=name)) for who, one in self.latest.items())

    def close(self) -> None:
        for task in (self.summing, self.lull):
            if task is not None:
                task.cancel()


# --- A message ----------------------------------------------------------------------------------------------


def said(message: e.Message) -> Said:
    account = message.tags.get("account")
    return Said(
        message.nick,
        message.text,
        message.msgid,
        message.bot,
        account,
        message.replied_to,
        identity(message.nick, account, message.source),
        message.tags.get("time", ""),
    )


def heard(message: e.Message, private: bool) -> Heard:
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
        source=message.source,
        oper="draft/oper" in message.tags,  # set by the server alone: clients' own tags begin with "+"
    )


def question(heard: Heard, target: str, verdict: Verdict, otherwise: Language) -> Question:
    """`otherwise`: the language when nothing in the text tells."""
    text = verdict.text if verdict.act == "command" else heard.text
    if verdict.act == "command" and " " not in text:  # "!language en" is not said in Spanish
        text = ""
    tongue = verdict.language or language(text, otherwise)
    return Question(
        heard.nick, heard.account, target, verdict.text, heard.msgid, tongue, heard.source,
        heard.reply_to, ambient=verdict.act == "ambient", oper=heard.oper,
    )  # fmt: skip
