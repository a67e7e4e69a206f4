import { compileScript } from '../script';
import type { Diagnostic } from '../script/diagnosticTypes';
import { runDiagnostics } from './judgements';
import type { LineSummary, Outcome } from './moment';
import { Session, type SessionOptions } from './session';

/** What an editor shows of one scenario after it was run. */
export interface ScenarioAnalysis {
  readonly title: string;
  readonly outcome: Outcome;
  /** The world after each line that ran, in order of lines. */
  readonly summaries: readonly LineSummary[];
}

/** Everything that is wrong or worth saying about a script: how it is written and how it runs. */
export interface Analysis {
  readonly diagnostics: readonly Diagnostic[];
  readonly scenarios: readonly ScenarioAnalysis[];
}

/** Compiles a script and runs each scenario in a world of its own. Never throws for what a script says. */
export function analyze(text: string, options: Omit<SessionOptions, 'keep'> = {}): Analysis {
  const { program, diagnostics } = compileScript(text);
  const scenarios: ScenarioAnalysis[] = [];
  const found: Diagnostic[] = [...diagnostics];
  for (const scenario of program.scenarios) {
    const session = new Session(scenario, { ...options, keep: 'verdicts' });
    const outcome = session.runToEnd();
    for (const remark of runDiagnostics(session)) found.push(remark);
    scenarios.push({ title: scenario.title, outcome, summaries: session.lineSummaries() });
  }
  found.sort((a, b) => a.span.line - b.span.line || a.span.column - b.span.column);
  return { diagnostics: found, scenarios };
}
