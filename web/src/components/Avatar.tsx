/*
 * Who speaks, at a glance: people are round, models are not.
 * What belongs here: the picture beside a name.
 */

import type { JSX } from "preact";
import { fold } from "../irc/names";
import { hueOf, safeName } from "../rich/safe";
import { Spark } from "./icons";

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
      {bot ? <Spark size={small ? 14 : 20} /> : letter.toLocaleUpperCase()}
    </span>
  );
}

/** A name in its colour, with whatever could deceive taken out. */
export function Nick({ nick }: { nick: string }): JSX.Element {
  return <bdi class={`nick-name hue-${hueOf(fold(nick))}`}>{safeName(nick)}</bdi>;
}
