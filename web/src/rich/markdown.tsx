/*
 * What models write, drawn: Markdown's tokens to elements, by a table of what is allowed.
 * What belongs here: one case for each kind of token. HTML inside a text stays text; there is no other way in, so
 * there is nothing to be cleaned afterwards.
 */

import { memo } from "preact/compat";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Token, Tokens } from "marked";
import { say } from "../words";
import { Code } from "./code";
import { Anchor } from "./inline";
import { lex, type Lexed } from "./lexer";
import { isImage, safeText, safeUrl } from "./safe";

export function Markdown({ text, growing }: { text: string; growing: boolean }): JSX.Element {
  const lexed = useRef<Lexed | undefined>(undefined);
  lexed.current = lex(safeText(text), lexed.current);
  const tokens = lexed.current.tokens;
  const last = tokens.length - 1;
  return (
    <div class={growing ? "markdown growing" : "markdown"} dir="auto">
      {tokens.map((token, index) => (
        <Block key={index} token={token} open={growing && index === last} />
      ))}
    </div>
  );
}

/** A block is drawn again only when its text is another. */
const Block = memo(
  function OneBlock({ token, open }: { token: Token; open: boolean }): JSX.Element {
    return <>{block(token, 0, open)}</>;
  },
  (before, after) =>
    before.token.raw === after.token.raw &&
    before.token.type === after.token.type &&
    before.open === after.open,
);

type Draw = (token: never, key: number, open: boolean) => ComponentChildren;

const inner = (tokens: Token[] | undefined) =>
  (tokens ?? []).map((token, index) => block(token, index, false));

/** What is allowed; a token of any other kind is shown as the text it was. */
const KINDS: Record<string, Draw> = {
  space: () => null,
  hr: (_token: Tokens.Hr, key) => <hr key={key} />,
  heading: (token: Tokens.Heading, key) => {
    const Tag = `h${Math.min(6, token.depth + 2)}` as "h3";
    return (
      <Tag key={key} class={`depth-${token.depth}`}>
        {inner(token.tokens)}
      </Tag>
    );
  },
  paragraph: (token: Tokens.Paragraph, key) => <p key={key}>{inner(token.tokens)}</p>,
  blockquote: (token: Tokens.Blockquote, key) => <blockquote key={key}>{inner(token.tokens)}</blockquote>,
  code: (token: Tokens.Code, key, open) => (
    <Code key={key} text={token.text} language={(token.lang ?? "").split(/\s/)[0] ?? ""} done={!open} />
  ),
  list: (token: Tokens.List, key) => {
    const items = token.items.map((item, index) => (
      <li key={index} class={item.task ? "task" : undefined}>
        {item.task && <input type="checkbox" checked={item.checked ?? false} disabled />}
        {inner(item.tokens.filter((one) => one.type !== "checkbox"))}
      </li>
    ));
    return token.ordered ? (
      <ol key={key} start={Number(token.start) || 1}>
        {items}
      </ol>
    ) : (
      <ul key={key}>{items}</ul>
    );
  },
  table: (token: Tokens.Table, key) => <Table key={key} token={token} />,
  text: (token: Tokens.Text, key) =>
    "tokens" in token && token.tokens ? <span key={key}>{inner(token.tokens)}</span> : plain(token.text),
  escape: (token: Tokens.Escape) => token.text,
  strong: (token: Tokens.Strong, key) => <strong key={key}>{inner(token.tokens)}</strong>,
  em: (token: Tokens.Em, key) => <em key={key}>{inner(token.tokens)}</em>,
  del: (token: Tokens.Del, key) => <del key={key}>{inner(token.tokens)}</del>,
  codespan: (token: Tokens.Codespan, key) => <code key={key}>{token.text}</code>,
  br: (_token: Tokens.Br, key) => <br key={key} />,
  link: (token: Tokens.Link, key) => (
    <Anchor key={key} href={token.href}>
      {inner(token.tokens)}
    </Anchor>
  ),
  image: (token: Tokens.Image, key) => <Picture key={key} href={token.href} alt={token.text} />,
  blockFormula: (token: { text: string }, key) => <Formula key={key} text={token.text} block />,
  inlineFormula: (token: { text: string }, key) => <Formula key={key} text={token.text} block={false} />,
  def: () => null,
};

function block(token: Token, key: number, open: boolean): ComponentChildren {
  const draw = Object.hasOwn(KINDS, token.type) ? KINDS[token.type] : undefined;
  return draw ? draw(token as never, key, open) : plain(token.raw);
}

/** marked escapes some letters for HTML where it finds none; elements want them as they were. */
function plain(text: string): string {
  return text.replace(
    /&(amp|lt|gt|quot|#39);/g,
    (_, name: string) => ({ amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" })[name] ?? "",
  );
}

function Table({ token }: { token: Tokens.Table }): JSX.Element {
  const aligned = (index: number) => (token.align[index] ? `align-${token.align[index]}` : undefined);
  return (
    <div class="table" role="region" aria-label={say("table.label")} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {token.header.map((cell, index) => (
              <th key={index} scope="col" class={aligned(index)}>
                {inner(cell.tokens)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {token.rows.map((row, number) => (
            <tr key={number}>
              {row.map((cell, index) => (
                <td key={index} class={aligned(index)}>
                  {inner(cell.tokens)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A picture from elsewhere is fetched when somebody asks for it: fetching tells its owner who reads. */
export function Picture({ href, alt }: { href: string; alt: string }): JSX.Element {
  const [shown, setShown] = useState(false);
  const address = safeUrl(href);
  if (address === null || !/^https?:/.test(address)) return <span>{alt || href}</span>;
  const here = new URL(address).origin === location.origin;
  if (!here && !address.startsWith("https:")) return <Anchor href={address}>{alt || address}</Anchor>;
  if (shown || here)
    return (
      <a href={address} target="_blank" rel="noopener noreferrer" class="picture">
        <img src={address} alt={alt} loading="lazy" referrerpolicy="no-referrer" />
      </a>
    );
  return (
    <button type="button" class="picture-ask" onClick={() => setShown(true)}>
      {alt && <span>{alt}</span>}
      {say("message.image", { host: new URL(address).host })}
    </button>
  );
}

/** The pictures among the addresses of a text. */
export function picturesIn(text: string): string[] {
  return [...text.matchAll(/https?:\/\/[^\s<>"'`]+/g)]
    .map((found) => found[0])
    .filter(isImage)
    .slice(0, 4);
}

function Formula({ text, block: display }: { text: string; block: boolean }): JSX.Element {
  const place = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let wanted = true;
    void import("./formula").then(
      ({ typeset }) => wanted && place.current && typeset(text, place.current, display),
    );
    return () => {
      wanted = false;
    };
  }, [text, display]);
  return (
    <span ref={place} class={display ? "formula block" : "formula"} tabIndex={display ? 0 : undefined}>
      {text}
    </span>
  );
}
