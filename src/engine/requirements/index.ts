/** The requirements of RFC 9293 Appendix B: what is asked, and whether it asks anything of a TCP in this simulation. */
import type { Requirement } from './make';
import { MAY } from './may';
import { MUST } from './must';
import { SHOULD } from './should';

export type { Requirement } from './make';

/** Every requirement by its id, in the order MUST, SHOULD, MAY. */
export const REQUIREMENTS = { ...MUST, ...SHOULD, ...MAY } as const;

/** The id of a requirement, such as `MUST-13`. */
export type RequirementId = keyof typeof REQUIREMENTS;

/** All ids, in the order of {@link REQUIREMENTS}. */
export const REQUIREMENT_IDS = Object.keys(REQUIREMENTS) as readonly RequirementId[];

/** How binding a requirement is. */
export type RequirementLevel = 'MUST' | 'SHOULD' | 'MAY';

const LEVELS: Readonly<Record<string, RequirementLevel>> = {
  MUST: 'MUST',
  SHLD: 'SHOULD',
  SHOULD: 'SHOULD',
  REC: 'SHOULD',
  MAY: 'MAY',
};

/** How binding a requirement is, by its id. RECOMMENDED means SHOULD (RFC 2119 section 3). */
export function levelOf(id: RequirementId): RequirementLevel {
  const level = LEVELS[id.slice(0, id.indexOf('-'))];
  if (level === undefined) throw new Error(`${id} has no level`);
  return level;
}

/** The requirement with this id. */
export function requirement(id: RequirementId): Requirement {
  return REQUIREMENTS[id];
}

/** The id that people mean by `must-13`, `SHOULD-5`, `shld5` or `MAY 2`; null when it is none of Appendix B. */
export function readRequirementId(text: string): RequirementId | null {
  const [, word, number] = /^\s*([a-z]+)[\s_-]*0*(\d+)\s*$/i.exec(text) ?? [];
  if (word === undefined || number === undefined) return null;
  const prefix = word
    .toUpperCase()
    .replace(/^SHOULD$/, 'SHLD')
    .replace(/^(RECOMMENDED)$/, 'REC');
  const id = `${prefix}-${number}`;
  return isRequirementId(id) ? id : null;
}

/** Whether a text is exactly the id of a requirement. */
export function isRequirementId(text: string): text is RequirementId {
  return Object.hasOwn(REQUIREMENTS, text);
}
