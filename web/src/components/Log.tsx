/*
 * What was said: a window on a list without end. At most a few screens of it are in the page, however long it is;
 * at its edges more is drawn, or fetched, and what one reads stays where it is.
 * What belongs here: the window and the scrolling. What must not: one message (`Message.tsx`).
 */

import type { JSX } from "preact";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { fold } from "../irc/names";
import { viewedOf } from "../state/buffers";
import { indexOf } from "../state/segments";
import type { Buffer, Entry, Message } from "../state/types";
import { day, dayNumber, say } from "../words";
import { useBuffer, useStore, useTools } from "./context";
import { ApprovalRow } from "./Approval";
import { HappeningRow } from "./Happening";
import { Down } from "./icons";
import { MessageRow } from "./Message";
import { PendingRows } from "./Pending";
import { RoundRow } from "./Round";
import { away, rowsOf, type Row } from "./rows";

const FIRST = 30; // rows that are drawn at once when a room is opened: most of a screen
const WINDOW = 70; // rows in the page: two tall screens
const STEP = 15; // how many more are drawn at an edge: a frame has room for no more
const AROUND = 40; // on either side of what was jumped to
const NEAR = 900; // pixels from an edge at which that happens
const ORIGIN_BEFORE = 300; // entries before the window among which what is answered is looked for
const DAY_LOOK_MS = 20_000;
const AT_END = 60; // pixels from the end that still count as being there

interface Frame {
  first: Entry | null; // null: as many as the window holds before the last
  last: Entry | null; // null: up to the end, and what is added is followed
}

const FOLLOWING: Frame = { first: null, last: null };

const place = (entries: readonly Entry[], entry: Entry | null, otherwise: number) => {
  const index = entry ? indexOf(entries, entry.id, entry.time) : -1;
  return index < 0 ? otherwise : index;
};

export function Log({
  buffer: key,
  onPick,
}: {
  buffer: string;
  onPick: (message: Message, at: HTMLElement) => void;
}): JSX.Element {
  const { house } = useTools();
  const buffer = useBuffer<Buffer | null>(key, (one) => one, null);
  const me = useStore((state) => state.nick);
  const operator = useBuffer(key, (one) => /[~&@%]/.test(one.members.get(fold(me))?.symbols ?? ""), false);
  const arrivals = useStore((state) => state.settings.arrivals);
  const endWanted = useStore((state) => state.atEnd);
  useToday();
  const unseen = useBuffer(key, (one) => one.unread, 0);
  const [frame, setFrame] = useState<Frame>(FOLLOWING);
  const [opened, setOpened] = useState(FIRST); // rows above the end: some at once, the others in the frames after
  const [atEnd, setAtEnd] = useState(true);
  const scroller = useRef<HTMLDivElement>(null);
  const inner = useRef<HTMLDivElement>(null);
  const held = useRef<{ key: string; offset: number } | null>(null);
  const following = useRef(true);
  const steady = useRef(false); // the pointer is on a message's buttons: they do not move away from under it

  const segment = buffer ? viewedOf(buffer) : null;
  const entries = segment?.entries ?? [];
  const present = buffer?.viewing === null; // and not somewhere in the past
  const step = (at: number, rows: number) => away(entries, at, rows, arrivals);
  const to = frame.last ? place(entries, frame.last, entries.length - 1) + 1 : entries.length;
  const above = step(to, -opened);
  const from = frame.first ? place(entries, frame.first, above) : above;
  const rows = useMemo(
    () => rowsOf(entries, from, to, buffer?.markerAt ?? 0, arrivals),
    [entries, from, to, buffer?.markerAt, arrivals],
  );

  /** Remember what stands at the top edge, so that it can be put there again. */
  const hold = () => {
    const box = scroller.current;
    const list = inner.current;
    if (!box || !list) return;
    const top = box.getBoundingClientRect().top;
    let low = 0;
    let high = list.children.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((list.children[middle] as HTMLElement).getBoundingClientRect().bottom <= top) low = middle + 1;
      else high = middle;
    }
    let row = list.children[low] as HTMLElement | undefined;
    // A day's line and a list of arrivals may be gone when more is drawn above; a message stays.
    while (row?.dataset.kind !== "message" && row?.nextElementSibling)
      row = row.nextElementSibling as HTMLElement;
    held.current = row?.dataset.key
      ? { key: row.dataset.key, offset: row.getBoundingClientRect().top - top }
      : null;
  };

  const keepInPlace = useCallback(() => {
    const box = scroller.current;
    if (!box) return;
    if (following.current) {
      if (!steady.current) box.scrollTop = box.scrollHeight;
      return;
    }
    const row =
      held.current &&
      inner.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(held.current.key)}"]`);
    if (row && held.current)
      box.scrollTop +=
        row.getBoundingClientRect().top - box.getBoundingClientRect().top - held.current.offset;
  }, []);

  useLayoutEffect(keepInPlace, [rows, buffer?.pending, buffer?.typing, buffer?.loading, keepInPlace]);
  useEffect(() => {
    const observer = new ResizeObserver(keepInPlace);
    if (inner.current) observer.observe(inner.current);
    if (scroller.current) observer.observe(scroller.current);
    return () => observer.disconnect();
  }, [keepInPlace]);

  useLayoutEffect(() => {
    report(true); // first, and before the next paint: what follows may lead away from the end
    const drawn = requestAnimationFrame(keepInPlace);
    return () => cancelAnimationFrame(drawn);
  }, []);

  // Somewhere else was jumped to: the window goes there, and the message comes into view.
  useLayoutEffect(() => {
    const target = buffer?.target;
    if (!target || !segment) return;
    const index = segment.entries.findLastIndex((entry) => entry.id === target);
    if (index < 0) return;
    following.current = false;
    held.current = null;
    setFrame({
      first: segment.entries[Math.max(0, index - AROUND)] ?? null,
      last: segment.entries[Math.min(segment.entries.length - 1, index + AROUND)] ?? null,
    });
    const seen = requestAnimationFrame(() => {
      const row = inner.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(target)}"]`);
      row?.scrollIntoView({ block: "center" });
      row?.focus({ preventScroll: true });
      hold();
      house.store.dispatch({ type: "looking", looking: house.store.state.looking, atEnd: false });
      setAtEnd(false);
    });
    return () => cancelAnimationFrame(seen); // who goes back to the present meanwhile stays there
  }, [buffer?.target]);

  // Somebody asked for the latest messages, or sent one.
  useLayoutEffect(() => {
    if (endWanted && buffer?.viewing === null && !buffer.target) toEnd();
  }, [endWanted, buffer?.viewing, buffer?.target]);

  // Who says something is brought to where it is said.
  const waiting = useRef<readonly string[]>([]);
  useLayoutEffect(() => {
    const before = waiting.current;
    waiting.current = buffer?.pending.map(({ nonce }) => nonce) ?? [];
    const newest = waiting.current.at(-1);
    if (newest !== undefined && !before.includes(newest)) toEnd(); // and not when one after it has been heard
  }, [buffer?.pending]);

  const report = (end: boolean) => {
    setAtEnd(end);
    house.store.dispatch({ type: "looking", looking: house.store.state.looking, atEnd: end });
  };

  const onScroll = () => {
    const box = scroller.current;
    if (!box || !segment) return;
    const below = box.scrollHeight - box.scrollTop - box.clientHeight;
    const end = below < AT_END && to >= entries.length && present;
    following.current = end;
    if (end !== atEnd) report(end);
    hold();
    if (end && frame !== FOLLOWING) setFrame(FOLLOWING);
    else if (box.scrollTop < NEAR && (!end || from === 0) && earlier())
      return; // the end follows, it has no edge
    else if (below < NEAR && later()) return;
    else if (!end && frame.last === null && entries.length)
      setFrame({ first: entries[from] ?? null, last: entries.at(-1) ?? null });
  };

  const onPointer = (event: PointerEvent) => {
    const on = event.type === "pointerover" && (event.target as Element).closest(".actions") !== null;
    const left = steady.current && !on;
    steady.current = on;
    if (left) keepInPlace();
  };

  /** More above: drawn now (then true), or fetched. */
  const earlier = (): boolean => {
    if (from === 0) {
      house.more(key, "before");
      return false;
    }
    const first = step(from, -STEP);
    setFrame({
      first: entries[first] ?? null,
      last: entries[Math.min(to, step(first, 2 * WINDOW)) - 1] ?? null,
    });
    return true;
  };

  const later = (): boolean => {
    if (to >= entries.length) {
      if (!present) house.more(key, "after");
      return false;
    }
    const last = step(to, STEP);
    setFrame({
      first: entries[Math.max(from, step(last, -2 * WINDOW))] ?? null,
      last: last >= entries.length && present ? null : (entries[last - 1] ?? null),
    });
    return true;
  };

  const toEnd = () => {
    steady.current = false;
    following.current = true;
    setFrame(FOLLOWING);
    keepInPlace();
    requestAnimationFrame(keepInPlace);
    report(true);
  };

  const goToPresent = () => {
    house.toPresent(key);
    toEnd();
  };

  useEffect(() => {
    const short = (scroller.current?.scrollTop ?? 0) < NEAR && opened < 2 * WINDOW; // on a tall screen
    if (above === 0 || (opened >= WINDOW && !short)) return;
    const next = requestAnimationFrame(() => setOpened(opened + STEP));
    return () => cancelAnimationFrame(next);
  }, [opened, above === 0]);

  // At the very edge no more scrolling comes: what was fetched there is drawn at once.
  useEffect(() => {
    const box = scroller.current;
    if (box && !following.current && !buffer?.loading && box.scrollTop < NEAR && from > 0) earlier();
  }, [entries.length, buffer?.loading]);

  // A room with less than a screen has no edge to scroll to: more is fetched at once.
  useEffect(() => {
    const box = scroller.current;
    if (
      box &&
      from === 0 &&
      segment?.live &&
      !segment.atStart &&
      !buffer?.loading &&
      box.scrollHeight <= box.clientHeight + 40 &&
      entries.length
    )
      house.more(key, "before");
  });

  const onKeyDown = (event: KeyboardEvent) => {
    const list = [...(inner.current?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
    const now = list.findIndex((row) => row.contains(document.activeElement));
    const steps: Record<string, number> = {
      ArrowUp: (now < 0 ? list.length : now) - 1,
      ArrowDown: now + 1,
      Home: 0,
      End: list.length - 1,
    };
    const next = steps[event.key];
    if (next === undefined || event.altKey || event.ctrlKey) return;
    event.preventDefault();
    list[Math.max(0, Math.min(list.length - 1, next))]?.focus();
  };

  if (!buffer || !segment) return <div class="log" />;
  const newAbove =
    buffer.markerAt > 0 && from > 0 && segment.live && (entries[from]?.time ?? 0) > buffer.markerAt;
  const showPresent = !atEnd || !present;
  return (
    <div class="log-frame">
      <div
        class="log"
        ref={scroller}
        onScroll={onScroll}
        onKeyDown={onKeyDown}
        onPointerOver={onPointer}
        onPointerLeave={onPointer}
        role="log"
        aria-live="off"
        aria-label={say("log.label")}
        tabIndex={0}
      >
        <div class="log-space" />
        {from === 0 && segment.atStart && <Beginning buffer={buffer} empty={entries.length === 0} />}
        {buffer.loading === "before" && <p class="log-loading">{say("log.loading")}</p>}
        <div class="log-rows" ref={inner}>
          {rows.map((row) => (
            <div key={row.key} data-key={row.key} data-kind={row.kind} class="log-row">
              {drawn(row, { key, buffer, entries, from, me, operator, onPick })}
            </div>
          ))}
          {present && <PendingRows key="pending" buffer={key} rows={rows} pending={buffer.pending} />}
        </div>
      </div>
      {newAbove && (
        <button
          type="button"
          class="to-present to-unread"
          onClick={() => house.jump(key, { time: buffer.markerAt + 1 })}
        >
          {say("log.unread.jump")}
        </button>
      )}
      {showPresent && (
        <button type="button" class="to-present" onClick={goToPresent}>
          <Down size={16} />
          {unseen > 0 ? say("log.new.count", { count: unseen }) : say("log.present")}
        </button>
      )}
    </div>
  );
}

/** Drawn again when another day begins: what was said today was said yesterday then. */
function useToday(): void {
  const [, set] = useState(dayNumber(Date.now()));
  useEffect(() => {
    const timer = setInterval(() => set(dayNumber(Date.now())), DAY_LOOK_MS);
    return () => clearInterval(timer);
  }, []);
}

interface RowContext {
  key: string;
  buffer: Buffer;
  entries: readonly Entry[];
  from: number;
  me: string;
  operator: boolean;
  onPick: (message: Message, at: HTMLElement) => void;
}

function drawn(row: Row, { key, buffer, entries, from, me, operator, onPick }: RowContext): JSX.Element {
  if (row.kind === "day")
    return (
      <div class="day" role="separator">
        <span>{day(row.time, Date.now())}</span>
      </div>
    );
  if (row.kind === "new")
    return (
      <div class="new-line" role="separator">
        <span>{say("log.new")}</span>
      </div>
    );
  if (row.kind === "happening") return <HappeningRow happenings={row.happenings} />;
  const one = (message: Message, head: boolean, column = false) => {
    const origin = message.replyTo ? originOf(entries, message, from) : null;
    const asked = buffer.kind === "talk" || Boolean(origin?.mine);
    return (
      <MessageRow
        key={message.id}
        buffer={key}
        message={message}
        head={head}
        me={me}
        origin={origin}
        mayRedact={message.mine || operator || (asked && Boolean(message.provenance))}
        mayStop={operator || asked}
        targeted={buffer.target === message.id}
        onPick={onPick}
        column={column}
      />
    );
  };
  if (row.kind === "round") {
    const [first] = row.round.answers as [Message, ...Message[]];
    const origin = originOf(entries, first, from);
    return <RoundRow buffer={key} round={row.round} origin={origin} draw={(each) => one(each, true, true)} />;
  }
  if (row.kind === "approval") {
    const { asker } = row.approval;
    const mine = asker === null ? buffer.kind === "talk" : fold(asker) === fold(me);
    return <ApprovalRow buffer={key} approval={row.approval} mayDecide={mine || operator} />;
  }
  return one(row.message, row.head);
}

/** What a message answers, where it is near: an answer is looked for among the last few hundred before it. */
function originOf(entries: readonly Entry[], message: Message, from: number): Message | null {
  for (
    let index = indexOf(entries, message.id, message.time) - 1;
    index >= Math.max(0, from - ORIGIN_BEFORE);
    index--
  ) {
    const entry = entries[index] as Entry;
    if (entry.id === message.replyTo) return entry.what === "message" ? entry : null;
  }
  return null;
}

function Beginning({ buffer, empty }: { buffer: Buffer; empty: boolean }): JSX.Element {
  return (
    <div class="beginning">
      <strong>
        {buffer.kind === "room" ? say("log.start.room", { room: buffer.name }) : say("log.start")}
      </strong>
      {empty && <p>{say("log.empty")}</p>}
    </div>
  );
}
