/* Being told while the page is closed: the switch, what stands against it, and staying in one's rooms then. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { factsOf, isOn, obstacle, turnOff, turnOn } from "../app/push";
import { useStore, useTools } from "../components/context";
import { safeText } from "../rich/safe";
import { say } from "../words";

export function PushSwitch(): JSX.Element {
  const { house } = useTools();
  useStore((state) => `${state.account} ${state.tokens.VAPID}`); // what it depends on
  const [on, setOn] = useState(() => isOn(house));
  const [busy, setBusy] = useState(false);
  const [why, setWhy] = useState("");
  const against = obstacle(factsOf(house));
  const change = async (wanted: boolean) => {
    setBusy(true);
    setOn(wanted);
    setWhy("");
    if (wanted) setWhy(await turnOn(house));
    else await turnOff(house);
    setOn(isOn(house));
    setBusy(false);
  };
  return (
    <>
      <label class="check">
        <input
          type="checkbox"
          checked={on && !against}
          disabled={busy || against !== null}
          aria-describedby="push-why"
          onChange={(event) => void change(event.currentTarget.checked)}
        />
        {say("push.title")}
      </label>
      {on && !busy && !against && <Stay />}
      <p class="quiet" id="push-why" role="status">
        {against ? say(against) : safeText(why)}
      </p>
    </>
  );
}

/** Whoever leaves with the page is not there to be named (docs/always-on.md). */
function Stay(): JSX.Element | null {
  const { house } = useTools();
  const [stays, setStays] = useState<boolean | null>(null);
  const ask = async (...params: string[]) => {
    const answer = await house.ask("PERSISTENCE", params);
    const status = answer.find((event) => event.type === "stated");
    setStays(status?.type === "stated" ? status.params[2] === "ON" : null);
  };
  useEffect(() => void ask("GET"), []);
  if (stays === null) return null;
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={stays}
        onChange={(event) => {
          setStays(event.currentTarget.checked);
          void ask("SET", event.currentTarget.checked ? "ON" : "OFF");
        }}
      />
      {say("push.stay")}
    </label>
  );
}
