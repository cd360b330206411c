/*
 * Being told while the page is closed (Web Push, draft/webpush): this browser's subscription, and the server's word
 * that it has it.
 * What belongs here: subscribing and its end, and what stands against it. What must not: what is shown (`pushed.ts`).
 */

import type { Event } from "../irc/events";
import { say, type Key } from "../words";
import type { House } from "./house";
import { memory } from "./memory";
import { forgetTold, keepTold } from "./told";

export interface Facts {
  secure: boolean; // https, or this machine
  manager: boolean; // the browser has a push service
  key: string | undefined; // the server's (ISUPPORT VAPID)
  account: string | null;
  permission: string; // the browser's, for notifications
}

/** Why it cannot be, as a sentence's key; null when it can. */
export function obstacle(facts: Facts): Key | null {
  if (!facts.secure) return "push.insecure";
  if (!facts.manager) return "push.unsupported";
  if (!facts.key) return "push.server";
  if (facts.account === null) return "push.guest";
  return facts.permission === "denied" ? "settings.notify.denied" : null;
}

export function factsOf(house: House): Facts {
  const { tokens, account } = house.store.state;
  return {
    secure: isSecureContext,
    manager: "serviceWorker" in navigator && "PushManager" in self && typeof Notification !== "undefined",
    key: tokens.VAPID,
    account,
    permission: typeof Notification === "undefined" ? "default" : Notification.permission,
  };
}

/** URL-safe base64, as bytes. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const letters = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}

/** "a string encoded in the message-tag format": `p256dh=…;auth=…`; "" without both. */
export function keysOf(json: PushSubscriptionJSON): string {
  const { p256dh, auth } = json.keys ?? {};
  return p256dh && auth ? `p256dh=${p256dh};auth=${auth}` : "";
}

const sameBytes = (a: ArrayBuffer | null, b: Uint8Array): boolean =>
  a !== null && a.byteLength === b.length && new Uint8Array(a).every((byte, at) => byte === b[at]);

/** Whether this browser is subscribed for who is logged in. */
export function isOn(house: House): boolean {
  const kept = memory.push();
  return kept !== null && kept.account === house.store.state.account && obstacle(factsOf(house)) === null;
}

/** "" when it is on from now on; else the reason, in words. */
export async function turnOn(house: House): Promise<string> {
  const why = obstacle(factsOf(house));
  if (why) return say(why);
  if ((await Notification.requestPermission()) !== "granted") return say("settings.notify.denied");
  try {
    return await register(house, await subscribed(bytesOf(house.store.state.tokens.VAPID ?? "")));
  } catch (error) {
    return say("push.unreachable", { text: error instanceof Error ? error.message : String(error) });
  }
}

export async function turnOff(house: House): Promise<void> {
  const kept = memory.push();
  memory.keepPush(null);
  if (kept) await house.ask("WEBPUSH", ["UNREGISTER", kept.endpoint]);
  await unsubscribe();
}

/** On arrival: a subscription that nobody renews is forgotten; the browser may have made another meanwhile. */
export async function renew(house: House): Promise<void> {
  if (isOn(house) && Notification.permission === "granted") await turnOn(house);
}

/** Without a word to the server: it learns of it from the push service. Nothing of it stays in this browser. */
export async function unsubscribe(): Promise<void> {
  memory.keepPush(null);
  await forgetTold();
  const registration = await navigator.serviceWorker?.getRegistration();
  for (const shown of (await registration?.getNotifications()) ?? []) shown.close();
  const known = await registration?.pushManager?.getSubscription().catch(() => null);
  await known?.unsubscribe().catch(() => false);
}

/** The page's worker, which mostly is there already; a second call waits for the first. Null where there is none. */
export async function worker(): Promise<ServiceWorkerRegistration | null> {
  if (!("serviceWorker" in navigator && import.meta.env.PROD)) return null;
  return navigator.serviceWorker.register("/sw.js").catch(() => null);
}

async function subscribed(key: Uint8Array<ArrayBuffer>): Promise<PushSubscription> {
  const registration = (await navigator.serviceWorker.getRegistration()) ?? (await worker());
  if (!registration) throw new Error(say("push.unsupported"));
  const { pushManager } = registration.active ? registration : await navigator.serviceWorker.ready;
  const known = await pushManager.getSubscription();
  if (known && sameBytes(known.options.applicationServerKey, key)) return known;
  await known?.unsubscribe(); // it was made for another key: the server has moved
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

async function register(house: House, subscription: PushSubscription): Promise<string> {
  const keys = keysOf(subscription.toJSON());
  const answer = await house.ask("WEBPUSH", ["REGISTER", subscription.endpoint, keys]);
  const failed = answer.find((event): event is Extract<Event, { type: "failed" }> => event.type === "failed");
  if (!failed && answer.length) {
    memory.keepPush({ account: house.store.state.account ?? "", endpoint: subscription.endpoint });
    await tellWorker(house);
    return "";
  }
  return failed ? failed.text : say("push.no.answer");
}

/** What the worker needs to know for its notices, where it shows any. */
export async function tellWorker(house: House): Promise<void> {
  if (!memory.push()) return;
  const { settings, buffers } = house.store.state;
  await keepTold({
    language: settings.language,
    network: house.place.network,
    muted: Object.values(buffers)
      .filter((buffer) => buffer.muted)
      .map((buffer) => buffer.key),
  });
}
