/*
 * From entries to rows: days, what is new, who goes on speaking, comings and goings gathered.
 * What belongs here: pure functions. What must not: drawing (`Log.tsx`, `Message.tsx`).
 */

import type { Entry, Happening, Message, Pending } from "../state/types";
import { dayNumber } from "../words";
import { approvalAt, type Approval } from "./approvals";
import { roundAt, type Round } from "./rounds";

export type Row =
  | { kind: "day"; key: string; time: number }
  | { kind: "new"; key: string }
  | { kind: "message"; key: string; message: Message; head: boolean }
  | { kind: "round"; key: string; round: Round }
  | { kind: "approval"; key: string; approval: Approval }
  | { kind: "happening"; key: string; happenings: Happening[] };

const GROUP_MS = 5 * 60_000; // after so long a speaker is named again
const ARRIVALS = new Set<Happening["kind"]>(["join", "part", "quit"]);

const REACH = 5_000; // entries that a step may pass over, however many of them make one row

const isArrival = (entry: Entry | undefined) => entry?.what === "happening" && ARRIVALS.has(entry.kind);

/** The place some rows away from `at`, before it when `rows` is negative: a thousand arrivals are one row, or none. */
export function away(entries: readonly Entry[], at: number, rows: number, arrivals: boolean): number {
  const step = Math.sign(rows);
  const end = Math.max(0, Math.min(entries.length, at + step * REACH));
  let left = Math.abs(rows);
  let gathered = false;
  while (at !== end && left > 0) {
    const arrival = isArrival(entries[step < 0 ? at - 1 : at]);
    if (!arrival || (arrivals && !gathered)) left -= 1;
    gathered = arrival;
    at += step;
  }
  return at;
}

/** Rows for entries `from` up to `to`; `markerAt` is the time up to which things were read. */
export function rowsOf(
  entries: readonly Entry[],
  from: number,
  to: number,
  markerAt: number,
  arrivals: boolean,
): Row[] {
  const rows: Row[] = [];
  const told = new Set<Entry>(); // in a row that gathers several
  for (let index = from; index < to; index++) {
    const entry = entries[index] as Entry;
    if (told.has(entry)) continue;
    if (!arrivals && isArrival(entry)) continue;
    const before = entries[index - 1];
    if (!before || dayNumber(before.time) !== dayNumber(entry.time))
      rows.push({ kind: "day", key: `d${dayNumber(entry.time)}-${entry.id}`, time: entry.time });
    if (isFirstNew(entry, before, markerAt)) rows.push({ kind: "new", key: `n${entry.id}` });
    const gathered = gatheredAt(entries, index, to);
    if (gathered) {
      rows.push(gathered.row);
      for (const one of gathered.entries) told.add(one);
      continue;
    }
    const last = rows.at(-1);
    if (entry.what === "message")
      rows.push({ kind: "message", key: entry.id, message: entry, head: !follows(entry, last) });
    else if (
      last?.kind === "happening" &&
      ARRIVALS.has(entry.kind) &&
      ARRIVALS.has(last.happenings[0]?.kind ?? "told")
    )
      last.happenings.push(entry);
    else rows.push({ kind: "happening", key: entry.id, happenings: [entry] });
  }
  return rows;
}

/** What is one thing, though several messages tell of it: a round, a call that waits for a word. */
function gatheredAt(
  entries: readonly Entry[],
  index: number,
  to: number,
): { row: Row; entries: readonly Entry[] } | null {
  const entry = entries[index] as Entry;
  if (entry.what !== "message" || !entry.bot) return null;
  if (entry.kind === "notice") {
    const approval = approvalAt(entries, index);
    return approval && { row: { kind: "approval", key: `a${entry.id}`, approval }, entries: approval.pieces };
  }
  const round = roundAt(entries, index, to);
  return (
    round && {
      row: { kind: "round", key: `r${round.replyTo}`, round },
      entries: [...round.answers, round.closing, ...round.summary],
    }
  );
}

function isFirstNew(entry: Entry, before: Entry | undefined, markerAt: number): boolean {
  return (
    markerAt > 0 &&
    entry.what === "message" &&
    !entry.mine &&
    entry.time > markerAt &&
    (before?.time ?? Infinity) <= markerAt
  );
}

function follows(message: Message, row: Row | undefined): boolean {
  return !message.bot && message.kind === "say" && !message.replyTo && goesOn(message, row);
}

/** Whether this speaker has just spoken in this row, and need not be named again. */
function goesOn({ nick, time }: Pick<Message, "nick" | "time">, row: Row | undefined): boolean {
  if (row?.kind !== "message") return false;
  const other = row.message;
  return other.nick === nick && other.kind === "say" && !other.redacted && time - other.time < GROUP_MS;
}

/** Which of those that we have not heard back name us, as they will once they are heard: nothing moves then. */
export function pendingHeads(rows: readonly Row[], pending: readonly Pending[], me: string): boolean[] {
  return pending.map(({ action, replyTo, time }, index) => {
    if (action || replyTo !== null) return true;
    const before = pending[index - 1];
    return before ? before.action : !goesOn({ nick: me, time }, rows.at(-1));
  });
}

/** `+ana -berto`: who came and who left, each once; who did both is left out. */
export function arrivalsOf(happenings: readonly Happening[]): { came: string[]; left: string[] } {
  const net = new Map<string, number>();
  for (const { nick, kind } of happenings) net.set(nick, (net.get(nick) ?? 0) + (kind === "join" ? 1 : -1));
  return {
    came: [...net].filter(([, sum]) => sum > 0).map(([nick]) => nick),
    left: [...net].filter(([, sum]) => sum < 0).map(([nick]) => nick),
  };
}
