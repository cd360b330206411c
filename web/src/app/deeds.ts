/*
 * What a person can do here, as functions on the house: say, reply, react, stop, ask, change.
 * What belongs here: deeds, each one or a few lines to the server. What must not: drawing, parsing what was typed.
 */

import { limitsOf } from "../irc/capabilities";
import type { Event } from "../irc/events";
import type { Tags } from "../irc/line";
import { fold, isRoom } from "../irc/names";
import { byteLength, cut, LINE_TEXT_BYTES, pieces } from "../irc/text";
import { NONCE } from "../state/messages";
import { findById } from "../state/segments";
import type { Buffer, Message, Pending } from "../state/types";
import type { House } from "./house";

const TYPING_EVERY_MS = 3_000; // typing.md: at most one "active" every 3 seconds

export class Deeds {
  private typed = { key: "", at: 0 };
  private searched = 0;

  constructor(private readonly house: House) {}

  private get state() {
    return this.house.store.state;
  }

  private buffer(key: string): Buffer | undefined {
    return this.state.buffers[key];
  }

  private send(command: string, params: readonly string[], tags?: Tags): void {
    this.house.protocol?.send(command, params, tags);
  }

  // --- Talk --------------------------------------------------------------------------------------------------------

  /** Say something; it is shown at once, and marked until the server has heard it. */
  say(key: string, text: string, action = false): void {
    const buffer = this.buffer(key);
    if (!buffer || buffer.kind === "server" || !text.trim()) return;
    const replyTo = this.state.replyTo;
    for (const part of this.parts(text, action)) {
      const pending: Pending = {
        nonce: nonce(),
        label: this.house.label(),
        text: part,
        action,
        replyTo,
        time: Date.now(),
        state: this.state.connection.phase === "ready" ? "sending" : "unsent",
        why: "",
      };
      this.house.store.dispatch({ type: "sent", key, pending });
      if (pending.state === "sending") this.transmit(buffer, pending);
    }
    this.typed = { key: "", at: 0 };
  }

  /** Messages of a size that the server takes. */
  private parts(text: string, action: boolean): string[] {
    const limits = limitsOf(this.state.values["draft/multiline"]);
    if (action || !this.house.protocol?.has("draft/multiline"))
      return text
        .split("\n")
        .flatMap((line) => cut(line, LINE_TEXT_BYTES - 10))
        .filter((line) => line.trim());
    const lines = limits["max-lines"] ?? 100;
    const bytes = (limits["max-bytes"] ?? 4096) - 256;
    const parts: string[] = [];
    let part: string[] = [];
    for (const line of text
      .replace(/\s+$/, "")
      .split("\n")
      .flatMap((one) => cut(one, bytes))) {
      const grown = [...part, line];
      if (part.length && (pieces(grown.join("\n")).length > lines || byteLength(grown.join("\n")) > bytes)) {
        parts.push(part.join("\n"));
        part = [line];
      } else part = grown;
    }
    return [...parts, part.join("\n")].filter((one) => one.trim());
  }

  private transmit(buffer: Buffer, pending: Pending): void {
    const tags: Tags = { [NONCE]: pending.nonce };
    if (pending.replyTo) Object.assign(tags, { "+draft/reply": pending.replyTo, "+reply": pending.replyTo });
    const lines = pieces(pending.text);
    if (pending.action)
      return this.send("PRIVMSG", [buffer.name, `\x01ACTION ${pending.text}\x01`], {
        label: pending.label,
        ...tags,
      });
    if (lines.length === 1)
      return this.send("PRIVMSG", [buffer.name, pending.text], { label: pending.label, ...tags });
    const reference = `m${pending.label}`;
    this.send("BATCH", [`+${reference}`, "draft/multiline", buffer.name], { label: pending.label, ...tags });
    for (const line of lines)
      this.send("PRIVMSG", [buffer.name, line.text], {
        batch: reference,
        ...(line.concat ? { "draft/multiline-concat": "" } : {}),
      });
    this.send("BATCH", [`-${reference}`]);
  }

  /** Once more, under the same mark: if the first one arrived after all, the history knows it by that. */
  again(key: string, pendingNonce: string): void {
    const buffer = this.buffer(key);
    const pending = buffer?.pending.find((one) => one.nonce === pendingNonce);
    if (
      !buffer ||
      !pending ||
      pending.state === "sending" ||
      pending.state === "unsure" ||
      this.state.connection.phase !== "ready"
    )
      return;
    const label = this.house.label();
    this.house.store.dispatch({ type: "resent", key, nonce: pendingNonce, label });
    this.transmit(buffer, { ...pending, label });
  }

  dismiss(key: string, pendingNonce: string): void {
    this.house.store.dispatch({ type: "dismissed", key, nonce: pendingNonce });
  }

  typing(key: string, text: string): void {
    const buffer = this.buffer(key);
    if (!buffer || buffer.kind === "server" || text.startsWith("/")) return;
    const now = Date.now();
    if (text === "") {
      if (this.typed.key === key) this.tellTyping(buffer, "done");
      this.typed = { key: "", at: 0 };
    } else if (this.typed.key !== key || now - this.typed.at > TYPING_EVERY_MS) {
      this.typed = { key, at: now };
      this.tellTyping(buffer, "active");
    }
  }

  /** As a question, whose answer nobody reads: where one may not speak, that is said when one does. */
  private tellTyping(buffer: Buffer, typing: "active" | "done"): void {
    void this.house.ask("TAGMSG", [buffer.name], { "+typing": typing });
  }

  reply(id: string | null): void {
    this.house.store.dispatch({ type: "replying", id });
  }

  react(key: string, message: Message, emoji: string): void {
    const buffer = this.buffer(key);
    if (!buffer || message.id.startsWith("~")) return;
    const held = (message.reactions?.[emoji] ?? []).some((nick) => fold(nick) === fold(this.state.nick));
    const tag = held ? "+draft/unreact" : "+draft/react";
    this.send("TAGMSG", [buffer.name], { "+draft/reply": message.id, "+reply": message.id, [tag]: emoji });
  }

  redact(key: string, message: Message): void {
    const buffer = this.buffer(key);
    if (buffer) this.send("REDACT", [buffer.name, message.id], { label: this.house.label() });
  }

  /** End what a model says (docs/extensions/stream.md, "Stopping"). */
  stop(key: string, message: Message): void {
    const buffer = this.buffer(key);
    if (buffer) this.send("TAGMSG", [buffer.name], { "+tertulia.chat/stop": message.id });
  }

  /** Ask a model the same again. */
  retry(key: string, nick: string): void {
    const buffer = this.buffer(key);
    if (buffer) this.say(key, buffer.kind === "talk" ? "!retry" : `${nick}: !retry`);
  }

  /** A word for a call that waits for one: to the model that asks, as one would type it. */
  decide(key: string, nick: string, words: string): void {
    this.say(key, this.isTalk(key) ? words : `${nick}: ${words}`);
  }

  isTalk(key: string): boolean {
    return this.buffer(key)?.kind === "talk";
  }

  // --- Rooms and people --------------------------------------------------------------------------------------------

  open(name: string): void {
    const known = this.buffer(fold(name));
    this.house.store.dispatch({ type: "opened", name });
    if (isRoom(name)) {
      if (!known?.joined) this.join(name);
    } else if (!known) {
      this.house.present(fold(name));
      this.house.keeper.remember();
    }
  }

  join(name: string, key = ""): void {
    this.send("JOIN", key ? [name, key] : [name], { label: this.house.label() });
    if (this.state.connection.phase === "ready")
      this.house.store.dispatch({ type: "entering", keys: [fold(name)] });
  }

  /** Out of a room, or away with a private talk. */
  close(key: string): void {
    const buffer = this.buffer(key);
    if (!buffer) return;
    if (buffer.joined) this.send("PART", [buffer.name]);
    this.house.forget(key);
    this.house.store.dispatch({ type: "closedBuffer", key });
    this.house.keeper.remember();
  }

  /** A command whose answer belongs to the room in which it was typed. */
  command(command: string, params: readonly string[]): void {
    this.send(command, params, { label: this.house.label() });
  }

  list(): void {
    this.house.store.dispatch({ type: "listing" });
    this.send("LIST", []);
  }

  masks(key: string, letter: string): void {
    const buffer = this.buffer(key);
    if (buffer) this.send("MODE", [buffer.name, letter]);
  }

  // --- Oneself -----------------------------------------------------------------------------------------------------

  /** Facts about oneself; keys that are not set are missing. */
  async facts(keys: readonly string[]): Promise<Record<string, string>> {
    const told = await this.house.ask("METADATA", ["*", "GET", ...keys]);
    return Object.fromEntries(
      told.flatMap((event) => (event.type === "metadata" ? [[event.key, event.value]] : [])),
    );
  }

  /** Say a fact about oneself, or ("") take it back; what the server said to it. */
  tell(key: string, value: string): Promise<readonly Event[]> {
    return this.house.ask("METADATA", value ? ["*", "SET", key, value] : ["*", "SET", key]);
  }

  /** A command for a model, said to it alone; its answers go to `told` and are not shown as talk. */
  whisper(nick: string, words: string, told: (text: string) => boolean | void): () => void {
    const end = this.house.asking.listen(nick, (text) => told(text) !== false);
    void this.house.ask("PRIVMSG", [nick, words]); // under a label, so that its echo is not shown either
    return end;
  }

  /** What was spent in a room, asked of a model: line by line, as long as `told` wants them. */
  usage(nick: string, room: string, told: (line: string) => boolean): () => void {
    return this.whisper(nick, `!usage ${room}`, told);
  }

  get searches(): boolean {
    return ["soju.im/search", "draft/search"].some((name) => this.house.protocol?.has(name));
  }

  /** Messages with these words; fields as the search extension names them: in, from, before, after, text. */
  async search(fields: Record<string, string>): Promise<void> {
    this.forgetSearch();
    const { searched } = this;
    const query = Object.entries(fields).filter(([, value]) => value);
    const words = query
      .map(
        ([name, value]) =>
          `${name}=${value.replace(/[; \\]/g, (letter) => ({ ";": "\\:", " ": "\\s", "\\": "\\\\" })[letter] ?? letter)}`,
      )
      .join(";");
    if (!this.house.protocol?.has("labeled-response")) return this.send("SEARCH", [words]);
    const told = await this.house.ask("SEARCH", [words]);
    for (const event of told)
      if (event.type !== "found" || searched === this.searched) this.house.store.dispatch(event); // else too late
  }

  /** What was found is of no more use, nor what may still come. */
  forgetSearch(): void {
    this.searched += 1;
    this.house.store.dispatch({ type: "searching", found: null });
  }

  original(key: string, id: string): Message | null {
    const found = findById(this.buffer(key)?.segments ?? [], id);
    return found?.what === "message" ? found : null;
  }
}

function nonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(9));
  return btoa(String.fromCharCode(...bytes))
    .replace(/[+/=]/g, "")
    .slice(0, 12);
}
