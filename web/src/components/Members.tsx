/*
 * Who is in the room: models, operators, people. Ten thousand of them scroll as smoothly as ten.
 * What belongs here: the list, of which only what is in view is drawn.
 */

import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { fold } from "../irc/names";
import { safeName, safeText } from "../rich/safe";
import type { Member, User } from "../state/types";
import { say } from "../words";
import { Avatar, FullName } from "./Avatar";
import { useBuffer, useState_, useTools } from "./context";
import { Close, Shield } from "./icons";

const ROW = 40; // pixels; every row has this height, so that the place of each is known
const SPARE = 8; // rows drawn beyond each edge

type Line = { heading: string; count: number } | { member: Member; user: User | undefined };

const NOBODY: ReadonlyMap<string, Member> = new Map();

export function linesOf(members: Iterable<Member>, users: ReadonlyMap<string, User>, filter: string): Line[] {
  const wanted = fold(filter);
  const models: Line[] = [];
  const people: { line: Line; rank: number; name: string }[] = [];
  for (const member of members) {
    const key = fold(member.nick);
    if (wanted && !key.includes(wanted)) continue;
    const user = users.get(key);
    const line = { member, user };
    if (user?.bot) models.push(line);
    else people.push({ line, rank: /[~&@]/.test(member.symbols) ? 0 : 1, name: key });
  }
  people.sort((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : 1));
  return [
    ...(models.length ? [{ heading: say("room.members.models"), count: models.length }, ...models] : []),
    ...(people.length
      ? [{ heading: say("room.members.people"), count: people.length }, ...people.map(({ line }) => line)]
      : []),
  ];
}

export function Members({ buffer, onClose }: { buffer: string; onClose: () => void }): JSX.Element {
  const members = useBuffer(buffer, (one) => one.members, NOBODY);
  const joined = useBuffer(buffer, (one) => one.joined, false); // else nobody knows who is there
  const users = useState_((state) => state.users);
  const [filter, setFilter] = useState("");
  const [from, setFrom] = useState(0);
  const [height, setHeight] = useState(600);
  const place = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => linesOf(members.values(), users, filter), [members, users, filter]);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const start = Math.max(0, Math.min(from, lines.length) - SPARE);
  const end = Math.min(lines.length, from + Math.ceil(height / ROW) + SPARE);
  return (
    <aside class="members" aria-label={say("room.members.show")}>
      <div class="members-top">
        <h2>{joined ? say("room.members", { count: members.size }) : say("room.members.show")}</h2>
        <button type="button" class="icon-button" onClick={onClose} aria-label={say("dialog.close")}>
          <Close />
        </button>
      </div>
      {members.size > 12 && (
        <input
          type="search"
          class="members-filter"
          placeholder={say("room.members.filter")}
          aria-label={say("room.members.filter")}
          value={filter}
          onInput={(event) => setFilter(event.currentTarget.value)}
        />
      )}
      <div
        class="members-scroll"
        ref={place}
        onScroll={(event) => setFrom(Math.floor(event.currentTarget.scrollTop / ROW))}
        tabIndex={-1}
      >
        <ul style={{ height: `${lines.length * ROW}px` }}>
          {lines.slice(start, end).map((line, index) => (
            <li
              key={"member" in line ? line.member.nick : line.heading}
              style={{ transform: `translateY(${(start + index) * ROW}px)` }}
            >
              {"member" in line ? (
                <MemberRow member={line.member} user={line.user} />
              ) : (
                <h3>
                  {line.heading} · {line.count}
                </h3>
              )}
            </li>
          ))}
        </ul>
      </div>
    </aside>
  );
}

function MemberRow({ member, user }: { member: Member; user: User | undefined }): JSX.Element {
  const { show } = useTools();
  const operator = /[~&@]/.test(member.symbols);
  return (
    <button
      type="button"
      class={`member${user?.away != null ? " away" : ""}`}
      onClick={() => show({ name: "profile", nick: member.nick })}
    >
      <Avatar nick={member.nick} bot={user?.bot ?? false} small />
      <span
        class="member-name"
        title={[safeName(member.nick), safeText(user?.pronouns ?? "")].filter(Boolean).join(" · ")}
      >
        {user?.displayName ? <FullName nick={member.nick} /> : <bdi>{safeName(member.nick)}</bdi>}
      </span>
      {operator && (
        <span class="member-mark" title={say("profile.operator")}>
          <Shield size={15} />
        </span>
      )}
      {user?.away != null ? (
        <small title={user.away}>{say("room.members.away")}</small>
      ) : (
        user?.status && (
          <small class="member-status" title={safeText(user.status)}>
            {safeText(user.status)}
          </small>
        )
      )}
    </button>
  );
}
