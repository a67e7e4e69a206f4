import type { SegmentRecord } from '../engine/events';
import type { RuleId } from '../engine/rules';
import { segLen } from '../engine/segment';
import { seqAdd, seqLeq, seqLt } from '../engine/seq';
import { segmentCount, segmentRecord, type World } from '../engine/sim/world';
import { silentDiscard } from './discards';
import { formatTimeUs } from './values';

/** How many segments are looked through for one that was lost. */
const MOST_SEARCHED = 2_000;

/** What became of a segment that had to be sent again. */
export interface Loss {
  /** The segment that the network, or the TCP that it reached, is to blame for: the first copy, or its acknowledgment. */
  readonly record: SegmentRecord;
  /** The rule by which that TCP threw it away without a word; null where it did not. */
  readonly discarded: RuleId | null;
  /** `was dropped by `drop next SYN``. */
  readonly what: string;
}

/** What became of the copy before this retransmission, or of the answer to it; null when it arrived and was taken. */
export function lossBehind(world: World, retransmission: SegmentRecord): Loss | null {
  const before = copyBefore(world, retransmission);
  if (before === null) return null;
  return fateOf(before, retransmission.timeUs) ?? lostAnswer(world, before, retransmission);
}

/** The segment that carried the first of these octets before; null when none of the last ones did. */
export function copyBefore(world: World, { id, segment, from }: SegmentRecord): SegmentRecord | null {
  for (let other = id - 1; other >= Math.max(1, id - MOST_SEARCHED); other--) {
    const record = segmentRecord(world, other);
    if (record.from !== from || record.injected || record.duplicate) continue;
    if (record.segment.destination.port !== segment.destination.port) continue;
    if (record.segment.destination.address !== segment.destination.address) continue;
    const { seq } = record.segment;
    if (seqLeq(seq, segment.seq) && seqLt(segment.seq, seqAdd(seq, segLen(record.segment)))) return record;
  }
  return null;
}

/** What kept a segment from being there and taken by some time; null when nothing did. */
export function fateOf(record: SegmentRecord, byUs: number): Loss | null {
  const { fate, fault, arriveUs, corrupted } = record;
  const by = fault === null ? '' : ` by \`${fault.text}\``;
  const discarded = silentDiscard(record);
  const loss = (what: string, by: RuleId | null = null): Loss => ({ record, discarded: by, what });
  if (fate === 'dropped' || fate === 'lost') return loss(`was ${fate}${by}`);
  if (corrupted) return loss(`was damaged${by}`);
  if (fate === 'held') return loss('is held on its way');
  if (arriveUs === null) return null;
  if (arriveUs > byUs) return loss(`is late${by}: it arrives at ${formatTimeUs(arriveUs)}`);
  return discarded === null ? null : loss(`was thrown away by ${record.to} at ${formatTimeUs(arriveUs)}`, discarded);
}

/** The segment that would have acknowledged `before`, when the network lost it. */
function lostAnswer(world: World, before: SegmentRecord, retransmission: SegmentRecord): Loss | null {
  const last = Math.min(segmentCount(world), retransmission.id - 1, before.id + MOST_SEARCHED);
  for (let id = before.id + 1; id <= last; id++) {
    const record = segmentRecord(world, id);
    const { trigger } = record.cause;
    if (record.from !== before.to || trigger.kind !== 'segment' || trigger.segment !== before.id) continue;
    const loss = fateOf(record, retransmission.timeUs);
    if (loss !== null) return loss;
  }
  return null;
}
