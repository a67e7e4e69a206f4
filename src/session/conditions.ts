import { type Octets, octetsEqual, octetsFromText, octetsLength } from '../engine/octets';
import { connection, segmentCount, segmentRecord } from '../engine/sim/world';
import type { Condition, Expression } from '../script/program';
import { stateText } from './actors';
import { compare, comparisonUnit, evaluateExpression } from './expressions';
import { memoryOf, type RunState } from './runState';
import { countSent } from './sentCount';
import { formatTimeUs, formatValue } from './values';

/** Whether a condition holds at a moment, and what people are told of it. */
export interface Judgement {
  readonly holds: boolean;
  readonly expected: string;
  readonly actual: string;
}

/** What `quiet for D` is judged by: how many segments had entered the link when the waiting began. */
export interface Quiet {
  readonly sentBefore: number;
}

type Judge<K extends Condition['kind']> = (
  state: RunState,
  condition: Extract<Condition, { kind: K }>,
  quiet: Quiet | null,
) => Judgement;

const JUDGES: { readonly [K in Condition['kind']]: Judge<K> } = {
  state: (state, { host, state: wanted }) => {
    const actual = connection(state.world, host).state;
    return { holds: actual === wanted, expected: wanted, actual: stateText(state.world, host) };
  },
  compare: judgeComparison,
  holds: (state, { expression, text }) => {
    const value = evaluateExpression(state, expression);
    return { holds: value === true, expected: text, actual: `${text} is ${formatValue(value, expression.unit)}` };
  },
  sent: (state, condition) => {
    const { host, times, text } = condition;
    const count = countSent(state, condition);
    return {
      holds: times === null ? count > 0 : count === times,
      expected: text,
      actual: `${host} sent ${count} such ${count === 1 ? 'segment' : 'segments'}`,
    };
  },
  received: judgeReceived,
  'segment-lost': (state) => {
    const count = segmentCount(state.world);
    const latest = count === 0 ? undefined : segmentRecord(state.world, count);
    const lost = latest !== undefined && (latest.fate === 'dropped' || latest.fate === 'lost');
    const actual = latest === undefined ? 'no segment was sent' : `the latest segment is ${latest.fate}`;
    return { holds: lost, expected: 'the latest segment is lost', actual };
  },
  error: (state, { host, error }) => {
    const { errors } = memoryOf(state, host);
    const met = error === 'any' ? errors.length > 0 : errors.includes(error);
    return {
      holds: met,
      expected: `${host} error ${error}`,
      actual: errors.length === 0 ? 'no error' : errors.join(', '),
    };
  },
  quiet: (state, { forUs }, quiet) => {
    const sent = segmentCount(state.world) - (quiet?.sentBefore ?? 0);
    return {
      holds: sent === 0,
      expected: `nothing is sent for ${formatTimeUs(forUs)}`,
      actual: sent === 0 ? 'nothing was sent' : `${sent} ${sent === 1 ? 'segment was' : 'segments were'} sent`,
    };
  },
  not: (state, { operand }, quiet) => {
    const inner = judge(state, operand, quiet);
    return { holds: !inner.holds, expected: `not ${inner.expected}`, actual: inner.actual };
  },
  and: (state, { operands }, quiet) => {
    const judged = operands.map((operand) => judge(state, operand, quiet));
    return (
      judged.find((one) => !one.holds) ?? {
        holds: true,
        expected: joined(judged, 'expected'),
        actual: joined(judged, 'actual'),
      }
    );
  },
  or: (state, { operands }, quiet) => {
    const judged = operands.map((operand) => judge(state, operand, quiet));
    return (
      judged.find((one) => one.holds) ?? {
        holds: false,
        expected: operands.map(({ text }) => text).join(' or '),
        actual: joined(judged, 'actual'),
      }
    );
  },
};

function joined(judged: readonly Judgement[], part: 'expected' | 'actual'): string {
  return judged.map((one) => one[part]).join(' and ');
}

function judgeComparison(state: RunState, condition: Extract<Condition, { kind: 'compare' }>): Judgement {
  const { left, right, operator } = condition;
  const leftValue = evaluateExpression(state, left);
  const rightValue = evaluateExpression(state, right);
  const unit = comparisonUnit(left, right);
  return {
    holds: compare(operator, leftValue, rightValue, unit),
    expected: `${left.text} ${operator} ${formatValue(rightValue, unit)}`,
    actual: `${left.text} is ${formatValue(leftValue, unit)}`,
  };
}

function judgeReceived(state: RunState, condition: Extract<Condition, { kind: 'received' }>): Judgement {
  const { received, receivedBytes } = memoryOf(state, condition.host);
  if (condition.octetsText === null) {
    return {
      holds: receivedBytes === condition.lengthBytes,
      expected: `${condition.lengthBytes ?? 0} bytes received`,
      actual: `${receivedBytes} bytes received`,
    };
  }
  const wanted = octetsFromText(condition.octetsText);
  const holds = receivedBytes === octetsLength(wanted) && octetsEqual(received, wanted);
  const actual = `${shownOctets(received, receivedBytes)} received`;
  return { holds, expected: `${JSON.stringify(condition.octetsText)} received`, actual };
}

const MOST_SHOWN_BYTES = 60;

function shownOctets(received: Octets, receivedBytes: number): string {
  if (receivedBytes === 0) return 'nothing';
  if (received.kind === 'pattern' || receivedBytes > MOST_SHOWN_BYTES) return `${receivedBytes} bytes`;
  return asText(received.bytes) ?? `${receivedBytes} bytes`;
}

/** The octets as quoted text; null when they are not UTF-8. */
function asText(bytes: Uint8Array): string | null {
  const escaped = Array.from(bytes, (octet) => `%${octet.toString(16).padStart(2, '0')}`).join('');
  try {
    return JSON.stringify(decodeURIComponent(escaped));
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

/** Judges a condition at this moment. */
export function judge(state: RunState, condition: Condition, quiet: Quiet | null = null): Judgement {
  // The table is keyed by the same union as the condition, which the compiler can not follow through an index.
  const judgeKind = JUDGES[condition.kind] as Judge<Condition['kind']>;
  return judgeKind(state, condition, quiet);
}

/** The hosts that a condition speaks of, each once. */
export function hostsOf(condition: Condition): string[] {
  const hosts = new Set<string>();
  const visit = (part: Condition): void => {
    switch (part.kind) {
      case 'state':
      case 'sent':
      case 'received':
      case 'error':
        hosts.add(part.host);
        break;
      case 'compare':
        for (const host of [...expressionHosts(part.left), ...expressionHosts(part.right)]) hosts.add(host);
        break;
      case 'holds':
        for (const host of expressionHosts(part.expression)) hosts.add(host);
        break;
      case 'not':
        visit(part.operand);
        break;
      case 'and':
      case 'or':
        part.operands.forEach(visit);
        break;
      default:
        break;
    }
  };
  visit(condition);
  return [...hosts];
}

function expressionHosts(expression: Expression): string[] {
  switch (expression.kind) {
    case 'number':
      return [];
    case 'variable':
      return [expression.host];
    case 'negate':
      return expressionHosts(expression.operand);
    case 'binary':
      return [...expressionHosts(expression.left), ...expressionHosts(expression.right)];
  }
}

/** The longest `quiet for D` inside a condition; null when there is none. */
export function quietUs(condition: Condition): number | null {
  switch (condition.kind) {
    case 'quiet':
      return condition.forUs;
    case 'not':
      return quietUs(condition.operand);
    case 'and':
    case 'or': {
      const lengths = condition.operands.map(quietUs).filter((length) => length !== null);
      return lengths.length === 0 ? null : Math.max(...lengths);
    }
    default:
      return null;
  }
}
