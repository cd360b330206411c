/* Answers of the server read as values, and waiting for them. */

import { expect, test } from "vitest";
import {
  amountOf,
  fileOf,
  invitationOf,
  linkMade,
  localLink,
  momentOf,
  quotaOf,
  sessionOf,
  spendingOf,
} from "../src/app/answers";
import { quoted } from "../src/irc/text";
import { Asking } from "../src/app/asking";
import type { Event } from "../src/irc/events";
import { Protocol } from "../src/irc/protocol";
import { pictureOf } from "../src/rich/safe";
import { initial } from "../src/state/common";
import { reduceAll } from "../src/state/reduce";
import { bytes, speak } from "../src/words";

test("a file of FILES LIST, in both languages; a name may hold anything", () => {
  const link = "http://127.0.0.1:8080/files/k/gato.png";
  expect(fileOf(link, "gato (1).png (120 bytes, image/png), by ana, until 2026-11-30")).toEqual({
    link,
    name: "gato (1).png",
    size: 120,
    type: "image/png",
    owner: "ana",
    until: "2026-11-30",
  });
  expect(fileOf(link, "a (9 bytes, text/plain; charset=utf-8), de *, hasta –")).toMatchObject({
    size: 9,
    type: "text/plain; charset=utf-8",
    owner: null,
    until: null,
  });
  expect(fileOf(link, "something else")).toBeNull();
  expect(quotaOf("Tienes aquí 3 archivos, 120 de 500 bytes")).toEqual({ count: 3, used: 120, quota: 500 });
});

test("only links of the place where files are handed in are of this server, under the page's own address", () => {
  const host = "http://localhost:8080/files";
  const key = "a".repeat(43);
  expect(localLink(`http://127.0.0.1:8080/files/${key}/x.png`, host)).toBe(
    `http://localhost:8080/files/${key}/x.png`,
  );
  for (const bad of [
    `http://127.0.0.1:8080/other/${key}/x.png`,
    "http://127.0.0.1:8080/files/../client.json",
    `javascript:/files/${key}/x.png`,
    "no link",
  ])
    expect(localLink(bad, host)).toBeNull();
  expect(localLink(`http://127.0.0.1:8080/files/${key}/x.png`, null)).toBeNull();
});

test("sessions, in both languages, with and without a device", () => {
  expect(
    sessionOf("2. ana by websocket from 127.0.0.1, on phone, since 2026-11-22 19:20 UTC (this one)"),
  ).toEqual({
    number: 2,
    nick: "ana",
    door: "websocket",
    address: "127.0.0.1",
    device: "phone",
    since: "2026-11-22 19:20",
    own: true,
  });
  expect(sessionOf("1. ana por irc desde 2001:db8::1, desde 2026-11-22 19:20 UTC")).toMatchObject({
    address: "2001:db8::1",
    device: null,
    own: false,
  });
  expect(sessionOf("ana is here without a connection since 2026-11-22 19:20 UTC")).toBeNull();
  expect(momentOf("2026-11-22 19:20")).toBe(Date.UTC(2026, 10, 22, 19, 20));
});

test("what was spent, with limits and without", () => {
  const row = spendingOf(
    "you (ana): today 1 call, 1100 tokens, 0.0020 USD, of 5000 tokens; this month 2 calls, 1100 tokens, 0.0020 USD (30 more are reserved), of 5.00 USD, 9 tokens.",
  );
  expect(row?.whose).toBe("you (ana)");
  expect(amountOf(row?.day ?? "")).toEqual({
    calls: 1,
    tokens: 1100,
    cost: "0.0020 USD",
    bounds: ["5000 tokens"],
  });
  expect(amountOf(row?.month ?? "")).toMatchObject({ calls: 2, bounds: ["5.00 USD, 9 tokens"] });
  expect(
    spendingOf("#sala: hoy 3 llamadas, 1 tokens, 0.0000 EUR; este mes 1 llamada, 1 tokens, 0.0000 EUR."),
  ).toMatchObject({ whose: "#sala", day: "3 llamadas, 1 tokens, 0.0000 EUR" });
  expect(spendingOf("hello")).toBeNull();
  expect(amountOf("3 calls, 9 tokens, price unknown (4 more are reserved), of 50 tokens")).toEqual({
    calls: 3,
    tokens: 9,
    cost: "price unknown",
    bounds: ["50 tokens"],
  });
  expect(amountOf("1 llamada, 9 tokens, 0.0010 EUR y 4 tokens de precio desconocido")).toMatchObject({
    cost: "0.0010 EUR y 4 tokens de precio desconocido",
    bounds: [],
  });
});

test("sizes are written as the language does", () => {
  speak("es");
  expect([bytes(12), bytes(2_400_000)]).toEqual(["12 B", "2,4 MB"]);
  speak("en");
  expect(bytes(524_288_000)).toBe("524.3 MB");
});

/** A protocol that is registered, whose events pass through `asking`. */
function wired() {
  const others: Event[] = [];
  const timers: (() => void)[] = [];
  const asking = new Asking(
    (deed) => void timers.push(deed),
    (event) => void others.push(event),
  );
  const protocol = new Protocol(
    { nick: "ana", realname: "", language: "en" },
    () => undefined,
    (event) => void (asking.takes(event) || others.push(event)),
    () => 0,
  );
  return { asking, protocol, others, timers };
}

test("all lines of a labelled batch are one answer, and nobody else hears of them", async () => {
  const { asking, protocol, others } = wired();
  const answer = asking.answer("w1");
  protocol.receive("@label=w1 :t BATCH +x labeled-response");
  protocol.receive(
    "@batch=x :NickServ!s@t NOTICE ana :1. ana by irc from 127.0.0.1, since 2026-11-22 19:20 UTC",
  );
  protocol.receive("@batch=x :t NOTE FILES FILE http://t/files/k/n :n (1 bytes, a/b), by ana, until –");
  protocol.receive(":berto!b@h PRIVMSG ana :hola");
  protocol.receive(":t BATCH -x");
  const events = await answer;
  expect(events.map((event) => event.type)).toEqual(["said", "told"]);
  expect(events[1]).toMatchObject({
    code: "FILE",
    params: ["FILES", "FILE", "http://t/files/k/n", expect.any(String)],
  });
  expect(others.map((event) => event.type)).toEqual(["said"]);
});

test("a single line, an ACK, and no answer at all end the waiting", async () => {
  const { asking, protocol, timers } = wired();
  const [single, acknowledged, silent] = [asking.answer("a"), asking.answer("b"), asking.answer("c")];
  protocol.receive("@label=a :t FAIL FILES NO_FILES :none");
  protocol.receive("@label=b :t ACK");
  timers.at(-1)?.();
  expect((await single)[0]).toMatchObject({ type: "failed", code: "NO_FILES" });
  expect(await acknowledged).toEqual([]);
  expect(await silent).toEqual([]);
});

test("what follows from an answer is told to all: facts of oneself, and being logged out", async () => {
  const { asking, protocol, others } = wired();
  const answer = asking.answer("w1");
  protocol.receive("@label=w1 :t BATCH +x labeled-response");
  protocol.receive("@batch=x :t 901 ana ana!a@h :You are logged out");
  protocol.receive("@batch=x :t 761 ana ana status * :fuera");
  protocol.receive("@batch=x :NickServ!s@t NOTICE ana :The account ana is deleted");
  expect(others).toEqual([]); // whoever asked has it first
  protocol.receive(":t BATCH -x");
  expect((await answer).map((event) => event.type)).toEqual(["loggedOut", "metadata", "said"]);
  expect(others.map((event) => event.type)).toEqual(["loggedOut", "metadata"]);
});

test("a lost connection ends all waiting", async () => {
  const { asking } = wired();
  const answer = asking.answer("w1");
  asking.giveUp();
  expect(await answer).toEqual([]);
});

test("one speaker is listened to: its notices to us, as long as they are wanted, and nobody else's", () => {
  const { asking, protocol, others } = wired();
  const heard: string[] = [];
  const end = asking.listen("Lola", (text) => text.startsWith("you") && heard.push(text) > 0);
  for (const line of [
    ":lola!l@h NOTICE ana :you: today",
    ":lola!l@h NOTICE ana :something else",
    ":lola!l@h NOTICE #sala :you in the room",
    ":gpt!g@h NOTICE ana :you by another",
    ":lola!l@h PRIVMSG ana :you in talk",
  ])
    protocol.receive(line);
  end();
  protocol.receive(":lola!l@h NOTICE ana :you: late");
  expect(heard).toEqual(["you: today"]);
  expect(others.length).toBe(5);
});

test("metadata of members is kept; a room's is not taken for a member", () => {
  const tell = (target: string, key: string, value: string): Event => ({
    type: "metadata",
    time: 0,
    target,
    key,
    value,
  });
  const state = reduceAll({ ...initial(), nick: "ana" }, [
    tell("*", "display-name", "Ana García"),
    tell("berto", "pronouns", "él"),
    tell("berto", "status", "fuera"),
    tell("berto", "status", ""),
    tell("berto", "homepage", "https://x"),
    tell("#sala", "avatar", "https://x/y.png"),
  ]);
  expect(state.users.get("ana")?.displayName).toBe("Ana García");
  expect(state.users.get("berto")).toMatchObject({ pronouns: "él", status: null });
  expect(state.users.has("#sala")).toBe(false);
});

test("pictures of people: of our own server at once, of others over https when that was chosen", () => {
  const here = "http://127.0.0.1:8080/";
  expect(pictureOf("http://127.0.0.1:8080/files/k/a.png", here, false)).toBe(
    "http://127.0.0.1:8080/files/k/a.png",
  );
  expect(pictureOf("https://other.example/a.png", here, false)).toBeNull();
  expect(pictureOf("https://other.example/a-{size}.png", here, true)).toBe("https://other.example/a-64.png");
  expect(pictureOf("http://other.example/a.png", here, true)).toBeNull();
  expect(pictureOf("javascript:alert(1)", here, true)).toBeNull();
  expect(pictureOf("data:image/svg+xml,<svg/>", here, true)).toBeNull();
});

test("invitations by link, in both languages", () => {
  const until = Date.UTC(2026, 10, 29, 10, 5);
  expect(invitationOf("ab12 by ana, until 2026-11-29 10:05 UTC, used 2 of 10")).toEqual({
    name: "ab12",
    by: "ana",
    until,
    used: 2,
    uses: 10,
  });
  expect(invitationOf("ab12 de ana, hasta 2026-11-29 10:05 UTC, usado 0 de sin fin")).toMatchObject({
    until,
    uses: null,
  });
  expect(invitationOf("Links into #sala: 1")).toBeNull();
});

test("a link is the server's own address, or under the page's where that is only this machine", () => {
  const word = "lets in until 2026-11-29 10:05 UTC, uses: 3. In any IRC client: /join #sala a_b-c";
  const here = "https://chat.example.org";
  expect(linkMade(["https://irc.example.org/invite/a_b-c", word], here)).toBe(
    "https://irc.example.org/invite/a_b-c",
  );
  expect(linkMade(["http://127.0.0.1:8080/invite/a_b-c", word], here)).toBe(`${here}/invite/a_b-c`);
  expect(linkMade([word.replace("In any", "En cualquier")], here)).toBe(`${here}/invite/a_b-c`);
  expect(linkMade(["There are too many links"], here)).toBeNull();
});

test("a password goes to a service in quotes", () => {
  expect(quoted('a "b" \\ c')).toBe('"a \\"b\\" \\\\ c"');
});
