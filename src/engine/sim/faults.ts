import type { IcmpRecord } from '../events';
import type { IcmpKind } from '../icmp';
import type { SegmentPattern, SeqBase } from '../pattern';
import { matchesPattern } from '../pattern';
import type { RuleId } from '../rules';
import type { Segment } from '../segment';

/** What a fault does to the segments that it meets. */
export type FaultAction =
  | { readonly kind: 'drop' }
  /** Arrives this much later. */
  | { readonly kind: 'delay'; readonly byUs: number }
  /** Arrives twice, the copy this much later than the original. */
  | { readonly kind: 'duplicate'; readonly byUs: number }
  /** Waits until the next segment in the same direction has been sent, and arrives right after it. */
  | { readonly kind: 'reorder' }
  /** One bit is flipped. */
  | { readonly kind: 'corrupt' }
  /** The ECN field of the IP header is set to CE (RFC 3168 section 5). */
  | { readonly kind: 'mark' };

/** Which of the matching segments a fault meets: the next N, the Kth from its statement on, or every Kth from there. */
export type FaultCount =
  | { readonly kind: 'next'; readonly count: number }
  | { readonly kind: 'nth'; readonly ordinal: number }
  | { readonly kind: 'every'; readonly step: number };

/** One order of the script to the network. Counts are integers from 1. */
export interface Fault {
  readonly action: FaultAction;
  readonly count: FaultCount;
  readonly pattern: SegmentPattern;
  /** For ICMP messages in place of segments: those of one kind, or `any`; absent for segments. */
  readonly icmp?: IcmpKind | 'any';
  /** Only segments that this host puts on the wire (forged ones included); null for every host. */
  readonly from: string | null;
  /** Only segments addressed to this host; null for every host. */
  readonly to: string | null;
  /** The script line, 1-based. */
  readonly line: number;
  /** What the script says: `drop next 2 data from client`. */
  readonly text: string;
}

/** A fault at work. Replaced, never changed, so that copies share it. */
export interface FaultState {
  /** Counts the faults of a world from 1. */
  readonly id: number;
  readonly fault: Fault;
  /** Matching segments since the statement. */
  readonly seen: number;
  /** Segments that it was applied to. */
  readonly met: number;
}

/** What a fault has met so far. */
export interface FaultReport {
  readonly id: number;
  readonly line: number;
  readonly text: string;
  readonly met: number;
  /** How many it was to meet; null for `every`, which has no end. */
  readonly wanted: number | null;
}

/** The rule that a fault's effect names as its cause. */
export const FAULT_RULES: Readonly<Record<FaultAction['kind'], RuleId>> = {
  drop: 'fault-drop',
  delay: 'fault-delay',
  duplicate: 'fault-duplicate',
  reorder: 'fault-reorder',
  corrupt: 'fault-corrupt',
  mark: 'fault-mark',
};

/**
 * The fault that decides about this segment, or null. Faults are asked in the order of their statements and the first
 * whose turn it is decides. Ordinals count every matching segment from their statement on, also those that another
 * fault decided; `next N` counts only the segments that it decided itself, so that two `drop next` drop two.
 */
export function decideFault(
  faults: FaultState[],
  segment: Segment,
  from: string,
  to: string | null,
  base: SeqBase,
): FaultState | null {
  let decided: FaultState | null = null;
  for (let i = 0; i < faults.length; i++) {
    const state = faults[i];
    if (state === undefined || isSpent(state)) continue;
    const { fault } = state;
    if (fault.icmp !== undefined) continue;
    if (fault.from !== null && fault.from !== from) continue;
    if (fault.to !== null && fault.to !== to) continue;
    if (!matchesPattern(fault.pattern, segment, base)) continue;
    const seen = state.seen + 1;
    const decides: boolean = decided === null && isTurn(fault.count, seen);
    const next: FaultState = { ...state, seen, met: state.met + (decides ? 1 : 0) };
    faults[i] = next;
    if (decides) decided = next;
  }
  return decided;
}

/** The fault that decides about this ICMP message, or null; as {@link decideFault} does for segments. Routers are nobody's `from`. */
export function decideIcmpFault(faults: FaultState[], { message, from, to }: IcmpRecord): FaultState | null {
  let decided: FaultState | null = null;
  for (const [i, state] of faults.entries()) {
    const { fault } = state;
    if (fault.icmp === undefined || isSpent(state)) continue;
    if (fault.icmp !== 'any' && fault.icmp !== message.kind) continue;
    if ((fault.from !== null && fault.from !== from) || (fault.to !== null && fault.to !== to)) continue;
    const seen = state.seen + 1;
    const decides: boolean = decided === null && isTurn(fault.count, seen);
    const next: FaultState = { ...state, seen, met: state.met + (decides ? 1 : 0) };
    faults[i] = next;
    if (decides) decided = next;
  }
  return decided;
}

/** Whether nothing that comes can meet it any more. */
function isSpent(state: FaultState): boolean {
  const { count } = state.fault;
  if (count.kind === 'next') return state.met >= count.count;
  return count.kind === 'nth' && state.seen >= count.ordinal;
}

function isTurn(count: FaultCount, seen: number): boolean {
  switch (count.kind) {
    case 'next':
      return true;
    case 'nth':
      return seen === count.ordinal;
    case 'every':
      return seen % count.step === 0;
  }
}

/** What each fault has met, in the order of their statements. */
export function reportFaults(faults: readonly FaultState[]): FaultReport[] {
  return faults.map(({ id, fault, met }) => ({
    id,
    line: fault.line,
    text: fault.text,
    met,
    wanted: wantedOf(fault.count),
  }));
}

function wantedOf(count: FaultCount): number | null {
  switch (count.kind) {
    case 'next':
      return count.count;
    case 'nth':
      return 1;
    case 'every':
      return null;
  }
}
