import { limitReached } from '../engine/sim/world';
import type { Diagnostic } from '../script/diagnosticTypes';
import {
  type RunReport,
  reportDiagnostic,
  runDiagnostics,
  type ScenarioReport,
  type Session,
  type Streamed,
  streamScenario,
} from '../session';
import { formatTimeUs } from '../session/values';

/** Whether the run ended because `--until` asked it to, and not by a bound of ours. */
export function endedByUntil(session: Session, untilUs: number | null): untilUs is number {
  return (
    untilUs !== null &&
    session.outcome() === 'limit' &&
    limitReached(session.stateAt(session.momentCount - 1).world) === 'time'
  );
}

/** What a run has to say about its script; an end that was asked for is called by its name. */
export function runRemarks(session: Session, untilUs: number | null): Diagnostic[] {
  const remarks = runDiagnostics(session);
  if (!endedByUntil(session, untilUs)) return remarks;
  const message = `The run stopped at ${formatTimeUs(untilUs)} of virtual time, as \`--until\` asks.`;
  return remarks.map((remark) => (remark.id === 'simulation-stopped' ? { ...remark, message } : remark));
}

/** The report of a file's run, made as it is read; a run that was to stop at a time ends at that time, though nothing happened then. */
export function reportUntil(
  file: string,
  sessions: Iterable<Session>,
  diagnostics: readonly Diagnostic[],
  untilUs: number | null,
): Streamed<Omit<RunReport, 'scenarios'>> & { readonly scenarios: Iterable<Streamed<ScenarioReport>> } {
  return {
    version: 1,
    file,
    scenarios: scenariosUntil(sessions, untilUs),
    diagnostics: diagnostics.map(reportDiagnostic),
  };
}

function* scenariosUntil(sessions: Iterable<Session>, untilUs: number | null): Generator<Streamed<ScenarioReport>> {
  for (const session of sessions) {
    const scenario = streamScenario(session);
    yield endedByUntil(session, untilUs) ? { ...scenario, endUs: untilUs } : scenario;
  }
}
