import type { SessionOptions } from '../session';
import type { Io } from './io';

/** Most events of one run: its moments are all kept in memory until they are reported. */
const MAX_EVENTS = 250_000;
/** Longest real time of one run. */
const MAX_WALL_MS = 60_000;

/** The bounds of a run on the command line, where nobody waits for a keystroke to be answered. */
export function runBounds(io: Io): Required<Pick<SessionOptions, 'limits' | 'wallClock'>> {
  return { limits: { maxEvents: MAX_EVENTS }, wallClock: { nowMs: () => io.nowMs(), maxMs: MAX_WALL_MS } };
}
