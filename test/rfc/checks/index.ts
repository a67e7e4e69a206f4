import type { Check } from './check';
import { ISN_CHECKS } from './isn';
import { SESSION_CHECKS } from './sessions';
import { WIRE_CHECKS } from './wire';

/** Everything that is shown by code: the octets on the wire, and what a script can not see. */
export const CHECKS: readonly Check[] = [...WIRE_CHECKS, ...ISN_CHECKS, ...SESSION_CHECKS];
