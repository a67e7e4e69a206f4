import type { RequirementId } from '../../requirements';
import type { Rule } from '../../rules';

/** A rule of RFC 9293 without a requirement id. */
export function rfc9293(section: string, text: string): Rule {
  return { rfc: 9293, section, requirement: null, text };
}

/** A rule of RFC 9293 that Appendix B lists under `requirement`. */
export function required(section: string, requirement: RequirementId, text: string): Rule {
  return { rfc: 9293, section, requirement, text };
}

/** A numbered step of SEGMENT ARRIVES (RFC 9293 section 3.10.7). */
export function check(section: string, step: string, text: string, requirement: RequirementId | null = null): Rule {
  return { rfc: 9293, section, step: `${step} check`, requirement, text };
}

/** A rule of another RFC; `requirement` where RFC 9293 asks for what it says. */
export function companion(rfc: number, section: string, text: string, requirement: RequirementId | null = null): Rule {
  return { rfc, section, requirement, text };
}
