/*
 * Formulas, by KaTeX into elements (never HTML). Fetched when the first one is shown.
 * What belongs here: the bounds under which a stranger's formula is set.
 */

import katex from "katex";
import "katex/dist/katex.min.css";

export function typeset(text: string, place: HTMLElement, display: boolean): void {
  katex.render(text, place, {
    displayMode: display,
    throwOnError: false,
    trust: false,
    maxSize: 20,
    maxExpand: 200,
    strict: "ignore",
  });
}
