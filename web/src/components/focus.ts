/*
 * Where the focus is: never nowhere, and never under what stands above the room.
 * What belongs here: moving it when something goes away or comes above. What must not: keys with a meaning (`App.tsx`).
 */

import type { RefObject } from "preact";
import { useEffect, useLayoutEffect } from "preact/hooks";

/** One may type at once: there is no keyboard that would come up and cover half of the screen. */
export const mayTakeKeyboard = (): boolean => matchMedia("(hover: hover)").matches;

/** When what has the focus is removed, as a button that has done its work, the nearest place around it takes the focus:
 *  its message, its panel; else the field, or (where a keyboard would come up) the talk. */
export function useKeptFocus(): void {
  useEffect(() => {
    let around: HTMLElement[] = []; // from what has the focus outwards
    const watch = new MutationObserver(() => {
      if (around[0]?.isConnected !== false || document.activeElement !== document.body) return;
      const place = around.find((one) => one.isConnected && one.hasAttribute("tabindex"));
      const field = mayTakeKeyboard() && document.querySelector<HTMLElement>(".composer textarea");
      (place ?? (field || document.querySelector<HTMLElement>(".log")))?.focus({ preventScroll: true });
    });
    const onFocus = (event: FocusEvent) => {
      around = event.composedPath().filter((one): one is HTMLElement => one instanceof HTMLElement);
      watch.disconnect();
      if (!around[0]?.matches("textarea")) watch.observe(document.body, { childList: true, subtree: true });
    };
    addEventListener("focusin", onFocus);
    return () => {
      watch.disconnect();
      removeEventListener("focusin", onFocus);
    };
  }, []);
}

/** What stands above the room on a narrow screen takes the focus and gives it back; Escape closes it. */
export function useAbove(place: RefObject<HTMLElement | null>, above: boolean, close: () => void): void {
  useLayoutEffect(() => {
    if (!above) return;
    const before = document.activeElement;
    place.current?.querySelector<HTMLElement>("button")?.focus();
    const escape = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
      event.stopPropagation();
      close();
    };
    addEventListener("keydown", escape, true);
    return () => {
      removeEventListener("keydown", escape, true);
      const now = document.activeElement;
      if (before instanceof HTMLElement && (now === document.body || place.current?.contains(now)))
        before.focus();
    };
  }, [above]);
}
