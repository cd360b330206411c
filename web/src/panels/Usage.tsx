/* What models have cost: me, this room, each model. Asked when a button is pressed. */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { amountOf, spendingOf, type Spending } from "../app/answers";
import { useBuffer, useStore, useTools } from "../components/context";
import { fold } from "../irc/names";
import { safeName, safeText } from "../rich/safe";
import { number, say } from "../words";

const WAIT_MS = 6_000;
const UNDER_WAY = /^(?:calls under way|llamadas en curso)/; // told to operators of the server besides

export function Usage({ buffer }: { buffer: string }): JSX.Element | null {
  const { deeds } = useTools();
  const room = useBuffer(buffer, (one) => one.name, "");
  const members = useBuffer(buffer, (one) => one.members, null);
  const users = useStore((state) => state.users);
  const models = [...(members?.values() ?? [])]
    .filter((one) => users.get(fold(one.nick))?.bot)
    .map((one) => one.nick);
  const [rows, setRows] = useState<Spending[] | null>(null);
  const [busy, setBusy] = useState(false);
  const end = useRef<(() => void) | null>(null);
  useEffect(() => () => end.current?.(), []);
  if (!models.length) return null;

  const ask = () => {
    end.current?.();
    setBusy(true);
    setRows(null);
    const ends = models.map((nick) =>
      deeds.usage(nick, room, (line) => {
        const row = spendingOf(line);
        if (!row) return UNDER_WAY.test(line);
        setBusy(false);
        setRows((now) => joined(now ?? [], row));
        return true;
      }),
    );
    const timer = setTimeout(() => setBusy(false), WAIT_MS);
    end.current = () => {
      clearTimeout(timer);
      for (const one of ends) one();
    };
  };

  return (
    <section class="stack">
      <h3>{say("usage.title")}</h3>
      {rows && (
        <div class="table">
          <table class="usage">
            <thead>
              <tr>
                <th scope="col">{say("usage.whose")}</th>
                <th scope="col">{say("usage.day")}</th>
                <th scope="col">{say("usage.month")}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.whose}>
                  <th scope="row">{safeName(row.whose)}</th>
                  <Amount text={row.day} />
                  <Amount text={row.month} />
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <div class="buttons">
        <button type="button" class="secondary" onClick={ask} disabled={busy}>
          {say(busy ? "usage.asking" : "usage.ask")}
        </button>
      </div>
    </section>
  );
}

/** Each model tells what I and the room have spent as well: the newest word holds, at the place of the first. */
function joined(rows: readonly Spending[], row: Spending): Spending[] {
  const known = rows.some((one) => one.whose === row.whose);
  return known ? rows.map((one) => (one.whose === row.whose ? row : one)) : [...rows, row];
}

function Amount({ text }: { text: string }): JSX.Element {
  const amount = amountOf(text);
  if (!amount) return <td>{safeText(text)}</td>;
  return (
    <td>
      <strong>{amount.cost}</strong>
      <small>{say("usage.amount", { count: amount.calls, tokens: number(amount.tokens) })}</small>
      {amount.bounds.map((bound) => (
        <small key={bound}>{say("usage.of", { bound: safeText(bound) })}</small>
      ))}
    </td>
  );
}
