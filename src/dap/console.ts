import type { EngineEvent } from '../engine/events';
import { FLAG } from '../engine/segment';
import type { Check, Moment, Outcome, RunWarning } from '../session/moment';
import { eventTitle } from '../session/titles';
import { formatTimeUs } from '../session/values';

/** One line for the debug console. */
export interface ConsoleLine {
  readonly category: 'stdout' | 'stderr' | 'console';
  readonly text: string;
  /** The script line that it is about; null when it is about none. */
  readonly line: number | null;
}

/** What the console needs of a session. */
export interface ConsoleSource {
  readonly position: number;
  moment(index: number): Moment;
  checks(): readonly Check[];
  outcome(): Outcome | null;
  limitMessage(): string | null;
  warnings(): readonly RunWarning[];
}

const SHOWN: ReadonlySet<EngineEvent['kind']> = new Set<EngineEvent['kind']>([
  'segment-sent',
  'segment-arrived',
  'segment-lost',
  'segment-discarded',
  'state',
  'timer-expired',
  'signal',
  'link-changed',
]);

/** How many lines of events one run may write: a console with more of them is of use to nobody. */
export const MAX_CONSOLE_LINES = 5000;

/**
 * Says what happens while a run goes on for the first time: a line for each segment, change of state, timer and failed
 * check. Travelling back and forth says nothing again.
 */
export class RunConsole {
  private nextMoment = 0;
  private nextCheck = 0;
  private written = 0;

  /** The lines for what became known up to the moment where `session` stands. */
  news(session: ConsoleSource): ConsoleLine[] {
    const lines: ConsoleLine[] = [];
    const checks = session.checks();
    for (; this.nextMoment <= session.position; this.nextMoment++) {
      const moment = session.moment(this.nextMoment);
      lines.push(...momentLines(moment));
      for (; (checks[this.nextCheck]?.moment ?? Number.POSITIVE_INFINITY) <= moment.index; this.nextCheck++) {
        const check = checks[this.nextCheck];
        if (check !== undefined && !check.ok) lines.push(checkLine(check));
      }
      if (moment.kind === 'end') lines.push(...endLines(session, moment));
    }
    return this.bounded(lines);
  }

  private bounded(lines: readonly ConsoleLine[]): ConsoleLine[] {
    const room = MAX_CONSOLE_LINES - this.written;
    this.written += lines.length;
    if (room <= 0) return lines.filter(({ category }) => category !== 'stdout');
    if (lines.length <= room) return [...lines];
    const note = `From here on only failed checks and warnings are written: the console has ${MAX_CONSOLE_LINES} lines of this run.`;
    return [
      ...lines.slice(0, room),
      { category: 'console', text: note, line: null },
      ...lines.slice(room).filter(({ category }) => category !== 'stdout'),
    ];
  }
}

/** The line for a failed check: what was asked, what came instead, and why. */
export function checkLine(check: Check): ConsoleLine {
  const why = check.why === null ? '' : ` ${check.why}`;
  const reference = check.reference === null ? '' : ` (${check.reference})`;
  return {
    category: 'stderr',
    text: `${time(check.timeUs)}  Check failed: ${check.text}. Expected ${check.expected}, but got ${check.actual}.${why}${reference}`,
    line: check.span.line,
  };
}

/** How the run came out, and what is worth saying though no check failed. */
function endLines(session: ConsoleSource, { timeUs }: Moment): ConsoleLine[] {
  const limit = session.limitMessage();
  const outcome = `${time(timeUs)}  Run finished: ${session.outcome() ?? 'no outcome'}.${limit === null ? '' : ` ${limit}`}`;
  return [
    ...session.warnings().map(
      ({ message, span }): ConsoleLine => ({
        category: 'console',
        text: `${time(timeUs)}  Warning: ${message}`,
        line: span.line,
      }),
    ),
    { category: limit === null ? 'console' : 'stderr', text: outcome, line: null },
  ];
}

function momentLines(moment: Moment): ConsoleLine[] {
  return moment.events
    .filter((event) => SHOWN.has(event.kind))
    .map((event) => ({
      category: 'stdout',
      text: `${time(event.timeUs)}  ${eventTitle(event) ?? event.kind}${numbersOf(event)}`,
      line: lineOf(event) ?? moment.statement?.span.line ?? null,
    }));
}

/** The numbers of a segment that has just been sent, as they are on the wire. */
function numbersOf(event: EngineEvent): string {
  if (event.kind !== 'segment-sent') return '';
  const { seq, ack, wnd, flags } = event.record.segment;
  const acknowledges = (flags & FLAG.ACK) === 0 ? '' : `, ack ${ack}`;
  return `, seq ${seq}${acknowledges}, window ${wnd}`;
}

function lineOf(event: EngineEvent): number | null {
  if ('record' in event) return event.record.cause.line;
  return 'cause' in event ? event.cause.line : null;
}

function time(timeUs: number): string {
  return formatTimeUs(timeUs).padStart(9);
}
