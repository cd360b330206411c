/*
 * The one state, and who wants to know when it changes.
 * What belongs here: holding, telling, selecting. What must not: what changes mean.
 */

import { useLayoutEffect, useReducer, useRef } from "preact/hooks";
import type { Action } from "../state/actions";
import { reduceAll } from "../state/reduce";
import type { State } from "../state/types";

export class Store {
  private readonly listeners = new Set<() => void>();

  constructor(public state: State) {}

  dispatch(...actions: Action[]): void {
    this.dispatchAll(actions);
  }

  dispatchAll(actions: readonly Action[]): void {
    const next = reduceAll(this.state, actions);
    if (next === this.state) return;
    this.state = next;
    for (const listener of [...this.listeners]) listener();
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

/** A part of the state; the component is drawn again only when that part is another. */
export function usePart<T>(
  store: Store,
  select: (state: State) => T,
  same: (a: T, b: T) => boolean = Object.is,
): T {
  const [, again] = useReducer<number, void>((count) => count + 1, 0);
  const part = select(store.state);
  const shown = useRef(part);
  const selector = useRef(select);
  selector.current = select;
  if (!same(shown.current, part)) shown.current = part;
  useLayoutEffect(() => {
    const look = () => {
      if (!same(shown.current, selector.current(store.state))) again();
    };
    look();
    return store.subscribe(look);
  }, [store]);
  return shown.current;
}

export function shallow<T extends object>(a: T, b: T): boolean {
  if (a === b) return true;
  const keys = Object.keys(a) as (keyof T)[];
  return keys.length === Object.keys(b).length && keys.every((key) => Object.is(a[key], b[key]));
}
