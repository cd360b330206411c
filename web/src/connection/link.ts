/*
 * A WebSocket that comes back by itself (IRCv3 "WebSocket support", text.ircv3.net: one line a message).
 * What belongs here: opening, liveness, waiting longer each time. What must not: what the lines mean.
 */

export type LinkState = "closed" | "connecting" | "open" | "waiting";

export interface LinkReport {
  state: LinkState;
  retryAt: number | null; // when it is tried again, in milliseconds
  attempt: number;
}

/** What the link needs of the world; tests bring their own. */
export interface World {
  now(): number;
  random(): number;
  after(milliseconds: number, run: () => void): number;
  cancel(timer: number): void;
  socket(url: string): WebSocket;
}

export const browserWorld: World = {
  now: () => Date.now(),
  random: () => Math.random(),
  after: (milliseconds, run) => window.setTimeout(run, milliseconds),
  cancel: (timer) => window.clearTimeout(timer),
  socket: (url) => new WebSocket(url, ["text.ircv3.net"]),
};

const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;
const QUIET = 30_000; // silence after which we ask whether the other side lives; proxies cut at 60 seconds
const PATIENCE = 15_000; // and how long it may take to answer
const STALE = 5_000; // silence after which somebody who comes back to the page has it asked for them
const HURRY = 4_000; // and how long it may take then: they are about to write
const OPENING = 12_000; // a connection that has not opened by then never will

/** How long to wait before attempt number `attempt` (from 1): doubled each time, and spread, so that a thousand
 *  browsers do not come back in the same moment. */
export function waitBefore(attempt: number, random: number): number {
  const full = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempt - 1));
  return Math.round(full / 2 + (full / 2) * random);
}

export class Link {
  private socket: WebSocket | null = null;
  private attempt = 0;
  private retry: number | undefined;
  private watch: number | undefined;
  private heard = 0;
  private hurried = false; // asked on somebody's return, and not answered yet
  private wanted = false;

  constructor(
    private readonly url: string,
    private readonly onOpen: () => void,
    private readonly onLine: (line: string) => void,
    private readonly onReport: (report: LinkReport) => void,
    private readonly world: World = browserWorld,
  ) {}

  open(): void {
    this.wanted = true;
    this.connect();
  }

  close(): void {
    this.wanted = false;
    this.drop();
    this.report("closed");
  }

  /** The network is back, or somebody looks at the page: try again at once, or see whether it still lives. */
  hurry(): void {
    if (!this.wanted) return;
    const { socket } = this;
    if (!socket) return this.connect();
    if (socket.readyState !== 1 || this.hurried || this.world.now() - this.heard < STALE) return;
    this.hurried = true;
    this.ask(socket, HURRY);
  }

  /** Everything went well so far: the next loss begins with a short wait again. */
  settled(): void {
    this.attempt = 0;
  }

  send(line: string): boolean {
    if (this.socket?.readyState !== 1) return false;
    this.socket.send(line);
    return true;
  }

  private connect(): void {
    this.drop();
    this.report("connecting");
    const socket = this.world.socket(this.url);
    this.socket = socket;
    this.heard = this.world.now();
    socket.onopen = () => {
      this.report("open");
      this.onOpen();
    };
    socket.onmessage = (event: MessageEvent<string>) => {
      this.heard = this.world.now();
      this.hurried = false;
      this.onLine(event.data);
    };
    socket.onclose = () => this.lost(socket);
    this.watch = this.world.after(OPENING, () => this.look(socket));
  }

  private look(socket: WebSocket): void {
    const silence = this.world.now() - this.heard;
    if (socket.readyState !== 1) this.lost(socket);
    else if (silence >= QUIET) this.ask(socket, PATIENCE);
    else this.watch = this.world.after(QUIET - silence + 100, () => this.look(socket));
  }

  /** Silence alone proves nothing: of a page that nobody looks at, browsers run the timers once a minute. */
  private ask(socket: WebSocket, patience: number): void {
    if (this.watch !== undefined) this.world.cancel(this.watch);
    const asked = this.world.now();
    this.send("PING :web");
    this.watch = this.world.after(patience, () =>
      this.heard < asked ? this.lost(socket) : this.look(socket),
    );
  }

  private lost(socket: WebSocket): void {
    if (this.socket !== socket) return;
    this.drop();
    if (!this.wanted) return;
    this.attempt += 1;
    const wait = waitBefore(this.attempt, this.world.random());
    this.report("waiting", this.world.now() + wait);
    this.retry = this.world.after(wait, () => this.connect());
  }

  private drop(): void {
    for (const timer of [this.retry, this.watch]) if (timer !== undefined) this.world.cancel(timer);
    this.hurried = false;
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  private report(state: LinkState, retryAt: number | null = null): void {
    this.onReport({ state, retryAt, attempt: this.attempt });
  }
}
