/*
 * A client's side of the protocol: lines in, events and lines out. It owns no socket and no clock.
 * What belongs here: registration, batches, who we are. What must not: rooms and what is on the screen (`state/`),
 * single commands (`replies.ts`).
 */

import { Batches, gathering, HISTORY, MULTILINE, SEARCH, STREAM, textOf, type Batch } from "./batches";
import { parseList, toRequest, type Values } from "./capabilities";
import type { Event, Said } from "./events";
import type { Isupport } from "./isupport";
import { format, parse, type Line, type Tags } from "./line";
import { fold, parseSource } from "./names";
import { handlers } from "./replies";
import { plain, type Credentials } from "./sasl";

export interface Identity {
  nick: string;
  realname: string;
  credentials?: Credentials | undefined;
  serverPassword?: string | undefined;
  language: string;
}

type Bare<E> = E extends unknown ? Omit<E, "time" | "label"> : never;

export class Protocol {
  nick: string;
  user = "";
  host = "";
  offered: Values = {};
  readonly enabled = new Set<string>();
  tokens: Isupport = {};
  registered = false;
  readonly names = new Map<string, { nick: string; symbols: string }[]>(); // NAMES that are still coming
  readonly whois = new Map<string, Record<string, string>>();
  private readonly batches = new Batches();
  private label: string | undefined;
  private time = 0;
  private listing = true;

  constructor(
    private readonly identity: Identity,
    private readonly write: (line: string) => void,
    private readonly tell: (event: Event) => void,
    private readonly now: () => number,
  ) {
    this.nick = identity.nick;
  }

  /** The first lines of a new connection. */
  open(): void {
    if (this.identity.serverPassword) this.send("PASS", [this.identity.serverPassword]);
    this.send("CAP", ["LS", "302"]);
    this.send("LANGUAGE", [this.identity.language]);
    this.send("NICK", [this.nick]);
    this.send("USER", [this.userName(), "0", "*", this.identity.realname || this.nick]);
  }

  private userName(): string {
    return (
      this.nick
        .normalize("NFD")
        .replace(/[^A-Za-z0-9]/g, "")
        .toLowerCase()
        .slice(0, 10) || "web"
    );
  }

  send(command: string, params: readonly string[] = [], tags?: Tags | null): void {
    this.write(format(command, params, tags));
  }

  has(capability: string): boolean {
    return this.enabled.has(capability);
  }

  isMe(nick: string): boolean {
    return fold(nick) === fold(this.nick);
  }

  receive(text: string): void {
    const line = parse(text);
    const batch = this.batches.of(line.tags);
    this.label = line.tags?.label ?? batch?.label;
    this.time = timeOf(line.tags) ?? this.now();
    if (line.command === "BATCH") this.batch(line);
    else if (!(batch && this.inBatch(batch, line))) this.handle(line);
  }

  emit(event: Bare<Event>): void {
    const full = {
      ...event,
      time: this.time,
      ...(this.label === undefined ? {} : { label: this.label }),
    } as Event;
    this.tell(full);
  }

  private handle(line: Line): void {
    const handler = handlers[line.command];
    if (handler) handler(this, line);
    else if (/^\d{3}$/.test(line.command)) this.plainReply(line);
  }

  /** A reply that means nothing to us in particular: errors and sentences are shown as they are. */
  private plainReply(line: Line): void {
    const error = line.command >= "400" && line.command <= "599";
    const text = line.params.slice(1).join(" ");
    this.emit({
      type: "told",
      code: line.command,
      target: line.params.length > 2 ? (line.params[1] ?? null) : null,
      text: error ? (line.params.at(-1) ?? text) : text,
      error,
    });
  }

  // --- Batches ----------------------------------------------------------------------------------------------

  private batch(line: Line): void {
    const reference = line.params[0] ?? "";
    if (reference.startsWith("+")) {
      const batch = this.batches.start(line);
      if (isAnswer(batch)) this.emit({ type: "answering" });
      if (batch.type === STREAM)
        this.emit({ type: "streamOpen", reference: batch.reference, said: this.said(line, "") });
      return;
    }
    const batch = this.batches.end(reference.slice(1));
    if (!batch) return;
    this.label = batch.label;
    this.time = timeOf(batch.opening.tags) ?? this.time;
    this.closed(batch, line);
    if (isAnswer(batch)) this.emit({ type: "answered" });
  }

  private closed(batch: Batch, line: Line): void {
    if (batch.type === STREAM) {
      this.emit({ type: "streamClose", reference: batch.reference, tags: line.tags ?? {} });
    } else if (batch.type === MULTILINE) {
      const said = { ...this.said(batch.opening, textOf(batch)), kind: batch.kind };
      this.give(said, batch.parent);
    } else if (batch.type === HISTORY) {
      this.emit({
        type: "history",
        target: batch.params[0] ?? "",
        page: batch.page,
        end: batch.page.length === 0,
      });
    } else if (SEARCH.includes(batch.type)) {
      this.emit({ type: "found", page: batch.page });
    } else if (batch.type === "draft/chathistory-targets") {
      this.emit({ type: "targets", targets: batch.targets });
    }
  }

  /** Whether the line was a part of its batch, and nothing by itself. */
  private inBatch(batch: Batch, line: Line): boolean {
    const talk = line.command === "PRIVMSG" || line.command === "NOTICE";
    if (batch.type === STREAM) {
      if (talk)
        this.emit({
          type: "streamPiece",
          reference: batch.reference,
          text: line.params[1] ?? "",
          concat: "tertulia.chat/concat" in (line.tags ?? {}),
        });
      return true;
    }
    if (batch.type === MULTILINE) {
      if (talk) {
        batch.kind = line.command === "NOTICE" ? "notice" : "say";
        batch.pieces.push({
          text: line.params[1] ?? "",
          concat: "draft/multiline-concat" in (line.tags ?? {}),
        });
      }
      return true;
    }
    if (batch.type === "draft/chathistory-targets") {
      batch.targets.push({
        target: line.params[1] ?? "",
        latest: Date.parse((line.params[2] ?? "").replace(/^timestamp=/, "")),
      });
      return true;
    }
    if (talk && gathering(batch)) {
      this.give(this.said(line, line.params[1] ?? ""), batch);
      return true;
    }
    return gathering(batch) !== undefined; // what else happened long ago is not shown
  }

  /** A message is an event, or a part of the page that it stands in. */
  give(said: Said, batch: Batch | undefined): void {
    const page = gathering(batch);
    if (page) page.page.push(said);
    else this.emit({ type: "said", said });
  }

  /** What a line says, or the opening of a batch. */
  said(line: Line, text: string): Said {
    const tags = line.tags ?? {};
    const source = parseSource(line.source);
    const action = /^\x01ACTION ([^]*?)\x01?$/.exec(text);
    return {
      id: tags.msgid ?? "",
      time: timeOf(line.tags) ?? this.time,
      nick: source.nick,
      account: tags.account ?? null,
      bot: "bot" in tags,
      kind: action ? "act" : line.command === "NOTICE" ? "notice" : "say",
      target: line.command === "BATCH" ? (line.params[2] ?? "") : (line.params[0] ?? ""),
      text: action ? (action[1] ?? "") : text,
      tags,
      fromServer: source.user === "" && source.host === "",
    };
  }

  // --- Capabilities, and logging in ---------------------------------------------------------------------------

  capabilities(line: Line): void {
    const [, subcommand = "", third = "", fourth] = line.params;
    const list = fourth ?? third;
    if (subcommand === "LS") {
      Object.assign(this.offered, parseList(list));
      if (fourth === undefined) this.request();
    } else if (subcommand === "NEW") {
      Object.assign(this.offered, parseList(list));
      this.request();
    } else if (subcommand === "DEL") {
      for (const name of Object.keys(parseList(list))) {
        delete this.offered[name];
        this.enabled.delete(name);
      }
      this.emit({ type: "capabilities", enabled: [...this.enabled], values: this.offered });
    } else if (subcommand === "ACK") {
      this.granted(list.split(" ").filter(Boolean));
    } else if (subcommand === "NAK") {
      this.finish();
    }
  }

  private request(): void {
    const wanted = toRequest(this.offered, this.identity.credentials !== undefined).filter(
      (name) => !this.enabled.has(name),
    );
    if (wanted.length === 0) this.finish();
    for (let from = 0; from < wanted.length; from += 12)
      this.send("CAP", ["REQ", wanted.slice(from, from + 12).join(" ")]);
    this.listing = false;
  }

  private granted(names: string[]): void {
    for (const name of names) {
      if (name.startsWith("-")) this.enabled.delete(name.slice(1));
      else this.enabled.add(name);
    }
    this.emit({ type: "capabilities", enabled: [...this.enabled], values: this.offered });
    if (
      toRequest(this.offered, this.identity.credentials !== undefined).some((name) => !this.enabled.has(name))
    )
      return;
    if (!this.registered && this.has("sasl") && this.identity.credentials)
      this.send("AUTHENTICATE", ["PLAIN"]);
    else this.finish();
  }

  authenticate(line: Line): void {
    if (line.params[0] !== "+" || !this.identity.credentials) return;
    for (const chunk of plain(this.identity.credentials)) this.send("AUTHENTICATE", [chunk]);
  }

  /** The end of negotiation, where one is open. */
  finish(): void {
    if (!this.registered && !this.listing) this.send("CAP", ["END"]);
  }
}

const TALK = new Set<string>([STREAM, MULTILINE, HISTORY, ...SEARCH, "draft/chathistory-targets"]);

/** Whether a batch is the answer to something under a label, and is not told of as a whole anyway. */
const isAnswer = (batch: Batch) => batch.opening.tags?.label !== undefined && !TALK.has(batch.type);

export function timeOf(tags: Tags | null): number | undefined {
  const at = tags?.time === undefined ? NaN : Date.parse(tags.time);
  return Number.isNaN(at) ? undefined : at;
}
