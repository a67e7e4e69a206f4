import type { Unit } from '../script/program';
import type { Value } from './expressions';

/** A time as people say it: `0 s`, `250 µs`, `10 ms`, `1.02 s`. */
export function formatTimeUs(timeUs: number): string {
  const size = Math.abs(timeUs);
  if (size === 0) return '0 ms';
  if (size < 1000) return `${round(timeUs)} µs`;
  if (size < 1_000_000) return `${round(timeUs / 1000)} ms`;
  return `${round(timeUs / 1_000_000)} s`;
}

function round(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}

const FORMATS: Readonly<Record<Unit, (value: number) => string>> = {
  seq: String,
  bytes: (value) => `${value} ${value === 1 ? 'byte' : 'bytes'}`,
  us: formatTimeUs,
  count: (value) => (Number.isInteger(value) ? String(value) : round(value)),
  bps: (value) => `${value} bit/s`,
  ratio: (value) => `${round(value * 100)} %`,
  boolean: String,
  text: String,
};

/** A value as people read it; `no value` where TCP has none. */
export function formatValue(value: Value, unit: Unit): string {
  if (value === null) return 'no value';
  return typeof value === 'number' ? FORMATS[unit](value) : String(value);
}
