/* What the address asks for. */

import { expect, test } from "vitest";
import { addressOf, asked } from "../src/app/invitation";

test("a room by its name, with and without its #", () => {
  expect(asked("#sala")).toEqual({ room: "#sala", word: "" });
  expect(asked("##sala")).toEqual({ room: "#sala", word: "" });
  expect(asked("#t%C3%A9")).toEqual({ room: "#té", word: "" });
});

test("an invitation has a room and a word", () => {
  expect(asked("#join=%23t%C3%A9%2Cabc")).toEqual({ room: "#té", word: "abc" });
  expect(asked("#join=sala,abc")).toEqual({ room: "#sala", word: "abc" });
});

test("what is neither asks for nothing", () => {
  for (const hash of ["", "#", "#a b", "#a,b", "#%", "#join=", "#join=a,b,c", "#join=a,b%0D%0AQUIT"])
    expect(asked(hash)).toBeNull();
});

test("a notification leads to a talk", () => {
  expect(asked("#talk=ana")).toEqual({ room: "ana", word: "" });
  expect(asked("#talk=%23sala")).toBeNull();
  expect(asked("#talk=a%20b")).toBeNull();
});

test("what leads to a room or a talk is read again as its name", () => {
  for (const name of [
    "#sala",
    "#té",
    "##dos",
    "&local",
    "#talk=ana",
    "#join=x",
    "#50%",
    "ana",
    "a=b&c",
    "[x]",
  ])
    expect(asked(addressOf(name))).toEqual({ room: name, word: "" });
  expect(addressOf("#sala")).toBe("#sala");
});
