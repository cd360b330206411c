/*
 * What charts are made of: a bounded ring of the server's numbers, and series read out of it.
 * What belongs here: pure functions on samples. What must not: asking for them, drawing.
 */

import { numberOf, numberOrNull, textOf, type Facts } from "../../app/facts";

export const EVERY_MS = 2_000; // how often the server is asked while the page is open
export const KEPT = 150; // samples: five minutes
const LEAST_SPAN_MS = 30_000; // a chart is never narrower than that: two samples are no trend

export interface Sample {
  at: number; // milliseconds, of the server's clock
  up: number; // seconds
  store: string;
  gauges: Readonly<Record<string, number | null>>;
  totals: Readonly<Record<string, number>>;
}

export interface Point {
  at: number;
  value: number;
}

export function sampleOf(facts: Facts): Sample {
  const names = Object.keys(facts).filter((name) => typeof facts[name] === "number");
  const totals = names.filter((name) => name.endsWith("_total"));
  return {
    at: numberOf(facts, "at_ms"),
    up: numberOf(facts, "up_seconds"),
    store: textOf(facts, "store"),
    gauges: Object.fromEntries(
      names.filter((name) => !name.endsWith("_total")).map((name) => [name, numberOrNull(facts, name)]),
    ),
    totals: Object.fromEntries(totals.map((name) => [name, numberOf(facts, name)])),
  };
}

/** One more; the oldest leave. After a restart of the server the counters begin again, and so do we. */
export function added(ring: readonly Sample[], sample: Sample): readonly Sample[] {
  const last = ring.at(-1);
  if (!last) return [sample];
  if (sample.at <= last.at && sample.up >= last.up) return ring; // told twice
  if (sample.up < last.up) return [sample];
  return [...ring.slice(-(KEPT - 1)), sample];
}

export const gauge = (ring: readonly Sample[], name: string): Point[] =>
  ring.flatMap(({ at, gauges }) => {
    const value = gauges[name];
    return value === undefined || value === null ? [] : [{ at, value }];
  });

/** How fast a counter grew, a second, between each sample and the one before. */
export const rate = (ring: readonly Sample[], name: string): Point[] =>
  ring.slice(1).flatMap((sample, before) => {
    const [now, then] = [sample.totals[name], ring[before]?.totals[name]];
    const seconds = (sample.at - (ring[before]?.at ?? 0)) / 1_000;
    if (now === undefined || then === undefined || seconds <= 0) return [];
    return [{ at: sample.at, value: Math.max(0, (now - then) / seconds) }];
  });

/** Points as coordinates in a box; the newest at the right edge, nothing below the lower one. */
export function drawn(points: readonly Point[], width: number, height: number): [number, number][] {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return [];
  const span = Math.max(LEAST_SPAN_MS, last.at - first.at);
  const most = Math.max(...points.map((one) => one.value)) || 1;
  return points.map(({ at, value }) => [
    round(width - ((last.at - at) / span) * width),
    round(height - (value / most) * height),
  ]);
}

const round = (value: number) => Math.round(value * 100) / 100;
