/* What the keyboard does, and what can be typed. What belongs here: two tables. */

import type { JSX } from "preact";
import { BANGS, COMMANDS } from "../app/commands";
import { Dialog } from "../components/Dialog";
import { say, type Key } from "../words";

const KEYS: [string[], Key][] = [
  [["Alt", "↑ ↓"], "keys.next"],
  [["Alt", "Shift", "↑ ↓"], "keys.unread"],
  [["Ctrl", "K"], "keys.find"],
  [["Ctrl", "Shift", "F"], "keys.search"],
  [["Tab"], "keys.complete"],
  [["↑"], "keys.up"],
  [["↑ ↓"], "keys.log"],
  [["Esc"], "keys.escape"],
  [["Ctrl", "/"], "keys.help"],
];

export function Keys({ onClose }: { onClose: () => void }): JSX.Element {
  return (
    <Dialog title={say("keys.title")} onClose={onClose} wide toRead>
      <dl class="keys">
        {KEYS.map(([keys, words]) => (
          <div key={words}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{say(words)}</dd>
          </div>
        ))}
      </dl>
      <dl class="keys commands">
        {COMMANDS.map(({ name, usage, help }) => (
          <div key={name}>
            <dt>
              <code>
                /{name} {usage}
              </code>
            </dt>
            <dd>{say(help)}</dd>
          </div>
        ))}
        {BANGS.map(({ name, help }) => (
          <div key={`!${name}`}>
            <dt>
              <code>!{name}</code>
            </dt>
            <dd>{say(help)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
