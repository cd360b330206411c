/*
 * A model that asks for leave: the notice with its name, and the notices with the arguments, as one thing.
 * What belongs here: finding one among entries, and what became of it. What must not: drawing (`Approval.tsx`).
 */

import { plainText } from "../irc/formatting";
import { fold } from "../irc/names";
import type { Entry, Message } from "../state/types";

export const APPROVAL_MS = 5 * 60_000; // docs/tools.md: "nothing, for 5 minutes"
const PIECES = 8; // entries after it that may carry the arguments
const REACH = 300; // entries after it among which the decision is looked for

export interface Approval {
  message: Message;
  pieces: Message[]; // the notices with the arguments
  id: string;
  tool: string;
  asker: string | null; // null in private: whoever reads it
  arguments: string; // as told, whole
  settled: "approved" | "denied" | "over" | null;
}

const ASKS =
  /^(?:(\S+): )?(\S+) (?:wants to call|quiere llamar a) (\S+): !(?:approve|aprueba) ([0-9a-z]+) \S+ !(?:deny|deniega) \4 /;

/** The call that waits for a word, told at `index`; null for anything else. */
export function approvalAt(entries: readonly Entry[], index: number): Approval | null {
  const message = entries[index];
  if (message?.what !== "message" || !message.bot || message.kind !== "notice") return null;
  const found = ASKS.exec(plainText(message.text));
  const [, asker = null, nick = "", tool = "", id = ""] = found ?? [];
  if (!found || fold(nick) !== fold(message.nick)) return null; // nobody asks in another's name
  const pieces = piecesOf(entries, index, message);
  return {
    message,
    pieces,
    id,
    tool,
    asker,
    arguments: pieces.map((piece) => bare(piece.text, asker)).join(""),
    settled: settledOf(entries, index, message, id, asker),
  };
}

function piecesOf(entries: readonly Entry[], index: number, message: Message): Message[] {
  const pieces: Message[] = [];
  for (const entry of entries.slice(index + 1, index + 1 + PIECES)) {
    if (entry.what !== "message" || entry.nick !== message.nick || entry.kind !== "notice") continue;
    if (entry.replyTo !== message.replyTo || ASKS.test(plainText(entry.text))) break;
    pieces.push(entry);
    const told = pieces.map((piece) => bare(piece.text, asker(message))).join("");
    if (isWhole(told)) return pieces;
    if (!told.startsWith("{")) return [];
  }
  return pieces;
}

const asker = (message: Message) => ASKS.exec(plainText(message.text))?.[1] ?? null;

const bare = (text: string, name: string | null) =>
  name !== null && text.startsWith(`${name}: `) ? text.slice(name.length + 2) : text;

function isWhole(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const WORDS = /!(?:(approve|aprueba|autoriza)|(?:deny|deniega|rechaza))\s+(.*)/i;

/** What the asker said of it, or what the model says came of it. What others type has no effect, and none here. */
function settledOf(
  entries: readonly Entry[],
  index: number,
  message: Message,
  id: string,
  by: string | null,
): Approval["settled"] {
  for (const entry of entries.slice(index + 1, index + REACH)) {
    if (entry.what !== "message") continue;
    const text = plainText(entry.text);
    if (entry.nick === message.nick && entry.kind === "notice") {
      if (!text.includes(`${id} (`)) continue;
      if (ASKS.test(text)) continue;
      if (/was approved by|ha aprobado/.test(text)) return "approved";
      return /was denied by|ha denegado/.test(text) ? "denied" : "over";
    }
    const told = WORDS.exec(text);
    if (!told || entry.bot || !told[2]?.toLowerCase().split(/\s+/).includes(id)) continue;
    if (by === null ? entry.mine : fold(entry.nick) === fold(by)) return told[1] ? "approved" : "denied";
  }
  return null;
}
