// @vitest-environment happy-dom
/* Everything said is hostile until shown safe: known attacks, drawn by the real components. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, describe, expect, test, vi } from "vitest";
import { People } from "../src/rich/inline";
import { Markdown } from "../src/rich/markdown";
import { isImage, safeName, safeText, safeUrl } from "../src/rich/safe";

Object.defineProperty(document, "compatMode", { value: "CSS1Compat" }); // as in the page: KaTeX looks at it
afterEach(() => vi.dynamicImportSettled()); // what is fetched on demand has come before the next, or the end

const ATTACKS = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "<svg/onload=alert(1)>",
  "<iframe src=javascript:alert(1)>",
  "[x](javascript:alert(1))",
  "[x](JaVaScRiPt:alert(1))",
  "[x](java\nscript:alert(1))",
  "[x](&#106;avascript:alert(1))",
  "[x](data:text/html,<script>alert(1)</script>)",
  "[x](vbscript:msgbox(1))",
  "![x](javascript:alert(1))",
  '![x](https://e.example/a.png"onerror="alert(1))',
  "<javascript:alert(1)>",
  '<https://a.example/"onmouseover=alert(1)>',
  "[a]: javascript:alert(1)\n\n[a]",
  "<style>*{display:none}</style>",
  '<a href="javascript:alert(1)">x</a>',
  "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
  "<form action=//e.example><input name=password>",
  "```<img src=x onerror=alert(1)>\n</code></pre><script>alert(1)</script>\n```",
  "`<img src=x onerror=alert(1)>`",
  "| <img src=x onerror=alert(1)> |\n|-|\n| <script>alert(1)</script> |",
  "&lt;script&gt;alert(1)&lt;/script&gt;",
  "$\\href{javascript:alert(1)}{x}$",
  "$$\\htmlData{x=1}{y}$$",
  '<div style="position:fixed;inset:0">x</div>',
  "<base href=//e.example>",
  "<meta http-equiv=refresh content=0;url=//e.example>",
  "[x](file:///etc/passwd)",
  "[x](//e.example)",
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
];
const SOURCE = join(import.meta.dirname, "../src");
const FORBIDDEN =
  "script, style, iframe, object, embed, form, input:not([disabled]), base, meta, link, svg[onload], img";

function drawn(node: preact.ComponentChild): HTMLElement {
  const place = document.createElement("div");
  void act(() => render(node, place)); // its effects too, now
  return place;
}

function harmless(place: HTMLElement): void {
  place.querySelectorAll("svg.icon").forEach((icon) => icon.remove());
  expect([...place.querySelectorAll(FORBIDDEN)].map((one) => one.outerHTML)).toEqual([]);
  for (const element of place.querySelectorAll("*")) {
    for (const name of element.getAttributeNames()) expect(name).not.toMatch(/^on|^style$|srcdoc|formaction/);
  }
  for (const link of place.querySelectorAll("a")) {
    expect(link.getAttribute("href")).toMatch(/^(https?|mailto|ircs?):/);
    expect(link.getAttribute("rel")).toContain("noreferrer");
    expect(link.getAttribute("rel")).toContain("noopener");
  }
}

describe.each(ATTACKS)("%s", (text) => {
  test("in what a model says", () => harmless(drawn(<Markdown text={text} growing={false} />)));
  test("in what a person says", () =>
    harmless(drawn(<People text={text} context={{ nick: "ana", onRoom: () => undefined }} />)));
});

test("HTML in a text is seen as it was written", () => {
  expect(drawn(<Markdown text={'5 < 6 & "x" <b>no</b>'} growing={false} />).textContent).toContain(
    '5 < 6 & "x" <b>no</b>',
  );
  expect(drawn(<Markdown text={"`a && b < c`"} growing={false} />).querySelector("code")?.textContent).toBe(
    "a && b < c",
  );
});

test("no code in this client makes elements of text", () => {
  const files = readdirSync(SOURCE, { recursive: true })
    .map(String)
    .filter((name) => /\.tsx?$/.test(name));
  expect(files.length).toBeGreaterThan(30);
  for (const name of files)
    expect(readFileSync(join(SOURCE, name), "utf-8"), name).not.toMatch(
      /innerHTML|insertAdjacentHTML|outerHTML|document\.write|DOMParser|\beval\(/,
    );
});

test.each([
  ["javascript:alert(1)", null],
  ["https://a.example/x", "https://a.example/x"],
  ["http:///x", "http://x/"],
  ["data:text/html,x", null],
  [" https://a.example", "https://a.example/"],
  ["blob:x", null],
  ["https://a.example/\u0000", null],
  ["//x", null],
  ["mailto:a@b", "mailto:a@b"],
])("safeUrl %j", (given, expected) => {
  expect(safeUrl(given)).toBe(expected);
});

test.each([
  ["ana\u202egnp", "anagnp"],
  ["\u200b\u2066ana\u2069", "ana"],
  ["a\u0000b\u0007", "ab"],
  ["\u3164", "?"],
  ["\u0627\u062d", "\u0627\u062d"],
  ["an\ufe0fa", "ana"],
])("a name cannot hide: %j", (given, expected) => {
  expect(safeName(given)).toBe(expected);
});

test("direction marks do not reach a text either, its own letters do", () => {
  expect(safeText("a\u202eb\u0085c\tשלום")).toBe("abc\tשלום");
});

test("marks on a letter are as many as scripts write, and pile up over nobody", () => {
  expect(safeText(`a${"\u0301".repeat(150)}b`)).toBe(`a${"\u0301".repeat(6)}b`);
  expect(safeName(`a${"\u0489".repeat(20)}`)).toBe(`a${"\u0489".repeat(6)}`);
  for (const text of ["Tiếng Việt", "שָׁלוֹם", "हिन्दी", "ภาษาไทยที่", "མཁྱེན", "مُحَمَّدٌ", "1️⃣"])
    expect(safeText(text)).toBe(text);
});

test("formulas are drawn by KaTeX without trust", () => {
  expect(readFileSync(join(SOURCE, "rich/formula.ts"), "utf-8")).toContain("trust: false");
});

test("pictures are known by their address", () => {
  expect(isImage("https://a.example/b/c.PNG?x=1")).toBe(true);
  expect(isImage("https://a.example/png")).toBe(false);
});

test("a picture from elsewhere is not in the page until it is asked for", () => {
  const place = drawn(
    <People text="mira https://e.example/a.png" context={{ nick: "", onRoom: () => undefined }} />,
  );
  expect(place.querySelector("img")).toBeNull();
});

test("Markdown as it grows ends as it would have been read at once", () => {
  const text =
    "# T\n\nuno **dos** `tres`\n\n- a\n- b\n  - c\n\n```py\nx = 1\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n$x^2$ y fin\n\n1. uno\n\n2. dos\n";
  const place = document.createElement("div");
  for (let end = 1; end <= text.length; end++)
    void act(() => render(<Markdown text={text.slice(0, end)} growing={end < text.length} />, place));
  expect(place.innerHTML).toBe(drawn(<Markdown text={text} growing={false} />).innerHTML);
});
