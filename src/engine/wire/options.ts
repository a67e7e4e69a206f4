import type { SegmentOptions } from '../segment';
import type { Seq } from '../seq';
import { seq } from '../seq';

/** Option kinds of the TCP header (RFC 9293 section 3.2; RFC 7323 for 3 and 8; RFC 2018 for 4 and 5). */
export const OPTION_KIND = { END: 0, NOP: 1, MSS: 2, WSCALE: 3, SACK_PERMITTED: 4, SACK: 5, TIMESTAMPS: 8 } as const;

/** The most octets that options can take: a header of 60 octets less 20. */
export const MAX_OPTION_BYTES = 40;

/** What was found in the option field of a header. */
export interface DecodedOptions {
  readonly options: SegmentOptions;
  /** False when an option's length is illegal, so that nothing after it can be read (RFC 9293 section 3.1, MUST-7). */
  readonly wellFormed: boolean;
}

/** How many octets `options` take in a header, padding to a multiple of four included. */
export function optionsLengthBytes(options: SegmentOptions): number {
  let length = options.mss === undefined ? 0 : 4;
  if (options.sackOK === true && !sharesWord(options)) length += 4;
  if (options.ts !== undefined) length += 12;
  if (options.wscale !== undefined) length += 4;
  if (options.sack !== undefined && options.sack.length > 0) length += 4 + 8 * options.sack.length;
  return length;
}

/** Whether timestamps follow SACK-permitted, which then stands where their NOPs would. */
function sharesWord(options: SegmentOptions): boolean {
  if (options.sackOK !== true || options.ts === undefined) return false;
  const names = Object.keys(options);
  return names[names.indexOf('sackOK') + 1] === 'ts';
}

/**
 * The option field, in the order of the properties of `options`; each option is aligned to four octets by NOPs. SACK-permitted
 * takes the place of the NOPs before timestamps that follow it, as most TCPs have it. More than {@link MAX_OPTION_BYTES} is a
 * bug of the caller: throws.
 */
export function encodeOptions(options: SegmentOptions): Uint8Array {
  const bytes: number[] = [];
  for (const name of Object.keys(options) as (keyof SegmentOptions)[]) WRITERS[name](bytes, options);
  if (bytes.length > MAX_OPTION_BYTES) throw new Error(`${bytes.length} octets of options do not fit a TCP header`);
  return Uint8Array.from(bytes);
}

/** Appends one option, if it is there, with the NOPs before it. */
type Writer = (bytes: number[], options: SegmentOptions) => void;

const WRITERS: Readonly<Record<keyof SegmentOptions, Writer>> = {
  mss: (bytes, { mss }) => {
    if (mss !== undefined) bytes.push(OPTION_KIND.MSS, 4, mss >> 8, mss & 0xff);
  },
  wscale: (bytes, { wscale }) => {
    if (wscale !== undefined) bytes.push(OPTION_KIND.NOP, OPTION_KIND.WSCALE, 3, wscale);
  },
  sackOK: (bytes, options) => {
    if (options.sackOK !== true) return;
    if (!sharesWord(options)) bytes.push(OPTION_KIND.NOP, OPTION_KIND.NOP);
    bytes.push(OPTION_KIND.SACK_PERMITTED, 2);
  },
  ts: (bytes, { ts }) => {
    if (ts === undefined) return;
    if (bytes.length % 4 === 0) bytes.push(OPTION_KIND.NOP, OPTION_KIND.NOP);
    bytes.push(OPTION_KIND.TIMESTAMPS, 10, ...uint32(ts[0]), ...uint32(ts[1]));
  },
  sack: (bytes, { sack }) => {
    if (sack === undefined || sack.length === 0) return;
    bytes.push(OPTION_KIND.NOP, OPTION_KIND.NOP, OPTION_KIND.SACK, 2 + 8 * sack.length);
    for (const [left, right] of sack) bytes.push(...uint32(left), ...uint32(right));
  },
};

function uint32(value: number): [number, number, number, number] {
  return [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Takes in the body of one option; a body of the wrong length is passed over. */
type Reader = (options: Mutable<SegmentOptions>, body: DataView) => void;

const READERS: Readonly<Record<number, Reader>> = {
  [OPTION_KIND.MSS]: (options, body) => {
    if (body.byteLength === 2) options.mss = body.getUint16(0);
  },
  [OPTION_KIND.WSCALE]: (options, body) => {
    // RFC 7323 section 2.3: a shift above 14 counts as 14.
    if (body.byteLength === 1) options.wscale = Math.min(body.getUint8(0), 14);
  },
  [OPTION_KIND.SACK_PERMITTED]: (options, body) => {
    if (body.byteLength === 0) options.sackOK = true;
  },
  [OPTION_KIND.SACK]: (options, body) => {
    if (body.byteLength > 0 && body.byteLength % 8 === 0) options.sack = readBlocks(body);
  },
  [OPTION_KIND.TIMESTAMPS]: (options, body) => {
    if (body.byteLength === 8) options.ts = [body.getUint32(0), body.getUint32(4)];
  },
};

function readBlocks(body: DataView): [Seq, Seq][] {
  const blocks: [Seq, Seq][] = [];
  for (let at = 0; at < body.byteLength; at += 8) blocks.push([seq(body.getUint32(at)), seq(body.getUint32(at + 4))]);
  return blocks;
}

/** Reads an option field. Unknown kinds are passed over by their length (RFC 9293 section 3.1, MUST-6). */
export function decodeOptions(bytes: Uint8Array): DecodedOptions {
  const options: Mutable<SegmentOptions> = {};
  let at = 0;
  while (at < bytes.length) {
    const kind = bytes[at] ?? OPTION_KIND.END;
    if (kind === OPTION_KIND.END) break;
    if (kind === OPTION_KIND.NOP) {
      at++;
      continue;
    }
    const length = bytes[at + 1] ?? 0;
    if (length < 2 || at + length > bytes.length) return { options, wellFormed: false };
    READERS[kind]?.(options, new DataView(bytes.buffer, bytes.byteOffset + at + 2, length - 2));
    at += length;
  }
  return { options, wellFormed: true };
}
