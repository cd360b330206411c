/* What was said somewhere, found by words, speaker and time. What belongs here: the form and what it found. */

import type { JSX } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { Avatar, Nick } from "../components/Avatar";
import { useBuffer, useStore, useTools } from "../components/context";
import { Dialog } from "../components/Dialog";
import { plainText } from "../irc/formatting";
import { fold } from "../irc/names";
import { safeText } from "../rich/safe";
import type { Message } from "../state/types";
import { bufferFor } from "../state/reduce-talk";
import { messageOf } from "../state/messages";
import { clock, day, say, startOf } from "../words";

interface Hit {
  key: string;
  message: Message;
}

export function SearchPanel({
  buffer,
  text: given,
  onClose,
}: {
  buffer: string;
  text: string;
  onClose: () => void;
}): JSX.Element {
  const { house, deeds } = useTools();
  const name = useBuffer(buffer, (one) => one.name, "");
  const found = useStore((state) => state.found);
  const [text, setText] = useState(given);
  const [from, setFrom] = useState("");
  const [after, setAfter] = useState("");
  const [before, setBefore] = useState("");
  const [asked, setAsked] = useState(false);
  const [local, setLocal] = useState<Hit[] | null>(null);

  const search = (event?: Event) => {
    event?.preventDefault();
    if (!text.trim() && !from.trim()) return;
    setAsked(true);
    if (!deeds.searches) return setLocal(here());
    void deeds.search({
      in: name,
      text: text.trim(),
      from: from.trim(),
      after: after && startOf(after).toISOString(),
      before: before && startOf(before, 1).toISOString(),
      limit: "50",
    });
  };
  /** Without a search on the server: what is loaded here. */
  const here = (): Hit[] => {
    const words = fold(text.trim());
    const entries = house.store.state.buffers[buffer]?.segments.flatMap((segment) => segment.entries) ?? [];
    const hits = entries.filter(
      (entry): entry is Message =>
        entry.what === "message" &&
        fold(plainText(entry.text)).includes(words) &&
        (!from.trim() || fold(entry.nick) === fold(from.trim())),
    );
    return hits
      .slice(-50)
      .reverse()
      .map((message) => ({ key: buffer, message }));
  };
  useLayoutEffect(() => {
    if (given) search();
    return () => deeds.forgetSearch();
  }, []);

  const hits: Hit[] | null =
    local ??
    found
      ?.map((said) => ({
        key: fold(bufferFor(house.store.state, said)),
        message: messageOf(said, house.store.state.nick, said.id),
      }))
      .sort((a, b) => b.message.time - a.message.time) ??
    null;
  const go = ({ key, message }: Hit) => {
    house.store.dispatch({ type: "opened", name: house.store.state.buffers[key]?.name ?? key });
    house.jump(key, { id: message.id });
    onClose();
  };
  return (
    <Dialog title={say("search.title")} onClose={onClose} wide>
      <form class="search-form" onSubmit={search}>
        <input
          type="search"
          data-first
          value={text}
          placeholder={say("search.words")}
          aria-label={say("search.words")}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <input
          value={from}
          placeholder={say("search.from")}
          aria-label={say("search.from")}
          onInput={(event) => setFrom(event.currentTarget.value)}
        />
        {deeds.searches && (
          <label class="date">
            {say("search.after")}
            <input type="date" value={after} onInput={(event) => setAfter(event.currentTarget.value)} />
          </label>
        )}
        {deeds.searches && (
          <label class="date">
            {say("search.before")}
            <input type="date" value={before} onInput={(event) => setBefore(event.currentTarget.value)} />
          </label>
        )}
        <button type="submit" class="primary small">
          {say("search.button")}
        </button>
      </form>
      {!deeds.searches && <p class="quiet">{say("search.local")}</p>}
      {asked && hits && (
        <p class="quiet" role="status">
          {hits.length ? say("search.found", { count: hits.length }) : say("search.none")}
        </p>
      )}
      <ul class="hits">
        {hits?.map((hit) => (
          <li key={hit.message.id}>
            <button type="button" onClick={() => go(hit)}>
              <Avatar nick={hit.message.nick} bot={hit.message.bot} small />
              <span class="hit-words">
                <span>
                  <Nick nick={hit.message.nick} />{" "}
                  <small>
                    {day(hit.message.time, Date.now())}, {clock(hit.message.time)}
                  </small>
                </span>
                <span class="hit-text" dir="auto">
                  {safeText(plainText(hit.message.text)).slice(0, 280)}
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
