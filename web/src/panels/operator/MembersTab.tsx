/* Who is here: searched, put in order, and one of them looked at closely, put out or kept out. */

import type { JSX } from "preact";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Close } from "../../components/icons";
import { safeName, safeText } from "../../rich/safe";
import { bytes, fullDate, number, say, type Key } from "../../words";
import { BanForm } from "./BanForm";
import type { Clerk } from "./clerk";
import { targetsOf } from "./desk";
import type { Detail, Member } from "./readings";
import { ago, moment } from "./writing";

const TYPING_MS = 250;

const COLUMNS: [sort: string, words: Key][] = [
  ["nick", "op.nick"],
  ["account", "op.account"],
  ["address", "op.address"],
  ["door", "op.door"],
  ["since", "op.since"],
  ["idle", "op.idle"],
  ["rooms", "op.rooms"],
];

export function MembersTab({ clerk, rights }: { clerk: Clerk; rights: readonly string[] }): JSX.Element {
  const { desk } = clerk;
  const { query, members, detail } = desk;
  useEffect(() => {
    const timer = setTimeout(() => void clerk.members(query), members ? TYPING_MS : 0);
    return () => clearTimeout(timer);
  }, [query]);
  const again = useCallback(() => void clerk.members(query), [query]);
  const items = members?.items ?? [];
  return (
    <div class={detail ? "op-members with-detail" : "op-members"}>
      <section class="stack op-list">
        <div class="row-form">
          <input
            type="search"
            value={query.pattern}
            placeholder={say("op.search")}
            aria-label={say("op.search")}
            onInput={(event) => clerk.query({ pattern: event.currentTarget.value })}
          />
          <button type="button" class="secondary" onClick={again}>
            {say("op.refresh")}
          </button>
        </div>
        <p class="quiet" role="status">
          {members
            ? say("op.members.count", { count: members.all, shown: number(items.length) })
            : say("op.loading")}
        </p>
        {items.length > 0 && (
          <div class="op-table" tabIndex={0} role="region" aria-label={say("op.tab.members")}>
            <table>
              <thead>
                <tr>
                  {COLUMNS.map(([sort, words]) => (
                    <th
                      key={sort}
                      scope="col"
                      aria-sort={query.sort !== sort ? "none" : query.backwards ? "descending" : "ascending"}
                    >
                      <button
                        type="button"
                        onClick={() =>
                          clerk.query({ sort, backwards: query.sort === sort && !query.backwards })
                        }
                      >
                        {say(words)}
                        <span aria-hidden="true">
                          {query.sort === sort ? (query.backwards ? " ↓" : " ↑") : ""}
                        </span>
                      </button>
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {items.map((member) => (
                  <Row
                    key={member.nick}
                    member={member}
                    chosen={detail?.member.nick === member.nick}
                    onOpen={() => void clerk.open(member.nick)}
                  />
                ))}
              </tbody>
            </table>
          </div>
        )}
        {members && items.length < members.all && (
          <div class="buttons">
            <button type="button" class="secondary" onClick={() => void clerk.members(query, items.length)}>
              {say("op.more")}
            </button>
          </div>
        )}
      </section>
      {detail && (
        <Closely key={detail.member.nick} clerk={clerk} detail={detail} rights={rights} again={again} />
      )}
    </div>
  );
}

function Row({
  member,
  chosen,
  onOpen,
}: {
  member: Member;
  chosen: boolean;
  onOpen: () => void;
}): JSX.Element {
  return (
    <tr class={chosen ? "chosen" : ""}>
      <th scope="row">
        <button type="button" class="text-button" onClick={onOpen} aria-expanded={chosen}>
          <bdi>{safeName(member.nick)}</bdi>
        </button>
        {member.bot && <span class="tag">{say("op.bot")}</span>}
        {member.operator && <span class="tag">{say("op.operator")}</span>}
        {member.absent && <span class="tag">{say("op.absent")}</span>}
      </th>
      <td>{member.account ? <bdi>{safeName(member.account)}</bdi> : "–"}</td>
      <td>
        <code>{safeText(member.address || member.host)}</code>
      </td>
      <td>{safeText(member.door)}</td>
      <td title={fullDate(member.since)}>{moment(member.since)}</td>
      <td>{ago(member.idle)}</td>
      <td>{number(member.rooms)}</td>
    </tr>
  );
}

// --- One of them ---------------------------------------------------------------------------------------------------

function Closely({
  clerk,
  detail,
  rights,
  again,
}: {
  clerk: Clerk;
  detail: Detail;
  rights: readonly string[];
  again: () => void;
}): JSX.Element {
  const { member } = detail;
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), []);
  return (
    <aside class="op-detail" aria-label={safeName(member.nick)}>
      <header>
        <h3 tabIndex={-1} ref={heading}>
          <bdi>{safeName(member.nick)}</bdi>
        </h3>
        <button
          type="button"
          class="icon-button small"
          onClick={clerk.close}
          aria-label={say("op.detail.close")}
        >
          <Close size={16} />
        </button>
      </header>
      <dl class="facts">
        <Fact name="op.prefix" value={member.prefix} />
        {member.address && <Fact name="op.address" value={member.address} />}
        <Fact name="op.account" value={member.account || say("op.guest")} />
        <Fact name="op.realname" value={detail.realname} />
        {member.operator && <Fact name="op.operator" value={member.operator} />}
        <Fact name="op.rooms" value={detail.rooms.join(" ") || "–"} />
      </dl>
      <h4>{say("op.sessions")}</h4>
      <ul class="op-sessions">
        {detail.sessions.length === 0 && <li class="quiet">{say("op.absent")}</li>}
        {detail.sessions.map((one, index) => (
          <li key={index}>
            <strong>{safeText(one.door)}</strong> <code>{safeText(one.address)}</code>
            {one.device && ` @${safeText(one.device)}`}
            {one.own && <span class="tag">{say("account.sessions.own")}</span>}
            <small>
              {say("op.session", {
                since: moment(one.since),
                idle: ago(one.idle),
                waiting: bytes(one.waiting),
              })}
            </small>
          </li>
        ))}
      </ul>
      {detail.hits.map((hit) => (
        <p key={hit.effect + hit.target} class="quiet">
          {say("op.hit", { effect: effectWords(hit.effect), target: safeText(hit.target) })}
        </p>
      ))}
      {rights.includes("kill") && <Kill clerk={clerk} nick={member.nick} done={again} />}
      {rights.includes("ban") && (
        <details>
          <summary>{say("op.ban.member")}</summary>
          <BanForm
            clerk={clerk}
            choices={targetsOf(member).map(({ key, target }) => ({
              target,
              words: `${say(TARGETS[key])}: ${safeText(target)}`,
            }))}
          />
        </details>
      )}
    </aside>
  );
}

const TARGETS: Record<"account" | "address" | "host", Key> = {
  account: "op.account",
  address: "op.address",
  host: "op.host",
};

export function effectWords(effect: string): string {
  const keys: Record<string, Key> = {
    ban: "op.effect.ban",
    login: "op.effect.login",
    exempt: "op.effect.exempt",
  };
  const key = keys[effect];
  return key ? say(key) : safeText(effect);
}

function Fact({ name, value }: { name: Key; value: string }): JSX.Element {
  return (
    <div>
      <dt>{say(name)}</dt>
      <dd dir="auto">{safeText(value)}</dd>
    </div>
  );
}

function Kill({ clerk, nick, done }: { clerk: Clerk; nick: string; done: () => void }): JSX.Element {
  const [reason, setReason] = useState("");
  const submit = async (event: Event) => {
    event.preventDefault();
    if (reason.trim() && (await clerk.kill(nick, reason.trim(), say("op.killed", { nick: safeName(nick) }))))
      done();
  };
  return (
    <form class="stack" onSubmit={(event) => void submit(event)}>
      <label for="op-kill">{say("op.kill.why")}</label>
      <div class="row-form">
        <input
          id="op-kill"
          value={reason}
          required
          dir="auto"
          maxLength={200}
          autocomplete="off"
          onInput={(event) => setReason(event.currentTarget.value)}
        />
        <button type="submit" class="secondary danger" disabled={!reason.trim()}>
          {say("op.kill")}
        </button>
      </div>
    </form>
  );
}
