/*
 * One message: who, when, what, what it answers, where its words come from, and what one can do with it.
 * What belongs here: drawing one. What must not: the list (`Log.tsx`).
 */

import type { JSX } from "preact";
import { memo } from "preact/compat";
import { useState } from "preact/hooks";
import { fold } from "../irc/names";
import { plainText } from "../irc/formatting";
import { inline, People as PeopleText } from "../rich/inline";
import { Markdown, Picture, picturesIn } from "../rich/markdown";
import { ownFile, safeName, safeText } from "../rich/safe";
import { writeClipboard } from "../rich/code";
import type { Message as Value, Provenance } from "../state/types";
import { clock, fullDate, number, say } from "../words";
import { Avatar, FullName, Nick } from "./Avatar";
import { useTools } from "./context";
import { mayTakeKeyboard } from "./focus";
import { Copy, Reply, Retry, Smile, Stop, Trash, Wrench } from "./icons";

export interface MessageProps {
  buffer: string;
  message: Value;
  head: boolean;
  me: string;
  origin: Value | null; // the message that this one answers
  mayRedact: boolean;
  mayStop: boolean;
  targeted: boolean;
  onPick: (message: Value, at: HTMLElement) => void;
  column?: boolean; // stands beside others that answer the same
}

const GENERIC = new Set(["openai-compatible", "scripted"]); // providers whose names tell nobody anything
const EXCERPT = 140; // characters: a line of them
const QUICK = ["👍", "❤️", "😂", "🎉"];

export const MessageRow = memo((props: MessageProps): JSX.Element => {
  const { message, head, me, targeted } = props;
  const [over, setOver] = useState(false);
  const [focused, setFocused] = useState(false); // by the keyboard or a finger: the pointer of a mouse is over it
  const classes = [
    "message",
    head ? "head" : "",
    message.mine ? "mine" : "",
    message.mention ? "mention" : "",
    targeted ? "targeted" : "",
    message.bot ? "from-bot" : "",
    message.kind === "act" ? "act" : "",
  ];
  return (
    <article
      class={classes.filter(Boolean).join(" ")}
      data-id={message.id}
      data-row
      tabIndex={-1}
      aria-label={`${safeName(message.nick)}, ${clock(message.time)}`}
      onPointerEnter={() => setOver(true)}
      onPointerLeave={() => setOver(false)}
      onFocusIn={(event) =>
        setFocused(!mayTakeKeyboard() || (event.target as Element).matches(":focus-visible"))
      }
      onFocusOut={(event) => setFocused(event.currentTarget.contains(event.relatedTarget as Node | null))}
    >
      <div class="gutter">
        {head ? (
          <Avatar nick={message.nick} bot={message.bot} />
        ) : (
          <time class="quiet-time" dateTime={new Date(message.time).toISOString()}>
            {clock(message.time)}
          </time>
        )}
      </div>
      <div class="body">
        {message.replyTo && !props.column && (
          <Quote buffer={props.buffer} replyTo={message.replyTo} origin={props.origin} />
        )}
        {head && <Head message={message} />}
        <Content message={message} me={me} />
        <Foot {...props} />
        {message.reactions && !message.redacted && <Reactions {...props} />}
      </div>
      {(over || focused) && !message.redacted && <Actions {...props} />}
    </article>
  );
});

function Head({ message }: { message: Value }): JSX.Element {
  const { show } = useTools();
  return (
    <header class="message-head">
      <button
        type="button"
        class="nick"
        onClick={() => show({ name: "profile", nick: message.nick })}
        title={say("message.profile", { nick: safeName(message.nick) })}
      >
        <FullName nick={message.nick} />
      </button>
      {message.bot && (
        <span class="tag">{message.provenance ? say("message.model") : say("message.bot")}</span>
      )}
      <time dateTime={new Date(message.time).toISOString()} title={fullDate(message.time)}>
        {clock(message.time)}
      </time>
    </header>
  );
}

function Content({ message, me }: { message: Value; me: string }): JSX.Element {
  const { deeds, show } = useTools();
  if (message.redacted) {
    const { by, reason } = message.redacted;
    return (
      <p class="redacted">
        {say(reason ? "message.redacted.reason" : "message.redacted", {
          nick: safeName(by),
          reason: safeText(reason),
        })}
      </p>
    );
  }
  const context = {
    nick: me,
    onRoom: (room: string) => {
      deeds.open(room);
      show(null);
    },
  };
  if (message.kind === "act")
    return (
      <div class="content">
        <em>
          <Nick nick={message.nick} /> {inline(message.text, context)}
        </em>
      </div>
    );
  if (message.bot)
    return (
      <div class="content">
        {message.text || !message.growing ? (
          <Markdown text={plainText(message.text)} growing={message.growing} />
        ) : (
          <Dots nick={message.nick} />
        )}
      </div>
    );
  const pictures = picturesIn(message.text);
  const rest = pictures.reduce(
    (text, url) => (ownFile(url, location.origin) ? text.replace(url, "") : text),
    message.text,
  );
  return (
    <div class="content">
      {rest.trim() !== "" && <PeopleText text={message.text} context={context} />}
      {pictures.length > 0 && (
        <div class="pictures">
          {pictures.map((url) => (
            <Picture key={url} href={url} alt={ownFile(url, location.origin) ?? ""} />
          ))}
        </div>
      )}
    </div>
  );
}

export function Dots({ nick }: { nick: string }): JSX.Element {
  return (
    <span class="dots" role="img" aria-label={say("message.thinking", { nick: safeName(nick) })}>
      <i />
      <i />
      <i />
    </span>
  );
}

/** What a message begins with, on one line. */
export function excerpt({ text, redacted }: Value): string {
  return redacted
    ? say("message.redacted", { nick: safeName(redacted.by) })
    : safeText(plainText(text)).replace(/\s+/g, " ").slice(0, EXCERPT);
}

/** What is answered here: who said it, what it begins with, and the way to it. */
export function Quote({
  buffer,
  replyTo,
  origin,
}: {
  buffer: string;
  replyTo: string;
  origin: Value | null;
}): JSX.Element {
  const { house } = useTools();
  const go = () =>
    house.jump(
      buffer,
      { id: replyTo },
      (found) => found || house.store.dispatch({ type: "notice", text: say("log.not.found"), error: true }),
    );
  return (
    <button type="button" class="quote" onClick={go} title={say("message.origin")}>
      <Reply size={14} />
      {origin ? (
        <>
          <Nick nick={origin.nick} />
          <span class="quote-text">{excerpt(origin)}</span>
        </>
      ) : (
        <span class="quote-text">{say("message.origin.unknown")}</span>
      )}
    </button>
  );
}

/** Under a model's words: the stop button while they come, then where they come from. */
function Foot({ buffer, message, mayStop }: MessageProps): JSX.Element | null {
  const { deeds } = useTools();
  if (message.growing) {
    return mayStop ? (
      <div class="foot">
        <button
          type="button"
          class="pill stop"
          onClick={() => deeds.stop(buffer, message)}
          aria-label={say("message.stop.long", { nick: safeName(message.nick) })}
        >
          <Stop size={16} />
          {say("message.stop")}
        </button>
      </div>
    ) : null;
  }
  if (!message.bot || message.redacted || (!message.provenance && !message.ended)) return null;
  return (
    <div class="foot">
      {message.ended && (
        <span class={`ended ${message.ended}`}>
          {say(message.ended === "stopped" ? "message.stopped" : "message.incomplete")}
        </span>
      )}
      {message.provenance && <Source provenance={message.provenance} />}
      {message.provenance?.tools && <Called tools={message.provenance.tools} />}
    </div>
  );
}

function Source({ provenance }: { provenance: Provenance }): JSX.Element {
  const { model, provider, fallback, tokensIn, tokensOut, cost, askedBy } = provenance;
  const parts = [
    model && (
      <span key="m" class="source-model">
        {safeName(model)}
      </span>
    ),
    provider && !GENERIC.has(provider) && (
      <span key="p">
        {provider === "local"
          ? say("message.local")
          : say("message.provider", { provider: safeName(provider) })}
      </span>
    ),
    fallback && (
      <span key="f" class="warn">
        {say("message.fallback", { model: safeName(fallback) })}
      </span>
    ),
    tokensOut !== undefined && (
      <span key="t" title={say("message.tokens", { in: number(tokensIn ?? 0), out: number(tokensOut) })}>
        {number((tokensIn ?? 0) + tokensOut)} tokens
      </span>
    ),
    cost && !/^0(\.0+)?\D/.test(cost) && <span key="c">{say("message.cost", { cost: money(cost) })}</span>,
    askedBy && <span key="a">{say("message.asked", { nick: safeName(askedBy.replace(/^~/, "")) })}</span>,
  ];
  return <span class="source">{parts.filter(Boolean)}</span>;
}

/** What was called for an answer: how much, and when asked, what. */
function Called({ tools }: { tools: readonly string[] }): JSX.Element {
  return (
    <details class="called">
      <summary>
        <Wrench size={13} />
        {say("message.tools", { count: tools.length })}
      </summary>
      <ul>
        {tools.map((tool) => (
          <li key={tool}>
            <code>{safeName(tool)}</code>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** `0.00042USD` as an amount of money, as it is written here. */
function money(cost: string): string {
  const match = /^([\d.]+)([A-Z]{3})$/.exec(cost);
  return match
    ? `${Number(match[1]).toLocaleString(undefined, { maximumSignificantDigits: 2 })} ${match[2]}`
    : safeText(cost);
}

function Reactions({ buffer, message, me }: MessageProps): JSX.Element {
  const { deeds } = useTools();
  return (
    <div class="reactions">
      {Object.entries(message.reactions ?? {}).map(([emoji, nicks]) => (
        <button
          key={emoji}
          type="button"
          class="reaction"
          aria-pressed={nicks.some((nick) => fold(nick) === fold(me))}
          title={nicks.map(safeName).join(", ")}
          onClick={() => deeds.react(buffer, message, emoji)}
        >
          <span>{safeText(emoji).slice(0, 24)}</span>
          <span>{nicks.length}</span>
        </button>
      ))}
    </div>
  );
}

function Actions({ buffer, message, mayRedact, onPick }: MessageProps): JSX.Element {
  const { deeds, house } = useTools();
  const copy = () =>
    void writeClipboard(message.text).then(() =>
      house.store.dispatch({ type: "notice", text: say("message.copied"), error: false }),
    );
  const known = !message.id.startsWith("~");
  return (
    <div class="actions" role="toolbar" aria-label={say("message.actions")}>
      {known &&
        QUICK.map((emoji) => (
          <button
            key={emoji}
            type="button"
            class="quick"
            onClick={() => deeds.react(buffer, message, emoji)}
            aria-label={`${say("message.react")} ${emoji}`}
          >
            {emoji}
          </button>
        ))}
      {known && (
        <Act label={say("message.react")} onClick={(at) => onPick(message, at)}>
          <Smile size={18} />
        </Act>
      )}
      {known && (
        <Act label={say("message.reply")} onClick={() => deeds.reply(message.id)}>
          <Reply size={18} />
        </Act>
      )}
      {message.bot && !message.growing && (
        <Act label={say("message.retry")} onClick={() => deeds.retry(buffer, message.nick)}>
          <Retry size={18} />
        </Act>
      )}
      <Act label={say("message.copy")} onClick={copy}>
        <Copy size={18} />
      </Act>
      {mayRedact && known && (
        <Act
          label={say("message.redact")}
          onClick={() => confirm(say("message.redact.sure")) && deeds.redact(buffer, message)}
        >
          <Trash size={18} />
        </Act>
      )}
    </div>
  );
}

function Act({
  label,
  onClick,
  children,
}: {
  label: string;
  onClick: (at: HTMLElement) => void;
  children: JSX.Element;
}): JSX.Element {
  return (
    <button type="button" aria-label={label} title={label} onClick={(event) => onClick(event.currentTarget)}>
      {children}
    </button>
  );
}
