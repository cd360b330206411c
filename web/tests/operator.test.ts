/* The operator's page: facts read, samples kept and drawn, and what lies on the desk. */

import { expect, test } from "vitest";
import { answerOf, factsOf, FACTS, operatorOf } from "../src/app/facts";
import type { Event } from "../src/irc/events";
import {
  EMPTY,
  outcomeOf,
  reduce,
  tabsFor,
  targetsOf,
  wordsOf,
  type Desk,
} from "../src/panels/operator/desk";
import { memberOf, modelsOf, share } from "../src/panels/operator/readings";
import { added, drawn, gauge, KEPT, rate, sampleOf, type Sample } from "../src/panels/operator/samples";
import { reduceAll } from "../src/state/reduce";
import { initial } from "../src/state/common";

const said = (facts: unknown, text = "words", more: object = {}): Event => ({
  type: "said",
  time: 1,
  said: {
    id: "", time: 1, nick: "s.example", account: null, bot: false, kind: "notice", target: "ana", text, fromServer: true,
    tags: { [FACTS]: typeof facts === "string" ? facts : JSON.stringify(facts) },
    ...more,
  },
}); // prettier-ignore

const answer = (...facts: object[]) => answerOf(facts.map((one) => said(one)));
const metrics = (at: number, more: object = {}): Sample =>
  sampleOf({ kind: "metrics", at_ms: at * 1_000, up_seconds: at, connections: 3, messages_total: at * 2, store: "ok", ...more }); // prettier-ignore

// --- Facts ---------------------------------------------------------------------------------------------------------

test("facts are taken from the server's own notices alone", () => {
  expect(factsOf(said({ kind: "me" }))).toEqual({ kind: "me" });
  expect(factsOf(said({ kind: "me" }, "x", { fromServer: false }))).toBeNull();
  expect(factsOf(said({ kind: "me" }, "x", { kind: "say" }))).toBeNull();
  for (const broken of ["", "{", "null", "[1]", '"x"', "3"]) expect(factsOf(said(broken))).toBeNull();
});

test("who one is, and which parts one may see", () => {
  const me = said({ kind: "me", name: "root", title: "", rights: ["ban", 7, "stats"] });
  expect(operatorOf([me])).toEqual({ name: "root", title: "", rights: ["ban", "stats"] });
  const refused: Event = { type: "told", code: "481", target: null, text: "No", error: true, time: 1 };
  expect(operatorOf([refused])).toBeNull();
  expect(tabsFor(["ban", "kill"])).toEqual(["bans"]);
  expect(tabsFor(["stats", "see-rooms", "audit"])).toEqual(["overview", "members", "models", "audit"]);
  expect(tabsFor([])).toEqual([]);
});

test("an operator is one as long as the connection lasts", () => {
  const operator = { name: "root", title: "", rights: ["ban"] };
  const state = reduceAll(initial(), [{ type: "operatorIs", operator }]);
  expect(state.operator).toEqual(operator);
  expect(reduceAll(state, [{ type: "registered", nick: "ana", time: 1 }]).operator).toBeNull();
  expect(reduceAll(state, [{ type: "operatorIs", operator: null }]).operator).toBeNull();
});

// --- Samples -------------------------------------------------------------------------------------------------------

test("the ring is bounded, and begins again with the server", () => {
  let ring: readonly Sample[] = [];
  for (let at = 1; at <= KEPT + 20; at++) ring = added(ring, metrics(at));
  expect(ring.length).toBe(KEPT);
  expect(ring[0]?.at).toBe(21_000);
  expect(added(ring, metrics(KEPT + 20))).toBe(ring);
  expect(added(ring, metrics(KEPT + 30, { up_seconds: 2 })).length).toBe(1);
});

test("counters become rates, gauges stay what they are", () => {
  const ring = [metrics(10), metrics(12), metrics(16, { messages_total: 132 })];
  expect(rate(ring, "messages_total").map((one) => one.value)).toEqual([2, 27]);
  expect(gauge(ring, "connections").map((one) => one.value)).toEqual([3, 3, 3]);
  expect(rate(ring, "nonsense")).toEqual([]);
  expect(gauge([metrics(1, { lag_ms: null }), metrics(2, { lag_ms: 4 })], "lag_ms")).toEqual([
    { at: 2_000, value: 4 },
  ]);
});

test("a line ends at the right edge and stays in its box", () => {
  expect(drawn([], 100, 50)).toEqual([]);
  expect(drawn([{ at: 0, value: 0 }], 100, 50)).toEqual([[100, 50]]);
  const points = Array.from({ length: 31 }, (_, at) => ({ at: at * 2_000, value: at % 7 }));
  const line = drawn(points, 100, 50);
  expect(line.at(-1)?.[0]).toBe(100);
  expect(line[0]?.[0]).toBe(0);
  for (const [x, y] of line) expect(x >= 0 && x <= 100 && y >= 0 && y <= 50).toBe(true);
});

// --- The desk ------------------------------------------------------------------------------------------------------

const EVA = { kind: "member", nick: "eva", user: "~e", host: "h.example", address: "192.0.2.7", account: "Eva", door: "ws", since: 5, rooms: 2 }; // prettier-ignore

test("members come in pages, and an answer that is too late is dropped", () => {
  const end = { kind: "end", of: "members", count: 1, start: 0, all: 2 };
  let desk = reduce(EMPTY, { type: "members", answer: answer(EVA, end), query: EMPTY.query, more: false });
  expect(desk.members).toMatchObject({
    all: 2,
    items: [{ nick: "eva", since: 5_000, prefix: "~e@h.example" }],
  });
  const bob = answer({ ...EVA, nick: "bob" }, EVA, end);
  desk = reduce(desk, { type: "members", answer: bob, query: desk.query, more: true });
  expect(desk.members?.items.map((one) => one.nick)).toEqual(["eva", "bob"]);
  const asked = desk.query;
  desk = reduce(desk, { type: "queried", query: { pattern: "x" } });
  expect(reduce(desk, { type: "members", answer: answer(end), query: asked, more: false })).toBe(desk);
});

test("one member with connections, and nobody", () => {
  const told = answer(
    EVA,
    { kind: "rooms", realname: "Eva E.", rooms: ["#a"] },
    { kind: "session", door: "ws", since: 7, own: true },
    { kind: "hit", effect: "login", target: "192.0.2.0/24" },
  );
  const desk = reduce(EMPTY, { type: "detail", answer: told });
  expect(desk.detail).toMatchObject({
    realname: "Eva E.",
    rooms: ["#a"],
    sessions: [{ since: 7_000, own: true }],
  });
  expect(desk.detail?.hits[0]?.effect).toBe("login");
  expect(reduce(desk, { type: "detail", answer: answer() }).detail).toBeNull();
});

test("a lost connection takes nothing off the desk", () => {
  const ban = { kind: "ban", number: 1, effect: "ban", target: "a!*@*", until: 0, at: 1 };
  const desk = reduce(EMPTY, { type: "bans", answer: answer(ban) });
  expect(desk.bans?.length).toBe(1);
  expect(reduce(desk, { type: "bans", answer: answer() })).toBe(desk);
  expect(reduce(desk, { type: "bans", answer: answer({ kind: "uban", word: "none" }) }).bans).toEqual([]);
});

test("models with what they cost and what went wrong", () => {
  const { models, together } = modelsOf(
    answer(
      {
        kind: "model",
        nick: "lola",
        state: "ready",
        breaker: "open",
        rests: 9.5,
        calls: 3,
        failed: 1,
        first_ms: null,
      },
      { kind: "spending", nick: "lola", currency: "EUR", day_nano: 5e8, day_calls: 3, day_tokens: 90, day_most_nano: 1e9, day_most_tokens: null }, // prettier-ignore
      { kind: "trouble", nick: "lola", error: "timed_out", text: "too long", at_ms: 4 },
      { kind: "spending", nick: "", currency: "EUR", day_nano: 1, month_nano: 2 },
    ),
  );
  expect(models[0]).toMatchObject({ firstMs: null, trouble: { error: "timed_out", at: 4 } });
  expect(models[0]?.spending?.day).toMatchObject({ cost: 0.5, most: 1, mostTokens: null });
  expect(models[0]?.spending?.month).toBeNull();
  expect(together?.month?.cost).toBe(2e-9);
  const spent = { calls: 1, tokens: 80, cost: 0.5, mostTokens: 100, most: 1 };
  expect(share(spent)).toBe(0.8);
  expect(share({ ...spent, most: 0 })).toBe(1);
  expect(share({ ...spent, most: null, mostTokens: null })).toBeNull();
});

test("what the server hesitates to do can be done with force, and a reason is never read as something else", () => {
  const wish = {
    verb: "ADD" as const,
    target: "realname:*buy this*",
    duration: "1d",
    reason: "2h of\nspam|x",
    note: "n",
  };
  expect(wordsOf(wish, true)).toBe("realname:*buy?this* 1d FORCE – 2h of spam x|n");
  expect(wordsOf({ ...wish, duration: "", reason: "spam", note: "" }, false)).toBe(
    "realname:*buy?this* spam",
  );
  const wide = outcomeOf(answer({ kind: "uban", word: "wide" }), "", wish);
  expect(wide).toMatchObject({ problem: true, again: wish });
  expect(outcomeOf(answer({ kind: "uban", word: "set" }), "", wish)).toMatchObject({
    problem: false,
    again: null,
  });
  expect(outcomeOf(answer({ kind: "uban", word: "no target" }), "", wish)).toMatchObject({
    problem: true,
    again: null,
  });
  expect(outcomeOf(answerOf([]), "eva is out")).toEqual({ text: "eva is out", problem: false, again: null });
});

test("a ban of a member may mean the account, the address, or the host", () => {
  const keys = (facts: object) => targetsOf(memberOf({ ...EVA, ...facts })).map((one) => one.target);
  expect(keys({})).toEqual(["account:Eva", "192.0.2.7", "*!*@h.example"]);
  expect(keys({ account: "", address: "" })).toEqual(["*!*@h.example"]);
});

test("the level and the log", () => {
  const desk: Desk = reduce(EMPTY, { type: "level", answer: answer({ kind: "defcon", level: 3 }) });
  expect(desk.level).toBe(3);
  const log = answer(
    { kind: "audit", time_ms: 1, deed: "OPER" },
    { kind: "audit", time_ms: 2, deed: "KILL" },
  );
  expect(reduce(desk, { type: "deeds", answer: log }).deeds?.map((one) => one.deed)).toEqual([
    "KILL",
    "OPER",
  ]);
});
