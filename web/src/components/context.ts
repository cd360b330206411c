/*
 * What every component may ask for: the house, its deeds, and what is open on the screen.
 * What belongs here: hooks. What must not: drawing.
 */

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Deeds } from "../app/deeds";
import type { House } from "../app/house";
import { usePart } from "../app/store";
import type { Buffer, State } from "../state/types";

export type Panel =
  | { name: "settings" }
  | { name: "directory" }
  | { name: "search"; text?: string }
  | { name: "room" }
  | { name: "date" }
  | { name: "files" }
  | { name: "account" }
  | { name: "keys" }
  | { name: "operator"; named?: string }
  | { name: "profile"; nick: string }
  | null;

export interface Tools {
  house: House;
  deeds: Deeds;
  show: (panel: Panel) => void;
  mention: (nick: string) => void;
}

export const ToolsContext = createContext<Tools | null>(null);

export function useTools(): Tools {
  const tools = useContext(ToolsContext);
  if (!tools) throw new Error("no house around this component");
  return tools;
}

/** A part of the state, and drawn again when it is another. */
export function useStore<T>(select: (state: State) => T, same?: (a: T, b: T) => boolean): T {
  return usePart(useTools().house.store, select, same);
}

/** The same of one room or talk; `missing` while it is not there. */
export function useBuffer<T>(key: string, select: (buffer: Buffer) => T, missing: T): T {
  return useStore((state) => {
    const buffer = state.buffers[key];
    return buffer ? select(buffer) : missing;
  });
}
