"""What tools do on a link: commands out, JSON shapes in.

What belongs here: one function for each tool. What must not: MCP (`tools.py`).
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

from tertulia.agents.link import Link, LinkError, check
from tertulia.client import events as e
from tertulia.client.session import Session
from tertulia.client.speech import GatheredSpeech, StreamSpeech
from tertulia.limits import HISTORY_PAGE, INBOX_EVENTS, LEASE_SECONDS, MCP_WAIT_SECONDS

STREAMS: Final = 4  # one agent's, open at once
BURST_SECONDS: Final = 0.3  # who writes three lines is still writing the second: a burst is one turn
PLAIN_BYTES: Final = 300  # of a text that goes as one line, whatever the room's name

Json = dict[str, Any]


def shape(message: e.Message) -> Json:
    """A message as JSON; what it does not have is left out."""
    tags = message.tags
    found = {
        "id": message.msgid, "time": tags.get("time"), "room": message.target, "nick": message.nick,
        "account": tags.get("account"), "bot": message.bot or None, "text": message.text or None,
        "reply_to": message.replied_to, "reaction": tags.get("+draft/react") or tags.get("+react"),
        "event": tags.get("tertulia.chat/event"), "claim": tags.get("tertulia.chat/claim"),
        "notice": True if message.kind == "NOTICE" else None,
    }  # fmt: skip
    return {name: value for name, value in found.items() if value is not None}


# --- where and who ----------------------------------------------------------------------------------


async def whoami(link: Link) -> Json:
    await link.ready()
    return {
        "nick": link.session.nick,
        "account": link.name,
        "network": link.session.isupport.get("NETWORK", ""),
        "rooms": [room.name for room in link.view.rooms.values()],
    }


async def rooms(link: Link) -> Json:
    joined = [
        {"room": room.name, "topic": room.topic, "members": len(room.members)}
        for room in link.view.rooms.values()
    ]
    heard = await link.ask(lambda session: session.send("LIST"))
    listed = [event.parameters for event in heard if isinstance(event, e.Numeric) and event.code == "322"]
    others = [
        {"room": name, "members": int(count), "topic": topic}
        for name, count, topic in (row[:3] for row in listed if len(row) > 2)
        if link.view.room(name) is None
    ]
    return {"joined": joined, "others": others}


async def join(link: Link, room: str) -> Json:
    if link.view.room(room) is None:
        await link.command("JOIN", room)
    found = link.view.room(room)
    if found is None:
        raise LinkError(f"The server did not let you into {room}")
    return {"room": found.name, "topic": found.topic, "members": len(found.members)}


async def members(link: Link, room: str) -> Json:
    heard = await link.command("WHO", room)
    rows = [event.parameters for event in heard if isinstance(event, e.Numeric) and event.code == "352"]
    found = []
    for row in rows:
        flags = row[5]
        one: Json = {"nick": row[4]}
        one |= {"bot": True} if "B" in flags else {}
        one |= {"away": True} if flags[:1] == "G" else {}
        one |= {"rank": rank} if (rank := "".join(sign for sign in flags if sign in "~&@%+")) else {}
        found.append(one)
    return {"room": room, "members": found}


# --- reading ----------------------------------------------------------------------------------------


async def read(link: Link, room: str, since: str, limit: int) -> Json:
    limit = max(1, min(limit, HISTORY_PAGE))
    words = ("AFTER", room, f"msgid={since}") if since else ("LATEST", room, "*")
    messages = _history(await link.command("CHATHISTORY", *words, str(limit)))
    last = messages[-1].get("id", since) if messages else since
    return {"messages": messages, "cursor": last, "more": bool(since) and len(messages) == limit}


async def search(link: Link, text: str, room: str, nick: str, limit: int) -> Json:
    given = {"text": text, "in": room, "from": nick, "limit": str(max(1, limit))}
    words = ";".join(f"{name}={_escaped(value)}" for name, value in given.items() if value)
    return {"messages": _history(await link.command("SEARCH", words))}


def _history(heard: list[e.Event]) -> list[Json]:
    return [
        shape(message) for event in heard if isinstance(event, e.History) for message in event.messages
        if message.kind != "TAGMSG"
    ]  # fmt: skip


def _escaped(text: str) -> str:
    """As values of tags are (IRCv3 message-tags)."""
    for plain, written in (("\\", "\\\\"), (";", "\\:"), (" ", "\\s"), ("\r", "\\r"), ("\n", "\\n")):
        text = text.replace(plain, written)
    return text


# --- saying -----------------------------------------------------------------------------------------


def _tags(reply_to: str, claim: str) -> dict[str, str]:
    tags = {"+reply": reply_to, "+draft/reply": reply_to} if reply_to else {}
    return tags | ({"tertulia.chat/ack": claim} if claim else {})


async def say(link: Link, target: str, text: str, reply_to: str, claim: str) -> Json:
    if not text.strip():
        raise LinkError("There is no text to say; say nothing by not calling this, and ack what you claimed")
    tags = _tags(reply_to, claim)

    def out(session: Session) -> None:
        if "\n" not in text and len(text.encode()) <= PLAIN_BYTES:
            session.send("PRIVMSG", target, text, tags=tags)
            return
        speech = GatheredSpeech(session.send, target, "m", tags)
        speech.say(text)
        speech.close("", {})

    heard = await link.ask(out)
    check(heard)
    return {"id": link.said(heard, target)}


async def start(link: Link, target: str, reply_to: str, claim: str) -> Json:
    if len(link.streams) >= STREAMS:
        raise LinkError(f"{STREAMS} messages are growing already: finish one with say_finish")
    reference = link.next_reference()
    speech = StreamSpeech(link.session.send, target, reference, _tags(reply_to, claim))
    heard = await link.ask(lambda session: speech.open())
    check(heard)
    link.streams[reference] = speech
    return {"stream": reference}


async def append(link: Link, stream: str, text: str) -> Json:
    speech = _stream(link, stream)
    heard = await link.ask(lambda session: speech.say(text))
    try:
        check(heard)
    except LinkError:
        link.streams.pop(stream, None)
        raise
    return {"stream": stream}


async def finish(link: Link, stream: str) -> Json:
    speech = _stream(link, stream)
    del link.streams[stream]
    heard = await link.ask(lambda session: speech.close("", {}))
    check(heard)
    return {"id": link.said(heard, speech.target)}


def _stream(link: Link, stream: str) -> StreamSpeech:
    if stream in link.stopped:
        raise LinkError(f"{link.stopped[stream]}: it was taken back, and need not be finished")
    if stream not in link.streams:
        raise LinkError(f"No message {stream} is growing: begin one with say_start")
    return link.streams[stream]


# --- the inbox --------------------------------------------------------------------------------------


async def wait(link: Link, seconds: float, limit: int, every: bool, lease: int) -> Json:
    """Events as soon as there are some, at most so many; none when the time is over."""
    deadline = asyncio.get_running_loop().time() + max(0.0, min(seconds, MCP_WAIT_SECONDS))
    while True:
        link.bell.clear()
        events = await _claim(link, limit, every, lease)
        left = deadline - asyncio.get_running_loop().time()
        if events or left <= 0:
            return {"events": events, "lease_seconds": lease}
        try:
            async with asyncio.timeout(left):
                await link.bell.wait()
        except TimeoutError:
            continue  # one last look: the lease of a process that died may be over
        await asyncio.sleep(BURST_SECONDS)


async def _claim(link: Link, limit: int, every: bool, lease: int) -> list[Json]:
    limit, wanted = max(1, min(limit, INBOX_EVENTS)), "all" if every else "meant"
    heard = await link.command("INBOX", "CLAIM", str(limit), wanted, str(max(1, lease or LEASE_SECONDS)))
    found = []
    for event in heard:
        if isinstance(event, e.History):
            found += [{**shape(message), "talk": event.target} for message in event.messages]
    return found


async def ack(link: Link, claim: str, ids: list[str]) -> Json:
    heard = await link.command("INBOX", "ACK", claim, *([",".join(ids)] if ids else []))
    counts = [event.params[2] for event in heard if isinstance(event, e.Inbox) and event.params[0] == "ACKED"]
    return {"claim": claim, "acknowledged": int(counts[0]) if counts else 0}
