/* What was handed in here, in this room or by me: to be looked at, fetched, and deleted by those who may. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { fileOf, isPicture, localLink, quotaOf, type StoredFile } from "../app/answers";
import { fileHost } from "../app/upload";
import { useBuffer, useStore, useTools } from "../components/context";
import { Dialog } from "../components/Dialog";
import { Folder, Trash } from "../components/icons";
import { fold } from "../irc/names";
import { safeName, safeText } from "../rich/safe";
import { bytes, plainDay, say } from "../words";

interface Shown {
  files: StoredFile[] | null; // null: not here yet
  problem: string;
}

export function FilesPanel({ buffer, onClose }: { buffer: string; onClose: () => void }): JSX.Element {
  const { house } = useTools();
  const room = useBuffer(buffer, (one) => (one.kind === "room" && one.joined ? one.name : ""), "");
  const me = useStore((state) => state.nick);
  const account = useStore((state) => state.account);
  const host = useStore((state) => fileHost(state.tokens, location.href));
  const keeper = useBuffer(buffer, (one) => /[~&@%]/.test(one.members.get(fold(me))?.symbols ?? ""), false);
  const [mine, setMine] = useState(!room);
  const [{ files, problem }, setShown] = useState<Shown>({ files: null, problem: "" });
  const [use, setUse] = useState<ReturnType<typeof quotaOf>>(null);

  const fetch = async () => {
    setShown({ files: null, problem: "" });
    const told = await house.ask("FILES", mine ? ["LIST"] : ["LIST", room]);
    const found = told.flatMap((event) =>
      event.type === "told" && event.code === "FILE" ? [fileOf(event.params?.[2] ?? "", event.text)] : [],
    );
    const failed = told.find((event) => event.type === "failed" || (event.type === "told" && event.error));
    setShown({
      files: found.filter((file): file is StoredFile => file !== null),
      problem: failed && "text" in failed ? failed.text : "",
    });
    const used = await house.ask("FILES", ["USED"]);
    setUse(used.map((event) => (event.type === "told" ? quotaOf(event.text) : null)).find(Boolean) ?? null);
  };
  useEffect(() => void fetch(), [mine, room]);

  const remove = async (file: StoredFile) => {
    if (!confirm(say("files.delete.sure", { name: safeName(file.name) }))) return;
    const told = await house.ask("FILES", ["DELETE", file.link]);
    const failed = told.find((event) => event.type === "failed");
    if (failed?.type === "failed")
      house.store.dispatch({ type: "notice", text: safeText(failed.text), error: true });
    void fetch();
  };
  const mayDelete = (file: StoredFile) =>
    mine || keeper || (account !== null && file.owner !== null && fold(file.owner) === fold(account));

  return (
    <Dialog title={say("files.title")} onClose={onClose} wide>
      {room && (
        <div class="segmented" role="group" aria-label={say("files.which")}>
          {[false, true].map((one) => (
            <label key={String(one)} class={one === mine ? "chosen" : ""}>
              <input type="radio" name="files" checked={one === mine} onChange={() => setMine(one)} />
              <span>{one ? say("files.mine") : safeName(room)}</span>
            </label>
          ))}
        </div>
      )}
      {problem && <p class="error">{safeText(problem)}</p>}
      {files === null && <p class="quiet">{say("files.loading")}</p>}
      {files?.length === 0 && !problem && <p class="quiet">{say("files.none")}</p>}
      <ul class="files">
        {files?.map((file) => (
          <FileCard
            key={file.link}
            file={file}
            host={host}
            onDelete={mayDelete(file) ? () => void remove(file) : null}
          />
        ))}
      </ul>
      {use && (
        <div class="quota">
          <meter min={0} max={use.quota} value={use.used} aria-label={say("files.quota.label")} />
          <p class="quiet">
            {say("files.quota", { count: use.count, used: bytes(use.used), quota: bytes(use.quota) })}
          </p>
        </div>
      )}
    </Dialog>
  );
}

/** Only what lies on this very server is shown without being asked for. */
function FileCard({
  file,
  host,
  onDelete,
}: {
  file: StoredFile;
  host: string | null;
  onDelete: (() => void) | null;
}): JSX.Element {
  const here = localLink(file.link, host);
  const name = safeName(file.name);
  const [broken, setBroken] = useState(false);
  return (
    <li>
      <a href={here ?? undefined} target="_blank" rel="noopener noreferrer" title={name}>
        <span class="file-face">
          {here && isPicture(file) && !broken ? (
            <img src={here} alt="" loading="lazy" onError={() => setBroken(true)} />
          ) : (
            <>
              <Folder size={28} />
              <small>{safeText(file.type)}</small>
            </>
          )}
        </span>
        <span class="file-name" dir="auto">
          {name}
        </span>
      </a>
      <small class="file-facts">
        {bytes(file.size)}
        {file.owner && ` · ${safeName(file.owner)}`}
        {file.until && <span>{say("files.until", { day: plainDay(file.until) })}</span>}
      </small>
      {onDelete && (
        <button
          type="button"
          class="icon-button small"
          onClick={onDelete}
          aria-label={say("files.delete", { name })}
          title={say("files.delete", { name })}
        >
          <Trash size={16} />
        </button>
      )}
    </li>
  );
}
