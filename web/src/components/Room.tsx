/*
 * One room or talk: what it is called, what is said, who types, and the field to answer.
 * What belongs here: the frame around the log. What must not: the log.
 */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { fileHost } from "../app/upload";
import { fold } from "../irc/names";
import { safeName, safeText } from "../rich/safe";
import { plainText } from "../irc/formatting";
import { SERVER } from "../state/buffers";
import type { Message } from "../state/types";
import { number, say } from "../words";
import { Avatar } from "./Avatar";
import { Composer } from "./Composer";
import { useBuffer, useStore, useTools } from "./context";
import { Bell, BellOff, Calendar, Door, Folder, Gear, Hash, Menu, People, Search, Server } from "./icons";
import { Log } from "./Log";

interface Props {
  buffer: string;
  membersOpen: boolean;
  covered: boolean; // by the rooms, on a narrow screen
  fill: { text: string; count: number };
  onMenu: () => void;
  onMembers: () => void;
  onPick: (message: Message, at: HTMLElement) => void;
  onEmoji: (at: HTMLElement) => void;
}

export function Room({
  buffer,
  membersOpen,
  covered,
  fill,
  onMenu,
  onMembers,
  onPick,
  onEmoji,
}: Props): JSX.Element {
  return (
    <main class="room" inert={covered}>
      <RoomHead buffer={buffer} membersOpen={membersOpen} onMenu={onMenu} onMembers={onMembers} />
      <Offline />
      <Log key={buffer} buffer={buffer} onPick={onPick} />
      <Typing buffer={buffer} />
      <Composer buffer={buffer} fill={fill} onEmoji={onEmoji} />
    </main>
  );
}

function RoomHead({
  buffer: key,
  membersOpen,
  onMenu,
  onMembers,
}: Pick<Props, "buffer" | "membersOpen" | "onMenu" | "onMembers">): JSX.Element {
  const { house, deeds, show } = useTools();
  const name = useBuffer(key, (one) => one.name, "");
  const kind = useBuffer(key, (one) => one.kind, "room");
  const topic = useBuffer(key, (one) => one.topic, "");
  const joined = useBuffer(key, (one) => one.joined, false); // else nobody knows who is there
  const count = useBuffer(key, (one) => one.members.size, 0);
  const files = useStore((state) => fileHost(state.tokens, location.href) !== null);
  const muted = useBuffer(key, (one) => one.muted, false);
  const bot = useStore((state) => state.users.get(key)?.bot ?? false);
  const waiting = useStore((state) =>
    Object.values(state.buffers).some((one) => one.key !== key && one.mentions > 0 && !one.muted),
  );
  const shown = key === SERVER ? say("sidebar.server") : safeName(name);
  const mute = () => {
    house.store.dispatch({ type: "muted", key, muted: !muted });
    house.keeper.remember();
  };
  return (
    <header class="room-head">
      <button
        type="button"
        class="icon-button only-narrow menu"
        onClick={onMenu}
        aria-label={say("sidebar.open")}
      >
        <Menu />
        {waiting && <span class="dot" />}
      </button>
      <span class="room-mark">
        {kind === "talk" ? <Avatar nick={name} bot={bot} small /> : kind === "server" ? <Server /> : <Hash />}
      </span>
      <div class="room-words">
        <h1>
          <bdi>{kind === "room" ? shown.slice(1) : shown}</bdi>
        </h1>
        {kind === "room" && (
          <button
            type="button"
            class="topic"
            dir="auto"
            onClick={() => show({ name: "room" })}
            title={topic ? plainText(topic) : say("room.topic.edit")}
          >
            {topic ? safeText(plainText(topic)) : say("room.topic.none")}
          </button>
        )}
      </div>
      <div class="room-tools">
        {kind !== "server" && (
          <Tool label={say("room.search")} onClick={() => show({ name: "search" })}>
            <Search />
          </Tool>
        )}
        {kind !== "server" && files && (
          <Tool label={say("files.title")} onClick={() => show({ name: "files" })} wide>
            <Folder />
          </Tool>
        )}
        {kind !== "server" && (
          <Tool label={say("room.date")} onClick={() => show({ name: "date" })} wide>
            <Calendar />
          </Tool>
        )}
        {kind !== "server" && (
          <Tool label={say(muted ? "room.unmute" : "room.mute")} onClick={mute} wide>
            {muted ? <BellOff /> : <Bell />}
          </Tool>
        )}
        {kind === "room" && (
          <Tool label={say("room.settings")} onClick={() => show({ name: "room" })}>
            <Gear />
          </Tool>
        )}
        {kind === "room" && (
          <Tool label={say("room.leave")} onClick={() => deeds.close(key)} wide>
            <Door />
          </Tool>
        )}
        {kind === "room" && (
          <button
            type="button"
            class="members-button"
            onClick={onMembers}
            aria-pressed={membersOpen}
            aria-label={joined ? say("room.members", { count }) : say("room.members.show")}
          >
            <People />
            {joined && number(count)}
          </button>
        )}
      </div>
    </header>
  );
}

function Tool({
  label,
  onClick,
  wide = false,
  children,
}: {
  label: string;
  onClick: () => void;
  wide?: boolean;
  children: JSX.Element;
}): JSX.Element {
  return (
    <button
      type="button"
      class={`icon-button${wide ? " only-wide" : ""}`}
      aria-label={label}
      title={label}
      onClick={onClick}
    >
      {children}
    </button>
  );
}

/** Who is typing: people, and models that think. */
function Typing({ buffer }: { buffer: string }): JSX.Element {
  const typing = useBuffer(buffer, (one) => one.typing, NOBODY);
  const users = useStore((state) => state.users);
  const names = Object.keys(typing);
  const [a = "", b = ""] = names.map(safeName);
  const only = names.length === 1 ? users.get(fold(names[0] ?? "")) : undefined;
  const text =
    names.length === 0
      ? ""
      : only?.bot
        ? say("message.thinking", { nick: a })
        : names.length === 1
          ? say("typing.one", { a })
          : names.length === 2
            ? say("typing.two", { a, b })
            : say("typing.many");
  return (
    <div class="typing">
      {text && (
        <>
          <span class="dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          {text}
        </>
      )}
    </div>
  );
}

const NOBODY: Readonly<Record<string, number>> = {};

/** The connection is lost: said, with when it is tried again; a screen reader is not told each second. */
function Offline(): JSX.Element | null {
  const { house } = useTools();
  const { phase, retryAt } = useStore((state) => state.connection);
  const [, tick] = useState(0);
  const waiting = phase === "waiting";
  useEffect(() => {
    if (!waiting) return;
    const timer = setInterval(() => tick(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [waiting]);
  if (phase === "ready") return null;
  const left = Math.max(0, Math.ceil(((retryAt ?? 0) - Date.now()) / 1000));
  const lost = navigator.onLine ? "connection.lost" : "connection.offline";
  return (
    <div class="offline">
      <span role="status">{say(waiting ? lost : "connection.connecting")}</span>
      {waiting && navigator.onLine && (
        <span aria-hidden="true">{say("connection.next", { count: left })}</span>
      )}
      {waiting && (
        <button type="button" class="pill" onClick={() => house.hurry()}>
          {say("connection.now")}
        </button>
      )}
    </div>
  );
}
