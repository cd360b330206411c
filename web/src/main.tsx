/*
 * The beginning: what the server is called, who one was, and the page.
 * What belongs here: the browser's events, put through to the house. What must not: anything with a name of its own.
 */

import { render } from "preact";
import { Deeds } from "./app/deeds";
import { House, type Place } from "./app/house";
import { memory, type Remembered } from "./app/memory";
import { watchInvitations, watchMentions, watchTitle } from "./app/notify";
import { App } from "./components/App";
import type { Entry } from "./components/Entrance";
import { addressOf, asked } from "./app/invitation";
import { tellWorker, worker } from "./app/push";
import { followOpened, Trail } from "./app/trail";
import { fold, isRoom } from "./irc/names";
import { choose, say } from "./words";
import "./styles/tokens.css";
import "./styles/frame.css";
import "./styles/log.css";
import "./styles/gathered.css";
import "./styles/rich.css";
import "./styles/composer.css";
import "./styles/panels.css";

async function place(): Promise<Place> {
  const url = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/irc`;
  try {
    const known = (await (await fetch("/client.json")).json()) as { network?: string; room?: string };
    return { network: known.network ?? "Tertulia", room: known.room ?? "#tertulia", url };
  } catch {
    return { network: "Tertulia", room: "#tertulia", url };
  }
}

function applySettings(house: House): void {
  let before = house.store.state.settings;
  const apply = () => {
    const { theme, density } = house.store.state.settings;
    const root = document.documentElement;
    if (theme === "auto") delete root.dataset.theme;
    else root.dataset.theme = theme;
    root.dataset.density = density;
  };
  house.store.subscribe(() => {
    if (house.store.state.settings === before) return;
    before = house.store.state.settings;
    memory.keepSettings(before);
    void tellWorker(house);
    apply();
  });
  apply();
}

function watchBrowser(house: House, trail: Trail): void {
  const look = () => {
    house.store.dispatch({
      type: "looking",
      looking: !document.hidden && document.hasFocus(),
      atEnd: house.store.state.atEnd,
    });
    if (!document.hidden) house.hurry();
  };
  for (const name of ["focus", "blur", "online", "offline"]) addEventListener(name, look);
  document.addEventListener("visibilitychange", look);
  addEventListener("popstate", () => trail.moved());
  addEventListener("hashchange", () => follow(house, trail));
  look();
}

/** A part of the page is not to be had: mostly the server has a newer page by now, which is loaded. Once: whatever else
 *  it is (no network), and where that would lose what was not sent, it is said. */
function watchParts(house: House): void {
  addEventListener("vite:preloadError", () => {
    const unsent = Object.values(house.store.state.buffers).some((buffer) => buffer.pending.length > 0);
    if (navigator.onLine && !unsent && memory.mayReload(Date.now())) return location.reload();
    house.store.dispatch({ type: "notice", text: say("page.part"), error: true });
  });
}

/** The address is another: by a link, by hand, or because Back leads to it. */
function follow(house: House, trail: Trail): void {
  const wanted = asked(location.hash);
  if (!wanted) return;
  const { connection, active, buffers } = house.store.state;
  if (!connection.everReady && active === null) return location.reload(); // the entrance leads to another room
  trail.readdressed();
  const known = fold(wanted.room) in buffers;
  // A room that was left is not entered again because Back passes it.
  if (known || !trail.isOurs) {
    if (wanted.word) house.protocol?.send("JOIN", [wanted.room, wanted.word]);
    new Deeds(house).open(wanted.room);
  }
  const now = house.store.state;
  if (now.active !== null) trail.at(addressOf(now.buffers[now.active]?.name ?? wanted.room));
}

/** A notification was clicked: the worker says what it leads to, maybe before there is anything to be led through. What
 *  is opened without a connection is entered with the next one; who is at the door stays there. */
function followClicks(): (house: House) => void {
  let take = (name: string) => void (clicked = name);
  let clicked = "";
  navigator.serviceWorker?.addEventListener("message", ({ data }: MessageEvent<{ open?: unknown }>) => {
    if (typeof data?.open === "string" && data.open) take(data.open);
  });
  return (house) => {
    take = (name) => void (house.identity && new Deeds(house).open(name));
    if (clicked) take(clicked);
  };
}

async function begin(): Promise<void> {
  const clicks = followClicks();
  const me = memory.me();
  const house = new House(await place());
  const trail = new Trail(history);
  const wanted = asked(location.hash);
  const talk = wanted && !isRoom(wanted.room) ? wanted.room : null;
  const room = wanted && !talk ? wanted.room : house.place.room;
  house.invitation = wanted;
  const enter = ({ nick, account, password }: Entry, rooms: readonly string[], again = false) => {
    const language = choose(house.store.state.settings.language, navigator.languages);
    if (password) memory.keepPassword(password);
    house.enter(
      { nick, realname: nick, credentials: account ? { account, password } : undefined, language },
      rooms,
      again,
    );
    if (talk) new Deeds(house).open(talk);
  };
  applySettings(house);
  watchTitle(house);
  watchMentions(house);
  watchInvitations(house);
  watchBrowser(house, trail);
  watchParts(house);
  if (me) {
    const password = memory.password();
    if (!me.account || password) {
      await house.keeper.restore(me, wanted?.room ?? me.last ?? null);
      enter(
        { nick: me.nick, account: me.account ?? "", password: password ?? "", room },
        roomsOf(me, wanted && !talk ? room : null, room),
        true,
      );
    }
  }
  clicks(house);
  followOpened(house, trail);
  const page = document.getElementById("page");
  if (page)
    render(
      <App
        house={house}
        trail={trail}
        room={room}
        onEnter={(entry) => enter(entry, [entry.room, ...(me?.rooms ?? [])].filter(isRoom))}
      />,
      page,
    );
  void worker();
}

/** The rooms to enter, the one to look at before the others. */
function roomsOf(me: Remembered, wanted: string | null, otherwise: string): string[] {
  const first = wanted ?? (me.last && me.rooms.includes(me.last) ? me.last : null);
  if (first) return [first, ...me.rooms];
  return me.rooms.length ? me.rooms : [otherwise];
}

void begin();
