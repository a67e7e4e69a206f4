import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { root } from './bootstrap.mjs';
import { buildHostTests, buildShipped, sizes } from './bundles.mjs';
import { ensureChromium } from './chromium.mjs';
import { runHostSuite } from './hostRun.mjs';
import { ensureCodeServer, ensureWebBuild } from './hosts.mjs';
import { generateParser } from './langium.mjs';
import { step } from './progress.mjs';
import { run } from './run.mjs';
import { typecheck } from './typecheck.mjs';

/** @typedef {import('./hostRun.mjs').Counts} Counts */
/** @typedef {'parser' | 'bundles' | 'node-host' | 'web-host' | 'chromium'} Need */

/**
 * What a suite may need done before it; each is done once.
 * @type {Readonly<Record<Need, { label?: string, prepare: () => unknown }>>}
 */
const needs = {
  chromium: { prepare: tellChromium },
  'node-host': { prepare: ensureCodeServer },
  'web-host': { prepare: ensureWebBuild },
  parser: { label: 'Generating the parser', prepare: generateParser },
  bundles: { label: 'Building', prepare: () => buildShipped({ minify: true }) },
};

/** The unit tests that look at the panel find the browser by this variable. */
function tellChromium() {
  process.env.CHROMIUM = ensureChromium();
}

/**
 * All suites, in the order in which they run: the quick ones first.
 * @type {Readonly<Record<string, { about: string, needs: readonly Need[], run: () => Promise<Counts> }>>}
 */
const suites = {
  types: { about: 'every TypeScript project compiles', needs: ['parser'], run: runTypes },
  lint: { about: 'format, lint, and the direction of imports', needs: [], run: runLint },
  unit: {
    about: 'vitest: all but the editor',
    needs: ['parser', 'bundles', 'chromium'],
    run: () => runVitest('unit', []),
  },
  host: {
    about: 'the extension in the Node extension host',
    needs: ['parser', 'bundles', 'node-host', 'chromium'],
    run: () => runHost('node'),
  },
  web: {
    about: 'the extension in the web extension host',
    needs: ['parser', 'bundles', 'web-host', 'chromium'],
    run: () => runHost('web'),
  },
  e2e: {
    about: 'the packed extension in a browser, as a user sees it',
    needs: ['parser', 'bundles', 'node-host', 'chromium'],
    run: () => runVitest('e2e', ['--config', 'vitest.e2e.config.mts']),
  },
};

/**
 * @param {readonly boolean[]} results
 * @returns {Counts}
 */
const count = (results) => {
  const passed = results.filter(Boolean).length;
  return { passed, failed: results.length - passed, skipped: 0 };
};

async function runTypes() {
  const results = await typecheck();
  for (const { ok, output } of results) if (!ok) console.log(output);
  return count(results.map(({ ok }) => ok));
}

async function runLint() {
  const { code } = await run('biome', [
    'ci',
    '--error-on-warnings',
    `--colors=${process.stdout.isTTY ? 'force' : 'off'}`,
  ]);
  return count([code === 0]);
}

/**
 * @param {string} name
 * @param {string[]} args
 * @returns {Promise<Counts>}
 */
async function runVitest(name, args) {
  const file = path.join(root, 'out', `${name}.json`);
  rmSync(file, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const { code } = await run('vitest', ['run', ...reporters, ...args]);
  const report = JSON.parse(readFileSync(file, 'utf8'));
  // A test file that can not even be loaded has no failed test, and fails all the same.
  const failed = Math.max(report.numFailedTests, code === 0 ? 0 : 1);
  return { passed: report.numPassedTests, failed, skipped: report.numPendingTests + report.numTodoTests };
}

/** @param {'node' | 'web'} kind */
async function runHost(kind) {
  await buildHostTests();
  return runHostSuite(kind);
}

/** @param {readonly string[]} names */
function choose(names) {
  const unknown = names.filter((name) => !Object.hasOwn(suites, name));
  if (unknown.length === 0) return names.length === 0 ? Object.keys(suites) : names;
  const list = Object.entries(suites).map(([name, { about }]) => `  ${name.padEnd(6)} ${about}`);
  throw new Error(`There is no suite "${unknown.join(' ')}". The suites are:\n${list.join('\n')}`);
}

/** @param {readonly string[]} names */
async function prepare(names) {
  const wanted = new Set(names.flatMap((name) => suites[name]?.needs ?? []));
  for (const [need, { label, prepare: work }] of Object.entries(needs)) {
    if (!wanted.has(/** @type {Need} */ (need))) continue;
    await (label === undefined ? work() : step(label, work));
  }
  if (wanted.has('bundles')) console.log(sizes());
}

/**
 * Runs suites and ends with one line that sums up all of them: `N passed, N failed, N skipped`.
 * @param {readonly string[]} names none means all
 */
export async function runSuites(names) {
  const chosen = choose(names);
  mkdirSync(path.join(root, 'out'), { recursive: true });
  await prepare(chosen);
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const name of chosen) {
    const suite = suites[name];
    if (suite === undefined) continue;
    const startMs = performance.now();
    console.log(`\n== ${name}: ${suite.about}`);
    const counts = await suite.run().catch((error) => {
      console.error(error instanceof Error ? error.message : error);
      return { passed: 0, failed: 1, skipped: 0 };
    });
    const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
    console.log(`== ${name}: ${summary(counts)} (${seconds} s)`);
    for (const key of /** @type {const} */ (['passed', 'failed', 'skipped'])) total[key] += counts[key];
  }
  if (total.failed > 0 || total.passed === 0) process.exitCode = 1;
  console.log(`\n${summary(total)}`);
}

/** @param {Counts} counts */
const summary = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed, ${skipped} skipped`;
