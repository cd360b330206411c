/*
 * Who is where: joins, parts, names, topics, modes.
 * What belongs here: reducers of what happens to rooms and members. What must not: what is said.
 */

import { fold, isRoom } from "../irc/names";
import { modeChanges, ranks } from "../irc/isupport";
import { rankChanges } from "../irc/replies";
import { newBuffer, SERVER, withEntry } from "./buffers";
import { isMe, withBuffer, withUser, type Reducers } from "./common";
import { ownList, ownMap } from "./copies";
import { EMPTY } from "./segments";
import type { Buffer, Happening, Member, State } from "./types";

export function ensured(state: State, name: string): State {
  const key = fold(name);
  return state.buffers[key] ? state : { ...state, buffers: { ...state.buffers, [key]: newBuffer(name) } };
}

/** A room that is not in the list: it was closed, and the server, which does not know that yet, still tells of it. */
export const isClosed = (state: State, name: string): boolean => isRoom(name) && !state.buffers[fold(name)];

/** Something that happened, as a line in a room. It counts as nothing to read. */
export function happened(state: State, name: string, what: Omit<Happening, "what" | "id">): State {
  const id = `~${state.count}`;
  return withBuffer({ ...state, count: state.count + 1 }, name, (buffer) =>
    withEntry(buffer, { what: "happening", id, ...what }, true),
  );
}

const roomsOf = (state: State, nick: string) =>
  Object.values(state.buffers).filter((buffer) => buffer.members.has(fold(nick)));

const without = (buffer: Buffer, nick: string): Buffer => {
  const key = fold(nick);
  if (!buffer.members.has(key)) return buffer;
  const members = ownMap(buffer.members);
  members.delete(key);
  return { ...buffer, members };
};

const withMember = (buffer: Buffer, member: Member): Buffer => ({
  ...buffer,
  members: ownMap(buffer.members).set(fold(member.nick), member),
});

/** We are no longer in it: who was there is unknown, and what is said is not ours to hear. */
function leftRoom(state: State, room: string): State {
  return withBuffer(state, room, (buffer) => ({
    ...buffer,
    joined: false,
    members: new Map(),
    typing: {},
    segments: buffer.segments.map((segment) => ({ ...segment, live: false })),
  }));
}

export const roomReducers: Reducers = {
  join: (state, { room, nick, account, bot, mine, time }) => {
    if (!mine && isClosed(state, room)) return state;
    let next = ensured(state, room);
    if (mine) {
      next = withBuffer(next, room, (buffer) => ({
        ...buffer,
        name: room,
        joined: true,
        entering: false,
        segments: buffer.segments.some((segment) => segment.live)
          ? buffer.segments
          : [...buffer.segments, EMPTY],
      }));
      if (next.active === null || next.active === SERVER) next = { ...next, active: fold(room) };
    } else {
      next = happened(next, room, { time, kind: "join", nick, other: "", text: "" });
    }
    next = withUser(next, nick, { account, ...(bot ? { bot } : {}) });
    return withBuffer(next, room, (buffer) => withMember(buffer, { nick, symbols: "" }));
  },
  part: (state, { room, nick, reason, mine, time }) => {
    const next = happened(state, room, { time, kind: "part", nick, other: "", text: reason });
    return mine ? leftRoom(next, room) : withBuffer(next, room, (buffer) => without(buffer, nick));
  },
  kick: (state, { room, nick, by, reason, mine, time }) => {
    const next = happened(state, room, { time, kind: "kick", nick: by, other: nick, text: reason });
    return mine ? leftRoom(next, room) : withBuffer(next, room, (buffer) => without(buffer, nick));
  },
  quit: (state, { nick, reason, time }) => {
    let next = state;
    for (const { name } of roomsOf(state, nick)) {
      next = happened(next, name, { time, kind: "quit", nick, other: "", text: reason });
      next = withBuffer(next, name, (buffer) => without(buffer, nick));
    }
    return next;
  },
  nick: (state, { nick, next: renamed, mine, time }) => {
    let next: State = mine ? { ...state, nick: renamed } : state;
    const user = next.users.get(fold(nick));
    if (user) {
      const users = ownMap(next.users);
      users.delete(fold(nick));
      next = { ...next, users: users.set(fold(renamed), { ...user, nick: renamed }) };
    }
    for (const { name } of roomsOf(next, nick)) {
      next = happened(next, name, { time, kind: "nick", nick, other: renamed, text: "" });
      next = withBuffer(next, name, (buffer) => {
        const symbols = buffer.members.get(fold(nick))?.symbols ?? "";
        return withMember(without(buffer, nick), { nick: renamed, symbols });
      });
    }
    return next;
  },
  names: (state, { room, members }) =>
    withBuffer(state, room, (buffer) => ({
      ...buffer,
      members: new Map(members.map((member) => [fold(member.nick), member])),
    })),
  topic: (state, { room, topic, nick, time }) => {
    const next = withBuffer(state, room, (buffer) => ({ ...buffer, topic, topicBy: nick ?? buffer.topicBy }));
    return nick === null ? next : happened(next, room, { time, kind: "topic", nick, other: "", text: topic });
  },
  topicBy: (state, { room, nick }) => withBuffer(state, room, (buffer) => ({ ...buffer, topicBy: nick })),
  roomModes: (state, { room, params }) =>
    withBuffer(state, room, (buffer) => ({ ...buffer, modes: (params[0] ?? "").replace("+", "") })),
  mode: (state, { target, nick, params, time }) => {
    if (!isRoom(target)) return state;
    const table = ranks(state.tokens);
    const order = table.map(([, symbol]) => symbol);
    let next = withBuffer(state, target, (buffer) => {
      let changed = buffer;
      for (const [name, symbol, add] of rankChanges(state.tokens, params, table)) {
        const member = changed.members.get(fold(name));
        if (!member) continue;
        const held = new Set(
          add ? [...member.symbols, symbol] : [...member.symbols].filter((one) => one !== symbol),
        );
        changed = withMember(changed, { ...member, symbols: order.filter((one) => held.has(one)).join("") });
      }
      return { ...changed, modes: flags(state, changed.modes, params) };
    });
    next = happened(next, target, { time, kind: "mode", nick, other: "", text: params.join(" ") });
    return next;
  },
  invited: (state, { nick, room, by }) =>
    isMe(state, nick)
      ? {
          ...state,
          count: state.count + 1,
          notices: [
            ...state.notices.filter((notice) => notice.invitation?.room !== room).slice(-3),
            { id: state.count, text: "", error: false, invitation: { by, room } },
          ],
        }
      : state,
  inviting: (state, { nick }) => ({
    ...state,
    count: state.count + 1,
    notices: [...state.notices.slice(-3), { id: state.count, text: "", error: false, invited: nick }],
  }),
  listed: (state, { room, members, topic }) => {
    const rooms = ownList(state.listing?.rooms ?? []);
    rooms.push({ room, members, topic });
    return { ...state, listing: { rooms, done: false } };
  },
  listEnd: (state) => ({ ...state, listing: { rooms: state.listing?.rooms ?? [], done: true } }),
  mask: (state, { room, letter, mask, by, at }) =>
    withBuffer(state, room, (buffer) => ({
      ...buffer,
      masks: { ...buffer.masks, [`${letter}+`]: [...(buffer.masks[`${letter}+`] ?? []), { mask, by, at }] },
    })),
  masksEnd: (state, { room, letter }) =>
    withBuffer(state, room, (buffer) => {
      const { [`${letter}+`]: coming = [], ...others } = buffer.masks;
      return { ...buffer, masks: { ...others, [letter]: coming } };
    }),
};

/** The letters that are set and have no list and no rank. */
function flags(state: State, letters: string, params: readonly string[]): string {
  const lists = (state.tokens.CHANMODES ?? "").split(",")[0] ?? "";
  const ranked = ranks(state.tokens)
    .map(([letter]) => letter)
    .join("");
  const held = new Set(letters);
  for (const { add, letter } of modeChanges(state.tokens, params)) {
    if (lists.includes(letter) || ranked.includes(letter)) continue;
    if (add) held.add(letter);
    else held.delete(letter);
  }
  return [...held].sort().join("");
}
