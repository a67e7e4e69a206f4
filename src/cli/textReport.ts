import { projectRun } from '../protocol/project';
import type { Diagnostic } from '../script/diagnosticTypes';
import type { Outcome, Session } from '../session';
import { formatTimeUs } from '../session/values';
import { ASCII_PEN, type Ink, UNICODE_PEN } from './canvas';
import { needsAscii, painter, wantsColour } from './colours';
import { type DiagramStyle, drawDiagram } from './diagram';
import type { Io } from './io';
import { printable } from './textWidth';
import { endedByUntil } from './until';
import { whyFailed } from './whyFailed';

/** What became of one file. */
export interface FileRun {
  /** The name by which messages call it. */
  readonly file: string;
  /** How many scenarios run. */
  readonly scenarioCount: number;
  /** One for each scenario, which runs as its session is read, once: the one before can be forgotten then. */
  readonly sessions: Iterable<Session>;
  /** What is wrong with how it is written. */
  readonly diagnostics: readonly Diagnostic[];
  /** The time at which `--until` asked the runs to stop; null to run to the end. */
  readonly untilUs: number | null;
}

const OUTCOME_INKS: Readonly<Record<Outcome, Ink>> = { passed: 'good', failed: 'bad', error: 'bad', limit: 'bad' };

/** The runs for people, scenario by scenario: an arrow diagram, and how it came out. */
export function* textReport(runs: readonly FileRun[], io: Io, toTerminal: boolean): Generator<string> {
  const ascii = needsAscii(io.env);
  const style: DiagramStyle = {
    pen: ascii ? ASCII_PEN : UNICODE_PEN,
    paint: painter(toTerminal && wantsColour(io)),
    time: (timeUs) => (ascii ? formatTimeUs(timeUs).replace('µ', 'u') : formatTimeUs(timeUs)),
  };
  let gap = '';
  for (const { file, sessions, untilUs } of runs) {
    for (const session of sessions) {
      yield gap + scenarioText(file, session, untilUs, style);
      gap = '\n';
    }
  }
}

function scenarioText(file: string, session: Session, untilUs: number | null, style: DiagramStyle): string {
  const { title } = session.scenario;
  const view = projectRun(session);
  const heading = style.paint(printable(title === '' ? file : `${file}: ${title}`), 'strong');
  const diagram =
    view.segments.length + view.states.length > view.hosts.length ? ['', ...drawDiagram(view, style), ''] : [];
  const why = whyFailed(session, style);
  const gap = diagram.length === 0 && why.length > 0 ? [''] : [];
  return [heading, ...diagram, ...gap, ...why, verdict(session, view.endUs, untilUs, style), ''].join('\n');
}

/** `passed: 3 checks, 1.02 s` or `failed: 1 of 3 checks failed, 1.02 s`. */
function verdict(session: Session, endUs: number, untilUs: number | null, { paint, time }: DiagramStyle): string {
  const outcome = session.outcome() ?? 'limit';
  const checks = session.checks();
  const failed = checks.filter(({ ok }) => !ok).length;
  const counted = failed > 0 ? `${failed} of ${checks.length} checks failed` : plural(checks.length, 'check');
  const broken =
    outcome === 'error' ? `stopped before line ${session.scenario.brokenLine ?? 1}, which is not understood, ` : '';
  const asked = endedByUntil(session, untilUs);
  const limit = outcome === 'limit' ? `stopped ${asked ? 'by --until' : 'at a bound'}, ` : '';
  return `${paint(outcome, OUTCOME_INKS[outcome])}: ${broken}${limit}${counted}, ${time(asked ? untilUs : endUs)} of virtual time`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
