/*
 * Facts: what the server tells operators as values, in a tag beside its words (docs/extensions/inspect.md).
 * What belongs here: reading the tag, and whole answers. What must not: what each kind of facts means.
 */

import type { Event } from "../irc/events";
import type { Operator } from "../state/types";

export const FACTS = "tertulia.chat/facts";

export type Facts = Readonly<Record<string, unknown>>;

/** Of a notice of the server's own; null for anything else, whatever tags it bears. */
export function factsOf(event: Event): Facts | null {
  if (event.type !== "said" || event.said.kind !== "notice" || !event.said.fromServer) return null;
  try {
    const found: unknown = JSON.parse(event.said.tags[FACTS] ?? "");
    return typeof found === "object" && found !== null && !Array.isArray(found) ? (found as Facts) : null;
  } catch {
    return null;
  }
}

export const textOf = (facts: Facts, name: string): string => {
  const value = facts[name];
  return typeof value === "string" ? value : "";
};
export const numberOf = (facts: Facts, name: string): number => numberOrNull(facts, name) ?? 0;
export const numberOrNull = (facts: Facts, name: string): number | null => {
  const value = facts[name];
  return typeof value === "number" && Number.isFinite(value) ? value : null;
};
export const listOf = (facts: Facts, name: string): string[] => {
  const value = facts[name];
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
};
export const isSo = (facts: Facts, name: string): boolean => facts[name] === true;

/** All that came back to one question: its facts, its last words, and what went wrong. */
export interface Answer {
  facts: readonly Facts[];
  text: string;
  problem: string;
}

export function answerOf(events: readonly Event[]): Answer {
  const facts: Facts[] = [];
  let [text, problem] = ["", ""];
  for (const event of events) {
    const found = factsOf(event);
    if (found) facts.push(found);
    if (event.type === "said") text = event.said.text;
    if (event.type === "failed" || (event.type === "told" && event.error)) problem ||= event.text;
  }
  return { facts, text, problem };
}

export const ofKind = (answer: Answer, kind: string): Facts[] =>
  answer.facts.filter((one) => one.kind === kind);

/** The answer to INSPECT ME; null for who is no operator. */
export function operatorOf(events: readonly Event[]): Operator | null {
  const me = ofKind(answerOf(events), "me")[0];
  return me ? { name: textOf(me, "name"), title: textOf(me, "title"), rights: listOf(me, "rights") } : null;
}
