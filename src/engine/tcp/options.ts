import type { Segment, SegmentOptions } from '../segment';
import { FLAG, NO_OPTIONS } from '../segment';
import type { Seq } from '../seq';
import { seq } from '../seq';
import { offeredScale } from './receiveMemory';
import { sackBlocks } from './selectiveAcks';
import type { Tcb } from './tcb';

/** What the two SYNs agreed on, and what timestamps have to remember (RFC 7323, RFC 2018). */
export interface NegotiatedOptions {
  /** Snd.Wind.Shift: how far the remote windows are shifted; 0 without window scaling (RFC 7323 section 2.3). */
  sndShift: number;
  /** Rcv.Wind.Shift: how far our own windows are shifted. */
  rcvShift: number;
  /** Both SYNs had the window scale option. */
  scaling: boolean;
  /** Snd.TS.OK: every segment carries timestamps (RFC 7323 section 3.2). */
  timestamps: boolean;
  /** Both sides permit SACK (RFC 2018 section 2). */
  sack: boolean;
  /** TS.Recent: the TSval that goes back as TSecr, 0 to 2^32 - 1; null before the first (RFC 7323 section 4.3). */
  tsRecent: number | null;
  /** When TS.Recent was taken. */
  tsRecentAtUs: number;
  /** Last.ACK.sent: RCV.NXT as it stood in the last segment with an ACK (RFC 7323 section 4.3). */
  lastAckSent: Seq;
}

/** Default send MSS when no MSS option came (RFC 9293 section 3.7.1, MUST-15). */
const DEFAULT_MSS_IPV4 = 536;
const DEFAULT_MSS_IPV6 = 1220;

/** Octets of the timestamps option with its padding (RFC 7323 appendix A). */
const TIMESTAMP_BYTES = 12;

/** The timestamp clock ticks every millisecond (RFC 7323 section 5.4: 1 ms to 1 s). */
const TICK_US = 1000;

/** Before the SYNs: nothing is agreed on. */
export function freshOptions(): NegotiatedOptions {
  return {
    sndShift: 0,
    rcvShift: 0,
    scaling: false,
    timestamps: false,
    sack: false,
    tsRecent: null,
    tsRecentAtUs: 0,
    lastAckSent: seq(0),
  };
}

/** The timestamp clock at this time, 1 at the start, since 0 means "none" to many TCPs (RFC 7323 section 5.4). */
export function timestampAt(nowUs: number): number {
  return (Math.floor(nowUs / TICK_US) + 1) >>> 0;
}

/**
 * The options of a SYN or SYN-ACK: the MSS always goes along (RFC 9293 section 3.7.1, MAY-3); a SYN-ACK has of the others
 * only what the SYN had (RFC 7323 section 1.3).
 */
export function synOptions(tcb: Tcb, nowUs: number): SegmentOptions {
  const { config, options, irs } = tcb;
  const answers = irs !== null;
  const mss = config.mssBytes;
  const shift = offeredScale(tcb);
  const scale = answers ? options.scaling : shift !== null;
  const stamps = answers ? options.timestamps : config.timestamps;
  const sackOK = answers ? options.sack : config.sack;
  if (!scale && !stamps && !sackOK) return { mss };
  // The order of the properties is the order on the wire.
  const wscale = scale ? { wscale: shift ?? 0 } : {};
  return {
    mss,
    ...(config.scaleOptionFirst ? wscale : {}),
    ...(sackOK ? { sackOK } : {}),
    ...(stamps ? { ts: [timestampAt(nowUs), options.tsRecent ?? 0] as const } : {}),
    ...wscale,
  };
}

/** The options of a segment without SYN. */
export function segmentOptions(tcb: Tcb, nowUs: number, acks: boolean): SegmentOptions {
  const { options } = tcb;
  const blocks = acks && options.sack ? sackBlocks(tcb) : null;
  if (!options.timestamps) return blocks === null ? NO_OPTIONS : { sack: blocks };
  const ts = [timestampAt(nowUs), options.tsRecent ?? 0] as const;
  return blocks === null ? { ts } : { ts, sack: blocks };
}

/** Takes in the options of the remote SYN (RFC 9293 section 3.7.1, MUST-14 and MUST-15; RFC 7323 section 1.3; RFC 2018 section 2). */
export function takeSynOptions(tcb: Tcb, segment: Segment, nowUs: number): void {
  const fallback = tcb.config.address.includes(':') ? DEFAULT_MSS_IPV6 : DEFAULT_MSS_IPV4;
  const { config, options } = tcb;
  const { mss, wscale, ts, sackOK } = segment.options;
  // An MSS of 0 says nothing and counts as none.
  tcb.snd.mssBytes = mss || fallback;
  const shift = offeredScale(tcb);
  const scaled = wscale !== undefined && shift !== null;
  options.sndShift = scaled ? Math.min(wscale, 14) : 0;
  options.rcvShift = scaled ? shift : 0;
  options.scaling = scaled;
  options.sack = sackOK === true && config.sack;
  options.timestamps = ts !== undefined && config.timestamps;
  options.tsRecent = ts !== undefined && config.timestamps ? ts[0] : null;
  options.tsRecentAtUs = nowUs;
}

/** SEG.WND in bytes: shifted, except in a SYN (RFC 7323 section 2.2). */
export function scaledWindow(tcb: Tcb, segment: Segment): number {
  const isSyn = (segment.flags & FLAG.SYN) !== 0;
  return isSyn ? segment.wnd : segment.wnd << tcb.options.sndShift;
}

/**
 * Eff.snd.MSS, the most payload in one segment, in bytes (RFC 9293 section 3.7.1, MUST-16). MMS_S is what the
 * host's interface and the path take (RFC 1191 section 3); what timestamps and SACK blocks take is not there for data
 * (RFC 6691 section 3.1). At least 1, so that an absurd option can not stop the flow.
 */
export function effectiveSendMss(tcb: Tcb): number {
  const full = fullSegmentBytes(tcb);
  if (!tcb.options.sack) return full;
  const blocks = sackBlocks(tcb);
  return blocks === null ? full : Math.max(1, full - 4 - 8 * blocks.length);
}

/** The size of a full segment, whatever SACK blocks ride on the next one: what the congestion window counts in. */
export function fullSegmentBytes(tcb: Tcb): number {
  const optionBytes = tcb.options.timestamps ? TIMESTAMP_BYTES : 0;
  const full = Math.max(1, sendMss(tcb) - optionBytes);
  return tcb.config.halfWindowSegments && full > tcb.snd.maxWnd >> 1 ? halfWindow(tcb, full) : full;
}

/** The MSS that everybody takes: a window below it is no reason to cut segments (RFC 9293 section 3.7.1). */
const USUAL_MSS_BYTES = 536;
/** Half of a tiny window is not below this (RFC 791: every host takes 68 octets; Linux: tcp_bound_to_half_wnd). */
const LEAST_SEGMENT_BYTES = 28;

function halfWindow(tcb: Tcb, full: number): number {
  const { maxWnd } = tcb.snd;
  const most = maxWnd > USUAL_MSS_BYTES ? maxWnd >> 1 : maxWnd;
  return most === 0 ? full : Math.min(full, Math.max(most, LEAST_SEGMENT_BYTES));
}

/** min(SendMSS + 20, MMS_S) - 20 of RFC 9293 section 3.7.1: what the remote side takes, what the host's interface takes, what the path takes. */
function sendMss(tcb: Tcb): number {
  return Math.min(tcb.snd.mssBytes, tcb.path.mssBytes);
}
