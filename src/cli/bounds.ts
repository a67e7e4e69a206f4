import type { SessionOptions } from '../session';
import { RUN_LIMITS } from '../session/bounds';
import type { Io } from './io';

/** Longest real time of one run. */
const MAX_WALL_MS = 8_000;

/** The bounds of a run on the command line, where nobody waits for a keystroke to be answered. */
export function runBounds(io: Io): Required<Pick<SessionOptions, 'limits' | 'wallClock'>> {
  return { limits: RUN_LIMITS, wallClock: { nowMs: () => io.nowMs(), maxMs: MAX_WALL_MS } };
}
