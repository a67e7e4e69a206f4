import type { SegmentId } from '../engine/events';
import type { IcmpId } from '../engine/icmp';
import type { WakeId } from '../engine/sim/world';

/** When a wait gives up, and the stop of the world's clock that was asked for then; null when that time had come already. */
export interface Deadline {
  readonly atUs: number;
  readonly wake: WakeId | null;
}

/** What a statement waits for. */
export type Wait =
  /** The segments and ICMP messages that were on their way when the line was reached; then the statement goes on. `last`: then it is judged for good. */
  | {
      readonly kind: 'arrivals';
      readonly segments: readonly SegmentId[];
      readonly icmp: readonly IcmpId[];
      readonly last: boolean;
    }
  /** A call was made: what it lets TCP send goes out first. `claim`: the first segment is claimed for this `send`. */
  | { readonly kind: 'drain'; readonly host: string; readonly claim: boolean }
  /** `wait`, `at`. */
  | { readonly kind: 'sleep'; readonly untilUs: number }
  /** `send`, third step: the next segment that the host's TCP sends. */
  | { readonly kind: 'emission'; readonly sentBefore: number; readonly deadline: Deadline | null }
  /** `expect … within`, `wait until`. */
  | { readonly kind: 'condition'; readonly deadline: Deadline | null }
  /** `expect quiet for D`. */
  | { readonly kind: 'quiet'; readonly sentBefore: number; readonly deadline: Deadline }
  /** A check was false, but TCP still has something to send at this instant: judge after that. */
  | { readonly kind: 'instant' }
  /** `run`: until nothing is left to happen. */
  | { readonly kind: 'idle' };
