/* A ban as one wishes for it: whom, for how long, why; with a look at whom it would hit. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { say, type Key } from "../../words";
import type { Clerk } from "./clerk";
import type { Wish } from "./desk";

const DURATIONS: [string, Key][] = [
  ["1h", "op.ban.hour"],
  ["1d", "op.ban.day"],
  ["1w", "op.ban.week"],
  ["1mo", "op.ban.month"],
  ["", "op.ban.forever"],
];
const VERBS: [Wish["verb"], Key][] = [
  ["ADD", "op.effect.ban"],
  ["LOGIN", "op.effect.login"],
  ["EXEMPT", "op.effect.exempt"],
];

/** `choices`: whom it may mean, with words for each; without any, one writes the target. */
export function BanForm({
  clerk,
  choices,
}: {
  clerk: Clerk;
  choices?: { target: string; words: string }[];
}): JSX.Element {
  const [wished, setWish] = useState<Wish>({
    verb: "ADD",
    target: "",
    duration: "1d",
    reason: "",
    note: "",
  });
  const change = (part: Partial<Wish>) => setWish((now) => ({ ...now, ...part }));
  const known = choices?.find(({ target }) => target === wished.target) ?? choices?.[0]; // else it is nobody's any more
  const wish = choices ? { ...wished, target: known?.target ?? "" } : wished;
  const submit = async (event: Event) => {
    event.preventDefault();
    if (wish.target.trim() && (await clerk.ban(wish)))
      change({ reason: "", note: "", ...(choices ? {} : { target: "" }) });
  };
  return (
    <form class="op-ban" onSubmit={(event) => void submit(event)}>
      <label>
        {say("op.ban.target")}
        {choices ? (
          <select value={wish.target} onChange={(event) => change({ target: event.currentTarget.value })}>
            {choices.map(({ target, words }) => (
              <option key={target} value={target}>
                {words}
              </option>
            ))}
          </select>
        ) : (
          <input
            value={wish.target}
            required
            placeholder="192.0.2.0/24"
            autocomplete="off"
            onInput={(event) => change({ target: event.currentTarget.value })}
          />
        )}
      </label>
      <label>
        {say("op.ban.effect")}
        <select
          value={wish.verb}
          onChange={(event) => change({ verb: event.currentTarget.value as Wish["verb"] })}
        >
          {VERBS.map(([verb, words]) => (
            <option key={verb} value={verb}>
              {say(words)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {say("op.ban.duration")}
        <select value={wish.duration} onChange={(event) => change({ duration: event.currentTarget.value })}>
          {DURATIONS.map(([duration, words]) => (
            <option key={duration} value={duration}>
              {say(words)}
            </option>
          ))}
        </select>
      </label>
      <label class="long">
        {say("op.ban.reason")}
        <input
          value={wish.reason}
          dir="auto"
          maxLength={180}
          autocomplete="off"
          onInput={(event) => change({ reason: event.currentTarget.value })}
        />
      </label>
      <label class="long">
        {say("op.ban.note")}
        <input
          value={wish.note}
          dir="auto"
          maxLength={180}
          autocomplete="off"
          onInput={(event) => change({ note: event.currentTarget.value })}
        />
      </label>
      <div class="buttons">
        <button
          type="button"
          class="secondary"
          disabled={!wish.target.trim()}
          onClick={() => void clerk.test(wish.target)}
        >
          {say("op.ban.test")}
        </button>
        <button type="submit" class="secondary danger" disabled={!wish.target.trim()}>
          {say("op.ban.set")}
        </button>
      </div>
    </form>
  );
}
