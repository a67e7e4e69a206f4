/**
 * One line of the table: what was measured, its median and 95th percentile, and the bound that it should keep.
 * @param {string} what
 * @param {readonly number[]} samplesMs
 * @param {number} [boundMs]
 */
export function report(what, samplesMs, boundMs) {
  const sorted = [...samplesMs].sort((a, b) => a - b);
  const median = quantile(sorted, 0.5);
  const bound = boundMs === undefined ? '' : `  bound ${boundMs} ms: ${median <= boundMs ? 'kept' : 'MISSED'}`;
  const numbers = [median, quantile(sorted, 0.95), sorted.at(-1) ?? 0].map((value) => value.toFixed(2).padStart(8));
  console.log(`${what.padEnd(62)} ${numbers.join(' ')} ms  (${sorted.length} samples)${bound}`);
}

/** The heading of the table. */
export function reportHeading() {
  console.log(`${''.padEnd(62)} ${['median', 'p95', 'max'].map((name) => name.padStart(8)).join(' ')}`);
}

/**
 * The sample at this share of the way from the least to the largest.
 * @param {readonly number[]} sorted
 * @param {number} share
 */
export function quantile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/**
 * Milliseconds that some work takes.
 * @param {() => unknown} work
 */
export function timed(work) {
  const startMs = performance.now();
  work();
  return performance.now() - startMs;
}

/**
 * Numbers from 0 to `below` that are the same at every run of the benchmark.
 * @param {number} seed
 */
export function numbersFrom(seed) {
  let state = seed;
  return (/** @type {number} */ below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
