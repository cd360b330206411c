/*
 * One room or talk: making it, adding to it, counting what is unread.
 * What belongs here: pure functions on one buffer. What must not: the list of them (`reduce.ts`).
 */

import { fold, isRoom } from "../irc/names";
import { added, EMPTY } from "./segments";
import type { Buffer, Entry, Message, Segment } from "./types";

export const SERVER = "*";

export function newBuffer(name: string, readUpTo = 0): Buffer {
  return {
    key: fold(name),
    name,
    kind: name === SERVER ? "server" : isRoom(name) ? "room" : "talk",
    joined: false,
    entering: false,
    topic: "",
    topicBy: null,
    modes: "",
    members: new Map(),
    segments: [EMPTY],
    viewing: null,
    pending: [],
    unread: 0,
    mentions: 0,
    readUpTo,
    markerAt: readUpTo,
    typing: {},
    loading: null,
    target: null,
    masks: {},
    muted: false,
  };
}

export function liveOf(buffer: Buffer): Segment | undefined {
  return buffer.segments.find((segment) => segment.live);
}

/** The stretch that is looked at: the present, or the one that somebody jumped to. */
export function viewedOf(buffer: Buffer): Segment {
  if (buffer.viewing !== null) {
    const found = buffer.segments.find((segment) =>
      segment.entries.some((entry) => entry.id === buffer.viewing),
    );
    if (found) return found;
  }
  const live = liveOf(buffer);
  if (live?.entries.length) return live; // until the newest page is there, what was read before stays
  return buffer.segments.findLast((segment) => segment.entries.length > 0) ?? live ?? EMPTY;
}

/** `entry` added to the present; `read` when somebody is looking at it. */
export function withEntry(buffer: Buffer, entry: Entry, read: boolean): Buffer {
  const live = liveOf(buffer) ?? EMPTY;
  const before = live.entries.length; // the list may be the batch's own, and grow itself
  const entries = added(live.entries, entry);
  if (entries === live.entries && entries.length === before) return buffer;
  const segments = [...buffer.segments.filter((segment) => segment !== live), { ...live, entries }];
  return counted({ ...buffer, segments }, entry, read);
}

function counted(buffer: Buffer, entry: Entry, read: boolean): Buffer {
  if (!countsAsUnread(entry) || entry.time <= buffer.readUpTo) return buffer;
  if (entry.mine || read) return { ...buffer, readUpTo: entry.time };
  return {
    ...buffer,
    unread: buffer.unread + 1,
    mentions: buffer.mentions + Number(entry.mention || buffer.kind === "talk"),
  };
}

function countsAsUnread(entry: Entry): entry is Message {
  return entry.what === "message" && !entry.redacted;
}

/** Unread counts afresh, after a page of history or a marker from another device. */
export function recounted(buffer: Buffer, readUpTo: number): Buffer {
  let unread = 0;
  let mentioned = 0;
  for (const segment of buffer.segments) {
    for (let index = segment.entries.length - 1; index >= 0; index--) {
      const entry = segment.entries[index] as Entry;
      if (entry.time <= readUpTo) break;
      if (!countsAsUnread(entry) || entry.mine) continue;
      unread += 1;
      mentioned += Number(entry.mention || buffer.kind === "talk");
    }
  }
  return { ...buffer, readUpTo, unread, mentions: mentioned };
}

export function allRead(buffer: Buffer): Buffer {
  const newest = buffer.segments.at(-1)?.entries.findLast((entry) => entry.what === "message")?.time ?? 0;
  const readUpTo = Math.max(buffer.readUpTo, newest);
  return buffer.unread === 0 && readUpTo === buffer.readUpTo
    ? buffer
    : { ...buffer, unread: 0, mentions: 0, readUpTo };
}

export function oldestOf(segment: Segment): Message | undefined {
  return segment.entries.find(
    (entry): entry is Message => entry.what === "message" && !entry.id.startsWith("~"),
  );
}

export function newestOf(segment: Segment): Message | undefined {
  return segment.entries.findLast(
    (entry): entry is Message => entry.what === "message" && !entry.id.startsWith("~"),
  );
}
