import type { SegmentId } from '../engine/events';
import type { Check, LineSummary, Moment, RunWarning } from './moment';

/**
 * What a run has said so far. A run that is replayed after travelling back says the same again, so entries are written
 * by their number and only the first writing counts.
 */
export interface RunLog {
  readonly moments: Moment[];
  readonly checks: Check[];
  /** The moments at which segments were sent and at which they arrived. */
  readonly sent: Map<SegmentId, number>;
  readonly arrived: Map<SegmentId, number>;
  readonly summaries: Map<number, LineSummary>;
  /** Filled when the run ends. */
  warnings: readonly RunWarning[];
}

/** A log in which nothing has been said. */
export function createLog(): RunLog {
  return { moments: [], checks: [], sent: new Map(), arrived: new Map(), summaries: new Map(), warnings: [] };
}

/** Writes `entry` as number `index` of `entries` unless an earlier run over the same stretch has written it. */
export function writeEntry<T>(entries: T[], index: number, entry: T): void {
  if (index === entries.length) entries.push(entry);
}
