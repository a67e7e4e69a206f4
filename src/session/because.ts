import type { Cause } from '../engine/events';
import { octetsLength } from '../engine/octets';
import type { SeqBase } from '../engine/pattern';
import type { RuleId } from '../engine/rules';
import { type Segment, segLen } from '../engine/segment';
import { ruleText, urlOf } from './causes';
import { shownNumbers } from './isns';
import { segmentTitle } from './titles';

/** What a link of a chain is about. */
export type BecauseKind =
  /** Something that TCP did. */
  | 'event'
  /** A decision of the same step that bears on it. */
  | 'decision'
  /** The segment that set it off, and why that was sent. */
  | 'arrival'
  /** What the network did to a segment that is missed. */
  | 'loss'
  /** A timer that expired, and why it had been started. */
  | 'timer'
  /** A line of the script: where a chain ends. */
  | 'line'
  /** The beginning of the run: a value that nothing has changed since. */
  | 'start'
  /** The chain goes on, but is not told further. */
  | 'more';

/** One link of a chain of causes, the newest first. Plain data. */
export interface Because {
  readonly kind: BecauseKind;
  /** What happened, and when: `client goes from SYN-SENT to ESTABLISHED at 20 ms`. */
  readonly what: string;
  /** The rule that asked for it, and what it says; null for a line of the script and for what is not told. */
  readonly rule: RuleId | null;
  readonly text: string | null;
  readonly rfc: number | null;
  readonly section: string | null;
  readonly requirement: string | null;
  /** `RFC 9293 3.10.7.4, fifth check`, and where it can be read; null for a rule that no RFC states. */
  readonly reference: string | null;
  readonly url: string | null;
  /** The script line that it comes from; null when there is none. */
  readonly line: number | null;
  readonly timeUs: number;
  /** The moment at which it happened. */
  readonly moment: number | null;
}

/** Where a link stands in the run. */
export interface Place {
  readonly timeUs: number;
  readonly moment: number | null;
}

/** A link that a rule of TCP or of the network stands behind. */
export function ruledLink(kind: BecauseKind, what: string, cause: Pick<Cause, 'rule' | 'line'>, place: Place): Because {
  const { text, rfc, section, requirement, reference, url } = ruleText(cause.rule);
  return { kind, what, rule: cause.rule, text, rfc, section, requirement, reference, url, line: cause.line, ...place };
}

/** A link that no rule is known for: what the section says in which the thing is defined. */
export function definedLink(
  kind: BecauseKind,
  what: string,
  { doc, section }: { readonly doc: string; readonly section: string },
  { line, ...place }: Place & { readonly line: number | null },
): Because {
  const [, number, part] = /^RFC (\d+) ([\d.]+)$/.exec(section) ?? [];
  if (number === undefined || part === undefined) throw new Error(`'${section}' is no section of an RFC`);
  const rfc = Number(number);
  const told = { text: doc, rfc, section: part, requirement: null, reference: section };
  return { kind, what, rule: null, ...told, url: urlOf({ rfc, section: part }), line, ...place };
}

/** A link without a rule: a line of the script, or the end of what is told. */
export function plainLink(kind: 'line' | 'start' | 'more', what: string, line: number | null, place: Place): Because {
  const nothing = { rule: null, text: null, rfc: null, section: null, requirement: null, reference: null, url: null };
  return { kind, what, ...nothing, line, ...place };
}

/** The beginning of a chain; a longer one ends with `…`. */
export function shortened(chain: readonly Because[], mostLinks: number): readonly Because[] {
  const last = chain.at(-1);
  if (last === undefined || chain.length <= mostLinks) return chain;
  return [...chain.slice(0, mostLinks), plainLink('more', '…', null, { timeUs: last.timeUs, moment: null })];
}

/** How what happened and its rule are put together in one line. */
const JOINTS: Readonly<Record<BecauseKind, string>> = {
  event: ': ',
  decision: ': ',
  arrival: '; it was sent because: ',
  loss: ': ',
  timer: '; it was started because: ',
  line: ': ',
  start: ': ',
  more: ': ',
};

/** A link as one sentence: what happened and what the rule says, without where that is written. */
export function becauseText({ kind, what, text }: Because): string {
  return text === null ? what : `${what}${JOINTS[kind]}${text}`;
}

/** A link as a line of text: the sentence, and where the rule is written. */
export function becauseLine(because: Because): string {
  const { reference, requirement } = because;
  const source = [reference, requirement].filter((part) => part !== null).join(', ');
  return source === '' ? becauseText(because) : `${becauseText(because)} (${source})`;
}

/** A segment with the number by which it is known, counted from an ISN of `base`: `SYN-ACK (seq 0)`, `ACK (ack 2)`. */
export function segmentName(segment: Segment, base: SeqBase): string {
  const { seq, ack } = shownNumbers(segment, base);
  const byAck = ack !== null && segLen(segment) === 0 && octetsLength(segment.payload) === 0;
  return `${segmentTitle(segment)} (${byAck ? `ack ${ack}` : `seq ${seq}`})`;
}
