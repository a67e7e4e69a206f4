import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { congestionDifference, difference, runScript } from '../reference/compare';
import { EXPECTED_FAILURES } from '../reference/expectedFailures';
import type { Trace } from '../reference/trace';
import { traceScript } from '../reference/traceScript';

const REFERENCE = join(import.meta.dirname, '../reference');

function capturesIn(folder: string): string[] {
  return readdirSync(join(REFERENCE, folder))
    .filter((file) => file.endsWith('.json'))
    .map((file) => `${folder}/${basename(file, '.json')}`);
}

const names = ['linux', 'linux-more'].flatMap(capturesIn);
/** Made with `capture/`: their scripts are not kept. */
const ownNames = capturesIn('linux-own');

function readTrace(name: string): Trace {
  return JSON.parse(readFileSync(join(REFERENCE, `${name}.json`), 'utf8')) as Trace;
}

/** Everything in which the run of the script, the checked-in one where there is one, differs from the capture. */
function differences(name: string): string[] {
  const trace = readTrace(name);
  const script = ownNames.includes(name)
    ? traceScript(trace)
    : readFileSync(join(REFERENCE, `${name}.tcpscript`), 'utf8');
  const run = runScript(script);
  return trace.stable_senders
    .flatMap((side) => [difference(trace, run.report, side), congestionDifference(trace, run, side)])
    .filter((one) => one !== null);
}

describe('scripts of the captures', () => {
  it.each(names)('%s is written from its capture', async (name) => {
    await expect(traceScript(readTrace(name))).toMatchFileSnapshot(join(REFERENCE, `${name}.tcpscript`));
  });
});

describe('captures of Linux 6.18, sender by sender', () => {
  it.for([...names, ...ownNames])('%s', (name, { skip }) => {
    const found = differences(name);
    const reason = EXPECTED_FAILURES[name];
    if (reason === undefined) expect(found).toEqual([]);
    else {
      expect(found, 'the capture is reproduced now: take it off the list').not.toEqual([]);
      // Vitest keeps the reason to itself.
      process.stdout.write(`skipped: ${name}: ${reason}\n`);
      skip(reason);
    }
  });

  it('expects failures of captures that exist, each with a reason', () => {
    expect(Object.keys(EXPECTED_FAILURES).filter((name) => ![...names, ...ownNames].includes(name))).toEqual([]);
    expect(Object.values(EXPECTED_FAILURES).every((reason) => reason.length > 10)).toBe(true);
  });
});
