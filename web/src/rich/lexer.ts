/*
 * Markdown as tokens, also while it grows: what is finished is not read again.
 * What belongs here: marked's lexer, and formulas as tokens of our own. What must not: drawing.
 */

import { Marked, type Token, type TokenizerAndRendererExtension } from "marked";

const BLOCK_FORMULA = /^(?:\$\$\s*([^]+?)\s*\$\$|\\\[\s*([^]+?)\s*\\\])[ \t]*(?:\n|$)/;
const INLINE_FORMULA =
  /^(?:\$(?![\s$])((?:\\.|[^\\\n$])+?)(?<!\s)\$(?![\d\p{L}])|\\\(\s*([^\n]+?)\s*\\\)|\$\$([^\n$]+?)\$\$)/u;

const formulas: TokenizerAndRendererExtension[] = [
  {
    name: "blockFormula",
    level: "block",
    start: (source) => nonNegative(source.search(/(^|\n)(\$\$|\\\[)/)),
    tokenizer: (source) => {
      const found = BLOCK_FORMULA.exec(source);
      return found ? { type: "blockFormula", raw: found[0], text: found[1] ?? found[2] ?? "" } : undefined;
    },
  },
  {
    name: "inlineFormula",
    level: "inline",
    start: (source) => nonNegative(source.search(/\$|\\\(/)),
    tokenizer: (source) => {
      const found = INLINE_FORMULA.exec(source);
      return found
        ? { type: "inlineFormula", raw: found[0], text: found[1] ?? found[2] ?? found[3] ?? "" }
        : undefined;
    },
  },
];

const nonNegative = (index: number) => (index < 0 ? undefined : index);

const marked = new Marked({ gfm: true, breaks: true, extensions: formulas });

export interface Lexed {
  text: string;
  tokens: Token[];
}

const REREAD = 2; // blocks at the end that what follows may still change: "2." after a blank line goes on with a list

/** The tokens of `text`; `before` is what was read of its beginning. */
export function lex(text: string, before?: Lexed): Lexed {
  const kept = before && text.startsWith(before.text) ? before.tokens.slice(0, settled(before.tokens)) : [];
  const length = kept.reduce((sum, token) => sum + token.raw.length, 0);
  return { text, tokens: [...kept, ...marked.lexer(text.slice(length))] };
}

/** How many tokens at the beginning stay as they are; blank lines are no blocks. */
function settled(tokens: readonly Token[]): number {
  let end = tokens.length;
  for (let blocks = 0; end > 0 && blocks < REREAD; end--) if (tokens[end - 1]?.type !== "space") blocks += 1;
  return end;
}
