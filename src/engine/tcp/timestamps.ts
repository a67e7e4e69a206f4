import type { SegmentId } from '../events';
import type { Segment } from '../segment';
import { FLAG, segLen } from '../segment';
import { seqAdd, seqLeq, seqMin } from '../seq';
import type { TcpContext } from './context';
import { timestampAt } from './options';
import { oweAck } from './replies';
import { takeSample } from './rto';
import { noteDuplicate } from './selectiveAcks';
import type { Tcb } from './tcb';
import { discard } from './trace';

/** TS.Recent is no longer believed after 24 days of silence (RFC 7323 section 5.5). */
const OUTDATED_US = 24 * 86_400 * 1e6;

/** Protection against wrapped sequences (RFC 7323 section 5.3, R1). True to go on with the first check. */
export function withTimestamp(tcb: Tcb, segment: Segment, id: SegmentId, ctx: TcpContext): boolean {
  const { options } = tcb;
  if (!options.timestamps || (segment.flags & FLAG.RST) !== 0) return true;
  const { ts } = segment.options;
  if (ts === undefined) {
    if (!tcb.config.timestampsRequired) return true;
    discard(tcb, id, ctx, 'timestamp-missing');
    return false;
  }
  if (options.tsRecent === null || !isBefore(ts[0], options.tsRecent)) return true;
  if (ctx.nowUs - options.tsRecentAtUs > OUTDATED_US) return true;
  noteDuplicate(tcb, segment.seq, seqMin(seqAdd(segment.seq, segLen(segment)), tcb.rcv.nxt));
  discard(tcb, id, ctx, 'timestamp-old');
  oweAck(tcb, ctx, 'timestamp-old');
  return false;
}

/** TS.Recent takes SEG.TSval of a segment that begins at or before Last.ACK.sent (RFC 7323 section 4.3, (2) and (3)). */
export function updateRecent(tcb: Tcb, segment: Segment, ctx: TcpContext): void {
  const { options } = tcb;
  const { ts } = segment.options;
  if (!options.timestamps || ts === undefined || !seqLeq(segment.seq, options.lastAckSent)) return;
  if (options.tsRecent !== null && isBefore(ts[0], options.tsRecent)) return;
  options.tsRecent = ts[0];
  options.tsRecentAtUs = ctx.nowUs;
}

/** RTTM: TSecr says when the segment that is acknowledged now left, even when it was sent twice (RFC 7323 section 4.1). */
export function takeTimestampSample(tcb: Tcb, segment: Segment, ctx: TcpContext): void {
  const { ts } = segment.options;
  if (!tcb.options.timestamps || ts === undefined || ts[1] === 0 || tcb.rto.timing !== null) return;
  const ticks = (timestampAt(ctx.nowUs) - ts[1]) | 0;
  if (ticks >= 0) takeSample(tcb.rto, Math.max(1, ticks) * 1000, tcb.config);
}

/** `a < b` for timestamps, which wrap like sequence numbers (RFC 7323 section 5.2). */
function isBefore(a: number, b: number): boolean {
  return ((a - b) | 0) < 0;
}
