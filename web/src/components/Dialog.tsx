/*
 * A panel above the room: the browser's own dialog, which keeps the focus inside and closes with Escape.
 * What belongs here: the frame. What must not: contents.
 */

import type { ComponentChildren, JSX } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { say } from "../words";
import { Close } from "./icons";

export function Dialog({
  title,
  onClose,
  children,
  wide = false,
  size = wide ? "wide" : "",
  toRead = false,
}: {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  wide?: boolean;
  size?: "" | "wide" | "full";
  toRead?: boolean; // nothing in it takes the focus, so it does itself: else keys could not scroll it
}): JSX.Element {
  const place = useRef<HTMLDialogElement>(null);
  const heading = useId();
  // Not `useEffect`, whose end comes after the next paint: by then somebody may have put the focus elsewhere.
  useLayoutEffect(() => {
    const dialog = place.current;
    const before = document.activeElement;
    dialog?.showModal();
    dialog?.querySelector<HTMLElement>("[data-first]")?.focus();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const outside = (event: MouseEvent) => event.target === place.current && onClose();
  return (
    <dialog
      ref={place}
      class={`panel ${size}`.trim()}
      aria-labelledby={heading}
      onMouseDown={outside}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <header>
        <h2 id={heading}>{title}</h2>
        <button type="button" class="icon-button" onClick={onClose} aria-label={say("dialog.close")}>
          <Close />
        </button>
      </header>
      <div class="panel-body" tabIndex={toRead ? 0 : -1}>
        {children}
      </div>
    </dialog>
  );
}

/** A part of a panel, under a heading of its own. */
export function Section({ title, children }: { title: string; children: ComponentChildren }): JSX.Element {
  return (
    <section class="stack">
      <h3>{title}</h3>
      {children}
    </section>
  );
}
