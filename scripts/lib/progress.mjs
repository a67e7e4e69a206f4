/** @param {number} startMs */
const seconds = (startMs) => `${((performance.now() - startMs) / 1000).toFixed(1)} s`;

/**
 * Runs a piece of work under one progress line: `label ... 1.2 s`.
 * @template T
 * @param {string} label
 * @param {() => T} work may return a promise; the line then ends when it settles
 * @returns {T}
 */
export function step(label, work) {
  const startMs = performance.now();
  process.stdout.write(`${label} ... `);
  /** @param {boolean} ok */
  const done = (ok) => process.stdout.write(`${ok ? '' : 'failed after '}${seconds(startMs)}\n`);
  try {
    const result = work();
    if (result instanceof Promise) {
      result.then(
        () => done(true),
        () => done(false),
      );
      return result;
    }
    done(true);
    return result;
  } catch (error) {
    done(false);
    throw error;
  }
}

/**
 * Ends the process with a message instead of a stack trace when a script fails.
 * @param {() => Promise<void>} main
 */
export async function runMain(main) {
  try {
    await main();
  } catch (error) {
    console.error(`\n${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}
