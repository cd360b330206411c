/*
 * Asking the server, and having the answer as one thing: all that comes back under a label. What is asked here is not
 * shown in the talk. Beside it, listening to one speaker for a moment: models know no labels.
 * What belongs here: who waits for what. What must not: what is asked (`deeds.ts`), reading answers (`answers.ts`).
 */

import type { Event } from "../irc/events";
import { fold } from "../irc/names";

export const ANSWER_MS = 10_000; // a server that has not answered by then will not

/** What follows from an answer and is drawn, once whoever asked has it: one's own facts, and whether one is logged
 *  in. Nobody sees that they are signed in before the browser remembers how. */
const DRAWN = new Set<Event["type"]>([
  "metadata",
  "loggedIn",
  "loggedOut",
  "account",
  "nick",
  "operator",
  "mode",
]);

interface Waiting {
  events: Event[];
  batch: boolean; // more comes until the batch ends
  resolve: (events: readonly Event[]) => void;
}

interface Listening {
  nick: string;
  take: (text: string) => boolean;
}

export class Asking {
  private readonly waiting = new Map<string, Waiting>();
  private readonly listening = new Set<Listening>();

  constructor(
    private readonly later: (deed: () => void, milliseconds: number) => void,
    private readonly draw: (event: Event) => void,
  ) {}

  /** What comes back under `label`; whatever has come when time is up. */
  answer(label: string): Promise<readonly Event[]> {
    return new Promise((resolve) => {
      this.waiting.set(label, { events: [], batch: false, resolve });
      this.later(() => this.done(label), ANSWER_MS);
    });
  }

  /** What one speaker says to us alone, as long as `take` wants it; returns what ends the listening. */
  listen(nick: string, take: (text: string) => boolean): () => void {
    const one = { nick: fold(nick), take };
    this.listening.add(one);
    return () => void this.listening.delete(one);
  }

  /** Whether an event was an answer that somebody waits for: then nobody else is told of it. */
  takes(event: Event): boolean {
    return this.answers(event) || this.heard(event);
  }

  /** The connection is lost: nobody answers any more. */
  giveUp(): void {
    for (const label of [...this.waiting.keys()]) this.done(label);
  }

  private answers(event: Event): boolean {
    const waiting = event.label === undefined ? undefined : this.waiting.get(event.label);
    if (!waiting || event.label === undefined) return false;
    if (event.type === "answering") waiting.batch = true;
    else if (event.type === "answered" || event.type === "acknowledged") this.done(event.label);
    else {
      waiting.events.push(event);
      if (!waiting.batch) this.done(event.label);
    }
    return true;
  }

  private heard(event: Event): boolean {
    if (event.type !== "said" || event.said.kind !== "notice") return false;
    const { said } = event;
    if (/^[#&]/.test(said.target)) return false;
    return [...this.listening].some((one) => one.nick === fold(said.nick) && one.take(said.text));
  }

  private done(label: string): void {
    const waiting = this.waiting.get(label);
    this.waiting.delete(label);
    if (!waiting) return;
    waiting.resolve(waiting.events);
    for (const event of waiting.events) if (DRAWN.has(event.type)) this.draw(event);
  }
}
