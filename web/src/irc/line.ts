/*
 * One line of IRC as a value; `parse` and `format` are inverses.
 * What belongs here: the grammar of a line and of its tags. What must not: meaning, sockets.
 */

export type Tags = Record<string, string>;

export interface Line {
  tags: Tags | null; // values unescaped, "" for a tag without one
  source: string | null; // without the colon
  command: string; // upper case; "" for an empty line
  params: string[];
}

const PARAMETERS = 15; // RFC 1459 2.3

/** A line without CR LF as a value. Never throws. */
export function parse(text: string): Line {
  let tags: Tags | null = null;
  let source: string | null = null;
  if (text.startsWith("@")) {
    const [raw, rest] = partition(text, " ");
    tags = parseTags(raw.slice(1));
    text = rest.replace(/^ +/, "");
  }
  if (text.startsWith(":")) {
    const [raw, rest] = partition(text.slice(1), " ");
    source = raw;
    text = rest.replace(/^ +/, "");
  }
  const trailing = text.indexOf(" :");
  const head = trailing < 0 ? text : text.slice(0, trailing);
  const params = head.split(" ").filter((word) => word !== "");
  const command = (params.shift() ?? "").toUpperCase();
  if (command === "") return { tags, source, command, params: [] };
  if (trailing >= 0) params.push(text.slice(trailing + 2));
  if (params.length > PARAMETERS) params.push(params.splice(PARAMETERS - 1).join(" "));
  return { tags, source, command, params };
}

/** The line as text, without CR LF. The last parameter gets a colon where it needs one. */
export function format(
  command: string,
  params: readonly string[] = [],
  tags?: Tags | null,
  source?: string | null,
): string {
  const words: string[] = [];
  if (tags && Object.keys(tags).length) words.push("@" + formatTags(tags));
  if (source) words.push(":" + source);
  words.push(command);
  params.forEach((param, index) => {
    const needed =
      index === params.length - 1 && (param === "" || param.startsWith(":") || param.includes(" "));
    words.push(needed ? ":" + param : param);
  });
  return words.join(" ");
}

export function parseTags(text: string): Tags {
  const tags: Tags = {};
  for (const item of text.split(";")) {
    const [key, value] = partition(item, "=");
    if (key && key !== "__proto__") tags[key] = unescape(value);
  }
  return tags;
}

export function formatTags(tags: Tags): string {
  return Object.entries(tags)
    .map(([key, value]) => (value ? `${key}=${escape(value)}` : key))
    .join(";");
}

const TO_ESCAPE: Record<string, string> = { ";": "\\:", " ": "\\s", "\\": "\\\\", "\r": "\\r", "\n": "\\n" };
const ESCAPES: Record<string, string> = { ":": ";", s: " ", "\\": "\\", r: "\r", n: "\n" };

export function escape(value: string): string {
  return value.replace(/[; \\\r\n]/g, (found) => TO_ESCAPE[found] ?? found);
}

/** "If a lone \ exists at the end of an escaped value [...] the \ SHOULD be dropped." */
export function unescape(value: string): string {
  return value.includes("\\")
    ? value.replace(/\\([^]?)/g, (_, found: string) => ESCAPES[found] ?? found)
    : value;
}

export function partition(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + separator.length)];
}
