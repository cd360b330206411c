/*
 * The service worker: the page opens without a network, and then shows what was read before (`app/memory.ts`).
 * What belongs here: files of this client. What must not: anything said; IRC does not pass here.
 */

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
    .then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))));
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

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(
    worker.clients
      .matchAll({ type: "window" })
      .then((windows) => windows[0]?.focus() ?? worker.clients.openWindow("/")),
  );
});
