import type { Rule } from '../rules';
import { ARRIVAL_RULES } from './rules/arrivals';
import { CALL_RESULT_RULES } from './rules/calls';
import { ICMP_RULES } from './rules/icmp';
import { OUTPUT_RULES } from './rules/output';
import { RECOVERY_RULES } from './rules/recovery';
import { TIMER_RULES } from './rules/timers';
import { WAITING_RULES } from './rules/waiting';
import { WINDOW_RULES } from './rules/windows';

/** The rules of TCP itself: RFC 9293 and its companions. */
export const TCP_RULES = {
  ...CALL_RESULT_RULES,
  ...ARRIVAL_RULES,
  ...OUTPUT_RULES,
  ...TIMER_RULES,
  ...RECOVERY_RULES,
  ...WINDOW_RULES,
  ...WAITING_RULES,
  ...ICMP_RULES,
} as const satisfies Record<string, Rule>;
