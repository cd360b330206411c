/*
 * The one function that changes the state: `(state, action) => state`.
 * What belongs here: the table of actions, and what concerns no room. What must not: clocks, sockets, the page.
 */

import { fold, isRoom } from "../irc/names";
import type { Action } from "./actions";
import { isMe, withUser, type Reducers, initial } from "./common";
import { batch } from "./copies";
import { talkReducers } from "./reduce-talk";
import { roomReducers } from "./reduce-rooms";
import { viewReducers } from "./reduce-view";
import { cutOff } from "./segments";
import type { Buffer, Pending, State } from "./types";

export function reduce(state: State, action: Action): State {
  const reducer = table[action.type] as ((state: State, action: Action) => State) | undefined;
  return reducer ? reducer(state, action) : state;
}

export function reduceAll(state: State, actions: readonly Action[]): State {
  return batch(() => actions.reduce(reduce, state));
}

// --- Connection, and who we are -------------------------------------------------------------------------------

const PHASES = { closed: "out", connecting: "connecting", open: "registering", waiting: "waiting" } as const;

/** A lost connection: streams break off, sends are unsure, the present is the past. */
function lost(state: State): State {
  const buffers: Record<string, Buffer> = {};
  for (const [key, buffer] of Object.entries(state.buffers)) {
    const segments = cutOff(buffer.segments).map((segment) => ({
      ...segment,
      entries: segment.entries.some((entry) => entry.what === "message" && entry.growing)
        ? segment.entries.map((entry) =>
            entry.what === "message" && entry.growing
              ? { ...entry, growing: false, partial: true, ended: "incomplete" as const }
              : entry,
          )
        : segment.entries,
    }));
    buffers[key] = {
      ...buffer,
      segments,
      joined: false,
      entering: false,
      loading: null,
      typing: {},
      pending: buffer.pending.map(doubted),
    };
  }
  return { ...state, buffers, streams: {} };
}

const doubted = (pending: Pending): Pending =>
  pending.state === "sending" ? { ...pending, state: "unsure" } : pending;

/** Metadata that is drawn: the key, and where it is kept. */
const FACTS: Record<string, "avatar" | "displayName" | "pronouns" | "status"> = {
  avatar: "avatar",
  "display-name": "displayName",
  pronouns: "pronouns",
  status: "status",
};

const houseReducers: Reducers = {
  link: (state, { report }) => {
    const phase = PHASES[report.state];
    const next = phase === "waiting" || phase === "out" ? lost(state) : state;
    const { error, everReady } = state.connection;
    return {
      ...next,
      connection: {
        phase,
        retryAt: report.retryAt,
        attempt: report.attempt,
        error: phase === "out" ? error : phase === "connecting" ? null : error,
        everReady,
      },
    };
  },
  started: (state, { nick }) => ({ ...state, nick, connection: { ...state.connection, error: null } }),
  leftHouse: (state) => ({ ...initial(state.settings), looking: state.looking }),
  registered: (state, { nick }) => ({
    ...state,
    nick,
    operator: null, // the server says so again to those who still are
    connection: { phase: "ready", retryAt: null, attempt: 0, error: null, everReady: true },
  }),
  refused: (state, { reason, code, text }) => ({
    ...state,
    connection: { ...state.connection, error: { reason, code, text } },
  }),
  capabilities: (state, { enabled, values }) => ({ ...state, capabilities: enabled, values: { ...values } }),
  isupport: (state, { tokens }) => ({ ...state, tokens }),
  loggedIn: (state, { account }) => ({ ...state, account }),
  loggedOut: (state) => ({ ...state, account: null }),
  operatorIs: (state, { operator }) => ({ ...state, operator }),
  away: (state, { nick, message }) => {
    const next = isMe(state, nick) ? { ...state, away: message !== null } : state;
    return withUser(next, nick, { away: message });
  },
  account: (state, { nick, account }) =>
    withUser(isMe(state, nick) ? { ...state, account } : state, nick, { account }),
  who: (state, { nick, account, away, bot, oper }) =>
    withUser(state, nick, {
      account,
      bot,
      oper,
      away: away ? (state.users.get(fold(nick))?.away ?? "") : null,
    }),
  metadata: (state, { target, key, value }) => {
    const nick = target === "*" ? state.nick : target;
    const field = FACTS[key];
    return field && !isRoom(nick) ? withUser(state, nick, { [field]: value || null }) : state;
  },
};

const table: Reducers = { ...houseReducers, ...roomReducers, ...talkReducers, ...viewReducers };
