/*
 * Rooms and private talks, with what is unread in them; and oneself, below.
 * What belongs here: the list. What must not: what happens when something is opened (`app/deeds.ts`).
 */

import type { JSX } from "preact";
import { memo } from "preact/compat";
import { useEffect, useRef, useState } from "preact/hooks";
import { shallow } from "../app/store";
import { fold } from "../irc/names";
import { safeName } from "../rich/safe";
import { SERVER } from "../state/buffers";
import type { Buffer, State } from "../state/types";
import { say } from "../words";
import { Avatar } from "./Avatar";
import { useStore, useTools } from "./context";
import { useAbove } from "./focus";
import { BellOff, Close, Down, Gear, Hash, Plus, Server, Shield, Spark } from "./icons";

interface Item {
  key: string;
  name: string;
  kind: Buffer["kind"];
  unread: number;
  mentions: number;
  muted: boolean;
  here: boolean;
  bot: boolean;
}

/** In the order of the alphabet: what moves cannot be found by the hand. */
export function itemsOf(state: State): Item[] {
  return Object.values(state.buffers)
    .map((buffer) => ({
      key: buffer.key,
      name: buffer.name,
      kind: buffer.kind,
      unread: buffer.unread,
      mentions: buffer.mentions,
      muted: buffer.muted,
      here: buffer.kind !== "room" || buffer.joined || state.connection.phase !== "ready",
      bot: state.users.get(buffer.key)?.bot ?? false,
    }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

const LOOK_MS = 200; // after a change, for a place in the list: many come at once

const sameItems = (a: Item[], b: Item[]) =>
  a.length === b.length && a.every((item, index) => shallow(item, b[index] as Item));

export function Sidebar({ above, onDone }: { above: boolean; onDone: () => void }): JSX.Element {
  const { house, show } = useTools();
  const items = useStore(itemsOf, sameItems);
  const active = useStore((state) => state.active);
  const place = useRef<HTMLElement>(null);
  useAbove(place, above, onDone);
  const lists = useRef<HTMLDivElement>(null);
  const [more, setMore] = useState(false); // unread, below what can be seen of the list
  const look = () => setMore(rowBelow(lists.current) !== undefined);
  useEffect(() => {
    const timer = setTimeout(look, LOOK_MS);
    return () => clearTimeout(timer);
  }, [items]);
  useEffect(() => {
    lists.current?.querySelector(".row.active")?.scrollIntoView({ block: "nearest" });
  }, [active]);
  const part = (kind: Buffer["kind"]) => items.filter((item) => item.kind === kind);
  return (
    <nav ref={place} class="sidebar" aria-label={say("sidebar.label")}>
      <div class="sidebar-top">
        <div class="brand">
          <span class="brand-mark">
            <Spark size={18} />
          </span>
          <span class="brand-name">{house.place.network}</span>
        </div>
        <button
          type="button"
          class="icon-button only-narrow"
          onClick={onDone}
          aria-label={say("dialog.close")}
        >
          <Close />
        </button>
      </div>
      <div class="sidebar-lists" ref={lists} onScroll={look}>
        <div class="list-head">
          <h2>{say("sidebar.rooms")}</h2>
          <button
            type="button"
            class="icon-button small"
            onClick={() => show({ name: "directory" })}
            aria-label={say("sidebar.browse")}
            title={say("sidebar.browse")}
          >
            <Plus size={18} />
          </button>
        </div>
        <ul>
          {part("room").map((item) => (
            <Row key={item.key} item={item} active={active === item.key} onDone={onDone} />
          ))}
        </ul>
        {part("talk").length > 0 && (
          <div class="list-head">
            <h2>{say("sidebar.talks")}</h2>
          </div>
        )}
        <ul>
          {part("talk").map((item) => (
            <Row key={item.key} item={item} active={active === item.key} onDone={onDone} />
          ))}
        </ul>
        <ul>
          {part("server").map((item) => (
            <Row key={item.key} item={item} active={active === item.key} onDone={onDone} />
          ))}
        </ul>
      </div>
      {more && (
        <button
          type="button"
          class="more-unread"
          tabIndex={-1}
          onClick={() => rowBelow(lists.current)?.scrollIntoView()}
        >
          <Down size={14} />
          {say("sidebar.more")}
        </button>
      )}
      <OperatorRow onDone={onDone} />
      <Me />
    </nav>
  );
}

/** The first room or talk with something unread that is below what can be seen. */
function rowBelow(lists: HTMLElement | null): Element | undefined {
  if (!lists || lists.scrollHeight <= lists.clientHeight) return undefined;
  const end = lists.getBoundingClientRect().bottom;
  return [...lists.querySelectorAll(".row.unread")].find((row) => row.getBoundingClientRect().top >= end);
}

const Row = memo(({ item, active, onDone }: { item: Item; active: boolean; onDone: () => void }) => {
  const { deeds } = useTools();
  const name = item.key === SERVER ? say("sidebar.server") : safeName(item.name);
  const told = item.mentions
    ? say("sidebar.mentions", { count: item.mentions })
    : item.unread
      ? say("sidebar.unread", { count: item.unread })
      : "";
  const open = () => {
    deeds.open(item.name);
    onDone();
  };
  return (
    <li
      class={`row${active ? " active" : ""}${item.unread && !item.muted ? " unread" : ""}${item.here ? "" : " absent"}`}
    >
      <button
        type="button"
        class="row-open"
        onClick={open}
        aria-current={active ? "page" : undefined}
        aria-label={told ? `${name}, ${told}` : name}
      >
        <Mark item={item} />
        <bdi class="row-name">{item.kind === "room" ? name.slice(1) : name}</bdi>
        {item.muted && <BellOff size={14} />}
        {item.mentions > 0 ? (
          <span class="badge strong" aria-hidden="true" data-count={Math.min(item.mentions, 99)} />
        ) : (
          item.unread > 0 &&
          !item.muted && (
            <span class="badge" aria-hidden="true" data-count={item.unread > 99 ? "99+" : item.unread} />
          )
        )}
      </button>
      {item.kind !== "room" && (
        <button
          type="button"
          class="row-close icon-button small"
          onClick={() => deeds.close(item.key)}
          aria-label={`${say("sidebar.close")}: ${name}`}
        >
          <Close size={14} />
        </button>
      )}
    </li>
  );
});

function Mark({ item }: { item: Item }): JSX.Element {
  if (item.kind === "talk") return <Avatar nick={item.name} bot={item.bot} small />;
  return <span class="row-mark">{item.kind === "server" ? <Server size={17} /> : <Hash size={17} />}</span>;
}

/** For operators of the server alone. */
function OperatorRow({ onDone }: { onDone: () => void }): JSX.Element | null {
  const { show } = useTools();
  const operator = useStore((state) => state.operator !== null);
  if (!operator) return null;
  const open = () => {
    show({ name: "operator" });
    onDone();
  };
  return (
    <button type="button" class="operator-row" onClick={open}>
      <Shield size={17} />
      {say("sidebar.operator")}
    </button>
  );
}

function Me(): JSX.Element {
  const { show } = useTools();
  const [nick, account, away] = useStore(
    (state) => [state.nick, state.account, state.away] as const,
    shallow,
  );
  const standing = away
    ? say("room.members.away")
    : account && fold(account) !== fold(nick)
      ? account
      : account
        ? say("settings.account")
        : say("settings.guest.short");
  return (
    <button type="button" class="me-card" onClick={() => show({ name: "settings" })}>
      <Avatar nick={nick} bot={false} />
      <span class="me-words">
        <bdi>{safeName(nick)}</bdi>
        <small>{standing}</small>
      </span>
      <span class="visually-hidden">{say("settings.title")}</span>
      <Gear />
    </button>
  );
}
