// @vitest-environment happy-dom
/* Where one stands in the talk: at its end or not, whatever comes in between. */

import { render } from "preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Deeds } from "../src/app/deeds";
import type { House } from "../src/app/house";
import { Store } from "../src/app/store";
import { ToolsContext, type Tools } from "../src/components/context";
import { Log } from "../src/components/Log";
import type { Action } from "../src/state/actions";
import { initial } from "../src/state/common";
import { reduceAll } from "../src/state/reduce";
import { said } from "./said";

const ROOM = "#sala";
const heard = (time: number, nick = "berto", label?: string): Action => ({
  type: "said",
  time,
  ...(label === undefined ? {} : { label }),
  said: said({ id: `m${time}`, time, nick, target: ROOM, text: `mensaje ${time}` }),
});
const sent = (label: string): Action => ({
  type: "sent",
  key: ROOM,
  pending: {
    nonce: `n${label}`,
    label,
    text: label,
    action: false,
    replyTo: null,
    time: 9_000,
    state: "sending",
    why: "",
  },
});

let place: HTMLElement;
let store: Store;

beforeEach(async () => {
  vi.useFakeTimers();
  place = document.body.appendChild(document.createElement("div"));
  store = new Store(
    reduceAll({ ...initial(), nick: "ana" }, [
      { type: "registered", time: 1, nick: "ana" },
      { type: "join", time: 1, room: ROOM, nick: "ana", account: null, bot: false, mine: true },
      ...Array.from({ length: 20 }, (_, number) => heard(100 + number)),
    ]),
  );
});
afterEach(() => {
  render(null, place);
  place.remove();
  vi.advanceTimersByTime(1_000);
  vi.useRealTimers();
});

async function open(): Promise<void> {
  const house = { store, more: () => undefined, jump: () => undefined } as unknown as House;
  const tools: Tools = { house, deeds: {} as Deeds, show: () => undefined, mention: () => undefined };
  render(
    <ToolsContext.Provider value={tools}>
      <Log buffer={ROOM} onPick={() => undefined} />
    </ToolsContext.Provider>,
    place,
  );
  await turns();
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

async function frames(): Promise<void> {
  await vi.advanceTimersByTimeAsync(300);
  await turns();
}

const jump = (id: string): Action => ({ type: "viewed", key: ROOM, id, target: id });
const toPresent = () => place.querySelectorAll(".to-present").length;

test("who opens a room at a message is not at its end", async () => {
  store.dispatch(jump("m103"));
  await open();
  await frames();
  expect([store.state.atEnd, toPresent()]).toEqual([false, 1]);
});

test("who goes back to the present before the next frame stays there", async () => {
  await open();
  await frames();
  store.dispatch(jump("m103"));
  await turns();
  store.dispatch({ type: "viewed", key: ROOM, id: null, target: null });
  await frames();
  expect([store.state.atEnd, toPresent()]).toEqual([true, 0]);
});

test("what one says brings one to the end, and what is then heard of it does not", async () => {
  await open();
  await frames();
  store.dispatch(sent("primero"));
  await turns();
  store.dispatch({ type: "looking", looking: true, atEnd: false });
  store.dispatch(sent("segundo"));
  await turns();
  expect(store.state.atEnd).toBe(true);
  store.dispatch({ type: "looking", looking: true, atEnd: false }); // scrolled up again
  store.dispatch(heard(9_100, "ana", "segundo"));
  await frames();
  expect([store.state.buffers[ROOM]?.pending.length, store.state.atEnd]).toEqual([1, false]);
});
