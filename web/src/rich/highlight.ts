/*
 * Colours for code, by highlight.js through lowlight: a tree of classes, never HTML. Fetched on demand.
 * What belongs here: the languages. What must not: elements.
 */

import { common, createLowlight } from "lowlight";

export type Painted = string | { classes: string; children: Painted[] };

const lowlight = createLowlight(common);
const ALIASES: Record<string, string> = {
  python3: "python",
  console: "shell",
  terminal: "shell",
  "c++": "cpp",
  text: "plaintext",
  txt: "plaintext",
};

interface Node {
  type: string;
  value?: string;
  children?: Node[];
  properties?: { className?: string[] };
}

/** The text as runs of classes; a language that is unknown leaves it as it is. */
export function paint(text: string, language: string): Painted[] {
  const name = ALIASES[language.toLowerCase()] ?? language.toLowerCase();
  if (!lowlight.registered(name)) return [text];
  return ((lowlight.highlight(name, text) as unknown as Node).children ?? []).map(converted);
}

function converted(node: Node): Painted {
  if (node.type === "text") return node.value ?? "";
  return {
    classes: (node.properties?.className ?? []).join(" "),
    children: (node.children ?? []).map(converted),
  };
}
