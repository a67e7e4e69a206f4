import type { Condition, Statement } from '../script/program';
import { hostsOf, judge, type Quiet, quietUs } from './conditions';
import { evidenceChain } from './evidence';
import { explainCondition } from './explain';
import { claimExplanation, giveVerdict, makeMoment, nowUs, type Run, sentCount } from './run';
import type { Thread } from './runState';
import {
  awaitArrivals,
  countOf,
  deadlineAt,
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
      if (!run.idle && !haveArrived(run, wait)) return 'blocked';
      return wait.last ? decide(run, thread, statement, null) : judgeArrived(run, thread, statement);
    case 'quiet': {
      const broken = sentCount(run.state) > wait.sentBefore;
      return broken || hasPassed(run, wait.deadline)
        ? decide(run, thread, statement, { sentBefore: wait.sentBefore })
        : 'blocked';
    }
    case 'instant':
      return instantGoesOn(run) && !judge(run.state, statement.condition).holds
        ? 'blocked'
        : judgeSettled(run, thread, statement);
    case 'condition':
      return judge(run.state, statement.condition).holds || hasPassed(run, wait.deadline)
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
    const deadline = deadlineAt(run, nowUs(run) + quietFor);
    thread.wait = { kind: 'quiet', sentBefore: sentCount(run.state), deadline };
    return 'blocked';
  }
  const coming = inFlightTo(run, hostsOf(statement.condition));
  return countOf(coming) > 0 ? awaitArrivals(thread, coming) : judgeArrived(run, thread, statement);
}

function judgeArrived(run: Run, thread: Thread, statement: Expect): Progress {
  if (judge(run.state, statement.condition).holds) return decide(run, thread, statement, null);
  if (statement.withinUs !== null) {
    thread.wait = {
      kind: 'condition',
      deadline: deadlineFor(run, thread.reachedUs ?? nowUs(run), statement.withinUs),
    };
    return 'again';
  }
  // An ACK that is owed waits for the application's turn, which a check is not: a false one lets it go first.
  thread.wait = { kind: 'instant' };
  return 'again';
}

/** What was owed at this instant has been sent; it counts as on its way when the line was reached. */
function judgeSettled(run: Run, thread: Thread, statement: Expect): Progress {
  const coming = inFlightTo(run, hostsOf(statement.condition));
  const last = judge(run.state, statement.condition).holds || countOf(coming) === 0;
  return last ? decide(run, thread, statement, null) : awaitArrivals(thread, coming, true);
}

/** `wait until COND`: a condition that never comes true ends the run, since what follows relies on it. */
export function runWaitUntil(run: Run, thread: Thread, statement: WaitUntil): Progress {
  if (thread.wait === null)
    thread.wait = { kind: 'condition', deadline: deadlineFor(run, nowUs(run), statement.withinUs) };
  if (thread.wait.kind !== 'condition') throw new Error(`wait until can not wait for ${thread.wait.kind}`);
  const { holds } = judge(run.state, statement.condition);
  if (!holds && !hasPassed(run, thread.wait.deadline)) return 'blocked';
  if (!holds) {
    run.state.ended = 'fatal';
    run.state.fatalLine = statement.span.line;
  }
  return decide(run, thread, statement, null);
}

function decide(run: Run, thread: Thread, statement: Expect | WaitUntil, quiet: Quiet | null): Progress {
  const { condition, span, kind } = statement;
  const { holds, expected, actual } = judge(run.state, condition, quiet);
  const blame = claimExplanation(run, span.line) ? blameOf(run, condition, holds) : { ...NO_BLAME, because: [] };
  giveVerdict(run, { span, kind, ok: holds, text: condition.text, expected, actual, ...blame });
  makeMoment(run, 'verdict', thread, { title: verdictTitle(condition, holds, actual) });
  return 'done';
}

function blameOf(run: Run, condition: Condition, holds: boolean): ReturnType<typeof explainCondition> {
  return holds
    ? { ...NO_BLAME, because: evidenceChain(run, condition) }
    : explainCondition(run, condition, hostsOf(condition));
}

const NO_BLAME = { why: null, reference: null, related: [], waiting: [] } as const;

function verdictTitle(condition: Condition, holds: boolean, actual: string): string {
  return holds ? `${condition.text}: true` : `${condition.text}: false, ${actual}`;
}
