/* Searching: what is shown was asked for last, in whatever order the answers come. */

import { expect, test } from "vitest";
import { Deeds } from "../src/app/deeds";
import type { House } from "../src/app/house";
import { Store } from "../src/app/store";
import type { Event, Said } from "../src/irc/events";
import { initial } from "../src/state/common";

const found = (text: string): Event[] => [{ type: "found", time: 1, page: [{ id: text, text } as Said] }];

function asking(): { deeds: Deeds; store: Store; answers: ((events: Event[]) => void)[] } {
  const store = new Store(initial());
  const answers: ((events: Event[]) => void)[] = [];
  const ask = () => new Promise<Event[]>((resolve) => answers.push(resolve));
  const deeds = new Deeds({ store, ask, protocol: { has: () => true } } as unknown as House);
  return { deeds, store, answers };
}

const shown = (store: Store) => store.state.found?.map((said) => said.text) ?? null;

test("an answer that comes after the question was changed is not shown", async () => {
  const { deeds, store, answers } = asking();
  const [first, second] = [deeds.search({ text: "uno" }), deeds.search({ text: "dos" })];
  answers[1]?.(found("dos"));
  answers[0]?.(found("uno"));
  await Promise.all([first, second]);
  expect(shown(store)).toEqual(["dos"]);
});

test("nor one that comes when the search is over: the next begins with nothing", async () => {
  const { deeds, store, answers } = asking();
  const asked = deeds.search({ text: "uno" });
  deeds.forgetSearch();
  answers[0]?.(found("uno"));
  await asked;
  expect(shown(store)).toBeNull();
});

test("a refusal is told like any other", async () => {
  const { deeds, store, answers } = asking();
  const asked = deeds.search({ text: "uno" });
  answers[0]?.([
    { type: "failed", time: 1, command: "SEARCH", code: "NO", text: "not today", label: "w1" } as Event,
  ]);
  await asked;
  expect(JSON.stringify(store.state.buffers)).toContain("not today");
});
