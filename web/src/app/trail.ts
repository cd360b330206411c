/*
 * Where one is, in the browser's own words: the address names what is open, and Back leads to what was open before, or
 * closes what stands above it (a panel, the rooms on a phone).
 * What belongs here: the browser's history. What must not: what can be open, and how it is closed.
 */

import { addressOf } from "./invitation";
import type { House } from "./house";

/** Of the browser's history, what is needed. */
export type Steps = Pick<History, "state" | "pushState" | "replaceState" | "back">;

/** The state of a step that Back takes to close something, and of one that leads to where one was. */
const ABOVE = "above";
const INSIDE = "inside";

export class Trail {
  /** Back was pressed while something stood above: closes the uppermost; whether another is under it. */
  onBack: () => boolean = () => false;
  private wanted = ""; // the address of what is open
  private shown = ""; // and what the browser shows; "" when that is not ours
  private above = false;
  private stepped = false; // there is a step for what stands above
  private leaving = false; // and the browser is asked to take it back: it tells when it has

  constructor(private readonly steps: Steps) {
    if (steps.state === ABOVE) steps.replaceState(null, ""); // the page was loaded again with a panel open
  }

  /** This is open now; `instead` of what was, which is no more. */
  at(address: string, instead = false): void {
    this.wanted = address;
    if (instead) this.shown = "";
    this.name();
  }

  /** Something stands above, or nothing does. */
  cover(above: boolean): void {
    this.above = above;
    this.settle();
  }

  /** Somebody went to another step, or the browser took ours back. */
  moved(): void {
    const { leaving, stepped } = this;
    this.leaving = false;
    this.stepped = this.steps.state === ABOVE;
    if (stepped && !leaving && !this.stepped) this.above = this.onBack();
    this.settle();
  }

  /** Whether the step that one is at was made here, and not by an address that somebody followed. */
  get isOurs(): boolean {
    return this.steps.state === INSIDE;
  }

  /** The address is another, by somebody's hand: what opens now takes its place. */
  readdressed(): void {
    this.shown = "";
  }

  private name(): void {
    if (this.leaving || !this.wanted || this.wanted === this.shown) return;
    const set = this.stepped || !this.shown ? "replaceState" : "pushState";
    this.steps[set](INSIDE, "", this.wanted);
    this.stepped = false; // what stands above mostly closes with this; if not, Back leads to where one was
    this.shown = this.wanted;
  }

  private settle(): void {
    this.name();
    if (this.leaving || this.above === this.stepped) return;
    if (this.above) this.steps.pushState(ABOVE, "");
    else this.steps.back();
    this.leaving = !this.above;
    this.stepped = true;
  }
}

/** Keep the address at what is open. */
export function followOpened(house: House, trail: Trail): void {
  let before: string | null = null;
  const look = () => {
    const { active, buffers } = house.store.state;
    const buffer = active === null ? undefined : buffers[active];
    if (active === before || !buffer || buffer.kind === "server" || house.invitation?.word) return;
    const gone = before !== null && !buffers[before];
    before = active;
    trail.at(addressOf(buffer.name), gone);
    house.keeper.remember();
  };
  house.store.subscribe(look);
  look();
}
