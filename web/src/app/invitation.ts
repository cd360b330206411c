/* What the address asks for: `#sala` opens a room, `#join=%23sala%2Cword` follows an invitation into one, `#talk=ana`
opens a private talk (from a notification).

What belongs here: reading and writing the part after "#". What must not: joining (`house.ts`), the browser's steps
(`trail.ts`). */

import { isRoom } from "../irc/names";

export interface Asked {
  room: string; // or a nick
  /** The word of an invitation; "" without one. It goes where a room's key goes. */
  word: string;
}

const UNFIT = /[\s,\x00-\x1f]/;
const PLAIN = /^#[^#]/; // a name that can stand after the address's own "#"
const VERB = /^(join|talk)=/;

export function asked(hash: string): Asked | null {
  let text: string;
  try {
    text = decodeURIComponent(hash.replace(/^#+/, ""));
  } catch {
    return null; // a "%" that escapes nothing
  }
  const nick = text.startsWith("talk=") ? text.slice(5) : "";
  if (nick) return UNFIT.test(nick) || nick.startsWith("#") ? null : { room: nick, word: "" };
  const invited = text.startsWith("join=");
  const [name = "", word = "", ...more] = invited ? text.slice(5).split(",") : [text];
  const bare = name.replace(/^#+/, "");
  if (!bare || more.length || UNFIT.test(text.replace(",", ""))) return null;
  if (!invited && UNFIT.test(text)) return null;
  return { room: invited && isRoom(name) ? name : `#${bare}`, word };
}

/** What leads to a room or a talk; `asked` reads it again. */
export function addressOf(name: string): string {
  if (!isRoom(name)) return `#talk=${encodeURIComponent(name)}`;
  const bare = name.slice(1);
  return PLAIN.test(name) && !VERB.test(bare)
    ? `#${encodeURIComponent(bare)}`
    : `#join=${encodeURIComponent(name)}`;
}
