import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SegmentRecord } from '../../src/engine/events';
import { segmentRecords } from '../../src/engine/sim/world';
import { encodeDatagram, encodePcapng } from '../../src/engine/wire';
import { compileScript } from '../../src/script';
import { isOnTheWire } from '../../src/session/capture';
import { markSegments, type SegmentMarks } from '../../src/session/marks';
import { Session } from '../../src/session/session';

const ROOT = join(import.meta.dirname, '../..');

/** Where the scripts of the project are. */
const FOLDERS = ['examples', 'test/wire/scripts', 'test/rfc', 'test/reference/linux', 'test/reference/linux-more'];

/** One segment as our capture has it, with our marks. */
export interface OurFrame {
  /** `test/reference/linux/ecn.tcpscript`, and the scenario's title when it has one. */
  readonly run: string;
  readonly record: SegmentRecord;
  readonly marked: SegmentMarks;
}

/** All scripts below the folders that have any, relative to the project. */
export function allScripts(): string[] {
  return FOLDERS.flatMap((folder) => scriptsBelow(folder)).sort();
}

function scriptsBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return scriptsBelow(path);
    return entry.name.endsWith('.tcpscript') ? [path] : [];
  });
}

/** Two TCPs that a forged segment has set at odds acknowledge for ever: this many events show how. */
const LIMITS = { maxEvents: 3000 };

/** Every scenario of a script, run to its end or to a bound. */
export function runsOf(path: string): { readonly run: string; readonly session: Session }[] {
  return compileScript(readFileSync(join(ROOT, path), 'utf8')).program.scenarios.map((scenario) => {
    const session = new Session(scenario, { keep: 'moments', limits: LIMITS });
    session.runToEnd();
    return { run: scenario.title === '' ? path : `${path}: ${scenario.title}`, session };
  });
}

/** The frames of a run, as they are in its capture. */
export function framesOf(run: string, session: Session): OurFrame[] {
  const records = segmentRecords(session.stateAt(session.momentCount - 1).world);
  const marks = markSegments(records);
  return records.flatMap((record, index) => {
    const marked = marks[index];
    return marked === undefined || !isOnTheWire(record) ? [] : [{ run, record, marked }];
  });
}

/**
 * Many runs in one capture file, each with addresses of its own: for Wireshark the same addresses and ports would be the
 * same connection.
 */
export function captureOfMany(frames: readonly OurFrame[]): Uint8Array {
  const runs = [...new Set(frames.map(({ run }) => run))];
  const numbers = new Map(runs.map((run, number) => [run, number]));
  const hosts = new Map<string, string[]>();
  return encodePcapng({
    application: 'test',
    comment: '',
    interfaces: [{ name: 'wire', description: 'all runs' }],
    datagrams: frames.map(({ run, record }) => {
      const known = hosts.get(run) ?? [];
      hosts.set(run, known);
      const renamed = (address: string): string => {
        if (!known.includes(address)) known.push(address);
        return addressOf(numbers.get(run) ?? 0, known.indexOf(address) + 1, address.includes(':'));
      };
      const { segment } = record;
      const source = { ...segment.source, address: renamed(segment.source.address) };
      const destination = { ...segment.destination, address: renamed(segment.destination.address) };
      return {
        interfaceIndex: 0,
        timeUs: record.timeUs,
        bytes: encodeDatagram({ ...segment, source, destination }),
        comments: [],
      };
    }),
  });
}

function addressOf(run: number, host: number, isIpv6: boolean): string {
  return isIpv6 ? `fd00:${run.toString(16)}::${host}` : `10.${run >> 8}.${run & 0xff}.${host}`;
}
