/*
 * What this browser remembers: who one was, drafts, settings; and what was read, to open without a network.
 * What belongs here: storage, and reading it back with suspicion. What must not: deciding what is remembered.
 */

import type { Entry, Settings } from "../state/types";

export interface Remembered {
  nick: string;
  account: string | null;
  rooms: string[]; // in which one was
  talks: string[];
  muted: string[];
  last?: string | null; // what was open
}

const ME = "tertulia.me";
const SETTINGS = "tertulia.settings";
const DRAFT = "tertulia.draft."; // and the room: each by itself, since another tab writes too, and has a copy of its own
const PASSWORD = "tertulia.password";
const PUSH = "tertulia.push";
const RELOADED = "tertulia.reloaded";
const RELOAD_EVERY_MS = 60_000; // what a reload has not mended, another will not

function load<T>(storage: Storage, key: string): T | null {
  try {
    return JSON.parse(storage.getItem(key) ?? "null") as T | null;
  } catch {
    return null;
  }
}

/** Storage may be full or forbidden; nothing here is worth an error. Whether it was kept. */
function keep(storage: Storage, key: string, value: unknown): boolean {
  try {
    if (value === null) storage.removeItem(key);
    else storage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

const unkept = new Map<string, string>(); // drafts, where nothing may be stored

export const memory = {
  me: () => load<Remembered>(localStorage, ME),
  keepMe: (me: Remembered | null) => void keep(localStorage, ME, me),
  settings: () => load<Partial<Settings>>(localStorage, SETTINGS) ?? {},
  keepSettings: (settings: Settings) => void keep(localStorage, SETTINGS, settings),
  /** What was written in a room and not sent. */
  draft: (key: string) => unkept.get(key) ?? load<string>(localStorage, DRAFT + key) ?? "",
  keepDraft: (key: string, text: string) => {
    if (keep(localStorage, DRAFT + key, text || null)) unkept.delete(key);
    else unkept.set(key, text);
  },
  forgetDrafts: () => {
    unkept.clear();
    for (const name of Object.keys(localStorage)) if (name.startsWith(DRAFT)) keep(localStorage, name, null);
  },
  /** The subscription to a push service, and whose it is. */
  push: () => load<{ account: string; endpoint: string }>(localStorage, PUSH),
  keepPush: (push: { account: string; endpoint: string } | null) => void keep(localStorage, PUSH, push),
  /** For as long as this tab lives, so that a reload does not ask again. Never on the disk by our doing. */
  password: () => load<string>(sessionStorage, PASSWORD),
  keepPassword: (password: string | null) => void keep(sessionStorage, PASSWORD, password),
  /** Whether the page may load itself again: not if it has just done so. */
  mayReload: (now: number) => {
    const last = load<number>(sessionStorage, RELOADED) ?? 0;
    keep(sessionStorage, RELOADED, now);
    return now - last > RELOAD_EVERY_MS;
  },
};

// --- What was read ------------------------------------------------------------------------------------------------

const DATABASE = "tertulia";
const TABLE = "talk";
export const KEPT_ENTRIES = 200; // of each room: some screens of them

export interface Kept {
  key: string; // who, and where
  name: string;
  entries: readonly Entry[];
  readUpTo: number;
}

function database(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(TABLE, { keyPath: "key" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("no database"));
  });
}

async function within<T>(
  mode: IDBTransactionMode,
  work: (table: IDBObjectStore) => IDBRequest<T>,
): Promise<T | null> {
  try {
    const open = await database();
    return await new Promise<T>((resolve, reject) => {
      const request = work(open.transaction(TABLE, mode).objectStore(TABLE));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error("refused"));
    });
  } catch {
    return null; // private windows have no database
  }
}

export const shelf = {
  all: async (who: string): Promise<Kept[]> =>
    ((await within<Kept[]>("readonly", (table) => table.getAll())) ?? []).filter((kept) =>
      kept.key.startsWith(`${who}|`),
    ),
  keep: (kept: Kept) => within("readwrite", (table) => table.put(kept)),
  forget: (key: string) => within("readwrite", (table) => table.delete(key)),
  clear: () => within("readwrite", (table) => table.clear()),
};
