/*
 * What a client is told, as values: one page of them.
 * What belongs here: shapes. What must not: how lines become events (`protocol.ts`), or what follows (`state/`).
 */

import type { Tags } from "./line";
import type { Isupport } from "./isupport";
import type { Values } from "./capabilities";

/** Something said, live or from the history. */
export interface Said {
  id: string; // msgid, or "" where the server gave none
  time: number; // milliseconds since 1970
  nick: string;
  account: string | null;
  bot: boolean;
  kind: "say" | "act" | "notice";
  target: string; // as addressed: a room, or a nick
  text: string;
  tags: Tags;
  fromServer: boolean;
}

export interface MemberItem {
  nick: string;
  symbols: string; // "@+", highest first
}

interface Base {
  time: number;
  label?: string;
}

export type Event = Base &
  (
    | { type: "registered"; nick: string }
    | { type: "capabilities"; enabled: string[]; values: Values }
    | { type: "isupport"; tokens: Isupport }
    | { type: "refused"; reason: "nick" | "login" | "other"; code: string; text: string }
    | { type: "loggedIn"; account: string }
    | { type: "loggedOut" }
    | { type: "operator" } // one has become an operator of the server
    | { type: "join"; room: string; nick: string; account: string | null; bot: boolean; mine: boolean }
    | { type: "part"; room: string; nick: string; reason: string; mine: boolean }
    | { type: "kick"; room: string; nick: string; by: string; reason: string; mine: boolean }
    | { type: "quit"; nick: string; reason: string }
    | { type: "nick"; nick: string; next: string; mine: boolean }
    | { type: "topic"; room: string; topic: string; nick: string | null }
    | { type: "topicBy"; room: string; nick: string; at: number }
    | { type: "mode"; target: string; nick: string; params: string[] }
    | { type: "roomModes"; room: string; params: string[] }
    | { type: "names"; room: string; members: MemberItem[] }
    | {
        type: "who";
        nick: string;
        account: string | null;
        away: boolean;
        bot: boolean;
        oper: boolean;
        room: string;
      }
    | { type: "away"; nick: string; message: string | null }
    | { type: "account"; nick: string; account: string | null }
    | { type: "metadata"; target: string; key: string; value: string }
    | { type: "said"; said: Said }
    | { type: "streamOpen"; reference: string; said: Said }
    | { type: "streamPiece"; reference: string; text: string; concat: boolean }
    | { type: "streamClose"; reference: string; tags: Tags }
    | { type: "history"; target: string; page: Said[]; end: boolean }
    | { type: "found"; page: Said[] }
    | { type: "targets"; targets: { target: string; latest: number }[] }
    | { type: "tagged"; nick: string; account: string | null; target: string; tags: Tags; id: string }
    | { type: "redacted"; target: string; id: string; by: string; reason: string }
    | { type: "marked"; target: string; at: number | null }
    | { type: "listed"; room: string; members: number; topic: string }
    | { type: "listEnd" }
    | { type: "mask"; room: string; letter: string; mask: string; by: string; at: number }
    | { type: "masksEnd"; room: string; letter: string }
    | { type: "whois"; nick: string; fields: Record<string, string> }
    | { type: "invited"; nick: string; room: string; by: string }
    | { type: "inviting"; nick: string; room: string } // we have invited somebody
    | { type: "stated"; command: string; params: readonly string[] } // an answer that changes nothing here
    | { type: "token"; service: string; token: string }
    | { type: "acknowledged" }
    | { type: "failed"; command: string; code: string; context: string[]; text: string }
    | {
        type: "told";
        code: string;
        target: string | null;
        text: string;
        error: boolean;
        params?: readonly string[]; // of a NOTE: all of them
      }
    | { type: "answering" } // several lines under one label begin
    | { type: "answered" }
    | { type: "closing"; text: string }
  );
