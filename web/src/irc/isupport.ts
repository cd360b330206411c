/*
 * What the server says of itself in RPL_ISUPPORT.
 * What belongs here: reading tokens. What must not: acting on them.
 */

export type Isupport = Record<string, string>;

/** The tokens after these parameters of a 005 line (nick first, sentence last). "-NAME" takes one back. */
export function withTokens(known: Isupport, params: readonly string[]): Isupport {
  const tokens = { ...known };
  for (const item of params.slice(1, -1)) {
    const at = item.indexOf("=");
    const name = at < 0 ? item : item.slice(0, at);
    if (name.startsWith("-")) delete tokens[name.slice(1)];
    else
      tokens[name] =
        at < 0
          ? ""
          : item
              .slice(at + 1)
              .replace(/\\x([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  }
  return tokens;
}

/** Ranks, highest first: `[["o", "@"], ["v", "+"]]`. */
export function ranks(tokens: Isupport): [letter: string, symbol: string][] {
  const match = /^\((.*)\)(.*)$/.exec(tokens.PREFIX ?? "(ov)@+");
  if (!match) return [];
  return [...(match[1] ?? "")].map((letter, index) => [letter, (match[2] ?? "")[index] ?? ""]);
}

export function symbols(tokens: Isupport): string {
  return ranks(tokens)
    .map(([, symbol]) => symbol)
    .join("");
}

export interface ModeChange {
  add: boolean;
  letter: string;
  param: string | null;
}

/** `+ov-l ana beto` as single changes, with the parameters where they belong (modern-irc, "MODE message"). */
export function modeChanges(tokens: Isupport, params: readonly string[]): ModeChange[] {
  const [lists = "", always = "", whenSet = ""] = (tokens.CHANMODES ?? "b,k,l,imnst").split(",");
  const ranked = ranks(tokens)
    .map(([letter]) => letter)
    .join("");
  const rest = params.slice(1);
  const changes: ModeChange[] = [];
  let add = true;
  for (const letter of params[0] ?? "") {
    if (letter === "+" || letter === "-") {
      add = letter === "+";
      continue;
    }
    const takes = (lists + always + ranked).includes(letter) || (add && whenSet.includes(letter));
    changes.push({ add, letter, param: takes ? (rest.shift() ?? null) : null });
  }
  return changes;
}
