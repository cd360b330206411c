/*
 * What the person here does: opening, sending, reading, choosing.
 * What belongs here: reducers of deeds at this screen. What must not: what the server says.
 */

import { fold } from "../irc/names";
import { allRead, liveOf, newBuffer } from "./buffers";
import { withBuffer, type Reducers } from "./common";
import { ensured } from "./reduce-rooms";
import { EMPTY } from "./segments";
import type { State } from "./types";

/** The open buffer counts as read when somebody looks at its end. */
export function seen(state: State): State {
  if (state.active === null || !state.looking || !state.atEnd) return state;
  return withBuffer(state, state.active, (buffer) => (buffer.viewing === null ? allRead(buffer) : buffer));
}

export const viewReducers: Reducers = {
  opened: (state, { name }) => {
    const key = fold(name);
    const next = ensured(state, name);
    if (next.active === key) return next;
    const opened = withBuffer({ ...next, active: key, replyTo: null, atEnd: true }, name, (buffer) => ({
      ...buffer,
      markerAt: buffer.readUpTo,
      viewing: null,
      target: null,
    }));
    return seen(opened);
  },
  closedBuffer: (state, { key }) => {
    const { [key]: _, ...buffers } = state.buffers;
    const active =
      state.active === key
        ? (Object.values(buffers).find((buffer) => buffer.kind === "room")?.key ??
          Object.keys(buffers)[0] ??
          null)
        : state.active;
    return { ...state, buffers, active };
  },
  restored: (state, { name, entries, readUpTo, muted }) => {
    const key = fold(name);
    if (state.buffers[key]) return state;
    const buffer = {
      ...newBuffer(name, readUpTo),
      muted,
      segments: [{ entries, atStart: false, live: false }],
    };
    return { ...state, buffers: { ...state.buffers, [key]: buffer }, active: state.active ?? key };
  },
  entering: (state, { keys }) =>
    keys.reduce(
      (now, key) => withBuffer(now, key, (buffer) => ({ ...buffer, entering: !buffer.joined })),
      state,
    ),
  requested: (state, { key, loading }) => withBuffer(state, key, (buffer) => ({ ...buffer, loading })),
  viewed: (state, { key, id, target }) => {
    const next = withBuffer(state, key, (buffer) => {
      const live = liveOf(buffer) ?? EMPTY;
      const inLive = id !== null && live.entries.some((entry) => entry.id === id);
      return { ...buffer, viewing: inLive ? null : id, target };
    });
    return id === null && key === state.active ? seen({ ...next, atEnd: true }) : next;
  },
  sent: (state, { key, pending }) =>
    withBuffer({ ...state, replyTo: null, atEnd: state.atEnd || key === state.active }, key, (buffer) => ({
      ...buffer,
      pending: [...buffer.pending, pending],
      viewing: null,
      target: null,
    })),
  resent: (state, { key, nonce, label }) =>
    withBuffer(state, key, (buffer) => ({
      ...buffer,
      pending: buffer.pending.map((one) =>
        one.nonce === nonce ? { ...one, label, state: "sending" as const, why: "" } : one,
      ),
    })),
  unsent: (state, { key }) =>
    withBuffer(state, key, (buffer) => ({
      ...buffer,
      pending: buffer.pending.map((one) =>
        one.state === "unsure" ? { ...one, state: "unsent" as const } : one,
      ),
    })),
  dismissed: (state, { key, nonce }) =>
    withBuffer(state, key, (buffer) => ({
      ...buffer,
      pending: buffer.pending.filter((one) => one.nonce !== nonce),
    })),
  looking: (state, { looking, atEnd }) =>
    state.looking === looking && state.atEnd === atEnd ? state : seen({ ...state, looking, atEnd }),
  read: (state, { key }) => withBuffer(state, key, allRead),
  replying: (state, { id }) => ({ ...state, replyTo: id }),
  settings: (state, { settings }) => ({ ...state, settings: { ...state.settings, ...settings } }),
  listing: (state) => ({ ...state, listing: { rooms: [], done: false } }),
  searching: (state, { found }) => ({ ...state, found }),
  found: (state, { page }) => ({ ...state, found: page }),
  whois: (state, { fields }) => ({ ...state, whois: fields }),
  closeWhois: (state) => ({ ...state, whois: null }),
  notice: (state, { text, error }) => ({
    ...state,
    count: state.count + 1,
    notices: [...state.notices.slice(-3), { id: state.count, text, error }],
  }),
  noticeGone: (state, { id }) => ({ ...state, notices: state.notices.filter((notice) => notice.id !== id) }),
  muted: (state, { key, muted }) => withBuffer(state, key, (buffer) => ({ ...buffer, muted })),
};
