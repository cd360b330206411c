/*
 * The beginning: what the server is called, who one was, and the page.
 * What belongs here: the browser's events, put through to the house. What must not: anything with a name of its own.
 */

import { render } from "preact";
import { Deeds } from "./app/deeds";
import { House, type Place } from "./app/house";
import { memory } from "./app/memory";
import { watchInvitations, watchMentions, watchTitle } from "./app/notify";
import { App } from "./components/App";
import type { Entry } from "./components/Entrance";
import { asked } from "./app/invitation";
import { tellWorker } from "./app/push";
import { isRoom } from "./irc/names";
import { choose } from "./words";
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

function watchBrowser(house: House): void {
  const look = () => {
    house.store.dispatch({
      type: "looking",
      looking: !document.hidden && document.hasFocus(),
      atEnd: house.store.state.atEnd,
    });
    if (!document.hidden) house.hurry();
  };
  for (const name of ["focus", "blur", "online"]) addEventListener(name, look);
  document.addEventListener("visibilitychange", look);
  addEventListener("hashchange", () => {
    const wanted = asked(location.hash);
    if (!wanted) return;
    if (!house.store.state.connection.everReady) return location.reload(); // the entrance leads to another room
    if (!house.protocol?.registered) return;
    if (wanted.word) house.protocol.send("JOIN", [wanted.room, wanted.word]);
    new Deeds(house).open(wanted.room);
  });
  // A notification was clicked: the worker says what it leads to.
  navigator.serviceWorker?.addEventListener("message", ({ data }: MessageEvent<{ open?: unknown }>) => {
    if (typeof data?.open === "string" && house.protocol?.registered) new Deeds(house).open(data.open);
  });
  look();
}

async function begin(): Promise<void> {
  const me = memory.me();
  const house = new House(await place());
  const wanted = asked(location.hash);
  const talk = wanted && !isRoom(wanted.room) ? wanted.room : null;
  const room = wanted && !talk ? wanted.room : house.place.room;
  house.invitation = wanted;
  const enter = ({ nick, account, password }: Entry, rooms: readonly string[]) => {
    const language = choose(house.store.state.settings.language, navigator.languages);
    if (password) memory.keepPassword(password);
    house.enter(
      { nick, realname: nick, credentials: account ? { account, password } : undefined, language },
      rooms,
    );
    if (talk) new Deeds(house).open(talk);
  };
  applySettings(house);
  watchTitle(house);
  watchMentions(house);
  watchInvitations(house);
  watchBrowser(house);
  if (me) {
    const password = memory.password();
    if (!me.account || password) {
      await house.restore(me);
      enter({ nick: me.nick, account: me.account ?? "", password: password ?? "", room }, [
        ...me.rooms,
        ...(wanted && !talk ? [room] : me.rooms.length ? [] : [room]),
      ]);
    }
  }
  const page = document.getElementById("page");
  if (page)
    render(
      <App
        house={house}
        room={room}
        onEnter={(entry) => enter(entry, [...(me?.rooms ?? []), entry.room].filter(isRoom))}
      />,
      page,
    );
  if ("serviceWorker" in navigator && import.meta.env.PROD)
    void navigator.serviceWorker.register("/sw.js").catch(() => undefined);
}

void begin();
