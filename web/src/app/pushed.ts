/*
 * What a push service brings: one line of IRC (draft/webpush), read as what is to be shown or taken away.
 * What belongs here: pure functions for the service worker, and the addresses that its notices open. What must not:
 * the worker itself (`sw.ts`), subscribing (`push.ts`).
 */

import { plainText } from "../irc/formatting";
import { parse } from "../irc/line";
import { fold, isRoom, parseSource, withoutStatus } from "../irc/names";
import { safeName, safeText } from "../rich/safe";
import { choose, say, speak } from "../words";

/** What the page tells its worker, which cannot look into the page's storage. */
export interface Told {
  language: "auto" | "en" | "es";
  network: string;
  muted: readonly string[]; // keys of rooms and talks
}

export interface Shown {
  title: string;
  body: string;
  tag: string; // one notice for each room or talk, as the page's own have it
  open: string; // the room or nick that it leads to
  time: number;
  silent: boolean;
}

export type Pushed = { show: Shown } | { read: { tag: string; until: number } };

export const NOBODY: Told = { language: "auto", network: "Tertulia", muted: [] };
export const LONGEST = 160; // characters of a message in a notification
const STATUSES = "~&@%+";

/** Null for what is nothing to show: a line that is none of these. */
export function pushedOf(text: string, told: Told, browser: readonly string[], now: number): Pushed | null {
  speak(choose(told.language, browser));
  const line = parse(text.slice(0, 8_192));
  const nick = parseSource(line.source).nick;
  const [target = "", words = ""] = line.params;
  const stamp = Date.parse(line.tags?.time ?? "");
  const at = { time: Number.isNaN(stamp) ? now : stamp };
  if (line.command === "MARKREAD") {
    const until = Date.parse(words.replace(/^timestamp=/, ""));
    return Number.isNaN(until) ? null : { read: { tag: fold(target), until } };
  }
  if (!nick || !target) return null;
  if (line.command === "INVITE") {
    if (!isRoom(words)) return null;
    const title = say("invite.told", { nick: safeName(nick), room: safeName(words) });
    return { show: { title, body: told.network, open: words, ...tagged(words, told), ...at } };
  }
  if (line.command !== "PRIVMSG" && line.command !== "NOTICE") return null;
  const room = withoutStatus(target, STATUSES);
  const open = isRoom(room) ? room : nick;
  const title = `${safeName(nick)} · ${isRoom(room) ? safeName(room) : told.network}`;
  const acted = /^\x01ACTION ([^\x01]*)\x01?$/.exec(words);
  const body = safeText(plainText(acted ? `${nick} ${acted[1]}` : words)).slice(0, LONGEST);
  return { show: { title, body, open, ...tagged(open, told), ...at } };
}

const tagged = (name: string, told: Told) => ({
  tag: fold(name),
  silent: told.muted.includes(fold(name)),
});
