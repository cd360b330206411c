/* Lines in, events and lines out. */

import { beforeEach, describe, expect, test } from "vitest";
import type { Event } from "../src/irc/events";
import { Protocol, type Identity } from "../src/irc/protocol";
import { cut, joined, pieces } from "../src/irc/text";
import { plain } from "../src/irc/sasl";
import { runs } from "../src/irc/formatting";

let out: string[];
let events: Event[];

function client(more: Partial<Identity> = {}): Protocol {
  out = [];
  events = [];
  return new Protocol(
    { nick: "ana", realname: "Ana", language: "es", ...more },
    (line) => out.push(line),
    (event) => events.push(event),
    () => 1000,
  );
}

const heard = (protocol: Protocol, ...lines: string[]) => {
  events.length = 0;
  out.length = 0;
  for (const line of lines) protocol.receive(line);
  return events;
};

describe("registration", () => {
  test("asks what there is, requests what it knows, and ends", () => {
    const protocol = client();
    protocol.open();
    expect(out).toEqual(["CAP LS 302", "LANGUAGE es", "NICK ana", "USER ana 0 * Ana"]);
    heard(protocol, ":s CAP * LS * :batch message-tags nonsense", ":s CAP * LS :echo-message sasl=PLAIN");
    expect(out).toEqual(["CAP REQ :message-tags batch echo-message"]);
    heard(protocol, ":s CAP ana ACK :message-tags batch echo-message");
    expect(out).toEqual(["CAP END"]);
  });

  test("logs in by SASL PLAIN where it has credentials", () => {
    const protocol = client({ credentials: { account: "ana", password: "secreto" } });
    protocol.open();
    heard(protocol, ":s CAP * LS :batch sasl=PLAIN");
    heard(protocol, ":s CAP ana ACK :batch sasl");
    expect(out).toEqual(["AUTHENTICATE PLAIN"]);
    heard(protocol, "AUTHENTICATE +");
    expect(out).toEqual([`AUTHENTICATE ${btoa("ana\0ana\0secreto")}`]);
    heard(protocol, ":s 900 ana ana!a@h ana :ok", ":s 903 ana :ok");
    expect(events[0]).toMatchObject({ type: "loggedIn", account: "ana" });
    expect(out).toEqual(["CAP END"]);
  });

  test('"if the response is exactly 400 bytes, [...] the client sends `AUTHENTICATE +`"', () => {
    const chunks = plain({ account: "a", password: "x".repeat(300 - 4) });
    expect(chunks.map((chunk) => chunk.length)).toEqual([400, 1]);
  });

  test("where only accounts may come in, a guest is refused", () => {
    const protocol = client();
    const [event] = heard(protocol, ":s FAIL * ACCOUNT_REQUIRED :You need to be logged in");
    expect(event).toMatchObject({ type: "refused", reason: "login", text: "You need to be logged in" });
  });

  test("a nick that is taken is refused before one is in, and only told afterwards", () => {
    const protocol = client();
    expect(heard(protocol, ":s 433 * ana :in use")[0]).toMatchObject({ type: "refused", reason: "nick" });
    heard(protocol, ":s 001 ana :hi");
    expect(heard(protocol, ":s 433 ana berto :in use")[0]).toMatchObject({ type: "told", error: true });
  });
});

describe("batches", () => {
  let protocol: Protocol;
  beforeEach(() => {
    protocol = client();
    protocol.receive(":s 001 ana :hi");
  });

  test('multiline: "joined by a single line feed [...] unless the concat tag is sent"', () => {
    const [event] = heard(
      protocol,
      "@msgid=a1;label=w1 :b!b@h BATCH +1 draft/multiline #s",
      "@batch=1 :b!b@h PRIVMSG #s :uno ",
      "@batch=1;draft/multiline-concat :b!b@h PRIVMSG #s dos",
      "@batch=1 :b!b@h PRIVMSG #s tres",
      "BATCH -1",
    );
    expect(event).toMatchObject({
      type: "said",
      label: "w1",
      said: { id: "a1", nick: "b", target: "#s", text: "uno dos\ntres" },
    });
  });

  test("history: one page, multiline messages whole, other events left out, the label kept", () => {
    const [event, ...rest] = heard(
      protocol,
      "@label=w2 :s BATCH +h chathistory #s",
      "@batch=h;msgid=1;time=2026-01-01T00:00:00.000Z :b!b@h PRIVMSG #s :hola",
      "@batch=h :c!c@h JOIN #s",
      "@batch=h;msgid=2 :b!b@h BATCH +m draft/multiline #s",
      "@batch=m :b!b@h PRIVMSG #s a",
      "@batch=m :b!b@h PRIVMSG #s b",
      "BATCH -m",
      "BATCH -h",
    );
    expect(event).toMatchObject({ type: "history", target: "#s", label: "w2", end: false });
    expect((event as Extract<Event, { type: "history" }>).page.map(({ id, text }) => [id, text])).toEqual([
      ["1", "hola"],
      ["2", "a\nb"],
    ]);
    expect(rest).toEqual([]);
  });

  test("a stream is told as it grows; other lines stand between", () => {
    const told = heard(
      protocol,
      "@msgid=9;bot :lola!l@m BATCH +x tertulia.chat/stream #s",
      "@batch=x :lola!l@m PRIVMSG #s :Un",
      ":b!b@h PRIVMSG #s :ah",
      "@batch=x;tertulia.chat/concat :lola!l@m PRIVMSG #s : dos",
      "@tertulia.chat/tokens-out=3;tertulia.chat/stopped :lola!l@m BATCH -x",
    );
    expect(told.map(({ type }) => type)).toEqual([
      "streamOpen",
      "streamPiece",
      "said",
      "streamPiece",
      "streamClose",
    ]);
    expect(told[3]).toMatchObject({ text: " dos", concat: true });
  });
});

test("PING is answered at once", () => {
  const protocol = client();
  heard(protocol, "PING :x y");
  expect(out).toEqual(["PONG :x y"]);
});

test("CTCP requests are neither shown nor answered; an action is shown", () => {
  const protocol = client();
  expect(heard(protocol, ":b!b@h PRIVMSG ana :\x01VERSION\x01")).toEqual([]);
  expect(out).toEqual([]);
  expect(heard(protocol, ":b!b@h PRIVMSG #s :\x01ACTION baila\x01")[0]).toMatchObject({
    said: { kind: "act", text: "baila" },
  });
});

test("hostile lines make no trouble", () => {
  const protocol = client();
  for (const line of [
    "",
    " ",
    "@",
    ":",
    "@=;=",
    ":x",
    "BATCH",
    "BATCH +",
    "BATCH -nope",
    "@batch=nope PRIVMSG",
    "JOIN",
    "MODE",
    "353",
    "005",
    "@__proto__=1 PRIVMSG #s x",
    "CAP",
    "318",
    ":constructor 354",
  ]) {
    expect(() => protocol.receive(line)).not.toThrow();
  }
});

describe("text", () => {
  test.each([["a".repeat(1000)], ["palabra ".repeat(120)], ["ñandú🦤".repeat(100)], ["👩‍👩‍👧‍👦".repeat(60)], [""]])(
    "is cut to fit and joined again",
    (text) => {
      const parts = cut(text, 100);
      expect(parts.join("")).toBe(text);
      for (const part of parts) expect(new TextEncoder().encode(part).length).toBeLessThanOrEqual(100);
    },
  );
  test("lines of a batch make the message again", () => {
    const text = `${"x".repeat(900)}\n\n  fin`;
    expect(joined(pieces(text))).toBe(text);
  });
  test("formatting codes become looks", () => {
    expect(runs("a\x02b\x0304,2c\x0fd\x1d\x04ff0000e")).toEqual([
      { text: "a", look: {} },
      { text: "b", look: { bold: true } },
      { text: "c", look: { bold: true, color: "4", background: "2" } },
      { text: "d", look: {} },
      { text: "e", look: { italic: true, color: "#ff0000" } },
    ]);
  });
});
