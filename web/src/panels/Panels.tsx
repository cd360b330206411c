/*
 * The panels above a room, fetched when the first one is opened.
 * What belongs here: which panel is which.
 */

import type { JSX } from "preact";
import { lazy, Suspense } from "preact/compat";
import { useStore, type Panel } from "../components/context";
import { AccountPanel } from "./AccountPanel";
import { DatePanel } from "./DatePanel";
import { Directory } from "./Directory";
import { FilesPanel } from "./FilesPanel";
import { Keys } from "./Keys";
import { OperatorForm } from "./OperatorForm";
import { Profile } from "./Profile";
import { RoomPanel } from "./RoomPanel";
import { SearchPanel } from "./SearchPanel";
import { SettingsPanel } from "./SettingsPanel";

const OperatorPage = lazy(() => import("./operator/OperatorPage"));

export default function Panels({
  panel,
  buffer,
  onClose,
}: {
  panel: NonNullable<Panel>;
  buffer: string | null;
  onClose: () => void;
}): JSX.Element | null {
  switch (panel.name) {
    case "settings":
      return <SettingsPanel onClose={onClose} />;
    case "account":
      return <AccountPanel onClose={onClose} />;
    case "files":
      return buffer === null ? null : <FilesPanel buffer={buffer} onClose={onClose} />;
    case "directory":
      return <Directory onClose={onClose} />;
    case "keys":
      return <Keys onClose={onClose} />;
    case "operator":
      return <Operators named={panel.named ?? ""} onClose={onClose} />;
    case "profile":
      return <Profile nick={panel.nick} buffer={buffer} onClose={onClose} />;
    case "search":
      return buffer === null ? null : (
        <SearchPanel buffer={buffer} text={panel.text ?? ""} onClose={onClose} />
      );
    case "room":
      return buffer === null ? null : <RoomPanel buffer={buffer} onClose={onClose} />;
    case "date":
      return buffer === null ? null : <DatePanel buffer={buffer} onClose={onClose} />;
  }
}

/** The page for operators, and for all others the way to become one. */
function Operators({ named, onClose }: { named: string; onClose: () => void }): JSX.Element {
  const operator = useStore((state) => state.operator);
  if (!operator) return <OperatorForm named={named} onClose={onClose} />;
  return (
    <Suspense fallback={null}>
      <OperatorPage operator={operator} onClose={onClose} />
    </Suspense>
  );
}
