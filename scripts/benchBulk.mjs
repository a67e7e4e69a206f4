import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import * as esbuild from 'esbuild';
import { BULK } from './benchScripts.mjs';
import { quantile } from './benchStats.mjs';
import { root } from './lib/bootstrap.mjs';

/**
 * What the measured processes load.
 * @typedef {Pick<typeof import('../src/script'), 'compileScript'> & Pick<typeof import('../src/session'), 'Session'>
 *   & Pick<typeof import('../src/protocol/project'), 'projectMoment'> & typeof import('../src/engine/sim/world')} Product
 */

const run = promisify(execFile);
const folder = path.join(root, 'out', 'bench');
const peer = path.join(folder, 'ns3-bulk');

/** How often the sides take turns. */
const ROUNDS = 5;
/** Transfers in one turn: about as long as one of ns-3. */
const TIMES = { off: 8, history: 4 };
/** How many times faster than ns-3 each has to be. */
const BOUNDS = { off: 10, history: 3 };
const MEMORY_BOUND_BYTES = 1e9;

/** A transfer of 100 MB beside ns-3, by turns, and the memory of one of a million segments. */
export async function benchBulk() {
  await bundle();
  const hasPeer = await compilePeer();
  console.log(`\na bulk transfer of ${BULK.bytes / 1e6} MB: ${BULK.text}`);
  /** @type {Record<'ns3' | 'off' | 'history', Rate[]>} */
  const rates = { ns3: [], off: [], history: [] };
  for (let round = 0; round < ROUNDS; round++) {
    if (hasPeer) rates.ns3.push(await ns3Rate());
    rates.off.push(await ourRate('off'));
    rates.history.push(await ourRate('history'));
  }
  if (hasPeer) reportRate('ns-3', rates.ns3, '');
  reportRate('tracing off', rates.off, ratioText(rates.off, rates.ns3, BOUNDS.off));
  reportRate('with the whole history', rates.history, ratioText(rates.history, rates.ns3, BOUNDS.history));
  await reportMemory('memory');
  await reportMemory('ring');
}

async function bundle() {
  mkdirSync(folder, { recursive: true });
  const contents = [
    "export { compileScript } from './src/script';",
    "export { Session } from './src/session';",
    "export { projectMoment } from './src/protocol/project';",
    "export * from './src/engine/sim/world';",
  ].join('\n');
  await esbuild.build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    bundle: true,
    // As the product is.
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    outfile: path.join(folder, 'bulk.mjs'),
    logLevel: 'warning',
  });
}

/** Compiles the same transfer for ns-3; false, with a notice, where ns-3 or a compiler is missing. */
async function compilePeer() {
  const libraries = ['core', 'network', 'internet', 'point-to-point', 'applications'].map((name) => `-lns3-${name}`);
  const source = path.join(root, 'scripts', 'bench', 'ns3-bulk.cc');
  try {
    await run('g++', ['-O2', source, '-o', peer, ...libraries]);
    return true;
  } catch {
    console.log(
      '\nns-3 is not here, so nothing is compared with it: `apt-get install g++ libns3-dev` brings it on Debian.',
    );
    return false;
  }
}

/**
 * Segments simulated in a second, data and ACKs both: of wall time, and of the processor's time with all threads, which
 * depends less on what else the machine does.
 * @typedef {{ wall: number, cpu: number }} Rate
 */

/** @returns {Promise<Rate>} */
async function ns3Rate() {
  const { stdout } = await run(peer, [String(BULK.bytes)]);
  const [, received, segments, rate, cpuSeconds] = /^rx (\d+) segs (\d+) .* segs\/s (\S+) cpu (\S+)/.exec(stdout) ?? [];
  if (Number(received) !== BULK.bytes) throw new Error(`ns-3 said: ${stdout}`);
  return { wall: Number(rate), cpu: Number(segments) / Number(cpuSeconds) };
}

/**
 * @param {'off' | 'history'} kind
 * @returns {Promise<Rate>}
 */
async function ourRate(kind) {
  const { segments, seconds, cpuSeconds } = await ours(kind, TIMES[kind]);
  return { wall: segments / seconds, cpu: segments / cpuSeconds };
}

/**
 * @param {string} mode
 * @param {number} count
 */
async function ours(mode, count) {
  const script = path.join(root, 'scripts', 'benchBulkRun.mjs');
  const { stdout } = await run(process.execPath, ['--expose-gc', script, mode, String(count)]);
  return JSON.parse(stdout);
}

/**
 * @param {string} what
 * @param {readonly Rate[]} rates
 * @param {string} more
 */
function reportRate(what, rates, more) {
  const sorted = rates.map(({ wall }) => wall).sort((a, b) => a - b);
  const [least, median, most] = [0, 0.5, 1].map((share) => count(quantile(sorted, share)));
  console.log(`  ${what.padEnd(24)} ${median} segments/s (median of ${rates.length}, ${least} to ${most})${more}`);
}

/**
 * How many times ns-3's rate this is: the median of the rounds, in each of which both sides have run.
 * @param {readonly Rate[]} rates
 * @param {readonly Rate[]} peers
 * @param {number} bound
 */
function ratioText(rates, peers, bound) {
  if (peers.length === 0) return '';
  const [wall, cpu] = /** @type {const} */ (['wall', 'cpu']).map((clock) => {
    const ratios = rates.map((rate, round) => rate[clock] / (peers[round]?.[clock] ?? Number.NaN));
    return quantile(
      ratios.sort((a, b) => a - b),
      0.5,
    );
  });
  if (wall === undefined || cpu === undefined) return '';
  const verdict = wall >= bound ? 'kept' : 'MISSED';
  return `: ${wall.toFixed(1)} times ns-3 (${cpu.toFixed(1)} by processor time), bound ${bound}: ${verdict}`;
}

/** @param {'memory' | 'ring'} mode */
async function reportMemory(mode) {
  const { segments, moments, known, rssBytes, jumpsMs } = await ours(mode, 1);
  const megabytes = `${Math.round(rssBytes / 1e6)} MB`;
  const what = known === moments ? 'with the whole history' : `with the last ${count(known)} moments`;
  const jumps = jumpsMs.map((/** @type {number} */ ms) => `${ms.toFixed(0)} ms`).join(' and ');
  const verdict = rssBytes < MEMORY_BOUND_BYTES ? 'kept' : 'MISSED';
  const bound = `bound ${MEMORY_BOUND_BYTES / 1e6} MB: ${verdict}`;
  console.log(`  ${count(segments)} segments, ${count(moments)} moments, ${what}: ${megabytes} after gc, ${bound}`);
  console.log(`    jumps to the first moment and to the middle, with their views: ${jumps}`);
}

/** @param {number} value */
function count(value) {
  return Math.round(value).toLocaleString('en');
}
