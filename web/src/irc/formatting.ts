/*
 * Formatting codes of IRC (modern-irc, "Formatting"): a text as runs with a look.
 * What belongs here: reading codes, and taking them away. What must not: drawing.
 */

export interface Look {
  bold?: boolean;
  italic?: boolean;
  underline?: boolean;
  strike?: boolean;
  mono?: boolean;
  reverse?: boolean;
  color?: string; // "0".."98", or "#rrggbb"
  background?: string;
}

export interface Run {
  text: string;
  look: Look;
}

const TOGGLES: Record<string, keyof Look> = {
  "\x02": "bold",
  "\x1d": "italic",
  "\x1f": "underline",
  "\x1e": "strike",
  "\x11": "mono",
  "\x16": "reverse",
};
const CODES =
  /[\x02\x1d\x1f\x1e\x11\x16\x0f]|\x03(?:(\d{1,2})(?:,(\d{1,2}))?)?|\x04(?:([0-9a-fA-F]{6})(?:,([0-9a-fA-F]{6}))?)?/g;

export function hasCodes(text: string): boolean {
  return /[\x02\x03\x04\x0f\x11\x16\x1d-\x1f]/.test(text);
}

export function runs(text: string): Run[] {
  const found: Run[] = [];
  let look: Look = {};
  let from = 0;
  for (const code of text.matchAll(CODES)) {
    if (code.index > from) found.push({ text: text.slice(from, code.index), look });
    look = changed(look, code);
    from = code.index + code[0].length;
  }
  if (from < text.length) found.push({ text: text.slice(from), look });
  return found;
}

function changed(look: Look, code: RegExpMatchArray): Look {
  const sign = code[0][0] ?? "";
  if (sign === "\x0f") return {};
  const toggle = TOGGLES[sign];
  if (toggle) return { ...look, [toggle]: !look[toggle] };
  const [color, background] = sign === "\x03" ? [code[1], code[2]] : [hash(code[3]), hash(code[4])];
  const { color: _color, background: old, ...rest } = look;
  if (color === undefined) return rest;
  const kept = background ?? old;
  const shown = color === "99" ? {} : { color: color.startsWith("#") ? color : String(Number(color)) };
  return {
    ...rest,
    ...shown,
    ...(kept === undefined || kept === "99"
      ? {}
      : { background: kept.startsWith("#") ? kept : String(Number(kept)) }),
  };
}

const hash = (hex: string | undefined) => (hex === undefined ? undefined : "#" + hex);

export function plainText(text: string): string {
  return text.replace(CODES, "");
}
