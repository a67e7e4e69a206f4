import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './bootstrap.mjs';
import { run } from './run.mjs';

const ENGINE = 'src/engine/tcp';
const folder = path.join(root, 'out', 'mutation');

/**
 * The two passes. Nearly all mutants die in the unit tests of the engine, which are quick; what survives them meets the
 * captures of Linux, the conformance scripts and the random worlds, which run the engine thousands of times.
 */
const PASSES = /** @type {const} */ ({ near: 'vitest.mutation.config.mts', far: 'vitest.mutationFar.config.mts' });

/** @typedef {keyof typeof PASSES} Pass */
/** @typedef {{ line: number, column: number }} Place */
/** @typedef {{ status: string, mutatorName: string, replacement?: string, location: { start: Place, end: Place } }} Mutant */
/** @typedef {Record<string, { mutants: Mutant[] }>} Files */

/** @param {Pass} pass */
const reportFile = (pass) => path.join(folder, `${pass}.json`);

/**
 * Stryker's settings. Mutants of texts are left out: nearly all are names out of a closed set, where a wrong one does not
 * compile, or the sentences of the rules.
 * @param {Pass} pass
 * @param {readonly string[]} mutate
 * @param {string} incrementalFile
 * @param {number} concurrency how many mutants are tested at a time
 */
const settings = (pass, mutate, incrementalFile, concurrency) => ({
  testRunner: 'vitest',
  vitest: { configFile: PASSES[pass], related: false },
  plugins: ['@stryker-mutator/vitest-runner', path.join(root, 'scripts/lib/mutationSample.mjs')],
  ignorers: ['sample'],
  mutate: [...mutate, `!${ENGINE}/rules/**`],
  mutator: { excludedMutations: ['StringLiteral'] },
  coverageAnalysis: 'perTest',
  ignoreStatic: true,
  incremental: true,
  incrementalFile,
  concurrency,
  timeoutMS: 20_000,
  timeoutFactor: 4,
  dryRunTimeoutMinutes: 20,
  disableTypeChecks: false,
  // Stryker would rewrite it with TypeScript's API, which TypeScript 7 does not have; its copy of the project needs no change.
  tsconfigFile: 'none.json',
  tempDirName: 'out/mutation/sandboxes',
  ignorePatterns: ['/docs', '/dist', '/media', '/out', '/test/e2e', '/test/host', '/.vscode', '/.vscode-test'],
  reporters: ['progress-append-only', 'json', 'html'],
  jsonReporter: { fileName: reportFile(pass) },
  htmlReporter: { fileName: path.join(folder, `${pass}.html`) },
  thresholds: { high: 90, low: 85, break: null },
  allowEmpty: true,
});

/** @param {string} place a folder or a file */
const pattern = (place) => (statSync(path.join(root, place)).isDirectory() ? `${place}/**/*.ts` : place);

/**
 * Changes the engine in small ways, one at a time, and counts how many changes the tests notice.
 * @param {{ places: readonly string[], percent: number, seed: string, fresh: boolean, near: boolean,
 *   concurrency: number }} options `near` stops after the first pass
 */
export async function runMutation({ places, percent, seed, fresh, near, concurrency }) {
  mkdirSync(folder, { recursive: true });
  const sample = percent === 100 ? 'all' : `${percent}-${seed}`;
  const env = { ...process.env, MUTATION_SAMPLE: String(percent), MUTATION_SEED: seed, PROPERTY_RUNS: '20' };
  /**
   * @param {Pass} pass
   * @param {readonly string[]} mutate
   */
  const stryker = async (pass, mutate) => {
    const incrementalFile = path.join(folder, `${pass}-${sample}.incremental.json`);
    if (fresh) rmSync(incrementalFile, { force: true });
    const config = path.join(folder, `${pass}.config.json`);
    writeFileSync(config, JSON.stringify(settings(pass, mutate, incrementalFile, concurrency), null, 2));
    rmSync(reportFile(pass), { force: true });
    const { code } = await run('stryker', ['run', config], { env });
    if (code !== 0) throw new Error(`stryker ended with code ${code}`);
    return readReport(pass);
  };
  const files = await stryker('near', (places.length === 0 ? [ENGINE] : places).map(pattern));
  const survivors = near ? [] : survivorRanges(files);
  if (survivors.length > 0) takeOver(files, await stryker('far', survivors));
  report(files, percent);
}

/** @param {Pass} pass @returns {Files} */
const readReport = (pass) => JSON.parse(readFileSync(reportFile(pass), 'utf8')).files;

/** The places of mutants that live, as Stryker takes them: columns count from 0. @param {Files} files */
function survivorRanges(files) {
  const ranges = Object.entries(files).flatMap(([file, { mutants }]) =>
    mutants
      .filter(isAlive)
      .map(({ location: { start, end } }) => `${file}:${start.line}:${start.column - 1}-${end.line}:${end.column - 1}`),
  );
  return [...new Set(ranges)];
}

/** @param {Mutant} mutant */
const isAlive = ({ status }) => status === 'Survived' || status === 'NoCoverage';

/** @param {Mutant} mutant */
const nameOf = ({ mutatorName, replacement, location }) => JSON.stringify([mutatorName, replacement, location]);

/**
 * What the second pass killed is dead. What it does not reach stays as the first pass found it.
 * @param {Files} files
 * @param {Files} later
 */
function takeOver(files, later) {
  for (const [file, { mutants }] of Object.entries(files)) {
    const known = new Map((later[file]?.mutants ?? []).map((mutant) => [nameOf(mutant), mutant.status]));
    for (const mutant of mutants) {
      const status = known.get(nameOf(mutant)) ?? 'NoCoverage';
      if (isAlive(mutant) && status !== 'NoCoverage') mutant.status = status;
    }
  }
}

/** Says how many changes were noticed, file by file, and which were not. @param {Files} files @param {number} percent */
function report(files, percent) {
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
  console.log(`\n${score(all)} of the mutants in covered code killed${sampled}; the reports are in ${folder}`);
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
