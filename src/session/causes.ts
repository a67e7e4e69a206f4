import type { Cause } from '../engine/events';
import { type Rule, type RuleId, rule } from '../engine/rules';

/** A cause in words: what the rule says and where it is written. */
export interface CauseText {
  readonly rule: string;
  readonly rfc: number | null;
  readonly section: string | null;
  readonly text: string;
  /** `RFC 9293 3.10.7.4, fifth check`; null for a rule of the network or the script. */
  readonly reference: string | null;
  /** Where the section can be read; null without a reference. */
  readonly url: string | null;
  readonly requirement: string | null;
}

/** `RFC 9293 3.10.7.4, fifth check`; null for a rule that no RFC states. */
export function referenceOf({ rfc, section, step }: Rule): string | null {
  if (rfc === null) return null;
  const place = section === null ? `RFC ${rfc}` : `RFC ${rfc} ${section}`;
  return step === undefined ? place : `${place}, ${step}`;
}

/** The address of a rule's section at the RFC editor; null for a rule that no RFC states. */
export function urlOf(place: { readonly rfc: number; readonly section: string | null }): string;
export function urlOf(place: Pick<Rule, 'rfc' | 'section'>): string | null;
export function urlOf({ rfc, section }: Pick<Rule, 'rfc' | 'section'>): string | null {
  if (rfc === null) return null;
  const anchor = section === null ? '' : `#section-${section}`;
  return `https://www.rfc-editor.org/rfc/rfc${rfc}${anchor}`;
}

/** A rule in words. */
export function ruleText(id: RuleId): CauseText {
  const found = rule(id);
  return {
    rule: id,
    rfc: found.rfc,
    section: found.section,
    text: found.text,
    reference: referenceOf(found),
    url: urlOf(found),
    requirement: found.requirement,
  };
}

/** A cause in words. */
export function causeText(cause: Cause): CauseText {
  return ruleText(cause.rule);
}
