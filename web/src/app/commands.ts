/*
 * What can be typed after `/`: a table; and the `!` words that models understand.
 * What belongs here: names, usage, and what each does. What must not: the field one types in (`Composer.tsx`).
 */

import { fold, isRoom } from "../irc/names";
import type { Panel } from "../components/context";
import { say, type Key } from "../words";
import type { Deeds } from "./deeds";
import type { House } from "./house";
import { shelf } from "./memory";

export interface Scene {
  house: House;
  deeds: Deeds;
  key: string; // the buffer in which it was typed
  name: string;
  show: (panel: Panel) => void;
}

export interface Command {
  name: string;
  usage: string; // after the name; <needed>, [may be left out]
  help: Key;
  least: number; // words that are needed
  room?: boolean; // only in a room
  run: (scene: Scene, words: string[], rest: string) => void;
}

const mode = (letters: string) => (scene: Scene, words: string[]) =>
  words.forEach((nick) => scene.deeds.command("MODE", [scene.name, letters, nick]));

const mask = (word: string) => (/[!@*~]/.test(word) ? word : `${word}!*@*`);

export const COMMANDS: Command[] = [
  {
    name: "me",
    usage: "<…>",
    help: "command.me",
    least: 1,
    run: ({ deeds, key }, _, rest) => deeds.say(key, rest, true),
  },
  {
    name: "join",
    usage: "<#room> [key]",
    help: "command.join",
    least: 1,
    run: ({ deeds }, [room = "", key = ""]) => {
      const name = isRoom(room) ? room : `#${room}`;
      if (key) deeds.join(name, key);
      deeds.open(name);
    },
  },
  {
    name: "part",
    usage: "[#room]",
    help: "command.part",
    least: 0,
    run: ({ deeds, key }, [room = ""]) => deeds.close(isRoom(room) ? fold(room) : key),
  },
  {
    name: "msg",
    usage: "<nick> [text]",
    help: "command.msg",
    least: 1,
    run: ({ deeds }, [nick = ""], rest) => {
      deeds.open(nick);
      deeds.say(fold(nick), rest.slice(nick.length).trim());
    },
  },
  {
    name: "nick",
    usage: "<name>",
    help: "command.nick",
    least: 1,
    run: ({ deeds }, [nick = ""]) => deeds.command("NICK", [nick]),
  },
  {
    name: "topic",
    usage: "[text]",
    help: "command.topic",
    least: 0,
    room: true,
    run: ({ deeds, name }, _, rest) => deeds.command("TOPIC", [name, rest]),
  },
  {
    name: "away",
    usage: "[text]",
    help: "command.away",
    least: 0,
    run: ({ deeds }, _, rest) => deeds.command("AWAY", [rest || say("room.members.away")]),
  },
  { name: "back", usage: "", help: "command.back", least: 0, run: ({ deeds }) => deeds.command("AWAY", []) },
  {
    name: "invite",
    usage: "<nick>",
    help: "command.invite",
    least: 1,
    room: true,
    run: ({ deeds, name }, [nick = ""]) => deeds.command("INVITE", [nick, name]),
  },
  {
    name: "kick",
    usage: "<nick> [reason]",
    help: "command.kick",
    least: 1,
    room: true,
    run: ({ deeds, name }, [nick = "", ...why]) =>
      deeds.command("KICK", [name, nick, ...(why.length ? [why.join(" ")] : [])]),
  },
  {
    name: "ban",
    usage: "<nick or mask>",
    help: "command.ban",
    least: 1,
    room: true,
    run: ({ deeds, name }, [word = ""]) => deeds.command("MODE", [name, "+b", mask(word)]),
  },
  {
    name: "unban",
    usage: "<nick or mask>",
    help: "command.unban",
    least: 1,
    room: true,
    run: ({ deeds, name }, [word = ""]) => deeds.command("MODE", [name, "-b", mask(word)]),
  },
  { name: "op", usage: "<nick>", help: "command.op", least: 1, room: true, run: mode("+o") },
  { name: "deop", usage: "<nick>", help: "command.deop", least: 1, room: true, run: mode("-o") },
  { name: "voice", usage: "<nick>", help: "command.voice", least: 1, room: true, run: mode("+v") },
  { name: "devoice", usage: "<nick>", help: "command.devoice", least: 1, room: true, run: mode("-v") },
  {
    name: "mode",
    usage: "<modes> [words]",
    help: "command.mode",
    least: 1,
    room: true,
    run: ({ deeds, name }, words) => deeds.command("MODE", [name, ...words]),
  },
  {
    name: "whois",
    usage: "<nick>",
    help: "command.whois",
    least: 1,
    run: ({ show }, [nick = ""]) => show({ name: "profile", nick }),
  },
  {
    name: "oper",
    usage: "[name] [password]",
    help: "command.oper",
    least: 0,
    run: ({ deeds, show }, [name = "", ...password]) => {
      if (password.length) deeds.command("OPER", [name, password.join(" ")]);
      else show({ name: "operator", named: name });
    },
  },
  { name: "list", usage: "", help: "command.list", least: 0, run: ({ show }) => show({ name: "directory" }) },
  {
    name: "search",
    usage: "[words]",
    help: "command.search",
    least: 0,
    run: ({ show }, _, text) => show({ name: "search", text }),
  },
  {
    name: "register",
    usage: "",
    help: "command.register",
    least: 0,
    run: ({ show }) => show({ name: "settings" }),
  },
  { name: "clear", usage: "", help: "command.clear", least: 0, run: () => void shelf.clear() },
  {
    name: "quote",
    usage: "<line>",
    help: "command.quote",
    least: 1,
    run: ({ deeds }, [command = "", ...words]) => deeds.command(command.toUpperCase(), joinedTrailing(words)),
  },
  { name: "help", usage: "", help: "command.help", least: 0, run: ({ show }) => show({ name: "keys" }) },
];

/** As typed in a line of IRC: from the word that begins with a colon on, it is one parameter. */
function joinedTrailing(words: string[]): string[] {
  const at = words.findIndex((word) => word.startsWith(":"));
  return at < 0 ? words : [...words.slice(0, at), words.slice(at).join(" ").slice(1)];
}

const OTHER_NAMES: Record<string, string> = {
  j: "join",
  entra: "join",
  leave: "part",
  deja: "part",
  salir: "part",
  query: "msg",
  priv: "msg",
  yo: "me",
  nombre: "nick",
  tema: "topic",
  ayuda: "help",
  salas: "list",
  busca: "search",
  ausente: "away",
  raw: "quote",
  close: "part",
  operator: "oper",
  operador: "oper",
};

export const BANGS: { name: string; help: Key }[] = [
  { name: "help", help: "bang.help" },
  { name: "stop", help: "bang.stop" },
  { name: "retry", help: "bang.retry" },
  { name: "models", help: "bang.models" },
];

/** Carry out what was typed; what is wrong with it, or null. */
export function perform(scene: Scene, typed: string): string | null {
  if (!typed.startsWith("/") || typed.startsWith("//")) {
    scene.deeds.say(scene.key, typed.startsWith("//") ? typed.slice(1) : typed);
    return null;
  }
  const [, name = "", rest = ""] = /^\/(\S*)\s*([^]*)$/.exec(typed) ?? [];
  const wanted = OTHER_NAMES[name.toLowerCase()] ?? name.toLowerCase();
  const command = COMMANDS.find((one) => one.name === wanted);
  if (!command) return say("composer.unknown", { name });
  const words = rest.split(/\s+/).filter(Boolean);
  if (words.length < command.least || (command.room && !isRoom(scene.name)))
    return say("composer.needs", { usage: `/${command.name} ${command.usage}` });
  command.run(scene, words, rest.trim());
  return null;
}
