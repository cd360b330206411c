/* The shared vectors of the repository: what a line says, how it is written, which names are one, what a mask holds. */

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { format, parse } from "../src/irc/line";
import { fold, matches } from "../src/irc/names";

const cases = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), "utf-8")).cases as Record<
    string,
    any
  >[];

describe("vectors", () => {
  test.each(cases("parse"))("parse $line", ({ line, tags, source, command, params }) => {
    expect(parse(line)).toEqual({ tags, source, command, params });
  });
  test.each(cases("format"))("format $line", ({ tags, source, command, params, line }) => {
    expect(format(command, params, tags, source)).toBe(line);
  });
  test.each(cases("fold"))("fold $name", ({ name, key }) => {
    expect(fold(name)).toBe(key);
    expect(fold(fold(name))).toBe(fold(name));
  });
  test.each(cases("masks"))("$mask holds $name: $matches", ({ mask, name, matches: expected }) => {
    expect(matches(mask, name)).toBe(expected);
  });
});
