/* How it looks, what it tells, and who one is. What belongs here: settings of this browser, and one's account. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { refusalIn, saidIn } from "../app/answers";
import { useStore, useTools } from "../components/context";
import { Dialog, Section } from "../components/Dialog";
import { PushSwitch } from "./PushSwitch";
import { quoted } from "../irc/text";
import { safeName, safeText } from "../rich/safe";
import type { Settings } from "../state/types";
import { choose, say, type Key } from "../words";

let spokenHere = false; // a language was just chosen: all is drawn anew, and the focus goes back to the choice

export function SettingsPanel({ onClose }: { onClose: () => void }): JSX.Element {
  const { house, deeds, show } = useTools();
  const settings = useStore((state) => state.settings);
  const change = (part: Partial<Settings>) => house.store.dispatch({ type: "settings", settings: part });
  const [atLanguage] = useState(spokenHere);
  spokenHere = false;
  const [denied, setDenied] = useState(
    typeof Notification !== "undefined" && Notification.permission === "denied",
  );
  const notify = async (wanted: boolean) => {
    if (!wanted || typeof Notification === "undefined") return change({ notify: false });
    const allowed = (await Notification.requestPermission()) === "granted";
    setDenied(!allowed);
    change({ notify: allowed });
  };
  const leave = () => {
    if (!confirm(say("settings.leave.sure"))) return;
    onClose();
    house.leave("");
  };
  return (
    <Dialog title={say("settings.title")} onClose={onClose}>
      <Section title={say("settings.look")}>
        <Choice
          name="theme"
          label={say("settings.theme")}
          value={settings.theme}
          options={[
            ["auto", "settings.theme.auto"],
            ["light", "settings.theme.light"],
            ["dark", "settings.theme.dark"],
          ]}
          onChange={(theme) => change({ theme: theme as Settings["theme"] })}
        />
        <Choice
          name="language"
          label={say("settings.language")}
          value={settings.language}
          options={[
            ["auto", "settings.language.auto"],
            ["en", "English"],
            ["es", "Español"],
          ]}
          first={atLanguage}
          onChange={(language) => {
            spokenHere = true;
            change({ language: language as Settings["language"] });
            deeds.command("LANGUAGE", [choose(language as Settings["language"], navigator.languages)]);
          }}
        />
        <Choice
          name="density"
          label={say("settings.density")}
          value={settings.density}
          options={[
            ["roomy", "settings.density.roomy"],
            ["tight", "settings.density.tight"],
          ]}
          onChange={(density) => change({ density: density as Settings["density"] })}
        />
        <Check
          label={say("settings.arrivals")}
          checked={settings.arrivals}
          onChange={(arrivals) => change({ arrivals })}
        />
        <Check
          label={say("settings.notify")}
          checked={settings.notify}
          onChange={(wanted) => void notify(wanted)}
        />
        {settings.notify && (
          <Check
            label={say("settings.sound")}
            checked={settings.sound}
            onChange={(sound) => change({ sound })}
          />
        )}
        {denied && <p class="quiet">{say("settings.notify.denied")}</p>}
        <PushSwitch />
      </Section>
      <Section title={say("settings.name")}>
        <NameForm />
      </Section>
      <Section title={say("settings.account")}>
        <AccountForm />
        <div class="buttons">
          <button type="button" class="secondary" onClick={() => show({ name: "account" })}>
            {say("account.open")}
          </button>
        </div>
      </Section>
      <div class="buttons">
        <button type="button" class="secondary" onClick={() => show({ name: "keys" })}>
          {say("settings.keys")}
        </button>
        <button type="button" class="secondary" onClick={() => show({ name: "operator" })}>
          {say("op.open")}
        </button>
        <button type="button" class="secondary danger" onClick={leave}>
          {say("settings.leave")}
        </button>
      </div>
    </Dialog>
  );
}

function Choice({
  name,
  label,
  value,
  options,
  first = false,
  onChange,
}: {
  name: string;
  label: string;
  value: string;
  options: [string, string][];
  first?: boolean; // takes the focus
  onChange: (value: string) => void;
}): JSX.Element {
  return (
    <fieldset class="choice">
      <legend>{label}</legend>
      <div class="segmented">
        {options.map(([option, words]) => (
          <label key={option} class={option === value ? "chosen" : ""}>
            <input
              type="radio"
              name={name}
              checked={option === value}
              data-first={(first && option === value) || undefined}
              onChange={() => onChange(option)}
            />
            <span>{words.includes(".") ? say(words as Key) : words}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Check({
  label,
  checked,
  onChange,
}: {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}): JSX.Element {
  return (
    <label class="check">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
      {label}
    </label>
  );
}

function NameForm(): JSX.Element {
  const { deeds } = useTools();
  const nick = useStore((state) => state.nick);
  const [name, setName] = useState(nick);
  return (
    <form
      class="row-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim()) deeds.command("NICK", [name.trim()]);
      }}
    >
      <input
        value={name}
        aria-label={say("settings.name")}
        maxLength={32}
        onInput={(event) => setName(event.currentTarget.value)}
      />
      <button type="submit" class="secondary" disabled={name === nick}>
        {say("settings.name.change")}
      </button>
    </form>
  );
}

/** A guest may make an account of the name; who has one may change its password. */
function AccountForm(): JSX.Element {
  const { house } = useTools();
  const nick = useStore((state) => state.nick);
  const account = useStore((state) => state.account);
  const mayRegister = useStore((state) => "draft/account-registration" in state.values);
  const [old, setOld] = useState("");
  const [password, setPassword] = useState("");
  const [told, setTold] = useState("");
  const submit = async (event: globalThis.Event) => {
    event.preventDefault();
    const answer = account
      ? await house.ask("NS", [`PASSWORD ${quoted(old)} ${quoted(password)}`])
      : await house.ask("REGISTER", ["*", "*", password]);
    setTold(refusalIn(answer) || saidIn(answer).join(" "));
    const made = answer.find((one) => one.type === "loggedIn");
    if (made || answer.some((one) => one.type === "said" && /changed|cambiada/.test(one.said.text)))
      house.signedAs(made?.account ?? account ?? nick, password);
    setOld("");
    setPassword("");
  };
  if (!account && !mayRegister) return <p class="quiet">{say("settings.guest")}</p>;
  return (
    <form class="stack" onSubmit={(event) => void submit(event)}>
      <p class="quiet">
        {account ? say("settings.signed.in", { account: safeName(account) }) : say("settings.guest")}
      </p>
      <input type="text" name="username" autocomplete="username" value={account ?? nick} readOnly hidden />
      {account && (
        <input
          type="password"
          value={old}
          required
          placeholder={say("settings.password.old")}
          aria-label={say("settings.password.old")}
          autocomplete="current-password"
          onInput={(event) => setOld(event.currentTarget.value)}
        />
      )}
      <p class="quiet" id="password-hint">
        {say("settings.password.hint")}
      </p>
      <div class="row-form">
        <input
          type="password"
          value={password}
          required
          minLength={8}
          placeholder={say("settings.password.new")}
          aria-label={say("settings.password.new")}
          aria-describedby="password-hint"
          autocomplete="new-password"
          onInput={(event) => setPassword(event.currentTarget.value)}
        />
        <button type="submit" class="secondary">
          {account ? say("settings.password.change") : say("settings.register.button")}
        </button>
      </div>
      <p class="quiet" role="status">
        {safeText(told)}
      </p>
    </form>
  );
}
