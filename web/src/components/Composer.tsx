/*
 * Where one writes: several lines, completion, history, drafts, replies, files, and the stop button in the place of
 * the send button while a model answers.
 * What belongs here: the field and what is around it. What must not: what commands do (`app/commands.ts`).
 */

import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { perform } from "../app/commands";
import { offer, type Offer } from "../app/complete";
import { memory } from "../app/memory";
import { fileHost, SERVICE, upload } from "../app/upload";
import { fold } from "../irc/names";
import { safeName } from "../rich/safe";
import { liveOf } from "../state/buffers";
import { findById } from "../state/segments";
import type { Buffer, Message } from "../state/types";
import { say } from "../words";
import { Nick } from "./Avatar";
import { excerpt } from "./Message";
import { Completions } from "./Completions";
import { useBuffer, useStore, useTools } from "./context";
import { mayTakeKeyboard } from "./focus";
import { Clip, Close, Send, Smile, Stop } from "./icons";

const HISTORY = 50; // what was sent, to be had again with the arrow
const sent: Record<string, string[]> = {};

interface Props {
  buffer: string;
  fill: { text: string; count: number }; // to be put in from outside
  onEmoji: (at: HTMLElement) => void;
}

/** The answer that still comes and that we may stop: ours, or any in a private talk. */
export function growingFor(buffer: Buffer | null, me: string): Message | null {
  if (!buffer) return null;
  const entries = liveOf(buffer)?.entries ?? [];
  for (let index = entries.length - 1; index >= Math.max(0, entries.length - 60); index--) {
    const entry = entries[index];
    if (entry?.what !== "message" || !entry.growing) continue;
    const origin = entry.replyTo
      ? findById([{ entries: entries.slice(-200), atStart: false, live: true }], entry.replyTo)
      : undefined;
    if (
      buffer.kind === "talk" ||
      (origin?.what === "message" && origin.mine) ||
      fold(entry.provenance?.askedBy?.replace(/^~/, "") ?? "") === fold(me)
    )
      return entry;
  }
  return null;
}

export function Composer({ buffer: key, fill, onEmoji }: Props): JSX.Element {
  const { house, deeds, show } = useTools();
  const name = useBuffer(key, (one) => one.name, "");
  // Who asks to be let in may write meanwhile: it is heard after that, and the field keeps the focus.
  const inside = useBuffer(key, (one) => one.kind !== "room" || one.joined || one.entering, false);
  const nick = useStore((state) => state.nick);
  const phase = useStore((state) => state.connection.phase);
  const replyTo = useStore((state) => state.replyTo);
  const growing = useStore((state) => growingFor(state.buffers[key] ?? null, state.nick)?.id ?? null);
  const host = useStore((state) => fileHost(state.tokens, location.href));
  const [text, setText] = useState(() => memory.draft(key));
  const [problem, setProblem] = useState("");
  const [offered, setOffered] = useState<Offer | null>(null);
  const [chosen, setChosen] = useState(0);
  const [uploads, setUploads] = useState<Record<string, number>>({});
  const [dragging, setDragging] = useState(false);
  const [caret, setCaret] = useState<{ at: number } | null>(null); // where one goes on, after words were put in
  const recalled = useRef(-1);
  const filled = useRef(fill.count); // what was put in before there was this field is in already
  const shown = useRef(key);
  shown.current = key;
  const field = useRef<HTMLTextAreaElement>(null);
  const files = useRef<HTMLInputElement>(null);

  // None of these may wait for the next paint, as `useEffect` does: what one types before that would go into another
  // room's text, or to what had the focus.
  useLayoutEffect(() => {
    setText(memory.draft(key));
    setOffered(null);
    setProblem("");
    recalled.current = -1;
    if (mayTakeKeyboard()) field.current?.focus();
  }, [key]);
  useLayoutEffect(() => {
    if (fill.count !== filled.current) insert(fill.text);
    filled.current = fill.count;
  }, [fill.count]);
  useLayoutEffect(() => {
    if (replyTo !== null) field.current?.focus();
  }, [replyTo]);
  useLayoutEffect(() => {
    if (!caret) return;
    field.current?.focus();
    field.current?.setSelectionRange(caret.at, caret.at);
  }, [caret]);
  useLayoutEffect(() => {
    const area = field.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, innerHeight * 0.4)}px`;
  }, [text]);

  const change = (value: string) => {
    setText(value);
    setProblem("");
    memory.keepDraft(key, value);
    deeds.typing(key, value);
  };

  const suggest = (value: string, at: number, asked: boolean) => {
    const buffer = house.store.state.buffers[key];
    const next = buffer ? offer(house.store.state, buffer, value, at, asked) : null;
    setOffered(next);
    setChosen(0);
    return next;
  };

  /** Also after a while, as when a file has arrived: by then the text is another, and maybe the room. */
  const insert = (words: string) => {
    const text = memory.draft(key);
    if (shown.current !== key)
      return memory.keepDraft(key, text && !/\s$/.test(text) ? `${text} ${words}` : text + words);
    const area = field.current;
    const [start, end] = [area?.selectionStart, area?.selectionEnd].map((one) =>
      Math.min(one ?? text.length, text.length),
    ) as [number, number];
    const space = start > 0 && !/\s/.test(text[start - 1] ?? " ") ? " " : "";
    write(text.slice(0, start) + space + words + text.slice(end), start + space.length + words.length);
  };

  const write = (value: string, at: number) => {
    change(value);
    setCaret({ at });
  };

  const take = (index: number) => {
    const item = offered?.items[index];
    const at = field.current?.selectionStart ?? text.length;
    if (!offered || !item) return;
    write(text.slice(0, offered.from) + item.insert + text.slice(at), offered.from + item.insert.length);
    setOffered(null);
  };

  const submit = () => {
    const value = text.replace(/\s+$/, "");
    if (!value) return;
    const wrong = perform({ house, deeds, key, name, show }, value);
    if (wrong) return setProblem(wrong);
    sent[key] = [...(sent[key] ?? []).filter((one) => one !== value), value].slice(-HISTORY);
    recalled.current = -1;
    setText("");
    memory.keepDraft(key, "");
    setOffered(null);
  };

  /** What was sent before, from the newest on. */
  const recall = (step: number): boolean => {
    const list = sent[key] ?? [];
    const next = recalled.current + step;
    if (next < -1 || next >= list.length || (recalled.current === -1 && text)) return false;
    recalled.current = next;
    setText(next < 0 ? "" : (list[list.length - 1 - next] ?? ""));
    return true;
  };

  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLTextAreaElement }) => {
    if (event.isComposing) return;
    if (offered && offerKey(event)) return event.preventDefault();
    const sends = mayTakeKeyboard() || event.ctrlKey || event.metaKey; // by touch, Enter is for another line
    if (event.key === "Enter" && !event.shiftKey && !event.altKey && sends) {
      event.preventDefault();
      submit();
    } else if (event.key === "Tab" && !event.shiftKey && text) {
      const next = suggest(text, event.currentTarget.selectionStart, true);
      if (!next) return;
      event.preventDefault();
      const only = next.items.length === 1 ? next.items[0] : undefined;
      if (only) {
        write(
          text.slice(0, next.from) + only.insert + text.slice(event.currentTarget.selectionStart),
          next.from + only.insert.length,
        );
        setOffered(null);
      }
    } else if (
      (event.key === "ArrowUp" || event.key === "ArrowDown") &&
      (text === "" || recalled.current >= 0)
    ) {
      if (recall(event.key === "ArrowUp" ? 1 : -1)) event.preventDefault();
    } else if (event.key === "Escape" && house.store.state.replyTo) {
      event.stopPropagation();
      deeds.reply(null);
    }
  };

  const offerKey = (event: KeyboardEvent): boolean => {
    const count = offered?.items.length ?? 0;
    if (event.key === "ArrowDown") setChosen((chosen + 1) % count);
    else if (event.key === "ArrowUp") setChosen((chosen + count - 1) % count);
    else if (event.key === "Tab" || event.key === "Enter") {
      const item = offered?.items[chosen];
      const typed = text.slice(offered?.from).trim();
      if (event.key === "Enter" && item && typed === item.insert.trim()) return false; // it stands there already
      take(chosen);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      setOffered(null);
    } else return false;
    return true;
  };

  const attach = async (list: Iterable<File>) => {
    if (!host) return;
    for (const file of [...list]) {
      // a copy: the field's own list is emptied with the field, while the first one is on its way
      const progress = (part: number) =>
        setUploads((now) => ({ ...now, [file.name]: Math.round(part * 100) }));
      progress(0);
      try {
        const proof = (await house.token(SERVICE, name)) ?? house.identity?.credentials;
        insert(`${await upload(host, file, proof, progress)} `);
      } catch (error) {
        const large = error instanceof Error && error.message === "413";
        setProblem(
          say(large ? "composer.upload.large" : "composer.upload.failed", { name: safeName(file.name) }),
        );
      }
      setUploads(({ [file.name]: _, ...rest }) => rest);
    }
  };

  const onPaste = (event: ClipboardEvent) => {
    if (!host || !event.clipboardData?.files.length) return;
    event.preventDefault();
    void attach(event.clipboardData.files);
  };

  const stop = () => {
    const message = growingFor(house.store.state.buffers[key] ?? null, nick);
    if (message) deeds.stop(key, message);
  };

  if (key === "*") return <div class="composer-space" />;
  if (!inside && phase === "ready") {
    return (
      <div class="composer not-joined">
        <span>{say("room.not.joined")}</span>
        <button type="button" class="primary small" onClick={() => deeds.join(name)}>
          {say("room.join")}
        </button>
      </div>
    );
  }
  const stopping = growing !== null && !text.trim();
  return (
    <div
      class={`composer${dragging ? " dragging" : ""}`}
      onDragOver={(event) => {
        if (host) {
          event.preventDefault();
          setDragging(true);
        }
      }}
      onDragLeave={() => setDragging(false)}
      onDrop={(event) => {
        event.preventDefault();
        setDragging(false);
        void attach(event.dataTransfer?.files ?? []);
      }}
    >
      {offered && <Completions offer={offered} chosen={chosen} onTake={take} />}
      <ReplyBar buffer={key} />
      {Object.entries(uploads).map(([file, percent]) => (
        <div key={file} class="upload">
          <progress max={100} value={percent} aria-label={safeName(file)} />
          <span>{say("composer.upload", { name: safeName(file), percent })}</span>
        </div>
      ))}
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <div class="composer-box">
        {host && (
          <button
            type="button"
            class="icon-button"
            onClick={() => files.current?.click()}
            aria-label={say("composer.attach")}
            title={say("composer.attach")}
          >
            <Clip />
          </button>
        )}
        {host && (
          <input
            ref={files}
            type="file"
            multiple
            hidden
            onChange={(event) => {
              void attach(event.currentTarget.files ?? []);
              event.currentTarget.value = "";
            }}
          />
        )}
        <textarea
          ref={field}
          rows={1}
          value={text}
          dir="auto"
          placeholder={say("composer.placeholder", { room: safeName(name) })}
          aria-label={say("composer.label", { room: safeName(name) })}
          title={say("composer.hint")}
          aria-controls={offered ? "completions" : undefined}
          aria-activedescendant={offered ? `completion-${chosen}` : undefined}
          aria-autocomplete="list"
          enterkeyhint={mayTakeKeyboard() ? "send" : "enter"}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          onBlur={() => setOffered(null)}
          onInput={(event) => {
            change(event.currentTarget.value);
            suggest(event.currentTarget.value, event.currentTarget.selectionStart, false);
          }}
        />
        <button
          type="button"
          class="icon-button"
          onClick={(event) => onEmoji(event.currentTarget)}
          aria-label={say("composer.emoji")}
          title={say("composer.emoji")}
        >
          <Smile />
        </button>
        {stopping ? (
          <button
            type="button"
            class="send stop"
            onClick={stop}
            aria-label={say("message.stop")}
            title={say("message.stop")}
          >
            <Stop />
          </button>
        ) : (
          <button
            type="button"
            class="send"
            onClick={submit}
            disabled={!text.trim()}
            aria-label={say("composer.send")}
            title={say("composer.send")}
          >
            <Send />
          </button>
        )}
      </div>
    </div>
  );
}

function ReplyBar({ buffer }: { buffer: string }): JSX.Element | null {
  const { deeds } = useTools();
  const replyTo = useStore((state) => state.replyTo);
  const original = replyTo === null ? null : deeds.original(buffer, replyTo);
  if (!original) return null;
  return (
    <div class="reply-bar">
      <span>
        {say("composer.replying", { nick: "" })}
        <Nick nick={original.nick} />
      </span>
      <span class="quote-text">{excerpt(original)}</span>
      <button
        type="button"
        class="icon-button small"
        onClick={() => deeds.reply(null)}
        aria-label={say("composer.cancel")}
      >
        <Close size={15} />
      </button>
    </div>
  );
}
