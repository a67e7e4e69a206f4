import type { Cause, EngineEvent } from '../engine/events';
import type { RuleId } from '../engine/rules';
import type { ChainSource } from './chain';

/** A decision of the step that set a move off. */
export interface Decision {
  readonly event: Extract<EngineEvent, { kind: 'note' | 'window' }>;
  readonly moment: number;
}

const LOSSES: readonly RuleId[] = [
  'duplicates-loss',
  'partial-ack-loss',
  'sack-loss',
  'rack-loss',
  'reordering-timeout',
];
/** Decisions by which segments are taken to be lost. */
const FOUND_LOST: readonly RuleId[] = [...LOSSES, 'timeout-slow-start'];
/** What makes room for something to leave. */
const ROOM: readonly RuleId[] = [
  'ack-advances',
  'window-updated',
  'slow-start',
  'congestion-avoidance',
  'cubic-growth',
  'recovery-ends',
  'sack-recovery-ends',
  'timeout-recovered',
  'narrowed-recovered',
  'reduction-undone',
  'dsack-undone',
  'frto-undone',
  'frto-sack-undone',
  'window-inflated',
  'proportional-reduction',
];

/** Which decisions bear on a move, by the rule that asked for the move. Other decisions of the step say nothing about it. */
const BEARS: Partial<Record<RuleId, readonly RuleId[]>> = {
  'fin-wait-2': ['ack-advances'],
  'closing-time-wait': ['ack-advances'],
  'last-ack-closed': ['ack-advances'],
  'close-acknowledged': ['ack-advances'],
  'send-completed': ['ack-advances'],
  'rto-all-acknowledged': ['ack-advances'],
  'rto-restart': ['ack-advances'],
  'slow-start': ['ack-advances'],
  'congestion-avoidance': ['ack-advances'],
  'cubic-growth': ['ack-advances'],
  'send-data': ROOM,
  'resend-after-probe': ROOM,
  'close-established': ROOM,
  'close-close-wait': ROOM,
  'fast-retransmit': [...LOSSES, 'recovery-begins'],
  'sack-retransmit': [...LOSSES, 'sack-recovery-begins'],
  'rack-retransmit': [...LOSSES, 'rack-recovery-begins'],
  'partial-ack-retransmit': LOSSES,
  'resend-lost': ROOM,
  'sack-resend': ROOM,
  'rack-resend': ROOM,
  'resend-narrowed': [...ROOM, 'path-mtu-lowered', 'path-mtu-guessed'],
  'sack-resend-gap': ROOM,
  'resend-after-timeout': ROOM,
  'recovery-begins': LOSSES,
  'sack-recovery-begins': LOSSES,
  'rack-recovery-begins': LOSSES,
  'recovery-ends': ['ack-advances'],
  'sack-recovery-ends': ['ack-advances'],
  'timeout-recovered': ['ack-advances'],
  'narrowed-recovered': ['ack-advances'],
  'window-keeps-segments': ['path-mtu-lowered', 'path-mtu-guessed', 'path-mtu-forgotten'],
  'retransmission-timeout': ['timeout-slow-start'],
  'persist-start': ['window-updated'],
  'window-update': ['receive-window-opens'],
};

/** Rules by which something that had been found to be lost waited for room. */
const RESENDS: readonly RuleId[] = [
  'resend-lost',
  'sack-resend',
  'rack-resend',
  'resend-narrowed',
  'resend-after-timeout',
];

/** How many moments are looked through for the decision by which a segment was found to be lost. */
const MOST_MOMENTS_BACK = 64;

/**
 * The decisions that bear on the move of `host` in `moment`, in order: those of the arrival or timeout that its cause
 * names. None where moments are not kept; of the move's own moment only those before `before`.
 */
export function decisionsFor(
  source: ChainSource,
  cause: Cause,
  host: string,
  moment: number | null,
  before: EngineEvent | null,
): Decision[] {
  const wanted = BEARS[cause.rule];
  if (wanted === undefined || source.moments === null || moment === null) return [];
  const found = ofMoment(source, wanted, host, stepOf(source, cause, host, moment), before);
  return RESENDS.includes(cause.rule) ? [...lossFound(source, host, moment), ...found] : found;
}

/** The moment of the arrival or timeout that a cause names. */
function stepOf({ log, moments }: ChainSource, { trigger }: Cause, host: string, moment: number): number | null {
  if (trigger.kind === 'segment') return log.arrived.get(trigger.segment) || null;
  if (trigger.kind !== 'timer') return null;
  for (let index = moment; index >= Math.max(0, moment - MOST_MOMENTS_BACK); index--) {
    const found = moments?.(index);
    if (found?.timer === trigger.timer && found.host === host) return index;
  }
  return null;
}

function ofMoment(
  { moments }: ChainSource,
  wanted: readonly RuleId[],
  host: string,
  moment: number | null,
  before: EngineEvent | null,
): Decision[] {
  const events = moment === null ? null : (moments?.(moment)?.events ?? null);
  if (events === null || moment === null) return [];
  const found = new Map<RuleId, Decision>();
  for (const event of events) {
    if (event === before) break;
    if (event.kind !== 'note' && event.kind !== 'window') continue;
    // A window that moved says more than the note of the same rule.
    if (event.host === host && wanted.includes(event.cause.rule)) found.set(event.cause.rule, { event, moment });
  }
  return [...found.values()];
}

/** A segment that waited for room in the window had been found to be lost before. */
function lossFound(source: ChainSource, host: string, moment: number): Decision[] {
  for (let index = moment; index >= Math.max(0, moment - MOST_MOMENTS_BACK); index--) {
    const found = ofMoment(source, FOUND_LOST, host, index, null);
    if (found.length > 0) return found.slice(-1);
  }
  return [];
}
