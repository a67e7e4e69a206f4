import type { SegmentId } from '../events';
import { NO_OCTETS } from '../octets';
import type { Segment, SegmentOptions } from '../segment';
import { FLAG } from '../segment';
import type { Seq } from '../seq';
import { seq, seqAdd } from '../seq';
import { arrives } from './arrives';
import type { TcpContext } from './context';
import { causeOf } from './context';
import { isnOffset } from './isn';
import { startSequenceAt, takeSyn } from './lifecycle';
import { timestampAt } from './options';
import { replyReset } from './replies';
import type { Tcb } from './tcb';
import { discard, enterState } from './trace';
import { beginWindows, endWindows } from './windowTrace';

/** A counter in the cookie goes on once in this time, and the cookie counts until the counter has gone on twice. */
const COUNTER_US = 64_000_000;
const COUNTER_SHIFT = 27;
const COUNTER_MASK = 0x1f;
const MSS_SHIFT = 24;
const MSS_MASK = 0x7;
const HASH_MASK = 0xff_ffff;

/** How long after the last cookie an ACK may still bring one back, in microseconds. */
export const COOKIE_LIFETIME_US = 2 * COUNTER_US;

/** The MSS values that a cookie can remember: the largest that is no larger than the announced one counts. */
const MSS_TABLE: readonly number[] = [64, 216, 536, 1220, 1300, 1440, 1460, 8940];

/** What a SYN without the MSS option counts as (RFC 9293 section 3.7.1, MUST-15). */
const DEFAULT_MSS = 536;

/** The options that ride in the low bits of the timestamp: the window scale (15: none), and whether SACK is permitted. */
const OPTION_BITS = 0x3f;
const SCALE_BITS = 0x0f;
const NO_SCALE = 15;
const SACK_BIT = 0x10;

/** The window scale shift that counts as the largest (RFC 7323 section 2.3). */
const MAX_SHIFT = 14;

/** A number that spreads the counter over all bits. */
const SPREAD = 0x9e37_79b1;

/**
 * The ISN that remembers a SYN in place of a TCB (RFC 4987 section 3.6): five bits of a counter of time, three for the MSS,
 * and 24 bits that nobody can guess of the sockets, the other side's ISN and the counter.
 */
export function cookie(segment: Segment, remoteIss: Seq, counter: number, mssIndex: number, secret: number): Seq {
  const key = ((secret ^ remoteIss) + Math.imul(counter + 1, SPREAD)) >>> 0;
  const hash = isnOffset(segment.destination, segment.source, key) & HASH_MASK;
  return seq(counter * 2 ** COUNTER_SHIFT + mssIndex * 2 ** MSS_SHIFT + hash);
}

function counterAt(nowUs: number): number {
  return Math.floor(nowUs / COUNTER_US) & COUNTER_MASK;
}

/** Answers a SYN by a SYN-ACK whose ISN is a cookie, and remembers nothing. */
export function replyCookie(tcb: Tcb, segment: Segment, id: SegmentId, ctx: TcpContext): void {
  ctx.trigger = { kind: 'segment', segment: id };
  tcb.lastTrigger = ctx.trigger;
  discard(tcb, id, ctx, 'syn-cookie');
  const mssIndex = mssIndexOf(segment.options.mss ?? DEFAULT_MSS);
  tcb.owed.replies.push({
    segment: {
      source: segment.destination,
      destination: segment.source,
      seq: cookie(segment, segment.seq, counterAt(ctx.nowUs), mssIndex, ctx.isnSecret),
      ack: seqAdd(segment.seq, 1),
      flags: FLAG.SYN | FLAG.ACK,
      wnd: Math.min(tcb.rcv.wnd, 0xffff),
      up: 0,
      options: cookieOptions(tcb, segment, ctx.nowUs),
      payload: NO_OCTETS,
      ecn: 0,
    },
    cause: causeOf(ctx, 'syn-cookie'),
  });
}

function mssIndexOf(announced: number): number {
  let index = 0;
  for (let i = 1; i < MSS_TABLE.length; i++) if ((MSS_TABLE[i] ?? 0) <= announced) index = i;
  return index;
}

/** With timestamps the window scale and SACK can be remembered by whoever sends the timestamp back; else they are not offered. */
function cookieOptions({ config }: Tcb, { options }: Segment, nowUs: number): SegmentOptions {
  const mss = config.mssBytes;
  if (!config.timestamps || options.ts === undefined) return { mss };
  const scales = options.wscale !== undefined && config.windowScale !== null;
  const sackOK = options.sackOK === true && config.sack;
  const scale = scales ? Math.min(options.wscale, MAX_SHIFT) : NO_SCALE;
  const bits = scale | (sackOK ? SACK_BIT : 0);
  const now = timestampAt(nowUs);
  const stamp = (now & ~OPTION_BITS) | bits;
  // A timestamp must not lie ahead of the clock, or later ones would look old.
  const shown = (stamp >>> 0 > now ? stamp - (OPTION_BITS + 1) : stamp) >>> 0;
  return {
    mss,
    ...(scales ? { wscale: config.windowScale ?? 0 } : {}),
    ...(sackOK ? { sackOK } : {}),
    ts: [shown, options.ts[0]],
  };
}

/**
 * An ACK that arrives in LISTEN while cookies are about: one that brings a cookie back opens the connection, as if its SYN
 * had been remembered; any other is reset. `accept` is asked last whether there is room.
 */
export function takeCookie(tcb: Tcb, segment: Segment, id: SegmentId, ctx: TcpContext, accept: () => boolean): void {
  ctx.trigger = { kind: 'segment', segment: id };
  tcb.lastTrigger = ctx.trigger;
  const iss = seqAdd(segment.ack, -1);
  const remoteIss = seqAdd(segment.seq, -1);
  if (!isCookie(segment, iss, remoteIss, ctx)) {
    discard(tcb, id, ctx, 'cookie-wrong');
    replyReset(tcb, segment, ctx, 'cookie-wrong');
    return;
  }
  if (!accept()) return;
  tcb.counters.segmentsReceived++;
  tcb.remote = segment.source;
  startSequenceAt(tcb, iss);
  beginWindows(tcb, ctx);
  takeSyn(tcb, rememberedSyn(tcb, segment, iss, remoteIss), ctx.nowUs);
  enterState(tcb, 'SYN-RECEIVED', ctx, 'cookie-accepted');
  arrives(tcb, withoutEcho(segment), id, ctx);
  endWindows(tcb, ctx);
}

function isCookie(segment: Segment, iss: Seq, remoteIss: Seq, ctx: TcpContext): boolean {
  const counter = iss >>> COUNTER_SHIFT;
  const age = (counterAt(ctx.nowUs) - counter) & COUNTER_MASK;
  const mssIndex = (iss >>> MSS_SHIFT) & MSS_MASK;
  return age <= 1 && cookie(segment, remoteIss, counter, mssIndex, ctx.isnSecret) === iss;
}

/** The SYN, as far as the cookie and the timestamp tell of it. */
function rememberedSyn({ config }: Tcb, segment: Segment, iss: Seq, remoteIss: Seq): Segment {
  const mss = MSS_TABLE[(iss >>> MSS_SHIFT) & MSS_MASK] ?? 0;
  const { ts } = segment.options;
  const bits = config.timestamps && ts !== undefined ? ts[1] & OPTION_BITS : NO_SCALE;
  const scale = bits & SCALE_BITS;
  return {
    ...segment,
    seq: remoteIss,
    flags: FLAG.SYN,
    payload: NO_OCTETS,
    options: {
      mss,
      ...(scale === NO_SCALE ? {} : { wscale: scale }),
      ...((bits & SACK_BIT) === 0 ? {} : { sackOK: true }),
      ...(ts === undefined ? {} : { ts }),
    },
  };
}

/** The timestamp that comes back tells of options and not of a time, so that no round-trip time is measured by it. */
function withoutEcho(segment: Segment): Segment {
  const { ts } = segment.options;
  return ts === undefined ? segment : { ...segment, options: { ...segment.options, ts: [ts[0], 0] } };
}
