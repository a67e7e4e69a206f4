import { type AstNode, AstUtils, GrammarUtils } from 'langium';
import {
  isFieldPart,
  isFlagsPart,
  isIsTest,
  isNegate,
  isOn,
  isOptionsPart,
  isQuantity,
  isSegmentOption,
  isVariable,
} from './generated/ast';
import { type Token, tokenize } from './parser';
import { splitNumber } from './units';
import { variableNamed } from './variables';
import { canonicalFlags, canonicalState } from './words';

/** What is written in place of the tokens from an offset up to `end`. */
interface Replacement {
  readonly end: number;
  readonly text: string;
}

/** The places of a line where the usual single space between tokens does not hold. */
interface Spacing {
  readonly replacements: Map<number, Replacement>;
  /** Offsets of tokens that have no space behind them, and of those that have none before them. */
  readonly tightAfter: Set<number>;
  readonly tightBefore: Set<number>;
}

/** A line with what the formatter has to know of it. */
interface Prepared {
  readonly tokens: readonly Token[];
  readonly spacing: Spacing;
}

/** Trees of lines are remembered by the parser, so a line that is compiled again was prepared before. */
const preparedLines = new WeakMap<AstNode, Prepared>();

function prepare(text: string, line: AstNode): Prepared {
  let prepared = preparedLines.get(line);
  if (prepared === undefined) {
    prepared = { tokens: tokenize(text).tokens, spacing: spacingOf(text, line) };
    preparedLines.set(line, prepared);
  }
  return prepared;
}

/**
 * One statement or option as the formatter writes it: single spaces, flags, states and variables as the RFC spells them.
 * With `from` and `to`, offsets into the text, only the tokens that begin between them.
 */
export function formatLine(text: string, line: AstNode, from = 0, to = text.length): string {
  const { tokens, spacing } = prepare(text, line);
  let written = '';
  let tight = true;
  let skipTo = from;
  for (const token of tokens) {
    if (token.start < skipTo || token.start >= to) continue;
    const replacement = spacing.replacements.get(token.start);
    const noSpace = tight || token.image === ',' || token.image === ')' || spacing.tightBefore.has(token.start);
    written += (noSpace ? '' : ' ') + (replacement?.text ?? token.image);
    skipTo = replacement?.end ?? token.end;
    tight = token.image === '(' || spacing.tightAfter.has(token.start);
  }
  return written;
}

function spacingOf(text: string, line: AstNode): Spacing {
  const spacing: Spacing = { replacements: new Map(), tightAfter: new Set(), tightBefore: new Set() };
  for (const node of AstUtils.streamAst(line)) {
    const { $cstNode: cst } = node;
    if (cst === undefined) continue;
    if (isOptionsPart(node)) {
      spacing.tightAfter.add(cst.offset);
      spacing.tightBefore.add(cst.end - 1);
    } else if (isNegate(node)) spacing.tightAfter.add(cst.offset);
    else {
      const canonical = canonicalText(node);
      if (canonical !== null) spacing.replacements.set(cst.offset, { end: cst.end, text: canonical });
      else addState(spacing, text, node);
    }
  }
  return spacing;
}

/** The whole text of a node, where it has a form of its own. */
function canonicalText(node: AstNode): string | null {
  if (isFlagsPart(node)) return canonicalFlags(node.flags);
  if (isQuantity(node)) return quantityText(node.number, node.unit);
  if (isFieldPart(node)) return `${node.field} ${node.sign ?? ''}${node.value}`;
  if (isSegmentOption(node)) return [node.name === 'sackOK' ? 'sack' : node.name, ...node.values].join(' ');
  if (isVariable(node)) {
    const dot = node.name.indexOf('.');
    const entry = variableNamed(node.name.slice(dot + 1));
    return entry === null ? null : `${node.name.slice(0, dot)}.${entry.name}`;
  }
  return null;
}

function addState(spacing: Spacing, text: string, node: AstNode): void {
  if (!isIsTest(node) && !isOn(node)) return;
  const word = GrammarUtils.findNodeForProperty(node.$cstNode, 'state');
  if (word === undefined) return;
  const state = canonicalState(text.slice(word.offset, word.end));
  if (state !== null) spacing.replacements.set(word.offset, { end: word.end, text: state });
}

/** Units that are words stand apart (`1460 bytes`), symbols close to the number (`10ms`, `64KiB`, `1%`). */
function quantityText(number: string, unit: string | undefined): string {
  const { suffix } = splitNumber(number);
  if (suffix !== '' && unit !== undefined) return `${number} ${unit}`;
  const digits = suffix === '' ? number : number.slice(0, -suffix.length);
  const name = suffix === '' ? (unit ?? '') : suffix;
  if (name === '') return digits;
  return WORDS.has(name) ? `${digits} ${name}` : digits + name;
}

const WORDS: ReadonlySet<string> = new Set([
  'byte',
  'bytes',
  'octet',
  'octets',
  'segment',
  'segments',
  'microsecond',
  'microseconds',
  'millisecond',
  'milliseconds',
  'second',
  'seconds',
  'minute',
  'minutes',
  'hour',
  'hours',
]);
