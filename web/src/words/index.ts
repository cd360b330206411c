/*
 * Which language is spoken here, and saying something in it.
 * What belongs here: choosing, filling in, dates and numbers. What must not: the words (`en.ts`, `es.ts`).
 */

import { en, type Key } from "./en";
import { es } from "./es";

export type Language = "en" | "es";
export type { Key };

export const CATALOGUES: Record<Language, Record<Key, string>> = { en, es };

let current: Language = "en";

/** The language that was chosen, or the browser's first that we speak. */
export function choose(wanted: "auto" | Language, browser: readonly string[]): Language {
  if (wanted !== "auto") return wanted;
  return (
    browser
      .map((tag) => tag.slice(0, 2).toLowerCase())
      .find((tag): tag is Language => tag === "en" || tag === "es") ?? "en"
  );
}

export function speak(language: Language): void {
  current = language;
}

export const language = (): Language => current;

/** The words for `key`, filled in. A number as `count` chooses between "one|many". */
export function say(key: Key, values: Record<string, string | number> = {}): string {
  const [one = "", many] = CATALOGUES[current][key].split("|");
  const text = many !== undefined && values.count !== 1 ? many : one;
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    return value === undefined ? "" : typeof value === "number" ? number(value) : value;
  });
}

const numbers: Partial<Record<Language, Intl.NumberFormat>> = {};

export const number = (value: number) => (numbers[current] ??= new Intl.NumberFormat(current)).format(value);

/** `2.4 MB`, as it is written here. */
export function bytes(size: number): string {
  const power = size < 1_000 ? 0 : Math.min(3, Math.floor(Math.log10(size) / 3));
  const value = (size / 1_000 ** power).toLocaleString(current, { maximumFractionDigits: power ? 1 : 0 });
  return `${value} ${["B", "kB", "MB", "GB"][power]}`;
}

/** When a day that was told as YYYY-MM-DD begins here, or one some days later: a day may have 23 hours, or 25. */
export function startOf(day: string, later = 0): Date {
  const start = new Date(`${day}T00:00:00`);
  start.setDate(start.getDate() + later);
  return start;
}

export const plainDay = (day: string) =>
  formatted(startOf(day).getTime(), "plain", {
    day: "numeric",
    month: "short",
    year: "numeric",
  });

const formats = new Map<string, Intl.DateTimeFormat>();

function formatted(time: number, name: string, options: Intl.DateTimeFormatOptions): string {
  const key = `${current} ${name}`;
  const format = formats.get(key) ?? new Intl.DateTimeFormat(current, options);
  formats.set(key, format);
  return format.format(time);
}

// The last one that was asked for: neighbours in a talk have one time mostly.
let shown: { minute: number; language: Language; text: string } = { minute: NaN, language: "en", text: "" };

/** `14:05`. */
export function clock(time: number): string {
  const minute = Math.floor(time / 60_000);
  if (shown.minute !== minute || shown.language !== current)
    shown = {
      minute,
      language: current,
      text: formatted(time, "clock", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
    };
  return shown.text;
}

/** `22 Nov, 21:05`, of this year or the next. */
export const shortDate = (time: number) =>
  formatted(time, "short", {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
export const fullDate = (time: number) => formatted(time, "full", { dateStyle: "full", timeStyle: "medium" });

/** The day of a message, as one would say it: today, yesterday, Tuesday 3 March. */
export function day(time: number, now: number): string {
  const days = dayNumber(now) - dayNumber(time);
  if (days === 0) return say("log.today");
  if (days === 1) return say("log.yesterday");
  const text =
    new Date(time).getFullYear() === new Date(now).getFullYear()
      ? formatted(time, "day", { weekday: "long", day: "numeric", month: "long" })
      : formatted(time, "dayYear", { weekday: "long", day: "numeric", month: "long", year: "numeric" });
  return text.charAt(0).toLocaleUpperCase(current) + text.slice(1);
}

let today = { from: 0, to: 0, number: 0 };

/** Days of local time, as a number: two times of one day have one. */
export function dayNumber(time: number): number {
  if (time >= today.from && time < today.to) return today.number;
  const date = new Date(time);
  const [year, month, day] = [date.getFullYear(), date.getMonth(), date.getDate()];
  today = {
    from: new Date(year, month, day).getTime(),
    to: new Date(year, month, day + 1).getTime(),
    number: Math.floor(Date.UTC(year, month, day) / 86_400_000),
  };
  return today.number;
}
