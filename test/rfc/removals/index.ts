import { ACK_REMOVALS } from './acks';
import { CLOSING_REMOVALS } from './closing';
import { CONNECTION_REMOVALS } from './connections';
import { ICMP_REMOVALS } from './icmp';
import { OPENING_REMOVALS } from './opening';
import type { Removal } from './removal';
import { REPORT_REMOVALS } from './reports';
import { RETRANSMISSION_REMOVALS } from './retransmission';
import { WINDOW_REMOVALS } from './windows';
import { WIRE_REMOVALS } from './wire';

export type { Removal } from './removal';

/** For each requirement that is shown, at least one edit of the engine's source that takes it away. */
export const REMOVALS: readonly Removal[] = [
  ...WIRE_REMOVALS,
  ...OPENING_REMOVALS,
  ...CLOSING_REMOVALS,
  ...RETRANSMISSION_REMOVALS,
  ...WINDOW_REMOVALS,
  ...ACK_REMOVALS,
  ...REPORT_REMOVALS,
  ...CONNECTION_REMOVALS,
  ...ICMP_REMOVALS,
];
