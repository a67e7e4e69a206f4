import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileScript } from '../../src/script';
import { reportRun, type SegmentReport } from '../../src/session/report';
import { Session } from '../../src/session/session';

const FOLDER = join(import.meta.dirname, '../reference/linux');

interface TraceSegment {
  readonly from: string;
  readonly flags: readonly string[];
  readonly seq: number;
  readonly ack: number | null;
  readonly len: number;
  readonly fate: string;
}

interface Trace {
  readonly stable_senders: readonly string[];
  readonly segments: readonly TraceSegment[];
}

/** What a trace and a run have to agree on. PSH is a matter of the sockets' buffering and is not compared. */
interface Line {
  readonly flags: string;
  readonly seq: number;
  readonly ack: number | null;
  readonly len: number;
  readonly lost: boolean;
}

function lineOf(segment: TraceSegment | SegmentReport): Line {
  return {
    flags: [...segment.flags]
      .filter((flag) => flag !== 'PSH')
      .sort()
      .join('-'),
    seq: segment.seq,
    ack: segment.ack,
    len: segment.len,
    lost: segment.fate.startsWith('drop'),
  };
}

function run(name: string) {
  const { program, diagnostics } = compileScript(readFileSync(join(FOLDER, `${name}.tcpscript`), 'utf8'));
  expect(diagnostics).toEqual([]);
  const sessions = program.scenarios.map((scenario) => new Session(scenario));
  for (const session of sessions) session.runToEnd();
  const [scenario] = reportRun(name, sessions, diagnostics).scenarios;
  if (scenario === undefined) throw new Error(`${name} has no scenario`);
  return scenario;
}

describe('traces of Linux 6.18, sender by sender', () => {
  const names = readdirSync(FOLDER)
    .filter((file) => file.endsWith('.tcpscript'))
    .map((file) => basename(file, '.tcpscript'));

  it.each(names)('%s', (name) => {
    const trace = JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as Trace;
    const ours = run(name);
    expect(ours.outcome).toBe('passed');
    expect(trace.stable_senders.length).toBeGreaterThan(0);
    for (const sender of trace.stable_senders) {
      const theirs = trace.segments.filter(({ from }) => from === sender).map(lineOf);
      expect(ours.segments.filter(({ from }) => from === sender).map(lineOf), sender).toEqual(theirs);
    }
  });
});
