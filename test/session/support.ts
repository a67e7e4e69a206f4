import { expect } from 'vitest';
import { compileScript } from '../../src/script';
import type { ScenarioProgram } from '../../src/script/program';
import { runDiagnostics } from '../../src/session/judgements';
import { reportRun, type ScenarioReport } from '../../src/session/report';
import { Session, type SessionOptions } from '../../src/session/session';

/** The only scenario of a script that compiles without a word. */
export function scenarioOf(text: string): ScenarioProgram {
  const { program, diagnostics } = compileScript(text);
  expect(diagnostics).toEqual([]);
  const [scenario] = program.scenarios;
  if (scenario === undefined) throw new Error('no scenario');
  return scenario;
}

/** A session over the only scenario of a script that compiles without a word. */
export function sessionOf(text: string, options: SessionOptions = {}): Session {
  return new Session(scenarioOf(text), options);
}

/** A session that has run to its end. */
export function finished(text: string, options: SessionOptions = {}): Session {
  const session = sessionOf(text, options);
  session.runToEnd();
  return session;
}

/** The report of a session's run. */
export function reportOf(session: Session): ScenarioReport {
  const [report] = reportRun('test.tcpscript', [session], []).scenarios;
  if (report === undefined) throw new Error('no report');
  return report;
}

/** Each segment on a line, as a textbook writes it: `10 server SYN-ACK seq=0 ack=1`, times in ms, losses marked. */
export function transcript(session: Session): string[] {
  return reportOf(session).segments.map(({ timeUs, from, flags, seq, ack, len, fate }) => {
    const parts = [`${timeUs / 1000}`, from, flags.join('-'), `seq=${seq}`];
    if (ack !== null) parts.push(`ack=${ack}`);
    if (len > 0) parts.push(`len=${len}`);
    if (fate !== 'delivered') parts.push(fate);
    return parts.join(' ');
  });
}

/** What the run says of its script, as `line id`. */
export function remarks(session: Session): string[] {
  return runDiagnostics(session).map(({ span, id }) => `${span.line} ${id}`);
}

/** The states at the end: `client TIME-WAIT, server CLOSED`. */
export function finalStates(session: Session): string {
  return Object.entries(reportOf(session).hosts)
    .map(([name, { state }]) => `${name} ${state}`)
    .join(', ');
}

/** The four lines of a handshake, to stand before what a test is about. */
export const HANDSHAKE = 'server listen\nclient send SYN\nserver send SYN-ACK\nclient send ACK\n';
