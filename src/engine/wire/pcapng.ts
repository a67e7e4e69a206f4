import { octetsFromText, octetsToBytes } from '../octets';

/**
 * The capture file format that Wireshark writes (draft-ietf-opsawg-pcapng), little-endian: one section, an interface
 * block for each interface, then an enhanced packet block for each datagram.
 */
const BLOCK = { SECTION: 0x0a0d0d0a, INTERFACE: 1, ENHANCED_PACKET: 6 } as const;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const VERSION = { MAJOR: 1, MINOR: 0 } as const;
/** The length of the section is not told. */
const UNKNOWN_LENGTH = 0xffff_ffff;
/** Datagrams without a link layer, IPv4 or IPv6. */
const LINKTYPE_RAW = 101;
/** Of options: the end of the list; a comment; the name, description and time resolution of an interface; the way of a packet. */
const OPTION = { END: 0, COMMENT: 1, APPLICATION: 4, NAME: 2, DESCRIPTION: 3, TIME_RESOLUTION: 9, FLAGS: 2 } as const;
/** Times count in units of 10^-6 seconds. */
const MICROSECONDS = 6;
const OUTBOUND = 2;
/** An option's length is a field of 16 bits. */
const MAX_TEXT_BYTES = 0xffff;

/** One datagram as an interface saw it. */
export interface CapturedDatagram {
  /** Index into {@link Capture.interfaces}. */
  readonly interfaceIndex: number;
  /** Microseconds since 1970-01-01 00:00:00 UTC, 0 to 2^53 - 1. */
  readonly timeUs: number;
  /** An IP datagram, whole. */
  readonly bytes: Uint8Array;
  /** What is said of it; each is a comment of its own. */
  readonly comments: readonly string[];
}

/** What a capture file holds. */
export interface Capture {
  /** The program that made it. */
  readonly application: string;
  /** What is said of the whole; empty for nothing. */
  readonly comment: string;
  readonly interfaces: readonly { readonly name: string; readonly description: string }[];
  /** In order of time. */
  readonly datagrams: readonly CapturedDatagram[];
}

/** An option of a block: its code and its octets. */
type Option = readonly [code: number, body: Uint8Array];

/** The octets of a pcapng file. */
export function encodePcapng({ application, comment, interfaces, datagrams }: Capture): Uint8Array {
  return joined([
    sectionBlock(application, comment),
    ...interfaces.map(({ name, description }) => interfaceBlock(name, description)),
    ...datagrams.map(packetBlock),
  ]);
}

function sectionBlock(application: string, comment: string): Uint8Array {
  const body = new DataView(new ArrayBuffer(16));
  body.setUint32(0, BYTE_ORDER_MAGIC, true);
  body.setUint16(4, VERSION.MAJOR, true);
  body.setUint16(6, VERSION.MINOR, true);
  body.setUint32(8, UNKNOWN_LENGTH, true);
  body.setUint32(12, UNKNOWN_LENGTH, true);
  const comments: Option[] = comment === '' ? [] : [[OPTION.COMMENT, text(comment)]];
  return block(BLOCK.SECTION, [octets(body)], [...comments, [OPTION.APPLICATION, text(application)]]);
}

function interfaceBlock(name: string, description: string): Uint8Array {
  const body = new DataView(new ArrayBuffer(8));
  body.setUint16(0, LINKTYPE_RAW, true);
  return block(
    BLOCK.INTERFACE,
    [octets(body)],
    [
      [OPTION.NAME, text(name)],
      [OPTION.DESCRIPTION, text(description)],
      [OPTION.TIME_RESOLUTION, Uint8Array.of(MICROSECONDS)],
    ],
  );
}

function packetBlock({ interfaceIndex, timeUs, bytes, comments }: CapturedDatagram): Uint8Array {
  const body = new DataView(new ArrayBuffer(20));
  body.setUint32(0, interfaceIndex, true);
  body.setUint32(4, Math.floor(timeUs / 2 ** 32), true);
  body.setUint32(8, timeUs % 2 ** 32, true);
  body.setUint32(12, bytes.length, true);
  body.setUint32(16, bytes.length, true);
  return block(
    BLOCK.ENHANCED_PACKET,
    [octets(body), padded(bytes)],
    [
      [OPTION.FLAGS, Uint8Array.of(OUTBOUND, 0, 0, 0)],
      ...comments.map((comment): Option => [OPTION.COMMENT, text(comment)]),
    ],
  );
}

/** A block: type, length, body, options, and the length again, so that a file can be read from its end. */
function block(type: number, body: readonly Uint8Array[], options: readonly Option[]): Uint8Array {
  const inner = joined([...body, ...options.flatMap(option), ...option([OPTION.END, new Uint8Array(0)])]);
  const whole = new Uint8Array(inner.length + 12);
  const view = new DataView(whole.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, whole.length, true);
  whole.set(inner, 8);
  view.setUint32(whole.length - 4, whole.length, true);
  return whole;
}

function option([code, body]: Option): Uint8Array[] {
  const head = new DataView(new ArrayBuffer(4));
  head.setUint16(0, code, true);
  head.setUint16(2, body.length, true);
  return [octets(head), padded(body)];
}

/** UTF-8, cut off where an option can hold no more; never within a character. */
function text(value: string): Uint8Array {
  const bytes = octetsToBytes(octetsFromText(value));
  if (bytes.length <= MAX_TEXT_BYTES) return bytes;
  let end = MAX_TEXT_BYTES;
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end);
}

function octets(view: DataView): Uint8Array {
  return new Uint8Array(view.buffer);
}

/** Filled up with zeros to a multiple of four. */
function padded(bytes: Uint8Array): Uint8Array {
  if (bytes.length % 4 === 0) return bytes;
  const whole = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  whole.set(bytes);
  return whole;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
