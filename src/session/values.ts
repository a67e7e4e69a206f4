import { formatTimeUs, rounded } from '../engine/formatTime';
import type { Unit } from '../script/program';
import type { Value } from './expressions';

export { formatTimeUs };

const FORMATS: Readonly<Record<Unit, (value: number) => string>> = {
  seq: String,
  bytes: (value) => `${value} ${value === 1 ? 'byte' : 'bytes'}`,
  us: formatTimeUs,
  count: (value) => (Number.isInteger(value) ? String(value) : rounded(value)),
  bps: (value) => `${value} bit/s`,
  ratio: (value) => `${rounded(value * 100)} %`,
  boolean: String,
  text: String,
};

/** A value as people read it; `no value` where TCP has none. */
export function formatValue(value: Value, unit: Unit): string {
  if (value === null) return 'no value';
  return typeof value === 'number' ? FORMATS[unit](value) : String(value);
}
