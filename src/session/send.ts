import type { SegmentRecord } from '../engine/events';
import { callWorld } from '../engine/sim/world';
import type { Statement } from '../script/program';
import { segmentChain } from './evidence';
import { explainSend } from './explain';
import {
  absorb,
  claimExplanation,
  giveVerdict,
  makeMoment,
  matches,
  nowUs,
  type Run,
  sentCount,
  unclaimedSince,
} from './run';
import type { RunState, Thread } from './runState';
import { callFor, trySend } from './sendCalls';
import { segmentTitle } from './titles';
import type { Wait } from './wait';
import {
  awaitArrivals,
  countOf,
  deadlineFor,
  drainOne,
  hasPassed,
  haveArrived,
  inFlightTo,
  type Progress,
} from './waiting';

type Send = Extract<Statement, { kind: 'send' }>;

/**
 * `H send SEGMENT`: lets arrive what is on its way to H, then (1) claims a matching segment that H's TCP has sent,
 * or (2) makes the user call that sends one at once, or (3) waits for the next segment that H's TCP sends.
 */
export function runSend(run: Run, thread: Thread, statement: Send): Progress {
  const { wait } = thread;
  if (wait === null) {
    const coming = inFlightTo(run, [statement.host]);
    return countOf(coming) > 0 ? awaitArrivals(thread, coming) : start(run, thread, statement);
  }
  switch (wait.kind) {
    case 'arrivals':
      return run.idle || haveArrived(run, wait) ? start(run, thread, statement) : 'blocked';
    case 'drain':
      return drain(run, thread, statement, wait.claim);
    case 'emission':
      return awaitEmission(run, thread, statement, wait);
    default:
      throw new Error(`send can not wait for ${wait.kind}`);
  }
}

function start(run: Run, thread: Thread, statement: Send): Progress {
  const claimable = findClaimable(run.state, statement);
  if (claimable !== null) {
    claim(run, statement, claimable);
    return 'done';
  }
  const call = trySend(run.state, statement)?.fits ? callFor(run.state, statement.host, statement.pattern) : null;
  if (call !== null) {
    callWorld(run.state.world, statement.host, call, statement.span.line, run.sink);
    const cause = run.batch.find((event) => event.kind === 'call')?.cause ?? null;
    absorb(run);
    makeMoment(run, 'call', thread, { host: statement.host, cause });
    thread.wait = { kind: 'drain', host: statement.host, claim: true };
    return 'again';
  }
  thread.wait = {
    kind: 'emission',
    sentBefore: sentCount(run.state),
    deadline: deadlineFor(run, nowUs(run), statement.withinUs),
  };
  return 'again';
}

/** The first unclaimed segment that fits and is not older than the arrow before this one. */
function findClaimable(state: RunState, { host, pattern }: Send): SegmentRecord | null {
  return unclaimedSince(state, host, 0, state.lastClaimUs).find((record) => matches(state, pattern, record)) ?? null;
}

function claim(run: Run, statement: Send, { id, timeUs, segment }: SegmentRecord): void {
  const { state } = run;
  state.claimed = new Set(state.claimed).add(id);
  state.lastClaimUs = timeUs;
  const actual = `${statement.host} sent ${segmentTitle(segment)}`;
  const because = claimExplanation(run, statement.span.line) ? segmentChain(run, id) : [];
  giveVerdict(run, {
    ...verdictOf(statement),
    ok: true,
    actual,
    why: null,
    reference: null,
    related: [],
    because,
    waiting: [],
  });
}

function verdictOf({ host, span, text }: Send) {
  return { span, kind: 'send', text, expected: text.replace(`${host} send `, `${host} sends `) } as const;
}

function drain(run: Run, thread: Thread, statement: Send, mayClaim: boolean): Progress {
  const before = sentCount(run.state);
  if (!drainOne(run, thread, statement.host)) return 'done';
  const [sent] = unclaimedSince(run.state, statement.host, before, 0);
  if (mayClaim && sent !== undefined && matches(run.state, statement.pattern, sent)) {
    claim(run, statement, sent);
    thread.wait = { kind: 'drain', host: statement.host, claim: false };
  }
  return 'again';
}

function awaitEmission(
  run: Run,
  thread: Thread,
  statement: Send,
  { sentBefore, deadline }: Extract<Wait, { kind: 'emission' }>,
): Progress {
  const [sent] = unclaimedSince(run.state, statement.host, sentBefore, 0);
  if (sent !== undefined && matches(run.state, statement.pattern, sent)) {
    claim(run, statement, sent);
    return 'done';
  }
  if (sent === undefined && !hasPassed(run, deadline)) return 'blocked';
  const blame = explainSend(run, statement, sent ?? null);
  giveVerdict(run, { ...verdictOf(statement), ok: false, ...blame });
  makeMoment(run, 'verdict', thread, { host: statement.host, title: `${statement.text}: ${blame.actual}` });
  run.state.ended = 'fatal';
  run.state.fatalLine = statement.span.line;
  return 'done';
}
