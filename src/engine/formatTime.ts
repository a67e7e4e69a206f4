/** A time as people say it: `0 ms`, `250 µs`, `10 ms`, `1.02 s`. */
export function formatTimeUs(timeUs: number): string {
  const size = Math.abs(timeUs);
  if (size === 0) return '0 ms';
  if (size < 1000) return `${rounded(timeUs)} µs`;
  if (size < 1_000_000) return `${rounded(timeUs / 1000)} ms`;
  return `${rounded(timeUs / 1_000_000)} s`;
}

/** A number with at most three digits after the point. */
export function rounded(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
