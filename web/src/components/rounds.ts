/*
 * A round in the talk: the answers that several models gave to one message, how it ended, and what was summed up.
 * What belongs here: finding one among entries, reading its last word. What must not: drawing (`Round.tsx`).
 */

import { plainText } from "../irc/formatting";
import type { Entry, Message } from "../state/types";

const REACH = 60; // entries after the first answer among which the others are looked for

export interface Outcome {
  count: number; // who answered
  all: number; // who was asked
  late: string[];
  failed: string[];
  votes: { choice: string; count: number; names: string[] }[] | null; // null: nobody was asked to vote
}

export interface Round {
  replyTo: string;
  answers: Message[];
  outcome: Outcome;
  closing: Message; // the notice that says how it ended
  summary: Message[];
}

/** `2 of 3 have answered. Late: lola. Votes: tabs 2 (gpt, claudia).`, read in either language; null for other words. */
export function outcomeOf(text: string): Outcome | null {
  const words = plainText(text);
  const counts = /(?:(\d+) of (\d+) have answered|han respondido (\d+) de (\d+))\./.exec(words);
  if (!counts) return null;
  const list = (pattern: RegExp) => pattern.exec(words)?.[1]?.split(", ") ?? [];
  const votes = /(?:Votes|Votos): (.*)\.$/.exec(words)?.[1];
  return {
    count: Number(counts[1] ?? counts[3]),
    all: Number(counts[2] ?? counts[4]),
    late: list(/(?:Late|Llegan tarde): ([^.]+)\./),
    failed: list(/(?:Could not|No han podido): ([^.]+)\./),
    votes:
      votes === undefined
        ? null
        : [...votes.matchAll(/(.+?) (\d+) \(([^)]*)\)(?:, |$)/g)].map(
            ([, choice = "", count = "", names = ""]) => ({
              choice,
              count: Number(count),
              names: names.split(", "),
            }),
          ),
  };
}

/** The round whose first answer stands at `index`; null where there is none, or its end is not to be seen. */
export function roundAt(entries: readonly Entry[], index: number, to: number): Round | null {
  const first = entries[index];
  if (!isAnswer(first, null)) return null;
  const { replyTo } = first;
  const answers: Message[] = [];
  const summary: Message[] = [];
  let end: { outcome: Outcome; closing: Message } | null = null;
  for (const entry of entries.slice(index, Math.min(to, index + REACH))) {
    if (entry.what !== "message" || !entry.bot || entry.replyTo !== replyTo) continue;
    if (!end && entry.kind === "notice") {
      const outcome = outcomeOf(entry.text);
      if (outcome) end = { outcome, closing: entry };
    } else if (isAnswer(entry, replyTo)) (end?.closing.nick === entry.nick ? summary : answers).push(entry); // the others' may come after its end
  }
  return end && replyTo ? { replyTo, answers, summary, ...end } : null;
}

function isAnswer(entry: Entry | undefined, replyTo: string | null): entry is Message {
  return (
    entry?.what === "message" &&
    entry.bot &&
    entry.kind === "say" &&
    entry.replyTo !== null &&
    (replyTo === null || entry.replyTo === replyTo)
  );
}
