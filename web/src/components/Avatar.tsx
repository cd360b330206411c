/*
 * Who speaks, at a glance: people are round, models are not.
 * What belongs here: the picture beside a name.
 */

import type { JSX } from "preact";
import { useContext, useState } from "preact/hooks";
import { usePart } from "../app/store";
import { fold } from "../irc/names";
import { hueOf, pictureOf, safeName } from "../rich/safe";
import { ToolsContext } from "./context";
import { Spark } from "./icons";

/** The picture that a member has of itself: from elsewhere only when that was chosen, since fetching tells who looks. */
function Face({ nick, otherwise }: { nick: string; otherwise: JSX.Element }): JSX.Element {
  const store = useContext(ToolsContext)?.house.store;
  return store ? <FaceOf store={store} nick={nick} otherwise={otherwise} /> : otherwise;
}

function FaceOf({
  store,
  nick,
  otherwise,
}: {
  store: Parameters<typeof usePart>[0];
  nick: string;
  otherwise: JSX.Element;
}): JSX.Element {
  const key = fold(nick);
  const avatar = usePart(store, (state) => state.users.get(key)?.avatar ?? null);
  const elsewhere = usePart(store, (state) => state.settings.pictures);
  const [broken, setBroken] = useState<string | null>(null);
  const address = avatar === null ? null : pictureOf(avatar, location.href, elsewhere);
  if (address === null || broken === address) return otherwise;
  return (
    <img
      src={address}
      alt=""
      loading="lazy"
      referrerpolicy="no-referrer"
      onError={() => setBroken(address)}
    />
  );
}

const LONGEST_NAME = 60; // characters of a name that somebody chose

export function Avatar({
  nick,
  bot,
  small = false,
}: {
  nick: string;
  bot: boolean;
  small?: boolean;
}): JSX.Element {
  const name = safeName(nick);
  const letter = [...name.replace(/^[^\p{L}\p{N}]+/u, "")][0] ?? name[0] ?? "?";
  return (
    <span
      class={`avatar hue-${hueOf(fold(nick))}${bot ? " bot" : ""}${small ? " small" : ""}`}
      aria-hidden="true"
    >
      <Face
        nick={nick}
        otherwise={bot ? <Spark size={small ? 14 : 20} /> : <>{letter.toLocaleUpperCase()}</>}
      />
    </span>
  );
}

/** What somebody wants to be called, and always the name beside it: nobody is taken for another. */
export function FullName({ nick }: { nick: string }): JSX.Element {
  const store = useContext(ToolsContext)?.house.store;
  return store ? <NamedBy store={store} nick={nick} /> : <Nick nick={nick} />;
}

function NamedBy({ store, nick }: { store: Parameters<typeof usePart>[0]; nick: string }): JSX.Element {
  const key = fold(nick);
  const wanted = usePart(store, (state) => state.users.get(key)?.displayName ?? null);
  const shown = wanted === null ? "" : safeName(wanted).trim().slice(0, LONGEST_NAME);
  if (!shown || fold(shown) === key) return <Nick nick={nick} />;
  return (
    <>
      <bdi class={`nick-name hue-${hueOf(key)}`}>{shown}</bdi> <bdi class="own-nick">{safeName(nick)}</bdi>
    </>
  );
}

/** A name in its colour, with whatever could deceive taken out. */
export function Nick({ nick }: { nick: string }): JSX.Element {
  return <bdi class={`nick-name hue-${hueOf(fold(nick))}`}>{safeName(nick)}</bdi>;
}
