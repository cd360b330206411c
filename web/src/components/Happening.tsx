/*
 * What happened in a room besides talk, in one quiet line.
 * What belongs here: sentences. What must not: which happenings make a line (`rows.ts`).
 */

import { memo } from "preact/compat";
import type { JSX } from "preact";
import { safeName, safeText } from "../rich/safe";
import type { Happening } from "../state/types";
import { clock, say, type Key } from "../words";
import { arrivalsOf } from "./rows";

const NAMED = 4; // names in a line; the others are counted

/** Drawn again only when what it tells of is another: the list is made anew each time. */
export const HappeningRow = memo(
  Sentence,
  (before, after) =>
    before.happenings.length === after.happenings.length &&
    before.happenings[0] === after.happenings[0] &&
    before.happenings.at(-1) === after.happenings.at(-1),
);

function Sentence({ happenings }: { happenings: readonly Happening[] }): JSX.Element | null {
  const first = happenings[0] as Happening;
  const text = happenings.length > 1 ? gathered(happenings) : sentence(first);
  if (!text) return null;
  return (
    <div class={`happening ${first.kind}`} data-row tabIndex={-1}>
      <time>{clock(first.time)}</time>
      <span>{text}</span>
    </div>
  );
}

function gathered(happenings: readonly Happening[]): string {
  const { came, left } = arrivalsOf(happenings);
  if (came.length && left.length) return say("event.arrivals", { in: list(came), out: list(left) });
  if (came.length) return say("event.arrivals.in", { in: list(came) });
  return left.length ? say("event.arrivals.out", { out: list(left) }) : "";
}

function list(nicks: string[]): string {
  const names = nicks.slice(0, NAMED).map(safeName).join(", ");
  return nicks.length > NAMED ? say("event.others", { names, count: nicks.length - NAMED }) : names;
}

const KEYS: Partial<Record<Happening["kind"], [plain: Key, withText: Key]>> = {
  join: ["event.join", "event.join"],
  part: ["event.part", "event.part"],
  quit: ["event.quit", "event.quit"],
  kick: ["event.kick", "event.kick.reason"],
  nick: ["event.nick", "event.nick"],
  topic: ["event.topic.none", "event.topic"],
  mode: ["event.mode", "event.mode"],
};

function sentence({ kind, nick, other, text }: Happening): string {
  const keys = KEYS[kind];
  const said = safeText(text);
  return keys
    ? say(text ? keys[1] : keys[0], { nick: safeName(nick), other: safeName(other), text: said })
    : said;
}
