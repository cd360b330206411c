/* What a push service brings, as the service worker shows it; and what stands against subscribing. */

import { expect, test } from "vitest";
import { bytesOf, keysOf, obstacle, type Facts } from "../src/app/push";
import { LONGEST, NOBODY, pushedOf, type Shown } from "../src/app/pushed";

const NOW = Date.UTC(2026, 10, 22);
const TOLD = { ...NOBODY, network: "Casa", muted: ["#mudo"] };
const shown = (line: string, language: "en" | "es" = "en"): Shown => {
  const what = pushedOf(line, { ...TOLD, language }, [], NOW);
  if (!what || !("show" in what)) throw new Error("nothing is shown");
  return what.show;
};

test("who is named in a room: nick, room and words", () => {
  const line = "@time=2026-11-21T10:00:00.000Z;msgid=1f :ana!a@h PRIVMSG #Sala :\x02bob\x02: ¿vienes?";
  expect(shown(line)).toEqual({
    title: "ana · #Sala",
    body: "bob: ¿vienes?",
    tag: "#sala",
    open: "#Sala",
    time: Date.UTC(2026, 10, 21, 10),
    silent: false,
  });
});

test("private talk belongs to who speaks, an action says who acts, an operators' word to its room", () => {
  expect(shown(":Ana!a@h PRIVMSG bob :hola")).toMatchObject({
    title: "Ana · Casa",
    tag: "ana",
    open: "Ana",
    time: NOW,
  });
  expect(shown(":ana!a@h PRIVMSG bob :\x01ACTION se va\x01").body).toBe("ana se va");
  expect(shown(":ana!a@h NOTICE @#sala :bob, ven")).toMatchObject({ open: "#sala", title: "ana · #sala" });
});

test("an invitation, in either language", () => {
  expect(shown(":ana!a@h INVITE bob #sala")).toMatchObject({
    title: "ana invites you to #sala",
    body: "Casa",
    open: "#sala",
  });
  expect(shown(":ana!a@h INVITE bob #sala", "es").title).toBe("ana te invita a #sala");
});

test("what was muted makes no sound", () => {
  expect(shown(":ana!a@h PRIVMSG #Mudo :bob").silent).toBe(true);
});

test("what was read elsewhere is taken away", () => {
  const line = ":irc.example.org MARKREAD #Sala timestamp=2026-11-22T00:00:00.000Z";
  expect(pushedOf(line, TOLD, [], NOW)).toEqual({ read: { tag: "#sala", until: NOW } });
});

test("nothing is shown of what is none of these", () => {
  for (const line of [
    "",
    "PRIVMSG bob :no source",
    ":ana!a@h TAGMSG bob",
    ":ana!a@h INVITE bob ana",
    ":s MARKREAD #a *",
    ":ana!a@h",
    "@a=b",
  ])
    expect(pushedOf(line, TOLD, [], NOW)).toBeNull();
});

test("names and words of others are made safe, and short", () => {
  const line = `:a\u202ena\u200b!a@h PRIVMSG bob :\u202e${"x".repeat(500)}`;
  expect(shown(line).title).toBe("ana · Casa");
  expect(shown(line).body).toBe("x".repeat(LONGEST));
});

test("keys in the message-tag format, bytes of URL-safe base64", () => {
  expect(keysOf({ keys: { p256dh: "BA-_", auth: "c2Vj" } })).toBe("p256dh=BA-_;auth=c2Vj");
  expect(keysOf({ keys: { p256dh: "BA" } })).toBe("");
  expect([...bytesOf("-_8A")]).toEqual([251, 255, 0]);
});

test("each obstacle has its sentence, the nearest first", () => {
  const able: Facts = { secure: true, manager: true, key: "BKey", account: "ana", permission: "default" };
  expect(obstacle(able)).toBeNull();
  expect(obstacle({ ...able, permission: "denied" })).toBe("settings.notify.denied");
  expect(obstacle({ ...able, account: null })).toBe("push.guest");
  expect(obstacle({ ...able, key: undefined, account: null })).toBe("push.server");
  expect(obstacle({ ...able, manager: false })).toBe("push.unsupported");
  expect(obstacle({ ...able, secure: false, manager: false })).toBe("push.insecure");
});
