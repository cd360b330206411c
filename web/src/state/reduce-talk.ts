/*
 * What is said: messages, streams, pages of history, reactions, what is taken back, what was not heard.
 * What belongs here: reducers of talk. What must not: who is where.
 */

import type { Said } from "../irc/events";
import { fold, isRoom, withoutStatus } from "../irc/names";
import { symbols } from "../irc/isupport";
import { recounted, SERVER, withEntry } from "./buffers";
import { endOf, messageOf, provenanceOf } from "./messages";
import { isMe, withBuffer, withUser, type Reducers } from "./common";
import { ensured, happened, isClosed } from "./reduce-rooms";
import { seen } from "./reduce-view";
import { changed, placed } from "./segments";
import type { Buffer, Entry, Message, State } from "./types";

const TYPING_MS = 6_000; // typing.md: "assume that the sender is no longer typing [...] at least 6 seconds ago"

/** The buffer that something said belongs to. */
export function bufferFor(state: State, said: Pick<Said, "nick" | "target" | "fromServer">): string {
  const target = withoutStatus(said.target, symbols(state.tokens));
  if (isRoom(target)) return target;
  if (said.fromServer) return SERVER;
  return isMe(state, said.nick) ? target : said.nick;
}

function read(state: State, key: string): boolean {
  return (
    state.active === key && state.looking && state.atEnd && (state.buffers[key]?.viewing ?? null) === null
  );
}

function withSaid(state: State, said: Said, more: Partial<Message> = {}): [State, string] {
  const name = bufferFor(state, said);
  const id = said.id || `~${state.count}`;
  if (isClosed(state, name)) return [state, id];
  let next = ensured({ ...state, count: state.count + 1 }, name);
  const key = fold(name);
  next = withBuffer(next, name, (buffer) => {
    const { [said.nick]: _, ...typing } = buffer.typing;
    return withEntry(
      { ...buffer, typing },
      { ...messageOf(said, state.nick, id), ...more },
      read(state, key),
    );
  });
  if (!said.fromServer)
    next = withUser(next, said.nick, {
      ...(said.bot ? { bot: true } : {}),
      ...(said.account ? { account: said.account } : {}),
    });
  return [next, id];
}

/** What was waiting to be heard is taken away when it is. */
function withoutPending(state: State, label: string | undefined, nonce: string | null): State {
  let next = state;
  for (const buffer of Object.values(state.buffers)) {
    if (!buffer.pending.some((one) => one.label === label || (nonce !== null && one.nonce === nonce)))
      continue;
    next = withBuffer(next, buffer.name, (one) => ({
      ...one,
      pending: one.pending.filter((item) => item.label !== label && item.nonce !== nonce),
    }));
  }
  return next;
}

const changedMessage = (buffer: Buffer, id: string, change: (message: Message) => Message): Buffer => {
  const segments = changed(buffer.segments, id, (entry) =>
    entry.what === "message" ? change(entry) : entry,
  );
  return segments === buffer.segments ? buffer : { ...buffer, segments };
};

export const talkReducers: Reducers = {
  said: (state, { said, label }) => {
    const [next] = withSaid(state, said);
    return isMe(state, said.nick) ? withoutPending(next, label, messageOf(said, state.nick, "").nonce) : next;
  },

  streamOpen: (state, { reference, said }) => {
    const [next, id] = withSaid(state, said, { growing: true });
    const buffer = bufferFor(state, said);
    return {
      ...next,
      streams: { ...next.streams, [reference]: { nick: said.nick, buffer, id, begun: false } },
    };
  },
  streamPiece: (state, { reference, text, concat }) => {
    const stream = state.streams[reference];
    if (!stream) return state;
    const next = withBuffer(state, stream.buffer, (buffer) =>
      changedMessage(buffer, stream.id, (message) => ({
        ...message,
        text: stream.begun && !concat ? `${message.text}\n${text}` : message.text + text,
      })),
    );
    return stream.begun
      ? next
      : { ...next, streams: { ...next.streams, [reference]: { ...stream, begun: true } } };
  },
  streamClose: (state, { reference, tags }) => {
    const { [reference]: stream, ...streams } = state.streams;
    if (!stream) return state;
    const next = withBuffer(state, stream.buffer, (buffer) =>
      changedMessage(buffer, stream.id, (message) => ({
        ...message,
        growing: false,
        ended: endOf(tags),
        provenance: merged(message, provenanceOf(tags)),
      })),
    );
    return { ...next, streams };
  },

  page: (state, { key, page, where, view }) => {
    const next = withBuffer(state, key, (buffer) => {
      const entries: Entry[] = page
        .filter((said) => said.id)
        .map((said) => messageOf(said, state.nick, said.id));
      const heard = new Set(entries.map((entry) => (entry.what === "message" ? entry.nonce : null)));
      const segments = placed(buffer.segments, entries, where);
      const pending = buffer.pending.filter((one) => !heard.has(one.nonce));
      const newest = entries.findLast((entry) => entry.what === "message" && entry.mine)?.time ?? 0;
      const grown = { ...buffer, segments, pending, viewing: view ?? buffer.viewing, loading: null };
      return recounted(grown, Math.max(buffer.readUpTo, newest));
    });
    return next.active === key ? seen(next) : next; // what comes while one looks at the end has been read
  },

  tagged: (state, { nick, target, tags, time }) => {
    const name = bufferFor(state, { nick, target, fromServer: false });
    const id = tags["+draft/reply"] ?? tags["+reply"];
    const emoji = tags["+draft/react"] ?? tags["+draft/unreact"];
    if (id && emoji)
      return withBuffer(state, name, (buffer) =>
        changedMessage(buffer, id, (message) => reacted(message, emoji, nick, "+draft/react" in tags)),
      );
    const typing = tags["+typing"];
    if (!typing || isMe(state, nick) || speaks(state, nick, name)) return state;
    return withBuffer(state, name, (buffer) => {
      const { [nick]: _, ...others } = buffer.typing;
      return {
        ...buffer,
        typing:
          typing === "done"
            ? others
            : { ...others, [nick]: time + (typing === "paused" ? 30_000 : TYPING_MS) },
      };
    });
  },
  tick: (state, { now }) => {
    let next = state;
    for (const buffer of Object.values(state.buffers)) {
      const typing = Object.fromEntries(Object.entries(buffer.typing).filter(([, until]) => until > now));
      if (Object.keys(typing).length !== Object.keys(buffer.typing).length)
        next = withBuffer(next, buffer.name, (one) => ({ ...one, typing }));
    }
    return next;
  },

  redacted: (state, { target, id, by, reason }) => {
    const name = isRoom(target) ? target : isMe(state, target) ? by : target;
    return withBuffer(state, name, (buffer) =>
      changedMessage(buffer, id, (message) => ({ ...message, text: "", redacted: { by, reason } })),
    );
  },

  marked: (state, { target, at }) => {
    if (at === null) return state;
    return withBuffer(state, target, (buffer) => (at > buffer.readUpTo ? recounted(buffer, at) : buffer));
  },

  failed: (state, { command, code, text, label, time }) => {
    const refused = refusedPending(state, label, text);
    if (refused !== state) return refused;
    if (command === "MARKREAD" || command === "METADATA") return state; // nobody asked for it by hand
    const rooms = command === "JOIN" ? Object.keys(state.buffers) : [];
    const next = rooms.reduce((now, key) => withBuffer(now, key, notEntering), state);
    return happened(ensured(next, state.active ?? SERVER), state.active ?? SERVER, {
      time,
      kind: "error",
      nick: "",
      other: code,
      text,
    });
  },
  told: (state, { code, target, text, error, label, time }) => {
    const refused = error ? refusedPending(state, label, text) : state;
    if (refused !== state) return refused;
    const known = target !== null && state.buffers[fold(target)] ? target : null;
    const place = known ?? (error ? state.active : null) ?? SERVER;
    const next = known && error ? withBuffer(state, known, notEntering) : state;
    return happened(ensured(next, place), place, {
      time,
      kind: error ? "error" : "told",
      nick: "",
      other: code,
      text: known || !target ? text : `${target}: ${text}`,
    });
  },
};

const notEntering = (buffer: Buffer): Buffer => (buffer.entering ? { ...buffer, entering: false } : buffer);

function refusedPending(state: State, label: string | undefined, why: string): State {
  if (label === undefined) return state;
  const buffer = Object.values(state.buffers).find((one) => one.pending.some((item) => item.label === label));
  if (!buffer) return state;
  return withBuffer(state, buffer.name, (one) => ({
    ...one,
    pending: one.pending.map((item) =>
      item.label === label ? { ...item, state: "refused" as const, why } : item,
    ),
  }));
}

/** Whether a stream of this member is open there: what can be seen need not be announced. */
function speaks(state: State, nick: string, buffer: string): boolean {
  return Object.values(state.streams).some(
    (stream) => stream.nick === nick && fold(stream.buffer) === fold(buffer),
  );
}

function merged(message: Message, more: Message["provenance"]): Message["provenance"] {
  return more || message.provenance ? { ...message.provenance, ...more } : null;
}

function reacted(message: Message, emoji: string, nick: string, add: boolean): Message {
  const { [emoji]: held = [], ...others } = message.reactions ?? {};
  const rest = held.filter((one) => fold(one) !== fold(nick));
  const now = add ? [...rest, nick] : rest;
  const reactions = now.length ? { ...others, [emoji]: now } : others;
  return { ...message, reactions: Object.keys(reactions).length ? reactions : null };
}
