import { limitReached } from '../engine/sim/world';
import type { Diagnostic } from '../script/diagnosticTypes';
import { type RunReport, reportRun, runDiagnostics, type Session } from '../session';
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

/** The report of a file's run; a run that was to stop at a time ends at that time, though nothing happened then. */
export function reportUntil(
  file: string,
  sessions: readonly Session[],
  diagnostics: readonly Diagnostic[],
  untilUs: number | null,
): RunReport {
  const report = reportRun(file, sessions, diagnostics);
  const scenarios = report.scenarios.map((scenario, index) => {
    const session = sessions[index];
    return session !== undefined && endedByUntil(session, untilUs) ? { ...scenario, endUs: untilUs } : scenario;
  });
  return { ...report, scenarios };
}
