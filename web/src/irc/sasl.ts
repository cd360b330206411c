/*
 * SASL PLAIN as lines (IRCv3 sasl-3.1).
 * What belongs here: encoding and chunks. What must not: when to send them.
 */

const CHUNK = 400; // "split to 400-byte chunks"

export interface Credentials {
  account: string;
  password: string;
}

/** The parameters of AUTHENTICATE that answer the server's `+`. */
export function plain({ account, password }: Credentials): string[] {
  const bytes = new TextEncoder().encode(`${account}\0${account}\0${password}`);
  const text = btoa(String.fromCharCode(...bytes));
  const chunks = text.match(new RegExp(`.{1,${CHUNK}}`, "g")) ?? [];
  return text.length % CHUNK === 0 ? [...chunks, "+"] : chunks;
}
