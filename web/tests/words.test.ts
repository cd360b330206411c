/* The catalogues: every key in both, none empty, the same things filled in. */

import { expect, test } from "vitest";
import { CATALOGUES, choose, day, say, speak, type Key } from "../src/words";

const keys = Object.keys(CATALOGUES.en) as Key[];
const holes = (text: string) => new Set([...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]));

test("Spanish has every key of English, and no other", () => {
  expect(Object.keys(CATALOGUES.es).sort()).toEqual([...keys].sort());
});

test.each(keys)("%s says something in both, with the same things filled in", (key) => {
  const [en, es] = [CATALOGUES.en[key], CATALOGUES.es[key]];
  expect(en.trim() && es.trim()).not.toBe("");
  expect(holes(es)).toEqual(holes(en));
  expect(es.split("|").length).toBe(en.split("|").length);
});

test("every key that the code asks for exists, and none is left over", async () => {
  const { readFileSync, readdirSync } = await import("node:fs");
  const folder = new URL("../src/", import.meta.url);
  const files = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => /\.tsx?$/.test(name) && !/words\/(en|es)\.ts$/.test(name));
  const code = files
    .map((name) => readFileSync(new URL(name.replaceAll("\\", "/"), folder), "utf-8"))
    .join("\n");
  expect(keys.filter((key) => !code.includes(`"${key}"`))).toEqual([]);
});

test("numbers choose between one and many, and are written as the language does", () => {
  speak("es");
  expect(say("room.members", { count: 1 })).toBe("1 miembro");
  expect(say("room.members", { count: 10000 })).toBe("10.000 miembros");
  speak("en");
  expect(say("room.members", { count: 10000 })).toBe("10,000 members");
});

test("the language follows the browser unless one was chosen", () => {
  expect(choose("auto", ["fr-FR", "es-MX", "en"])).toBe("es");
  expect(choose("auto", ["fr"])).toBe("en");
  expect(choose("en", ["es"])).toBe("en");
});

test("days are named as one says them", () => {
  speak("es");
  const now = new Date(2026, 2, 4, 12).getTime();
  expect(day(now, now)).toBe("Hoy");
  expect(day(new Date(2026, 2, 3, 23, 59).getTime(), now)).toBe("Ayer");
  expect(day(new Date(2026, 1, 1).getTime(), now)).toBe("Domingo, 1 de febrero");
});
