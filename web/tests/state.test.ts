/* What is told, and what is then on the screen. */

import { expect, test } from "vitest";
import type { Event } from "../src/irc/events";
import type { Action } from "../src/state/actions";
import { viewedOf } from "../src/state/buffers";
import { initial } from "../src/state/common";
import { mentions, NONCE } from "../src/state/messages";
import { reduceAll } from "../src/state/reduce";
import type { Pending, State } from "../src/state/types";
import { said } from "./said";

type Bare<E> = E extends unknown ? Omit<E, "time"> & { time?: number } : never;

const tell = (state: State, ...events: Bare<Event>[]) =>
  reduceAll(
    state,
    events.map((event) => ({ time: 1000, ...event }) as Action),
  );
const inRoom = () =>
  tell(
    { ...initial(), nick: "ana", looking: false },
    { type: "registered", nick: "ana" },
    { type: "join", room: "#sala", nick: "ana", account: null, bot: false, mine: true },
  );
const pending: Pending = {
  nonce: "n1",
  label: "w1",
  text: "hola",
  action: false,
  replyTo: null,
  time: 900,
  state: "sending",
  why: "",
};
const room = (state: State) => state.buffers["#sala"]!;

test("a message counts as unread where nobody looks, and as read where somebody does", () => {
  const away = tell(
    inRoom(),
    { type: "said", said: said() },
    { type: "said", said: said({ id: "2", time: 1001, text: "¿ana?" }) },
  );
  expect([room(away).unread, room(away).mentions]).toEqual([2, 1]);
  const back = reduceAll(away, [{ type: "looking", looking: true, atEnd: true }]);
  expect([room(back).unread, room(back).mentions, room(back).readUpTo]).toEqual([0, 0, 1001]);
});

test("what another device has read is read here", () => {
  const state = tell(
    inRoom(),
    { type: "said", said: said() },
    { type: "said", said: said({ id: "2", time: 2000 }) },
    { type: "marked", target: "#SALA", at: 1000 },
  );
  expect(room(state).unread).toBe(1);
});

test("our own message takes the place of the one that waits, by its label or by its mark", () => {
  for (const [label, tags] of [
    ["w1", {}],
    [undefined, { [NONCE]: "n1" }],
  ] as const) {
    const waiting = reduceAll(inRoom(), [{ type: "sent", key: "#sala", pending }]);
    const heard = tell(waiting, {
      type: "said",
      said: said({ nick: "ana", tags }),
      ...(label ? { label } : {}),
    });
    expect(room(heard).pending).toEqual([]);
    expect(viewedOf(room(heard)).entries.filter((entry) => entry.what === "message")).toHaveLength(1);
  }
});

test("a send that was not heard is unsure when the connection is lost, gone when the history has it, unsent when not", () => {
  const lost = reduceAll(inRoom(), [
    { type: "sent", key: "#sala", pending },
    { type: "link", report: { state: "waiting", retryAt: 1, attempt: 1 } },
  ]);
  expect(room(lost).pending[0]?.state).toBe("unsure");
  const back = tell(lost, {
    type: "join",
    room: "#sala",
    nick: "ana",
    account: null,
    bot: false,
    mine: true,
  });
  const page = (tags: Record<string, string>) =>
    reduceAll(back, [
      {
        type: "page",
        key: "#sala",
        page: [said({ nick: "ana", tags })],
        where: { mode: "latest" },
        view: null,
      },
      { type: "unsent", key: "#sala" },
    ]);
  expect(room(page({ [NONCE]: "n1" })).pending).toEqual([]);
  expect(room(page({})).pending[0]?.state).toBe("unsent");
});

test("a refusal is shown on what was refused", () => {
  const state = tell(reduceAll(inRoom(), [{ type: "sent", key: "#sala", pending }]), {
    type: "told",
    code: "404",
    target: "#sala",
    text: "No puedes",
    error: true,
    label: "w1",
  });
  expect(room(state).pending[0]).toMatchObject({ state: "refused", why: "No puedes" });
});

test("a stream grows in its place and ends with what it cost", () => {
  const opening = said({
    id: "9",
    nick: "lola",
    bot: true,
    text: "",
    tags: { bot: "", "tertulia.chat/model": "qwen" },
  });
  let state = tell(
    inRoom(),
    { type: "streamOpen", reference: "x", said: opening },
    { type: "streamPiece", reference: "x", text: "Un", concat: false },
    { type: "said", said: said({ id: "a", time: 1001 }) },
    { type: "streamPiece", reference: "x", text: " dos", concat: true },
    { type: "streamPiece", reference: "x", text: "tres", concat: false },
  );
  const [first] = viewedOf(room(state)).entries.filter((entry) => entry.what === "message");
  expect(first).toMatchObject({ id: "9", text: "Un dos\ntres", growing: true, bot: true });
  state = tell(state, {
    type: "streamClose",
    reference: "x",
    tags: { "tertulia.chat/stopped": "", "tertulia.chat/tokens-out": "7", "tertulia.chat/cost": "0.1USD" },
  });
  expect(viewedOf(room(state)).entries.find((entry) => entry.id === "9")).toMatchObject({
    growing: false,
    ended: "stopped",
    provenance: { model: "qwen", tokensOut: 7, cost: "0.1USD" },
  });
  expect(state.streams).toEqual({});
});

test("a connection that is lost breaks streams off, to be mended by the history", () => {
  const growing = tell(
    inRoom(),
    { type: "streamOpen", reference: "x", said: said({ id: "9", nick: "lola", text: "" }) },
    { type: "streamPiece", reference: "x", text: "a med", concat: false },
  );
  const lost = reduceAll(growing, [{ type: "link", report: { state: "waiting", retryAt: 1, attempt: 1 } }]);
  const page = reduceAll(lost, [
    {
      type: "page",
      key: "#sala",
      page: [said({ id: "9", nick: "lola", text: "a medias no" })],
      where: { mode: "latest" },
      view: null,
    },
  ]);
  const found = viewedOf(room(page)).entries.filter((entry) => entry.what === "message");
  expect(found).toMatchObject([{ id: "9", text: "a medias no", partial: false, growing: false }]);
});

test("reactions come and go; who reacts twice counts once", () => {
  const react = (nick: string, tag: string) =>
    ({
      type: "tagged",
      nick,
      account: null,
      target: "#sala",
      tags: { "+draft/reply": "1", [tag]: "👍" },
      id: "",
    }) as const;
  const state = tell(
    inRoom(),
    { type: "said", said: said() },
    react("ana", "+draft/react"),
    react("ana", "+draft/react"),
    react("eva", "+draft/react"),
  );
  const message = (one: State) => viewedOf(room(one)).entries.find((entry) => entry.id === "1");
  expect(message(state)).toMatchObject({ reactions: { "👍": ["ana", "eva"] } });
  expect(message(tell(state, react("ana", "+draft/unreact"), react("eva", "+draft/unreact")))).toMatchObject({
    reactions: null,
  });
});

test("members: ranks, new names, leaving", () => {
  let state = tell(
    inRoom(),
    { type: "isupport", tokens: { PREFIX: "(qaohv)~&@%+", CHANMODES: "beI,k,l,imnst" } },
    {
      type: "names",
      room: "#sala",
      members: [
        { nick: "ana", symbols: "" },
        { nick: "Berto", symbols: "@" },
      ],
    },
    { type: "mode", target: "#sala", nick: "Berto", params: ["+ov-o+m", "ana", "ana", "berto"] },
  );
  expect(room(state).members.get("ana")?.symbols).toBe("@+");
  expect(room(state).members.get("berto")?.symbols).toBe("");
  expect(room(state).modes).toBe("m");
  state = tell(state, { type: "nick", nick: "Berto", next: "Alberto", mine: false });
  expect([...room(state).members.keys()]).toEqual(["ana", "alberto"]);
  expect([...room(tell(state, { type: "quit", nick: "alberto", reason: "" })).members.keys()]).toEqual([
    "ana",
  ]);
});

test.each([
  ["ana: hola", true],
  ["hola ANA!", true],
  ["banana", false],
  ["ana_", false],
  ["¿ana?", true],
  ["a\x02na", true],
  ["", false],
])("%s names ana: %s", (text, expected) => {
  expect(mentions(text, "ana")).toBe(expected);
});

test("a room that was closed stays closed, though the server still tells of it", () => {
  const closed = reduceAll(inRoom(), [{ type: "closedBuffer", key: "#sala" }]);
  const told = tell(
    closed,
    { type: "said", said: said() },
    { type: "join", room: "#sala", nick: "eva", account: null, bot: false, mine: false },
    { type: "streamOpen", reference: "s", said: said({ id: "2", bot: true, text: "" }) },
    { type: "streamPiece", reference: "s", text: "a", concat: true },
    { type: "streamClose", reference: "s", tags: {} },
    { type: "part", room: "#sala", nick: "ana", reason: "", mine: true },
  );
  expect(Object.keys(told.buffers)).toEqual([]);
  const back = tell(
    told,
    { type: "join", room: "#sala", nick: "ana", account: null, bot: false, mine: true },
    { type: "said", said: said({ id: "3" }) },
  );
  expect(room(back).unread).toBe(1);
});
