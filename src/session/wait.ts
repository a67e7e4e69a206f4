import type { SegmentId } from '../engine/events';

/** What a statement waits for. */
export type Wait =
  /** The segments that were on their way when the line was reached; then the statement goes on. `last`: then it is judged for good. */
  | { readonly kind: 'arrivals'; readonly segments: readonly SegmentId[]; readonly last: boolean }
  /** A call was made: what it lets TCP send goes out first. `claim`: the first segment is claimed for this `send`. */
  | { readonly kind: 'drain'; readonly host: string; readonly claim: boolean }
  /** `wait`, `at`. */
  | { readonly kind: 'sleep'; readonly untilUs: number }
  /** `send`, third step: the next segment that the host's TCP sends. */
  | { readonly kind: 'emission'; readonly sentBefore: number; readonly deadlineUs: number | null }
  /** `expect … within`, `wait until`. */
  | { readonly kind: 'condition'; readonly deadlineUs: number | null }
  /** `expect quiet for D`. */
  | { readonly kind: 'quiet'; readonly sentBefore: number; readonly untilUs: number }
  /** A check was false, but TCP still has something to send at this instant: judge after that. */
  | { readonly kind: 'instant' }
  /** `run`: until nothing is left to happen. */
  | { readonly kind: 'idle' };
