/*
 * A piece of code: its language, its colours, a button that copies it.
 * What belongs here: the block. What must not: the highlighter itself, which is fetched when first needed.
 */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Check, Copy } from "../components/icons";
import { say } from "../words";
import type { Painted } from "./highlight";

const PATIENCE_MS = 1_000; // for which a block stands without colours, at most, while the page has other work
const LONGEST = 40_000; // characters; beyond that colours cost more than they help

/** `done`: nothing more is added to it; until then it is left without colours, which would change at each letter. */
export function Code({
  text,
  language,
  done,
}: {
  text: string;
  language: string;
  done: boolean;
}): JSX.Element {
  const [painted, setPainted] = useState<{ text: string; nodes: Painted[] } | null>(null);
  useEffect(() => {
    if (!done || !language || text.length > LONGEST) return;
    let wanted = true;
    void import("./highlight").then(({ paint }) =>
      whenIdle(() => wanted && setPainted({ text, nodes: paint(text, language) })),
    );
    return () => {
      wanted = false;
    };
  }, [text, language, done]);
  return (
    <figure class="code">
      <figcaption>
        <span class="code-language">{language || "text"}</span>
        <CopyButton text={text} />
      </figcaption>
      <pre tabIndex={0} aria-label={language || "text"}>
        <code>{painted?.text === text ? painted.nodes.map(draw) : text}</code>
      </pre>
    </figure>
  );
}

/** Colours can wait until a frame has time for them; some browsers do not say when that is. */
function whenIdle(run: () => void): void {
  if ("requestIdleCallback" in globalThis) requestIdleCallback(run, { timeout: PATIENCE_MS });
  else run();
}

function draw(node: Painted, index: number): JSX.Element | string {
  return typeof node === "string" ? (
    node
  ) : (
    <span key={index} class={node.classes}>
      {node.children.map(draw)}
    </span>
  );
}

export function CopyButton({ text }: { text: string }): JSX.Element {
  const [copied, setCopied] = useState(false);
  const copy = () => {
    void writeClipboard(text).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), 1_600);
    });
  };
  return (
    <button type="button" class="copy" onClick={copy}>
      {copied ? <Check /> : <Copy />}
      <span aria-live="polite">{copied ? say("code.copied") : say("code.copy")}</span>
    </button>
  );
}

/** Pages that came without TLS from another machine have no clipboard; the old way still works there. */
export async function writeClipboard(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}
