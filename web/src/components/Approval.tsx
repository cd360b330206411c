/*
 * A call that waits for a word: which, with what, and the buttons for those whose word counts. What they send is what
 * one would type; the others see the same, without buttons.
 * What belongs here: drawing one. What must not: finding it (`approvals.ts`).
 */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { safeName, safeText } from "../rich/safe";
import { clock, say, type Key } from "../words";
import { APPROVAL_MS, type Approval } from "./approvals";
import { Nick } from "./Avatar";
import { useTools } from "./context";
import { Shield } from "./icons";

const ENDS: Record<NonNullable<Approval["settled"]>, Key> = {
  approved: "approval.approved",
  denied: "approval.denied",
  over: "approval.over",
};

export function ApprovalRow({
  buffer,
  approval,
  mayDecide,
}: {
  buffer: string;
  approval: Approval;
  mayDecide: boolean;
}): JSX.Element {
  const { message, id, tool, settled, asker } = approval;
  const late = useLate(message.time + APPROVAL_MS);
  const end = settled ?? (late ? "over" : null);
  return (
    <article
      class="approval"
      data-row
      data-id={message.id}
      tabIndex={-1}
      aria-label={say("approval.label", { nick: safeName(message.nick), tool: safeName(tool) })}
    >
      <header>
        <Shield size={18} />
        <p>
          <Nick nick={message.nick} /> {say("approval.asks")} <code>{safeName(tool)}</code>
        </p>
        <time dateTime={new Date(message.time).toISOString()}>{clock(message.time)}</time>
      </header>
      <pre tabIndex={0} dir="ltr" aria-label={say("approval.arguments")}>
        {pretty(approval.arguments)}
      </pre>
      {end ? (
        <p class={`approval-end ${end}`}>{say(ENDS[end])}</p>
      ) : mayDecide ? (
        <Buttons buffer={buffer} nick={message.nick} id={id} />
      ) : (
        <p class="quiet">
          {say("approval.others", { nick: safeName(asker ?? "") })} <code>{safeText(`!approve ${id}`)}</code>{" "}
          · <code>{safeText(`!deny ${id}`)}</code>
        </p>
      )}
    </article>
  );
}

function Buttons({ buffer, nick, id }: { buffer: string; nick: string; id: string }): JSX.Element {
  const { deeds } = useTools();
  const [sent, setSent] = useState(false);
  const decide = (words: string) => () => {
    setSent(true);
    deeds.decide(buffer, nick, words);
  };
  const choices: [Key, string, string][] = [
    ["approval.approve", `!approve ${id}`, "primary small"],
    ["approval.private", `!approve ${id} private`, "secondary"],
    ["approval.deny", `!deny ${id}`, "secondary danger"],
  ];
  const shown = deeds.isTalk(buffer) ? choices.filter(([key]) => key !== "approval.private") : choices;
  return (
    <div class="buttons">
      {shown.map(([key, words, style]) => (
        <button key={key} type="button" class={style} disabled={sent} onClick={decide(words)}>
          {say(key)}
        </button>
      ))}
    </div>
  );
}

/** The arguments with a line for each, where they are what they should be. Signs that do not print stay written out. */
function pretty(text: string): string {
  try {
    JSON.parse(text);
  } catch {
    return safeText(text);
  }
  let deep = 0;
  let quoted = false;
  let out = "";
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] as string;
    if (quoted) {
      out += letter;
      if (letter === "\\") out += text[++at] ?? "";
      else if (letter === '"') quoted = false;
    } else if (letter === '"') {
      quoted = true;
      out += letter;
    } else if ("{[".includes(letter)) out += `${letter}\n${"  ".repeat(++deep)}`;
    else if ("}]".includes(letter)) out += `\n${"  ".repeat(--deep)}${letter}`;
    else if (letter === ",") out += `,\n${"  ".repeat(deep)}`;
    else if (letter === ":") out += ": ";
    else if (letter !== " ") out += letter;
  }
  return safeText(out);
}

/** Whether a moment has passed; it is drawn again when it does. */
function useLate(at: number): boolean {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (at <= Date.now()) return;
    const timer = setTimeout(() => setNow(Date.now()), at - Date.now() + 50);
    return () => clearTimeout(timer);
  }, [at]);
  return now >= at;
}
