/* Which rooms there are, to enter one or make one. What belongs here: the list and its filter. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useStore, useTools } from "../components/context";
import { Dialog } from "../components/Dialog";
import { Hash, People, Plus } from "../components/icons";
import { plainText } from "../irc/formatting";
import { fold, isRoom } from "../irc/names";
import { safeName, safeText } from "../rich/safe";
import { number, say } from "../words";

const SHOWN = 200;

export function Directory({ onClose }: { onClose: () => void }): JSX.Element {
  const { deeds } = useTools();
  const listing = useStore((state) => state.listing);
  const buffers = useStore((state) => state.buffers);
  const [filter, setFilter] = useState("");
  useEffect(() => deeds.list(), []);
  const wanted = fold(filter.trim());
  const people = Object.values(buffers).filter(
    (buffer) => buffer.kind === "talk" && wanted && buffer.key.includes(wanted),
  );
  // Each once: of two lists that were asked for shortly after one another, all lines come to the second.
  const rooms = [...new Map(listing?.rooms.map((one) => [fold(one.room), one])).values()]
    .filter(({ room, topic }) => fold(room).includes(wanted) || fold(topic).includes(wanted))
    .sort((a, b) => b.members - a.members)
    .slice(0, SHOWN);
  const name = isRoom(filter.trim()) ? filter.trim() : `#${filter.trim()}`;
  const isNew = wanted !== "" && !/[\s,:]/.test(name) && !rooms.some(({ room }) => fold(room) === fold(name));
  const open = (room: string) => {
    deeds.open(room);
    onClose();
  };
  const submit = (event: Event) => {
    event.preventDefault();
    const first = rooms[0]?.room ?? people[0]?.name;
    if (isNew && !first) open(name);
    else if (first && wanted) open(first);
  };
  return (
    <Dialog title={say("directory.title")} onClose={onClose}>
      <form onSubmit={submit}>
        <input
          type="search"
          data-first
          value={filter}
          placeholder={say("directory.filter")}
          aria-label={say("directory.filter")}
          onInput={(event) => setFilter(event.currentTarget.value)}
        />
      </form>
      {listing && !listing.done && rooms.length === 0 && <p class="quiet">{say("directory.loading")}</p>}
      <ul class="directory">
        {people.map((buffer) => (
          <li key={buffer.key}>
            <button type="button" onClick={() => open(buffer.name)}>
              <span class="directory-name">
                <bdi>{safeName(buffer.name)}</bdi>
              </span>
            </button>
          </li>
        ))}
        {rooms.map(({ room, members, topic }) => (
          <li key={room}>
            <button type="button" onClick={() => open(room)} title={say("directory.open", { room })}>
              <Hash size={17} />
              <span class="directory-name">
                <bdi>{safeName(room).slice(1)}</bdi>
                {topic && <small dir="auto">{safeText(plainText(topic))}</small>}
              </span>
              <span class="directory-count">
                <People size={15} />
                {number(members)}
              </span>
            </button>
          </li>
        ))}
        {isNew && (
          <li>
            <button type="button" class="make" onClick={() => open(name)}>
              <Plus size={17} />
              <span class="directory-name">{say("directory.new", { room: name })}</span>
            </button>
          </li>
        )}
      </ul>
    </Dialog>
  );
}
