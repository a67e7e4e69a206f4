import type { SegmentRecord } from '../engine/events';
import { connection, hostNames, segmentRecords } from '../engine/sim/world';
import { type Capture, datagramBytes, encodeDatagram } from '../engine/wire';
import { causeText } from './causes';
import { markSegments, type SegmentMarks } from './marks';
import type { Session } from './session';

/** The length fields of IPv4 and IPv6 end here (RFC 791 section 3.1, RFC 8200 section 3). */
const MAX_DATAGRAM_BYTES = 0xffff;

/**
 * What a capture of the run holds: each segment once, as it left its sender, on the interface of the host that sent it.
 * Segments that get lost on the way are in it, copies that the network makes are not; comments say why TCP sent each
 * segment, and what became of it. Virtual time 0 is the beginning of 1970.
 */
export function captureSession(session: Session, application: string, comment: string): Capture {
  const { world } = session.stateAt(session.momentCount - 1);
  const names = hostNames(world);
  const records = segmentRecords(world);
  const marks = markSegments(records);
  return {
    application,
    comment,
    interfaces: names.map((name) => ({ name, description: `${name} at ${connection(world, name).local.address}` })),
    datagrams: records.flatMap((record, index) => {
      if (!isOnTheWire(record)) return [];
      return {
        interfaceIndex: names.indexOf(record.from),
        timeUs: record.timeUs,
        bytes: encodeDatagram(record.segment),
        comments: commentsOn(record, marks[index]),
      };
    }),
  };
}

/** Whether a capture at the sender sees it: not a copy from within the network, nor what no datagram can hold. */
export function isOnTheWire({ duplicate, segment }: SegmentRecord): boolean {
  const { source, destination } = segment;
  return (
    !duplicate &&
    source.address.includes(':') === destination.address.includes(':') &&
    datagramBytes(segment) <= MAX_DATAGRAM_BYTES
  );
}

function commentsOn({ cause, networkCause }: SegmentRecord, marked: SegmentMarks | undefined): string[] {
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
