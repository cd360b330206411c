/*
 * A round: what several models answered to one message, side by side; on a phone a row to be swiped through.
 * What belongs here: drawing one. What must not: finding it (`rounds.ts`), one answer (`Message.tsx`).
 */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { plainText } from "../irc/formatting";
import { safeName, safeText } from "../rich/safe";
import type { Message } from "../state/types";
import { number, say } from "../words";
import { Quote } from "./Message";
import type { Outcome, Round } from "./rounds";

const FEW = 4; // so many columns stand beside each other; more are swiped through on any screen

export function RoundRow({
  buffer,
  round,
  origin,
  draw,
}: {
  buffer: string;
  round: Round;
  origin: Message | null;
  draw: (message: Message) => JSX.Element;
}): JSX.Element {
  const { answers, outcome, summary } = round;
  const label = say("round.label", { count: answers.length });
  return (
    <section class="round" aria-label={label}>
      <Quote buffer={buffer} replyTo={round.replyTo} origin={origin} />
      <Columns answers={answers} label={label} draw={draw} />
      <End outcome={outcome} told={round.closing} />
      {summary.map((message) => (
        <div key={message.id} class="round-summary">
          <h3>{say("round.summary")}</h3>
          {draw(message)}
        </div>
      ))}
    </section>
  );
}

function Columns({
  answers,
  label,
  draw,
}: {
  answers: Message[];
  label: string;
  draw: (message: Message) => JSX.Element;
}): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const [{ swiped, now }, setView] = useState({ swiped: false, now: 0 });
  const look = () => {
    const box = place.current;
    if (!box) return;
    const step = box.scrollWidth / answers.length;
    const swiped = box.scrollWidth > box.clientWidth + 8;
    const last = box.scrollLeft + box.clientWidth >= box.scrollWidth - 4;
    setView({ swiped, now: last && swiped ? answers.length - 1 : Math.round(box.scrollLeft / step) });
  };
  useEffect(() => {
    const observer = new ResizeObserver(look);
    if (place.current) observer.observe(place.current);
    return () => observer.disconnect();
  }, [answers.length]);
  const go = (index: number) =>
    place.current?.children[index]?.scrollIntoView({ inline: "start", block: "nearest", behavior: "smooth" });
  return (
    <>
      <div
        ref={place}
        class={`round-columns${answers.length > FEW ? " many" : ""}`}
        style={{ "--columns": Math.min(answers.length, FEW) }}
        role="group"
        aria-label={label}
        tabIndex={swiped ? 0 : undefined}
        onScroll={look}
      >
        {answers.map((message) => (
          <div key={message.id} class="round-column">
            {draw(message)}
          </div>
        ))}
      </div>
      {swiped && (
        <div class="round-names" role="group" aria-label={say("round.choose")}>
          {answers.map((message, index) => (
            <button key={message.id} type="button" aria-pressed={index === now} onClick={() => go(index)}>
              {safeName(message.nick)}
            </button>
          ))}
        </div>
      )}
    </>
  );
}

/** How many came, who did not, and what they voted. */
function End({ outcome, told }: { outcome: Outcome; told: Message }): JSX.Element {
  const { count, all, late, failed, votes } = outcome;
  const most = Math.max(1, ...(votes ?? []).map((vote) => vote.count));
  const names = (list: readonly string[]) => list.map(safeName).join(", ");
  return (
    <div class="round-end" data-id={told.id} title={safeText(plainText(told.text))}>
      <p>
        <span>{say("round.answered", { done: number(count), all: number(all) })}</span>
        {late.length > 0 && <span class="late">{say("round.late", { names: names(late) })}</span>}
        {failed.length > 0 && <span class="warn">{say("round.failed", { names: names(failed) })}</span>}
      </p>
      {votes && (
        <table class="votes">
          <caption class="visually-hidden">{say("round.votes")}</caption>
          <tbody>
            {votes.map((vote) => (
              <tr key={vote.choice}>
                <th scope="row" dir="auto">
                  {safeText(vote.choice)}
                </th>
                <td class="vote-bar" title={names(vote.names)}>
                  <span style={{ width: `${(100 * vote.count) / most}%` }} />
                </td>
                <td>{number(vote.count)}</td>
                <td class="vote-names">{names(vote.names)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {votes?.length === 0 && <p class="quiet">{say("round.votes.none")}</p>}
    </div>
  );
}
