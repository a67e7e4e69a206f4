import { scheduleWake } from '../engine/sim/world';
import type { Condition, Statement } from '../script/program';
import { hostsOf, judge, type Quiet, quietUs } from './conditions';
import { explainCondition } from './explain';
import { giveVerdict, makeMoment, nowUs, type Run, sentCount } from './run';
import type { Thread } from './runState';
import {
  awaitArrivals,
  deadlineFor,
  hasPassed,
  haveArrived,
  inFlightTo,
  instantGoesOn,
  type Progress,
} from './waiting';

type Expect = Extract<Statement, { kind: 'expect' }>;
type WaitUntil = Extract<Statement, { kind: 'wait-until' }>;

/** `expect COND`: lets arrive what is on its way to the hosts it speaks of, then judges; a false one does not end the run. */
export function runExpect(run: Run, thread: Thread, statement: Expect): Progress {
  const { wait } = thread;
  if (wait === null) return begin(run, thread, statement);
  switch (wait.kind) {
    case 'arrivals':
      return run.idle || haveArrived(run, wait.segments) ? judgeArrived(run, thread, statement) : 'blocked';
    case 'quiet': {
      const broken = sentCount(run.state) > wait.sentBefore;
      return broken || hasPassed(run, wait.untilUs)
        ? decide(run, thread, statement, { sentBefore: wait.sentBefore })
        : 'blocked';
    }
    case 'instant':
      return instantGoesOn(run) && !judge(run.state, statement.condition).holds
        ? 'blocked'
        : decide(run, thread, statement, null);
    case 'condition':
      return judge(run.state, statement.condition).holds || hasPassed(run, wait.deadlineUs)
        ? decide(run, thread, statement, null)
        : 'blocked';
    default:
      throw new Error(`expect can not wait for ${wait.kind}`);
  }
}

function begin(run: Run, thread: Thread, statement: Expect): Progress {
  if (statement.now) return decide(run, thread, statement, null);
  const quietFor = quietUs(statement.condition);
  if (quietFor !== null) {
    const untilUs = nowUs(run) + quietFor;
    scheduleWake(run.state.world, untilUs);
    thread.wait = { kind: 'quiet', sentBefore: sentCount(run.state), untilUs };
    return 'blocked';
  }
  const coming = inFlightTo(run, hostsOf(statement.condition));
  return coming.length > 0 ? awaitArrivals(thread, coming) : judgeArrived(run, thread, statement);
}

function judgeArrived(run: Run, thread: Thread, statement: Expect): Progress {
  if (judge(run.state, statement.condition).holds) return decide(run, thread, statement, null);
  if (statement.withinUs !== null) {
    thread.wait = {
      kind: 'condition',
      deadlineUs: deadlineFor(run, thread.reachedUs ?? nowUs(run), statement.withinUs),
    };
    return 'again';
  }
  // An ACK that is owed waits for the application's turn; a check that is still false gives it its turn first.
  thread.wait = { kind: 'instant' };
  return 'again';
}

/** `wait until COND`: a condition that never comes true ends the run, since what follows relies on it. */
export function runWaitUntil(run: Run, thread: Thread, statement: WaitUntil): Progress {
  if (thread.wait === null)
    thread.wait = { kind: 'condition', deadlineUs: deadlineFor(run, nowUs(run), statement.withinUs) };
  if (thread.wait.kind !== 'condition') throw new Error(`wait until can not wait for ${thread.wait.kind}`);
  const { holds } = judge(run.state, statement.condition);
  if (!holds && !hasPassed(run, thread.wait.deadlineUs)) return 'blocked';
  if (!holds) {
    run.state.ended = 'fatal';
    run.state.fatalLine = statement.span.line;
  }
  return decide(run, thread, statement, null);
}

function decide(run: Run, thread: Thread, statement: Expect | WaitUntil, quiet: Quiet | null): Progress {
  const { condition, span, kind } = statement;
  const { holds, expected, actual } = judge(run.state, condition, quiet);
  const blame = holds ? NO_BLAME : explainCondition(run, condition, hostsOf(condition));
  giveVerdict(run, { span, kind, ok: holds, text: condition.text, expected, actual, ...blame });
  makeMoment(run, 'verdict', thread, { title: verdictTitle(condition, holds, actual) });
  return 'done';
}

const NO_BLAME = { why: null, reference: null, related: [] } as const;

function verdictTitle(condition: Condition, holds: boolean, actual: string): string {
  return holds ? `${condition.text}: true` : `${condition.text}: false, ${actual}`;
}
