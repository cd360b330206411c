/*
 * Answers of the server and of its services that are sentences, read as values. Both languages are read, since the
 * session's language is the server's to know. What is not understood is kept as it was told.
 * What belongs here: pure functions on texts. What must not: asking (`asking.ts`), drawing.
 */

import type { Event } from "../irc/events";
import { plainText } from "../irc/formatting";

/** What services said in an answer, line by line. */
export const saidIn = (events: readonly Event[]): string[] =>
  events.flatMap((event) => (event.type === "said" ? [event.said.text] : []));

/** Why the server refused, in its words; "" when it did not. */
export const refusalIn = (events: readonly Event[]): string => {
  const one = events.find((event) => event.type === "failed" || (event.type === "told" && event.error));
  return one && "text" in one ? one.text : "";
};

// --- Files (docs/files.md) ---------------------------------------------------------------------------------------

export interface StoredFile {
  link: string;
  name: string;
  size: number; // bytes
  type: string;
  owner: string | null; // account; null: a guest
  until: string | null; // a day, as YYYY-MM-DD
}

const FILE = /^([^]*) \((\d+) bytes, ([^)]*)\), (?:by|de) (\S+), (?:until|hasta) (\S+)$/;

/** A line of FILES LIST: `NOTE FILES FILE <link> :gato.png (120 bytes, image/png), by ana, until 2026-11-30`. */
export function fileOf(link: string, text: string): StoredFile | null {
  const found = FILE.exec(text);
  if (!found || !link) return null;
  const [, name = "", size = "", type = "", owner = "*", until = "–"] = found;
  return {
    link,
    name,
    size: Number(size),
    type,
    owner: owner === "*" ? null : owner,
    until: /^\d{4}-/.test(until) ? until : null,
  };
}

/** FILES USED: `You have 3 files here, 120 of 500 bytes`. */
export function quotaOf(text: string): { count: number; used: number; quota: number } | null {
  const found = /(\d+) (?:files|archivos)[^\d]*(\d+) (?:of|de) (\d+) bytes/.exec(text);
  return found ? { count: Number(found[1]), used: Number(found[2]), quota: Number(found[3]) } : null;
}

/** Where a file of our own server is reached from this page: under the page's own origin, whatever name the link has.
 *  Null for any other address. `host` is where files are handed in (ISUPPORT). */
export function localLink(link: string, host: string | null): string | null {
  if (host === null) return null;
  try {
    const [base, url] = [new URL(host), new URL(link)];
    const folder = base.pathname.replace(/\/$/, "");
    if (!/^https?:$/.test(url.protocol) || !url.pathname.startsWith(`${folder}/`)) return null;
    return /^[A-Za-z0-9_-]{20,}(\/[^/]*)?$/.test(url.pathname.slice(folder.length + 1))
      ? base.origin + url.pathname
      : null;
  } catch {
    return null;
  }
}

export const isPicture = (file: StoredFile) => /^image\/(png|jpeg|gif|webp|avif)$/.test(file.type);

// --- Sessions (docs/accounts.md) -----------------------------------------------------------------------------------

export interface Session {
  number: number;
  nick: string;
  door: string;
  address: string;
  device: string | null;
  since: string; // as told: a day and a time of UTC
  own: boolean;
}

const SESSION =
  /^(\d+)\. (\S+) (?:by|por) (\S+) (?:from|desde) ([^,\s]+)(?:, (?:on|en) ([^,]+))?, (?:since|desde) ([\d-]+ [\d:]+) UTC( \((?:this one|esta)\))?$/;

/** A line of NickServ SESSIONS. */
export function sessionOf(text: string): Session | null {
  const found = SESSION.exec(plainText(text).trim());
  if (!found) return null;
  const [, number = "", nick = "", door = "", address = "", device = null, since = "", own] = found;
  return { number: Number(number), nick, door, address, device, since, own: own !== undefined };
}

/** `2026-11-22 19:20`, which is UTC, as milliseconds since 1970; null for anything else. */
export function momentOf(since: string): number | null {
  const at = Date.parse(`${since.replace(" ", "T")}:00Z`);
  return Number.isNaN(at) ? null : at;
}

// --- What models cost (docs/models.md) -------------------------------------------------------------------------------

export interface Spending {
  whose: string;
  day: string;
  month: string;
}

/** A line of `!usage`: `#sala: today 3 calls, 120 tokens, 0.0010 USD; this month 3 calls, ...` */
export function spendingOf(text: string): Spending | null {
  const found = /^(.+?): (?:today|hoy) ([^;]+); (?:this month|este mes) (.+?)\.?$/.exec(
    plainText(text).trim(),
  );
  const [, whose = "", day = "", month = ""] = found ?? [];
  return found && { whose, day, month };
}

/** `3 calls, 120 tokens, 0.0010 USD (20 more are reserved), of 5.00 USD` in parts; where no price is known,
 * `price unknown`. */
export function amountOf(
  text: string,
): { calls: number; tokens: number; cost: string; bounds: string[] } | null {
  const found =
    /^(\d+) (?:calls?|llamadas?), (\d+) tokens, ([\d.]+ [A-Z]{3}(?: (?:and|y) \d+ tokens (?:of unknown price|de precio desconocido))?|price unknown|precio desconocido)(?: \([^)]*\))?((?:, (?:of|de) [^,]+(?:, \d+ tokens)?)*)$/.exec(
      text.trim(),
    );
  if (!found) return null;
  const bounds = (found[4] ?? "").split(/, (?:of|de) /).filter(Boolean);
  return { calls: Number(found[1]), tokens: Number(found[2]), cost: found[3] ?? "", bounds };
}

// --- Invitations by link (docs/rooms.md) -----------------------------------------------------------------------------

export interface Invitation {
  name: string; // by which it is taken back
  by: string;
  until: number; // milliseconds since 1970
  used: number;
  uses: number | null; // null: without end
}

const LINK =
  /^(\S+) (?:by|de) (\S+), (?:until|hasta) ([\d-]+ [\d:]+) UTC, (?:used|usado) (\d+) (?:of|de) (\d+|no end|sin fin)$/;

/** A line of ChanServ LINKS. */
export function invitationOf(text: string): Invitation | null {
  const found = LINK.exec(plainText(text).trim());
  const [, name = "", by = "", day = "", used = "", uses = ""] = found ?? [];
  const until = momentOf(day);
  if (!found || until === null) return null;
  return { name, by, until, used: Number(used), uses: /^\d+$/.test(uses) ? Number(uses) : null };
}

/** ChanServ's answer to LINK: an address if the server knows its own, then the sentence with the word. The address is
 *  that one, unless only this machine reaches it; else under `origin`, from where this page came. Null for a refusal. */
export function linkMade(lines: readonly string[], origin: string): string | null {
  const word = lines.map((line) => /\/join \S+ (\S+)$/.exec(plainText(line).trim())?.[1]).find(Boolean);
  if (!word) return null;
  const told = lines.map((line) => plainText(line).trim()).find((line) => /^https?:\/\/\S+$/.test(line));
  const near = told && /^https?:\/\/(127\.|localhost[:/]|\[::1\])/.test(told);
  return told && !near ? told : `${origin}/invite/${encodeURIComponent(word)}`;
}
