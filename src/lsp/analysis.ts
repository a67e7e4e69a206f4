import { type CompiledScript, compileScript } from '../script';
import type { Diagnostic } from '../script/diagnosticTypes';
import type { Program } from '../script/program';
import { type LineSummary, type Outcome, runDiagnostics, Session, type SessionOptions } from '../session';
import { becauseLine, shortened } from '../session/because';
import { waitingLine } from '../session/whyNot';

/** How long runs may take while somebody types. */
export interface RunBounds {
  /** Most events of one scenario. */
  readonly maxEvents: number;
  /** Longest real time of one scenario, in milliseconds. */
  readonly maxWallMs: number;
}

/** The bounds as long as the editor has not said otherwise. */
export const DEFAULT_BOUNDS: RunBounds = { maxEvents: 100_000, maxWallMs: 2_000 };

/** What a run of one scenario showed. */
export interface ScenarioRun {
  readonly title: string;
  readonly outcome: Outcome;
  /** The world after each line that ran, in order of lines. */
  readonly summaries: readonly LineSummary[];
  readonly diagnostics: readonly Diagnostic[];
  /** Why the checks came out as they did, by the order in which they were judged. */
  readonly explanations: readonly Explanation[];
}

/** Why one line of a script came out as it did. */
export interface Explanation {
  readonly line: number;
  readonly ok: boolean;
  /** The chain of causes, the newest first, one sentence a link. */
  readonly because: readonly string[];
  /** Why its hosts sent nothing, one sentence a reason; empty when it is ok. */
  readonly waiting: readonly string[];
}

/** Everything known of one version of a text. */
export interface Analysis {
  readonly version: number;
  readonly compiled: CompiledScript;
  /** null while it runs, and for ever when the text changed before the run was over. */
  run: readonly ScenarioRun[] | null;
  /** What made the run crash; null when it did not. */
  crash: Diagnostic | null;
}

/** The clock and the event loop of the place where the server lives. */
export interface Clock {
  /** Milliseconds that never go back. */
  nowMs(): number;
  /** Resolves after everything that already waits in the event loop, so that requests are answered during a long run. */
  nextTurn(): Promise<void>;
}

/** Runs scenarios one after the other; each `next()` does a small piece of the work. */
export type ScenarioRunner = (program: Program, bounds: SessionOptions) => Generator<undefined, ScenarioRun[]>;

const MOMENTS_A_PIECE = 256;

/** The runner of the product. */
export function* runScenarios(program: Program, options: SessionOptions): Generator<undefined, ScenarioRun[]> {
  const runs: ScenarioRun[] = [];
  for (const scenario of program.scenarios) {
    const session = new Session(scenario, { ...options, keep: 'verdicts' });
    while (!session.runSlice(MOMENTS_A_PIECE)) yield undefined;
    runs.push({
      title: scenario.title,
      outcome: session.outcome() ?? 'limit',
      summaries: session.lineSummaries(),
      diagnostics: runDiagnostics(session),
      explanations: explanationsOf(session),
    });
    yield undefined;
  }
  return runs;
}

/** How many links of a chain an editor shows. */
const MOST_LINKS = 6;

/** The last verdict of each line: a line in a body may run many times. */
function explanationsOf(session: Session): Explanation[] {
  const byLine = new Map<number, Explanation>();
  for (const { span, ok, because, waiting } of session.checks()) {
    byLine.set(span.line, {
      line: span.line,
      ok,
      because: shortened(because, MOST_LINKS).map(becauseLine),
      waiting: waiting.map((reason) => `${reason.host}: ${waitingLine(reason)}`),
    });
  }
  return [...byLine.values()];
}

/** How long the event loop may be kept waiting by a run. */
const SLICE_MS = 12;

/** Understands texts: compiles at once, runs in slices. */
export class Analyst {
  constructor(
    readonly clock: Clock,
    readonly runner: ScenarioRunner = runScenarios,
  ) {}

  /** Reads a text, without running it. */
  read(text: string, version: number): Analysis {
    return { version, compiled: compileScript(text), run: null, crash: null };
  }

  /**
   * Runs what was read, and fills in `run` or `crash`. `onSlow` is called once when it takes more than a slice;
   * when `isStale` answers true between two slices the run is given up and both stay null. Never rejects.
   */
  async run(analysis: Analysis, bounds: RunBounds, isStale: () => boolean, onSlow: () => void): Promise<void> {
    const { clock } = this;
    const options: SessionOptions = {
      limits: { maxEvents: bounds.maxEvents },
      wallClock: { nowMs: () => clock.nowMs(), maxMs: bounds.maxWallMs },
    };
    let slow = false;
    try {
      const work = this.runner(analysis.compiled.program, options);
      let sliceEndMs = clock.nowMs() + SLICE_MS;
      for (let piece = work.next(); ; piece = work.next()) {
        if (piece.done === true) {
          analysis.run = piece.value;
          return;
        }
        if (clock.nowMs() < sliceEndMs) continue;
        if (!slow) onSlow();
        slow = true;
        await clock.nextTurn();
        if (isStale()) {
          work.return([]);
          return;
        }
        sliceEndMs = clock.nowMs() + SLICE_MS;
      }
    } catch (error) {
      analysis.crash = crashDiagnostic(error);
    }
  }
}

function crashDiagnostic(error: unknown): Diagnostic {
  const reason = error instanceof Error ? error.message : String(error);
  return {
    id: 'run-crashed',
    severity: 'information',
    span: { line: 1, column: 1, endLine: 1, endColumn: 1 },
    message: `The simulation of this script broke down by a mistake of TCPScript itself (${reason}); the script is only checked for how it is written.`,
  };
}
