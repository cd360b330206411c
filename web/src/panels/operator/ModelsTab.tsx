/* How each model is: its health, what waits for it, what it costs, and what last went wrong. */

import type { ComponentChildren, JSX } from "preact";
import { safeName, safeText } from "../../rich/safe";
import { fullDate, number, say, type Key } from "../../words";
import { useEvery, type Clerk } from "./clerk";
import { share, type Model, type Spending, type Spent } from "./readings";
import { cost, moment } from "./writing";

const EVERY_MS = 5_000;
const BREAKERS: Record<string, Key> = {
  closed: "op.breaker.closed",
  "half-open": "op.breaker.half",
  open: "op.breaker.open",
};

export function ModelsTab({ clerk }: { clerk: Clerk }): JSX.Element {
  const { models } = clerk.desk;
  useEvery(clerk.models, EVERY_MS);
  if (!models) return <p class="quiet">{say("op.loading")}</p>;
  if (!models.models.length) return <p class="quiet">{say("op.models.none")}</p>;
  return (
    <ul class="op-models">
      {models.models.map((model) => (
        <Card key={model.nick} model={model} />
      ))}
      {models.together && (
        <li class="op-model together">
          <h3>{say("op.models.together")}</h3>
          <Money spending={models.together} />
        </li>
      )}
    </ul>
  );
}

function Card({ model }: { model: Model }): JSX.Element {
  const breaker = BREAKERS[model.breaker];
  const health = model.state === "failed" ? "bad" : model.state === "ready" ? "good" : "soso";
  return (
    <li class="op-model">
      <header>
        <h3>
          <bdi>{safeName(model.nick)}</bdi>
        </h3>
        <span class={`op-pill ${health}`}>
          {model.state === "failed" ? say("op.state.failed") : safeText(model.text)}
        </span>
        {breaker && model.breaker !== "closed" && (
          <span class={`op-pill ${model.breaker === "open" ? "bad" : "soso"}`}>
            {say(breaker, { seconds: Math.ceil(model.rests) })}
          </span>
        )}
      </header>
      <p class="quiet">
        {safeText(model.provider)} · {safeText(model.model)}
      </p>
      {model.state === "failed" && (
        <p class="op-trouble" dir="auto">
          {safeText(model.text)}
        </p>
      )}
      <dl class="op-numbers small">
        <Figure name="op.model.calls">{number(model.calls)}</Figure>
        <Figure name="op.model.failed" bad={model.failed > 0}>
          {number(model.failed)}
        </Figure>
        <Figure name="op.model.first">{model.firstMs === null ? "–" : `${number(model.firstMs)} ms`}</Figure>
        <Figure name="op.model.speaking">{number(model.speaking)}</Figure>
        <Figure name="op.model.waiting">{number(model.waiting)}</Figure>
        <Figure name="op.model.queue">{number(model.queue)}</Figure>
        <Figure name="op.model.tokens">
          {number(model.tokensIn)} → {number(model.tokensOut)}
        </Figure>
        {breaker && model.breaker === "closed" && (
          <Figure name="op.model.breaker">{say("op.breaker.closed")}</Figure>
        )}
      </dl>
      {model.spending && <Money spending={model.spending} />}
      {model.trouble && (
        <p class="op-trouble">
          <strong>{say("op.model.trouble")}</strong>{" "}
          <time dateTime={new Date(model.trouble.at).toISOString()} title={fullDate(model.trouble.at)}>
            {moment(model.trouble.at)}
          </time>{" "}
          <code>{safeText(model.trouble.error)}</code>
          <span dir="auto">{safeText(model.trouble.text)}</span>
        </p>
      )}
    </li>
  );
}

function Figure({
  name,
  bad,
  children,
}: {
  name: Key;
  bad?: boolean;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <div class={bad ? "bad" : ""}>
      <dt>{say(name)}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Money({ spending }: { spending: Spending }): JSX.Element {
  return (
    <div class="op-money">
      <Period name={say("usage.day")} spent={spending.day} currency={spending.currency} />
      <Period name={say("usage.month")} spent={spending.month} currency={spending.currency} />
    </div>
  );
}

function Period({
  name,
  spent,
  currency,
}: {
  name: string;
  spent: Spent | null;
  currency: string;
}): JSX.Element {
  if (!spent)
    return (
      <p>
        {name}: {say("op.ledger.unreadable")}
      </p>
    );
  const gone = share(spent);
  const bounds = [
    spent.most === null ? null : cost(spent.most, currency),
    spent.mostTokens === null ? null : say("op.tokens", { count: spent.mostTokens }),
  ].filter((one): one is string => one !== null);
  return (
    <div class="op-period">
      <span>{name}</span>
      <strong>{cost(spent.cost, currency)}</strong>
      <small>{say("usage.amount", { count: spent.calls, tokens: number(spent.tokens) })}</small>
      {gone !== null && (
        <>
          <meter
            min={0}
            max={1}
            high={0.9}
            optimum={0}
            value={gone}
            aria-label={say("op.budget", { period: name })}
          />
          <small>{say("usage.of", { bound: bounds.join(", ") })}</small>
        </>
      )}
    </div>
  );
}
