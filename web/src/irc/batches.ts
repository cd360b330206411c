/*
 * Open batches (IRCv3 batch), and what a closed one amounts to.
 * What belongs here: gathering. What must not: single lines (`protocol.ts`).
 */

import type { Said } from "./events";
import type { Line, Tags } from "./line";
import { joined, type Piece } from "./text";

export interface Batch {
  reference: string;
  type: string;
  params: string[];
  opening: Line;
  label: string | undefined;
  parent: Batch | undefined;
  pieces: Piece[]; // of a multiline message
  kind: Said["kind"];
  page: Said[]; // of history, search results
  targets: { target: string; latest: number }[];
}

export class Batches {
  private readonly open = new Map<string, Batch>();

  start(line: Line): Batch {
    const reference = (line.params[0] ?? "").slice(1);
    const parent = this.of(line.tags);
    const batch: Batch = {
      reference,
      type: line.params[1] ?? "",
      params: line.params.slice(2),
      opening: line,
      label: line.tags?.label ?? parent?.label,
      parent,
      pieces: [],
      kind: "say",
      page: [],
      targets: [],
    };
    this.open.set(reference, batch);
    return batch;
  }

  end(reference: string): Batch | undefined {
    const batch = this.open.get(reference);
    this.open.delete(reference);
    return batch;
  }

  /** The batch that a line with these tags stands in. */
  of(tags: Tags | null): Batch | undefined {
    return tags?.batch === undefined ? undefined : this.open.get(tags.batch);
  }

  clear(): void {
    this.open.clear();
  }
}

export const MULTILINE = "draft/multiline";
export const STREAM = "tertulia.chat/stream";
export const HISTORY = "chathistory";
export const SEARCH = ["soju.im/search", "draft/search", "search"];

export function textOf(batch: Batch): string {
  return joined(batch.pieces);
}

/** The nearest batch around this one, itself included, that gathers what was said. */
export function gathering(batch: Batch | undefined): Batch | undefined {
  for (let one = batch; one; one = one.parent) {
    if (one.type === HISTORY || SEARCH.includes(one.type)) return one;
  }
  return undefined;
}
