/**
 * # Running, stepping, travelling, judging
 *
 * A {@link Session} runs one scenario. The script and the bodies of `at` and `on` are threads: plain data that says which
 * statement is next and what it waits for (`wait.ts`). `advance.ts` lets each thread go as far as it can and, when all
 * wait, lets the world take one step; whatever happens on the way is closed off as a *moment*. `execute.ts` is the table
 * of statements; `send.ts` and `check.ts` hold the two with a textbook's order of arrows.
 *
 * Since the world and the threads are plain data, a copy is a checkpoint: `history.ts` keeps one at regular distances and
 * stands at any known moment by replaying from the nearest. Nothing is ever undone.
 *
 * `explain.ts` says why a check failed, `report.ts` tells programs, `judgements.ts` tells editors.
 */
export { type Analysis, analyze, type ScenarioAnalysis } from './analyze';
export { captureSession } from './capture';
export { type CauseText, causeText } from './causes';
export { runDiagnostics } from './judgements';
export { MARKS, type Mark, markSegments, type SegmentMarks } from './marks';
export type { Check, LineSummary, Moment, MomentKind, Outcome, RunWarning, ThreadLabel } from './moment';
export {
  type RunReport,
  reportDiagnostic,
  reportRun,
  type ScenarioReport,
  type SegmentReport,
  type Streamed,
  streamScenario,
} from './report';
export { type RequirementText, requirementText } from './requirementTexts';
export { Session, type SessionOptions } from './session';
