/*
 * The running client: link, protocol and store put together, and what follows by itself from what is told.
 * What belongs here: wiring, and effects (joining, fetching, marking). What must not: deeds (`deeds.ts`), drawing.
 */

import { Link, type LinkReport } from "../connection/link";
import type { Event } from "../irc/events";
import type { Tags } from "../irc/line";
import { fold, isRoom } from "../irc/names";
import { Protocol, type Identity } from "../irc/protocol";
import type { Action } from "../state/actions";
import { oldestOf, newestOf, viewedOf, liveOf } from "../state/buffers";
import { initial } from "../state/common";
import type { Where } from "../state/segments";
import { segmentOf } from "../state/segments";
import { Asking } from "./asking";
import { operatorOf } from "./facts";
import type { Asked } from "./invitation";
import { Keeper } from "./keeper";
import { memory, shelf } from "./memory";
import { renew, unsubscribe } from "./push";
import { Store } from "./store";

export const PAGE = 100; // messages asked for at once: three screens
const CATCH_UP_PAGES = 5; // and at most so many pages to learn whether a send arrived
const STAND_INS = 5; // names tried in the place of one's own
const TOKEN_MS = 10_000; // how long a token may take to come
const AT_ONCE = 400; // events taken in one frame: some milliseconds of work; the rest waits for the next

interface Request {
  key: string;
  where: Where;
  view: string | null;
  catchingUp: number; // pages already read to find our own sends; -1 when that is not why
  done?: ((found: boolean) => void) | undefined;
}

export interface Place {
  network: string;
  room: string;
  url: string;
}

export class House {
  readonly store: Store;
  protocol: Protocol | null = null;
  identity: Identity | null = null;
  /** What the address asked for; followed once, on arrival. */
  invitation: Asked | null = null;
  /** Somebody asks us into a room. */
  onInvited: (event: Extract<Event, { type: "invited" }>) => void = () => undefined;
  onMention: (event: Extract<Event, { type: "said" }>) => void = () => undefined;
  readonly keeper = new Keeper(this);
  readonly asking = new Asking(
    (deed, milliseconds) => window.setTimeout(deed, milliseconds),
    (event) => this.gather(event),
  );
  private link: Link | null = null;
  private labels = 0;
  private readonly requests = new Map<string, Request>();
  private queue: Action[] = [];
  private flushing = false;
  rooms: readonly string[] = []; // to be in
  readonly awaited = new Set<string>(); // of them, those whose answer has not come
  private returning = false;
  private standIns = 0; // names that were tried in the place of one's own, since somebody has that
  private readonly tokens = new Map<string, (token: string | null) => void>();

  constructor(readonly place: Place) {
    this.store = new Store(initial(memory.settings()));
    this.store.subscribe(() => this.keeper.afterChange());
    window.setInterval(() => this.store.dispatch({ type: "tick", now: Date.now() }), 1_000);
  }

  // --- Coming and going --------------------------------------------------------------------------------------------

  /** `again`: who was here before, and did not choose the name just now. */
  enter(identity: Identity, rooms: readonly string[], again = false): void {
    this.identity = identity;
    this.returning = again;
    this.rooms = [...new Set(rooms)];
    for (const room of rooms) this.awaited.add(fold(room));
    this.store.dispatch({ type: "started", nick: identity.nick });
    this.link?.close();
    this.link = new Link(
      this.place.url,
      () => this.begin(),
      (line) => this.protocol?.receive(line),
      (report) => this.report(report),
    );
    this.link.open();
  }

  leave(reason: string): void {
    const push = memory.push();
    if (push) this.protocol?.send("WEBPUSH", ["UNREGISTER", push.endpoint]);
    void unsubscribe();
    this.protocol?.send("QUIT", [reason]);
    this.link?.close();
    this.link = null;
    this.protocol = null;
    this.store.dispatch({ type: "leftHouse" });
    memory.keepMe(null);
    memory.keepPassword(null);
    memory.forgetDrafts();
    void shelf.clear();
  }

  hurry(): void {
    this.link?.hurry();
  }

  private begin(): void {
    if (!this.identity) return;
    this.standIns = 0;
    this.protocol = new Protocol(
      this.identity,
      (line) => void this.link?.send(line),
      (event) => this.told(event),
      () => Date.now(),
    );
    this.requests.clear();
    this.protocol.open();
  }

  private report(report: LinkReport): void {
    this.flush();
    if (report.state !== "open") this.asking.giveUp();
    this.store.dispatch({ type: "link", report });
  }

  // --- What is told: gathered, and taken once a frame ----------------------------------------------------------------

  private told(event: Event): void {
    if (!this.asking.takes(event)) this.gather(event);
  }

  private gather(event: Event): void {
    this.queue.push(event);
    this.flushSoon();
  }

  private flushSoon(): void {
    if (this.flushing) return;
    this.flushing = true;
    const run = () => this.flushing && this.flush(AT_ONCE);
    if (!document.hidden) requestAnimationFrame(run);
    window.setTimeout(run, document.hidden ? 20 : 120); // no frames are drawn where nobody looks
  }

  /** Take what waits, or the first `most` of it. */
  private flush(most = this.queue.length): void {
    this.flushing = false;
    const actions = this.queue.splice(0, most);
    if (this.queue.length) this.flushSoon();
    if (!actions.length) return;
    this.store.dispatchAll(actions.filter((action) => action.type !== "history"));
    for (const action of actions) this.follow(action as Event);
  }

  private follow(event: Event): void {
    switch (event.type) {
      case "registered":
        return this.arrived();
      case "refused":
        return this.refused(event);
      case "join":
        return event.mine ? this.joined(event.room) : undefined;
      case "part":
      case "kick":
        return event.mine ? this.keeper.remember() : undefined;
      case "nick":
        return event.mine ? this.renamed(event.next) : this.left(event.nick);
      case "quit":
        return this.left(event.nick);
      case "loggedOut":
        return this.loggedOut();
      case "operator":
        return void this.askRights();
      case "mode":
        return this.protocol?.isMe(event.target) && event.params.some((letters) => letters.includes("o"))
          ? void this.askRights()
          : undefined;
      case "history":
        return this.page(event);
      case "failed":
        return this.requestFailed(event);
      case "invited":
        return this.protocol?.isMe(event.nick) ? this.onInvited(event) : undefined;
      case "token":
        return this.tokens.get(event.label ?? "")?.(event.token);
      case "targets":
        return event.targets.forEach(({ target }) => this.talk(target));
      case "told":
        return event.error && event.target ? void this.awaited.delete(fold(event.target)) : undefined;
      case "said":
        return this.heard(event);
      default:
        return undefined;
    }
  }

  /** Mostly it is oneself who has the name: in another tab, or in a connection that is not dead yet. */
  private refused({ reason }: Extract<Event, { type: "refused" }>): void {
    const again = this.returning || this.store.state.connection.everReady;
    const nick = this.identity?.nick ?? "";
    if (reason !== "nick" || !again || !this.protocol || this.standIns === STAND_INS)
      return this.link?.close();
    this.standIns += 1;
    this.protocol.send("NICK", [nick + "_".repeat(this.standIns)]);
  }

  private renamed(nick: string): void {
    if (this.identity) this.identity = { ...this.identity, nick };
    this.keeper.remember();
  }

  /** The name that one wanted is free. */
  private left(nick: string): void {
    const own = this.identity?.nick ?? "";
    if (fold(nick) === fold(own) && !this.protocol?.isMe(own)) this.protocol?.send("NICK", [own]);
  }

  /** The account was left, or is no more: a new connection does not try its password. */
  private loggedOut(): void {
    if (this.identity) this.identity = { ...this.identity, credentials: undefined };
    memory.keepPassword(null);
    void unsubscribe();
    this.keeper.remember();
  }

  /** The account has another password, or is new: a reload and a new connection use it. */
  signedAs(account: string, password: string): void {
    if (this.identity) this.identity = { ...this.identity, credentials: { account, password } };
    memory.keepPassword(password);
    this.keeper.remember();
  }

  private arrived(): void {
    void renew(this);
    this.link?.settled();
    this.keeper.markAgain();
    if (this.protocol?.has("draft/metadata-2"))
      this.protocol.send("METADATA", ["*", "SUB", "avatar", "display-name", "pronouns", "status"]);
    const { buffers } = this.store.state;
    const known = Object.values(buffers)
      .filter((buffer) => buffer.kind === "room")
      .map((buffer) => buffer.name);
    const invited = this.invitation?.word ? this.invitation : null;
    this.invitation = null; // it is followed once
    if (invited) this.protocol?.send("JOIN", [invited.room, invited.word]);
    const every = new Map([...this.rooms, ...known].map((room) => [fold(room), room]));
    if (invited) every.delete(fold(invited.room));
    const rooms = [...every.values()];
    for (const key of every.keys()) this.awaited.add(key);
    this.store.dispatch({ type: "entering", keys: [...every.keys()] });
    for (let from = 0; from < rooms.length; from += 10)
      this.protocol?.send("JOIN", [rooms.slice(from, from + 10).join(",")]);
    // Whoever had the name may have left before we were there to see it: see `left`.
    const own = this.identity?.nick ?? "";
    if (!this.protocol?.isMe(own)) void this.ask("NICK", [own]);
    for (const buffer of Object.values(buffers)) if (buffer.kind === "talk") this.present(buffer.key);
    if (this.identity?.credentials) void this.askRights(); // one's other connection may be an operator already
    if (this.protocol?.has("draft/chathistory")) {
      const week = new Date(Date.now() - 7 * 86_400_000).toISOString();
      this.protocol.send("CHATHISTORY", [
        "TARGETS",
        `timestamp=${new Date(Date.now() + 60_000).toISOString()}`,
        `timestamp=${week}`,
        "30",
      ]);
    }
    this.keeper.remember();
  }

  /** Which operator one is, and with which rights: what is offered to them depends on it. */
  private async askRights(): Promise<void> {
    const told = await this.ask("INSPECT", ["ME"]);
    if (told.length) this.store.dispatch({ type: "operatorIs", operator: operatorOf(told) });
  }

  /** A room was left: the next connection does not enter it again. */
  forget(key: string): void {
    this.rooms = this.rooms.filter((room) => fold(room) !== key);
    this.awaited.delete(key);
  }

  private joined(room: string): void {
    this.awaited.delete(fold(room));
    this.protocol?.send("MODE", [room]);
    this.askWho(room);
    this.present(fold(room));
    this.keeper.remember();
  }

  /** Who is there, or who somebody is: a person or a program, present or away. */
  private askWho(name: string): void {
    if ("WHOX" in (this.protocol?.tokens ?? {})) this.protocol?.send("WHO", [name, "%tcnfa,152"]);
  }

  /** A private talk that went on while we were away. */
  private talk(target: string): void {
    const key = fold(target);
    if (isRoom(target) || this.store.state.buffers[key]) return;
    this.store.dispatch({ type: "restored", name: target, entries: [], readUpTo: 0, muted: false });
    this.present(key);
  }

  private heard(event: Extract<Event, { type: "said" }>): void {
    const { said } = event;
    const key = isRoom(said.target) ? fold(said.target) : fold(said.nick);
    if (!this.protocol?.isMe(said.nick) && this.store.state.buffers[key]) this.onMention(event);
  }

  // --- History -----------------------------------------------------------------------------------------------------

  /** The newest page, so that what is said from now on follows it without a gap. */
  present(key: string): void {
    const buffer = this.store.state.buffers[key];
    if (!buffer || buffer.kind === "server") return;
    if (buffer.kind === "talk") {
      this.askWho(buffer.name);
      if (this.protocol?.has("draft/read-marker")) this.protocol.send("MARKREAD", [buffer.name]);
    }
    if (!this.protocol?.has("draft/chathistory")) return this.store.dispatch({ type: "unsent", key });
    this.fetch({ key, where: { mode: "latest" }, view: null, catchingUp: 0 }, [
      "LATEST",
      buffer.name,
      "*",
      String(PAGE),
    ]);
  }

  /** One more page at an end of what is looked at. */
  more(key: string, direction: "before" | "after"): void {
    const buffer = this.store.state.buffers[key];
    if (
      !buffer ||
      buffer.loading ||
      !this.protocol?.has("draft/chathistory") ||
      this.store.state.connection.phase !== "ready"
    )
      return;
    const segment = viewedOf(buffer);
    if (direction === "before" ? segment.atStart : segment.live) return;
    const edge = direction === "before" ? oldestOf(segment) : newestOf(segment);
    if (!edge) return;
    this.fetch({ key, where: { mode: direction, id: edge.id }, view: null, catchingUp: -1 }, [
      direction.toUpperCase(),
      buffer.name,
      `msgid=${edge.id}`,
      String(PAGE),
    ]);
  }

  /** Look at a message, or at what was said at a time; `done` learns whether there was something. */
  jump(key: string, to: { id: string } | { time: number }, done?: (found: boolean) => void): void {
    const buffer = this.store.state.buffers[key];
    if (!buffer) return;
    if ("id" in to && segmentOf(buffer.segments, to.id)) {
      this.store.dispatch({ type: "viewed", key, id: to.id, target: to.id });
      done?.(true);
      return;
    }
    const selector = "id" in to ? `msgid=${to.id}` : `timestamp=${new Date(to.time).toISOString()}`;
    this.fetch(
      { key, where: { mode: "around" }, view: "id" in to ? to.id : `@${to.time}`, catchingUp: -1, done },
      ["AROUND", buffer.name, selector, String(PAGE)],
    );
  }

  toPresent(key: string): void {
    this.store.dispatch({ type: "viewed", key, id: null, target: null });
    const buffer = this.store.state.buffers[key];
    if (buffer && !liveOf(buffer)?.entries.length) this.present(key);
  }

  private fetch(request: Request, params: string[]): void {
    const label = this.label();
    this.requests.set(label, request);
    this.store.dispatch({ type: "requested", key: request.key, loading: request.where.mode });
    this.protocol?.send("CHATHISTORY", params, { label });
  }

  private page(event: Extract<Event, { type: "history" }>): void {
    const request = event.label === undefined ? undefined : this.requests.get(event.label);
    if (!request || event.label === undefined) return;
    this.requests.delete(event.label);
    const { key, where } = request;
    const target = request.view?.startsWith("@")
      ? (event.page.find((said) => said.time >= Number(request.view?.slice(1)))?.id ?? event.page.at(-1)?.id)
      : request.view;
    const found = event.page.some((said) => said.id === target);
    this.store.dispatch({ type: "page", key, page: event.page, where, view: null });
    if (found && target) this.store.dispatch({ type: "viewed", key, id: target, target });
    request.done?.(found);
    if (request.catchingUp >= 0) this.catchUp(request, event);
    this.keeper.keepSoon(key);
  }

  /** Whatever we said before the connection was lost is in the history, or was never heard. */
  private catchUp(request: Request, event: Extract<Event, { type: "history" }>): void {
    const buffer = this.store.state.buffers[request.key];
    const unsure = buffer?.pending.filter((pending) => pending.state === "unsure") ?? [];
    if (!buffer || !unsure.length) return;
    const oldest = event.page[0];
    const covered = !oldest || oldest.time <= Math.min(...unsure.map((pending) => pending.time));
    if (covered || request.catchingUp >= CATCH_UP_PAGES)
      return this.store.dispatch({ type: "unsent", key: request.key });
    this.fetch({ ...request, where: { mode: "before", id: oldest.id }, catchingUp: request.catchingUp + 1 }, [
      "BEFORE",
      buffer.name,
      `msgid=${oldest.id}`,
      String(PAGE),
    ]);
  }

  /** A proof of who we are for a service outside of IRC (draft/authtoken); null when there is none to be had. */
  token(service: string, scope = ""): Promise<string | null> {
    const { protocol } = this;
    if (!protocol || !("draft/AUTHTOKEN" in protocol.tokens)) return Promise.resolve(null);
    const label = this.label();
    protocol.send("TOKEN", scope ? ["GENERATE", service, scope] : ["GENERATE", service], { label });
    return new Promise((resolve) => {
      const done = (token: string | null) => {
        this.tokens.delete(label);
        resolve(token);
      };
      this.tokens.set(label, done);
      window.setTimeout(() => done(null), TOKEN_MS);
    });
  }

  /** Ask the server something whose answer is not talk; all that came back, nothing when it cannot be asked. */
  ask(command: string, params: readonly string[], tags: Tags = {}): Promise<readonly Event[]> {
    const { protocol } = this;
    if (!protocol?.registered || !protocol.has("labeled-response")) return Promise.resolve([]);
    const label = this.label();
    const answer = this.asking.answer(label);
    protocol.send(command, params, { ...tags, label });
    return answer;
  }

  private requestFailed(event: Extract<Event, { type: "failed" }>): void {
    if (event.code === "NICKNAME_RESERVED") this.standIns = STAND_INS; // it is another's account: not oneself
    this.tokens.get(event.label ?? "")?.(null);
    const request = event.label === undefined ? undefined : this.requests.get(event.label);
    if (!request || event.label === undefined) return;
    this.requests.delete(event.label);
    this.store.dispatch(
      { type: "requested", key: request.key, loading: null },
      { type: "unsent", key: request.key },
    );
    request.done?.(false);
  }

  label(): string {
    this.labels += 1;
    return `w${this.labels.toString(36)}`;
  }
}
