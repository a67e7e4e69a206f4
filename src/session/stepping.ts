import type { Check, Moment, MomentKind } from './moment';

/** What stepping needs of a session. */
export interface Steppable {
  readonly momentCount: number;
  readonly finished: boolean;
  readonly position: number;
  /** The first moment that is known. */
  readonly firstMoment: number;
  moment(index: number): Moment;
  forward(): boolean;
  travel(index: number): void;
  checks(): readonly Check[];
}

/** Asked of each moment that a movement comes to: true to stand there. */
export type StopTest = (moment: Moment) => boolean;

/** How far one step goes: to the next single event, to the next statement, or out of what runs now. */
export type StepSize = 'event' | 'statement' | 'out';

/** How a forward movement ended: at a moment that it looked for, at the end of the run, or for want of budget. */
export type Arrival = 'found' | 'end' | 'more';

const EVENT_KINDS: ReadonlySet<MomentKind> = new Set<MomentKind>([
  'statement',
  'call',
  'segment-sent',
  'segment-arrived',
  'icmp-sent',
  'icmp-arrived',
  'timer',
  'network',
  'end',
]);

/** The check that failed at the moment `index`; null when none did. Checks are in the order of their moments. */
export function failedCheckAt(session: Pick<Steppable, 'checks'>, index: number): Check | null {
  const checks = session.checks();
  let low = 0;
  let high = checks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const check = checks[middle];
    if (check !== undefined && check.moment < index) low = middle + 1;
    else high = middle;
  }
  for (let at = low; at < checks.length; at++) {
    const check = checks[at];
    if (check === undefined || check.moment !== index) return null;
    if (!check.ok) return check;
  }
  return null;
}

/**
 * The least moment to which a step back goes: the first statement, or the end of an empty script; 0 only before it is
 * known. Where only the newest moments are kept, the first of them.
 */
export function firstStop(session: Steppable): number {
  return Math.max(session.firstMoment, Math.min(1, session.momentCount - 1));
}

/** The test that ends a forward step of this size which begins at the moment where `session` stands. */
export function stepTest(session: Steppable, size: StepSize): StopTest {
  const from = session.moment(session.position);
  switch (size) {
    case 'event':
      return (moment) => isEvent(session, moment);
    case 'statement':
      return (moment) => moment.kind === 'statement' && isSameOrOuter(from, moment);
    case 'out':
      return outTest(from);
  }
}

/**
 * Moves forward to the first later moment that passes `stop`, or to the end of the run, and stands there. After
 * `maxMoments` moments that had to be run (those known before cost nothing) it stands where it came to and says `more`.
 */
export function seekForward(session: Steppable, stop: StopTest, maxMoments = Number.POSITIVE_INFINITY): Arrival {
  const known = session.momentCount;
  for (let index = session.position + 1; index < known; index++) {
    if (stop(session.moment(index))) {
      session.travel(index);
      return 'found';
    }
  }
  if (session.position !== known - 1) session.travel(known - 1);
  for (let run = 0; run < maxMoments; run++) {
    if (!session.forward()) return 'end';
    const moment = session.moment(session.position);
    if (moment.kind === 'end') return stop(moment) ? 'found' : 'end';
    if (stop(moment)) return 'found';
  }
  return 'more';
}

/**
 * Moves back to the first earlier moment that passes `stop`, and stands there. True when there was one; otherwise it
 * stands at {@link firstStop}.
 */
export function seekBack(session: Steppable, stop: StopTest): boolean {
  const first = firstStop(session);
  for (let index = session.position - 1; index >= first; index--) {
    if (stop(session.moment(index))) {
      session.travel(index);
      return true;
    }
  }
  if (session.position !== 0) session.travel(first);
  return false;
}

/** Step into: stands at the next single event or statement, or at the end, and returns that moment. */
export function nextEvent(session: Steppable): number {
  return go(session, 'event');
}

/** Step over: stands at the next statement of the same strand or of the script, or at the end, and returns that moment. */
export function nextStatement(session: Steppable): number {
  return go(session, 'statement');
}

/**
 * Step out: from an event to the next statement, from the body of an `at` or `on` to the line where the script goes on,
 * from a statement of the script to the end. Stands there and returns that moment.
 */
export function stepOut(session: Steppable): number {
  return go(session, 'out');
}

/**
 * Step back. By statement it undoes {@link nextStatement}: from a statement (or the end) to the one before; but from an
 * event inside a statement it goes one event back, so that a walk through the events can be walked back the same way.
 * By event it always undoes {@link nextEvent}. Stands there and returns that moment.
 */
export function previousStop(session: Steppable, granularity: 'statement' | 'event'): number {
  const from = session.moment(session.position);
  const isAtStatement = from.kind === 'statement' || from.kind === 'end' || from.kind === 'start';
  seekBack(session, stepTest(session, granularity === 'statement' && isAtStatement ? 'statement' : 'event'));
  return session.position;
}

/** Continues to the next statement that has a breakpoint, or to the end; stands there and returns that moment. */
export function continueTo(session: Steppable, isBreakpoint: (line: number) => boolean): number {
  seekForward(session, breakpointTest(isBreakpoint));
  return session.position;
}

/** Continues backwards to a statement that has a breakpoint, or to the first one; stands there and returns that moment. */
export function reverseContinue(session: Steppable, isBreakpoint: (line: number) => boolean): number {
  seekBack(session, breakpointTest(isBreakpoint));
  return session.position;
}

function go(session: Steppable, size: StepSize): number {
  seekForward(session, stepTest(session, size));
  return session.position;
}

function isEvent(session: Steppable, moment: Moment): boolean {
  return EVENT_KINDS.has(moment.kind) || failedCheckAt(session, moment.index) !== null;
}

function isSameOrOuter(from: Moment, moment: Moment): boolean {
  return moment.thread.id === from.thread.id || moment.thread.kind === 'script';
}

function outTest(from: Moment): StopTest {
  if (from.kind !== 'statement' && from.kind !== 'start') {
    return (moment) => moment.kind === 'statement' && isSameOrOuter(from, moment);
  }
  if (from.thread.kind === 'script') return () => false;
  return (moment) => moment.kind === 'statement' && moment.thread.kind === 'script';
}

function breakpointTest(isBreakpoint: (line: number) => boolean): StopTest {
  return (moment) =>
    moment.kind === 'statement' && moment.statement !== null && isBreakpoint(moment.statement.span.line);
}
