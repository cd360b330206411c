/*
 * Numbers and times as the operator's page writes them. What belongs here: one value to its text.
 */

import { language, number } from "../../words";

/** `0.4`, `12`, `1,200`: two digits that mean something. */
export const fine = (value: number): string =>
  value.toLocaleString(language(), { maximumFractionDigits: value < 10 ? (value < 1 ? 2 : 1) : 0 });

/** Seconds in their two largest units: `3 d 4 h`. */
export function ago(seconds: number): string {
  const parts: string[] = [];
  let left = Math.max(0, Math.round(seconds));
  for (const [size, unit] of [
    [86_400, "d"],
    [3_600, "h"],
    [60, "min"],
    [1, "s"],
  ] as const) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count && parts.length < 2) parts.push(`${number(count)} ${unit}`);
    else if (parts.length) break;
  }
  return parts.join(" ") || "0 s";
}

/** A moment of this week or long ago, short enough for a table. */
export function moment(time: number): string {
  const [then, now] = [new Date(time), new Date()];
  const year = then.getFullYear() === now.getFullYear() ? {} : { year: "numeric" as const };
  return then.toLocaleString(
    language(),
    then.toDateString() === now.toDateString()
      ? { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }
      : {
          day: "numeric",
          month: "short",
          ...year,
          hour: "2-digit",
          minute: "2-digit",
          hourCycle: "h23",
        },
  );
}

export const cost = (value: number, currency: string): string =>
  `${value.toLocaleString(language(), { minimumFractionDigits: 2, maximumFractionDigits: value < 1 ? 6 : 2 })} ${currency}`;
