/** Which RFC is at work: the same step of recovery follows one rule with SACK, another without, and after a timeout a third. */
import type { RuleId } from '../../rules';
import type { Tcb } from '../tcb';

type Step = 'recovery-begins' | 'recovery-ends' | 'fast-retransmit' | 'frto-new-data' | 'frto-spurious';

/** By which rule a connection with SACK takes each step. */
const WITH_SACK: Readonly<Record<Step, RuleId>> = {
  'recovery-begins': 'sack-recovery-begins',
  'recovery-ends': 'sack-recovery-ends',
  'fast-retransmit': 'sack-retransmit',
  'frto-new-data': 'frto-sack-new-data',
  'frto-spurious': 'frto-sack-spurious',
};

/** The rule by which this connection takes a step of recovery. */
export function stepRule({ options }: Tcb, step: Step): RuleId {
  return options.sack ? WITH_SACK[step] : step;
}

/** The rule by which a segment that is taken to be lost goes again as the window has room. */
export function resendRule({ options, recovery }: Tcb): RuleId {
  if (recovery.phase === 'loss') return 'resend-after-timeout';
  return options.sack ? 'sack-resend' : 'resend-lost';
}

/** The rule by which cwnd grows. */
export function growthRule({ config }: Tcb, slowStart: boolean): RuleId {
  if (slowStart) return 'slow-start';
  return config.congestionControl === 'cubic' ? 'cubic-growth' : 'congestion-avoidance';
}

/** The rule by which cwnd begins. */
export function initialWindowRule({ config, counters }: Tcb): RuleId {
  if (counters.retransmissions >= config.synLossesForSmallWindow) return 'initial-window-after-loss';
  return config.initialWindowSegments === null ? 'initial-window-classic' : 'initial-window';
}
