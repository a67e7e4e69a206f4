import type { SegmentRecord } from '../engine/events';
import type { RuleId } from '../engine/rules';
import { segLen } from '../engine/segment';
import { segmentCount, segmentRecord, type World } from '../engine/sim/world';

/** So many segments running that only answer each other are taken for an exchange that never ends. */
const RUN_LENGTH = 1_000;

/** Rules by which a segment that can not be right is answered by an ACK. */
const ANSWERS: ReadonlySet<RuleId> = new Set<RuleId>([
  'unacceptable-ack',
  'ack-not-yet-sent',
  'ack-too-old',
  'timestamp-old',
]);

/**
 * What keeps a run going where two TCPs disagree about what was sent, so that each takes the ACKs of the other for wrong
 * ones and answers them (RFC 5961 section 7); null when the last segments are not of that kind.
 */
export function endlessAcks(world: World): string | null {
  const last = segmentCount(world);
  if (last < RUN_LENGTH) return null;
  const { from, to } = segmentRecord(world, last);
  for (let id = last; id > last - RUN_LENGTH; id--) {
    if (!isAnswer(segmentRecord(world, id), from, to)) return null;
  }
  return `The last ${RUN_LENGTH} segments are ACKs by which ${from} and ${to} answer each other: they disagree about what was sent, and each takes the other's ACK for a wrong one. With \`challenge-ack-limit 500ms\` a host does not answer the next one so soon, which ends it (RFC 5961 section 7).`;
}

function isAnswer({ cause, from, to, segment, injected }: SegmentRecord, one: string, other: string | null): boolean {
  const isBetween = (from === one && to === other) || (from === other && to === one);
  return isBetween && !injected && segLen(segment) === 0 && ANSWERS.has(cause.rule);
}
