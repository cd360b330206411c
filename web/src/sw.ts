/*
 * The service worker: the page opens without a network, and then shows what was read before (`app/memory.ts`).
 * And while no page is open, what a push service brings is shown (`app/pushed.ts`).
 * What belongs here: files of this client, notifications. What must not: the talk; IRC's connection does not pass here.
 */

import { addressOf } from "./app/invitation";
import { pushedOf, type Shown } from "./app/pushed";
import { SHELF, toldByPage } from "./app/told";

const worker = self as unknown as ServiceWorkerGlobalScope;
declare const __FILES__: string;
declare const __VERSION__: string;

const CACHE = `tertulia-${__VERSION__}`;
const FILES = JSON.parse(__FILES__) as string[];
const PAGE = "/";

worker.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll([PAGE, "/client.json", "/icon.svg", ...FILES]))
      .then(() => worker.skipWaiting()),
  );
});

worker.addEventListener("activate", (event) => {
  const old = caches
    .keys()
    .then((names) =>
      Promise.all(names.filter((name) => ![CACHE, SHELF].includes(name)).map((name) => caches.delete(name))),
    );
  event.waitUntil(old.then(() => worker.clients.claim()));
});

worker.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== worker.location.origin) return;
  if (url.pathname.startsWith("/assets/")) event.respondWith(kept(event.request));
  else if (event.request.mode === "navigate" && url.pathname === PAGE)
    event.respondWith(fresh(event.request, PAGE));
  else if (url.pathname === "/client.json" || url.pathname === "/icon.svg")
    event.respondWith(fresh(event.request, url.pathname));
});

/** Files are named by what is in them: what is kept is right. */
async function kept(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}

/** From the server where it can be reached, else as it was. */
async function fresh(request: Request, key: string): Promise<Response> {
  try {
    const response = await fetch(request);
    if (response.ok) await (await caches.open(CACHE)).put(key, response.clone());
    return response;
  } catch {
    return (await caches.match(key)) ?? Response.error();
  }
}

// --- Notifications --------------------------------------------------------------------------------------------------

worker.addEventListener("push", (event) => event.waitUntil(pushed(event.data?.text() ?? "")));

async function pushed(text: string): Promise<void> {
  const what = pushedOf(text, await toldByPage(), navigator.languages, Date.now());
  if (!what) return;
  if ("read" in what) return takeAway(what.read.tag, what.read.until);
  const windows = await worker.clients.matchAll({ type: "window" });
  if (windows.some((one) => one.focused)) return; // who looks at the page reads it there
  await show(what.show);
}

function show({ title, body, tag, silent, open, time }: Shown): Promise<void> {
  return worker.registration.showNotification(title, {
    body,
    tag,
    silent,
    icon: "/icon.svg",
    data: { open, time },
  });
}

/** It was read on another device. */
async function takeAway(tag: string, until: number): Promise<void> {
  for (const one of await worker.registration.getNotifications({ tag }))
    if (((one.data as Partial<Shown> | null)?.time ?? 0) <= until) one.close();
}

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { open = "" } = (event.notification.data ?? {}) as Partial<Shown>;
  event.waitUntil(follow(open));
});

/** The page that is open, at the room; else a new one. */
async function follow(open: string): Promise<void> {
  const [window] = await worker.clients.matchAll({ type: "window" });
  if (!window) return void (await worker.clients.openWindow(open ? `/${addressOf(open)}` : PAGE));
  window.postMessage({ open });
  await window.focus().catch(() => undefined); // browsers decide who may come to the front
}
