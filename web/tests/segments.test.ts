/* Stretches of talk: no gaps, no repeats, in order, whatever comes when. */

import { describe, expect, test } from "vitest";
import { added, cutOff, EMPTY, placed, union } from "../src/state/segments";
import type { Entry, Message, Segment } from "../src/state/types";

const entry = (number: number, more: Partial<Message> = {}): Entry => ({
  what: "message",
  id: number.toString(16).padStart(8, "0"),
  time: number * 10,
  kind: "say",
  nick: "b",
  account: null,
  bot: false,
  mine: false,
  mention: false,
  text: String(number),
  replyTo: null,
  nonce: null,
  provenance: null,
  growing: false,
  ended: null,
  partial: false,
  reactions: null,
  redacted: null,
  ...more,
});
const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => entry(from + index));
const numbers = (segment: Segment | undefined) => segment?.entries.map((one) => one.time / 10) ?? [];
const count = (from: number, to: number) => range(from, to).map((one) => one.time / 10);

describe("placed", () => {
  test("the newest page and what was said meanwhile become one, each once", () => {
    const live = { ...EMPTY, entries: range(9, 11) };
    const segments = placed([live], range(5, 10), { mode: "latest" });
    expect(segments.map(numbers)).toEqual([count(5, 11)]);
  });

  test("after a short absence the past and the present meet", () => {
    const past = cutOff([{ ...EMPTY, entries: range(1, 8) }]);
    const segments = placed([...past, { ...EMPTY, entries: range(12, 12) }], range(6, 12), {
      mode: "latest",
    });
    expect(segments.map(numbers)).toEqual([count(1, 12)]);
    expect(segments[0]?.live).toBe(true);
  });

  test("after a long one there is a gap, which is filled from the present backwards", () => {
    const past = cutOff([{ ...EMPTY, entries: range(1, 3) }]);
    let segments = placed([...past, EMPTY], range(10, 12), { mode: "latest" });
    expect(segments.map(numbers)).toEqual([count(1, 3), count(10, 12)]);
    segments = placed(segments, range(6, 9), { mode: "before", id: entry(10).id });
    segments = placed(segments, range(2, 5), { mode: "before", id: entry(6).id });
    expect(segments.map(numbers)).toEqual([count(1, 12)]);
  });

  test("a jump far back stands alone until it is read up to the present", () => {
    let segments = placed([{ ...EMPTY, entries: range(100, 105) }], range(10, 14), { mode: "around" });
    expect(segments.map(numbers)).toEqual([count(10, 14), count(100, 105)]);
    segments = placed(segments, range(15, 99), { mode: "after", id: entry(14).id });
    expect(segments.map(numbers)).toEqual([count(10, 99), count(100, 105)]);
    segments = placed(segments, range(100, 103), { mode: "after", id: entry(99).id });
    expect(segments.map(numbers)).toEqual([count(10, 105)]);
    expect(segments[0]?.live).toBe(true);
  });

  test("an empty page says that one side has ended", () => {
    const segments = placed([{ ...EMPTY, entries: range(5, 6) }], [], { mode: "before", id: entry(5).id });
    expect(segments[0]?.atStart).toBe(true);
    const joined = placed([{ entries: range(1, 2), atStart: true, live: false }, EMPTY], [], {
      mode: "after",
      id: entry(2).id,
    });
    expect(joined).toEqual([{ entries: range(1, 2), atStart: true, live: true }]);
  });

  test("a stream whose end was missed is replaced by what the history has", () => {
    const broken = entry(3, { partial: true, ended: "incomplete", text: "a medi" });
    const segments = placed(
      cutOff([{ ...EMPTY, entries: [...range(1, 2), broken] }]).concat(EMPTY),
      range(2, 4),
      { mode: "latest" },
    );
    expect(segments[0]?.entries.find((one) => one.time === 30)).toMatchObject({ text: "3", ended: null });
  });
});

test("added: at its place by time and id, once", () => {
  const entries = [entry(1), entry(3)];
  expect(added(entries, entry(2)).map((one) => one.time)).toEqual([10, 20, 30]);
  expect(added(entries, entry(3))).toBe(entries);
  const same = added([entry(1), { ...entry(5), time: 30, id: "00000005" }], {
    ...entry(4),
    time: 30,
    id: "00000004",
  });
  expect(same.map((one) => one.id)).toEqual(["00000001", "00000004", "00000005"]);
});

test("union: any two overlapping stretches, in any order, make the whole", () => {
  for (let from = 1; from <= 12; from++) {
    expect(union(range(1, 12), range(from, from + 8)).map((one) => one.time)).toEqual(
      range(1, Math.max(12, from + 8)).map((one) => one.time),
    );
    expect(union(range(from, from + 8), range(1, 12)).map((one) => one.time)).toEqual(
      range(1, Math.max(12, from + 8)).map((one) => one.time),
    );
  }
});

test("a hundred thousand entries take another by looking at few of them", () => {
  let looks = 0;
  const counted = (one: Entry): Entry =>
    Object.defineProperty({ ...one }, "time", { enumerable: true, get: () => (looks++, one.time) });
  let entries: readonly Entry[] = range(1, 100_000).map(counted);
  for (let number = 0; number < 50; number++) entries = added(entries, entry(100_001 + number));
  entries = added(entries, { ...entry(50_000), id: "99999999", time: entry(50_000).time + 1 });
  expect(entries.length).toBe(100_051);
  expect(looks).toBeLessThan(51 * 100);
});
