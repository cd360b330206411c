/*
 * From what is told to what is shown: one message.
 * What belongs here: pure functions on one message. What must not: where it goes.
 */

import type { Said } from "../irc/events";
import { plainText } from "../irc/formatting";
import type { Tags } from "../irc/line";
import { fold } from "../irc/names";
import type { Message, Provenance } from "./types";

export const NONCE = "+tertulia.chat/nonce";

export function messageOf(said: Said, nick: string, id: string): Message {
  const mine = fold(said.nick) === fold(nick);
  return {
    what: "message",
    id,
    time: said.time,
    kind: said.kind,
    nick: said.nick,
    account: said.account,
    bot: said.bot,
    mine,
    mention: !mine && mentions(said.text, nick),
    text: said.text,
    replyTo: said.tags["+draft/reply"] ?? said.tags["+reply"] ?? null,
    nonce: said.tags[NONCE] ?? null,
    provenance: provenanceOf(said.tags),
    growing: false,
    ended: endOf(said.tags),
    partial: false,
    reactions: null,
    redacted: null,
  };
}

export function endOf(tags: Tags): Message["ended"] {
  if ("tertulia.chat/stopped" in tags) return "stopped";
  return "tertulia.chat/incomplete" in tags ? "incomplete" : null;
}

const FIELDS: [string, keyof Provenance][] = [
  ["model", "model"],
  ["provider", "provider"],
  ["fallback", "fallback"],
  ["tokens-in", "tokensIn"],
  ["tokens-out", "tokensOut"],
  ["cost", "cost"],
  ["asked-by", "askedBy"],
];
const NUMBERS = new Set<keyof Provenance>(["tokensIn", "tokensOut"]);

/** The tags that the server alone lets through, as values; null where there are none. */
export function provenanceOf(tags: Tags): Provenance | null {
  const found: Record<string, string | number | string[]> = {};
  for (const [tag, name] of FIELDS) {
    const value = tags[`tertulia.chat/${tag}`];
    if (value !== undefined) found[name] = NUMBERS.has(name) ? Number(value) : value;
  }
  const tools = tags["tertulia.chat/tools"]?.split(",").filter(Boolean);
  if (tools?.length) found.tools = [...new Set(tools)];
  return Object.keys(found).length ? (found as Provenance) : null;
}

/** Whether a text names somebody: as a word of its own, in any case. */
export function mentions(text: string, nick: string): boolean {
  const words = fold(plainText(text));
  const name = fold(nick);
  if (!name) return false;
  for (let at = words.indexOf(name); at >= 0; at = words.indexOf(name, at + 1)) {
    if (!isNameLetter(words[at - 1]) && !isNameLetter(words[at + name.length])) return true;
  }
  return false;
}

const isNameLetter = (letter: string | undefined) =>
  letter !== undefined && /[\p{L}\p{N}_\-[\]\\^{}|]/u.test(letter);
