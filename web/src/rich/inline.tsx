/*
 * What people write, drawn: IRC formatting, links, rooms, names, `code` and fences.
 * What belongs here: text to elements. No HTML is ever parsed or inserted: elements are made, text stays text.
 */

import type { ComponentChildren, JSX } from "preact";
import { runs, type Look } from "../irc/formatting";
import { mentions } from "../state/messages";
import { Code } from "./code";
import { ownFile, safeText, safeUrl } from "./safe";

export interface Context {
  nick: string; // whose mentions are marked
  onRoom: (room: string) => void;
}

const TOKENS =
  /(`+)([^`\n](?:[^\n]*?[^`\n])?)\1(?!`)|(https?:\/\/[^\s<>"'`\u0000-\u001f]+)|(?<![\p{L}\p{N}_/])(#[^\s,#\u0000-\u001f:;!?]{1,63})/gu;
const FENCE = /^```([\w+#.-]*)[ \t]*\n([^]*?)\n?```[ \t]*$/gm;

/** A whole message of a person. */
export function People({ text, context }: { text: string; context: Context }): JSX.Element {
  const parts: ComponentChildren[] = [];
  let from = 0;
  for (const fence of text.matchAll(FENCE)) {
    if (fence.index > from)
      parts.push(
        <Lines key={from} text={text.slice(from, fence.index).replace(/\n$/, "")} context={context} />,
      );
    parts.push(<Code key={`c${fence.index}`} text={fence[2] ?? ""} language={fence[1] ?? ""} done />);
    from = fence.index + fence[0].length;
    if (text[from] === "\n") from++;
  }
  if (from < text.length || !parts.length)
    parts.push(<Lines key={from} text={text.slice(from)} context={context} />);
  return <>{parts}</>;
}

function Lines({ text, context }: { text: string; context: Context }): JSX.Element {
  return (
    <span class="lines" dir="auto">
      {inline(text, context)}
    </span>
  );
}

/** One or more lines of text as elements. */
export function inline(text: string, context: Context): ComponentChildren[] {
  return runs(safeText(text)).map((run, index) => {
    const inner = linked(run.text, context);
    return Object.keys(run.look).length ? (
      <span key={index} {...looks(run.look)}>
        {inner}
      </span>
    ) : (
      <span key={index}>{inner}</span>
    );
  });
}

function looks(look: Look): { class: string; style?: Record<string, string> } {
  const classes = (["bold", "italic", "underline", "strike", "mono", "reverse"] as const)
    .filter((name) => look[name])
    .map((name) => `irc-${name}`);
  const style: Record<string, string> = {};
  for (const side of ["color", "background"] as const) {
    const value = look[side];
    if (value === undefined) continue;
    if (value.startsWith("#")) style[side === "color" ? "color" : "backgroundColor"] = value;
    else classes.push(`irc-${side === "color" ? "fg" : "bg"}-${Number(value) % 16}`);
  }
  return { class: classes.join(" "), ...(Object.keys(style).length ? { style } : {}) };
}

function linked(text: string, context: Context): ComponentChildren[] {
  const parts: ComponentChildren[] = [];
  let from = 0;
  for (const token of text.matchAll(TOKENS)) {
    if (token.index > from) parts.push(named(text.slice(from, token.index), context, from));
    const [whole, , code, url, room] = token;
    let used = whole.length;
    if (code !== undefined) parts.push(<code key={token.index}>{code}</code>);
    else if (url !== undefined) {
      const address = trimmedUrl(url);
      used = address.length;
      parts.push(
        <Anchor key={token.index} href={address}>
          {ownFile(address, location.origin) ?? address}
        </Anchor>,
      );
    } else if (room !== undefined) {
      const name = room.replace(/[.)\]}'"»]+$/, "");
      used = name.length;
      if (name.length > 1)
        parts.push(
          <button key={token.index} type="button" class="room-link" onClick={() => context.onRoom(name)}>
            {name}
          </button>,
        );
      else parts.push(name);
    }
    const rest = whole.slice(used);
    if (rest) parts.push(rest);
    from = token.index + whole.length;
  }
  if (from < text.length) parts.push(named(text.slice(from), context, from));
  return parts;
}

/** A full stop after an address, or a bracket around it, is not of it. */
function trimmedUrl(url: string): string {
  let end = url.replace(/[.,;:!?…]+$/, "");
  while (/[)\]}]$/.test(end) && count(end, ")]}") > count(end, "([{"))
    end = end.slice(0, -1).replace(/[.,;:!?]+$/, "");
  return end;
}

const count = (text: string, letters: string) =>
  [...text].filter((letter) => letters.includes(letter)).length;

/** One's own name is marked. */
function named(text: string, context: Context, key: number): ComponentChildren {
  if (!context.nick || !mentions(text, context.nick)) return text;
  const pattern = new RegExp(`(${context.nick.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")})`, "iu");
  return (
    <span key={`n${key}`}>
      {text.split(pattern).map((part, index) =>
        index % 2 ? (
          <mark key={index} class="me">
            {part}
          </mark>
        ) : (
          part
        ),
      )}
    </span>
  );
}

export function Anchor({ href, children }: { href: string; children: ComponentChildren }): JSX.Element {
  const address = safeUrl(href);
  if (address === null) return <span>{children}</span>;
  return (
    <a href={address} target="_blank" rel="noopener noreferrer nofollow ugc" title={address}>
      {children}
    </a>
  );
}
