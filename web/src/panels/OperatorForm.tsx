/* Becoming an operator: by name and password, or by the account alone where the server takes that. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { answerOf } from "../app/facts";
import { useTools } from "../components/context";
import { Dialog } from "../components/Dialog";
import { safeText } from "../rich/safe";
import { say } from "../words";

export function OperatorForm({ named, onClose }: { named: string; onClose: () => void }): JSX.Element {
  const { house } = useTools();
  const [name, setName] = useState(named);
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setProblem("");
    const told = await house.ask("OPER", password ? [name.trim(), password] : [name.trim()]);
    setPassword("");
    setBusy(false);
    if (!told.some((one) => one.type === "operator"))
      setProblem(safeText(answerOf(told).problem) || say("op.enter.failed"));
  };
  return (
    <Dialog title={say("op.enter.title")} onClose={onClose}>
      <form class="stack" onSubmit={(event) => void submit(event)}>
        <p class="quiet">{say("op.enter.why")}</p>
        <label for="op-name">{say("op.enter.name")}</label>
        <input
          id="op-name"
          data-first
          value={name}
          required
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          onInput={(event) => setName(event.currentTarget.value)}
        />
        <label for="op-password">{say("op.enter.password")}</label>
        <input
          id="op-password"
          type="password"
          value={password}
          autocomplete="off"
          onInput={(event) => setPassword(event.currentTarget.value)}
        />
        {problem && (
          <p class="error" role="alert">
            {problem}
          </p>
        )}
        <div class="buttons">
          <button type="submit" class="primary small" disabled={busy || !name.trim()}>
            {say("op.enter.button")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
