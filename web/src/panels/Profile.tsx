/* Who somebody is, and what one may do about it. What belongs here: one member. */

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Avatar, FullName } from "../components/Avatar";
import { useBuffer, useStore, useTools } from "../components/context";
import { Dialog } from "../components/Dialog";
import { fold } from "../irc/names";
import { plainText } from "../irc/formatting";
import { safeName, safeText } from "../rich/safe";
import { say, type Key } from "../words";

const FIELDS: [string, Key][] = [
  ["account", "profile.account"],
  ["realname", "profile.realname"],
  ["bot", "profile.bot"],
  ["operator", "profile.operator"],
  ["rooms", "profile.rooms"],
];

export function Profile({
  nick,
  buffer,
  onClose,
}: {
  nick: string;
  buffer: string | null;
  onClose: () => void;
}): JSX.Element {
  const { house, deeds, mention } = useTools();
  const me = useStore((state) => state.nick);
  const fields = useStore((state) =>
    state.whois && fold(state.whois.nick ?? "") === fold(nick) ? state.whois : null,
  );
  const user = useStore((state) => state.users.get(fold(nick)));
  const mine = useBuffer(buffer ?? "", (one) => one.members.get(fold(me))?.symbols ?? "", "");
  const theirs = useBuffer(buffer ?? "", (one) => one.members.get(fold(nick))?.symbols ?? null, null);
  const room = useBuffer(buffer ?? "", (one) => one.name, "");
  useEffect(() => {
    deeds.command("WHOIS", [nick]);
    return () => house.store.dispatch({ type: "closeWhois" });
  }, [nick]);
  const done = (deed: () => void) => () => {
    deed();
    onClose();
  };
  const operator = /[~&@%]/.test(mine) && theirs !== null && fold(nick) !== fold(me);
  const mode = (letters: string, word: string) => done(() => deeds.command("MODE", [room, letters, word]));
  return (
    <Dialog title={safeName(nick)} onClose={onClose}>
      <div class="profile">
        <div class="profile-top">
          <Avatar nick={nick} bot={user?.bot ?? false} />
          <div>
            <strong>
              <FullName nick={nick} />
            </strong>
            {user?.pronouns && <small class="quiet"> {safeText(user.pronouns)}</small>}
            {user?.bot && <span class="tag">{say("message.bot")}</span>}
            {user?.status && <p dir="auto">{safeText(user.status)}</p>}
            {user?.away != null && (
              <p class="quiet">
                {say("room.members.away")}: {safeText(user.away)}
              </p>
            )}
          </div>
        </div>
        <dl class="facts">
          {FIELDS.map(
            ([field, words]) =>
              fields?.[field] && (
                <div key={field}>
                  <dt>{say(words)}</dt>
                  <dd dir="auto">{safeText(plainText(fields[field] ?? ""))}</dd>
                </div>
              ),
          )}
        </dl>
        <div class="buttons">
          <button type="button" class="primary small" data-first onClick={done(() => mention(`${nick}: `))}>
            {user?.bot ? say("profile.ask", { nick: safeName(nick) }) : say("profile.mention")}
          </button>
          {fold(nick) !== fold(me) && (
            <button type="button" class="secondary" onClick={done(() => deeds.open(nick))}>
              {say("profile.talk")}
            </button>
          )}
        </div>
        {operator && (
          <div class="buttons">
            {theirs.includes("@") ? (
              <button type="button" class="secondary" onClick={mode("-o", nick)}>
                {say("profile.deop")}
              </button>
            ) : (
              <button type="button" class="secondary" onClick={mode("+o", nick)}>
                {say("profile.op")}
              </button>
            )}
            <button
              type="button"
              class="secondary danger"
              onClick={done(() => deeds.command("KICK", [room, nick]))}
            >
              {say("profile.kick")}
            </button>
            <button
              type="button"
              class="secondary danger"
              onClick={done(() => {
                deeds.command("MODE", [room, "+b", fields?.account ? `~a:${fields.account}` : `${nick}!*@*`]);
                deeds.command("KICK", [room, nick]);
              })}
            >
              {say("profile.ban")}
            </button>
          </div>
        )}
      </div>
    </Dialog>
  );
}
