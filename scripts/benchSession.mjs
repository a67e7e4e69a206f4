import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { longRun } from './benchScripts.mjs';
import { numbersFrom, report, timed } from './benchStats.mjs';
import { root } from './lib/bootstrap.mjs';

/**
 * The session and what it stands on, bundled as the product bundles them.
 * @returns {Promise<{ compileScript: typeof import('../src/script').compileScript, Session: typeof import('../src/session').Session,
 *   projectMoment: typeof import('../src/protocol/project').projectMoment }>}
 */
async function loadSession() {
  const outfile = path.join(root, 'out', 'bench', 'session.mjs');
  const contents = [
    "export { compileScript } from './src/script';",
    "export { Session } from './src/session';",
    "export { projectMoment } from './src/protocol/project';",
  ].join('\n');
  await esbuild.build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    outfile,
    logLevel: 'warning',
  });
  return import(pathToFileURL(outfile).href);
}

/** Runs the examples, and steps through a long run. */
export async function benchSession() {
  const { compileScript, Session, projectMoment } = await loadSession();
  const folder = path.join(root, 'examples');
  const texts = readdirSync(folder)
    .filter((name) => name.endsWith('.tcpscript'))
    .map((name) => readFileSync(path.join(folder, name), 'utf8'));
  const runAll = () => {
    for (const text of texts) {
      for (const scenario of compileScript(text).program.scenarios) new Session(scenario).runToEnd();
    }
  };
  // The parser is made at first use: that is start-up.
  compileScript('server listen');
  report(`${texts.length} examples, headless, the first time after start-up`, [timed(runAll)], 100);
  report(
    `${texts.length} examples, headless, again`,
    Array.from({ length: 20 }, () => timed(runAll)),
    100,
  );
  benchSteps({ compileScript, Session, projectMoment });
}

/** @param {Awaited<ReturnType<typeof loadSession>>} product */
function benchSteps({ compileScript, Session, projectMoment }) {
  const [scenario] = compileScript(longRun(10_000)).program.scenarios;
  if (scenario === undefined) throw new Error('the long run has no scenario');
  const session = new Session(scenario);
  const wholeMs = timed(() => session.runToEnd());
  report(`a run of ${session.momentCount} moments, from beginning to end`, [wholeMs]);
  const number = numbersFrom(1);
  /** @type {Record<'forward' | 'back' | 'jump', number[]>} */
  const samples = { forward: [], back: [], jump: [] };
  for (let count = 0; count < 200; count++) {
    const place = 1 + number(session.momentCount - 2);
    samples.jump.push(timed(() => stand(place)));
    samples.forward.push(timed(() => stand(place + 1)));
    samples.back.push(timed(() => stand(place)));
    samples.back.push(timed(() => stand(place - 1)));
  }
  report('  a step forward at a random place, with its view', samples.forward, 20);
  report('  a step back at a random place, with its view', samples.back, 20);
  report('  a jump to a random place, with its view', samples.jump, 20);

  /** @param {number} place */
  function stand(place) {
    session.travel(place);
    projectMoment(session);
  }
}
