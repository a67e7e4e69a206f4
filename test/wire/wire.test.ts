import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
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
      const dissected = dissect(capture);
      const own = framesOf(run, session);
      expect(dissected.length).toBe(own.length);
      expect(dissected.map(flaw).filter((one) => one !== null)).toEqual([]);
      expect(dissected.every(({ comments }) => comments.length > 20)).toBe(true);
      const differing = judge(own, dissected).flatMap(disagreements);
      expect(differing.filter(({ reason }) => reason === null)).toEqual([]);
    }
  });
});
