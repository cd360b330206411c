/*
 * What we said and have not heard back: shown at once, marked, and sent again by whoever said it.
 * What belongs here: those rows.
 */

import type { JSX } from "preact";
import { safeText } from "../rich/safe";
import type { Pending } from "../state/types";
import { say } from "../words";
import { Avatar, Nick } from "./Avatar";
import { useState_, useTools } from "./context";
import { Warn } from "./icons";

export function PendingRows({
  buffer,
  pending,
}: {
  buffer: string;
  pending: readonly Pending[];
}): JSX.Element {
  const nick = useState_((state) => state.nick);
  return (
    <>
      {pending.map((one) => (
        <PendingRow key={one.nonce} buffer={buffer} pending={one} nick={nick} />
      ))}
    </>
  );
}

function PendingRow({
  buffer,
  pending,
  nick,
}: {
  buffer: string;
  pending: Pending;
  nick: string;
}): JSX.Element {
  const { deeds } = useTools();
  const failed = pending.state === "unsent" || pending.state === "refused";
  return (
    <div class={`log-row message head mine pending ${pending.state}`} data-row tabIndex={-1}>
      <div class="gutter">
        <Avatar nick={nick} bot={false} />
      </div>
      <div class="body">
        <header class="message-head">
          <Nick nick={nick} />
        </header>
        <div class="content">
          <span class="lines" dir="auto">
            {safeText(pending.text)}
          </span>
        </div>
        <div class="foot" role={failed ? "alert" : undefined}>
          {failed && <Warn size={15} />}
          <span class={failed ? "ended incomplete" : "source"}>{words(pending)}</span>
          {failed && (
            <button type="button" class="pill" onClick={() => deeds.again(buffer, pending.nonce)}>
              {say("message.again")}
            </button>
          )}
          {failed && (
            <button type="button" class="pill" onClick={() => deeds.dismiss(buffer, pending.nonce)}>
              {say("message.dismiss")}
            </button>
          )}
        </div>
      </div>
    </div>
  );
}

function words(pending: Pending): string {
  if (pending.state === "refused") return say("message.refused", { text: safeText(pending.why) });
  return say(
    pending.state === "sending"
      ? "message.sending"
      : pending.state === "unsure"
        ? "message.unsure"
        : "message.unsent",
  );
}
