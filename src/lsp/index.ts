/**
 * # The language server
 *
 * A script is understood in two steps. `compileScript` reads it (fast, at every keystroke); then every scenario is *run*,
 * which is what tells a student that TCP would do otherwise. `analysis.ts` does both for one text: the run goes in slices,
 * between which the connection is served, and is given up as soon as the text has changed. A run that crashes or meets a
 * bound never takes away what reading found.
 *
 * The features are plain functions over an analysis, one file each; only `server.ts` knows the connection, and only
 * `main.ts` and `mainWorker.ts` know whether it is a pipe or a worker.
 */
export { type Analysis, Analyst, type ScenarioRun } from './analysis';
export { type Environment, startServer } from './server';
