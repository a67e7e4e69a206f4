import type { SegmentId } from '../events';
import type { Segment } from '../segment';
import { FLAG, segLen } from '../segment';
import { seqAdd, seqLeq, seqLt, seqMin } from '../seq';
import { startQuickAcks } from './ackPacing';
import type { TcpContext } from './context';
import { timestampAt } from './options';
import { dropAndChallenge } from './replies';
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
  if (ts === undefined) return goesWithoutTimestamp(tcb, id, ctx);
  if (options.tsRecent === null || !isBefore(ts[0] + tcb.config.timestampSlackTicks, options.tsRecent)) return true;
  return isSparedOld(tcb, segment, (options.tsRecent - ts[0]) | 0, id, ctx);
}

/** A segment without timestamps is dropped where the host insists on them (RFC 7323 section 3.2). */
function goesWithoutTimestamp(tcb: Tcb, id: SegmentId, ctx: TcpContext): boolean {
  if (!tcb.config.timestampsRequired) return true;
  discard(tcb, id, ctx, 'timestamp-missing');
  return false;
}

/** A segment whose timestamp is `ticksLate` before TS.Recent is dropped and answered, unless TS.Recent is outdated or it is an ACK to be spared. */
function isSparedOld(tcb: Tcb, segment: Segment, ticksLate: number, id: SegmentId, ctx: TcpContext): boolean {
  if (ctx.nowUs - tcb.options.tsRecentAtUs > OUTDATED_US) return true;
  if (tcb.config.timestampSparesAcks && isBareAck(segment)) {
    if (isDuplicateAck(tcb, segment, ticksLate)) return true;
    if (seqLt(segment.seq, tcb.rcv.nxt)) {
      discard(tcb, id, ctx, 'timestamp-old-ack');
      return false;
    }
  }
  if (segLen(segment) > 0 && seqLt(segment.seq, tcb.rcv.nxt)) startQuickAcks(tcb, tcb.config.quickAcks);
  if (dropAndChallenge(tcb, segment, id, ctx, 'timestamp-old'))
    noteDuplicate(tcb, segment.seq, seqMin(seqAdd(segment.seq, segLen(segment)), tcb.rcv.nxt));
  return false;
}

/** Whether the segment's timestamp is older than the last one taken, with no slack. */
export function timestampIsOld(tcb: Tcb, segment: Segment): boolean {
  const { tsRecent, timestamps } = tcb.options;
  const { ts } = segment.options;
  if (!timestamps || ts === undefined || tsRecent === null || (segment.flags & FLAG.RST) !== 0) return false;
  return isBefore(ts[0], tsRecent);
}

function isBareAck(segment: Segment): boolean {
  return segLen(segment) === 0 && (segment.flags & FLAG.ACK) !== 0;
}

/** A duplicate ACK that was overtaken, by no more than the RTO, is news all the same (Linux: tcp_disordered_ack_check). */
function isDuplicateAck(tcb: Tcb, segment: Segment, ticksLate: number): boolean {
  return segment.seq === tcb.rcv.nxt && segment.ack === tcb.snd.una && ticksLate * 1000 <= tcb.rto.rtoUs;
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
