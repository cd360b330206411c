/*
 * What we said and have not heard back: shown at once as it will stand there, and when it is late or refused, marked, and
 * sent again by whoever said it.
 * What belongs here: those rows.
 */

import type { JSX } from "preact";
import { inline, People as PeopleText } from "../rich/inline";
import { safeText } from "../rich/safe";
import type { Pending } from "../state/types";
import { clock, say, type Key } from "../words";
import { Avatar, Nick } from "./Avatar";
import { useStore, useTools } from "./context";
import { Warn } from "./icons";
import { Quote } from "./Message";
import { pendingHeads, type Row } from "./rows";

export function PendingRows({
  buffer,
  rows,
  pending,
}: {
  buffer: string;
  rows: readonly Row[]; // before them
  pending: readonly Pending[];
}): JSX.Element {
  const nick = useStore((state) => state.nick);
  const heads = pendingHeads(rows, pending, nick);
  return (
    <>
      {pending.map((one, index) => (
        <PendingRow key={one.nonce} buffer={buffer} pending={one} nick={nick} head={heads[index] === true} />
      ))}
    </>
  );
}

interface Props {
  buffer: string;
  pending: Pending;
  nick: string;
  head: boolean;
}

function PendingRow({ buffer, pending, nick, head }: Props): JSX.Element {
  const { deeds } = useTools();
  const { state, replyTo, text, time, action } = pending;
  const context = { nick, onRoom: (room: string) => deeds.open(room) };
  return (
    <div class={`log-row message mine pending ${state}${head ? " head" : ""}`} data-row tabIndex={-1}>
      <div class="gutter">{head && <Avatar nick={nick} bot={false} />}</div>
      <div class="body">
        {replyTo !== null && (
          <Quote buffer={buffer} replyTo={replyTo} origin={deeds.original(buffer, replyTo)} />
        )}
        {head && (
          <header class="message-head">
            <Nick nick={nick} />
            <time>{clock(time)}</time>
          </header>
        )}
        <div class="content">
          {action ? (
            <em>
              <Nick nick={nick} /> {inline(text, context)}
            </em>
          ) : (
            <PeopleText text={text} context={context} />
          )}
          {state === "sending" && <small class="late">{say("message.sending")}</small>}
        </div>
        {state !== "sending" && <Trouble buffer={buffer} pending={pending} />}
      </div>
    </div>
  );
}

const WORDS: Record<Pending["state"], Key> = {
  sending: "message.sending",
  unsure: "message.unsure",
  unsent: "message.unsent",
  refused: "message.refused",
};

function Trouble({ buffer, pending }: { buffer: string; pending: Pending }): JSX.Element {
  const { deeds } = useTools();
  const { state, nonce, why } = pending;
  const failed = state !== "unsure";
  return (
    <div class="foot" role={failed ? "alert" : undefined}>
      {failed && <Warn size={15} />}
      <span class={failed ? "ended incomplete" : "source"}>{say(WORDS[state], { text: safeText(why) })}</span>
      {failed && (
        <button type="button" class="pill" onClick={() => deeds.again(buffer, nonce)}>
          {say("message.again")}
        </button>
      )}
      {failed && (
        <button type="button" class="pill" onClick={() => deeds.dismiss(buffer, nonce)}>
          {say("message.dismiss")}
        </button>
      )}
    </div>
  );
}
