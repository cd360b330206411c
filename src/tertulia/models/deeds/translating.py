"""Translation beside the original: what others say in a room, in one's own language, to oneself alone.

What belongs here: who wants which language, the queue, the budget. What must not: keeping (`notebook`), the
words that models read (`prompt`).

A message is translated once for each language, however many read it, and kept.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from tertulia.client import events as e
from tertulia.limits import TRANSLATION_CHARACTERS, TRANSLATION_DAY_CHARACTERS, TRANSLATION_QUEUE
from tertulia.models import corner, prompt
from tertulia.models.consult import Withheld, whole
from tertulia.models.manners import Verdict
from tertulia.models.provider import ProviderError, Request
from tertulia.models.speech import plain
from tertulia.models.turns import Question
from tertulia.models.vocabulary import shown
from tertulia.models.window import Said, identity
from tertulia.models.words import Language, language, say
from tertulia.protocol.casemap import fold
from tertulia.protocol.ledger import Caller
from tertulia.protocol.notes import Note, NotebookError, Translation
from tertulia.protocol.text import cut

if TYPE_CHECKING:
    from tertulia.models.member import Member

LANGUAGES: Final = {
    "ar": "Arabic", "ca": "Catalan", "de": "German", "en": "English", "es": "Spanish", "eu": "Basque",
    "fr": "French", "gl": "Galician", "hi": "Hindi", "it": "Italian", "ja": "Japanese", "ko": "Korean",
    "nl": "Dutch", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sv": "Swedish",
    "tr": "Turkish", "uk": "Ukrainian", "zh": "Chinese",
}  # fmt: skip
OFF: Final = frozenset({"off", "no", "none", "nada"})
NOTE: Final = "translate:"
SECONDS: Final = 120.0
LINE_BYTES: Final = 350
TAG: Final = "+tertulia.chat/translation"


class Waiting(NamedTuple):
    said: Said
    language: str


class Bureau:
    """The translations of one room."""

    def __init__(self) -> None:
        self.waiting: deque[Waiting] = deque(maxlen=TRANSLATION_QUEUE)
        self.task: asyncio.Task[None] | None = None
        self.day = ""
        self.characters = 0  # translated that day
        self.told = False  # that there is nothing left of the day
        self.now: Waiting | None = None  # what is being translated

    def drop(self, msgid: str) -> None:
        kept = [one for one in self.waiting if one.said.msgid != msgid]
        self.waiting = deque(kept, maxlen=TRANSLATION_QUEUE)
        if self.now is not None and self.now.said.msgid == msgid:
            self.now = None

    def close(self) -> None:
        if self.task is not None:
            self.task.cancel()


# --- The word -----------------------------------------------------------------------------------------------


def translate(member: Member, verdict: Verdict, question: Question) -> None:
    who = identity(question.asker, question.account, question.source)
    name, typed = NOTE + who, verdict.text.lower().strip()
    wanted = next((code for code, name in LANGUAGES.items() if typed in (code, name.lower())), "")
    if typed and typed not in OFF and not wanted:
        usage = shown("translate", question.language)
        text = say("translate_usage", question.language, usage=usage, languages=" ".join(LANGUAGES))
        member.tell(question, text, private=True)
        return
    if typed:
        member.circle.settle(fold(question.target), name, wanted, question.asker)
    code = member.circle.setting(question.target, name)
    text = say("translate" if code else "no_translate", question.language, language=code)
    member.tell(question, text, private=True)


# --- What is said -------------------------------------------------------------------------------------------


def heard(member: Member, room: str, message: e.Message) -> None:
    """Somebody spoke in a room: put it in the queue for who reads it in another language."""
    circle = member.circle
    if not circle.notes.named(NOTE, fold(room)) or circle.thinker(room) is not member or not message.msgid:
        return
    said = corner.said(message)
    text = said.text.strip()
    if text.startswith("!") or not any(letter.isalpha() for letter in text):
        return
    wanted = {note.text for note in _readers(member, room, said)}
    spoken = {language(text, "en"), language(text, "es")}
    wanted -= spoken if len(spoken) == 1 else set()  # it is surely in that language
    bureau = circle.bureaus.setdefault(fold(room), Bureau())
    bureau.waiting.extend(Waiting(said, code) for code in sorted(wanted))
    if bureau.waiting and (bureau.task is None or bureau.task.done()):
        bureau.task = member.start(_work(member, room, bureau))


def taken_back(member: Member, room: str, msgid: str) -> None:
    """A message was redacted: nobody is sent it in another language any more."""
    if bureau := member.circle.bureaus.get(fold(room)):
        bureau.drop(msgid)


def renamed(member: Member, was: str, now: str, new: str) -> None:
    """A reader goes by another nick, and goes on reading under it. `was`, `now`: identities before and after;
    of an account the same."""
    for note in member.circle.notes.named(NOTE + was):
        if note.name == NOTE + was:
            with suppress(NotebookError):  # they ask again under the new nick
                member.circle.settle(note.scope, note.name, "")
                member.circle.settle(note.scope, NOTE + now, note.text, new)


async def _work(member: Member, room: str, bureau: Bureau) -> None:
    """One after the other: nobody waits for a translation as one waits for an answer."""
    while bureau.waiting:
        one = bureau.waiting.popleft()
        bureau.now = one
        text = await _translated(member, room, bureau, one)
        if bureau.now is not one:
            continue  # taken back meanwhile
        if text and text.casefold() != one.said.text.casefold():
            _deliver(member, room, one, text)
            member.flush()


async def _translated(member: Member, room: str, bureau: Bureau, one: Waiting) -> str:
    circle, provider = member.circle, member.desk.provider
    assert one.said.msgid is not None
    try:
        if kept := circle.notebook.translation(one.said.msgid, one.language):
            return kept
        text = one.said.text[:TRANSLATION_CHARACTERS]
        if one.language not in {note.text for note in _readers(member, room, one.said)}:
            return ""  # whoever read it has left, or wants it no longer
        local = provider is not None and provider.capabilities.local
        if provider is None or (not local and circle.withheld(one.said.identity)):
            return ""
        if not _may_spend(member, room, bureau, len(text)):
            return ""
        caller = Caller(room=circle.readers.kept_as(room), purpose="translation")

        async def request() -> Request:
            if not local and circle.withheld(one.said.identity):
                raise Withheld
            return replace(prompt.translation(text, LANGUAGES[one.language]), caller=caller)

        found = (await whole(provider, member.desk.gate, request, SECONDS)).text
        if bureau.now is one:
            circle.notebook.translated(Translation(one.said.msgid, one.language, found, circle.now_ms()))
        return found
    except (ProviderError, NotebookError):
        return ""  # the original is there


def _readers(member: Member, room: str, said: Said) -> list[Note]:
    """Who is here, as they are called now, and reads what this one says in another language: for nobody else
    it is paid."""
    notes = (_here(member, room, note) for note in member.circle.notes.named(NOTE, fold(room)))
    return [note for note in notes if note is not None and fold(note.by) != fold(said.nick)]


def _here(member: Member, room: str, note: Note) -> Note | None:
    """The note of a reader who is here: by the account where it is known who has it, else by the nick."""
    account, found = note.name.removeprefix(NOTE), member.view.room(room)
    for one in found.members.values() if found is not None else ():
        if one.account is not None and fold(one.account) == account:
            return note._replace(by=one.nick)
    here = member.view.member(room, note.by)
    return note if here is not None and here.account is None else None


def _may_spend(member: Member, room: str, bureau: Bureau, characters: int) -> bool:
    """Whether the room's day allows it; it is then counted. Who reads is told once when it does not."""
    today = f"{member.circle.now():%Y-%m-%d}"
    if bureau.day != today:
        bureau.day, bureau.characters, bureau.told = today, 0, False
    if bureau.characters + characters <= TRANSLATION_DAY_CHARACTERS:
        bureau.characters += characters
        return True
    if not bureau.told:
        bureau.told = True
        for note in member.circle.notes.named(NOTE, fold(room)):
            tongue: Language = "es" if note.text == "es" else "en"
            member.session.send("NOTICE", note.by, say("translate_spent", tongue, room=room))
        member.flush()
    return False


def _deliver(member: Member, room: str, one: Waiting, text: str) -> None:
    """To each reader of that language who is there."""
    msgid = one.said.msgid or ""
    tags = member.allowed({"+reply": msgid, "+draft/reply": msgid, TAG: one.language})
    for note in _readers(member, room, one.said):
        if note.text == one.language:
            for line in plain(text).splitlines():
                for piece in cut(f"[{room} {one.language}] {one.said.nick}: {line}", LINE_BYTES):
                    member.session.send("NOTICE", note.by, piece, tags=tags)
