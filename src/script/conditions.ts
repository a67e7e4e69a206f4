import type { AstNode } from 'langium';
import { STATES, type TcpState } from '../engine/states';
import { type LineContext, nodeSpan, nodeWording, propertySpan, report } from './context';
import { didYouMean, listWords } from './diagnostics';
import { nearest } from './distance';
import { comparable, compileExpression, fitsSequence } from './expressions';
import type { Comparison, Condition as ConditionNode, HostCheck, HostTest } from './generated/ast';
import { knownActor } from './hostNames';
import { duration, quantity } from './numbers';
import type { CompareOperator, Condition, ErrorName } from './program';
import { compileSegment, MAX_BYTES, textOf } from './segments';
import { UNIT_NOUNS } from './units';
import { canonicalState } from './words';

/** What a condition of the script means; null after a report. */
export function compileCondition(line: LineContext, node: ConditionNode): Condition | null {
  const base = { text: nodeWording(line, node), span: nodeSpan(line, node) };
  switch (node.$type) {
    case 'Or':
    case 'And': {
      const operands = node.operands.map((operand) => compileCondition(line, operand));
      if (!operands.every((operand) => operand !== null)) return null;
      return { ...base, kind: node.$type === 'Or' ? 'or' : 'and', operands };
    }
    case 'Not': {
      const operand = compileCondition(line, node.operand);
      return operand === null ? null : { ...base, kind: 'not', operand };
    }
    case 'SegmentLost':
      return { ...base, kind: 'segment-lost' };
    case 'Quiet': {
      const forUs = duration(line, node.duration, 'A time of quiet');
      return forUs === null ? null : { ...base, kind: 'quiet', forUs };
    }
    case 'Comparison':
      return comparison(line, node);
    case 'HostCheck':
      return hostCheck(line, node);
  }
}

function comparison(line: LineContext, node: Comparison): Condition | null {
  if (node.operator === undefined || node.right === undefined) return truth(line, node);
  if (node.operator === '=') {
    report(line, 'single-equals', propertySpan(line, node, 'operator'), [], ['==']);
    return null;
  }
  const operator: CompareOperator = node.operator;
  const left = compileExpression(line, node.left);
  const right = compileExpression(line, node.right);
  if (left === null || right === null) return null;
  if (!comparable(left.unit, right.unit)) {
    report(line, 'unit-mismatch', nodeSpan(line, node), [UNIT_NOUNS[left.unit], UNIT_NOUNS[right.unit]]);
    return null;
  }
  if (left.unit === 'seq' && !fitsSequence(line, right)) return null;
  if (right.unit === 'seq' && !fitsSequence(line, left)) return null;
  return { text: nodeWording(line, node), span: nodeSpan(line, node), kind: 'compare', operator, left, right };
}

/** `client.nagle`: a variable that is true or false needs no comparison. */
function truth(line: LineContext, node: Comparison): Condition | null {
  const expression = compileExpression(line, node.left);
  if (expression === null) return null;
  const base = { text: nodeWording(line, node), span: nodeSpan(line, node) };
  if (expression.unit === 'boolean') return { ...base, kind: 'holds', expression };
  report(line, 'no-comparison', base.span, [base.text, UNIT_NOUNS[expression.unit]]);
  return null;
}

function hostCheck(line: LineContext, node: HostCheck): Condition | null {
  const condition = hostTest(line, node.host, node.test, node);
  return knownActor(line, node.host, propertySpan(line, node, 'host')) ? condition : null;
}

function hostTest(line: LineContext, host: string, test: HostTest, node: HostCheck): Condition | null {
  const base = { text: nodeWording(line, node), span: nodeSpan(line, node), host };
  switch (test.$type) {
    case 'IsTest': {
      const state = stateNamed(line, test.state, test);
      if (state === null) return null;
      const operand: Condition = { ...base, kind: 'state', state };
      return test.negated === true ? { text: base.text, span: base.span, kind: 'not', operand } : operand;
    }
    case 'SentTest': {
      const segment = compileSegment(line, test.segment, test.times === true ? 'last' : 'none');
      if (segment === null) return null;
      if (!segment.named) {
        report(line, 'empty-segment', nodeSpan(line, test), ['sent']);
        return null;
      }
      return { ...base, kind: 'sent', pattern: segment.pattern, times: segment.count };
    }
    case 'ReceivedTest': {
      if (test.text !== undefined) {
        const octetsText = textOf(line, test.text, propertySpan(line, test, 'text'));
        return octetsText === null ? null : { ...base, kind: 'received', lengthBytes: null, octetsText };
      }
      if (test.length === undefined) return null;
      const lengthBytes = quantity(line, test.length, {
        unit: 'bytes',
        least: 0,
        most: MAX_BYTES,
        what: 'A length',
        bare: false,
      });
      return lengthBytes === null ? null : { ...base, kind: 'received', lengthBytes, octetsText: null };
    }
    case 'ErrorTest': {
      const error = ERROR_NAMES.find((name) => name === test.error.toLowerCase());
      if (error !== undefined) return { ...base, kind: 'error', error };
      report(line, 'unknown-error', propertySpan(line, test, 'error'), [test.error, listWords(ERROR_NAMES)]);
      return null;
    }
  }
}

/** The short names of errors, in the order in which they are listed. */
export const ERROR_NAMES: readonly ErrorName[] = [
  'reset',
  'refused',
  'timeout',
  'delivery',
  'closing',
  'not-exist',
  'exists',
  'illegal',
  'unspecified',
  'resources',
  'network-unreachable',
  'host-unreachable',
  'source-route-failed',
  'time-exceeded',
  'parameter-problem',
  'protocol-unreachable',
  'port-unreachable',
  'any',
];

/** The state that a word names, in any case; null after a report. `node` has the word as its property `state`. */
export function stateNamed(line: LineContext, word: string, node: AstNode): TcpState | null {
  const state = canonicalState(word);
  if (state === null) {
    const near = nearest(word, STATES);
    const hint = didYouMean(near, `The states are ${listWords(STATES)}.`);
    report(line, 'unknown-state', propertySpan(line, node, 'state'), [word, hint], near === null ? [] : [near]);
  }
  return state;
}
