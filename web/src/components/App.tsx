/*
 * The whole page: the entrance, or rooms, room and members; and the panels above them.
 * What belongs here: what is open, and keys that work everywhere. What must not: what a part looks like.
 */

import { lazy, Suspense } from "preact/compat";
import type { JSX } from "preact";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Deeds } from "../app/deeds";
import type { House } from "../app/house";
import { usePart } from "../app/store";
import type { Trail } from "../app/trail";
import type { Message } from "../state/types";
import { safeName } from "../rich/safe";
import { choose, language, say, speak } from "../words";
import { ToolsContext, useTools, type Panel, type Tools } from "./context";
import { Entrance, type Entry } from "./Entrance";
import { Close } from "./icons";
import { useKeptFocus } from "./focus";
import { Live } from "./Live";
import { Members } from "./Members";
import { Room } from "./Room";
import { itemsOf, Sidebar } from "./Sidebar";

const Panels = lazy(() => import("../panels/Panels"));
const EmojiPicker = lazy(() => import("../panels/Emoji"));

const DRAWER = "(max-width: 760px)"; // there the rooms come above the room when asked for (`frame.css`)
const MEMBERS_ABOVE = "(max-width: 1099px)"; // there the members stand above the room (`frame.css`)

interface Picking {
  message: Message | null; // to react to; null: for the field
  x: number;
  y: number;
}

export function App({
  house,
  trail,
  room,
  onEnter,
}: {
  house: House;
  trail: Trail;
  room: string;
  onEnter: (entry: Entry) => void;
}): JSX.Element {
  const deeds = useMemo(() => new Deeds(house), [house]);
  const wanted = usePart(house.store, (state) => state.settings.language);
  speak(choose(wanted, navigator.languages));
  const ready = usePart(house.store, (state) => state.connection.everReady);
  const refused = usePart(
    house.store,
    ({ connection }) => connection.phase === "out" && connection.error !== null,
  );
  const known = usePart(house.store, (state) =>
    Object.values(state.buffers).some((one) => one.kind !== "server"),
  );
  // Who was here before sees at once what was said; who is refused, also later, is at the door until they are let in.
  const atDoor = useRef(false);
  atDoor.current = refused || (!ready && (atDoor.current || !known));
  const inside = !atDoor.current;
  const active = usePart(house.store, (state) => state.active);
  const isRoom = usePart(house.store, (state) =>
    active === null ? false : state.buffers[active]?.kind === "room",
  );
  const [panel, setPanel] = useState<Panel>(null);
  const [drawer, setDrawer] = useState(false);
  const [members, setMembers] = useState(() => !matchMedia(MEMBERS_ABOVE).matches);
  const [fill, setFill] = useState({ text: "", count: 0 });
  const [picking, setPicking] = useState<Picking | null>(null);

  const mention = useCallback((text: string) => setFill((now) => ({ text, count: now.count + 1 })), []);
  const tools: Tools = useMemo(() => ({ house, deeds, show: setPanel, mention }), [house, deeds, mention]);
  const closeDrawer = useCallback(() => setDrawer(false), []);
  const closeMembers = useCallback(() => setMembers(false), []);
  const pick = useCallback((message: Message | null, at: HTMLElement) => {
    const box = at.getBoundingClientRect();
    setPicking({ message, x: box.right, y: box.top });
  }, []);

  // What stands above the room, the uppermost first: Back closes it.
  const membersAbove = members && isRoom && matchMedia(MEMBERS_ABOVE).matches;
  const covers = [
    picking && (() => setPicking(null)),
    panel && (() => setPanel(null)),
    drawer && (() => setDrawer(false)),
    membersAbove && (() => setMembers(false)),
  ].filter((close) => close !== null && close !== false);
  trail.onBack = () => {
    covers[0]?.();
    return covers.length > 1;
  };
  useKeptFocus();
  useEffect(() => {
    const narrow = matchMedia(DRAWER);
    const close = () => setDrawer(false); // on a wider screen there is none
    narrow.addEventListener("change", close);
    return () => narrow.removeEventListener("change", close);
  }, []);
  useLayoutEffect(() => trail.cover(covers.length > 0), [covers.length > 0]); // Back may be pressed at once
  useEffect(() => {
    document.documentElement.lang = language();
  }, [wanted]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => keys(event, { house, deeds, show: setPanel });
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [house, deeds]);

  const chosen = (emoji: string) => {
    if (picking?.message && active) deeds.react(active, picking.message, emoji);
    else mention(emoji);
    setPicking(null);
  };

  return (
    <ToolsContext.Provider value={tools} key={language()}>
      {!inside ? (
        <Entrance room={room} onEnter={onEnter} />
      ) : (
        <div class={`house${drawer ? " drawer-open" : ""}${members && isRoom ? " members-open" : ""}`}>
          <Sidebar above={drawer} onDone={closeDrawer} />
          <button type="button" class="curtain" tabIndex={-1} aria-hidden="true" onClick={closeDrawer} />
          {active === null ? (
            <main class="room" />
          ) : (
            <Room
              buffer={active}
              membersOpen={members}
              covered={drawer}
              fill={fill}
              onMenu={() => setDrawer(true)}
              onMembers={() => setMembers(!members)}
              onPick={pick}
              onEmoji={(at) => pick(null, at)}
            />
          )}
          {active !== null && members && isRoom && (
            <Members buffer={active} above={membersAbove} onClose={closeMembers} />
          )}
        </div>
      )}
      <Suspense fallback={null}>
        {panel && <Panels panel={panel} buffer={active} onClose={() => setPanel(null)} />}
        {picking && (
          <EmojiPicker x={picking.x} y={picking.y} onChoose={chosen} onClose={() => setPicking(null)} />
        )}
      </Suspense>
      <Notices house={house} />
      <Live house={house} />
    </ToolsContext.Provider>
  );
}

/** Short words that pass: copied, refused. */
function Notices({ house }: { house: House }): JSX.Element {
  const notices = usePart(house.store, (state) => state.notices);
  const gone = (id: number) => house.store.dispatch({ type: "noticeGone", id });
  useEffect(() => {
    const newest = notices.filter((notice) => !notice.invitation).at(-1);
    if (!newest) return;
    const timer = setTimeout(() => gone(newest.id), 4_000);
    return () => clearTimeout(timer);
  }, [notices]);
  return (
    <div class="notices" role="status">
      {notices.map((notice) =>
        notice.invitation ? (
          <Invited key={notice.id} {...notice.invitation} onDone={() => gone(notice.id)} />
        ) : (
          <p key={notice.id} class={notice.error ? "error" : ""}>
            {notice.invited ? say("invite.nick.done", { nick: safeName(notice.invited) }) : notice.text}
          </p>
        ),
      )}
    </div>
  );
}

/** Somebody asks us into a room: it stays until one has said what to do with it. */
function Invited({ by, room, onDone }: { by: string; room: string; onDone: () => void }): JSX.Element {
  const { deeds } = useTools();
  const follow = () => {
    deeds.open(room);
    onDone();
  };
  return (
    <p class="invited">
      <span>{say("invite.told", { nick: safeName(by), room: safeName(room) })}</span>
      <button type="button" class="primary small" onClick={follow}>
        {say("invite.follow")}
      </button>
      <button type="button" class="icon-button" onClick={onDone} aria-label={say("dialog.close")}>
        <Close />
      </button>
    </p>
  );
}

/** Keys that work wherever the focus is. */
function keys(event: KeyboardEvent, { house, deeds, show }: Pick<Tools, "house" | "deeds" | "show">): void {
  const { state } = house.store;
  if (document.querySelector("dialog[open]") || !state.connection.everReady) return;
  const command = event.ctrlKey || event.metaKey;
  if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    const items = itemsOf(state).filter(
      (item) => !event.shiftKey || item.unread > 0 || item.key === state.active,
    );
    const now = items.findIndex((item) => item.key === state.active);
    const next = items[(now + (event.key === "ArrowDown" ? 1 : items.length - 1)) % items.length];
    if (next) deeds.open(next.name);
  } else if (command && event.key.toLowerCase() === "k") show({ name: "directory" });
  else if (command && event.shiftKey && event.key.toLowerCase() === "f") show({ name: "search" });
  else if (command && event.key === "/") show({ name: "keys" });
  else if (event.key === "Escape" && state.active) house.toPresent(state.active);
  else return;
  event.preventDefault();
}
