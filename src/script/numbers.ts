import { DEFAULT_LIMITS } from '../engine/config';
import { type LineContext, nodeSpan, nodeText, report } from './context';
import { didYouMean } from './diagnostics';
import { nearest } from './distance';
import type { Quantity } from './generated/ast';
import type { Unit } from './program';
import { statementWords } from './syntaxProblem';
import { durationText, MSL_UNIT, splitNumber, UNIT_EXAMPLES, UNIT_NOUNS, UNITS, WORDS_BEHIND_NUMBERS } from './units';

/** A number with its unit, in base units. */
export interface Measure {
  readonly value: number;
  /** null for a number without a unit. */
  readonly unit: Unit | null;
}

/** What a number is wanted for. */
export interface Wanted {
  readonly unit: Unit;
  readonly least: number;
  readonly most: number;
  /** The thing that is measured, with a capital: `The waiting time`. */
  readonly what: string;
  /** Whether a number without a unit is taken as one of base units. */
  readonly bare: boolean;
  /** What to write in place of a number that is too large. */
  readonly beyond?: (text: string) => string;
}

/** The longest time that a script may name: the virtual time at which every run ends. */
export const MAX_TIME_US = DEFAULT_LIMITS.maxTimeUs;

/** The number of a quantity in base units (µs, bytes, bit/s, ratio); null after a report when its unit is unknown. */
export function measure(line: LineContext, quantity: Quantity): Measure | null {
  const { value, suffix } = splitNumber(quantity.number);
  const unitText = suffix === '' ? (quantity.unit ?? '') : suffix;
  if (suffix !== '' && quantity.unit !== undefined) {
    unknownUnit(line, quantity, quantity.unit);
    return null;
  }
  if (unitText === '') return { value, unit: null };
  if (unitText.toLowerCase() === MSL_UNIT) return { value: value * line.scenario.mslUs, unit: 'us' };
  const entry = UNITS.get(unitText);
  if (entry === undefined) {
    unknownUnit(line, quantity, unitText);
    return null;
  }
  return { value: exact(value * entry.factor), unit: entry.unit };
}

/** Removes the dust of binary fractions: `1.1s` is 1,100,000 microseconds and not 1,100,000.0000000002. */
function exact(value: number): number {
  const rounded = Math.round(value);
  return rounded !== 0 && Math.abs(value - rounded) < 1e-6 ? rounded : value;
}

function unknownUnit(line: LineContext, quantity: Quantity, unitText: string): void {
  const span = nodeSpan(line, quantity);
  const near = nearest(unitText, [...WORDS_BEHIND_NUMBERS, ...statementWords()]);
  const at = { ...span, column: span.endColumn - unitText.length };
  const units = 'Times are in `us`, `ms`, `s`; lengths in `bytes`, `KiB`; rates in `Mbps`.';
  report(line, 'unknown-unit', at, [unitText, didYouMean(near, units)], near === null ? [] : [near]);
}

/** The value of a quantity that must be of one unit and lie between bounds; null after a report when it is or does not. */
export function quantity(line: LineContext, node: Quantity, wanted: Wanted): number | null {
  const found = measure(line, node);
  if (found === null) return null;
  const text = nodeText(line, node);
  const span = nodeSpan(line, node);
  const unitless = wanted.unit === 'count' || wanted.unit === 'seq';
  if (found.unit === null && !unitless && !wanted.bare && found.value !== 0) {
    report(line, 'missing-unit', span, [text, UNIT_EXAMPLES[wanted.unit]]);
    return null;
  }
  if (found.unit !== null && found.unit !== wanted.unit) {
    report(line, 'wrong-unit', span, [
      text,
      UNIT_NOUNS[found.unit],
      `${UNIT_NOUNS[wanted.unit]} belongs here, such as ${UNIT_EXAMPLES[wanted.unit]}`,
    ]);
    return null;
  }
  if (!(found.value >= wanted.least && found.value <= wanted.most)) {
    report(line, 'out-of-range', span, [
      wanted.what,
      text,
      amountText(wanted.least, wanted.unit),
      mostText(wanted.most, wanted.unit),
      found.value > wanted.most ? (wanted.beyond?.(text) ?? '') : '',
    ]);
    return null;
  }
  if (wanted.unit !== 'ratio' && !Number.isInteger(found.value)) {
    report(line, 'not-whole', span, [text, BASE_NAMES[wanted.unit]]);
    return null;
  }
  return found.value;
}

/** What the base unit of each unit is called. */
const BASE_NAMES: Readonly<Record<Unit, string>> = {
  us: 'microseconds',
  bytes: 'bytes',
  seq: 'octets',
  count: 'things',
  bps: 'bits per second',
  ratio: 'shares',
  boolean: 'truths',
  text: 'texts',
};

/** An amount in base units as a script may write it; 0 needs no unit. */
export function amountText(value: number, unit: Unit): string {
  if (unit === 'us') return value === 0 ? '0' : durationText(value);
  if (unit === 'ratio') return `${value * 100}%`;
  if (unit === 'bytes') return value === 1 ? '1 byte' : `${value} bytes`;
  return String(value);
}

/** An upper bound; one that is the last value below a round duration is told by that. */
function mostText(value: number, unit: Unit): string {
  const isBelowRound = unit === 'us' && value % MS_US === MS_US - 1;
  return isBelowRound ? `less than ${amountText(value + 1, unit)}` : amountText(value, unit);
}

const MS_US = 1_000;

/** A duration that is longer than nothing, such as that of `wait`. */
export function duration(line: LineContext, node: Quantity, what: string, least = 0): number | null {
  return quantity(line, node, { unit: 'us', least, most: MAX_TIME_US, what, bare: false });
}

/** A plain whole number without a unit: a NUMBER token of the grammar. null after a report. */
export function plainNumber(
  line: LineContext,
  image: string,
  span: ReturnType<typeof nodeSpan>,
  wanted: { readonly what: string; readonly least: number; readonly most: number },
): number | null {
  const { value, suffix } = splitNumber(image);
  if (suffix !== '') {
    report(line, 'wrong-unit', span, [image, 'a number with a unit', 'a plain number belongs here']);
    return null;
  }
  if (!(value >= wanted.least && value <= wanted.most)) {
    report(line, 'out-of-range', span, [wanted.what, image, String(wanted.least), String(wanted.most), '']);
    return null;
  }
  if (!Number.isInteger(value)) {
    report(line, 'not-whole', span, [image, 'things']);
    return null;
  }
  return value;
}
