/* The connection: when it is taken for dead, and when it is not. */

import { beforeEach, expect, test } from "vitest";
import { Link, waitBefore, type LinkReport, type World } from "../src/connection/link";

class Wire {
  readyState = 0;
  sent: string[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  send(line: string): void {
    this.sent.push(line);
  }
  close(): void {
    this.readyState = 3;
  }
  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  hear(line: string): void {
    this.onmessage?.({ data: line });
  }
}

let now: number;
let timers: Map<number, { at: number; run: () => void }>;
let wires: Wire[];
let reports: LinkReport["state"][];
let link: Link;

const wire = () => wires.at(-1) as Wire;

/** Time goes on by `milliseconds`; timers run in their order, at the multiples of `grain` that follow their time. */
function pass(milliseconds: number, grain = 1): void {
  const end = now + milliseconds;
  for (;;) {
    const due = [...timers].map(([id, one]) => ({ id, ...one, at: Math.ceil(one.at / grain) * grain }));
    const next = due.sort((a, b) => a.at - b.at)[0];
    if (!next || next.at > end) break;
    now = Math.max(now, next.at);
    timers.delete(next.id);
    next.run();
  }
  now = end;
}

beforeEach(() => {
  now = 0;
  timers = new Map();
  wires = [];
  reports = [];
  let ids = 0;
  const world: World = {
    now: () => now,
    random: () => 1,
    after: (milliseconds, run) => {
      timers.set((ids += 1), { at: now + milliseconds, run });
      return ids;
    },
    cancel: (timer) => void timers.delete(timer),
    socket: () => {
      wires.push(new Wire());
      return wire() as unknown as WebSocket;
    },
  };
  link = new Link(
    "ws://here",
    () => undefined,
    () => undefined,
    (report) => reports.push(report.state),
    world,
  );
  link.open();
  wire().open();
});

test("a silent server is asked, and lost when it does not answer", () => {
  pass(31_000);
  expect(wire().sent).toEqual(["PING :web"]);
  wire().hear("PONG");
  pass(31_000);
  expect(wire().sent).toEqual(["PING :web", "PING :web"]);
  pass(16_000);
  expect(reports).toContain("waiting");
});

test("a page that nobody looks at, whose timers run once a minute, keeps its connection", () => {
  for (let minute = 1; minute <= 60; minute++) {
    pass(60_000, 60_000);
    const asked = wire().sent.length;
    if (asked === minute) wire().hear("PONG"); // the answer comes at once, as messages do
  }
  expect(wires).toHaveLength(1);
  expect(reports).toEqual(["connecting", "open"]);
});

test("who comes back after a sleep learns in seconds that the connection is dead", () => {
  now += 8 * 3_600_000; // no timer ran
  link.hurry();
  link.hurry(); // focus and visibility tell it both
  expect(wire().sent).toEqual(["PING :web"]);
  pass(4_000);
  expect(reports.at(-1)).toBe("waiting");
  pass(1_000);
  expect(wires).toHaveLength(2);
});

test("who comes back to a living connection keeps it", () => {
  pass(10_000);
  link.hurry();
  wire().hear("PONG");
  pass(20_000);
  expect(reports).toEqual(["connecting", "open"]);
  link.hurry();
  expect(wire().sent).toHaveLength(2);
});

test("a connection that never opens is given up, and tried again at once when somebody looks", () => {
  link.close();
  link.open();
  pass(12_000);
  expect(reports.at(-1)).toBe("waiting");
  link.hurry();
  expect(reports.at(-1)).toBe("connecting");
});

test("waits are doubled, bounded and spread", () => {
  expect([1, 2, 3].map((attempt) => waitBefore(attempt, 1))).toEqual([500, 1_000, 2_000]);
  expect(waitBefore(40, 1)).toBe(30_000);
  expect(waitBefore(40, 0)).toBe(15_000);
});
