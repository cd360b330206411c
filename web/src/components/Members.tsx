/*
 * Who is in the room: models, operators, people. Ten thousand of them scroll as smoothly as ten.
 * What belongs here: the list, of which only what is in view is drawn.
 */

import { memo } from "preact/compat";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { fold } from "../irc/names";
import { safeName, safeText } from "../rich/safe";
import type { Member, User } from "../state/types";
import { say, type Key } from "../words";
import { Avatar, FullName } from "./Avatar";
import { useBuffer, useStore, useTools } from "./context";
import { useAbove } from "./focus";
import { Close, Shield } from "./icons";
import { rollOf, type Standing } from "./roll";

const ROW = 40; // pixels; every row has this height, so that the place of each is known
const SPARE = 8; // rows drawn beyond each edge

type Line = { heading: string; count: number } | Standing;

const NOBODY: ReadonlyMap<string, Member> = new Map();

/** The order of the members, kept from one drawing to the next. */
function useRoll(members: ReadonlyMap<string, Member>): readonly Standing[] {
  const users = useStore((state) => state.users);
  const roll = useRef<readonly Standing[]>([]);
  return useMemo(() => (roll.current = rollOf(members, users, roll.current)), [members, users]);
}

export function linesOf(roll: readonly Standing[], filter: string): Line[] {
  const wanted = fold(filter);
  const found = wanted ? roll.filter(({ key }) => key.includes(wanted)) : roll;
  const models = found.findIndex(({ rank }) => rank > 0);
  const count = models < 0 ? found.length : models;
  const part = (heading: Key, lines: readonly Standing[]): Line[] =>
    lines.length ? [{ heading: say(heading), count: lines.length }, ...lines] : [];
  return [
    ...part("room.members.models", found.slice(0, count)),
    ...part("room.members.people", found.slice(count)),
  ];
}

export function Members({
  buffer,
  above,
  onClose,
}: {
  buffer: string;
  above: boolean;
  onClose: () => void;
}): JSX.Element {
  const members = useBuffer(buffer, (one) => one.members, NOBODY);
  const joined = useBuffer(buffer, (one) => one.joined, false); // else nobody knows who is there
  const roll = useRoll(members);
  const [filter, setFilter] = useState("");
  const [from, setFrom] = useState(0);
  const [height, setHeight] = useState(600);
  const place = useRef<HTMLDivElement>(null);
  const whole = useRef<HTMLElement>(null);
  useAbove(whole, above, onClose);
  const lines = useMemo(() => linesOf(roll, filter), [roll, filter]);
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
    <aside ref={whole} class="members" aria-label={say("room.members.show")}>
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

const MemberRow = memo(({ member, user }: { member: Member; user: User | undefined }): JSX.Element => {
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
});
