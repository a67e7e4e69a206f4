import { seq, seqDiff } from '../engine/seq';
import { connection } from '../engine/sim/world';
import { VARIABLES } from '../engine/variables';
import type { CompareOperator, Expression, Unit } from '../script/program';
import type { RunState } from './runState';

/** What an expression or a variable is worth at a moment; null when TCP has no value for it (yet). */
export type Value = number | boolean | string | null;

/** Reckons an expression at this moment. Sequence numbers wrap at 2^32; a division by zero has no value. */
export function evaluateExpression(state: RunState, expression: Expression): Value {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'variable':
      return VARIABLES[expression.name]?.read(connection(state.world, expression.host)) ?? null;
    case 'negate': {
      const operand = evaluateExpression(state, expression.operand);
      return typeof operand === 'number' ? -operand : null;
    }
    case 'binary':
      return reckon(
        expression,
        evaluateExpression(state, expression.left),
        evaluateExpression(state, expression.right),
      );
  }
}

function reckon(expression: Extract<Expression, { kind: 'binary' }>, left: Value, right: Value): Value {
  if (typeof left !== 'number' || typeof right !== 'number') return null;
  if (expression.unit === 'seq') return seq(expression.operator === '-' ? left - right : left + right);
  if (expression.operator === '-' && expression.left.unit === 'seq' && expression.right.unit === 'seq') {
    return seqDiff(seq(left), seq(right));
  }
  switch (expression.operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0 ? null : left / right;
  }
}

/** Sign of `left` against `right`: modular for sequence numbers; null when they can not be compared. */
function order(left: Value, right: Value, unit: Unit): number | null {
  if (left === null || right === null || typeof left !== typeof right) return null;
  if (typeof left === 'number' && typeof right === 'number') {
    return unit === 'seq' ? seqDiff(seq(left), seq(right)) : left - right;
  }
  return left === right ? 0 : String(left) < String(right) ? -1 : 1;
}

const HOLDS: Readonly<Record<CompareOperator, (sign: number) => boolean>> = {
  '==': (sign) => sign === 0,
  '!=': (sign) => sign !== 0,
  '<': (sign) => sign < 0,
  '<=': (sign) => sign <= 0,
  '>': (sign) => sign > 0,
  '>=': (sign) => sign >= 0,
};

/** Whether the comparison holds; what has no value equals nothing and is different from everything. */
export function compare(operator: CompareOperator, left: Value, right: Value, unit: Unit): boolean {
  const sign = order(left, right, unit);
  return sign === null ? operator === '!=' : HOLDS[operator](sign);
}

/** The unit in which two operands are compared: sequence numbers wrap whichever side they stand on. */
export function comparisonUnit(left: Expression, right: Expression): Unit {
  return left.unit === 'seq' || right.unit === 'seq' ? 'seq' : left.unit;
}
