import type { SegmentRecord } from '../engine/events';
import type { RuleId } from '../engine/rules';

/** Rules by which a segment is thrown away and nothing answers it: on a diagram nothing follows its arrow. */
const SILENT: ReadonlySet<RuleId> = new Set<RuleId>([
  'backlog-full',
  'connection-limit',
  'closed-ignores-reset',
  'listen-ignores-reset',
  'listen-drops-other',
  'syn-sent-reset-bad-ack',
  'syn-sent-reset-no-ack',
  'syn-sent-drops-other',
  'time-wait-ignores-reset',
  'timestamp-old-ack',
  'timestamp-missing',
  'reset-outside-window',
  'no-ack-dropped',
  'challenge-limit',
  'unacceptable-unanswered',
  'timestamp-old-unanswered',
  'reset-unanswered',
  'syn-unanswered',
  'ack-not-yet-sent-unanswered',
  'ack-too-old-unanswered',
  'checksum',
  'syn-to-many',
  'syn-from-nobody',
]);

/** The rule by which the TCP that a segment reached threw it away without a word; null where it did not. */
export function silentDiscard({ discarded }: SegmentRecord): RuleId | null {
  return discarded != null && SILENT.has(discarded) ? discarded : null;
}
