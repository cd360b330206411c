/*
 * What a screen reader is told: each message once, when it is whole. What a model says is told at its end, not as it
 * grows: nobody could listen to that.
 * What belongs here: one live region.
 */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { House } from "../app/house";
import { plainText } from "../irc/formatting";
import { safeName, safeText } from "../rich/safe";
import { liveOf } from "../state/buffers";

const LONGEST = 400; // characters of one message that are told
const AT_ONCE = 3; // messages; a busy room is read in the log
const PAUSE_MS = 1_000;

export function Live({ house }: { house: House }): JSX.Element {
  const [words, setWords] = useState<string[]>([]);
  const told = useRef({ key: "", time: 0, waiting: new Set<string>() });
  const looked = useRef(Date.now());
  useEffect(() => {
    const timer = setInterval(() => {
      const { active, buffers } = house.store.state;
      const buffer = active === null ? undefined : buffers[active];
      const entries = buffer ? (liveOf(buffer)?.entries ?? []) : [];
      const newest = entries.at(-1)?.time ?? 0;
      if (told.current.key !== active) {
        // What stood there before one came is read in the log; what was said since the last look is told.
        const before = Math.min(newest, looked.current);
        const growing = entries.filter((entry) => entry.what === "message" && entry.growing);
        told.current = {
          key: active ?? "",
          time: before,
          waiting: new Set(growing.map((entry) => entry.id)),
        };
      }
      const fresh = entries
        .slice(-40)
        .filter(
          (entry) =>
            entry.what === "message" &&
            !entry.mine &&
            (entry.time > told.current.time || told.current.waiting.has(entry.id)),
        );
      const whole = [];
      for (const entry of fresh) {
        if (entry.what !== "message") continue;
        if (entry.growing) told.current.waiting.add(entry.id);
        else {
          told.current.waiting.delete(entry.id);
          whole.push(`${safeName(entry.nick)}: ${safeText(plainText(entry.text)).slice(0, LONGEST)}`);
        }
      }
      told.current.time = Math.max(told.current.time, newest);
      looked.current = Date.now();
      if (whole.length) setWords(whole.slice(-AT_ONCE));
    }, PAUSE_MS);
    return () => clearInterval(timer);
  }, [house]);
  return (
    <div class="visually-hidden" aria-live="polite" role="status">
      {words.map((one, index) => (
        <p key={index}>{one}</p>
      ))}
    </div>
  );
}
