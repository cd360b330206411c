/* Emoji, to be found by their names in one's language. Fetched when first asked for. */

import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { mayTakeKeyboard } from "../components/focus";
import { language, say } from "../words";

interface Emoji {
  unicode: string;
  label: string;
  tags?: string[];
  group?: number;
  order?: number;
}

const CATALOGUES: Record<string, () => Promise<{ default: unknown }>> = {
  en: () => import("emojibase-data/en/compact.json"),
  es: () => import("emojibase-data/es/compact.json"),
};
const SHOWN = 160; // at once; more when one scrolls to their end
const NEAR = 200; // pixels from it
const COMPONENTS = 2; // emojibase's group of parts that mean nothing alone

export default function EmojiPicker({
  x,
  y,
  onChoose,
  onClose,
}: {
  x: number;
  y: number;
  onChoose: (emoji: string) => void;
  onClose: () => void;
}): JSX.Element {
  const [all, setAll] = useState<Emoji[]>([]);
  const [wanted, setWanted] = useState("");
  const [shown, setShown] = useState(SHOWN);
  const place = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  // Not `useEffect`: see `Dialog`.
  useLayoutEffect(() => {
    void CATALOGUES[language()]?.().then(({ default: list }) =>
      setAll(
        (list as Emoji[])
          .filter((one) => one.group !== undefined && one.group !== COMPONENTS)
          .sort((a, b) => (a.order ?? 0) - (b.order ?? 0)),
      ),
    );
    const before = document.activeElement;
    (mayTakeKeyboard() ? field : place).current?.focus();
    const away = (event: MouseEvent) => !place.current?.contains(event.target as Node) && onClose();
    const escape = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      onClose();
    };
    addEventListener("mousedown", away);
    addEventListener("keydown", escape, true);
    return () => {
      removeEventListener("mousedown", away);
      removeEventListener("keydown", escape, true);
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const words = wanted.trim().toLowerCase();
  const found = all
    .filter(
      (one) =>
        !words || one.label.toLowerCase().includes(words) || one.tags?.some((tag) => tag.includes(words)),
    )
    .slice(0, shown);
  const style = {
    left: `${Math.max(8, Math.min(x - 320, innerWidth - 336))}px`,
    top: `${Math.max(8, Math.min(y - 330, innerHeight - 340))}px`,
  };
  return (
    <div class="emoji" ref={place} style={style} tabIndex={-1} role="dialog" aria-label={say("emoji.title")}>
      <input
        type="search"
        ref={field}
        value={wanted}
        placeholder={say("emoji.search")}
        aria-label={say("emoji.search")}
        onInput={(event) => {
          setWanted(event.currentTarget.value);
          setShown(SHOWN);
        }}
      />
      <div
        class="emoji-grid"
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          if (scrollHeight - scrollTop - clientHeight < NEAR) setShown(found.length + SHOWN);
        }}
      >
        {found.map((one) => (
          <button
            key={one.unicode}
            type="button"
            title={one.label}
            aria-label={one.label}
            onClick={() => onChoose(one.unicode)}
          >
            {one.unicode}
          </button>
        ))}
      </div>
      {all.length > 0 && found.length === 0 && <p class="quiet">{say("emoji.none")}</p>}
    </div>
  );
}
