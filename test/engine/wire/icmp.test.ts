import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ICMP_KINDS, type IcmpKind, isIcmpKind } from '../../../src/engine/icmp';
import { octetsOfPattern } from '../../../src/engine/octets';
import { FLAG, NO_OPTIONS, type Segment } from '../../../src/engine/segment';
import { seq } from '../../../src/engine/seq';
import { encodeDatagram, encodeIcmpDatagram, internetChecksum, ROUTER_ADDRESSES } from '../../../src/engine/wire';

const KINDS = Object.keys(ICMP_KINDS).filter(isIcmpKind);
const V6_KINDS = KINDS.filter((kind) => ICMP_KINDS[kind].v6 !== null);

const quotedV4: Segment = {
  source: { address: '10.0.0.1', port: 49152 },
  destination: { address: '10.0.0.2', port: 80 },
  seq: seq(1001),
  ack: seq(5001),
  flags: FLAG.ACK,
  wnd: 65535,
  up: 0,
  options: NO_OPTIONS,
  payload: octetsOfPattern(0, 1460),
  ecn: 0,
};
const quotedV6: Segment = {
  ...quotedV4,
  source: { address: '2001:db8::1', port: 49152 },
  destination: { address: '2001:db8::2', port: 80 },
};

const message = (kind: IcmpKind, quoted: Segment) => ({
  kind,
  mtuBytes: kind === 'fragmentation-needed' ? 1400 : 0,
  quoted,
});

describe('ICMP', () => {
  test.each(KINDS)('%s has its type and code, right checksums, and quotes the datagram', (kind) => {
    const bytes = encodeIcmpDatagram(message(kind, quotedV4), null);
    expect([...bytes.subarray(20, 22)]).toEqual([...ICMP_KINDS[kind].v4]);
    expect(internetChecksum(bytes.subarray(0, 20))).toBe(0);
    expect(internetChecksum(bytes.subarray(20))).toBe(0);
    expect(bytes.length).toBe(576);
    expect(bytes[9]).toBe(1);
    expect(bytes.subarray(12, 16).join('.')).toBe(ROUTER_ADDRESSES.v4);
    expect(bytes.subarray(28)).toEqual(encodeDatagram(quotedV4).subarray(0, 548));
  });

  test('the next-hop MTU stands in the low half of the second word', () => {
    const bytes = encodeIcmpDatagram(message('fragmentation-needed', quotedV4), '10.0.0.9');
    expect([...bytes.subarray(24, 28)]).toEqual([0, 0, 1400 >> 8, 1400 & 0xff]);
    expect(bytes.subarray(12, 16).join('.')).toBe('10.0.0.9');
  });

  test('a short datagram is quoted whole', () => {
    const quoted = { ...quotedV4, payload: octetsOfPattern(0, 5) };
    expect(encodeIcmpDatagram(message('host-unreachable', quoted), null).length).toBe(20 + 8 + 45);
  });
});

describe('ICMPv6', () => {
  test.each(V6_KINDS)('%s has its type and code, and a right checksum over the pseudo-header', (kind) => {
    const bytes = encodeIcmpDatagram(message(kind, quotedV6), null);
    expect([...bytes.subarray(40, 42)]).toEqual(ICMP_KINDS[kind].v6);
    expect(bytes.length).toBe(1280);
    const pseudo = new Uint8Array(40);
    pseudo.set(bytes.subarray(8, 40));
    new DataView(pseudo.buffer).setUint32(32, bytes.length - 40);
    pseudo[39] = 58;
    const whole = new Uint8Array([...pseudo, ...bytes.subarray(40)]);
    expect(internetChecksum(whole)).toBe(0);
  });

  test('has no source quench', () => {
    expect(() => encodeIcmpDatagram(message('source-quench', quotedV6), null)).toThrow('no message source-quench');
  });
});

/** tshark's reading of datagrams, one line each; null where there is no tshark. */
function tsharkReads(datagrams: readonly Uint8Array[]): string[] | null {
  const folder = mkdtempSync(join(tmpdir(), 'tcpscript-icmp-'));
  try {
    const file = join(folder, 'icmp.pcap');
    writeFileSync(file, captureOf(datagrams));
    const fields = ['ip.checksum.status', 'icmp.checksum.status', 'icmp.mtu', 'icmpv6.checksum.status', 'icmpv6.mtu'];
    const args = ['-o', 'ip.check_checksum:TRUE', '-r', file, '-T', 'fields', '-E', 'occurrence=f'];
    const columns = [...fields, '_ws.malformed'].flatMap((field) => ['-e', field]);
    const text = execFileSync('tshark', [...args, ...columns], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return text.split('\n').filter((line) => line !== '');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A capture of raw IP: link type 101. */
function captureOf(datagrams: readonly Uint8Array[]): Uint8Array {
  const parts = datagrams.flatMap((bytes) => {
    const head = new DataView(new ArrayBuffer(16));
    head.setUint32(8, bytes.length, true);
    head.setUint32(12, bytes.length, true);
    return [...new Uint8Array(head.buffer), ...bytes];
  });
  const file = new DataView(new ArrayBuffer(24));
  file.setUint32(0, 0xa1b2c3d4, true);
  file.setUint16(4, 2, true);
  file.setUint16(6, 4, true);
  file.setUint32(16, 65_535, true);
  file.setUint32(20, 101, true);
  return new Uint8Array([...new Uint8Array(file.buffer), ...parts]);
}

test('tshark finds nothing wrong with any of them', ({ skip }) => {
  const datagrams = [
    ...KINDS.map((kind) => encodeIcmpDatagram(message(kind, quotedV4), null)),
    ...V6_KINDS.map((kind) => encodeIcmpDatagram(message(kind, quotedV6), null)),
  ];
  const read = tsharkReads(datagrams);
  if (read === null) {
    skip('tshark is not installed');
    return;
  }
  expect(read).toHaveLength(datagrams.length);
  expect(read[0]).toBe('1\t1\t1400\t\t\t');
  expect(read[KINDS.length]).toBe('\t\t\t1\t1400\t');
  for (const line of read) expect(line).toMatch(/^(1\t1\t\d*\t\t\t|\t\t\t1\t\d*\t)$/);
});
