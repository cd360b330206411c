// @vitest-environment happy-dom
/* What must not wait for the next paint: what one types or presses before that is meant for what one sees then. Here no
 * frame is ever drawn, as on a machine that has much else to do. */

import { render } from "preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Deeds } from "../src/app/deeds";
import type { House } from "../src/app/house";
import { memory } from "../src/app/memory";
import { Store } from "../src/app/store";
import { Composer } from "../src/components/Composer";
import { ToolsContext, type Tools } from "../src/components/context";
import { Live } from "../src/components/Live";
import { BanForm } from "../src/panels/operator/BanForm";
import type { Clerk } from "../src/panels/operator/clerk";
import { RoomPanel } from "../src/panels/RoomPanel";
import type { Action } from "../src/state/actions";
import { initial } from "../src/state/common";
import { reduceAll } from "../src/state/reduce";
import { said } from "./said";

const ROOMS = ["#una", "#otra"];
const NOTHING = { text: "", count: 0 };
const join = (room: string, nick: string): Action => ({
  type: "join",
  time: 1,
  room,
  nick,
  account: null,
  bot: false,
  mine: nick === "ana",
});

let place: HTMLElement;
let store: Store;
let tools: Tools;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("matchMedia", () => ({ matches: true })); // a mouse, and a keyboard
  place = document.body.appendChild(document.createElement("div"));
  store = new Store(
    reduceAll({ ...initial(), nick: "ana" }, [
      { type: "registered", time: 1, nick: "ana" },
      ...ROOMS.flatMap((room) => [join(room, "ana"), join(room, "wenceslao")]),
    ]),
  );
  const house = { store, more: () => undefined, ask: async () => [] } as unknown as House;
  const deeds = new Proxy({} as Deeds, { get: () => () => undefined });
  tools = { house, deeds, show: () => undefined, mention: () => undefined };
});
afterEach(() => {
  render(null, place);
  place.remove();
  vi.advanceTimersByTime(1_000); // what waited for a frame does not wait for one of the next test
  localStorage.clear();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** All that follows at once: turns without a frame between them. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

async function draw(part: preact.JSX.Element): Promise<void> {
  render(<ToolsContext.Provider value={tools}>{part}</ToolsContext.Provider>, place);
  await turns();
}

const composer = (buffer: string, fill = NOTHING) =>
  draw(<Composer buffer={buffer} fill={fill} onEmoji={() => undefined} />);
const field = () => place.querySelector("textarea") as HTMLTextAreaElement;

async function type(words: string, into: HTMLInputElement | HTMLTextAreaElement = field()): Promise<void> {
  into.value = words;
  into.dispatchEvent(new globalThis.Event("input", { bubbles: true }));
  await turns();
}

async function press(key: string): Promise<void> {
  field().dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  await turns();
}

test("another room has its own words at once: nothing of the one before can be sent there", async () => {
  await composer("#una");
  await type("solo para la una");
  await composer("#otra");
  expect(field().value).toBe("");
  await type("para la otra");
  expect([memory.draft("#una"), memory.draft("#otra")]).toEqual(["solo para la una", "para la otra"]);
});

test("the field has the focus at once, and takes it from nobody later", async () => {
  await composer("#una");
  expect(document.activeElement).toBe(field());
  const other = place.appendChild(document.createElement("button"));
  other.focus();
  await type("a");
  expect(document.activeElement).toBe(other);
});

test("after a word that was completed one goes on behind it, however fast", async () => {
  await composer("#una");
  await type("wen");
  await press("Tab");
  expect(field().value).toBe("wenceslao: ");
  expect(field().selectionStart).toBe(11);
  await type("wenceslao: h");
  vi.advanceTimersToNextFrame();
  await turns();
  expect(field().selectionStart).toBe(12);
});

test("what was put in once is not put in again by a field that is drawn anew", async () => {
  const fill = { text: "wenceslao: ", count: 1 };
  await composer("#una");
  await composer("#una", fill);
  expect(field().value).toBe("wenceslao: ");
  await type("");
  render(null, place);
  await composer("#una", fill);
  expect(field().value).toBe("");
});

test("the field stays, with the focus and what is in it, while the server lets one in again", async () => {
  await composer("#una");
  const before = field();
  await type("a medias");
  const lost: Action = { type: "link", report: { state: "waiting", retryAt: null, attempt: 1 } };
  const open: Action = { type: "link", report: { state: "open", retryAt: null, attempt: 1 } };
  for (const told of [lost, open]) {
    store.dispatch(told);
    await turns();
  }
  store.dispatch({ type: "registered", time: 2, nick: "ana" });
  store.dispatch({ type: "entering", keys: ROOMS }); // as the house does in the same turn
  await turns();
  expect([field() === before, document.activeElement === before]).toEqual([true, true]);
  store.dispatch(join("#una", "ana"));
  await turns();
  expect([field() === before, field().value]).toEqual([true, "a medias"]);
});

test("who is not let in is told so, and may try again", async () => {
  await composer("#otra");
  store.dispatchAll([
    { type: "kick", time: 2, room: "#otra", nick: "ana", by: "wenceslao", reason: "", mine: true },
    { type: "entering", keys: ["#otra"] },
  ]);
  await turns();
  expect(field()).not.toBeNull();
  store.dispatch({ type: "told", time: 3, code: "474", target: "#otra", text: "no", error: true });
  await turns();
  expect([field(), place.querySelectorAll(".not-joined button").length]).toEqual([null, 1]);
});

test("what is offered stays when one has left the field and is back", async () => {
  await composer("#una");
  field().dispatchEvent(new globalThis.FocusEvent("blur"));
  await type("/ki");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(place.textContent).toContain("/kick");
});

test("a topic that is typed at once stays typed, also while another is set", async () => {
  await draw(<RoomPanel buffer="#una" onClose={() => undefined} />);
  const topic = () => place.querySelector("#topic") as HTMLInputElement;
  await type("de qué", topic());
  expect(topic().value).toBe("de qué");
  store.dispatch({ type: "topic", time: 2, room: "#una", topic: "otra cosa", nick: "wenceslao" });
  await turns();
  expect(topic().value).toBe("de qué");
  for (const set of ["de qué", "más"]) {
    store.dispatch({ type: "topic", time: 3, room: "#una", topic: set, nick: "wenceslao" });
    await turns();
    expect(topic().value).toBe(set);
  }
});

test("whom a ban is for, typed at once, stays typed", async () => {
  await draw(<BanForm clerk={{} as Clerk} />);
  const whom = () => place.querySelector("input") as HTMLInputElement;
  await type("198.51.100.0/24", whom());
  expect(whom().value).toBe("198.51.100.0/24");
});

test("a ban of a member is for what is known of them", async () => {
  const choices = (...targets: string[]) => targets.map((target) => ({ target, words: target }));
  const chosen = () => (place.querySelector("select") as HTMLSelectElement).value;
  await draw(<BanForm clerk={{} as Clerk} choices={choices("192.0.2.1", "*!*@h")} />);
  expect(chosen()).toBe("192.0.2.1");
  await draw(<BanForm clerk={{} as Clerk} choices={choices("account:eva", "*!*@h")} />);
  expect(chosen()).toBe("account:eva");
});

test("a screen reader is told also what ended before the first look, however late that comes", async () => {
  await draw(<Live house={tools.house} />);
  await vi.advanceTimersByTimeAsync(100); // it listens
  vi.setSystemTime(Date.now() + 500);
  const time = Date.now();
  store.dispatch(
    { type: "opened", name: "#una" },
    {
      type: "said",
      time,
      said: said({ id: "m1", time, nick: "wenceslao", target: "#una" }),
    },
  );
  vi.setSystemTime(time + 5_000); // no timer ran
  await vi.advanceTimersByTimeAsync(1_000);
  await turns();
  expect(place.textContent).toContain("wenceslao: hola");
});
