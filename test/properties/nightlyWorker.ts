import { parentPort } from 'node:worker_threads';
import fc from 'fast-check';
import { judgeScript } from './judge';
import { scriptOf, WORLDS } from './worlds';

/** A share of the work: so many worlds from this seed of fast-check on. */
export interface Slice {
  readonly seed: number;
  readonly worlds: number;
}

/** What came of a slice. */
export interface SliceResult {
  readonly seed: number;
  readonly worlds: number;
  readonly segments: number;
  /** The smallest world that fails, as a script, and what is wrong with it; null when all hold. */
  readonly failure: { readonly problem: string; readonly script: string; readonly path: string } | null;
}

/** Runs the worlds of a slice; stops at the first that fails, and makes it as small as it can. */
export function runSlice({ seed, worlds }: Slice): SliceResult {
  let segments = 0;
  let run = 0;
  const details = fc.check(
    fc.property(WORLDS, (world) => {
      const verdict = judge(scriptOf(world));
      segments += verdict.segments;
      run++;
      return verdict.problem === null;
    }),
    { numRuns: worlds, seed },
  );
  const [smallest] = details.counterexample ?? [];
  if (smallest === undefined) return { seed, worlds: run, segments, failure: null };
  const script = scriptOf(smallest);
  const problem = judge(script).problem ?? 'it fails only now and then';
  return { seed, worlds: run, segments, failure: { problem, script, path: details.counterexamplePath ?? '' } };
}

/** A breakdown of the engine is a failure like any other: the world that brings it about is what is wanted. */
function judge(script: string): { readonly problem: string | null; readonly segments: number } {
  try {
    return judgeScript(script);
  } catch (error) {
    return { problem: `thrown: ${error instanceof Error ? error.message : String(error)}`, segments: 0 };
  }
}

parentPort?.on('message', (slice: Slice) => parentPort?.postMessage(runSlice(slice)));
