import { octetsFromText } from '../../../src/engine/octets';
import type { Segment, SegmentOptions } from '../../../src/engine/segment';
import { FLAG, NO_OPTIONS } from '../../../src/engine/segment';
import { seq } from '../../../src/engine/seq';
import { decodeDatagram, encodeDatagram } from '../../../src/engine/wire';
import { decodeOptions, encodeOptions } from '../../../src/engine/wire/options';
import { type Check, same } from './check';

function segment(options: SegmentOptions = NO_OPTIONS, flags: number = FLAG.ACK): Segment {
  return {
    source: { address: '10.0.0.1', port: 49_152 },
    destination: { address: '10.0.0.2', port: 80 },
    seq: seq(1001),
    ack: seq(5001),
    flags,
    wnd: 65_535,
    up: 0,
    options,
    payload: octetsFromText('odd'),
    ecn: 0,
  };
}

const IP_BYTES = 20;

/** The sum of RFC 9293 section 3.1 over the pseudo-header and the segment, as a receiver reckons it: all ones when right. */
function sumOf(datagram: Uint8Array): number {
  const tcp = datagram.subarray(IP_BYTES);
  const pseudo = [...datagram.subarray(12, 20), 0, 6, tcp.length >> 8, tcp.length & 0xff];
  const octets = [...pseudo, ...tcp, ...(tcp.length % 2 === 0 ? [] : [0])];
  let sum = 0;
  for (let at = 0; at < octets.length; at += 2) sum += (octets[at] ?? 0) * 256 + (octets[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return sum;
}

function checksumIsSent(): void {
  same('the sum over the segment', sumOf(encodeDatagram(segment())), 0xffff);
  const other = encodeDatagram({ ...segment(), source: { address: '10.0.0.9', port: 49_152 } });
  same('the sum over a segment from another address', sumOf(other), 0xffff);
}

function checksumIsChecked(): void {
  for (let octet = IP_BYTES; octet < IP_BYTES + 23; octet++) {
    const datagram = encodeDatagram(segment());
    datagram[octet] = (datagram[octet] ?? 0) ^ 0x10;
    const decoded = decodeDatagram(datagram);
    same(`a segment with octet ${octet} damaged`, decoded.ok ? 'taken' : decoded.error, 'checksum');
  }
}

const MSS_536 = [2, 4, 0x02, 0x18];

/** What is read of an option field, given octet by octet. */
function read(...octets: readonly number[]): SegmentOptions {
  return decodeOptions(Uint8Array.from(octets)).options;
}

function mandatoryOptions(): void {
  const decoded = decodeOptions(Uint8Array.from([1, 1, ...MSS_536, 0, 0, ...[3, 3]]));
  same('No-Operation, MSS, End of Option List', decoded, { options: { mss: 536 }, wellFormed: true });
}

function unknownOptions(): void {
  same('an experiment (253) before the MSS', read(253, 4, 9, 9, ...MSS_536), { mss: 536 });
  same('an unknown option as a whole', decodeOptions(Uint8Array.from([253, 2, 253, 4, 0, 0])).wellFormed, true);
}

function impossibleLengths(): void {
  for (const length of [0, 1, 40, 255]) {
    const decoded = decodeOptions(Uint8Array.from([...MSS_536, 3, length, 7, 1]));
    same(`a window scale option of length ${length}`, decoded, { options: { mss: 536 }, wellFormed: false });
  }
  same('an option without a length', decodeOptions(Uint8Array.from([...MSS_536, 1, 1, 1, 8])).wellFormed, false);
}

function anyAlignment(): void {
  for (let nops = 0; nops < 4; nops++) {
    same(`an MSS after ${nops} No-Operations`, read(...Array<number>(nops).fill(1), ...MSS_536), { mss: 536 });
  }
  same('two options without padding', read(3, 3, 7, ...MSS_536, 4, 2), { wscale: 7, mss: 536, sackOK: true });
}

/** Each set of options that a TCP may send. */
const SENT: readonly SegmentOptions[] = [
  { mss: 1460 },
  { mss: 1460, sackOK: true },
  { mss: 1460, wscale: 7 },
  { mss: 1460, sackOK: true, ts: [7, 0], wscale: 7 },
  { ts: [7, 8] },
  { sack: [[seq(1), seq(2)]] },
  { ts: [7, 8], sack: [[seq(1), seq(2)]] },
];

/** The octets of the field, taken apart: kinds with their length, and what stands after End of Option List. */
function takenApart(options: SegmentOptions): { kinds: number[]; rest: number[] } {
  const octets = [...encodeOptions(options)];
  const kinds: number[] = [];
  let at = 0;
  while (at < octets.length && octets[at] !== 0) {
    const kind = octets[at] ?? 0;
    const length = kind === 1 ? 1 : (octets[at + 1] ?? 0);
    const least = kind === 1 ? 1 : 2;
    if (length < least || at + length > octets.length) throw new Error(`the option ${kind} has the length ${length}`);
    if (kind !== 1) kinds.push(kind);
    at += length;
  }
  return { kinds, rest: octets.slice(at) };
}

function lengthsAreSent(): void {
  const kinds: Readonly<Record<keyof SegmentOptions, number>> = { mss: 2, wscale: 3, sackOK: 4, sack: 5, ts: 8 };
  for (const options of SENT) {
    const wanted = Object.keys(options).map((name) => kinds[name as keyof SegmentOptions]);
    same(JSON.stringify(options), takenApart(options).kinds.sort(), wanted.sort());
  }
}

function paddingIsZero(): void {
  for (const options of SENT) {
    same(`${JSON.stringify(options)} in whole words`, encodeOptions(options).length % 4, 0);
    same(
      'octets other than 0 after End of Option List',
      takenApart(options).rest.filter((octet) => octet !== 0),
      [],
    );
  }
}

/** An IPv4 header with eight octets of an option that nobody knows, in front of a segment. */
function ipOptionsAreSkipped(): void {
  const plain = encodeDatagram(segment({ mss: 536 }, FLAG.SYN));
  const datagram = Uint8Array.from([
    ...plain.subarray(0, IP_BYTES),
    30,
    8,
    1,
    2,
    3,
    4,
    5,
    6,
    ...plain.subarray(IP_BYTES),
  ]);
  const view = new DataView(datagram.buffer);
  view.setUint8(0, 0x47);
  view.setUint16(2, datagram.length);
  view.setUint16(10, 0);
  let sum = 0;
  for (let at = 0; at < IP_BYTES + 8; at += 2) sum += view.getUint16(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  view.setUint16(10, ~sum & 0xffff);
  const decoded = decodeDatagram(datagram);
  same('the segment behind an IP option', decoded.ok ? decoded.segment.options : decoded.error, { mss: 536 });
}

/** What the octets of a segment show (RFC 9293 sections 3.1, 3.2 and 3.9.2). */
export const WIRE_CHECKS: readonly Check[] = [
  { ids: ['MUST-2'], title: 'the octets of a segment carry the right checksum', run: checksumIsSent },
  { ids: ['MUST-3'], title: 'whichever octet is damaged, the segment is thrown away', run: checksumIsChecked },
  { ids: ['MUST-4'], title: 'End of Option List, No-Operation and MSS are read', run: mandatoryOptions },
  { ids: ['MUST-6'], title: 'unknown options are passed over', run: unknownOptions },
  { ids: ['MUST-7'], title: 'impossible lengths end the list and nothing else', run: impossibleLengths },
  { ids: ['MUST-64'], title: 'options begin anywhere', run: anyAlignment },
  { ids: ['MUST-68'], title: 'each option that is sent has its length', run: lengthsAreSent },
  { ids: ['MUST-69'], title: 'padding is zeros', run: paddingIsZero },
  { ids: ['MUST-50'], title: 'IP options are passed over', run: ipOptionsAreSkipped },
];
