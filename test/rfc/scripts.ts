import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { REQUIREMENT_IDS, type RequirementId, readRequirementId, requirement } from '../../src/engine/requirements';

/** A script of this folder: it shows what the requirements on its first line ask. */
export interface ConformanceScript {
  /** The file's name, such as `must-13-time-wait-2msl.tcpscript`. */
  readonly name: string;
  readonly text: string;
  /** The ids on its first line, as they are written there. */
  readonly ids: readonly RequirementId[];
}

/** Every script of this folder, in the order of names. */
export const CONFORMANCE_SCRIPTS: readonly ConformanceScript[] = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.tcpscript'))
  .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  .map((name) => {
    const text = readFileSync(path.join(import.meta.dirname, name), 'utf8');
    return { name, text, ids: idsOf(text) };
  });

/** The ids of `# MUST-13, MAY-2: RFC 9293, section 3.6.1`; none when the first line is something else. */
function idsOf(text: string): RequirementId[] {
  const [, ids] = /^# ([A-Z0-9, -]+):/.exec(text) ?? [];
  return (ids ?? '')
    .split(', ')
    .map(readRequirementId)
    .filter((id) => id !== null);
}

/** How the first line of a script about these requirements reads. */
export function firstLine(ids: readonly RequirementId[]): string {
  const sections = [...new Set(ids.map((id) => requirement(id).section))];
  const last = sections.at(-1);
  const listed = sections.length < 2 ? last : `${sections.slice(0, -1).join(', ')} and ${last}`;
  return `# ${ids.join(', ')}: RFC 9293, section${sections.length < 2 ? '' : 's'} ${listed}`;
}

/** The scripts that show a requirement. */
export function scriptsOf(id: RequirementId): ConformanceScript[] {
  return CONFORMANCE_SCRIPTS.filter(({ ids }) => ids.includes(id));
}

/** What is still to be shown. */
export const AWAITED: readonly RequirementId[] = [];

/** The ids that ask something of a TCP in this simulation, and that it does. */
export const APPLYING: readonly RequirementId[] = REQUIREMENT_IDS.filter((id) => {
  const { outside, leftOut } = requirement(id);
  return outside === null && leftOut === null && !AWAITED.includes(id);
});
