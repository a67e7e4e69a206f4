import {
  levelOf,
  REQUIREMENT_IDS,
  type RequirementId,
  type RequirementLevel,
  requirement,
} from '../engine/requirements';
import { RULES, type Rule, type RuleId } from '../engine/rules';
import { urlOf } from './causes';
import { NO_PLACES, REQUIREMENT_PLACES, type RequirementPlaces } from './requirementPlaces';

/** A requirement in words, and where it is used. */
export interface RequirementText extends RequirementPlaces {
  readonly id: RequirementId;
  readonly level: RequirementLevel;
  /** What is asked, in one sentence. */
  readonly text: string;
  /** `RFC 9293 3.6.1`. */
  readonly reference: string;
  /** Where the section can be read. */
  readonly url: string;
  /** That it asks nothing of a TCP in this simulation, or that this TCP does without it, and why; null when it is done. */
  readonly absent: string | null;
  /** The rules of the engine that rest on it. */
  readonly rules: readonly RuleId[];
}

/** A requirement in words. */
export function requirementText(id: RequirementId): RequirementText {
  const { section, text, outside, leftOut } = requirement(id);
  return {
    id,
    level: levelOf(id),
    text,
    reference: `RFC 9293 ${section}`,
    url: urlOf({ rfc: 9293, section }),
    absent: absence(outside, leftOut),
    rules: rulesOf(id),
    ...(REQUIREMENT_PLACES[id] ?? NO_PLACES),
  };
}

function absence(outside: string | null, leftOut: string | null): string | null {
  if (outside !== null) return `Does not apply: ${outside}`;
  return leftOut === null ? null : `Left out, as a TCP may: ${leftOut}`;
}

/** The rules that rest on a requirement, in the order of the table. */
function rulesOf(id: RequirementId): RuleId[] {
  return Object.entries<Rule>(RULES)
    .filter(([, rule]) => rule.requirement === id)
    .map(([name]) => name)
    .filter((name): name is RuleId => Object.hasOwn(RULES, name));
}

/** How many requirements there are with the prefix of an id that does not exist: 69 for `MUST-99`; 0 for another prefix. */
export function highestNumber(prefix: string): number {
  return REQUIREMENT_IDS.filter((id) => id.startsWith(`${prefix}-`)).length;
}
