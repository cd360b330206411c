/*
 * What is on the screen, as values: one page of them.
 * What belongs here: shapes. What must not: how they change (`reduce.ts` and its neighbours).
 */

import type { Values } from "../irc/capabilities";
import type { Isupport } from "../irc/isupport";

/** Where a model's words come from (docs/extensions/stream.md, "provenance"). */
export interface Provenance {
  model?: string;
  provider?: string;
  fallback?: string;
  tokensIn?: number;
  tokensOut?: number;
  cost?: string;
  askedBy?: string;
  tools?: readonly string[]; // that were called for it
}

export interface Message {
  what: "message";
  id: string; // msgid; begins with "~" where the server gave none
  time: number;
  kind: "say" | "act" | "notice";
  nick: string;
  account: string | null;
  bot: boolean;
  mine: boolean;
  mention: boolean;
  text: string;
  replyTo: string | null;
  nonce: string | null; // our own mark, by which a send is recognised in the history
  provenance: Provenance | null;
  growing: boolean;
  ended: "stopped" | "incomplete" | null;
  partial: boolean; // we left before its end: the history knows more
  reactions: Readonly<Record<string, readonly string[]>> | null;
  redacted: { by: string; reason: string } | null;
}

export interface Happening {
  what: "happening";
  id: string;
  time: number;
  kind: "join" | "part" | "quit" | "kick" | "nick" | "topic" | "mode" | "told" | "error";
  nick: string;
  other: string; // whoever else it concerns: kicked, new nick
  text: string;
}

export type Entry = Message | Happening;

/** A stretch of talk without gaps. */
export interface Segment {
  entries: readonly Entry[];
  atStart: boolean; // nothing was said before it
  live: boolean; // what is said now is added to it
}

/** Something we said and have not heard back. */
export interface Pending {
  nonce: string;
  label: string;
  text: string;
  action: boolean;
  replyTo: string | null;
  time: number;
  state: "sending" | "unsure" | "unsent" | "refused";
  why: string;
}

export interface Member {
  nick: string;
  symbols: string;
}

export interface Buffer {
  key: string;
  name: string;
  kind: "room" | "talk" | "server";
  joined: boolean;
  entering: boolean; // asked to be let in, and not answered
  topic: string;
  topicBy: string | null;
  modes: string;
  members: ReadonlyMap<string, Member>;
  segments: readonly Segment[]; // in the order of time; the last one is live while we are there
  viewing: string | null; // id of an entry in the segment that is looked at; null for the present
  pending: readonly Pending[];
  unread: number;
  mentions: number;
  readUpTo: number;
  markerAt: number; // where the line "new" stands while the buffer is looked at
  typing: Readonly<Record<string, number>>; // nick to when it is over
  loading: "before" | "after" | "latest" | "around" | null;
  target: string | null; // entry to be brought into view
  masks: Readonly<Record<string, readonly { mask: string; by: string; at: number }[]>>;
  muted: boolean;
}

export interface User {
  nick: string;
  account: string | null;
  bot: boolean;
  away: string | null;
  oper: boolean;
  avatar: string | null;
  displayName: string | null;
  pronouns: string | null;
  status: string | null;
}

/** Which operator of the server one is, and what one may do as such. */
export interface Operator {
  name: string;
  title: string;
  rights: readonly string[];
}

export type Phase = "out" | "connecting" | "registering" | "ready" | "waiting";

export interface Connection {
  phase: Phase;
  retryAt: number | null;
  attempt: number;
  error: { reason: string; code: string; text: string } | null;
  everReady: boolean;
}

export interface Growing {
  nick: string;
  buffer: string;
  id: string;
  begun: boolean; // its first piece is there
}

export interface Listing {
  rooms: readonly { room: string; members: number; topic: string }[];
  done: boolean;
}

export interface Settings {
  theme: "auto" | "light" | "dark";
  language: "auto" | "en" | "es";
  arrivals: boolean; // show who comes and goes
  sound: boolean;
  notify: boolean;
  density: "roomy" | "tight";
  pictures: boolean; // fetch people's pictures from other servers
}

/** A word that passes; an invitation stays until it is followed or put away. */
export interface Notice {
  id: number;
  text: string;
  error: boolean;
  invitation?: { by: string; room: string };
  invited?: string; // whom we have invited
}

export interface State {
  connection: Connection;
  nick: string;
  account: string | null;
  operator: Operator | null;
  away: boolean;
  capabilities: readonly string[];
  values: Values;
  tokens: Isupport;
  buffers: Readonly<Record<string, Buffer>>;
  active: string | null;
  users: ReadonlyMap<string, User>;
  streams: Readonly<Record<string, Growing>>;
  listing: Listing | null;
  found: readonly import("../irc/events").Said[] | null;
  whois: Readonly<Record<string, string>> | null;
  notices: readonly Notice[];
  looking: boolean; // the page is visible and has the focus
  atEnd: boolean; // the newest message is in view
  settings: Settings;
  replyTo: string | null;
  count: number; // for ids of our own
}
