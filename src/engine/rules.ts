import type { RequirementId } from './requirements';
import { NETWORK_RULES } from './sim/networkRules';
import { TCP_RULES } from './tcp/rules';

/** One rule that makes TCP (or the simulated network) act. */
export interface Rule {
  /** The RFC that states it; null for a rule of the simulated network or of the application's behaviour. */
  readonly rfc: number | null;
  /** The section, such as `3.10.7.4`; null together with `rfc`. */
  readonly section: string | null;
  /** The numbered step inside the section, such as `fifth check`; absent where there is none. */
  readonly step?: string;
  /** A requirement id of RFC 9293 Appendix B, such as `MUST-13`; null where there is none. */
  readonly requirement: RequirementId | null;
  /** One plain sentence: what the rule says and why TCP (or the network) therefore did this. */
  readonly text: string;
}

/** Every rule that the engine can give as a cause, by its stable id. */
export const RULES = { ...TCP_RULES, ...NETWORK_RULES } as const;

/** The stable id of a rule, such as `open-active`. */
export type RuleId = keyof typeof RULES;

/** The rule with this id. */
export function rule(id: RuleId): Rule {
  return RULES[id];
}
