/*
 * The meaning of single commands and numerics: a table.
 * What belongs here: one line to its events. What must not: batches and registration (`protocol.ts`).
 */

import type { Line } from "./line";
import { modeChanges, symbols, withTokens } from "./isupport";
import { fold, parseSource } from "./names";
import type { Protocol } from "./protocol";

type Handler = (protocol: Protocol, line: Line) => unknown;

const at = (line: Line, index: number) => line.params[index] ?? "";
const last = (line: Line) => line.params.at(-1) ?? "";
const who = (line: Line) => parseSource(line.source).nick;
const account = (name: string | undefined) =>
  name === undefined || name === "*" || name === "0" || name === "" ? null : name;

/** A page of a WHOIS answer: one field of it. */
const whois =
  (field: string, value: (line: Line) => string): Handler =>
  (protocol, line) => {
    const key = fold(at(line, 1));
    protocol.whois.set(key, { ...protocol.whois.get(key), nick: at(line, 1), [field]: value(line) });
  };

const refusal =
  (reason: "nick" | "login" | "other"): Handler =>
  (protocol, line) => {
    if (protocol.registered)
      protocol.emit({ type: "told", code: line.command, target: null, text: last(line), error: true });
    else protocol.emit({ type: "refused", reason, code: line.command, text: last(line) });
  };

const listEntry =
  (letter: string): Handler =>
  (protocol, line) =>
    protocol.emit({
      type: "mask",
      room: at(line, 1),
      letter,
      mask: at(line, 2),
      by: parseSource(at(line, 3)).nick,
      at: Number(at(line, 4)) * 1000,
    });
const listEnd =
  (letter: string): Handler =>
  (protocol, line) =>
    protocol.emit({ type: "masksEnd", room: at(line, 1), letter });

const quiet: Handler = () => undefined;

export const handlers: Record<string, Handler> = {
  PING: (protocol, line) => protocol.send("PONG", line.params),
  PONG: quiet,
  CAP: (protocol, line) => protocol.capabilities(line),
  AUTHENTICATE: (protocol, line) => protocol.authenticate(line),
  ERROR: (protocol, line) => protocol.emit({ type: "closing", text: last(line) }),

  "001": (protocol, line) => {
    protocol.registered = true;
    protocol.nick = at(line, 0);
    protocol.emit({ type: "registered", nick: protocol.nick });
  },
  "002": quiet,
  "003": quiet,
  "004": quiet,
  "251": quiet,
  "252": quiet,
  "253": quiet,
  "254": quiet,
  "255": quiet,
  "265": quiet,
  "266": quiet,
  "372": quiet,
  "375": quiet,
  "376": quiet,
  "422": quiet,
  "396": quiet,
  "687": quiet,
  "005": (protocol, line) => {
    protocol.tokens = withTokens(protocol.tokens, line.params);
    protocol.emit({ type: "isupport", tokens: protocol.tokens });
  },

  "900": (protocol, line) => protocol.emit({ type: "loggedIn", account: at(line, 2) }),
  "901": (protocol) => protocol.emit({ type: "loggedOut" }),
  "381": (protocol) => protocol.emit({ type: "operator" }),
  "903": (protocol) => protocol.finish(),
  "902": refusal("login"),
  "904": refusal("login"),
  "905": refusal("login"),
  "906": refusal("login"),
  "907": quiet,
  "908": quiet,
  "432": refusal("nick"),
  "433": refusal("nick"),
  "436": refusal("nick"),
  "437": refusal("nick"),
  "464": refusal("login"),
  "465": refusal("other"),

  JOIN: (protocol, line) => {
    const source = parseSource(line.source);
    const mine = protocol.isMe(source.nick);
    if (mine) [protocol.user, protocol.host] = [source.user, source.host];
    for (const room of at(line, 0).split(",")) {
      protocol.emit({
        type: "join",
        room,
        nick: source.nick,
        account: account(line.params[1] ?? line.tags?.account),
        bot: "bot" in (line.tags ?? {}),
        mine,
      });
    }
  },
  PART: (protocol, line) => {
    for (const room of at(line, 0).split(","))
      protocol.emit({
        type: "part",
        room,
        nick: who(line),
        reason: at(line, 1),
        mine: protocol.isMe(who(line)),
      });
  },
  KICK: (protocol, line) =>
    protocol.emit({
      type: "kick",
      room: at(line, 0),
      nick: at(line, 1),
      by: who(line),
      reason: at(line, 2),
      mine: protocol.isMe(at(line, 1)),
    }),
  QUIT: (protocol, line) => protocol.emit({ type: "quit", nick: who(line), reason: at(line, 0) }),
  NICK: (protocol, line) => {
    const mine = protocol.isMe(who(line));
    if (mine) protocol.nick = at(line, 0);
    protocol.emit({ type: "nick", nick: who(line), next: at(line, 0), mine });
  },
  TOPIC: (protocol, line) =>
    protocol.emit({ type: "topic", room: at(line, 0), topic: at(line, 1), nick: who(line) }),
  "331": (protocol, line) => protocol.emit({ type: "topic", room: at(line, 1), topic: "", nick: null }),
  "332": (protocol, line) =>
    protocol.emit({ type: "topic", room: at(line, 1), topic: at(line, 2), nick: null }),
  "333": (protocol, line) =>
    protocol.emit({
      type: "topicBy",
      room: at(line, 1),
      nick: parseSource(at(line, 2)).nick,
      at: Number(at(line, 3)) * 1000,
    }),
  MODE: (protocol, line) =>
    protocol.emit({ type: "mode", target: at(line, 0), nick: who(line), params: line.params.slice(1) }),
  "324": (protocol, line) =>
    protocol.emit({ type: "roomModes", room: at(line, 1), params: line.params.slice(2) }),
  "329": quiet,
  "221": quiet,
  "353": (protocol, line) => {
    const room = fold(at(line, 2));
    const marks = symbols(protocol.tokens);
    const items = last(line)
      .split(" ")
      .filter(Boolean)
      .map((item) => {
        const end = [...item].findIndex((letter) => !marks.includes(letter));
        return { symbols: item.slice(0, end), nick: parseSource(item.slice(end)).nick };
      });
    const known = protocol.names.get(room);
    if (known) known.push(...items);
    else protocol.names.set(room, items);
  },
  "366": (protocol, line) => {
    const room = fold(at(line, 1));
    const members = protocol.names.get(room);
    protocol.names.delete(room);
    if (members) protocol.emit({ type: "names", room: at(line, 1), members });
  },
  // WHOX, asked for as `%tcnfa,152`: token, room, nick, flags, account
  "354": (protocol, line) => {
    const [, token, room = "", nick = "", flags = "", name] = line.params;
    if (token !== "152") return;
    protocol.emit({
      type: "who",
      room,
      nick,
      account: account(name),
      away: flags.startsWith("G"),
      bot: flags.includes(protocol.tokens.BOT ?? "B"),
      oper: flags.includes("*"),
    });
  },
  "315": quiet,
  AWAY: (protocol, line) => protocol.emit({ type: "away", nick: who(line), message: line.params[0] ?? null }),
  "301": (protocol, line) => protocol.emit({ type: "away", nick: at(line, 1), message: last(line) }),
  "305": (protocol) => protocol.emit({ type: "away", nick: protocol.nick, message: null }),
  "306": (protocol) => protocol.emit({ type: "away", nick: protocol.nick, message: "" }),
  ACCOUNT: (protocol, line) =>
    protocol.emit({ type: "account", nick: who(line), account: account(at(line, 0)) }),
  CHGHOST: quiet,
  SETNAME: quiet,
  METADATA: (protocol, line) =>
    protocol.emit({ type: "metadata", target: at(line, 0), key: at(line, 1), value: at(line, 3) }),
  "761": (protocol, line) =>
    protocol.emit({ type: "metadata", target: at(line, 1), key: at(line, 2), value: at(line, 4) }),
  "762": quiet,
  "770": quiet,

  PRIVMSG: (protocol, line) => {
    const text = at(line, 1);
    if (text.startsWith("\x01") && !text.startsWith("\x01ACTION ")) return; // other CTCP requests are not answered
    protocol.give(protocol.said(line, text), undefined);
  },
  NOTICE: (protocol, line) => protocol.give(protocol.said(line, at(line, 1)), undefined),
  TAGMSG: (protocol, line) =>
    protocol.emit({
      type: "tagged",
      nick: who(line),
      account: line.tags?.account ?? null,
      target: at(line, 0),
      tags: line.tags ?? {},
      id: line.tags?.msgid ?? "",
    }),
  REDACT: (protocol, line) =>
    protocol.emit({
      type: "redacted",
      target: at(line, 0),
      id: at(line, 1),
      by: who(line),
      reason: at(line, 2),
    }),
  MARKREAD: (protocol, line) => {
    const when = Date.parse(at(line, 1).replace(/^timestamp=/, ""));
    protocol.emit({ type: "marked", target: at(line, 0), at: Number.isNaN(when) ? null : when });
  },
  INVITE: (protocol, line) =>
    protocol.emit({ type: "invited", nick: at(line, 0), room: at(line, 1), by: who(line) }),
  TOKEN: (protocol, line) =>
    at(line, 0) === "GENERATE" && protocol.emit({ type: "token", service: at(line, 1), token: last(line) }),
  WEBPUSH: (protocol, line) => protocol.emit({ type: "stated", command: "WEBPUSH", params: line.params }),
  PERSISTENCE: (protocol, line) =>
    protocol.emit({ type: "stated", command: "PERSISTENCE", params: line.params }),
  ACK: (protocol) => protocol.emit({ type: "acknowledged" }),
  FAIL: (protocol, line) => {
    if (!protocol.registered && at(line, 1) === "ACCOUNT_REQUIRED") return refusal("login")(protocol, line);
    protocol.emit({
      type: "failed",
      command: at(line, 0),
      code: at(line, 1),
      context: line.params.slice(2, -1),
      text: last(line),
    });
  },
  WARN: (protocol, line) =>
    protocol.emit({ type: "told", code: at(line, 1), target: null, text: last(line), error: true }),
  NOTE: (protocol, line) =>
    protocol.emit({
      type: "told",
      code: at(line, 1),
      target: null,
      text: last(line),
      error: false,
      params: line.params,
    }),

  "321": quiet,
  "322": (protocol, line) =>
    protocol.emit({ type: "listed", room: at(line, 1), members: Number(at(line, 2)), topic: at(line, 3) }),
  "323": (protocol) => protocol.emit({ type: "listEnd" }),
  "367": listEntry("b"),
  "368": listEnd("b"),
  "348": listEntry("e"),
  "349": listEnd("e"),
  "346": listEntry("I"),
  "347": listEnd("I"),
  "311": whois("realname", last),
  "312": quiet,
  "313": whois("operator", last),
  "317": whois("idle", (line) => at(line, 2)),
  "319": whois("rooms", last),
  "330": whois("account", (line) => at(line, 2)),
  "335": whois("bot", last),
  "378": quiet,
  "379": quiet,
  "338": quiet,
  "671": whois("secure", last),
  "276": quiet,
  "320": whois("special", last),
  "318": (protocol, line) => {
    const key = fold(at(line, 1));
    const fields = protocol.whois.get(key);
    protocol.whois.delete(key);
    if (fields) protocol.emit({ type: "whois", nick: fields.nick ?? at(line, 1), fields });
  },
  "341": (protocol, line) => protocol.emit({ type: "inviting", nick: at(line, 1), room: at(line, 2) }),
};

/** The ranks that a MODE line gives or takes, as `[nick, symbol, add]`. */
export function rankChanges(
  tokens: Parameters<typeof modeChanges>[0],
  params: readonly string[],
  table: [string, string][],
): [string, string, boolean][] {
  const bySign = new Map(table);
  return modeChanges(tokens, params).flatMap(({ add, letter, param }) => {
    const symbol = bySign.get(letter);
    return symbol && param ? [[param, symbol, add] as [string, string, boolean]] : [];
  });
}
