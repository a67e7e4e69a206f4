import type { Unit } from './program';
import { FLAG_WORDS } from './words';

/** One unit of the language: what it counts and how much of the base unit (µs, byte, bit/s, 1) one of it is. */
export interface UnitEntry {
  readonly unit: Unit;
  readonly factor: number;
  readonly doc: string;
}

/**
 * Every unit, by the way it is written. `msl` is missing: it depends on the host (see {@link MSL_UNIT}). Times become
 * microseconds, sizes bytes, rates bits per second, percentages ratios.
 */
export const UNITS: ReadonlyMap<string, UnitEntry> = new Map([
  ...entries(['us', 'µs', 'μs', 'microsecond', 'microseconds'], 'us', 1, 'Microseconds, a millionth of a second.'),
  ...entries(['ms', 'millisecond', 'milliseconds'], 'us', 1e3, 'Milliseconds, a thousandth of a second.'),
  ...entries(['s', 'sec', 'second', 'seconds'], 'us', 1e6, 'Seconds.'),
  ...entries(['min', 'minute', 'minutes'], 'us', 60e6, 'Minutes.'),
  ...entries(['h', 'hour', 'hours'], 'us', 3600e6, 'Hours.'),
  ...entries(['B', 'byte', 'bytes', 'octet', 'octets'], 'bytes', 1, 'Bytes (octets).'),
  ...entries(['kB', 'KB'], 'bytes', 1e3, 'Kilobytes of 1000 bytes.'),
  ...entries(['MB'], 'bytes', 1e6, 'Megabytes of 1,000,000 bytes.'),
  ...entries(['GB'], 'bytes', 1e9, 'Gigabytes of 1,000,000,000 bytes.'),
  ...entries(['KiB'], 'bytes', 1024, 'Kibibytes of 1024 bytes.'),
  ...entries(['MiB'], 'bytes', 1024 ** 2, 'Mebibytes of 1024 KiB.'),
  ...entries(['GiB'], 'bytes', 1024 ** 3, 'Gibibytes of 1024 MiB.'),
  ...entries(['bps'], 'bps', 1, 'Bits per second.'),
  ...entries(['kbps', 'Kbps'], 'bps', 1e3, 'Thousand bits per second.'),
  ...entries(['Mbps'], 'bps', 1e6, 'Million bits per second.'),
  ...entries(['Gbps'], 'bps', 1e9, 'Thousand million bits per second.'),
  ...entries(['%'], 'ratio', 0.01, 'Percent: `1%` of the segments.'),
  ...entries(['segment', 'segments'], 'count', 1, 'Segments, counted.'),
]);

/** The unit whose length is the MSL of the first host: `wait 2msl` (RFC 9293 section 3.4.2). */
export const MSL_UNIT = 'msl';

/** Words that may be meant where a unit is read: units, and what may follow a number without one. */
export const WORDS_BEHIND_NUMBERS: readonly string[] = [
  ...UNITS.keys(),
  MSL_UNIT,
  'from',
  'by',
  'to',
  'spoof',
  'times',
  'within',
  'push',
  'urgent',
  'data',
  'any',
  ...FLAG_WORDS,
];

function entries(names: readonly string[], unit: Unit, factor: number, doc: string): [string, UnitEntry][] {
  return names.map((name) => [name, { unit, factor, doc }]);
}

/** What a unit's numbers are, in words: `a time`, `a length in bytes`. */
export const UNIT_NOUNS: Readonly<Record<Unit, string>> = {
  us: 'a time',
  bytes: 'a length in bytes',
  seq: 'a sequence number',
  count: 'a plain number',
  bps: 'a rate',
  ratio: 'a share',
  boolean: 'true or false',
  text: 'a text',
};

/** How a number of a unit may be written, for messages. */
export const UNIT_EXAMPLES: Readonly<Record<Unit, string>> = {
  us: '`200ms` or `1.5s`',
  bytes: '`1460 bytes` or `64KiB`',
  seq: '`1000`',
  count: '`3`',
  bps: '`10Mbps`',
  ratio: '`1%`',
  boolean: '`true` or `false`',
  text: '`"GET /"`',
};

/** A NUMBER token taken apart: `1.5s` is 1.5 and `s`. The value may be Infinity (`1e999`). */
export function splitNumber(image: string): { readonly value: number; readonly suffix: string } {
  const digits = /^[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?/.exec(image)?.[0] ?? '';
  return { value: Number(digits), suffix: image.slice(digits.length) };
}

/** A time for people: the largest unit that gives a whole number, such as `10ms`, `1.5s`, `24h`. */
export function durationText(timeUs: number): string {
  if (timeUs >= 3600e6 && timeUs % 3600e6 === 0) return `${timeUs / 3600e6}h`;
  if (timeUs >= 1e6 && timeUs % 1e4 === 0) return `${timeUs / 1e6}s`;
  if (timeUs >= 1e3 && timeUs % 10 === 0) return `${timeUs / 1e3}ms`;
  return `${timeUs}us`;
}
