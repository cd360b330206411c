/*
 * What the operator's page shows, read out of facts (docs/extensions/inspect.md).
 * What belongs here: shapes, and one function for each. What must not: asking, drawing.
 */

import {
  isSo,
  listOf,
  numberOf,
  numberOrNull,
  ofKind,
  textOf,
  type Answer,
  type Facts,
} from "../../app/facts";

export interface Member {
  nick: string;
  prefix: string; // user@host
  host: string;
  address: string; // "": it is not for us
  account: string;
  door: string;
  since: number; // milliseconds
  idle: number; // seconds
  rooms: number;
  sessions: number;
  operator: string;
  bot: boolean;
  away: boolean;
  absent: boolean;
}

export interface Session {
  door: string;
  address: string;
  device: string;
  since: number;
  idle: number;
  waiting: number; // bytes
  own: boolean;
}

export interface Hit {
  effect: string;
  target: string;
  reason: string;
}

export interface Detail {
  member: Member;
  realname: string;
  rooms: readonly string[];
  sessions: readonly Session[];
  hits: readonly Hit[];
}

export interface Ban {
  number: number;
  effect: string;
  target: string;
  reason: string;
  note: string;
  by: string;
  at: number;
  until: number; // milliseconds; 0: for ever
}

export interface Spent {
  calls: number;
  tokens: number;
  cost: number; // in the ledger's currency
  mostTokens: number | null;
  most: number | null; // the same currency
}

export interface Spending {
  currency: string;
  day: Spent | null; // null: the ledger cannot be read
  month: Spent | null;
}

export interface Model {
  nick: string;
  provider: string;
  model: string;
  state: string;
  text: string;
  breaker: string;
  rests: number; // seconds
  waiting: number;
  speaking: number;
  queue: number;
  calls: number;
  failed: number;
  tokensIn: number;
  tokensOut: number;
  firstMs: number | null;
  spending: Spending | null;
  trouble: { error: string; text: string; at: number } | null;
}

export interface Deed {
  at: number;
  who: string;
  operator: string;
  deed: string;
  target: string;
  text: string;
}

const NANO = 1e9;

export const memberOf = (facts: Facts): Member => ({
  nick: textOf(facts, "nick"),
  prefix: `${textOf(facts, "user")}@${textOf(facts, "host")}`,
  host: textOf(facts, "host"),
  address: textOf(facts, "address"),
  account: textOf(facts, "account"),
  door: textOf(facts, "door"),
  since: numberOf(facts, "since") * 1_000,
  idle: numberOf(facts, "idle"),
  rooms: numberOf(facts, "rooms"),
  sessions: numberOf(facts, "sessions"),
  operator: textOf(facts, "operator"),
  bot: isSo(facts, "bot"),
  away: isSo(facts, "away"),
  absent: isSo(facts, "absent"),
});

const sessionOf = (facts: Facts): Session => ({
  door: textOf(facts, "door"),
  address: textOf(facts, "address"),
  device: textOf(facts, "device"),
  since: numberOf(facts, "since") * 1_000,
  idle: numberOf(facts, "idle"),
  waiting: numberOf(facts, "waiting"),
  own: isSo(facts, "own"),
});

/** The answer to INSPECT MEMBER; null when nobody is called so any more. */
export function detailOf(answer: Answer): Detail | null {
  const member = ofKind(answer, "member")[0];
  const more = ofKind(answer, "rooms")[0] ?? {};
  if (!member) return null;
  return {
    member: memberOf(member),
    realname: textOf(more, "realname"),
    rooms: listOf(more, "rooms"),
    sessions: ofKind(answer, "session").map(sessionOf),
    hits: ofKind(answer, "hit").map((one) => ({
      effect: textOf(one, "effect"),
      target: textOf(one, "target"),
      reason: textOf(one, "reason"),
    })),
  };
}

export const bansOf = (answer: Answer): Ban[] =>
  ofKind(answer, "ban").map((one) => ({
    number: numberOf(one, "number"),
    effect: textOf(one, "effect"),
    target: textOf(one, "target"),
    reason: textOf(one, "reason"),
    note: textOf(one, "note"),
    by: textOf(one, "by"),
    at: numberOf(one, "at") * 1_000,
    until: numberOf(one, "until") * 1_000,
  }));

function spentOf(facts: Facts, per: "day" | "month"): Spent | null {
  if (numberOrNull(facts, `${per}_nano`) === null) return null;
  const most = numberOrNull(facts, `${per}_most_nano`);
  return {
    calls: numberOf(facts, `${per}_calls`),
    tokens: numberOf(facts, `${per}_tokens`),
    cost: numberOf(facts, `${per}_nano`) / NANO,
    mostTokens: numberOrNull(facts, `${per}_most_tokens`),
    most: most === null ? null : most / NANO,
  };
}

const spendingOf = (facts: Facts): Spending => ({
  currency: textOf(facts, "currency"),
  day: spentOf(facts, "day"),
  month: spentOf(facts, "month"),
});

/** The answer to INSPECT MODELS: each model, and all of them together. */
export function modelsOf(answer: Answer): { models: Model[]; together: Spending | null } {
  const spending = new Map(ofKind(answer, "spending").map((one) => [textOf(one, "nick"), spendingOf(one)]));
  const troubles = new Map(ofKind(answer, "trouble").map((one) => [textOf(one, "nick"), one]));
  const models = ofKind(answer, "model").map((one) => {
    const nick = textOf(one, "nick");
    const trouble = troubles.get(nick);
    return {
      nick,
      provider: textOf(one, "provider"),
      model: textOf(one, "model"),
      state: textOf(one, "state"),
      text: textOf(one, "text"),
      breaker: textOf(one, "breaker"),
      rests: numberOf(one, "rests"),
      waiting: numberOf(one, "waiting"),
      speaking: numberOf(one, "speaking"),
      queue: numberOf(one, "queue"),
      calls: numberOf(one, "calls"),
      failed: numberOf(one, "failed"),
      tokensIn: numberOf(one, "tokens_in"),
      tokensOut: numberOf(one, "tokens_out"),
      firstMs: numberOrNull(one, "first_ms"),
      spending: spending.get(nick) ?? null,
      trouble: trouble
        ? { error: textOf(trouble, "error"), text: textOf(trouble, "text"), at: numberOf(trouble, "at_ms") }
        : null,
    };
  });
  return { models, together: spending.get("") ?? null };
}

/** How much of a budget is gone, 0 to 1, by what is nearest to its end; null without a budget. */
export function share(spent: Spent): number | null {
  const shares = [
    spent.most === null ? null : spent.most ? spent.cost / spent.most : 1,
    spent.mostTokens === null ? null : spent.mostTokens ? spent.tokens / spent.mostTokens : 1,
  ].filter((one): one is number => one !== null);
  return shares.length ? Math.min(1, Math.max(...shares)) : null;
}

/** The newest first. */
export const deedsOf = (answer: Answer): Deed[] =>
  ofKind(answer, "audit")
    .map((one) => ({
      at: numberOf(one, "time_ms"),
      who: textOf(one, "who"),
      operator: textOf(one, "operator"),
      deed: textOf(one, "deed"),
      target: textOf(one, "target"),
      text: textOf(one, "text"),
    }))
    .reverse();
