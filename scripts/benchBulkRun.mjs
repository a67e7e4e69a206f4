// node scripts/benchBulkRun.mjs off|history|memory|ring COUNT: one side of benchBulk.mjs, in a process of its own. Prints JSON.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { BULK, bulkScript } from './benchScripts.mjs';
import { root } from './lib/bootstrap.mjs';

/** Runs before the measured ones, so that what is measured is compiled code. */
const WARM_UPS = 4;

/** Bounds that no transfer meets. */
const LIMITS = { maxEvents: Number.MAX_SAFE_INTEGER, maxTimeUs: Number.MAX_SAFE_INTEGER };

/**
 * What `benchBulk.mjs` bundles.
 * @type {import('./benchBulk.mjs').Product}
 */
const product = await import(pathToFileURL(path.join(root, 'out', 'bench', 'bulk.mjs')).href);

const [mode, count = '1'] = process.argv.slice(2);
console.log(JSON.stringify(mode === 'off' || mode === 'history' ? measure(mode, Number(count)) : remember(mode)));

/**
 * Repeats the transfer, and counts what was simulated in how many seconds.
 * @param {'off' | 'history'} kind
 * @param {number} times
 */
function measure(kind, times) {
  const run = kind === 'off' ? withoutTracing : withHistory;
  for (let warmUp = 0; warmUp < WARM_UPS; warmUp++) run(BULK.bytes);
  let segments = 0;
  const before = process.cpuUsage();
  const startMs = performance.now();
  for (let turn = 0; turn < times; turn++) segments += run(BULK.bytes);
  const seconds = (performance.now() - startMs) / 1000;
  const { user, system } = process.cpuUsage(before);
  return { segments, seconds, cpuSeconds: (user + system) / 1e6 };
}

/**
 * The transfer in a bare world that nobody watches. Returns the number of segments.
 * @param {number} bytes
 */
function withoutTracing(bytes) {
  const { callWorld, connection, createWorld, segmentCount, stepWorld } = product;
  const scenario = bulkScenario(bytes);
  const { hosts, links, defaultLink, seed } = scenario;
  const world = createWorld({ hosts, links, defaultLink, seed, limits: LIMITS });
  callWorld(world, 'server', { kind: 'open-passive' }, null, null);
  callWorld(world, 'client', { kind: 'open-active', remoteHost: 'server' }, null, null);
  const octets = /** @type {const} */ ({ kind: 'pattern', start: 0, lengthBytes: bytes });
  callWorld(world, 'client', { kind: 'send', octets, push: true, urgent: false }, null, null);
  for (let result = stepWorld(world, null); result !== 'idle'; result = stepWorld(world, null)) {
    if (result === 'limit') throw new Error('the transfer met a bound');
  }
  assertArrived(connection(world, 'server').receiveBuffer.takenBytes, bytes);
  return segmentCount(world);
}

/**
 * The transfer in a session as the debugger has it: every moment can be stood at afterwards. Returns the number of segments.
 * @param {number} bytes
 */
function withHistory(bytes) {
  const session = sessionOf(bytes, 'all');
  const { world } = session.stateAt(session.momentCount - 1);
  return product.segmentCount(world);
}

/**
 * @param {number} bytes
 * @param {'all' | { last: number }} keep
 */
function sessionOf(bytes, keep) {
  const session = new product.Session(bulkScenario(bytes), { limits: LIMITS, keep });
  const outcome = session.runToEnd();
  if (outcome !== 'passed') throw new Error(`the transfer ended as ${outcome}`);
  const { world } = session.stateAt(session.momentCount - 1);
  assertArrived(product.connection(world, 'server').receiveBuffer.takenBytes, bytes);
  return session;
}

/** @param {number} bytes */
function bulkScenario(bytes) {
  const { program, diagnostics } = product.compileScript(bulkScript(bytes));
  const [scenario] = program.scenarios;
  if (scenario === undefined || diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics));
  return scenario;
}

/**
 * @param {number} takenBytes
 * @param {number} bytes
 */
function assertArrived(takenBytes, bytes) {
  if (takenBytes !== bytes) throw new Error(`${takenBytes} of ${bytes} bytes arrived`);
}

/**
 * The memory of the process after a run of a million segments, with the run still in hand, and a jump to each of its ends.
 * @param {string | undefined} kind
 */
function remember(kind) {
  const session = sessionOf(BULK.millionBytes, kind === 'ring' ? { last: BULK.ringMoments } : 'all');
  globalThis.gc?.();
  const rssBytes = process.memoryUsage.rss();
  const segments = product.segmentCount(session.stateAt(session.momentCount - 1).world);
  const jumpsMs = [session.firstMoment, Math.floor((session.firstMoment + session.momentCount) / 2)].map((place) => {
    const startMs = performance.now();
    session.travel(place);
    product.projectMoment(session);
    return performance.now() - startMs;
  });
  const { momentCount, firstMoment } = session;
  return { segments, moments: momentCount, known: momentCount - firstMoment, rssBytes, jumpsMs };
}
