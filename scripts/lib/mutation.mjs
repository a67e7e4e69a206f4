import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './bootstrap.mjs';
import { run } from './run.mjs';

const ENGINE = 'src/engine/tcp';
const folder = path.join(root, 'out', 'mutation');
const reportFile = path.join(folder, 'report.json');

/**
 * Stryker's settings. Mutants of texts are left out: nearly all are names out of a closed set, where a wrong one does not
 * compile, or the sentences of the rules.
 * @param {readonly string[]} places
 * @param {string} incrementalFile
 */
const settings = (places, incrementalFile) => ({
  testRunner: 'vitest',
  vitest: { configFile: 'vitest.mutation.config.mts', related: false },
  plugins: ['@stryker-mutator/vitest-runner', path.join(root, 'scripts/lib/mutationSample.mjs')],
  ignorers: ['sample'],
  mutate: [...places.map(pattern), `!${ENGINE}/rules/**`],
  mutator: { excludedMutations: ['StringLiteral'] },
  coverageAnalysis: 'perTest',
  ignoreStatic: true,
  incremental: true,
  incrementalFile,
  concurrency: 2,
  timeoutMS: 20_000,
  timeoutFactor: 4,
  dryRunTimeoutMinutes: 20,
  disableTypeChecks: false,
  // Stryker would rewrite it with TypeScript's API, which TypeScript 7 does not have; its copy of the project needs no change.
  tsconfigFile: 'none.json',
  tempDirName: 'out/mutation/sandboxes',
  ignorePatterns: ['/docs', '/dist', '/media', '/out', '/test/e2e', '/test/host', '/.vscode', '/.vscode-test'],
  reporters: ['progress-append-only', 'json', 'html'],
  jsonReporter: { fileName: reportFile },
  htmlReporter: { fileName: path.join(folder, 'report.html') },
  thresholds: { high: 90, low: 85, break: null },
  allowEmpty: true,
});

/** @param {string} place a folder or a file */
const pattern = (place) => (statSync(path.join(root, place)).isDirectory() ? `${place}/**/*.ts` : place);

/**
 * Changes the engine in small ways, one at a time, and counts how many changes the tests notice.
 * @param {{ places: readonly string[], percent: number, seed: string, fresh: boolean }} options
 */
export async function runMutation({ places, percent, seed, fresh }) {
  mkdirSync(folder, { recursive: true });
  const name = percent === 100 ? 'incremental.json' : `incremental-${percent}-${seed}.json`;
  const incrementalFile = path.join(folder, name);
  if (fresh) rmSync(incrementalFile, { force: true });
  const config = path.join(folder, 'stryker.json');
  writeFileSync(config, JSON.stringify(settings(places.length === 0 ? [ENGINE] : places, incrementalFile), null, 2));
  const env = { ...process.env, MUTATION_SAMPLE: String(percent), MUTATION_SEED: seed, PROPERTY_RUNS: '20' };
  rmSync(reportFile, { force: true });
  const { code } = await run('stryker', ['run', config], { env });
  if (code !== 0) throw new Error(`stryker ended with code ${code}`);
  report(percent);
}

/** @typedef {{ status: string, mutatorName: string, replacement?: string, location: { start: { line: number } } }} Mutant */

/** Says how many changes were noticed, file by file, and which were not. @param {number} percent */
function report(percent) {
  /** @type {{ files: Record<string, { mutants: Mutant[] }> }} */
  const { files } = JSON.parse(readFileSync(reportFile, 'utf8'));
  const rows = Object.entries(files).map(([file, { mutants }]) => ({ file, mutants, ...count(mutants) }));
  for (const { file, mutants } of rows) {
    for (const { status, mutatorName, replacement = '', location } of mutants) {
      if (status !== 'Survived') continue;
      console.log(`${file}:${location.start.line} ${mutatorName}: ${replacement.replace(/\s+/g, ' ').slice(0, 90)}`);
    }
  }
  console.log('\nkilled  survived  not covered  file');
  for (const row of rows) if (row.killed + row.survived + row.uncovered > 0) console.log(line(row));
  const all = count(rows.flatMap(({ mutants }) => mutants));
  const sampled = percent === 100 ? '' : ` (a sample of ${percent} % of the functions)`;
  console.log(line({ ...all, file: 'all' }));
  console.log(`\n${score(all)} of the mutants in covered code killed${sampled}; the report is ${folder}/report.html`);
}

/** @param {readonly Mutant[]} mutants */
function count(mutants) {
  /** @param {...string} statuses */
  const of = (...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length;
  return { killed: of('Killed', 'Timeout'), survived: of('Survived'), uncovered: of('NoCoverage') };
}

/** @param {{ killed: number, survived: number, uncovered: number, file: string }} row */
const line = ({ killed, survived, uncovered, file }) =>
  `${String(killed).padStart(6)}  ${String(survived).padStart(8)}  ${String(uncovered).padStart(11)}  ${file}`;

/** @param {{ killed: number, survived: number }} counts */
const score = ({ killed, survived }) => `${((100 * killed) / Math.max(1, killed + survived)).toFixed(1)} %`;
