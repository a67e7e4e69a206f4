import { Isns } from './isns';
import type { Check, LineSummary, RunWarning } from './moment';
import { NumberColumn } from './numberColumn';

/**
 * What a run has said so far. A run that is replayed after travelling back says the same again, so entries are written
 * by their number and only the first writing counts.
 */
export interface RunLog {
  readonly checks: Check[];
  /** How many verdicts about each line have been explained. */
  readonly explained: Map<number, number>;
  /** The moments at which segments were sent and at which they arrived, by their ids; 0 where that is not known. */
  readonly sent: NumberColumn;
  readonly arrived: NumberColumn;
  /** The segment that was noted last in `sent`. */
  lastSent: number;
  /** The same for ICMP messages. */
  readonly icmpSent: NumberColumn;
  readonly icmpArrived: NumberColumn;
  readonly summaries: Map<number, LineSummary>;
  /** The SYNs of the run, from which the numbers of segments are counted. */
  readonly isns: Isns;
  /** Filled when the run ends. */
  warnings: readonly RunWarning[];
}

/** A log in which nothing has been said. */
export function createLog(): RunLog {
  return {
    checks: [],
    explained: new Map(),
    sent: new NumberColumn(),
    arrived: new NumberColumn(),
    lastSent: 0,
    icmpSent: new NumberColumn(),
    icmpArrived: new NumberColumn(),
    summaries: new Map(),
    isns: new Isns(),
    warnings: [],
  };
}

/** Writes `entry` as number `index` of `entries` unless an earlier run over the same stretch has written it. */
export function writeEntry<T>(entries: T[], index: number, entry: T): void {
  if (index === entries.length) entries.push(entry);
}
