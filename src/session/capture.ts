import type { IcmpRecord, SegmentRecord } from '../engine/events';
import type { Segment } from '../engine/segment';
import { connection, hostNames, icmpRecords, segmentRecords, type World, worldTimeUs } from '../engine/sim/world';
import {
  type Capture,
  type CapturedDatagram,
  datagramBytes,
  encodeDatagram,
  encodeIcmpDatagram,
  isIpv6,
} from '../engine/wire';
import { causeText } from './causes';
import { markSegments, type SegmentMarks } from './marks';
import type { Session } from './session';

/** The length fields of IPv4 and IPv6 end here (RFC 791 section 3.1, RFC 8200 section 3). */
const MAX_DATAGRAM_BYTES = 0xffff;

/** A socket that no host has, as it is named: `203.0.113.9:80`, `[2001:db8::9]:80`. */
const SOCKET = /^\[?(.*?)\]?:\d+$/;

/**
 * What a capture of the run holds: each segment and each ICMP message once, as it left its sender, on the interface of the
 * host that sent it; routers share one. What gets lost on the way is in it, copies that the network makes are not; comments
 * say why each was sent, and what became of it. Virtual time 0 is the beginning of 1970.
 */
export function captureSession(session: Session, application: string, comment: string): Capture {
  const { world } = session.stateAt(session.momentCount - 1);
  const names = hostNames(world);
  const messages = icmpRecords(world).filter((record) => isIcmpOnTheWire(world, record));
  const interfaces = names.map((name) => ({
    name,
    description: `${name} at ${connection(world, name).local.address}`,
  }));
  const routers = messages.some(({ from }) => from === null)
    ? [{ name: 'routers', description: 'the routers half-way along the links' }]
    : [];
  return {
    application,
    comment,
    interfaces: [...interfaces, ...routers],
    datagrams: merged(
      segmentDatagrams(world, names),
      messages.map((record) => icmpDatagram(world, names, record)),
    ),
  };
}

function segmentDatagrams(world: World, names: readonly string[]): CapturedDatagram[] {
  const records = segmentRecords(world);
  const marks = markSegments(records);
  return records.flatMap((record, index) => {
    if (!isOnTheWire(record)) return [];
    return {
      interfaceIndex: names.indexOf(record.from),
      timeUs: record.timeUs,
      bytes: encodeDatagram(record.segment),
      comments: commentsOn(record, marks[index]),
    };
  });
}

function icmpDatagram(world: World, names: readonly string[], record: IcmpRecord): CapturedDatagram {
  const { from, timeUs, message } = record;
  return {
    interfaceIndex: from === null ? names.length : names.indexOf(from),
    timeUs,
    bytes: encodeIcmpDatagram(message, icmpSource(world, record)),
    comments: commentsOn(record, undefined),
  };
}

/** The address that an ICMP message bears; null for a router, which has none of its own. */
function icmpSource(world: World, { from, as }: IcmpRecord): string | null {
  const claimed = as ?? from;
  if (claimed === null) return null;
  if (hostNames(world).includes(claimed)) return connection(world, claimed).local.address;
  return SOCKET.exec(claimed)?.[1] ?? claimed;
}

/** Both lists, each in order of time, as one; of the same time, segments go first. */
function merged(segments: readonly CapturedDatagram[], messages: readonly CapturedDatagram[]): CapturedDatagram[] {
  if (messages.length === 0) return [...segments];
  return [...segments, ...messages].sort((a, b) => a.timeUs - b.timeUs);
}

/** Whether a capture at the sender sees it: not a copy from within the network, nor what no datagram can hold. */
export function isOnTheWire({ duplicate, segment }: SegmentRecord): boolean {
  return !duplicate && fitsDatagram(segment);
}

function fitsDatagram(segment: Segment): boolean {
  const { source, destination } = segment;
  return isIpv6(source.address) === isIpv6(destination.address) && datagramBytes(segment) <= MAX_DATAGRAM_BYTES;
}

/** The same for an ICMP message; one that a router was still to send when the run ended is not. */
export function isIcmpOnTheWire(world: World, record: IcmpRecord): boolean {
  const { quoted } = record.message;
  const source = icmpSource(world, record);
  const isSameVersion = source === null || isIpv6(source) === isIpv6(quoted.source.address);
  return fitsDatagram(quoted) && isSameVersion && record.timeUs <= worldTimeUs(world);
}

function commentsOn(
  { cause, networkCause }: Pick<SegmentRecord, 'cause' | 'networkCause'>,
  marked: SegmentMarks | undefined,
): string[] {
  const { text, reference } = causeText(cause);
  const why = reference === null ? text : `${text} (${reference})`;
  const line = cause.line === null ? '' : ` Line ${cause.line} of the script led to it.`;
  const number = marked?.duplicateAck ?? null;
  const marks = (marked?.marks ?? []).map((mark) => (mark === 'duplicate-ack' ? `${mark} #${number}` : mark));
  return [
    `${why}${line}`,
    ...(marks.length === 0 ? [] : [`TCPScript marks it: ${marks.join(', ')}.`]),
    ...(networkCause ? [`The network: ${causeText(networkCause).text}`] : []),
  ];
}
