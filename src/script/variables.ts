import { VARIABLES } from '../engine/variables';
import type { Unit } from './program';

/** A variable of a connection, as expressions know it. */
export interface VariableEntry {
  /** The name as the RFCs write it, such as `SND.NXT`. */
  readonly name: string;
  readonly unit: Unit;
  readonly doc: string;
  /** Such as `RFC 9293 3.3.1`. */
  readonly section: string;
}

const ENTRIES: readonly VariableEntry[] = Object.entries(VARIABLES).map(([name, { unit, doc, section }]) => ({
  name,
  unit,
  doc,
  section,
}));

const BY_NAME: ReadonlyMap<string, VariableEntry> = new Map(ENTRIES.map((entry) => [entry.name.toLowerCase(), entry]));

/** The variable of this name, in any case and with `_` for `.`; null when there is none. */
export function variableNamed(word: string): VariableEntry | null {
  return BY_NAME.get(word.toLowerCase().replace(/_/g, '.')) ?? null;
}

/** The names of all variables, as the RFCs write them. */
export function variableNames(): readonly string[] {
  return ENTRIES.map(({ name }) => name);
}

/** All variables, in the order of the engine's table. */
export function variableEntries(): readonly VariableEntry[] {
  return ENTRIES;
}
