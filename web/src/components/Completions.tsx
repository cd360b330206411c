/*
 * What the word one types may become, above the field. What belongs here: the list.
 */

import type { JSX } from "preact";
import type { Offer } from "../app/complete";
import { say } from "../words";
import { Avatar } from "./Avatar";

export function Completions({
  offer,
  chosen,
  onTake,
}: {
  offer: Offer;
  chosen: number;
  onTake: (index: number) => void;
}): JSX.Element {
  return (
    <ul class="completions" id="completions" role="listbox" aria-label={say("composer.completions")}>
      {offer.items.map((item, index) => (
        <li
          key={item.label}
          id={`completion-${index}`}
          role="option"
          aria-selected={index === chosen}
          onMouseDown={(event) => {
            event.preventDefault();
            onTake(index);
          }}
        >
          {item.nick !== undefined && <Avatar nick={item.nick} bot={item.bot ?? false} small />}
          <bdi>{item.label}</bdi>
          <small>{item.detail}</small>
        </li>
      ))}
    </ul>
  );
}
