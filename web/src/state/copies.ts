/*
 * What a batch of actions copies, it copies once: a thousand that leave at once are taken out of one new list of
 * members, not out of a thousand. Nobody outside sees a copy before its batch is over, and none is altered after.
 * What belongs here: copying. What must not: what is copied.
 */

let own: WeakSet<object> | null = null; // copies of the batch that is under way

/** `work` with copies of its own. What it was given stays as it is. */
export function batch<T>(work: () => T): T {
  own = new WeakSet();
  try {
    return work();
  } finally {
    own = null;
  }
}

/** A map that may be altered: a copy, or this one where it is the batch's own copy already. */
export function ownMap<K, V>(map: ReadonlyMap<K, V>): Map<K, V> {
  return owned(map as Map<K, V>, (one) => new Map(one));
}

/** A list that may be altered, likewise. */
export function ownList<T>(list: readonly T[]): T[] {
  return owned(list as T[], (one) => one.slice());
}

function owned<T extends object>(value: T, copy: (value: T) => T): T {
  if (own?.has(value)) return value;
  const copied = copy(value);
  own?.add(copied);
  return copied;
}
