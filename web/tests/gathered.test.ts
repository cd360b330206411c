/* What several messages tell of together: a round, a call that waits for a word. */

import { expect, test } from "vitest";
import { approvalAt } from "../src/components/approvals";
import { outcomeOf, roundAt } from "../src/components/rounds";
import { rowsOf } from "../src/components/rows";
import type { Said } from "../src/irc/events";
import { messageOf } from "../src/state/messages";
import type { Message } from "../src/state/types";

let count = 0;
const told = (nick: string, text: string, more: Partial<Said> = {}, replyTo = "q"): Message => {
  count += 1;
  const bot = ["lola", "gpt", "evil"].includes(nick);
  return messageOf(
    {
      id: `m${count}`,
      time: 1_000 + count,
      nick,
      account: null,
      bot,
      kind: "say",
      target: "#sala",
      text,
      tags: replyTo ? { "+reply": replyTo } : {},
      fromServer: false,
      ...more,
    },
    "ana",
    more.id ?? `m${count}`,
  );
};
const notice = (nick: string, text: string, replyTo = "q") => told(nick, text, { kind: "notice" }, replyTo);

const question = () => told("ana", "!round vote tabs or spaces?", { id: "q" }, "");
const OVER = "ana: 2 of 3 have answered. Late: claudia. Votes: tabs, of course 1 (lola), spaces 1 (gpt).";

test("the last word of a round is read in English and Spanish", () => {
  expect(outcomeOf(OVER)).toEqual({
    count: 2,
    all: 3,
    late: ["claudia"],
    failed: [],
    votes: [
      { choice: "tabs, of course", count: 1, names: ["lola"] },
      { choice: "spaces", count: 1, names: ["gpt"] },
    ],
  });
  expect(
    outcomeOf("ana: han respondido 1 de 3. Llegan tarde: gpt, bo. No han podido: lola. Votos: -."),
  ).toEqual({ count: 1, all: 3, late: ["gpt", "bo"], failed: ["lola"], votes: [] });
  expect(outcomeOf("ana: 2 of 2 have answered.")?.votes).toBeNull();
  expect(outcomeOf("2 of 3 people answered")).toBeNull();
});

test("a round is one row with its answers, its end and its summary; the talk between them stays", () => {
  const entries = [
    question(),
    notice("lola", "ana: I am asking lola, gpt, claudia; the answers come together, in 60 s at most."),
    told("lola", "VOTE: tabs"),
    told("berto", "here they come", {}, ""),
    notice("lola", OVER),
    told("gpt", "VOTE: spaces"),
    told("gpt", "another answer later", {}, "other"),
    told("lola", "They disagree."),
  ];
  const rows = rowsOf(entries, 0, entries.length, 0, true);
  expect(rows.map((row) => row.kind)).toEqual(["day", "message", "message", "round", "message", "message"]);
  const row = rows[3];
  if (row?.kind !== "round") throw new Error("no round");
  expect(row.round.answers.map((one) => one.nick)).toEqual(["lola", "gpt"]);
  expect(row.round.summary.map((one) => one.text)).toEqual(["They disagree."]);
  expect(row.round.outcome.late).toEqual(["claudia"]);
});

test("two models that answer one message are no round, and a person's words end none", () => {
  const entries = [question(), told("lola", "a"), told("gpt", "b"), notice("berto", OVER)];
  expect(roundAt(entries, 1, entries.length)).toBeNull();
});

const ASKED =
  "ana: lola wants to call files/delete: !approve 3f2a or !deny 3f2a (in 5 min; !approve 3f2a private keeps what comes of it to you). The arguments:";

test("a call that waits is one row: who asked, which tool, the arguments joined", () => {
  const entries = [
    notice("lola", ASKED),
    notice("lola", 'ana: {"path":'),
    notice("lola", 'ana:  "/srv/old"}'),
  ];
  const approval = approvalAt(entries, 0);
  expect(approval).toMatchObject({ id: "3f2a", tool: "files/delete", asker: "ana", settled: null });
  expect(approval?.arguments).toBe('{"path": "/srv/old"}');
  expect(rowsOf(entries, 0, 3, 0, true).map((row) => row.kind)).toEqual(["day", "approval"]);
});

test("in Spanish, and in private", () => {
  const text =
    "lola quiere llamar a tickets/open: !aprueba 0a1b o !deniega 0a1b (en 5 min; !aprueba 0a1b privado deja para ti lo que salga). Los argumentos:";
  expect(approvalAt([notice("lola", text)], 0)).toMatchObject({ id: "0a1b", asker: null, arguments: "" });
});

test("nobody asks in another's name, and people ask for nothing", () => {
  expect(approvalAt([notice("evil", ASKED)], 0)).toBeNull();
  expect(approvalAt([notice("berto", ASKED.replace("lola", "berto"))], 0)).toBeNull();
  expect(approvalAt([told("lola", ASKED)], 0)).toBeNull();
});

test("what the asker says settles it, and so does the model; what others type does not", () => {
  const settled = (...more: Message[]) => approvalAt([notice("lola", ASKED), ...more], 0)?.settled;
  expect(settled(told("ana", "lola: !approve 3f2a", {}, ""))).toBe("approved");
  expect(settled(told("ana", "!deniega 3F2A", {}, ""))).toBe("denied");
  expect(settled(told("berto", "!approve 3f2a", {}, ""))).toBeNull();
  expect(settled(told("gpt", "!approve 3f2a", {}, ""))).toBeNull();
  expect(settled(notice("lola", "ana: 3f2a (files/delete) was denied by berto."))).toBe("denied");
  expect(
    settled(notice("lola", "ana: nobody approved 3f2a (files/delete) in time; it was not called.")),
  ).toBe("over");
  expect(settled(told("ana", "!approve 9999", {}, ""))).toBeNull();
});

test("the tools that an answer called stand in its provenance, each once", () => {
  const tags = { "tertulia.chat/tools": "search_history,files/delete,search_history" };
  expect(told("lola", "done", { tags }).provenance).toEqual({ tools: ["search_history", "files/delete"] });
});
