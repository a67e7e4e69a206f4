import { type LineContext, nodeSpan, nodeWording, report } from './context';
import { didYouMean } from './diagnostics';
import { nearest } from './distance';
import type { Expression as ExpressionNode, Variable } from './generated/ast';
import { knownActor } from './hostNames';
import { lineSpan } from './layout';
import { MAX_TIME_US, measure } from './numbers';
import type { Expression, Unit } from './program';
import { durationText, UNIT_NOUNS } from './units';
import { variableNamed, variableNames } from './variables';

/** What an expression of the script means, with units checked; null after a report. */
export function compileExpression(line: LineContext, node: ExpressionNode): Expression | null {
  const base = { text: nodeWording(line, node), span: nodeSpan(line, node) };
  switch (node.$type) {
    case 'Quantity': {
      const found = measure(line, node);
      if (found === null) return null;
      const most = found.unit === 'us' ? MAX_TIME_US : Number.MAX_SAFE_INTEGER;
      if (!(found.value <= most)) {
        const what = found.unit === 'us' ? 'A time' : 'A number';
        const bound = found.unit === 'us' ? durationText(most) : String(most);
        report(line, 'out-of-range', base.span, [what, base.text, '0', bound, '']);
        return null;
      }
      return { ...base, kind: 'number', value: found.value, unit: found.unit ?? 'count' };
    }
    case 'Variable':
      return variable(line, node);
    case 'Negate': {
      const operand = compileExpression(line, node.operand);
      return operand === null ? null : { ...base, kind: 'negate', operand, unit: operand.unit };
    }
    case 'Sum':
    case 'Product': {
      const left = compileExpression(line, node.left);
      const right = compileExpression(line, node.right);
      if (left === null || right === null) return null;
      const unit =
        node.$type === 'Sum'
          ? sumUnit(left.unit, right.unit, node.operator)
          : productUnit(left.unit, right.unit, node.operator);
      if (unit === null) {
        report(line, 'unit-mismatch', base.span, [UNIT_NOUNS[left.unit], UNIT_NOUNS[right.unit]]);
        return null;
      }
      if (node.operator === '/' && constantOf(right) === 0) {
        report(line, 'division-by-zero', base.span, [base.text]);
        return null;
      }
      return { ...base, kind: 'binary', operator: node.operator, left, right, unit };
    }
  }
}

/** What an expression without variables is worth; null when it has some, or when nothing is its value. */
function constantOf(expression: Expression): number | null {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'variable':
      return null;
    case 'negate': {
      const operand = constantOf(expression.operand);
      return operand === null ? null : -operand;
    }
    case 'binary': {
      const left = constantOf(expression.left);
      const right = constantOf(expression.right);
      return left === null || right === null ? null : RECKONERS[expression.operator](left, right);
    }
  }
}

const RECKONERS: Readonly<Record<'+' | '-' | '*' | '/', (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
};

/** Sequence numbers go from 0 to 2^32 - 1 (RFC 9293 section 3.4). */
const MAX_SEQ = 4_294_967_295;

/** Whether a plain number can be a sequence number, where it is compared with one; false after a report. */
export function fitsSequence(line: LineContext, number: Expression): boolean {
  const value = constantOf(number);
  if (value === null) return true;
  const { text, span } = number;
  if (value < 0) report(line, 'negative-number', span, [text]);
  else if (value > MAX_SEQ) report(line, 'out-of-range', span, ['A sequence number', text, '0', String(MAX_SEQ), '']);
  else if (!Number.isInteger(value)) report(line, 'not-whole', span, [text, 'octets']);
  else return true;
  return false;
}

function variable(line: LineContext, node: Variable): Expression | null {
  const base = { text: nodeWording(line, node), span: nodeSpan(line, node) };
  const dot = node.name.indexOf('.');
  const host = node.name.slice(0, dot);
  const wanted = node.name.slice(dot + 1);
  const { line: at, column, endColumn } = base.span;
  if (!knownActor(line, host, lineSpan(at, column, column + dot))) return null;
  const entry = variableNamed(wanted);
  if (entry === null) {
    const near = nearest(wanted, variableNames());
    const hint = didYouMean(near, 'There are `SND.NXT`, `SND.UNA`, `RCV.NXT`, `ISS`, `RTO` and others.');
    report(
      line,
      'unknown-variable',
      lineSpan(at, column + dot + 1, Math.max(endColumn, column + dot + 2)),
      [wanted === '' ? node.name : wanted, hint],
      near === null ? [] : [near],
    );
    return null;
  }
  return { ...base, kind: 'variable', host, name: entry.name, unit: entry.unit };
}

/** `ISS + 1` and `ISS + 1460 bytes` are sequence numbers, the difference of two is a length (RFC 9293 section 3.4). */
function sumUnit(left: Unit, right: Unit, operator: '+' | '-'): Unit | null {
  if (left === 'seq' && right === 'seq') return operator === '-' ? 'bytes' : null;
  if (left === 'seq' && isAmount(right)) return 'seq';
  if (right === 'seq' && isAmount(left)) return operator === '+' ? 'seq' : null;
  if (left === right) return isNumeric(left) ? left : null;
  if (isAmount(left) && isAmount(right)) return 'bytes';
  return null;
}

function productUnit(left: Unit, right: Unit, operator: '*' | '/'): Unit | null {
  if (right === 'count' && isNumeric(left) && left !== 'seq') return left;
  if (operator === '*') return left === 'count' && isNumeric(right) && right !== 'seq' ? right : null;
  return left === right && isNumeric(left) && left !== 'seq' ? 'count' : null;
}

function isAmount(unit: Unit): boolean {
  return unit === 'bytes' || unit === 'count';
}

function isNumeric(unit: Unit): boolean {
  return unit !== 'boolean' && unit !== 'text';
}

/** Whether two values can be compared: like with like, and a plain number with a sequence number or a length. */
export function comparable(left: Unit, right: Unit): boolean {
  if (left === right) return true;
  if (left === 'seq') return right === 'count';
  if (right === 'seq') return left === 'count';
  return isAmount(left) && isAmount(right);
}
