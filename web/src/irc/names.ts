/*
 * Names: who a source is, which names are one name, what is a room.
 * What belongs here: questions about names. What must not: who is present.
 */

import { partition } from "./line";

export interface Source {
  nick: string; // or the name of a server
  user: string;
  host: string;
}

export function parseSource(source: string | null): Source {
  const [name, host] = partition(source ?? "", "@");
  const [nick, user] = partition(name, "!");
  return { nick, user, host };
}

const ASCII = /^[\x21-\x7e]*$/;

/** The key under which a name is kept: two names with one key are one name. Case folding as in Unicode, composed. */
export function fold(name: string): string {
  if (ASCII.test(name)) return name.toLowerCase();
  return name.normalize("NFD").toUpperCase().toLowerCase().replaceAll("ς", "σ").normalize("NFC");
}

export function isRoom(name: string): boolean {
  return name.startsWith("#") || name.startsWith("&");
}

/** `@#room` is said to a room's operators; it belongs to the room all the same. */
export function withoutStatus(target: string, statuses: string): string {
  return target.length > 1 && statuses.includes(target[0] ?? "") && isRoom(target.slice(1))
    ? target.slice(1)
    : target;
}

/** `*` and `?` as in bans. */
export function matches(mask: string, name: string): boolean {
  const pattern = fold(mask)
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", "[^]*")
    .replaceAll("?", "[^]");
  return new RegExp(`^${pattern}$`, "u").test(fold(name));
}
