/* What operators did lately, the newest first. */

import type { JSX } from "preact";
import { safeName, safeText } from "../../rich/safe";
import { fullDate, say } from "../../words";
import { useEvery, type Clerk } from "./clerk";
import { moment } from "./writing";

const EVERY_MS = 10_000;

export function AuditTab({ clerk }: { clerk: Clerk }): JSX.Element {
  const { deeds } = clerk.desk;
  useEvery(clerk.deeds, EVERY_MS);
  if (!deeds) return <p class="quiet">{say("op.loading")}</p>;
  if (!deeds.length) return <p class="quiet">{say("op.audit.none")}</p>;
  return (
    <div class="op-table" tabIndex={0} role="region" aria-label={say("op.tab.audit")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{say("op.audit.when")}</th>
            <th scope="col">{say("op.audit.who")}</th>
            <th scope="col">{say("op.audit.deed")}</th>
            <th scope="col">{say("op.audit.target")}</th>
            <th scope="col">{say("op.audit.text")}</th>
          </tr>
        </thead>
        <tbody>
          {deeds.map((one, index) => (
            <tr key={`${one.at} ${index}`}>
              <td title={fullDate(one.at)}>{moment(one.at)}</td>
              <td title={safeText(one.who)}>
                <bdi>{safeName(one.who.split("!")[0] ?? "")}</bdi>
                {one.operator && <small> ({safeName(one.operator)})</small>}
              </td>
              <th scope="row">{safeText(one.deed)}</th>
              <td>
                <code>{safeText(one.target)}</code>
              </td>
              <td class="words" dir="auto">
                {safeText(one.text)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
