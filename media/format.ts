/**
 * A virtual time or a duration as people read it: `0`, `250 µs`, `20 ms`, `1.02 s`, `1 min 0.03 s`.
 * @param timeUs integer microseconds, 0 or more
 */
export function formatTime(timeUs: number): string {
  if (timeUs === 0) return '0';
  if (timeUs < 1_000) return `${timeUs} µs`;
  if (timeUs < 1_000_000) return `${trimmed(timeUs / 1_000, 3)} ms`;
  if (timeUs < 600_000_000) return `${trimmed(timeUs / 1_000_000, 6)} s`;
  const minutes = Math.floor(timeUs / 60_000_000);
  const restUs = timeUs % 60_000_000;
  return restUs === 0 ? `${minutes} min` : `${minutes} min ${trimmed(restUs / 1_000_000, 3)} s`;
}

/** `1 segment`, `2 segments`. */
export function plural(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}

function trimmed(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}
