import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** One datagram of a capture. */
export interface Captured {
  /** Seconds since the epoch. */
  readonly time: number;
  readonly bytes: Uint8Array;
}

const MAGIC_MICROSECONDS = 0xa1b2c3d4;
const LINKTYPE_RAW = 101;

/** The datagrams of `test/reference/linux/NAME.pcap`: little-endian, microseconds, raw IP. */
export function readCapture(name: string): Captured[] {
  const file = readFileSync(fileURLToPath(new URL(`../reference/linux/${name}.pcap`, import.meta.url)));
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (view.getUint32(0, true) !== MAGIC_MICROSECONDS || view.getUint32(20, true) !== LINKTYPE_RAW) {
    throw new Error(`${name}.pcap is no capture of raw IP`);
  }
  const captured: Captured[] = [];
  for (let at = 24; at < file.byteLength; ) {
    const length = view.getUint32(at + 8, true);
    const time = view.getUint32(at, true) + view.getUint32(at + 4, true) / 1e6;
    captured.push({ time, bytes: new Uint8Array(file.subarray(at + 16, at + 16 + length)) });
    at += 16 + length;
  }
  return captured;
}
