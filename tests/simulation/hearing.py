"""What was heard, against what was said and what is stored: after every tick, for every connection.

What belongs here: the promises of the server about messages. What must not: looking into its fan-out.

- What was heard was meant for the hearer, and is in the store with the same text.
- What is in the store was heard by everybody it was meant for, once, whole, in the form they negotiated.
- What the store refused was heard by nobody.
- Every label got one answer.
"""

from __future__ import annotations

from tertulia.limits import LINE_BYTES
from tertulia.protocol import capabilities as cap
from tertulia.protocol.names import is_room
from tertulia.server.session import Session
from tests.simulation.ear import MARK, Ear, Heard, Wrong
from tests.simulation.journal import Journal, Utterance, squeezed
from tests.simulation.store import FaultyStore

MARKS = ("tertulia.chat/stopped", "tertulia.chat/incomplete")
STAMPS = ("tertulia.chat/cause", "tertulia.chat/hops")


def check(journal: Journal, ears: dict[Session, Ear], store: FaultyStore) -> None:
    """Raises `Wrong` for the first promise that was broken in this tick."""
    for message_id, utterance in list(journal.open.items()):
        if _settled(utterance, store):
            del journal.open[message_id]
            for session in utterance.listeners:
                if session in ears:
                    _heard_right(utterance, session, ears[session], store)
    growing = {spoken.key: spoken for spoken in journal.open.values() if spoken.stream}
    for session, ear in ears.items():
        for key, heard in list(ear.heard.items()):
            _heard_rightly(key, heard, growing.get(key), session, store)
        ear.refusals = 0
        ear.replayed, replayed = [], ear.replayed
        for target, msgids in replayed:
            _replayed_rightly(target, [msgid for msgid in msgids if msgid], store)
        _answered(journal, session, ear)


def _settled(utterance: Utterance, store: FaultyStore) -> bool:
    """Whether all is known about it that there will be."""
    message = utterance.message
    if message.kind == "TAGMSG" or message.id in store.refused:
        return True
    if message.id not in store.messages:
        raise Wrong(f"message {message.id:x} was neither kept nor refused in its tick")
    return not utterance.stream or utterance.end is not None


def _heard_right(utterance: Utterance, session: Session, ear: Ear, store: FaultyStore) -> None:
    heard = ear.heard.pop(utterance.key, []) if utterance.unit is not None else []
    message = utterance.message
    if message.id in store.refused:
        if heard:
            raise Wrong(f"{_name(utterance)} was heard, and the store had refused it: {heard[0]}")
        return
    whole = message
    if message.kind != "TAGMSG":
        whole = store.messages[message.id]
        final = utterance.end.text if utterance.end is not None else message.text
        if whole.state != "open" and whole.text != final:
            raise Wrong(f"the store has another text of {_name(utterance)}: {whole.text!r}, not {final!r}")
        whole = whole._replace(text=final, state=utterance.end.state if utterance.end is not None else "")
    for one in heard:
        _tags_right(utterance, one)
    if session.closing or session in utterance.left or utterance.unit is None:
        return  # it may have been cut off; that it may hear it has been seen
    if utterance.twice and session is utterance.speaker:
        half = len(heard) // 2
        if [one.text for one in heard[:half]] != [one.text for one in heard[half:]]:
            raise Wrong(f"{_name(utterance)} was not heard twice by who said it to itself: {heard}")
        heard = heard[:half]
    if not heard and session is utterance.speaker and not session.capabilities & cap.MESSAGE_TAGS:
        return  # an echoed opening without tags does not say which it is
    if not heard:
        raise Wrong(f"{_name(utterance)} was not heard by {ear.nick}")
    if heard[0].tags.get("msgid", f"{message.id:x}") != f"{message.id:x}":
        raise Wrong(f"{_name(utterance)} has the msgid of another")
    _text_right(utterance, heard, whole.text, whole.state, session)


def _text_right(utterance: Utterance, heard: list[Heard], text: str, state: str, session: Session) -> None:
    message = utterance.message
    forms = {one.form for one in heard}
    if len(forms) > 1:
        raise Wrong(f"{_name(utterance)} came in several forms: {sorted(forms)}")
    if message.kind == "TAGMSG":
        if len(heard) != 1:
            raise Wrong(f"{_name(utterance)} came {len(heard)} times")
        return
    if forms == {"stream"}:
        said = heard[0].text
        if len(heard) != 1 or (said != text and session is not utterance.speaker):
            raise Wrong(f"the stream {_name(utterance)} became {said!r}, not {text!r}")
        if state and f"tertulia.chat/{state}" not in heard[0].end_tags:
            raise Wrong(f"the stream {_name(utterance)} does not say that it is {state}")
        return
    if forms == {"multiline"} and len(heard) == 1:
        if heard[0].text.removesuffix(f" {MARK}") != text:
            raise Wrong(f"the lines of {_name(utterance)} became {heard[0].text!r}, not {text!r}")
        return
    _plain_right(utterance, heard, text, state)


def _plain_right(utterance: Utterance, heard: list[Heard], text: str, state: str) -> None:
    message = utterance.message
    if any(not one.text.strip() for one in heard):
        raise Wrong(f"a blank line in the plain form of {_name(utterance)}")
    line = f":{message.source} {message.kind} {message.target} :{text}\r\n"
    if not utterance.stream and "\n" not in text and len(line.encode()) <= LINE_BYTES and not message.cuts:
        if [one.text for one in heard] != [text]:
            raise Wrong(f"{_name(utterance)} became {[one.text for one in heard]}, not {text!r}")
        return
    said = squeezed("".join(one.text for one in heard))
    if utterance.stream and state:
        if not said.endswith(MARK) and f"tertulia.chat/{state}" not in heard[0].tags:
            raise Wrong(f"the plain form of {_name(utterance)} does not say that it is {state}")
        said = said.removesuffix(MARK)
    if said != squeezed(text):
        raise Wrong(f"the plain form of {_name(utterance)} became {said!r}, not {squeezed(text)!r}")


def _tags_right(utterance: Utterance, heard: Heard) -> None:
    """Provenance from those we trust, cause and hops on what bots say, and from nobody else."""
    for tag in [*heard.tags, *heard.end_tags]:
        if not tag.startswith("tertulia.chat/") or tag in MARKS:
            continue
        if tag in STAMPS:
            if not utterance.bot:
                raise Wrong(f"{tag} on {_name(utterance)}, which is no bot's")
        elif not utterance.speaker.peer.trusted:
            raise Wrong(f"{tag} on {_name(utterance)}, whose speaker is not trusted")
    answerable = utterance.message.kind == "PRIVMSG"  # "A NOTICE has neither"
    if utterance.bot and answerable and "msgid" in heard.tags and "tertulia.chat/hops" not in heard.tags:
        raise Wrong(f"{_name(utterance)} is a bot's and has no hops")


def _heard_rightly(
    key: tuple[int, str, str],
    heard: list[Heard],
    growing: Utterance | None,
    session: Session,
    store: FaultyStore,
) -> None:
    """What is left when all that was settled has been taken away: the beginnings of open streams."""
    if growing is None or session not in growing.listeners:
        raise Wrong(f"u{key[0]}. to {key[1]} was heard by {_who(session)}, who must not hear it: {heard[0]}")
    if growing.message.id not in store.messages:
        raise Wrong(f"u{key[0]}. was heard by {_who(session)}, and is not stored")


def _replayed_rightly(target: str, msgids: list[str], store: FaultyStore) -> None:
    places = [int(msgid, 16) for msgid in msgids]
    if places != sorted(set(places)):
        raise Wrong(f"the history of {target} is not in order: {msgids}")
    for place in places:
        if place not in store.messages:
            raise Wrong(f"the history of {target} has {place:x}, which the store has not")
        if target and is_room(target) != is_room(store.messages[place].buffer):  # a search has no target
            raise Wrong(f"the history of {target} has {place:x} of {store.messages[place].buffer}")


def _answered(journal: Journal, session: Session, ear: Ear) -> None:
    expected = journal.labels.get(session, {})
    for label, times in ear.answers.items():
        if label not in expected:
            raise Wrong(f"label {label} was answered once more to {_who(session)}")
        if times > 1:
            raise Wrong(f"label {label} was answered {times} times")
    if session.closing:
        return
    for label, reference in list(expected.items()):
        if label in ear.answers:
            del expected[label], ear.answers[label]
        elif not session.waiting and not (reference and reference in session.batches):
            raise Wrong(f"label {label} of {_who(session)} was not answered")


def _name(utterance: Utterance) -> str:
    message = utterance.message
    return f"u{utterance.unit}. ({message.kind} {message.id:x} from {message.source} to {message.target})"


def _who(session: Session) -> str:
    return session.user.nick if session.user is not None else f"connection {session.peer.address}"
