/* Who may come in: asking somebody by name, and links, for those who may invite. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { invitationOf, linkMade, refusalIn, saidIn, type Invitation } from "../app/answers";
import { useBuffer, useStore, useTools } from "../components/context";
import { fold } from "../irc/names";
import { writeClipboard } from "../rich/code";
import { safeName, safeText } from "../rich/safe";
import { number, say, shortDate, type Key } from "../words";

const LASTS: [duration: string, words: Key][] = [
  ["1h", "invite.lasts.hour"],
  ["1d", "invite.lasts.day"],
  ["7d", "invite.lasts.week"],
  ["30d", "invite.lasts.month"],
];
const USES = [1, 5, 25, 100];

/** Nothing for those who may not (policy: any member; where only the invited enter, those with a rank). */
export function Invitations({ buffer }: { buffer: string }): JSX.Element | null {
  const me = useStore((state) => state.nick);
  const joined = useBuffer(buffer, (one) => one.joined, false);
  const modes = useBuffer(buffer, (one) => one.modes, "");
  const ranked = useBuffer(buffer, (one) => /[~&@%]/.test(one.members.get(fold(me))?.symbols ?? ""), false);
  if (!joined || (/[iV]/.test(modes) && !ranked)) return null;
  return (
    <section class="stack">
      <h3>{say("invite.title")}</h3>
      <Nick buffer={buffer} />
      <Links buffer={buffer} />
    </section>
  );
}

function Nick({ buffer }: { buffer: string }): JSX.Element {
  const { house } = useTools();
  const room = useBuffer(buffer, (one) => one.name, "");
  const [nick, setNick] = useState("");
  const [told, setTold] = useState("");
  const invite = async (event: globalThis.Event) => {
    event.preventDefault();
    const wanted = nick.trim();
    if (!wanted || /\s/.test(wanted)) return;
    const answer = await house.ask("INVITE", [wanted, room]);
    const refused = refusalIn(answer);
    setTold(
      refused
        ? `${safeName(wanted)}: ${refused}`
        : answer.length
          ? say("invite.nick.done", { nick: safeName(wanted) })
          : "",
    );
    if (!refused) setNick("");
  };
  return (
    <>
      <form class="row-form" onSubmit={(event) => void invite(event)}>
        <input
          value={nick}
          required
          aria-label={say("invite.nick")}
          placeholder={say("invite.nick")}
          autocomplete="off"
          autocapitalize="off"
          onInput={(event) => setNick(event.currentTarget.value)}
        />
        <button type="submit" class="secondary">
          {say("invite.nick.button")}
        </button>
      </form>
      <p class="quiet" role="status">
        {safeText(told)}
      </p>
    </>
  );
}

function Links({ buffer }: { buffer: string }): JSX.Element {
  const { house } = useTools();
  const room = useBuffer(buffer, (one) => one.name, "");
  const [lasts, setLasts] = useState("7d");
  const [uses, setUses] = useState(0);
  const [made, setMade] = useState("");
  const [told, setTold] = useState("");
  const [links, setLinks] = useState<Invitation[]>([]);
  const list = async () => {
    const lines = saidIn(await house.ask("CS", ["LINKS", room]));
    setLinks(lines.map(invitationOf).filter((one): one is Invitation => one !== null));
  };
  useEffect(() => void list(), [buffer]);
  const make = async (event: globalThis.Event) => {
    event.preventDefault();
    const answer = await house.ask("CS", ["LINK", room, lasts, ...(uses ? [String(uses)] : [])]);
    const lines = saidIn(answer);
    const link = linkMade(lines, location.origin);
    setMade(link ?? "");
    setTold(link ? "" : lines.join(" ") || refusalIn(answer));
    await list();
  };
  const revoke = async (one: Invitation) => {
    const lines = saidIn(await house.ask("CS", ["UNLINK", room, one.name]));
    setMade("");
    setTold(lines.join(" "));
    await list();
  };
  return (
    <>
      <form class="link-form" onSubmit={(event) => void make(event)}>
        <label>
          <span>{say("invite.lasts")}</span>
          <select value={lasts} onChange={(event) => setLasts(event.currentTarget.value)}>
            {LASTS.map(([duration, words]) => (
              <option key={duration} value={duration}>
                {say(words)}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>{say("invite.uses")}</span>
          <select value={String(uses)} onChange={(event) => setUses(Number(event.currentTarget.value))}>
            <option value="0">{say("invite.uses.any")}</option>
            {USES.map((count) => (
              <option key={count} value={String(count)}>
                {number(count)}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" class="secondary">
          {say("invite.make")}
        </button>
      </form>
      {made && <Made key={made} link={made} />}
      {told && (
        <p class="quiet" role="status">
          {safeText(told)}
        </p>
      )}
      <ul class="links">
        {links.map((one) => (
          <li key={one.name}>
            <span>
              <code>{safeText(one.name)}</code> {safeName(one.by)}
              <small>
                {say("invite.until", { when: shortDate(one.until) })} ·{" "}
                {one.uses === null
                  ? say("invite.used", { count: one.used })
                  : say("invite.used.of", { used: number(one.used), uses: number(one.uses) })}
              </small>
            </span>
            <button
              type="button"
              class="secondary"
              aria-label={say("invite.revoke.long", { name: safeText(one.name) })}
              onClick={() => void revoke(one)}
            >
              {say("invite.revoke")}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function Made({ link }: { link: string }): JSX.Element {
  const [copied, setCopied] = useState(false);
  return (
    <div class="row-form made" role="status">
      <input
        readOnly
        value={link}
        aria-label={say("invite.link")}
        onFocus={(event) => event.currentTarget.select()}
      />
      <button
        type="button"
        class="primary small"
        onClick={() => void writeClipboard(link).then(() => setCopied(true))}
      >
        {say(copied ? "message.copied" : "invite.copy")}
      </button>
    </div>
  );
}
