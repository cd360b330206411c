/*
 * Capabilities: which ones this client knows, and their negotiation as arithmetic on sets.
 * What belongs here: names and values. What must not: what they change (`protocol.ts`).
 */

export const WANTED = [
  "message-tags",
  "server-time",
  "batch",
  "echo-message",
  "labeled-response",
  "multi-prefix",
  "extended-join",
  "away-notify",
  "account-notify",
  "account-tag",
  "cap-notify",
  "setname",
  "chghost",
  "standard-replies",
  "invite-notify",
  "userhost-in-names",
  "draft/chathistory",
  "draft/multiline",
  "draft/message-redaction",
  "draft/read-marker",
  "draft/metadata-2",
  "draft/event-playback",
  "soju.im/search",
  "draft/search",
  "draft/pre-away",
  "draft/webpush",
  "tertulia.chat/stream",
  "tertulia.chat/reactions",
] as const;

/** Wanted only for what it brings: past joins would crowd the talk. */
const UNWANTED = new Set<string>(["draft/event-playback"]);

export type Values = Record<string, string>;

/** The capabilities of a list as sent by CAP LS or NEW: `name` or `name=value`. */
export function parseList(text: string): Values {
  const values: Values = {};
  for (const item of text.split(" ").filter(Boolean)) {
    const at = item.indexOf("=");
    values[at < 0 ? item : item.slice(0, at)] = at < 0 ? "" : item.slice(at + 1);
  }
  return values;
}

/** What to ask for of what is offered. */
export function toRequest(offered: Values, withSasl: boolean): string[] {
  const names = WANTED.filter((name) => name in offered && !UNWANTED.has(name)) as string[];
  return withSasl && "sasl" in offered ? [...names, "sasl"] : names;
}

/** `max-bytes=16384,max-lines=200` as numbers. */
export function limitsOf(value: string | undefined): Record<string, number> {
  const found: Record<string, number> = {};
  for (const item of (value ?? "").split(",")) {
    const [name = "", number = ""] = item.split("=");
    if (name && Number.isFinite(Number(number))) found[name] = Number(number);
  }
  return found;
}
