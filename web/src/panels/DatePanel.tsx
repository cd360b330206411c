/* A day of the past, to go to. What belongs here: that form. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useTools } from "../components/context";
import { Dialog } from "../components/Dialog";
import { say, startOf } from "../words";

export function DatePanel({ buffer, onClose }: { buffer: string; onClose: () => void }): JSX.Element {
  const { house } = useTools();
  const today = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
  const [date, setDate] = useState(today);
  const go = (event: Event) => {
    event.preventDefault();
    const time = startOf(date).getTime();
    if (Number.isNaN(time)) return;
    house.jump(
      buffer,
      { time },
      (found) => found || house.store.dispatch({ type: "notice", text: say("search.none"), error: true }),
    );
    onClose();
  };
  return (
    <Dialog title={say("date.title")} onClose={onClose}>
      <form class="row-form" onSubmit={go}>
        <input
          type="date"
          data-first
          value={date}
          max={today}
          required
          aria-label={say("date.title")}
          onInput={(event) => setDate(event.currentTarget.value)}
        />
        <button type="submit" class="primary small">
          {say("date.go")}
        </button>
      </form>
    </Dialog>
  );
}
