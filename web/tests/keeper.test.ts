// @vitest-environment happy-dom
/* How far one has read: told to the server when it can hear it, and again when it may not have. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { House } from "../src/app/house";
import { Keeper } from "../src/app/keeper";
import { Store } from "../src/app/store";
import type { Action } from "../src/state/actions";
import { initial } from "../src/state/common";
import { reduceAll } from "../src/state/reduce";
import { said } from "./said";

const heard = (time: number): Action => ({ type: "said", time, said: said({ id: String(time), time }) });
const link = (state: "waiting" | "connecting" | "open"): Action => ({
  type: "link",
  report: { state, retryAt: null, attempt: 1 },
});
const ARRIVED: Action[] = [
  { type: "registered", time: 1, nick: "ana" },
  { type: "join", time: 1, room: "#sala", nick: "ana", account: null, bot: false, mine: true },
];

let marks: string[];
let store: Store;
let keeper: Keeper;

beforeEach(() => {
  vi.useFakeTimers();
  marks = [];
  store = new Store(reduceAll({ ...initial(), nick: "ana" }, ARRIVED));
  const send = (command: string, params: string[]) => command === "MARKREAD" && marks.push(params[1] ?? "");
  const protocol = { registered: true, has: () => true, send }; // of a connection that is lost it does not know
  keeper = new Keeper({ store, protocol } as unknown as House);
  store.subscribe(() => keeper.afterChange());
});
afterEach(() => {
  vi.clearAllTimers();
  vi.useRealTimers();
});

const mark = (time: number) => `timestamp=${new Date(time).toISOString()}`;
const pass = () => vi.advanceTimersByTime(1_000);

test("what was read shortly before the connection was lost is told to the next", () => {
  store.dispatch(heard(1_000));
  pass();
  expect(marks).toEqual([mark(1_000)]);
  store.dispatch(heard(2_000));
  store.dispatch(link("waiting"));
  pass();
  expect(marks).toHaveLength(1);
  store.dispatchAll([link("connecting"), link("open"), ...ARRIVED]);
  pass();
  expect(marks).toEqual([mark(1_000), mark(2_000)]);
});

test("what was told to a connection that broke then is told again", () => {
  store.dispatch(heard(1_000));
  pass();
  store.dispatch(link("waiting"));
  keeper.markAgain();
  store.dispatchAll([link("connecting"), link("open"), ...ARRIVED]);
  pass();
  expect(marks).toEqual([mark(1_000), mark(1_000)]);
});
