/*
 * What may be shown and followed: everything said is hostile until shown safe.
 * What belongs here: rules about addresses and characters. What must not: drawing.
 */

const SCHEMES = new Set([
  "http:",
  "https:",
  "mailto:",
  "irc:",
  "ircs:",
  "xmpp:",
  "matrix:",
  "magnet:",
  "geo:",
  "tel:",
]);

/** The address that a link may lead to, or null. Never a script, never data, never a file. */
export function safeUrl(text: string): string | null {
  const trimmed = text.trim();
  if (/[\x00-\x1f\x7f]/.test(trimmed)) return null;
  try {
    const url = new URL(trimmed);
    return SCHEMES.has(url.protocol) && !(url.protocol.startsWith("http") && !url.hostname) ? url.href : null;
  } catch {
    return null;
  }
}

// Marks that turn the writing direction or hide letters: a nick that carries them is made to look like another.
const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const INVISIBLE =
  /[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2064\u206a-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]|\udb40[\udc00-\udfff]/g;
const CONTROL = /[\x00-\x1f\x7f-\x9f\u2028\u2029]/g;

// Marks on one letter beyond those that any script writes: they pile up over what others have said.
const PILED = /(\p{M}{6})\p{M}+/gu;

/** A name as it is shown: without controls, direction marks, towers of accents and what cannot be seen. */
export function safeName(name: string): string {
  return name.replace(CONTROL, "").replace(BIDI, "").replace(INVISIBLE, "").replace(PILED, "$1") || "?";
}

/** A line of text: controls away, direction marks and towers of accents; the element isolates what letters do. */
export function safeText(text: string): string {
  return text
    .replace(/[\x00-\x01\x05-\x08\x0b\x0c\x0e\x10\x12-\x15\x17-\x1c\x7f-\x9f\u2028\u2029]/g, "")
    .replace(BIDI, "")
    .replace(PILED, "$1");
}

/** The name of a file that was handed in here (docs/files.md), when an address is one's; null for any other. Only what
 *  lies on this server is called by its name: an address of others is shown as it is. */
export function ownFile(address: string, here: string): string | null {
  try {
    const url = new URL(address);
    const [, name] = /\/[A-Za-z0-9_-]{20,}\/([^/]+)$/.exec(url.pathname) ?? [];
    return name && url.origin === here ? safeName(decodeURIComponent(name)) : null;
  } catch {
    return null;
  }
}

const IMAGE = /\.(png|jpe?g|gif|webp|avif)$/i;

/** Whether an address seems to be a picture, by its name. */
export function isImage(url: string): boolean {
  try {
    return IMAGE.test(new URL(url).pathname);
  } catch {
    return false;
  }
}

/** The address from which somebody's picture may be drawn here, or null: of the page's own server at once, of others
 *  over https and only if `elsewhere` is wanted. */
export function pictureOf(avatar: string, here: string, elsewhere: boolean): string | null {
  const address = safeUrl(avatar.replace("{size}", "64"));
  if (address === null || !/^https?:/.test(address)) return null;
  const [url, page] = [new URL(address), new URL(here)];
  if (url.origin === page.origin) return address;
  return elsewhere && url.protocol === "https:" ? address : null;
}

/** A hue for a name, always the same one. */
export function hueOf(name: string): number {
  let hash = 2166136261;
  for (const letter of name) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16777619);
  return (hash >>> 0) % 12;
}
