import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import * as esbuild from 'esbuild';
import { root } from './bootstrap.mjs';

/** @typedef {import('../../test/properties/nightlyWorker').SliceResult} SliceResult */

/** How many worlds a worker gets at a time: enough to keep it busy for some seconds. */
const SLICE = 250;
const folder = path.join(root, 'out', 'nightly');

async function bundleWorker() {
  const outfile = path.join(folder, 'worker.mjs');
  await esbuild.build({
    entryPoints: [path.join(root, 'test/properties/nightlyWorker.ts')],
    outfile,
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    logLevel: 'warning',
  });
  return outfile;
}

/**
 * Runs random worlds on several cores until there were `worlds` of them or `minutes` are over, and prints how it went.
 * A world that fails is made as small as possible, printed as a script, and written to `out/nightly/`.
 * @param {{ worlds: number, seed: number, minutes: number, workers: number }} options the same seed tries the same worlds
 * @returns {Promise<number>} how many slices had a world that fails
 */
export async function runWorlds({ worlds, seed, minutes, workers }) {
  const file = await bundleWorker();
  const startMs = performance.now();
  const count = { given: 0, done: 0, segments: 0, failed: 0 };
  console.log(`${worlds} worlds from seed ${seed} on, ${workers} at a time`);
  /** @param {SliceResult} result */
  const take = ({ seed: sliceSeed, worlds: done, segments, failure }) => {
    count.done += done;
    count.segments += segments;
    if (failure !== null) {
      count.failed++;
      tellFailure(sliceSeed, failure);
    }
    tellProgress(summary());
  };
  const next = () => {
    const size = Math.min(SLICE, worlds - count.given);
    if (size <= 0 || performance.now() - startMs > minutes * 60_000) return null;
    const slice = { seed: seed * 1_000_000 + count.given / SLICE, worlds: size };
    count.given += size;
    return slice;
  };
  const summary = () => {
    const seconds = (performance.now() - startMs) / 1000;
    const rate = (count.done / seconds).toFixed(1);
    return `${count.done} worlds, ${count.segments} segments, ${count.failed} failures, ${seconds.toFixed(0)} s, ${rate} worlds/s`;
  };
  await Promise.all(Array.from({ length: workers }, () => work(file, next, take)));
  console.log(`${process.stdout.isTTY ? '\r\x1b[K' : ''}${summary()}`);
  return count.failed;
}

/**
 * One worker, until there is no slice left.
 * @param {string} file
 * @param {() => { seed: number, worlds: number } | null} next
 * @param {(result: SliceResult) => void} take
 * @returns {Promise<void>}
 */
function work(file, next, take) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(file);
    const give = () => {
      const slice = next();
      if (slice !== null) worker.postMessage(slice);
      else worker.terminate().then(() => resolve(), reject);
    };
    worker.on('error', reject);
    worker.on('message', (/** @type {SliceResult} */ result) => {
      take(result);
      give();
    });
    give();
  });
}

/**
 * @param {number} seed
 * @param {NonNullable<SliceResult['failure']>} failure
 */
function tellFailure(seed, { problem, script, path: where }) {
  const file = path.join(folder, `failure-${seed}.tcpscript`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `# ${problem.replaceAll('\n', ' ')}\n# fast-check: seed ${seed}, path ${where}\n${script}`);
  console.log(`\n${problem}\n\n${script}\n${file}`);
}

/** A line that is written over on a terminal; elsewhere one line now and then. @param {string} text */
function tellProgress(text) {
  if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K${text}`);
  else console.log(text);
}
