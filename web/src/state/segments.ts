/*
 * Stretches of talk: adding what is said, fitting in pages of history, without gaps and without repeats.
 * What belongs here: pure functions on lists of entries. What must not: rooms, requests, drawing.
 */

import { ownList } from "./copies";
import type { Entry, Segment } from "./types";

export const EMPTY: Segment = { entries: [], atStart: false, live: true };

/** The order of entries: by time; within a millisecond, the server's ids are in its order. */
function before(a: Entry, b: Entry): boolean {
  if (a.time !== b.time) return a.time < b.time;
  return !a.id.startsWith("~") && !b.id.startsWith("~") && a.id.length === b.id.length && a.id < b.id;
}

/** Where the first entry stands that is not earlier than `time`. */
export function indexAt(entries: readonly Entry[], time: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle]?.time ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The place of an entry, or -1. Entries with one id have one time, so only that time is searched. */
export function indexOf(entries: readonly Entry[], id: string, time: number): number {
  for (let index = indexAt(entries, time); index < entries.length && entries[index]?.time === time; index++) {
    if (entries[index]?.id === id) return index;
  }
  return -1;
}

export function findById(segments: readonly Segment[], id: string): Entry | undefined {
  for (let one = segments.length - 1; one >= 0; one--) {
    const found = segments[one]?.entries.findLast((entry) => entry.id === id);
    if (found) return found;
  }
  return undefined;
}

export function segmentOf(segments: readonly Segment[], id: string): Segment | undefined {
  return segments.find((segment) => segment.entries.some((entry) => entry.id === id));
}

/** Behind all that is not later. */
function placeOf(entries: readonly Entry[], entry: Entry): number {
  let place = indexAt(entries, entry.time);
  while (entries[place]?.time === entry.time) place++;
  while (place > 0 && before(entry, entries[place - 1] as Entry)) place--;
  return place;
}

/** A new entry at its place, mostly the end. One that is there already is replaced only by a fuller one. */
export function added(entries: readonly Entry[], entry: Entry): readonly Entry[] {
  const known = indexOf(entries, entry.id, entry.time);
  if (known >= 0) return fuller(entry, entries[known]) ? entries.with(known, entry) : entries;
  const grown = ownList(entries);
  grown.splice(placeOf(entries, entry), 0, entry);
  return grown;
}

/** Whether what the history says is more than what we heard: a stream whose end we missed. */
function fuller(next: Entry, known: Entry | undefined): boolean {
  return known?.what === "message" && next.what === "message" && known.partial && !next.partial;
}

/** Two stretches as one, each entry once. Only where they overlap are entries compared. */
export function union(a: readonly Entry[], b: readonly Entry[]): readonly Entry[] {
  if (!a.length) return b;
  if (!b.length) return a;
  const [first, second] = before(b[0] as Entry, a[0] as Entry) ? [b, a] : [a, b];
  const from = indexAt(first, (second[0] as Entry).time);
  const to = indexAt(second, (first.at(-1) as Entry).time + 1);
  if (from === first.length) return [...first, ...second];
  return [...first.slice(0, from), ...merged(first.slice(from), second.slice(0, to)), ...second.slice(to)];
}

function merged(first: readonly Entry[], second: readonly Entry[]): readonly Entry[] {
  const found: Entry[] = [];
  const places = new Map<string, number>();
  let one = 0;
  let two = 0;
  while (one < first.length || two < second.length) {
    const takeSecond =
      one >= first.length || (two < second.length && before(second[two] as Entry, first[one] as Entry));
    const entry = (takeSecond ? second[two++] : first[one++]) as Entry;
    const place = places.get(entry.id);
    if (place === undefined) {
      places.set(entry.id, found.push(entry) - 1);
    } else if (fuller(entry, found[place])) {
      found[place] = entry;
    }
  }
  return found;
}

const first = (segment: Segment) => segment.entries[0]?.time ?? Infinity;
const last = (segment: Segment) => segment.entries.at(-1)?.time ?? -Infinity;

/** Neighbours that overlap become one. A live segment without entries overlaps nothing. */
function settled(segments: readonly Segment[]): readonly Segment[] {
  const sorted = segments
    .filter((segment) => segment.entries.length > 0 || segment.live)
    .sort((a, b) => Number(a.live) - Number(b.live) || first(a) - first(b));
  const kept: Segment[] = [];
  for (const segment of sorted) {
    const previous = kept.at(-1);
    if (previous && segment.entries.length && last(previous) >= first(segment))
      kept[kept.length - 1] = together(previous, segment);
    else kept.push(segment);
  }
  return kept;
}

function together(a: Segment, b: Segment): Segment {
  const atStart = first(a) <= first(b) ? a.atStart : b.atStart;
  return {
    entries: union(a.entries, b.entries),
    atStart: atStart || (a.atStart && b.atStart),
    live: a.live || b.live,
  };
}

export type Where =
  | { mode: "latest" } // contiguous with the present
  | { mode: "before"; id: string } // contiguous with that entry, and before it
  | { mode: "after"; id: string }
  | { mode: "around" };

/** A page of history in its place. An empty page says that there is nothing more on that side. */
export function placed(
  segments: readonly Segment[],
  page: readonly Entry[],
  where: Where,
): readonly Segment[] {
  const live = segments.find((segment) => segment.live) ?? EMPTY;
  const others = segments.filter((segment) => !segment.live);
  if (where.mode === "latest") {
    return settled([
      ...others,
      { ...live, entries: union(page, live.entries), atStart: live.atStart || page.length === 0 },
    ]);
  }
  if (where.mode === "around") return settled([...segments, { entries: page, atStart: false, live: false }]);
  const origin = segmentOf(segments, where.id);
  if (!origin) return segments;
  const rest = segments.filter((segment) => segment !== origin);
  if (where.mode === "before") {
    return settled([
      ...rest,
      { ...origin, entries: union(page, origin.entries), atStart: origin.atStart || page.length === 0 },
    ]);
  }
  if (page.length > 0) return settled([...rest, { ...origin, entries: union(origin.entries, page) }]);
  return origin.live
    ? segments
    : settled([
        ...others.filter((segment) => segment !== origin),
        { ...together(origin, live), live: live.live },
      ]);
}

/** The connection is gone: what comes next does not follow without a gap. */
export function cutOff(segments: readonly Segment[]): readonly Segment[] {
  return segments
    .filter((segment) => segment.entries.length > 0)
    .map((segment) => (segment.live ? { ...segment, live: false } : segment));
}

/** One entry changed in place, wherever it is. */
export function changed(
  segments: readonly Segment[],
  id: string,
  change: (entry: Entry) => Entry,
): readonly Segment[] {
  for (let one = segments.length - 1; one >= 0; one--) {
    const segment = segments[one] as Segment;
    const index = segment.entries.findLastIndex((entry) => entry.id === id);
    if (index >= 0) {
      const entries = ownList(segment.entries);
      entries[index] = change(entries[index] as Entry);
      return segments.with(one, { ...segment, entries });
    }
  }
  return segments;
}
