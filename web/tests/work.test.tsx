// @vitest-environment happy-dom
/* How much is done for how little that changed: copies, comparisons and drawings, counted. No clock is asked. */

import { options, render, type VNode } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Deeds } from "../src/app/deeds";
import { House } from "../src/app/house";
import { Store } from "../src/app/store";
import { ToolsContext, type Tools } from "../src/components/context";
import { Log } from "../src/components/Log";
import { rollOf, type Standing } from "../src/components/roll";
import { away } from "../src/components/rows";
import type { Event, Said } from "../src/irc/events";
import type { Action } from "../src/state/actions";
import { liveOf } from "../src/state/buffers";
import { initial } from "../src/state/common";
import { reduceAll } from "../src/state/reduce";
import { union } from "../src/state/segments";
import type { Entry, Happening, Member, Message, State, User } from "../src/state/types";

vi.setConfig({ testTimeout: 120_000 }); // a slow machine counts the same

const ROOM = "#sala";
const said = (number: number, more: Partial<Said> = {}): Action => ({
  type: "said",
  time: number,
  said: {
    id: `m${String(number).padStart(6, "0")}`,
    time: number,
    nick: `n${number % 3}`,
    account: null,
    bot: false,
    kind: "say",
    target: ROOM,
    text: `mensaje ${number}`,
    tags: {},
    fromServer: false,
    ...more,
  },
});
const many = <T,>(count: number, make: (number: number) => T): T[] =>
  Array.from({ length: count }, (_, number) => make(number));
const quit = (number: number): Action => ({ type: "quit", time: 9_000_000, nick: `m${number}`, reason: "" });
const inRoom = (...more: Action[]): State =>
  reduceAll({ ...initial(), nick: "ana" }, [
    { type: "registered", time: 1, nick: "ana" },
    { type: "join", time: 1, room: ROOM, nick: "ana", account: null, bot: false, mine: true },
    ...more,
  ]);
const entriesOf = (state: State): readonly Entry[] => liveOf(state.buffers[ROOM]!)?.entries ?? [];

describe("a batch", () => {
  /** A map that knows how often all of it was read. */
  class Counted<K, V> extends Map<K, V> {
    readings = 0;
    override [Symbol.iterator]() {
      this.readings += 1;
      return super[Symbol.iterator]();
    }
  }
  const crowd = (count: number): [State, Counted<string, Member>] => {
    const members = new Counted(
      many(count, (number): [string, Member] => [`m${number}`, { nick: `m${number}`, symbols: "" }]),
    );
    const state = inRoom(said(5));
    members.readings = 0;
    return [{ ...state, buffers: { [ROOM]: { ...state.buffers[ROOM]!, members } } }, members];
  };

  test("of a thousand that leave copies the list of members once", () => {
    const [state, members] = crowd(2_000);
    const after = reduceAll(state, many(1_000, quit));
    expect(after.buffers[ROOM]?.members.size).toBe(1_000);
    expect(members.readings).toBe(1);
  });

  test("leaves what was before as it was", () => {
    const [state, members] = crowd(20);
    const before = entriesOf(state);
    const after = reduceAll(state, [...many(10, quit), said(9_000_001), said(9_000_001, { id: "x" })]);
    expect([members.size, before.length]).toEqual([20, 1]);
    expect([after.buffers[ROOM]?.members.size, entriesOf(after).length]).toEqual([10, 13]);
    const again = reduceAll(after, [said(9_000_002), quit(15)]);
    expect([after.buffers[ROOM]?.members.size, entriesOf(after).length]).toEqual([10, 13]);
    expect([again.buffers[ROOM]?.members.size, entriesOf(again).length]).toEqual([9, 15]);
  });

  test("of a hundred messages, and of a hundred pieces of a stream, copies the talk once", () => {
    const state = inRoom(...many(5_000, (number) => said(number)));
    const slice = vi.spyOn(Array.prototype, "slice");
    const copies = () =>
      slice.mock.contexts.filter((list) => Array.isArray(list) && list.length >= 5_000).length;
    const opening = said(6_000, { bot: true, text: "" }) as Extract<Action, { type: "said" }>;
    const open = reduceAll(state, [
      ...many(100, (number) => said(5_000 + number)),
      { type: "streamOpen", time: 6_000, reference: "s", said: opening.said },
    ]);
    expect(copies()).toBe(1);
    const piece = { type: "streamPiece", time: 6_000, reference: "s", text: "a", concat: true } as const;
    const after = reduceAll(
      open,
      many(100, () => piece),
    );
    expect(copies()).toBe(2);
    slice.mockRestore();
    expect((entriesOf(after).at(-1) as Message).text).toBe("a".repeat(100));
  });

  test("a renamed member keeps its rank", () => {
    const state = inRoom({ type: "names", time: 2, room: ROOM, members: [{ nick: "o", symbols: "@" }] });
    const rename = (nick: string, next: string): Action => ({
      type: "nick",
      time: 3,
      nick,
      next,
      mine: false,
    });
    const after = reduceAll(state, [rename("o", "p"), rename("p", "q")]);
    expect([...after.buffers[ROOM]!.members.values()]).toEqual([{ nick: "q", symbols: "@" }]);
  });
});

test("pages that touch are compared only where they overlap", () => {
  let readings = 0;
  const entry = (time: number, id: string) => ({
    what: "message",
    time,
    get id() {
      readings += 1;
      return id;
    },
  });
  const page = many(100, (number) => entry(number, `a${number}`)) as unknown as Entry[];
  const held = [entry(99, "a99"), ...many(20_000, (number) => entry(100 + number, `b${number}`))];
  expect(union(page, held as unknown as Entry[]).length).toBe(20_100);
  expect(readings).toBeLessThan(50);
});

describe("the roll of ten thousand", () => {
  let compared = 0;
  const members = new Map(
    many(10_000, (number): [string, Member] => [`m${number}`, { nick: `m${number}`, symbols: "" }]),
  );
  const counted = (): Standing[] =>
    rollOf(members, new Map(), []).map((one) => ({
      key: one.key,
      member: one.member,
      user: one.user,
      get rank() {
        compared += 1;
        return one.rank;
      },
    }));
  const user = { bot: false, away: "" } as User;

  test("is in the order of ranks, then of names", () => {
    const some = new Map<string, Member>([
      ["b", { nick: "b", symbols: "" }],
      ["o", { nick: "o", symbols: "@" }],
      ["a", { nick: "a", symbols: "" }],
      ["z", { nick: "z", symbols: "" }],
    ]);
    const users = new Map<string, User>([["z", { ...user, bot: true }]]);
    const keys = (roll: readonly Standing[]) => roll.map(({ key }) => key).join("");
    const roll = rollOf(some, users, []);
    expect(keys(roll)).toBe("zoab");
    some.set("b", { nick: "b", symbols: "@" }).delete("o");
    some.set("c", { nick: "c", symbols: "" });
    expect(keys(rollOf(new Map(some), users, roll))).toBe("zbac");
  });

  test("is not put in order again when one is told to be away, or leaves", () => {
    const before = counted();
    compared = 0;
    const told = rollOf(members, new Map([["m77", user]]), before);
    expect(told.filter((one, index) => one !== before[index]).map(({ key }) => key)).toEqual(["m77"]);
    const fewer = new Map(members);
    fewer.delete("m5");
    expect(rollOf(fewer, new Map(), before).length).toBe(9_999);
    expect(compared).toBeLessThan(10);
  });

  test("takes one more by passing once over it", () => {
    const before = counted();
    compared = 0;
    const more = new Map(members).set("m5000a", { nick: "m5000a", symbols: "" });
    const roll = rollOf(more, new Map(), before);
    expect(roll.map(({ key }) => key)).toEqual([...more.keys()].sort());
    expect(compared).toBeLessThanOrEqual(10_000);
  });
});

describe("the window", () => {
  const leave = (number: number) =>
    ({ what: "happening", kind: "quit", id: `~${number}`, time: 500 }) as Happening;
  const talk = (number: number) => ({ what: "message", id: String(number), time: number }) as Message;
  const entries: Entry[] = [...many(100, talk), ...many(1_000, leave), ...many(10, talk)];

  test("is measured in rows: a thousand that left are one, or none", () => {
    expect(away(entries, entries.length, -10, true)).toBe(1_100);
    expect(away(entries, entries.length, -12, true)).toBe(99);
    expect(away(entries, entries.length, -12, false)).toBe(98);
    expect(away(entries, 90, 12, true)).toBe(1_101);
    expect([away(entries, 5, -70, true), away(entries, 1_105, 70, true)]).toEqual([0, entries.length]);
  });
});

describe("drawing", () => {
  let drawn: string[] = [];
  const hooks = options as { __r?: (vnode: VNode) => void };
  const before = hooks.__r;
  beforeEach(() => {
    drawn = [];
    hooks.__r = (vnode) => {
      before?.(vnode);
      if (typeof vnode.type === "function") drawn.push(vnode.type.name);
    };
  });
  afterEach(async () => {
    if (before) hooks.__r = before;
    else delete hooks.__r;
    vi.useRealTimers();
    await vi.dynamicImportSettled();
  });
  const times = (name: string) => drawn.filter((one) => one === name).length;
  const shown = async (state: State, frames = 20) => {
    vi.useFakeTimers();
    const store = new Store(state);
    const house = { store, more: () => undefined, jump: () => undefined } as unknown as House;
    const tools: Tools = { house, deeds: {} as Deeds, show: () => undefined, mention: () => undefined };
    const place = document.createElement("div");
    const pick = () => undefined;
    await act(() =>
      render(
        <ToolsContext.Provider value={tools}>
          <Log buffer={ROOM} onPick={pick} />
        </ToolsContext.Provider>,
        place,
      ),
    );
    const first = times("Content");
    for (let frame = 0; frame < frames; frame++) await act(() => void vi.advanceTimersToNextFrame());
    return { store, place, first };
  };
  const rows = (place: Element) => place.querySelectorAll("article.message").length;
  const gone = (place: Element) => void act(() => render(null, place));

  test("a room that is opened draws a screen at first, the rest in the frames after", async () => {
    const { place, first } = await shown(inRoom(...many(3_000, (number) => said(number))));
    expect([first, rows(place), times("Content")]).toEqual([30, 150, 150]);
    gone(place);
  });

  test("at the end, what comes is drawn, though the window is short and is scrolled", async () => {
    const { store, place } = await shown(inRoom(...many(3_000, (number) => said(number))), 1);
    for (let number = 3_000; number < 3_005; number++) {
      await act(() => void place.querySelector(".log")?.dispatchEvent(new globalThis.Event("scroll")));
      await act(() => store.dispatch(said(number)));
      expect([...place.querySelectorAll(".content")].at(-1)?.textContent).toBe(`mensaje ${number}`);
    }
    gone(place);
  });

  test("one message more draws one message", async () => {
    const { store, place } = await shown(inRoom(...many(3_000, (number) => said(number))));
    drawn = [];
    await act(() => store.dispatch(said(3_000)));
    expect([times("Content"), rows(place)]).toEqual([1, 150]);
    gone(place);
  });

  test("a piece of a stream draws the block that grows", async () => {
    const text = many(50, (number) => `párrafo ${number}\n\n`).join("");
    const opening = said(3_000, { bot: true, text: "" }) as Extract<Action, { type: "said" }>;
    const { store, place } = await shown(
      inRoom(
        ...many(200, (number) => said(number)),
        { type: "streamOpen", time: 3_000, reference: "s", said: opening.said },
        { type: "streamPiece", time: 3_000, reference: "s", text: `${text}fin`, concat: true },
      ),
    );
    drawn = [];
    for (let piece = 0; piece < 5; piece++)
      await act(() =>
        store.dispatch({ type: "streamPiece", time: 3_000, reference: "s", text: " más", concat: true }),
      );
    expect([times("Content"), times("Markdown")]).toEqual([5, 5]);
    expect(times("OneBlock")).toBe(5);
    expect(place.querySelectorAll(".markdown p").length).toBe(51);
    gone(place);
  });
});

test("a flood is taken in parts, one a frame", () => {
  vi.useFakeTimers();
  const house = new House({ network: "t", room: ROOM, url: "ws://127.0.0.1:1/irc" });
  house.store.state = inRoom();
  let changes = 0;
  house.store.subscribe(() => (changes += 1));
  const told = (house as unknown as { told: (event: Event) => void }).told.bind(house);
  for (const one of many(1_000, (number) => said(number))) told(one as Event);
  expect(changes).toBe(0);
  const seen: number[] = [];
  for (let frame = 0; frame < 3; frame++) {
    vi.advanceTimersToNextFrame();
    seen.push(entriesOf(house.store.state).length);
  }
  expect([seen, changes]).toEqual([[400, 800, 1_000], 3]);
  vi.clearAllTimers();
  vi.useRealTimers();
});
