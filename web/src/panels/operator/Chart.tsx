/*
 * A small chart: a line over the last minutes, its value now, and the most there was.
 * What belongs here: drawing points. What must not: where they come from (`samples.ts`).
 */

import type { JSX } from "preact";
import { say } from "../../words";
import { drawn, type Point } from "./samples";

const WIDTH = 240;
const HEIGHT = 48;

export function Chart({
  title,
  points,
  write,
  name,
}: {
  title: string;
  points: readonly Point[];
  write: (value: number) => string;
  name: string; // for the colours, and for whoever looks for it
}): JSX.Element {
  const line = drawn(points, WIDTH, HEIGHT)
    .map(([x, y]) => `${x},${y}`)
    .join(" ");
  const left = drawn(points, WIDTH, HEIGHT)[0]?.[0] ?? WIDTH;
  const now = points.at(-1);
  const most = Math.max(0, ...points.map((one) => one.value));
  const told = now ? write(now.value) : "–";
  return (
    <figure class={`chart chart-${name}`} data-points={points.length}>
      <figcaption>
        <span>{title}</span>
        <strong>{told}</strong>
      </figcaption>
      <svg
        viewBox={`0 -2 ${WIDTH} ${HEIGHT + 4}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={say("op.chart", { title, now: told, most: write(most) })}
      >
        {points.length > 1 && (
          <>
            <polygon points={`${left},${HEIGHT} ${line} ${WIDTH},${HEIGHT}`} />
            <polyline points={line} />
          </>
        )}
        <line x1="0" x2={WIDTH} y1={HEIGHT} y2={HEIGHT} />
      </svg>
      <small>{say("op.chart.most", { most: write(most) })}</small>
    </figure>
  );
}
