import type { PatternOptions, SegmentPattern, SeqRef } from '../engine/pattern';
import { FLAG, type FlagName } from '../engine/segment';
import { seq } from '../engine/seq';
import { type LineContext, nodeSpan, nodeText, nodeWording, propertySpan, report } from './context';
import { didYouMean } from './diagnostics';
import { nearest } from './distance';
import type { FieldPart, LengthPart, OptionsPart, Segment, SegmentOption, SegmentPart } from './generated/ast';
import { plainNumber, quantity } from './numbers';
import type { Span } from './program';
import { unescapeString } from './strings';
import { UNIT_EXAMPLES } from './units';
import { canonicalFlags } from './words';

/** A segment of the script; `count` is the number without a unit in `next 3 SYN` and `sent SYN 2 times`. */
export interface CompiledSegment {
  readonly pattern: SegmentPattern;
  readonly count: number | null;
  /** False when nothing but a count was said. */
  readonly named: boolean;
}

/** Where a segment may have its count. */
export type CountPlace = 'none' | 'first' | 'last';

/** The pattern that every segment fits. */
export const ANY_SEGMENT: SegmentPattern = {
  kind: 'any',
  flags: 0,
  lengthBytes: null,
  text: null,
  seq: null,
  ack: null,
  wnd: null,
  up: null,
  options: null,
};

/** The longest payload that a script may name: what a window of 30 bits holds (RFC 7323 section 2.3). */
export const MAX_BYTES = 1024 ** 3;

type Draft = { -readonly [Key in keyof SegmentPattern]: SegmentPattern[Key] } & {
  /** The first word of each kind that was said, to notice what is said twice. */
  said: Map<string, string>;
};

/** What a SEGMENT of the script means; null after a report. */
export function compileSegment(line: LineContext, node: Segment, countPlace: CountPlace): CompiledSegment | null {
  const parts = [...node.parts];
  const counted = takeCount(parts, countPlace);
  const count = counted === null ? null : countOf(line, counted);
  if (counted !== null && count === null) return null;
  const draft: Draft = { ...ANY_SEGMENT, said: new Map() };
  const lists = parts.filter((part) => part.$type === 'OptionsPart');
  if (lists.length > 1) {
    severalLists(line, lists);
    return null;
  }
  for (const part of parts) {
    if (!addPart(line, draft, part)) return null;
  }
  const { said, ...pattern } = draft;
  return { pattern, count, named: said.size > 0 };
}

/** Removes the bare number from its place. */
function takeCount(parts: SegmentPart[], place: CountPlace): LengthPart | null {
  if (place === 'none') return null;
  const candidate = place === 'first' ? parts[0] : parts.at(-1);
  if (candidate?.$type !== 'LengthPart' || candidate.length.unit !== undefined) return null;
  if (!/^[0-9]+(\.[0-9]+)?$/.test(candidate.length.number)) return null;
  if (place === 'first') parts.shift();
  else parts.pop();
  return candidate;
}

/** `<mss 5> <sack>`: told with the one list that says the same. */
function severalLists(line: LineContext, lists: readonly OptionsPart[]): void {
  const spans = lists.map((list) => nodeSpan(line, list));
  const [first, last] = [spans[0], spans.at(-1)];
  if (first === undefined || last === undefined) return;
  const span = { ...first, endColumn: last.endColumn };
  const options = lists.flatMap((list) => list.options.map((option) => nodeWording(line, option)));
  const one = `<${options.join(', ')}>`;
  const { piece } = line;
  const text = piece.text.slice(span.column - piece.column, span.endColumn - piece.column);
  const nothingBetween = /^(<[^<>]*>\s*)+$/.test(text);
  report(line, 'two-option-lists', span, [one], nothingBetween ? [one] : []);
}

function countOf(line: LineContext, part: LengthPart): number | null {
  const wanted = { what: 'A count', least: 1, most: 1_000_000 };
  return plainNumber(line, part.length.number, nodeSpan(line, part), wanted);
}

/** Adds one part of a segment; false after a report. */
function addPart(line: LineContext, draft: Draft, part: SegmentPart): boolean {
  switch (part.$type) {
    case 'FlagsPart':
      return (
        say(line, draft, 'The flags', nodeSpan(line, part), part.flags) &&
        addFlags(line, draft, part.flags, nodeSpan(line, part))
      );
    case 'ClassPart':
      if (!say(line, draft, 'The flags', nodeSpan(line, part), part.class)) return false;
      draft.kind = part.class === 'data' ? 'data' : 'any';
      return true;
    case 'LengthPart':
      return say(line, draft, 'The length', nodeSpan(line, part), nodeText(line, part)) && addLength(line, draft, part);
    case 'TextPart': {
      if (!say(line, draft, 'The length', nodeSpan(line, part), part.text)) return false;
      const text = textOf(line, part.text, nodeSpan(line, part));
      draft.text = text;
      if (draft.kind === 'any' && !draft.said.has('The flags')) draft.kind = 'data';
      return text !== null;
    }
    case 'FieldPart':
      return say(line, draft, `\`${part.field}\``, nodeSpan(line, part), part.field) && addField(line, draft, part);
    case 'OptionsPart':
      return addOptions(line, draft, part);
  }
}

function say(line: LineContext, draft: Draft, what: string, span: Span, word: string): boolean {
  const before = draft.said.get(what);
  if (before === undefined) {
    draft.said.set(what, word);
    return true;
  }
  if (what === 'The flags' && before !== word) report(line, 'contradiction', span, [before, word]);
  else report(line, 'said-twice', span, [what]);
  return false;
}

function addFlags(line: LineContext, draft: Draft, image: string, span: Span): boolean {
  draft.kind = 'flags';
  for (const name of canonicalFlags(image).split('-')) {
    const bit = FLAG[name as FlagName];
    if (draft.flags & bit) {
      report(line, 'said-twice', span, [`\`${name}\``]);
      return false;
    }
    draft.flags |= bit;
  }
  return true;
}

function addLength(line: LineContext, draft: Draft, part: LengthPart): boolean {
  const { length } = part;
  if (length.unit === undefined && /^[0-9.]+$/.test(length.number)) {
    report(line, 'missing-unit', nodeSpan(line, part), [length.number, UNIT_EXAMPLES.bytes]);
    return false;
  }
  return setLength(
    draft,
    quantity(line, length, { unit: 'bytes', least: 0, most: MAX_BYTES, what: 'The length of a segment', bare: false }),
  );
}

function setLength(draft: Draft, lengthBytes: number | null): boolean {
  if (lengthBytes === null) return false;
  draft.lengthBytes = lengthBytes;
  if (draft.kind === 'any' && !draft.said.has('The flags') && lengthBytes > 0) draft.kind = 'data';
  return true;
}

/** The text between the quotation marks of a QUOTED token, its escapes undone; null after a report. */
export function textOf(line: LineContext, literal: string, span: Span): string | null {
  const { text, bad } = unescapeString(literal.slice(1, -1));
  if (bad === null) return text;
  const column = span.column + 1 + bad.offset;
  report(line, 'bad-escape', { ...span, column, endColumn: column + bad.text.length }, [bad.text]);
  return null;
}

const FIELD_NAMES = {
  seq: 'A sequence number',
  ack: 'An acknowledgment number',
  win: 'The window field',
  up: 'The urgent pointer',
};
const MAX_16_BITS = 65_535;
const MAX_32_BITS = 4_294_967_295;
/** Numbers relative to an ISN reach half of the sequence space at most (RFC 9293 section 3.4). */
const MAX_OFFSET = 2_147_483_647;

function addField(line: LineContext, draft: Draft, part: FieldPart): boolean {
  const span = nodeSpan(line, part);
  const { field } = part;
  if (field === 'len') {
    if (draft.said.has('The length')) {
      report(line, 'said-twice', span, ['The length']);
      return false;
    }
    if (part.sign !== undefined) return negative(line, part, span);
    return setLength(
      draft,
      plainNumber(line, part.value, span, { what: 'The length of a segment', least: 0, most: MAX_BYTES }),
    );
  }
  if (field === 'win' || field === 'up') {
    if (part.sign !== undefined) return negative(line, part, span);
    const value = plainNumber(line, part.value, span, { what: FIELD_NAMES[field], least: 0, most: MAX_16_BITS });
    if (field === 'win') draft.wnd = value;
    else draft.up = value;
    return value !== null;
  }
  const name = field === 'seq' ? 'seq' : 'ack';
  const reference = seqRef(line, part, FIELD_NAMES[name], span);
  draft[name] = reference;
  return reference !== null;
}

function negative(line: LineContext, part: FieldPart, span: Span): boolean {
  const { column } = propertySpan(line, part, 'sign');
  report(line, 'negative-number', { ...span, column }, [`${part.sign ?? ''}${part.value}`]);
  return false;
}

function seqRef(line: LineContext, part: FieldPart, what: string, span: Span): SeqRef | null {
  const most = part.sign === undefined ? MAX_32_BITS : MAX_OFFSET;
  const value = plainNumber(line, part.value, span, { what, least: 0, most });
  if (value === null) return null;
  if (part.sign === undefined) return { kind: 'absolute', value: seq(value) };
  return { kind: 'relative', offset: part.sign === '-' ? -value : value };
}

/** How many numbers each TCP option takes in `< >`, and the most that each may be. */
const SEGMENT_OPTIONS: ReadonlyMap<string, { readonly numbers: number; readonly most: number }> = new Map([
  ['mss', { numbers: 1, most: MAX_16_BITS }],
  ['wscale', { numbers: 1, most: 14 }],
  ['sack', { numbers: 0, most: 0 }],
  ['sackOK', { numbers: 0, most: 0 }],
  ['ts', { numbers: 2, most: MAX_32_BITS }],
]);

function addOptions(line: LineContext, draft: Draft, part: OptionsPart): boolean {
  let options: PatternOptions = {};
  const said = new Set<string>();
  for (const option of part.options) {
    const name = option.name === 'sackOK' ? 'sack' : option.name;
    if (said.has(name)) {
      report(line, 'said-twice', nodeSpan(line, option), [`\`${name}\``]);
      return false;
    }
    said.add(name);
    const values = optionValues(line, option);
    if (values === null) return false;
    const [first = 0, second = 0] = values;
    if (option.name === 'mss') options = { ...options, mss: first };
    else if (option.name === 'wscale') options = { ...options, wscale: first };
    else if (option.name === 'ts') options = { ...options, ts: [first, second] };
    else options = { ...options, sackOK: true };
  }
  draft.options = options;
  return true;
}

function optionValues(line: LineContext, option: SegmentOption): number[] | null {
  const entry = SEGMENT_OPTIONS.get(option.name);
  const span = nodeSpan(line, option);
  if (entry === undefined) {
    const near = nearest(option.name, SEGMENT_OPTIONS.keys());
    const hint = didYouMean(near, 'There are `mss 1460`, `sack`, `ts 1 0` and `wscale 7`.');
    report(line, 'unknown-segment-option', propertySpan(line, option, 'name'), [option.name, hint]);
    return null;
  }
  if (option.values.length !== entry.numbers) {
    const numbers = ['no number', 'one number', 'two numbers'][entry.numbers] ?? '';
    report(line, 'bad-option-value', span, [option.name, numbers]);
    return null;
  }
  const values: number[] = [];
  for (const image of option.values) {
    const value = plainNumber(line, image, span, { what: `The option \`${option.name}\``, least: 0, most: entry.most });
    if (value === null) return null;
    values.push(value);
  }
  return values;
}
