/*
 * Whoever fetches what the page shows, and carries out what the operator decides.
 * What belongs here: commands, and when they are said. What must not: reading answers (`readings.ts`), drawing.
 */

import { useEffect, useMemo, useReducer } from "preact/hooks";
import { answerOf, type Answer } from "../../app/facts";
import { useTools } from "../../components/context";
import type { Desk, Change, Query, Wish } from "./desk";
import { EMPTY, outcomeOf, reduce, wordsOf } from "./desk";
import { EVERY_MS } from "./samples";
import { safeText } from "../../rich/safe";

const DEEDS = "50"; // of the audit log, on the page

export interface Clerk {
  desk: Desk;
  query: (query: Partial<Query>) => void;
  members: (query: Query, from?: number) => Promise<void>;
  open: (nick: string) => Promise<void>;
  close: () => void;
  bans: () => Promise<void>;
  models: () => Promise<void>;
  deeds: () => Promise<void>;
  level: (wanted?: number) => Promise<void>;
  sample: () => Promise<void>;
  announce: (text: string, done: string) => Promise<boolean>;
  kill: (nick: string, reason: string, done: string) => Promise<boolean>;
  ban: (wish: Wish, force?: boolean) => Promise<boolean>;
  test: (target: string) => Promise<void>;
  lift: (target: string) => Promise<void>;
  forget: () => void;
}

export function useClerk(): Clerk {
  const { house } = useTools();
  const [desk, change] = useReducer<Desk, Change>(reduce, EMPTY);
  const deeds = useMemo(() => {
    const ask = async (command: string, ...params: string[]): Promise<Answer> =>
      answerOf(await house.ask(command, params));
    const settle = (answer: Answer, done: string, wish: Wish | null = null): boolean => {
      const outcome = outcomeOf(answer, done, wish);
      change({ type: "outcome", outcome: { ...outcome, text: safeText(outcome.text) } });
      return !outcome.problem;
    };
    const bans = async () => change({ type: "bans", answer: await ask("UBAN", "LIST") });
    return {
      query: (query: Partial<Query>) => change({ type: "queried", query }),
      members: async (query: Query, from = 0) => {
        const sort = `sort=${query.backwards ? "-" : ""}${query.sort}`;
        const words = [query.pattern.trim().replace(/\s+/g, "?"), sort, ...(from ? [`from=${from}`] : [])];
        const answer = await ask("INSPECT", "MEMBERS", words.filter(Boolean).join(" "));
        change({ type: "members", answer, query, more: from > 0 });
      },
      open: async (nick: string) => {
        const answer = await ask("INSPECT", "MEMBER", nick);
        change({ type: "detail", answer });
        if (answer.problem) settle(answer, "");
      },
      close: () => change({ type: "detailClosed" }),
      bans,
      models: async () => change({ type: "models", answer: await ask("INSPECT", "MODELS") }),
      deeds: async () => change({ type: "deeds", answer: await ask("AUDIT", DEEDS) }),
      level: async (wanted?: number) => {
        const answer = await ask("DEFCON", ...(wanted ? [String(wanted)] : []));
        change({ type: "level", answer });
        if (wanted || answer.problem) settle(answer, "");
      },
      sample: async () => change({ type: "sample", answer: await ask("INSPECT", "METRICS") }),
      announce: async (text: string, done: string) => settle(await ask("ANNOUNCE", text), done),
      kill: async (nick: string, reason: string, done: string) => {
        const well = settle(await ask("KILL", nick, reason), done);
        if (well) change({ type: "detailClosed" });
        return well;
      },
      ban: async (wish: Wish, force = false) => {
        const well = settle(await ask("UBAN", wish.verb, wordsOf(wish, force)), "", wish);
        if (well) change({ type: "detailClosed" });
        await bans();
        return well;
      },
      test: async (target: string) => {
        settle(await ask("UBAN", "TEST", target.trim().replace(/\s+/g, "?")), "");
      },
      lift: async (target: string) => {
        settle(await ask("UBAN", "DEL", target), "");
        await bans();
      },
      forget: () => change({ type: "outcome", outcome: null }),
    };
  }, [house]);
  return { desk, ...deeds };
}

/** Do it now and then, as long as the part of the page is there and somebody may be looking. */
export function useEvery(deed: () => unknown, milliseconds = EVERY_MS): void {
  useEffect(() => {
    void deed();
    const timer = setInterval(() => document.hidden || void deed(), milliseconds);
    return () => clearInterval(timer);
  }, [deed, milliseconds]);
}
