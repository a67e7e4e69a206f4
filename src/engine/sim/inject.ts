import { parseActor } from '../actor';
import type { Octets } from '../octets';
import { NO_OCTETS, octetsFromText, octetsLength, octetsOfPattern } from '../octets';
import type { SegmentPattern } from '../pattern';
import { resolveSeq } from '../pattern';
import type { Endpoint, Segment, SegmentOptions } from '../segment';
import { FLAG, NO_OPTIONS } from '../segment';
import type { Seq } from '../seq';
import { seq, seqDiff } from '../seq';
import { createConnection } from '../tcp/connection';
import type { Tcb } from '../tcp/tcb';
import { nameOfSocket, slotWith } from './slots';
import type { Host, World } from './state';
import { hostNamed, mainSlot } from './state';
import { seqBaseOf } from './transit';

/** The IPv4 total length field bounds a datagram; 60 octets are the longest TCP header. */
const MAX_FORGED_BYTES = 65_535 - 20 - 60;
const ZERO = seq(0);

/** A forged segment, or what keeps it from being made, in one sentence for people. */
export type Forged = { readonly ok: true; readonly segment: Segment } | { readonly ok: false; readonly error: string };

/** Whom a forged segment claims to come from: whose numbers and address it bears. */
export interface ClaimedSender {
  readonly name: string;
  /** null for a socket that nobody has. */
  readonly host: Host | null;
  readonly tcb: Tcb;
}

/**
 * The connection that a segment claims to come from: `server:bob` names it; a host alone means its connection with
 * `towards`, else its main one. A socket that nobody has is one of a TCP like the forger's that is CLOSED.
 */
export function claimedSender(
  world: World,
  injector: Host,
  as: string | Endpoint,
  towards: string | null,
): ClaimedSender {
  if (typeof as !== 'string') {
    const tcb = createConnection({ ...injector.config, address: as.address, port: as.port });
    return { name: nameOfSocket(world, as), host: null, tcb };
  }
  const { host: name, peer } = parseActor(as);
  const host = hostNamed(world, name);
  const wanted = peer ?? towards;
  const found = wanted === null ? null : slotWith(world, host, wanted);
  return { name, host, tcb: (found ?? mainSlot(world, host)).tcb };
}

/**
 * Makes the segment that `pattern` describes as if `as` had sent it. What the pattern leaves open has the value that
 * this host's TCP would use now: SEQ = SND.NXT, ACK = RCV.NXT (0 without the ACK bit), WND = RCV.WND; payload carries
 * ACK; a SYN announces the host's MSS. `towards` null means the host that this TCP is connected to, else the only other one.
 */
export function forge(
  world: World,
  injector: Host,
  as: ClaimedSender,
  towards: Host | null,
  pattern: SegmentPattern,
): Forged {
  const problem = problemOf(pattern);
  if (problem !== null) return { ok: false, error: problem };
  const { tcb } = as;
  const destination = destinationOf(world, injector, as, towards);
  if (destination === null) {
    return {
      ok: false,
      error: `It is not clear to which host the forged segment goes, because ${as.name} is connected to none.`,
    };
  }
  const flags = pattern.kind === 'data' ? FLAG.ACK | FLAG.PSH : pattern.flags;
  const source = tcb.local;
  const blank = blankSegment(source, destination, flags);
  const base = seqBaseOf(world, blank);
  const segmentSeq = pattern.seq === null ? tcb.snd.nxt : resolveSeq(pattern.seq, base.senderIss);
  return {
    ok: true,
    segment: {
      ...blank,
      seq: segmentSeq,
      ack: pattern.ack === null ? usualAck(tcb, flags) : resolveSeq(pattern.ack, base.receiverIss),
      wnd: pattern.wnd ?? Math.min(tcb.rcv.wnd, 0xffff),
      up: pattern.up ?? 0,
      options: optionsOf(pattern, tcb, flags),
      payload: payloadOf(pattern, segmentSeq, base.senderIss),
    },
  };
}

/** Why no header can hold what the pattern says; null when one can. */
function problemOf(pattern: SegmentPattern): string | null {
  if (pattern.kind === 'any') return 'A forged segment needs its flags or its length, such as RST or 10 bytes.';
  const lengthBytes = pattern.text === null ? (pattern.lengthBytes ?? 0) : octetsLength(octetsFromText(pattern.text));
  if (lengthBytes > MAX_FORGED_BYTES) {
    return `One segment can not hold ${lengthBytes} bytes: at most ${MAX_FORGED_BYTES} fit an IP datagram.`;
  }
  const fields = { win: pattern.wnd, up: pattern.up, mss: pattern.options?.mss ?? null };
  for (const [name, value] of Object.entries(fields)) {
    if (value !== null && (value < 0 || value > 0xffff))
      return `${name} ${value} does not fit its field: it goes from 0 to 65535.`;
  }
  const wscale = pattern.options?.wscale ?? 0;
  return wscale < 0 || wscale > 0xff ? `wscale ${wscale} does not fit its field: it goes from 0 to 255.` : null;
}

function blankSegment(source: Endpoint, destination: Endpoint, flags: number): Segment {
  return {
    source,
    destination,
    seq: ZERO,
    ack: ZERO,
    flags,
    wnd: 0,
    up: 0,
    options: NO_OPTIONS,
    payload: NO_OCTETS,
    ecn: 0,
  };
}

function destinationOf(
  world: World,
  injector: Host,
  { host: sender, tcb }: ClaimedSender,
  towards: Host | null,
): Endpoint | null {
  if (towards !== null) {
    if (tcb.remote !== null && tcb.peer === towards.config.name) return tcb.remote;
    return { address: towards.config.address, port: towards.config.port };
  }
  if (tcb.remote !== null) return tcb.remote;
  const others = world.hosts.filter((host) => host !== sender && host !== injector);
  const only = others.length === 1 ? others[0] : undefined;
  return only === undefined ? null : { address: only.config.address, port: only.config.port };
}

function usualAck(tcb: Tcb, flags: number): Seq {
  return (flags & FLAG.ACK) === 0 ? ZERO : tcb.rcv.nxt;
}

function optionsOf(pattern: SegmentPattern, { config }: Tcb, flags: number): SegmentOptions {
  if (pattern.options !== null) return pattern.options;
  return (flags & FLAG.SYN) === 0 ? NO_OPTIONS : { mss: config.mssBytes };
}

/** The text; else as many octets of the test pattern as asked for, at the place that their sequence number gives them. */
function payloadOf(pattern: SegmentPattern, segmentSeq: Seq, iss: Seq): Octets {
  if (pattern.text !== null) return octetsFromText(pattern.text);
  const lengthBytes = pattern.lengthBytes ?? 0;
  if (lengthBytes === 0) return NO_OCTETS;
  return octetsOfPattern(Math.max(0, seqDiff(segmentSeq, iss) - 1), lengthBytes);
}
