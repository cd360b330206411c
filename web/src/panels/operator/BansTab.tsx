/* Who is kept out of the server, must log in, or is excepted: all of them, a new one, and lifting one. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { safeName, safeText } from "../../rich/safe";
import { fullDate, say } from "../../words";
import { BanForm } from "./BanForm";
import type { Clerk } from "./clerk";
import { effectWords } from "./MembersTab";
import { moment } from "./writing";

const SHOWN = 200; // rows in the page; the search finds the others

export function BansTab({ clerk }: { clerk: Clerk }): JSX.Element {
  const { bans } = clerk.desk;
  const [search, setSearch] = useState("");
  useEffect(() => void clerk.bans(), []);
  const words = search.trim().toLowerCase();
  const found =
    bans?.filter((one) =>
      `${one.target} ${one.reason} ${one.note} ${one.by}`.toLowerCase().includes(words),
    ) ?? [];
  return (
    <>
      <section class="stack">
        <h3>{say("op.ban.new")}</h3>
        <BanForm clerk={clerk} />
        <p class="quiet">{say("op.ban.help")}</p>
      </section>
      <section class="stack">
        <h3>{say("op.bans")}</h3>
        {bans === null && <p class="quiet">{say("op.loading")}</p>}
        {bans?.length === 0 && <p class="quiet">{say("op.bans.none")}</p>}
        {bans !== null && bans.length > 0 && (
          <>
            <input
              type="search"
              value={search}
              placeholder={say("op.bans.search")}
              aria-label={say("op.bans.search")}
              onInput={(event) => setSearch(event.currentTarget.value)}
            />
            <ul class="op-bans">
              {found.slice(0, SHOWN).map((one) => (
                <li key={one.target}>
                  <div>
                    <code>{safeText(one.target)}</code> <span class="tag">{effectWords(one.effect)}</span>
                    <p dir="auto">{safeText(one.reason) || say("op.ban.no.reason")}</p>
                    {one.note && (
                      <p class="quiet" dir="auto">
                        {say("op.ban.noted", { note: safeText(one.note) })}
                      </p>
                    )}
                    <small title={fullDate(one.at)}>
                      {say("op.ban.by", { by: safeName(one.by), at: moment(one.at) })} ·{" "}
                      {one.until ? say("op.ban.until", { until: moment(one.until) }) : say("op.ban.forever")}
                    </small>
                  </div>
                  <button
                    type="button"
                    class="secondary"
                    onClick={() => void clerk.lift(one.target)}
                    aria-label={say("op.ban.lift.of", { target: safeText(one.target) })}
                  >
                    {say("op.ban.lift")}
                  </button>
                </li>
              ))}
            </ul>
            {found.length > SHOWN && (
              <p class="quiet">{say("op.bans.more", { count: found.length - SHOWN })}</p>
            )}
          </>
        )}
      </section>
    </>
  );
}
