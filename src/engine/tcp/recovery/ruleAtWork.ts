/** Which RFC is at work: the same step of recovery follows one rule with SACK, another without, and after a timeout a third. */
import type { RuleId } from '../../rules';
import type { Tcb } from '../tcb';

type Step = 'recovery-begins' | 'recovery-ends' | 'fast-retransmit' | 'frto-new-data' | 'frto-spurious' | 'frto-undone';

/** By which rule a connection with SACK takes each step. */
const WITH_SACK: Readonly<Record<Step, RuleId>> = {
  'recovery-begins': 'sack-recovery-begins',
  'recovery-ends': 'sack-recovery-ends',
  'fast-retransmit': 'sack-retransmit',
  'frto-new-data': 'frto-sack-new-data',
  'frto-spurious': 'frto-sack-spurious',
  'frto-undone': 'frto-sack-undone',
};

/** What RACK does in another way than RFC 6675. */
const WITH_RACK: Partial<Readonly<Record<Step, RuleId>>> = {
  'recovery-begins': 'rack-recovery-begins',
  'fast-retransmit': 'rack-retransmit',
};

/** The rule by which this connection takes a step of recovery. */
export function stepRule({ options, config }: Tcb, step: Step): RuleId {
  if (!options.sack) return step;
  return (config.rack ? WITH_RACK[step] : undefined) ?? WITH_SACK[step];
}

/** What has shown that a reduction was needless, where `mayUndo` says so: DSACKs of all that was sent again, else the timestamps. */
export function undoRule({ recovery }: Tcb): RuleId {
  return recovery.undoResent === 0 ? 'dsack-undone' : 'reduction-undone';
}

/** The rule by which a segment that is taken to be lost goes again as the window has room. */
export function resendRule({ options, recovery, config }: Tcb): RuleId {
  if (recovery.phase === 'loss') return recovery.narrowed ? 'resend-narrowed' : 'resend-after-timeout';
  if (!options.sack) return 'resend-lost';
  return config.rack ? 'rack-resend' : 'sack-resend';
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
