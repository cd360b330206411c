/*
 * The members of a room in their order: models, those who may moderate, people; each by name.
 * What belongs here: keeping that order while members come and go. What must not: drawing (`Members.tsx`).
 */

import type { Member, User } from "../state/types";

export interface Standing {
  key: string; // the folded nick
  member: Member;
  user: User | undefined;
  rank: number; // 0: models, 1: operators, 2: people
}

const rankOf = (member: Member, user: User | undefined) =>
  user?.bot ? 0 : /[~&@]/.test(member.symbols) ? 1 : 2;

const order = (a: Standing, b: Standing) => a.rank - b.rank || (a.key < b.key ? -1 : 1);

/** All members in order; `before` is the order as it was, of which whoever has the same rank as then keeps the place. */
export function rollOf(
  members: ReadonlyMap<string, Member>,
  users: ReadonlyMap<string, User>,
  before: readonly Standing[],
): readonly Standing[] {
  const kept: Standing[] = [];
  for (const one of before) {
    const member = members.get(one.key);
    const user = users.get(one.key);
    if (member === one.member && user === one.user) kept.push(one);
    else if (member && rankOf(member, user) === one.rank) kept.push({ ...one, member, user });
  }
  if (kept.length === members.size) return kept;
  const known = new Set(kept.map(({ key }) => key));
  const fresh: Standing[] = [];
  for (const [key, member] of members) {
    if (known.has(key)) continue;
    const user = users.get(key);
    fresh.push({ key, member, user, rank: rankOf(member, user) });
  }
  return merged(kept, fresh.sort(order));
}

function merged(kept: readonly Standing[], fresh: readonly Standing[]): readonly Standing[] {
  const found: Standing[] = [];
  let next = 0;
  for (const one of fresh) {
    while (next < kept.length && order(kept[next] as Standing, one) < 0) found.push(kept[next++] as Standing);
    found.push(one);
  }
  for (; next < kept.length; next++) found.push(kept[next] as Standing);
  return found;
}
