/*
 * What the state can be told besides the server's events: what the person here does, and what the browser reports.
 * What belongs here: shapes. What must not: doing (`app/`).
 */

import type { LinkReport } from "../connection/link";
import type { Event, Said } from "../irc/events";
import type { Where } from "./segments";
import type { Entry, Operator, Pending, Settings } from "./types";

export type Action =
  | Event
  | { type: "link"; report: LinkReport }
  | { type: "started"; nick: string }
  | { type: "leftHouse" }
  | { type: "opened"; name: string }
  | { type: "closedBuffer"; key: string }
  | { type: "restored"; name: string; entries: readonly Entry[]; readUpTo: number; muted: boolean }
  | { type: "entering"; keys: readonly string[] }
  | { type: "requested"; key: string; loading: "before" | "after" | "latest" | "around" | null }
  | { type: "page"; key: string; page: readonly Said[]; where: Where; view: string | null }
  | { type: "viewed"; key: string; id: string | null; target: string | null }
  | { type: "sent"; key: string; pending: Pending }
  | { type: "resent"; key: string; nonce: string; label: string }
  | { type: "unsent"; key: string }
  | { type: "dismissed"; key: string; nonce: string }
  | { type: "looking"; looking: boolean; atEnd: boolean }
  | { type: "read"; key: string }
  | { type: "replying"; id: string | null }
  | { type: "settings"; settings: Partial<Settings> }
  | { type: "listing" }
  | { type: "searching"; found: readonly Said[] | null }
  | { type: "closeWhois" }
  | { type: "notice"; text: string; error: boolean }
  | { type: "noticeGone"; id: number }
  | { type: "operatorIs"; operator: Operator | null }
  | { type: "muted"; key: string; muted: boolean }
  | { type: "tick"; now: number };
