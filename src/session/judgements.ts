import type { Diagnostic } from '../script/diagnosticTypes';
import type { Span } from '../script/program';
import type { Check, RunWarning } from './moment';
import type { Session } from './session';

/** What a run has to say about its script: failed checks, warnings, the bound that it met. In order of lines. */
export function runDiagnostics(session: Session): Diagnostic[] {
  const found = [
    ...session
      .checks()
      .filter(({ ok }) => !ok)
      .map(ofCheck),
    ...session.warnings().map(ofWarning),
    ...ofLimit(session),
  ];
  return eachOnce(found).sort((a, b) => a.span.line - b.span.line || a.span.column - b.span.column);
}

/** A line that runs many times says its remark once, with how often it came. */
function eachOnce(found: readonly Diagnostic[]): Diagnostic[] {
  const kinds = new Map<string, Diagnostic[]>();
  for (const one of found) {
    const key = `${one.id} ${one.span.line} ${one.span.column}`;
    const same = kinds.get(key);
    if (same === undefined) kinds.set(key, [one]);
    else same.push(one);
  }
  return [...kinds.values()].flatMap(([first, ...more]) => {
    if (first === undefined) return [];
    const times = `${more.length} more ${more.length === 1 ? 'time' : 'times'}`;
    return [more.length === 0 ? first : { ...first, message: `${first.message} (And ${times}.)` }];
  });
}

const CHECK_IDS: Readonly<Record<Check['kind'], string>> = {
  send: 'send-refused',
  expect: 'expect-failed',
  'wait-until': 'wait-until-failed',
  call: 'call-refused',
  inject: 'inject-refused',
};

function ofCheck({ kind, span, expected, actual, why, reference, related }: Check): Diagnostic {
  const message = `Expected: ${expected}. Actual: ${actual}.${why === null ? '' : ` ${why}`}`;
  return {
    id: CHECK_IDS[kind],
    severity: 'error',
    span,
    message,
    ...(related.length > 0 ? { related } : {}),
    ...(reference === null ? {} : { reference }),
  };
}

function ofWarning({ id, span, message }: RunWarning): Diagnostic {
  return id === 'not-reached'
    ? { id, severity: 'hint', span, message, tag: 'unnecessary' }
    : { id, severity: 'warning', span, message };
}

function ofLimit(session: Session): Diagnostic[] {
  const message = session.limitMessage();
  if (message === null) return [];
  return [{ id: 'simulation-stopped', severity: 'information', span: lineSpan(session), message }];
}

function lineSpan(session: Session): Span {
  const line = session.currentLine;
  if (line === null) return session.scenario.span;
  const statement = session.scenario.body.find(({ span }) => span.line === line);
  return statement?.span ?? { line, column: 1, endLine: line, endColumn: 1 };
}
