import { CALL_NAMES, type CallResult } from '../engine/calls';
import {
  addFault,
  callWorld,
  connection,
  type Direction,
  holdLink,
  injectIcmp,
  injectWorld,
  releaseLink,
  scheduleWake,
  segmentRecord,
  setLink,
} from '../engine/sim/world';
import type { Condition, Statement } from '../script/program';
import { stateText } from './actors';
import { ruleText } from './causes';
import { runExpect, runWaitUntil } from './check';
import { errorNamesOf } from './errors';
import { stateChain } from './evidence';
import { absorb, claimExplanation, giveVerdict, makeMoment, nowUs, type Run, startThread } from './run';
import type { Thread } from './runState';
import { runSend } from './send';
import { drainOne, instantGoesOn, type Progress, recordIcmp } from './waiting';

type Kind = Statement['kind'];
type Of<K extends Kind> = Extract<Statement, { kind: K }>;
type Executor<K extends Kind> = (run: Run, thread: Thread, statement: Of<K>) => Progress;

/** How each kind of statement runs. Called again and again until it says `done`; `thread.wait` tells how far it is. */
const EXECUTORS: { readonly [K in Kind]: Executor<K> } = {
  call: runCall,
  send: runSend,
  inject: runInject,
  'inject-icmp': runInjectIcmp,
  fault: (run, _thread, { action, count, pattern, icmp, from, to, span, text }) => {
    const what = icmp === null ? { pattern } : { pattern, icmp };
    addFault(run.state.world, { action, count, ...what, from, to, line: span.line, text });
    return 'done';
  },
  hold: (run, thread, { from, to, span }) => {
    holdLink(run.state.world, directionOf(from, to), span.line, run.sink);
    return networkChanged(run, thread);
  },
  release: (run, thread, { from, to, span }) => {
    releaseLink(run.state.world, directionOf(from, to), span.line, run.sink);
    return networkChanged(run, thread);
  },
  'set-link': runSetLink,
  wait: (run, thread, { durationUs }) => {
    if (thread.wait === null) return sleepUntil(run, thread, nowUs(run) + durationUs);
    return isAwake(run, thread) ? 'done' : 'blocked';
  },
  'wait-until': runWaitUntil,
  run: (run, thread) => {
    if (thread.wait === null) thread.wait = { kind: 'idle' };
    return run.idle ? 'done' : 'blocked';
  },
  at: (run, _thread, statement) => {
    if (statement.timeUs > nowUs(run)) scheduleWake(run.state.world, statement.timeUs);
    startThread(run.state, 'at', statement, { kind: 'sleep', untilUs: statement.timeUs });
    return 'done';
  },
  on: (run, _thread, statement) => {
    run.state.handlers = [...run.state.handlers, statement];
    const { trigger, host } = statement;
    const already = trigger.kind === 'state' && connection(run.state.world, host).state === trigger.state;
    if (already) startThread(run.state, 'on', statement, null);
    return 'done';
  },
  expect: runExpect,
};

/** Runs `statement` as far as it goes without the world moving. */
export function execute(run: Run, thread: Thread, statement: Statement): Progress {
  // The table is keyed by the same union as the statement, which the compiler can not follow through an index.
  const executor = EXECUTORS[statement.kind] as Executor<Kind>;
  return executor(run, thread, statement);
}

/** One direction of the link; null for every one. */
function directionOf(from: string | null, to: string | null): Direction | null {
  return from === null || to === null ? null : { from, to };
}

function sleepUntil(run: Run, thread: Thread, untilUs: number): Progress {
  scheduleWake(run.state.world, untilUs);
  thread.wait = { kind: 'sleep', untilUs };
  return 'again';
}

/** Whether the time that a sleeping thread waits for has come. */
export function isAwake(run: Run, thread: Thread): boolean {
  return thread.wait?.kind === 'sleep' && nowUs(run) >= thread.wait.untilUs;
}

function runCall(run: Run, thread: Thread, statement: Of<'call'>): Progress {
  if (thread.wait?.kind === 'drain') return drainOne(run, thread, statement.host) ? 'again' : 'done';
  const { host, call, span } = statement;
  const before = stateText(run.state.world, host);
  const result = callWorld(run.state.world, host, call, span.line, run.sink);
  const cause = run.batch.find((event) => event.kind === 'call')?.cause ?? null;
  absorb(run);
  if (!result.ok && !errorIsExpected(thread, statement, result)) refuse(run, statement, before, result);
  makeMoment(run, 'call', thread, { host, cause });
  thread.wait = { kind: 'drain', host, claim: false };
  return 'again';
}

function refuse(
  run: Run,
  { host, call, span, text }: Of<'call'>,
  state: string,
  result: CallResult & { ok: false },
): void {
  const told = result.rule === undefined ? null : ruleText(result.rule);
  const because = claimExplanation(run, span.line) ? stateChain(run, host) : [];
  const verdict = {
    span,
    kind: 'call',
    ok: false,
    text,
    expected: `${CALL_NAMES[call.kind]} succeeds`,
    actual: `error: ${result.error}`,
    why: told === null ? null : `${host} is ${state}. ${told.text}`,
    reference: told?.reference ?? null,
    related: [],
    because,
    waiting: [],
  } as const;
  giveVerdict(run, verdict);
}

/** Whether the next line asks for this very error, so that the script means it to be refused. */
function errorIsExpected(thread: Thread, { host }: Of<'call'>, result: CallResult & { ok: false }): boolean {
  const next = thread.body[thread.next + 1];
  return next?.kind === 'expect' && speaksOfError(next.condition, host, errorNamesOf(result.error));
}

function speaksOfError(condition: Condition, host: string, names: readonly string[]): boolean {
  switch (condition.kind) {
    case 'error':
      return condition.host === host && (condition.error === 'any' || names.includes(condition.error));
    case 'and':
    case 'or':
      return condition.operands.some((operand) => speaksOfError(operand, host, names));
    default:
      return false;
  }
}

function runInject(run: Run, thread: Thread, statement: Of<'inject'>): Progress {
  const { host, pattern, spoof, to, span } = statement;
  const id = injectWorld(run.state.world, { host, pattern, spoof, towards: to, line: span.line }, run.sink);
  absorb(run);
  if (typeof id === 'number') {
    const record = segmentRecord(run.state.world, id);
    makeMoment(run, 'segment-sent', thread, { host, segment: id, cause: record.cause });
    return 'done';
  }
  return notForged(run, thread, statement, 'a forged segment', id);
}

function runInjectIcmp(run: Run, thread: Thread, statement: Of<'inject-icmp'>): Progress {
  const { host, icmp, mtuBytes, about, spoof, to, span } = statement;
  const order = { host, kind: icmp, mtuBytes, about, spoof, towards: to, line: span.line };
  const id = injectIcmp(run.state.world, order, run.sink);
  if (typeof id === 'string') return notForged(run, thread, statement, 'a forged ICMP message', id);
  recordIcmp(run, thread);
  return 'done';
}

/** What was to be forged can not be: the check fails and says what is missing. */
function notForged(
  run: Run,
  thread: Thread,
  { host, span, text }: Of<'inject' | 'inject-icmp'>,
  expected: string,
  why: string,
): Progress {
  const verdict = { span, kind: 'inject', ok: false, text, expected, actual: why, why } as const;
  giveVerdict(run, { ...verdict, reference: null, related: [], because: [], waiting: [] });
  makeMoment(run, 'verdict', thread, { host, title: why });
  return 'done';
}

function runSetLink(run: Run, thread: Thread, statement: Of<'set-link'>): Progress {
  const { from, to, change, forUs, span } = statement;
  setLink(run.state.world, directionOf(from, to), change, span.line, run.sink);
  if (forUs !== null) restoreLater(run, statement, forUs);
  return networkChanged(run, thread);
}

function networkChanged(run: Run, thread: Thread): Progress {
  absorb(run);
  makeMoment(run, 'network', thread);
  return 'done';
}

/** `link down for 5s`: the link comes up again beside the script, like the body of an `at`. */
function restoreLater(run: Run, statement: Of<'set-link'>, forUs: number): void {
  const untilUs = nowUs(run) + forUs;
  const restore: Statement = { ...statement, change: { up: !(statement.change.up ?? false) }, forUs: null };
  scheduleWake(run.state.world, untilUs);
  const at: Of<'at'> = { kind: 'at', timeUs: untilUs, body: [restore], span: statement.span, text: statement.text };
  startThread(run.state, 'at', at, { kind: 'sleep', untilUs });
}

/** Whether everything of this instant has happened and nothing is on its way: the script may end. */
export function isSettled(run: Run, inFlight: number): boolean {
  return run.idle || (inFlight === 0 && !instantGoesOn(run));
}
