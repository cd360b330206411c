/*
 * Text within limits: long lines cut between words, whole messages as lines.
 * What belongs here: bytes and cuts. What must not: sending.
 */

const encoder = new TextEncoder();

export function byteLength(text: string): number {
  return encoder.encode(text).length;
}

/** The room there is for text in a line that is relayed with the longest source (multiline.md: "353 bytes"). */
export const LINE_TEXT_BYTES = 350;

/** A text as pieces of at most `room` bytes, cut after a space where there is one; joined again they are the text. */
export function cut(text: string, room: number = LINE_TEXT_BYTES): string[] {
  const pieces: string[] = [];
  let rest = text;
  while (byteLength(rest) > room) {
    const end = fitting(rest, room);
    const space = rest.lastIndexOf(" ", end - 1);
    const at = space > end / 3 ? space + 1 : end;
    pieces.push(rest.slice(0, at));
    rest = rest.slice(at);
  }
  pieces.push(rest);
  return pieces;
}

const segmenter =
  typeof Intl !== "undefined" && "Segmenter" in Intl
    ? new Intl.Segmenter(undefined, { granularity: "grapheme" })
    : null;

/** How many UTF-16 units fit, never dividing what is seen as one character, and at least one of them. */
function fitting(text: string, room: number): number {
  const start = text.slice(0, room + 64);
  let used = 0;
  let end = 0;
  for (const one of segmenter ? segmenter.segment(start) : [...start].map((segment) => ({ segment }))) {
    used += byteLength(one.segment);
    if (used > room && end > 0) break;
    end += one.segment.length;
    if (used > room) break;
  }
  return end;
}

export interface Piece {
  text: string;
  concat: boolean; // continues the piece before it without a break
}

/** A message as the lines of a multiline batch. */
export function pieces(text: string, room: number = LINE_TEXT_BYTES): Piece[] {
  return text
    .split("\n")
    .flatMap((line) => cut(line, room).map((piece, index) => ({ text: piece, concat: index > 0 })));
}

export function joined(lines: readonly Piece[]): string {
  return lines.map((line, index) => (index > 0 && !line.concat ? "\n" : "") + line.text).join("");
}

/** A word for a service (docs/accounts.md): in quotes, so that it may have spaces. */
export function quoted(word: string): string {
  return `"${word.replace(/[\\"]/g, "\\$&")}"`;
}
