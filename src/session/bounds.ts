import type { WorldLimits } from '../engine/config';

/**
 * The bounds of a run that is looked at as a whole, in the debugger as on the command line: the same script comes out
 * the same in both. `run --format json` keeps all of its moments in memory, which is what bounds them.
 */
export const RUN_LIMITS: Pick<WorldLimits, 'maxEvents'> = { maxEvents: 250_000 };
