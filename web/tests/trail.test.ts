/* The browser's Back: between rooms, and out of what stands above them. */

import { beforeEach, expect, test } from "vitest";
import { Trail } from "../src/app/trail";

/** A browser's history: `back` is done when the page has ended its turn, as in browsers. */
class Browser {
  entries: { state: unknown; address: string }[] = [{ state: null, address: "#uno" }];
  at = 0;
  asked = 0; // steps back that were asked for and not made yet
  get state(): unknown {
    return this.entries[this.at]?.state;
  }
  get address(): string {
    return this.entries[this.at]?.address ?? "";
  }
  pushState(state: unknown, _: string, address?: string | URL | null): void {
    this.entries = [
      ...this.entries.slice(0, this.at + 1),
      { state, address: String(address ?? this.address) },
    ];
    this.at += 1;
  }
  replaceState(state: unknown, _: string, address?: string | URL | null): void {
    this.entries[this.at] = { state, address: String(address ?? this.address) };
  }
  back(): void {
    this.asked += 1;
  }
}

let browser: Browser;
let trail: Trail;

/** The browser makes the steps that the page asked for. */
function turn(): void {
  for (; browser.asked > 0; browser.asked -= 1) go(-1);
}

function go(steps: number): void {
  browser.at += steps;
  trail.moved();
}

beforeEach(() => {
  browser = new Browser();
  trail = new Trail(browser);
  trail.at("#uno");
});

test("the first room takes the place of the entrance, each other one is a step", () => {
  trail.at("#dos");
  trail.at("#dos");
  expect(browser.entries.map((entry) => entry.address)).toEqual(["#uno", "#dos"]);
});

test("Back closes what stands above, and nothing else", () => {
  let open = true;
  trail.onBack = () => (open = false);
  trail.cover(true);
  go(-1);
  expect(open).toBe(false);
  trail.cover(false);
  turn();
  expect([browser.at, browser.address]).toEqual([0, "#uno"]);
});

test("of two that stand above, Back closes one at a time", () => {
  const open = ["drawer", "panel"];
  trail.onBack = () => {
    open.pop();
    return open.length > 0;
  };
  trail.cover(true);
  go(-1);
  expect([open, browser.at]).toEqual([["drawer"], 1]);
  go(-1);
  expect([open, browser.at]).toEqual([[], 0]);
});

test("what is closed by other means leaves no step behind", () => {
  trail.at("#dos");
  trail.cover(true);
  trail.cover(false);
  turn();
  expect([browser.at, browser.address]).toEqual([1, "#dos"]);
});

test("opened again while the browser is still going back, it has its step", () => {
  let closed = 0;
  trail.onBack = () => {
    closed += 1;
    return false;
  };
  trail.cover(true);
  trail.cover(false);
  trail.cover(true);
  turn();
  expect([closed, browser.at, browser.state]).toEqual([0, 1, "above"]);
});

test("a room chosen in what stands above takes the place of its step", () => {
  trail.cover(true);
  trail.at("#dos");
  trail.cover(false);
  turn();
  expect(browser.entries.map((entry) => entry.address)).toEqual(["#uno", "#dos"]);
  expect(browser.at).toBe(1);
});

test("a room that was closed is no step to go back to", () => {
  trail.at("#dos");
  trail.at("#uno", true);
  expect(browser.entries.map((entry) => entry.address)).toEqual(["#uno", "#uno"]);
});

test("Back to another room makes no new step", () => {
  trail.at("#dos");
  go(-1);
  trail.readdressed();
  trail.at("#uno");
  expect([browser.entries.length, browser.at, trail.isOurs]).toEqual([2, 0, true]);
});

test("loaded again with a panel open, there is none, and no step for it", () => {
  browser.replaceState("above", "");
  trail = new Trail(browser);
  trail.at("#uno");
  expect(browser.state).toBe("inside");
});

test("forward to the step of what was closed goes back by itself", () => {
  trail.onBack = () => false;
  trail.cover(true);
  go(-1);
  go(1);
  turn();
  expect(browser.at).toBe(0);
});
