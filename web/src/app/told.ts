/*
 * What the page tells its service worker, which cannot look into the page's storage: language, network, muted rooms.
 * What belongs here: keeping it where both reach it. What must not: what is made of it (`pushed.ts`).
 */

import { NOBODY, type Told } from "./pushed";

export const SHELF = "tertulia-told"; // a cache: the one storage that both share without more ado
const ADDRESS = "/told.json";

export async function keepTold(told: Told): Promise<void> {
  if ("caches" in self) await (await caches.open(SHELF)).put(ADDRESS, Response.json(told));
}

export async function forgetTold(): Promise<void> {
  if ("caches" in self) await caches.delete(SHELF);
}

export async function toldByPage(): Promise<Told> {
  const answer = await caches.match(ADDRESS, { cacheName: SHELF });
  return { ...NOBODY, ...((await answer?.json().catch(() => ({}))) as Partial<Told> | undefined) };
}
