/*
 * What the word before the cursor may become: names, rooms, commands.
 * What belongs here: pure functions. What must not: the list on the screen.
 */

import { fold } from "../irc/names";
import { safeName } from "../rich/safe";
import type { Buffer, State } from "../state/types";
import { say } from "../words";
import { BANGS, COMMANDS } from "./commands";

export interface Completion {
  insert: string; // in the place of the word
  label: string;
  detail: string;
  nick?: string;
  bot?: boolean;
}

export interface Offer {
  from: number; // where the word begins
  items: Completion[];
}

const SHOWN = 8;

/** What to offer for a text with the cursor at `at`. By `Tab` (`asked`) bare words are completed too. */
export function offer(state: State, buffer: Buffer, text: string, at: number, asked: boolean): Offer | null {
  const from = text.slice(0, at).search(/\S+$/);
  if (from < 0) return null;
  const word = text.slice(from, at);
  const items = itemsFor(state, buffer, word, from === 0, asked, text);
  return items.length ? { from, items: items.slice(0, SHOWN) } : null;
}

function itemsFor(
  state: State,
  buffer: Buffer,
  word: string,
  first: boolean,
  asked: boolean,
  text: string,
): Completion[] {
  if (word.startsWith("/") && first) return commands(word.slice(1));
  if (word.startsWith("!") && (first || /^\S+[:,]\s+!\S*$/.test(text))) return bangs(word.slice(1));
  if (word.startsWith("#")) return rooms(state, word);
  if (word.startsWith("@")) return nicks(state, buffer, word.slice(1), first, "@");
  return asked ? nicks(state, buffer, word, first, "") : [];
}

const commands = (start: string) =>
  COMMANDS.filter(({ name }) => name.startsWith(start.toLowerCase())).map(({ name, usage, help }) => ({
    insert: `/${name} `,
    label: `/${name} ${usage}`.trim(),
    detail: say(help),
  }));

const bangs = (start: string) =>
  BANGS.filter(({ name }) => name.startsWith(start.toLowerCase())).map(({ name, help }) => ({
    insert: `!${name} `,
    label: `!${name}`,
    detail: say(help),
  }));

function rooms(state: State, start: string): Completion[] {
  const known = Object.values(state.buffers)
    .filter((buffer) => buffer.kind === "room")
    .map(({ name, topic }) => ({ name, topic }));
  const listed = (state.listing?.rooms ?? []).map(({ room, topic }) => ({ name: room, topic }));
  const all = new Map([...listed, ...known].map((room) => [fold(room.name), room]));
  return [...all.values()]
    .filter(({ name }) => fold(name).startsWith(fold(start)))
    .map(({ name, topic }) => ({ insert: `${name} `, label: safeName(name), detail: topic }));
}

/** Whoever spoke last comes first. */
function nicks(state: State, buffer: Buffer, start: string, first: boolean, sign: string): Completion[] {
  const wanted = fold(start);
  const last = new Map<string, number>();
  for (const entry of (buffer.segments.at(-1)?.entries ?? []).slice(-200))
    if (entry.what === "message") last.set(fold(entry.nick), entry.time);
  const me = fold(state.nick);
  const present = buffer.kind === "room" ? [...buffer.members.keys()] : [buffer.key];
  return present
    .filter((key) => key.startsWith(wanted) && key !== me)
    .sort((a, b) => (last.get(b) ?? 0) - (last.get(a) ?? 0) || (a < b ? -1 : 1))
    .slice(0, SHOWN)
    .map((key) => {
      const nick = buffer.members.get(key)?.nick ?? buffer.name;
      const user = state.users.get(key);
      return {
        insert: first ? `${nick}: ` : `${sign}${nick} `,
        label: safeName(nick),
        detail: user?.bot ? say("message.model") : "",
        nick,
        bot: user?.bot ?? false,
      };
    });
}
