/*
 * The operator's page: what the server tells its operators, drawn; fetched when an operator opens it.
 * What belongs here: its parts, and which of them one may see. What must not: what stands in them.
 */

import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { Dialog } from "../../components/Dialog";
import { safeName } from "../../rich/safe";
import type { Operator } from "../../state/types";
import { say, type Key } from "../../words";
import { AuditTab } from "./AuditTab";
import { BansTab } from "./BansTab";
import { useClerk, useEvery, type Clerk } from "./clerk";
import { tabsFor, type Tab } from "./desk";
import { MembersTab } from "./MembersTab";
import { ModelsTab } from "./ModelsTab";
import { Overview } from "./Overview";
import "../../styles/operator.css";

const NAMES: Record<Tab, Key> = {
  overview: "op.tab.overview",
  members: "op.tab.members",
  bans: "op.tab.bans",
  models: "op.tab.models",
  audit: "op.tab.audit",
};

export default function OperatorPage({
  operator,
  onClose,
}: {
  operator: Operator;
  onClose: () => void;
}): JSX.Element {
  const clerk = useClerk();
  const tabs = tabsFor(operator.rights);
  const [tab, setTab] = useState<Tab | undefined>(tabs[0]);
  const open = tab && tabs.includes(tab) ? tab : tabs[0];
  useLayoutEffect(() => clerk.forget(), [open]); // at once: what comes of a deed in this part is to stay
  return (
    <Dialog title={say("op.title", { name: safeName(operator.name) })} onClose={onClose} size="full">
      {operator.rights.includes("stats") && <Sampling clerk={clerk} />}
      {open ? (
        <>
          <Tabs tabs={tabs} open={open} onOpen={setTab} />
          <Told clerk={clerk} />
          <div class="op-body" role="tabpanel" id="op-panel" aria-labelledby={`op-tab-${open}`}>
            {open === "overview" && <Overview clerk={clerk} rights={operator.rights} />}
            {open === "members" && <MembersTab clerk={clerk} rights={operator.rights} />}
            {open === "bans" && <BansTab clerk={clerk} />}
            {open === "models" && <ModelsTab clerk={clerk} />}
            {open === "audit" && <AuditTab clerk={clerk} />}
          </div>
        </>
      ) : (
        <p class="quiet">{say("op.nothing")}</p>
      )}
    </Dialog>
  );
}

/** Charts go on while one looks at another part. */
function Sampling({ clerk }: { clerk: Clerk }): null {
  useEvery(clerk.sample);
  return null;
}

function Tabs({ tabs, open, onOpen }: { tabs: Tab[]; open: Tab; onOpen: (tab: Tab) => void }): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const at = tabs.indexOf(open);
    const next =
      event.key === "Home"
        ? tabs[0]
        : event.key === "End"
          ? tabs.at(-1)
          : step && tabs[(at + step + tabs.length) % tabs.length];
    if (!next) return;
    event.preventDefault();
    onOpen(next);
    list.current?.querySelector<HTMLElement>(`#op-tab-${next}`)?.focus();
  };
  return (
    <div class="op-tabs" role="tablist" aria-label={say("op.parts")} ref={list} onKeyDown={onKey}>
      {tabs.map((tab) => (
        <button
          key={tab}
          type="button"
          role="tab"
          id={`op-tab-${tab}`}
          aria-selected={tab === open}
          aria-controls="op-panel"
          tabIndex={tab === open ? 0 : -1}
          data-first={tab === open ? "" : undefined}
          onClick={() => onOpen(tab)}
        >
          {say(NAMES[tab])}
        </button>
      ))}
    </div>
  );
}

/** What came of the last deed. */
function Told({ clerk }: { clerk: Clerk }): JSX.Element {
  const { outcome } = clerk.desk;
  const again = outcome?.again;
  return (
    <div class={outcome ? `op-told${outcome.problem ? " problem" : ""}` : "op-told nothing"}>
      <p role="status" dir="auto">
        {outcome?.text ?? ""}
      </p>
      {again && (
        <button type="button" class="secondary danger" onClick={() => void clerk.ban(again, true)}>
          {say("op.force")}
        </button>
      )}
    </div>
  );
}
