/*
 * What is kept of all this: how far one has read, on the server; who one is and what was read, in this browser.
 * What belongs here: when that is written, and reading it back. What must not: storage itself (`memory.ts`).
 */

import { fold, isRoom } from "../irc/names";
import { SERVER } from "../state/buffers";
import type { Buffer, Entry } from "../state/types";
import type { House } from "./house";
import { KEPT_ENTRIES, memory, shelf, type Remembered } from "./memory";
import { tellWorker } from "./push";

const MARK_AFTER_MS = 800;
const KEEP_AFTER_MS = 2_000;

export class Keeper {
  private readonly marked = new Map<string, number>(); // up to which time the server knows it
  private readonly marking = new Set<string>();
  private readonly keeping = new Map<string, number>();

  constructor(private readonly house: House) {}

  afterChange(): void {
    const { buffers, active } = this.house.store.state;
    const buffer = active === null ? undefined : buffers[active];
    if (!buffer || buffer.kind === "server") return;
    if ((this.marked.get(buffer.key) ?? 0) < buffer.readUpTo) this.markSoon(buffer.key);
    this.keepSoon(buffer.key);
  }

  /** Once in a while, however fast one reads: a room that never pauses is marked too. */
  private markSoon(key: string): void {
    if (this.marking.has(key)) return;
    this.marking.add(key);
    window.setTimeout(() => {
      this.marking.delete(key);
      const { store, protocol } = this.house;
      const buffer = store.state.buffers[key];
      const ready = store.state.connection.phase === "ready"; // else it would be lost, and taken for said
      if (!buffer || !ready || !protocol?.has("draft/read-marker")) return;
      this.marked.set(key, buffer.readUpTo);
      protocol.send("MARKREAD", [buffer.name, `timestamp=${new Date(buffer.readUpTo).toISOString()}`]);
    }, MARK_AFTER_MS);
  }

  /** Another connection: what was said last on the one before may not have arrived. */
  markAgain(): void {
    this.marked.clear();
  }

  keepSoon(key: string): void {
    if (this.keeping.has(key)) return;
    this.keeping.set(
      key,
      window.setTimeout(() => {
        this.keeping.delete(key);
        this.keep(key);
      }, KEEP_AFTER_MS),
    );
  }

  private who(): string {
    return fold(this.house.identity?.credentials?.account ?? this.house.identity?.nick ?? "");
  }

  private keep(key: string): void {
    const buffer = this.house.store.state.buffers[key];
    const segment = buffer?.segments.at(-1);
    if (!buffer || !segment || buffer.kind === "server") return;
    const entries: Entry[] = [];
    for (let at = segment.entries.length - 1; at >= 0 && entries.length < KEPT_ENTRIES; at--) {
      const entry = segment.entries[at] as Entry;
      if (entry.what === "message" && !entry.growing && !entry.id.startsWith("~")) entries.push(entry);
    }
    entries.reverse();
    void shelf.keep({ key: `${this.who()}|${key}`, name: buffer.name, entries, readUpTo: buffer.readUpTo });
  }

  remember(): void {
    const { active, buffers, connection, nick } = this.house.store.state;
    const all = Object.values(buffers);
    const there = (one: Buffer) => one.joined || connection.phase !== "ready";
    const rooms = all.filter((one) => one.kind === "room" && there(one)).map((one) => one.name);
    const awaited = this.house.rooms.filter((room) => this.house.awaited.has(fold(room)));
    const me: Remembered = {
      nick: this.house.identity?.nick ?? nick,
      account: this.house.identity?.credentials?.account ?? null,
      rooms: [...new Set([...rooms, ...awaited])],
      talks: all.filter((one) => one.kind === "talk").map((one) => one.name),
      muted: all.filter((one) => one.muted).map((one) => one.key),
      last: active === null ? null : (buffers[active]?.name ?? null),
    };
    memory.keepMe(me);
    void tellWorker(this.house);
  }

  /** What was read before, on the screen before anything is connected; `open` is looked at. */
  async restore(me: Remembered, open: string | null): Promise<void> {
    for (const kept of await shelf.all(fold(me.account ?? me.nick))) {
      const known = [...me.rooms, ...me.talks].some((name) => fold(name) === fold(kept.name));
      if (known && kept.name !== SERVER) {
        this.house.store.dispatch({
          type: "restored",
          name: kept.name,
          entries: kept.entries,
          readUpTo: kept.readUpTo,
          muted: me.muted.includes(fold(kept.name)),
        });
      }
    }
    const { active, buffers } = this.house.store.state;
    if (active !== null && open !== null && (isRoom(open) || fold(open) in buffers))
      this.house.store.dispatch({ type: "opened", name: open });
  }
}
