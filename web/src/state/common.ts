/*
 * What all reducers stand on: the first state, and changing one buffer or one user in it.
 * What belongs here: helpers without a case of their own. What must not: actions.
 */

import { fold } from "../irc/names";
import type { Action } from "./actions";
import { ownMap } from "./copies";
import type { Buffer, Settings, State, User } from "./types";

export type Reducer<T extends Action["type"]> = (state: State, action: Extract<Action, { type: T }>) => State;
export type Reducers = { [T in Action["type"]]?: Reducer<T> };

export const DEFAULTS: Settings = {
  theme: "auto",
  language: "auto",
  arrivals: true,
  sound: false,
  notify: false,
  density: "roomy",
  pictures: false,
};

export function initial(settings: Partial<Settings> = {}): State {
  return {
    connection: { phase: "out", retryAt: null, attempt: 0, error: null, everReady: false },
    nick: "",
    account: null,
    operator: null,
    away: false,
    capabilities: [],
    values: {},
    tokens: {},
    buffers: {},
    active: null,
    users: new Map(),
    streams: {},
    listing: null,
    found: null,
    whois: null,
    notices: [],
    looking: true,
    atEnd: true,
    settings: { ...DEFAULTS, ...settings },
    replyTo: null,
    count: 0,
  };
}

export function withBuffer(state: State, name: string, change: (buffer: Buffer) => Buffer): State {
  const key = fold(name);
  const buffer = state.buffers[key];
  if (!buffer) return state;
  const next = change(buffer);
  return next === buffer ? state : { ...state, buffers: { ...state.buffers, [key]: next } };
}

export function withUser(state: State, nick: string, change: Partial<User>): State {
  const key = fold(nick);
  const known = state.users.get(key);
  const next: User = {
    account: null,
    bot: false,
    away: null,
    oper: false,
    avatar: null,
    displayName: null,
    pronouns: null,
    status: null,
    ...known,
    nick,
    ...change,
  };
  if (known && (Object.keys(next) as (keyof User)[]).every((field) => known[field] === next[field]))
    return state;
  return { ...state, users: ownMap(state.users).set(key, next) };
}

export const isMe = (state: State, nick: string) => fold(nick) === fold(state.nick);
