/*
 * What lies on the operator's desk, and the one function that changes it.
 * What belongs here: values. What must not: asking the server (`clerk.ts`), drawing.
 */

import { ofKind, numberOf, textOf, type Answer } from "../../app/facts";
import { added, sampleOf, type Sample } from "./samples";
import {
  bansOf,
  deedsOf,
  detailOf,
  memberOf,
  modelsOf,
  type Ban,
  type Deed,
  type Detail,
  type Member,
  type Model,
  type Spending,
} from "./readings";

export const TABS = ["overview", "members", "bans", "models", "audit"] as const;
export type Tab = (typeof TABS)[number];

/** Any of these rights opens the tab. */
const RIGHTS: Record<Tab, readonly string[]> = {
  overview: ["stats", "defcon", "announce"],
  members: ["see-rooms"],
  bans: ["ban"],
  models: ["stats"],
  audit: ["audit"],
};

export const tabsFor = (rights: readonly string[]): Tab[] =>
  TABS.filter((tab) => RIGHTS[tab].some((right) => rights.includes(right)));

export interface Query {
  pattern: string;
  sort: string;
  backwards: boolean;
}

/** A ban as it was wished for; what the server hesitates to do can be wished again with force. */
export interface Wish {
  verb: "ADD" | "LOGIN" | "EXEMPT";
  target: string;
  duration: string; // as it is typed; "": for ever
  reason: string;
  note: string;
}

export interface Outcome {
  text: string;
  problem: boolean;
  again: Wish | null; // it would be done with force
}

export interface Desk {
  query: Query;
  members: { items: readonly Member[]; all: number } | null; // null: not here yet
  detail: Detail | null;
  bans: readonly Ban[] | null;
  models: { models: readonly Model[]; together: Spending | null } | null;
  deeds: readonly Deed[] | null;
  level: number | null;
  ring: readonly Sample[];
  outcome: Outcome | null;
}

export const EMPTY: Desk = {
  query: { pattern: "", sort: "nick", backwards: false },
  members: null,
  detail: null,
  bans: null,
  models: null,
  deeds: null,
  level: null,
  ring: [],
  outcome: null,
};

export type Change =
  | { type: "queried"; query: Partial<Query> }
  | { type: "members"; answer: Answer; query: Query; more: boolean }
  | { type: "detail"; answer: Answer }
  | { type: "detailClosed" }
  | { type: "bans"; answer: Answer }
  | { type: "models"; answer: Answer }
  | { type: "deeds"; answer: Answer }
  | { type: "level"; answer: Answer }
  | { type: "sample"; answer: Answer }
  | { type: "outcome"; outcome: Outcome | null };

export function reduce(desk: Desk, change: Change): Desk {
  switch (change.type) {
    case "queried":
      return { ...desk, query: { ...desk.query, ...change.query } };
    case "members":
      return change.query === desk.query ? withMembers(desk, change.answer, change.more) : desk; // else too late
    case "detail":
      return { ...desk, detail: detailOf(change.answer) };
    case "detailClosed":
      return { ...desk, detail: null };
    case "bans":
      return answered(change.answer) ? { ...desk, bans: bansOf(change.answer) } : desk;
    case "models":
      return answered(change.answer) ? { ...desk, models: modelsOf(change.answer) } : desk;
    case "deeds":
      return answered(change.answer) ? { ...desk, deeds: deedsOf(change.answer) } : desk;
    case "level": {
      const told = ofKind(change.answer, "defcon")[0];
      return told ? { ...desk, level: numberOf(told, "level") } : desk;
    }
    case "sample": {
      const told = ofKind(change.answer, "metrics")[0];
      return told ? { ...desk, ring: added(desk.ring, sampleOf(told)) } : desk;
    }
    case "outcome":
      return { ...desk, outcome: change.outcome };
  }
}

/** A connection that broke answers nothing: what was there stays. */
const answered = (answer: Answer) => answer.facts.length > 0;

function withMembers(desk: Desk, answer: Answer, more: boolean): Desk {
  const end = ofKind(answer, "end")[0];
  if (!end) return desk;
  const found = ofKind(answer, "member").map(memberOf);
  const before = more ? (desk.members?.items ?? []) : [];
  const known = new Set(before.map((one) => one.nick));
  const items = [...before, ...found.filter((one) => !known.has(one.nick))];
  return { ...desk, members: { items, all: numberOf(end, "all") } };
}

const DONE = new Set(["set", "lifted", "test", "end", "none"]);
const HESITATES = new Set(["wide", "many", "yourself"]);

/** What came of a deed, in the server's words, or in ours where it has none. */
export function outcomeOf(answer: Answer, done: string, wish: Wish | null = null): Outcome {
  const word = textOf(ofKind(answer, "uban").at(-1) ?? {}, "word");
  const problem = answer.problem !== "" || (word !== "" && !DONE.has(word));
  return {
    text: answer.problem || answer.text || done,
    problem,
    again: wish && HESITATES.has(word) ? wish : null,
  };
}

/** The words of UBAN for a wish. A reason that would be read as something else is told from it by a dash. */
export function wordsOf(wish: Wish, force: boolean): string {
  const plain = (text: string) => text.replace(/[|\s]+/g, " ").trim();
  const reason = plain(wish.reason);
  const mistaken = /^(?:force|myself|andkill|(?:\d{1,6}(?:y|mo|w|d|h|m|s))+)(?:\s|$)/i.test(reason);
  const told = `${mistaken ? "– " : ""}${reason}${wish.note.trim() ? `|${plain(wish.note)}` : ""}`;
  const target = wish.target.trim().replace(/\s+/g, "?");
  return [target, wish.duration, force ? "FORCE" : "", told].filter(Boolean).join(" ");
}

/** Whom a ban of a member may mean, most lasting first. */
export function targetsOf(member: Member): { key: "account" | "address" | "host"; target: string }[] {
  const found: { key: "account" | "address" | "host"; target: string }[] = [];
  if (member.account) found.push({ key: "account", target: `account:${member.account}` });
  if (member.address) found.push({ key: "address", target: member.address });
  return [...found, { key: "host", target: `*!*@${member.host}` }];
}
