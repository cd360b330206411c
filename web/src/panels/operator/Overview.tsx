/* How the server is: charts of the last minutes, the level of defence, and a word to everybody. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { bytes, number, say, type Key } from "../../words";
import { Chart } from "./Chart";
import { useEvery, type Clerk } from "./clerk";
import { gauge, rate, type Point, type Sample } from "./samples";
import { ago, fine } from "./writing";

interface Row {
  name: string;
  title: Key;
  points: (ring: readonly Sample[]) => Point[];
  write: (value: number) => string;
}

const times = (points: Point[], factor: number) =>
  points.map(({ at, value }) => ({ at, value: value * factor }));

const CHARTS: Row[] = [
  {
    name: "messages",
    title: "op.chart.messages",
    points: (ring) => rate(ring, "messages_total"),
    write: fine,
  },
  {
    name: "connections",
    title: "op.chart.connections",
    points: (ring) => gauge(ring, "connections"),
    write: fine,
  },
  { name: "queues", title: "op.chart.queues", points: (ring) => gauge(ring, "queued_bytes"), write: bytes },
  {
    name: "lag",
    title: "op.chart.lag",
    points: (ring) => gauge(ring, "lag_ms"),
    write: (ms) => `${fine(ms)} ms`,
  },
  { name: "calls", title: "op.chart.calls", points: (ring) => gauge(ring, "speaking"), write: fine },
  { name: "pieces", title: "op.chart.pieces", points: (ring) => rate(ring, "pieces_total"), write: fine },
  {
    name: "cpu",
    title: "op.chart.cpu",
    points: (ring) => times(rate(ring, "cpu_seconds_total"), 100),
    write: (percent) => `${fine(percent)} %`,
  },
  { name: "memory", title: "op.chart.memory", points: (ring) => gauge(ring, "memory_bytes"), write: bytes },
];

export function Overview({ clerk, rights }: { clerk: Clerk; rights: readonly string[] }): JSX.Element {
  return (
    <>
      {rights.includes("stats") && <Numbers ring={clerk.desk.ring} />}
      {rights.includes("defcon") && <Defence clerk={clerk} />}
      {rights.includes("announce") && <Announcement clerk={clerk} />}
    </>
  );
}

function Numbers({ ring }: { ring: readonly Sample[] }): JSX.Element {
  const last = ring.at(-1);
  if (!last) return <p class="quiet">{say("op.loading")}</p>;
  const count = (name: string) => number(last.gauges[name] ?? last.totals[name] ?? 0);
  const facts: [Key, string, boolean?][] = [
    ["op.up", ago(last.up)],
    ["op.members", count("members")],
    ["op.rooms", count("rooms")],
    ["op.messages", count("messages_total")],
    ["op.store", last.store === "ok" ? say("op.store.ok") : last.store, last.store !== "ok"],
  ];
  return (
    <section class="stack">
      <h3>{say("op.now")}</h3>
      <dl class="op-numbers">
        {facts.map(([key, value, bad]) => (
          <div key={key} class={bad ? "bad" : ""}>
            <dt>{say(key)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div class="charts">
        {CHARTS.filter((row) => !row.name.match(/calls|pieces/) || "pieces_total" in last.totals).map(
          (row) => (
            <Chart
              key={row.name}
              name={row.name}
              title={say(row.title)}
              points={row.points(ring)}
              write={row.write}
            />
          ),
        )}
      </div>
    </section>
  );
}

const LEVELS: [number, Key][] = [
  [5, "op.defcon.5"],
  [4, "op.defcon.4"],
  [3, "op.defcon.3"],
  [2, "op.defcon.2"],
  [1, "op.defcon.1"],
];

function Defence({ clerk }: { clerk: Clerk }): JSX.Element {
  const { level } = clerk.desk;
  const [wanted, setWanted] = useState<number | null>(null);
  useEvery(clerk.level, 10_000);
  const chosen = wanted ?? level;
  const set = async (event: Event) => {
    event.preventDefault();
    if (
      chosen === null ||
      (chosen < 3 && chosen !== level && !confirm(say("op.defcon.sure", { level: chosen })))
    )
      return;
    await clerk.level(chosen);
    setWanted(null);
  };
  return (
    <form class="stack" onSubmit={(event) => void set(event)}>
      <fieldset class="stack">
        <legend>{say("op.defcon")}</legend>
        {LEVELS.map(([one, words]) => (
          <label key={one} class="check">
            <input type="radio" name="defcon" checked={one === chosen} onChange={() => setWanted(one)} />
            <span>
              <strong>{one}</strong> · {say(words)}
            </span>
          </label>
        ))}
      </fieldset>
      <div class="buttons">
        <button type="submit" class="secondary" disabled={chosen === null || chosen === level}>
          {say("op.defcon.set")}
        </button>
      </div>
    </form>
  );
}

function Announcement({ clerk }: { clerk: Clerk }): JSX.Element {
  const [text, setText] = useState("");
  const send = async (event: Event) => {
    event.preventDefault();
    if (text.trim() && (await clerk.announce(text.trim(), say("op.announced")))) setText("");
  };
  return (
    <form class="stack" onSubmit={(event) => void send(event)}>
      <label for="op-announcement">{say("op.announce")}</label>
      <div class="row-form">
        <input
          id="op-announcement"
          value={text}
          dir="auto"
          maxLength={300}
          autocomplete="off"
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" class="secondary" disabled={!text.trim()}>
          {say("op.announce.send")}
        </button>
      </div>
    </form>
  );
}
