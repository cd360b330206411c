/*
 * Telling somebody who looks elsewhere: title, badge, notification, sound.
 * What belongs here: the browser's ways of calling. What must not: counting (`state/`).
 */

import { fold, isRoom } from "../irc/names";
import { plainText } from "../irc/formatting";
import { mentions } from "../state/messages";
import { safeName, safeText } from "../rich/safe";
import { say } from "../words";
import type { House } from "./house";
import { LONGEST } from "./pushed";

export function watchTitle(house: House): void {
  let shown = "";
  const update = () => {
    const { buffers, active } = house.store.state;
    const all = Object.values(buffers).filter((buffer) => !buffer.muted);
    const count = all.reduce((sum, buffer) => sum + buffer.mentions, 0);
    const room = active === null || active === "*" ? "" : `${buffers[active]?.name ?? ""} · `;
    const title = `${count > 0 ? `(${count}) ` : all.some((buffer) => buffer.unread > 0) ? "• " : ""}${safeText(room)}${house.place.network}`;
    if (title === shown) return;
    shown = document.title = title;
    const badge = navigator as Navigator & {
      setAppBadge?: (count: number) => Promise<void>;
      clearAppBadge?: () => Promise<void>;
    };
    void (count > 0 ? badge.setAppBadge?.(count) : badge.clearAppBadge?.())?.catch(() => undefined);
  };
  house.store.subscribe(update);
  update();
}

export function watchMentions(house: House): void {
  house.onMention = ({ said }) => {
    const { state } = house.store;
    const key = isRoom(said.target) ? fold(said.target) : fold(said.nick);
    const named = !isRoom(said.target) || mentions(said.text, state.nick);
    if (!named || said.fromServer || state.looking || state.buffers[key]?.muted || !state.settings.notify)
      return;
    call(
      `${safeName(said.nick)} · ${safeName(isRoom(said.target) ? said.target : house.place.network)}`,
      safeText(plainText(said.text)).slice(0, LONGEST),
      key,
    );
    if (state.settings.sound) chime();
  };
}

export function watchInvitations(house: House): void {
  house.onInvited = ({ room, by }) => {
    if (house.store.state.looking || !house.store.state.settings.notify) return;
    call(say("invite.told", { nick: safeName(by), room: safeName(room) }), house.place.network, fold(room));
  };
}

function call(title: string, body: string, tag: string): void {
  if (typeof Notification === "undefined" || Notification.permission !== "granted") return;
  const options = { body, tag, icon: "/icon.svg" };
  void navigator.serviceWorker?.getRegistration().then((registration) => {
    if (registration) return registration.showNotification(title, options);
    new Notification(title, options);
    return undefined;
  });
}

/** Two soft notes, made here: no sound is fetched. */
function chime(): void {
  const audio = new AudioContext();
  for (const [index, frequency] of [660, 880].entries()) {
    const start = audio.currentTime + index * 0.12;
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0.0001, start);
    volume.gain.exponentialRampToValueAtTime(0.08, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.3);
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(start + 0.35);
  }
}
