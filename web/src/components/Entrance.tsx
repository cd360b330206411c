/*
 * The first visit: a name, and one is in.
 * What belongs here: the form. What must not: connecting (`app/house.ts`).
 */

import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { memory } from "../app/memory";
import { CATALOGUES, language, say, type Key, type Language } from "../words";
import { useStore, useTools } from "./context";
import { Spark } from "./icons";

const ERRORS: Record<string, Key> = { nick: "error.nick", login: "error.login", other: "error.other" };

export interface Entry {
  nick: string;
  account: string;
  password: string;
  room: string;
}

export function Entrance({ room, onEnter }: { room: string; onEnter: (entry: Entry) => void }): JSX.Element {
  const { house } = useTools();
  const connection = useStore((state) => state.connection);
  const me = useRef(memory.me()).current;
  const [nick, setNick] = useState(me?.nick ?? "");
  const [signing, setSigning] = useState(Boolean(me?.account));
  const [account, setAccount] = useState(me?.account ?? "");
  const [password, setPassword] = useState("");
  const first = useRef<HTMLInputElement>(null);
  const busy = connection.phase === "connecting" || connection.phase === "registering";
  useLayoutEffect(() => first.current?.focus(), [signing]); // before one can have gone on to another

  const enter = (event: Event) => {
    event.preventDefault();
    const name = (signing ? nick.trim() || account.trim() : nick.trim()).replace(/\s+/g, "_");
    if (name && !(signing && !password))
      onEnter({ nick: name, account: signing ? account.trim() || name : "", password, room });
  };

  return (
    <main class="entrance">
      <form class="entrance-card" onSubmit={enter} aria-labelledby="entrance-title">
        <div class="brand">
          <span class="brand-mark">
            <Spark size={26} />
          </span>
          <span>{house.place.network}</span>
        </div>
        <h1 id="entrance-title">{say("join.title")}</h1>
        <p class="lead">{say("join.lead")}</p>
        {signing && (
          <Field
            id="account"
            label={say("join.account.name")}
            value={account}
            onInput={setAccount}
            autocomplete="username"
            inputRef={first}
          />
        )}
        {!signing && (
          <Field
            id="nick"
            label={say("join.name")}
            hint={say("join.name.hint")}
            value={nick}
            onInput={setNick}
            autocomplete="nickname"
            inputRef={first}
          />
        )}
        {signing && (
          <Field
            id="password"
            label={say("join.password")}
            hint={say("join.remember")}
            value={password}
            onInput={setPassword}
            type="password"
            autocomplete="current-password"
          />
        )}
        {connection.error && (
          <p class="error" role="alert">
            {say(ERRORS[connection.error.reason] ?? "error.other", { text: connection.error.text })}
          </p>
        )}
        {connection.phase === "waiting" && !connection.error && (
          <p class="error" role="alert">
            {say("join.offline")}
          </p>
        )}
        <button type="submit" class="primary" disabled={busy}>
          {busy ? say("join.button.busy") : `${say("join.button")} · ${room}`}
        </button>
        <button type="button" class="text-button" onClick={() => setSigning(!signing)}>
          {signing ? say("join.guest") : say("join.account")}
        </button>
      </form>
      <Languages />
    </main>
  );
}

interface FieldProps {
  id: string;
  label: string;
  hint?: string;
  value: string;
  type?: "text" | "password";
  autocomplete: string;
  onInput: (value: string) => void;
  inputRef?: preact.RefObject<HTMLInputElement | null>;
}

function Field({
  id,
  label,
  hint,
  value,
  type = "text",
  autocomplete,
  onInput,
  inputRef,
}: FieldProps): JSX.Element {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        name={id}
        ref={inputRef ?? null}
        type={type as "password"}
        value={value}
        autocomplete={autocomplete as "username"}
        autocapitalize="none"
        spellcheck={false}
        maxLength={64}
        required
        aria-describedby={hint ? `${id}-hint` : undefined}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      {hint && <small id={`${id}-hint`}>{hint}</small>}
    </div>
  );
}

const NAMES: Record<Language, string> = { en: "English", es: "Español" };

function Languages(): JSX.Element {
  const { house } = useTools();
  return (
    <nav class="languages">
      {(Object.keys(CATALOGUES) as Language[]).map((tag) => (
        <button
          key={tag}
          type="button"
          lang={tag}
          aria-pressed={language() === tag}
          onClick={() => house.store.dispatch({ type: "settings", settings: { language: tag } })}
        >
          {NAMES[tag]}
        </button>
      ))}
    </nav>
  );
}
