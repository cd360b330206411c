/* Who one is to the others, what models may be shown of it, where one is connected, and the end of the account. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { momentOf, refusalIn, saidIn, sessionOf, type Session } from "../app/answers";
import { turnOff } from "../app/push";
import { fileHost, SERVICE, upload } from "../app/upload";
import { Avatar } from "../components/Avatar";
import { useStore, useTools } from "../components/context";
import { Dialog, Section } from "../components/Dialog";
import { fold } from "../irc/names";
import { quoted } from "../irc/text";
import { safeName, safeText } from "../rich/safe";
import { fullDate, say, type Key } from "../words";

export const FIELDS: [key: "display-name" | "pronouns" | "status", words: Key, most: number][] = [
  ["display-name", "account.display", 60],
  ["pronouns", "account.pronouns", 40],
  ["status", "account.status", 120],
];
const NO_MODELS = "tertulia.chat/no-models";
const AVATAR_BYTES = 1 << 20; // of a picture that is drawn two fingers wide

export function AccountPanel({ onClose }: { onClose: () => void }): JSX.Element {
  const account = useStore((state) => state.account);
  const facts = useStore((state) => state.capabilities.includes("draft/metadata-2"));
  return (
    <Dialog title={say("account.title")} onClose={onClose}>
      {facts && <Facts />}
      <Models facts={facts} />
      {account && <Sessions />}
      {account ? <Ending account={account} /> : <p class="quiet">{say("account.guest")}</p>}
    </Dialog>
  );
}

// --- What the others see -------------------------------------------------------------------------------------------

function Facts(): JSX.Element {
  const { house, deeds } = useTools();
  const me = useStore((state) => state.nick);
  const user = useStore((state) => state.users.get(fold(state.nick)));
  const elsewhere = useStore((state) => state.settings.pictures);
  const [drafts, setDrafts] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState("");
  const now: Record<string, string> = {
    "display-name": user?.displayName ?? "",
    pronouns: user?.pronouns ?? "",
    status: user?.status ?? "",
  };
  useEffect(() => void deeds.facts([...FIELDS.map(([key]) => key), "avatar"]), []);
  const changed = FIELDS.filter(([key]) => drafts[key] !== undefined && drafts[key] !== now[key]);
  const save = async (event: globalThis.Event) => {
    event.preventDefault();
    const answers = await Promise.all(changed.map(([key]) => deeds.tell(key, (drafts[key] ?? "").trim())));
    setProblem(safeText(refusalIn(answers.flat())));
    setDrafts({});
  };
  return (
    <Section title={say("account.profile")}>
      <div class="me-facts">
        <Avatar nick={me} bot={false} />
        <AvatarButtons has={Boolean(user?.avatar)} onProblem={setProblem} />
      </div>
      <form class="stack" onSubmit={(event) => void save(event)}>
        {FIELDS.map(([key, words, most]) => (
          <label key={key} class="fact">
            <span>{say(words)}</span>
            <input
              value={drafts[key] ?? now[key]}
              maxLength={most}
              dir="auto"
              onInput={(event) => {
                const { value } = event.currentTarget;
                setDrafts((before) => ({ ...before, [key]: value }));
              }}
            />
          </label>
        ))}
        <div class="buttons">
          <button type="submit" class="primary small" disabled={!changed.length}>
            {say("roomset.save")}
          </button>
        </div>
      </form>
      {problem && <p class="error">{problem}</p>}
      <label class="check">
        <input
          type="checkbox"
          checked={elsewhere}
          onChange={(event) =>
            house.store.dispatch({ type: "settings", settings: { pictures: event.currentTarget.checked } })
          }
        />
        {say("account.pictures")}
      </label>
    </Section>
  );
}

function AvatarButtons({ has, onProblem }: { has: boolean; onProblem: (text: string) => void }): JSX.Element {
  const { house, deeds } = useTools();
  const host = useStore((state) => fileHost(state.tokens, location.href));
  const [busy, setBusy] = useState(false);
  const choose = async (file: File | undefined) => {
    if (!file || !host) return;
    if (file.size > AVATAR_BYTES)
      return onProblem(say("composer.upload.large", { name: safeName(file.name) }));
    setBusy(true);
    try {
      const proof = (await house.token(SERVICE)) ?? house.identity?.credentials;
      onProblem(
        safeText(refusalIn(await deeds.tell("avatar", await upload(host, file, proof, () => undefined)))),
      );
    } catch {
      onProblem(say("composer.upload.failed", { name: safeName(file.name) }));
    }
    setBusy(false);
  };
  return (
    <div class="buttons">
      {host && (
        <label class="secondary file-button">
          {say(busy ? "account.avatar.busy" : "account.avatar")}
          <input
            type="file"
            class="visually-hidden"
            accept="image/png,image/jpeg,image/webp,image/gif"
            onChange={(event) => void choose(event.currentTarget.files?.[0])}
          />
        </label>
      )}
      {has && (
        <button type="button" class="secondary" onClick={() => void deeds.tell("avatar", "")}>
          {say("account.avatar.remove")}
        </button>
      )}
    </div>
  );
}

// --- What models may be shown --------------------------------------------------------------------------------------

/** By a fact about oneself where the server keeps such; else by the word that models understand. */
function Models({ facts }: { facts: boolean }): JSX.Element | null {
  const { deeds } = useTools();
  const model = useStore((state) => [...state.users.values()].find((user) => user.bot)?.nick ?? null);
  const [withheld, setWithheld] = useState<boolean | null>(null);
  const [told, setTold] = useState("");
  useEffect(() => {
    if (facts) void deeds.facts([NO_MODELS]).then((found) => setWithheld(found[NO_MODELS] === "1"));
  }, [facts]);
  if (!facts && model === null) return null;
  const change = async (refuse: boolean) => {
    setWithheld(refuse);
    const problem = safeText(refusalIn(await deeds.tell(NO_MODELS, refuse ? "1" : "")));
    setTold(problem);
    if (problem) setWithheld(!refuse);
  };
  return (
    <Section title={say("account.models")}>
      {facts ? (
        <label class="check">
          <input
            type="checkbox"
            checked={withheld ?? false}
            disabled={withheld === null}
            onChange={(event) => void change(event.currentTarget.checked)}
          />
          {say("account.models.refuse")}
        </label>
      ) : (
        <div class="buttons">
          {(["!optout", "!optin"] as const).map((word) => (
            <button
              key={word}
              type="button"
              class="secondary"
              onClick={() => {
                deeds.whisper(model ?? "", word, setTold);
              }}
            >
              {say(word === "!optout" ? "account.models.out" : "account.models.in")}
            </button>
          ))}
        </div>
      )}
      <p class="quiet">{say("account.models.why")}</p>
      {told && <p class="quiet">{safeText(told)}</p>}
    </Section>
  );
}

// --- Where one is connected ------------------------------------------------------------------------------------------

function Sessions(): JSX.Element {
  const { house } = useTools();
  const [sessions, setSessions] = useState<Session[] | null>(null);
  const [others, setOthers] = useState<string[]>([]);
  const ask = async (...params: string[]) => {
    const told = await house.ask("NS", ["SESSIONS", ...params]);
    return told.flatMap((event) => (event.type === "said" ? [event.said.text] : []));
  };
  const list = async () => {
    const lines = await ask();
    setSessions(lines.map(sessionOf).filter((one): one is Session => one !== null));
    setOthers(lines.filter((line) => !sessionOf(line))); // who is there without a connection
  };
  useEffect(() => void list(), []);
  const close = async (which: string) => {
    await ask("CLOSE", which);
    await list();
  };
  const since = (session: Session) => {
    const at = momentOf(session.since);
    return at === null ? session.since : fullDate(at);
  };
  return (
    <Section title={say("account.sessions")}>
      <ul class="sessions">
        {sessions?.map((one) => (
          <li key={one.number}>
            <span>
              <strong>{safeName(one.device ?? one.door)}</strong> {safeName(one.address)}
              {one.own && <span class="tag">{say("account.sessions.own")}</span>}
              <small>{since(one)}</small>
            </span>
            {!one.own && (
              <button type="button" class="secondary" onClick={() => void close(String(one.number))}>
                {say("account.sessions.close")}
              </button>
            )}
          </li>
        ))}
        {others.map((line) => (
          <li key={line}>
            <small>{safeText(line)}</small>
          </li>
        ))}
      </ul>
      {(sessions?.length ?? 0) > 1 && (
        <div class="buttons">
          <button type="button" class="secondary danger" onClick={() => void close("OTHERS")}>
            {say("account.sessions.others")}
          </button>
        </div>
      )}
    </Section>
  );
}

// --- The end of it -----------------------------------------------------------------------------------------------------

function Ending({ account }: { account: string }): JSX.Element {
  const { house } = useTools();
  const [password, setPassword] = useState("");
  const [words, setWords] = useState(false);
  const [told, setTold] = useState("");
  const logout = async () => {
    await turnOff(house); // while the account is still ours to speak for
    await house.ask("NS", ["LOGOUT"]);
  };
  const drop = async (event: globalThis.Event) => {
    event.preventDefault();
    if (!confirm(say(words ? "account.drop.sure.words" : "account.drop.sure", { account }))) return;
    const answers = await house.ask("NS", [`DROP ${quoted(password)}${words ? " WORDS" : ""}`]);
    setPassword("");
    setTold(saidIn(answers).join(" ") || safeText(refusalIn(answers)));
  };
  return (
    <>
      <Section title={say("account.leave")}>
        <div class="buttons">
          <button type="button" class="secondary" onClick={() => void logout()}>
            {say("account.logout")}
          </button>
        </div>
        <details class="drop">
          <summary>{say("account.drop")}</summary>
          <form class="stack" onSubmit={(event) => void drop(event)}>
            <fieldset class="stack">
              <legend class="quiet">{say("account.drop.words")}</legend>
              {[false, true].map((one) => (
                <label key={String(one)} class="check">
                  <input type="radio" name="words" checked={words === one} onChange={() => setWords(one)} />
                  {say(one ? "account.drop.words.gone" : "account.drop.words.stay")}
                </label>
              ))}
            </fieldset>
            <input type="text" name="username" autocomplete="username" value={account} readOnly hidden />
            <div class="row-form">
              <input
                type="password"
                required
                value={password}
                placeholder={say("settings.password.old")}
                aria-label={say("settings.password.old")}
                autocomplete="current-password"
                onInput={(event) => setPassword(event.currentTarget.value)}
              />
              <button type="submit" class="secondary danger">
                {say("account.drop.button")}
              </button>
            </div>
          </form>
        </details>
        {told && (
          <p class="quiet" role="status">
            {safeText(told)}
          </p>
        )}
      </Section>
    </>
  );
}
