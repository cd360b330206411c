/* A room's topic, rules, and who is kept out; for whoever may change them, and to be read by the others. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useBuffer, useStore, useTools } from "../components/context";
import { Dialog } from "../components/Dialog";
import { mayTakeKeyboard } from "../components/focus";
import { Invitations } from "./Invitations";
import { Usage } from "./Usage";
import { fold } from "../irc/names";
import { safeName, safeText } from "../rich/safe";
import { fullDate, say, type Key } from "../words";

const MODES: [string, Key][] = [
  ["i", "roomset.mode.i"],
  ["m", "roomset.mode.m"],
  ["n", "roomset.mode.n"],
  ["s", "roomset.mode.s"],
  ["t", "roomset.mode.t"],
];

export function RoomPanel({ buffer, onClose }: { buffer: string; onClose: () => void }): JSX.Element {
  const { house, deeds, show } = useTools();
  const me = useStore((state) => state.nick);
  const name = useBuffer(buffer, (one) => one.name, "");
  const topic = useBuffer(buffer, (one) => one.topic, "");
  const modes = useBuffer(buffer, (one) => one.modes, "");
  const bans = useBuffer(buffer, (one) => one.masks.b, undefined);
  const operator = useBuffer(buffer, (one) => /[~&@%]/.test(one.members.get(fold(me))?.symbols ?? ""), false);
  const [written, setWritten] = useState<string | null>(null); // null: the topic as it is
  const text = written ?? topic;
  const [mask, setMask] = useState("");
  useEffect(() => deeds.masks(buffer, "b"), [buffer]);
  if (written === topic) setWritten(null); // it is the topic now
  const muted = useBuffer(buffer, (one) => one.muted, false);
  const mute = () => {
    house.store.dispatch({ type: "muted", key: buffer, muted: !muted });
    house.keeper.remember();
  };
  const mayTopic = operator || !modes.includes("t");
  const refresh = () => deeds.masks(buffer, "b");
  const ban = (event: Event) => {
    event.preventDefault();
    if (!mask.trim()) return;
    deeds.command("MODE", [name, "+b", /[!@*~]/.test(mask) ? mask.trim() : `${mask.trim()}!*@*`]);
    setMask("");
    refresh();
  };
  return (
    <Dialog title={say("roomset.title", { room: safeName(name) })} onClose={onClose}>
      <div class="buttons">
        <button type="button" class="secondary" onClick={() => show({ name: "files" })}>
          {say("files.title")}
        </button>
        <button type="button" class="secondary" onClick={() => show({ name: "date" })}>
          {say("room.date")}
        </button>
        <button type="button" class="secondary" onClick={mute}>
          {say(muted ? "room.unmute" : "room.mute")}
        </button>
        <button
          type="button"
          class="secondary danger"
          onClick={() => {
            deeds.close(buffer);
            onClose();
          }}
        >
          {say("room.leave")}
        </button>
      </div>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          deeds.command("TOPIC", [name, text]);
        }}
      >
        <label for="topic">{say("roomset.topic")}</label>
        <div class="row-form">
          <input
            id="topic"
            data-first={mayTakeKeyboard() || undefined}
            value={text}
            dir="auto"
            maxLength={390}
            readOnly={!mayTopic}
            onInput={(event) => setWritten(event.currentTarget.value)}
          />
          <button type="submit" class="primary small" disabled={!mayTopic || text === topic}>
            {say("roomset.save")}
          </button>
        </div>
      </form>
      <fieldset class="stack">
        <legend>{say("roomset.modes")}</legend>
        {MODES.map(([letter, words]) => (
          <label key={letter} class="check">
            <input
              type="checkbox"
              checked={modes.includes(letter)}
              disabled={!operator}
              onChange={(event) =>
                deeds.command("MODE", [name, `${event.currentTarget.checked ? "+" : "-"}${letter}`])
              }
            />
            {say(words)}
          </label>
        ))}
      </fieldset>
      <section class="stack">
        <h3>{say("roomset.bans")}</h3>
        {bans?.length === 0 && <p class="quiet">{say("roomset.bans.none")}</p>}
        <ul class="masks">
          {bans?.map((one) => (
            <li key={one.mask} title={one.at ? fullDate(one.at) : ""}>
              <code>{safeText(one.mask)}</code>
              <small>{safeName(one.by)}</small>
              {operator && (
                <button
                  type="button"
                  class="secondary"
                  onClick={() => {
                    deeds.command("MODE", [name, "-b", one.mask]);
                    refresh();
                  }}
                >
                  {say("roomset.ban.remove")}
                </button>
              )}
            </li>
          ))}
        </ul>
        {operator ? (
          <form class="row-form" onSubmit={ban}>
            <input
              value={mask}
              aria-label={say("roomset.ban.mask")}
              placeholder={say("roomset.ban.mask")}
              onInput={(event) => setMask(event.currentTarget.value)}
            />
            <button type="submit" class="secondary">
              {say("roomset.ban.add")}
            </button>
          </form>
        ) : (
          <p class="quiet">{say("roomset.readonly")}</p>
        )}
      </section>
      <Invitations buffer={buffer} />
      <Usage buffer={buffer} />
    </Dialog>
  );
}
