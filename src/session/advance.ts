import type { EngineEvent } from '../engine/events';
import { faultReports, hostNames, stepWorld } from '../engine/sim/world';
import { shownConnections } from './actors';
import { execute, isAwake, isSettled } from './execute';
import type { RunWarning } from './moment';
import { absorb, makeMoment, nowUs, type Run, recordArrival, scriptThread, spanOfStatementAt } from './run';
import type { RunState, Thread } from './runState';
import { countOf, endWait, inFlightTo, recordIcmp, recordSent } from './waiting';

/**
 * Runs until one more moment is made. False when the run is over.
 *
 * The bodies of `at` and `on` and the script go as far as they can; only when all of them wait does the world take one
 * step. So an application acts after a segment has arrived and before TCP answers it, and an ACK that is owed can ride
 * on what the application sends (RFC 9293 section 3.8.6.3, MUST-58).
 */
export function advance(run: Run): boolean {
  const { state } = run;
  if (run.state.momentCount === 0) {
    makeMoment(run, 'start', scriptThread(state));
    return true;
  }
  const before = state.momentCount;
  while (!hasEnded(run, before)) {
    if (runThreads(run)) continue;
    if (isOver(run)) state.ended ??= 'finished';
    else stepOnce(run);
  }
  return state.momentCount > before;
}

/** True when a moment has been made or the run is over; makes the last moment of a run that has just ended. */
function hasEnded(run: Run, before: number): boolean {
  const { state, log } = run;
  if (state.momentCount > before) return true;
  if (state.ended === null) return false;
  if (state.finished) return true;
  state.finished = true;
  log.warnings = warningsOf(run);
  makeMoment(run, 'end', scriptThread(state), { title: END_TITLES[state.ended] });
  return true;
}

const END_TITLES = {
  finished: 'The run is over',
  fatal: 'The run stops: the line before failed',
  'broken-line': 'The run stops before a line that is not understood',
  limit: 'The run was stopped at its bound',
} as const;

/** Lets the first thread that can go on do so; false when all of them wait for the world. */
function runThreads(run: Run): boolean {
  const { state } = run;
  for (const thread of state.threads) {
    if (runThread(run, thread)) {
      run.idle = false;
      return true;
    }
  }
  return false;
}

function runThread(run: Run, thread: Thread): boolean {
  const statement = thread.body[thread.next];
  if (statement === undefined) return retire(run, thread);
  if (thread.reachedUs === null) return announce(run, thread);
  const progress = execute(run, thread, statement);
  if (progress === 'blocked') return false;
  if (progress === 'done') {
    if (thread.label.kind === 'script') summarise(run, statement.span.line);
    thread.next++;
    thread.reachedUs = null;
    endWait(run, thread);
  }
  return true;
}

/** The body of an `at` or `on` that is through goes away; the script stays, and waits for the end. */
function retire(run: Run, thread: Thread): boolean {
  if (thread.label.kind === 'script') return false;
  run.state.threads = run.state.threads.filter((other) => other !== thread);
  return true;
}

/** Makes the stop before a statement; an `at` sleeps before its first one. */
function announce(run: Run, thread: Thread): boolean {
  if (thread.wait !== null) {
    if (!isAwake(run, thread)) return false;
    thread.wait = null;
  }
  const line = thread.body[thread.next]?.span.line ?? 0;
  const { brokenLine } = run.scenario;
  if (brokenLine !== null && line >= brokenLine) {
    run.state.ended = 'broken-line';
    return true;
  }
  thread.reachedUs = nowUs(run);
  makeMoment(run, 'statement', thread);
  return true;
}

/** How many connections of one host a summary names. */
const MOST_SUMMARISED = 4;

function summarise(run: Run, line: number): void {
  const { world } = run.state;
  const states = hostNames(world).flatMap((host) =>
    shownConnections(world, host)
      .slice(0, MOST_SUMMARISED)
      .map(({ name, tcb }) => ({ host, name, state: tcb.state })),
  );
  run.log.summaries.set(line, { line, timeUs: nowUs(run), states });
}

/** Whether the script and all bodies are through and what they sent has arrived. */
function isOver(run: Run): boolean {
  const { state } = run;
  const script = scriptThread(state);
  const through = state.threads.length === 1 && script.next >= script.body.length;
  if (through && run.scenario.brokenLine !== null) {
    state.ended = 'broken-line';
    return true;
  }
  if (!through) return false;
  state.throughAt ??= state.momentCount;
  return runsOnForEver(state) || isSettled(run, countOf(inFlightTo(run, hostNames(state.world))));
}

/** How many moments there may be after the last line, while what is on its way arrives. */
const MOST_AFTER_LAST_LINE = 10_000;

function runsOnForEver({ throughAt, momentCount }: RunState): boolean {
  return throughAt !== null && momentCount - throughAt > MOST_AFTER_LAST_LINE;
}

/** Lets the world take one step, and makes its moment. */
function stepOnce(run: Run): void {
  const { state } = run;
  const outcome = stepWorld(state.world, run.sink);
  switch (outcome) {
    case 'sent':
      recordSent(run, scriptThread(state));
      break;
    case 'arrived':
      recordArrival(run, scriptThread(state));
      break;
    case 'icmp':
      recordIcmp(run, scriptThread(state));
      break;
    case 'timer': {
      const expired = run.batch.find(
        (event): event is Extract<EngineEvent, { kind: 'timer-expired' }> => event.kind === 'timer-expired',
      );
      absorb(run);
      makeMoment(run, 'timer', scriptThread(state), {
        host: expired?.host ?? null,
        timer: expired?.timer ?? null,
        cause: expired?.cause ?? null,
      });
      break;
    }
    case 'wake':
      absorb(run);
      break;
    case 'idle':
      if (run.idle) throw new Error('a statement waits for a world that has nothing left to do');
      run.idle = true;
      break;
    case 'limit':
      absorb(run);
      state.ended = 'limit';
      break;
  }
}

const STILL_SENDING =
  'After this line segments went on being sent, so the run was ended here. `run` or `wait until` says how long it should go on.';

/** What is worth saying when a run is over; a run that was cut short says nothing of what never came. */
function warningsOf(run: Run): RunWarning[] {
  const { state } = run;
  if (state.ended !== 'finished') return notReached(run);
  const faults = faultReports(state.world)
    .filter(({ met }) => met === 0)
    .map(({ line, text }) => ({
      id: 'fault-never-met' as const,
      span: spanOfStatementAt(run.scenario.body, line),
      message: `\`${text}\` met no segment: nothing that fits was sent after it.`,
    }));
  const last = run.scenario.body.at(-1);
  const restless =
    last !== undefined && runsOnForEver(state)
      ? [{ id: 'still-sending' as const, span: last.span, message: STILL_SENDING }]
      : [];
  const handlers = state.handlers
    .filter(({ span }) => !state.handlersRun.has(span.line))
    .map(({ span, text }) => ({
      id: 'handler-never-ran' as const,
      span,
      message: `\`${text}\` never happened, so its lines did not run.`,
    }));
  return [...faults, ...handlers, ...restless];
}

/** After a line that failed for good, the lines that did not run. */
function notReached(run: Run): RunWarning[] {
  const { state, scenario } = run;
  if (state.ended !== 'fatal' || state.fatalLine === null) return [];
  const { fatalLine } = state;
  return scenario.body
    .filter(({ span }) => span.line > fatalLine)
    .map(({ span }) => ({ id: 'not-reached' as const, span, message: `Not run, because line ${fatalLine} failed.` }));
}
