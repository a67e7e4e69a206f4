import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { icmpRecords } from '../../src/engine/sim/world';
import type { IcmpReport, SegmentReport } from '../../src/session/report';
import { cli } from '../cli/support';
import { allScripts, captureOfMany, framesOf, type OurFrame, runsOf } from './captures';
import { DIFFERENCES, disagreements, type Judged, judge, SHARED, type SharedMark } from './differences';
import { type Dissected, dissect, tsharkVersion } from './tshark';

const version = tsharkVersion();
// Vitest keeps the reason to itself.
if (version === null)
  process.stdout.write('skipped: the wire is not compared: tshark is not installed (Debian: apt install tshark)\n');

/** What is wrong with a frame, in words; null for a good one. */
function flaw({ malformed, ipChecksum, tcpChecksum, protocols }: Dissected): string | null {
  if (malformed !== '') return `malformed: ${malformed}`;
  if (!protocols.includes(':tcp')) return `no TCP: ${protocols}`;
  if (protocols.includes(':ip:') && ipChecksum !== '1') return `IP checksum status ${ipChecksum}`;
  return tcpChecksum === '1' ? null : `TCP checksum status ${tcpChecksum}`;
}

/** The same of a frame with an ICMP message, which quotes a segment that may be cut short. */
function icmpFlaw({ malformed, ipChecksum, icmpChecksum, protocols }: Dissected): string | null {
  if (malformed !== '') return `malformed: ${malformed}`;
  if (!/:icmp(v6)?:ipv?6?:tcp/.test(protocols)) return `no ICMP about a segment: ${protocols}`;
  if (protocols.includes(':ip:icmp') && !ipChecksum.startsWith('1')) return `IP checksum status ${ipChecksum}`;
  return icmpChecksum === '1' ? null : `ICMP checksum status ${icmpChecksum}`;
}

const isIcmp = ({ protocols }: Dissected): boolean => protocols.includes(':icmp');

function nameOf({ run, record }: OurFrame): string {
  return `${run} segment ${record.id} (${record.cause.rule})`;
}

describe.skipIf(version === null)('captures, read by tshark', () => {
  const frames =
    version === null
      ? []
      : allScripts().flatMap((path) => runsOf(path).flatMap(({ run, session }) => framesOf(run, session)));
  let judged: Judged[] = [];

  it('has every segment of every script, none malformed or with a bad checksum', () => {
    const dissected = dissect(captureOfMany(frames));
    expect(frames.length).toBeGreaterThan(3000);
    expect(dissected.length).toBe(frames.length);
    const flaws = dissected.map((frame, index) => ({ flaw: flaw(frame), index })).filter((one) => one.flaw !== null);
    expect(flaws).toEqual([]);
    judged = judge(frames, dissected);
  });

  it('agrees on retransmissions, fast retransmissions, duplicate ACKs and closed windows', () => {
    const found = judged.flatMap((one) => disagreements(one).map((each) => ({ ...each, name: nameOf(one.ours) })));
    const unexplained = found.filter(({ reason }) => reason === null);
    expect(unexplained.map(({ mark, name }) => `${mark}: ${name}`)).toEqual([]);
    expect([...new Set(found.map(({ reason }) => reason))].sort()).toEqual(Object.keys(DIFFERENCES).sort());
  });

  it('knows each of these marks from many segments', () => {
    const both: Record<SharedMark, number> = {
      retransmission: 0,
      'fast-retransmission': 0,
      'duplicate-ack': 0,
      'zero-window': 0,
    };
    for (const one of judged) {
      const differing = disagreements(one).map(({ mark }) => mark);
      for (const mark of SHARED) {
        if (one.ours.marked.marks.includes(mark) && !differing.includes(mark)) both[mark]++;
      }
    }
    expect(both.retransmission).toBeGreaterThan(80);
    expect(both['fast-retransmission']).toBeGreaterThan(10);
    expect(both['duplicate-ack']).toBeGreaterThan(150);
    expect(both['zero-window']).toBeGreaterThan(5);
  });
});

describe.skipIf(version === null)('what `run --format pcapng` writes, read by tshark', () => {
  const folder = join(import.meta.dirname, '../../examples');
  const names = readdirSync(folder).filter((name) => name.endsWith('.tcpscript'));

  it.each(names)('%s', async (name) => {
    const { code, bytes } = await cli(['run', '--format', 'pcapng', '--out', 'a.pcapng', name], {
      [name]: readFileSync(join(folder, name), 'utf8'),
    });
    expect(code).toBe(0);
    const runs = runsOf(`examples/${name}`);
    expect(Object.keys(bytes).filter((path) => path.startsWith('a')).length).toBe(runs.length);
    for (const [index, { run, session }] of runs.entries()) {
      const capture = bytes[runs.length === 1 ? 'a.pcapng' : `a-${index + 1}.pcapng`] ?? new Uint8Array();
      const all = dissect(capture);
      const dissected = all.filter((frame) => !isIcmp(frame));
      const own = framesOf(run, session);
      expect(dissected.length).toBe(own.length);
      const icmp = all.filter(isIcmp);
      expect(icmp.length).toBe(icmpRecords(session.stateAt(session.momentCount - 1).world).length);
      expect(icmp.map(icmpFlaw).filter((one) => one !== null)).toEqual([]);
      expect(dissected.map(flaw).filter((one) => one !== null)).toEqual([]);
      expect(all.every(({ comments }) => comments.length > 20)).toBe(true);
      const differing = judge(own, dissected).flatMap(disagreements);
      expect(differing.filter(({ reason }) => reason === null)).toEqual([]);
    }
  });
});

/** The capture of a script, as the command line writes it and tshark reads it, and the segments of its JSON report. */
async function bothOf(script: string) {
  const { bytes, code } = await cli(['run', '--format', 'pcapng', '--out', 'a.pcapng', 'a'], { a: script });
  const { out } = await cli(['run', '--format', 'json', 'a'], { a: script });
  const [scenario] = JSON.parse(out).scenarios as { segments: SegmentReport[]; icmp: IcmpReport[] }[];
  if (code !== 0 || scenario === undefined) throw new Error('the script does not pass');
  return { frames: dissect(bytes['a.pcapng'] ?? new Uint8Array()), ...scenario };
}

describe.skipIf(version === null)('numbers beside those of tshark', () => {
  const SACK = 'host client { sack on, isn 4294966000 }\nhost server { sack on, isn 77 }\n';
  const OPEN = 'server listen\nclient connect\nwait until server is ESTABLISHED\n';

  it('SACK blocks, those of duplicates too, count from the ISN of the data; the urgent pointer from the segment', async () => {
    const { frames, segments } = await bothOf(
      `${SACK}${OPEN}drop next data\nclient write 9000 bytes\nrun\nclient write 3 bytes urgent\nrun\n` +
        'duplicate next data by 30ms\nclient write 10 bytes\nrun\n',
    );
    const own = segments.filter(({ fate }) => fate !== 'duplicated');
    expect(frames.map(({ sack }) => sack)).toEqual(own.map(({ options }) => options.sack ?? []));
    expect(frames.map(({ urgentPointer }) => urgentPointer)).toEqual(own.map(({ up }) => up ?? 0));
    expect(own.flatMap(({ options }) => options.sack ?? [])).toContainEqual([1461, 2921]);
    expect(own.flatMap(({ options }) => options.sack ?? [])).toContainEqual([9004, 9014]);
    expect(own.flatMap(({ options }) => options.sackRaw ?? [])).toContainEqual([165, 1625]);
  });
});

describe.skipIf(version === null)('ICMP messages in a capture', () => {
  it.each([
    ['IPv4', 'host client at 10.0.0.1\nhost server at 10.0.0.2\nhost attacker at 10.0.0.66\n'],
    ['IPv6', 'host client at 2001:db8::1\nhost server at 2001:db8::2\nhost attacker at 2001:db8::66\n'],
  ])('are well-formed with %s, those of routers and forged ones', async (_name, hosts) => {
    const { frames, icmp } = await bothOf(
      `${hosts}link client -- server { mtu 1400 }\nserver listen\nclient connect\nwait until server is ESTABLISHED\n` +
        'client write 3000 bytes\nrun\n' +
        'attacker inject ICMP host-unreachable spoof server to client\nattacker inject ICMP port-unreachable to client\n' +
        'attacker inject ICMP time-exceeded spoof server\nattacker inject ICMP fragmentation-needed mtu 900 to client\nrun\n',
    );
    const messages = frames.filter(isIcmp);
    expect(messages.map(icmpFlaw).filter((one) => one !== null)).toEqual([]);
    expect(messages.length).toBe(icmp.length);
    expect(messages.length).toBeGreaterThan(5);
    expect(messages.every(({ comments }) => comments.length > 20)).toBe(true);
  });
});
