import type { RuleId } from '../engine/rules';
import { waitingReasons } from '../engine/sim/waiting';
import type { World } from '../engine/sim/world';
import type { HeldBack, WaitingReason } from '../engine/tcp/whyNot';
import { ruleText } from './causes';

/** One reason why a host sends nothing now, with where its rule is written. Plain data. */
export interface WaitingText {
  readonly host: string;
  readonly rule: RuleId;
  /** What it keeps back. */
  readonly holds: HeldBack;
  /** One sentence with its numbers: `The send window is closed: 500 bytes wait, …`. */
  readonly text: string;
  /** What the rule says. */
  readonly says: string;
  readonly rfc: number | null;
  readonly section: string | null;
  readonly requirement: string | null;
  readonly reference: string | null;
  readonly url: string | null;
  /** When the wait is over at the latest; null when nobody can say. */
  readonly untilUs: number | null;
}

/** Why a host sends nothing now, what keeps data back first; never empty. */
export function waitingOf(world: World, host: string): readonly WaitingText[] {
  return waitingReasons(world, host).map((reason) => waitingText(host, reason));
}

function waitingText(host: string, { rule, holds, text, untilUs }: WaitingReason): WaitingText {
  const { text: says, rfc, section, requirement, reference, url } = ruleText(rule);
  return { host, rule, holds, text, says, rfc, section, requirement, reference, url, untilUs };
}

/** A reason as a line of text: the sentence, and where the rule is written. */
export function waitingLine({ text, reference, requirement }: WaitingText): string {
  const source = [reference, requirement].filter((part) => part !== null).join(', ');
  return source === '' ? text : `${text} (${source})`;
}
