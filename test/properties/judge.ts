import { octetAt, octetsLength } from '../../src/engine/octets';
import { type Seq, seqDiff, seqLeq, seqMax } from '../../src/engine/seq';
import { connection, hostNames, nextEventTimeUs, segmentRecords, type World } from '../../src/engine/sim/world';
import type { Tcb } from '../../src/engine/tcp/tcb';
import { compileScript } from '../../src/script';
import { Session } from '../../src/session/session';

const LIMITS = { maxEvents: 400_000, maxTimeUs: 4 * 24 * 3600 * 1e6 };

/** What a world that was run came to. */
export interface Verdict {
  /** What is wrong, in words; null for nothing. */
  readonly problem: string | null;
  readonly segments: number;
  /** A number that all segments, their times and their fates go into. */
  readonly digest: number;
}

/** Runs a script and checks at every moment what has to be true at all times. */
export function judgeScript(text: string): Verdict {
  const { program, diagnostics } = compileScript(text);
  const [scenario] = program.scenarios;
  const wrong = diagnostics.find(({ severity }) => severity === 'error');
  if (scenario === undefined || wrong !== undefined) {
    return { problem: `the script is wrong: ${wrong?.message ?? 'no scenario'}`, segments: 0, digest: 0 };
  }
  const session = new Session(scenario, { keep: 'moments', limits: LIMITS });
  const problem = watch(session) ?? judgeEnd(session);
  const { world } = session.stateAt(session.momentCount - 1);
  return { problem, segments: segmentRecords(world).length, digest: digestOf(world) };
}

/** Steps to the end; what was not as it has to be, null for nothing. */
function watch(session: Session): string | null {
  const got = new Map<string, number>();
  const edges: Edges = new Map();
  for (let known = 1; ; ) {
    const over = session.runSlice(1);
    const { world } = session.stateAt(session.momentCount - 1);
    const problem = worldProblem(world, edges);
    if (problem !== null) return `${problem}, at moment ${session.momentCount}`;
    for (; known < session.momentCount; known++) {
      for (const event of session.moment(known).events) {
        if (event.kind !== 'delivered') continue;
        const from = got.get(event.host) ?? 0;
        const length = octetsLength(event.octets);
        for (const at of [0, length - 1]) {
          if (octetAt(event.octets, at) !== (from + at) % 251 && !wasRefused(session))
            return `${event.host} got an octet that is not number ${from + at}`;
        }
        got.set(event.host, from + length);
      }
    }
    if (over) return null;
  }
}

/** Whether a call was refused: what a refused SEND would have sent is missing from the pattern, and nothing else. */
function wasRefused(session: Session): boolean {
  return session.checks().some(({ ok, kind }) => !ok && kind === 'call');
}

/** How the end has to be: every check passed, and nothing left to happen. */
function judgeEnd(session: Session): string | null {
  const outcome = session.outcome();
  // That a call reports an error is what a world without patience may come to; its `expect` lines want to see one.
  const mayRefuse = session.scenario.body.some(({ text }) => text.includes('error any'));
  const failed = session.checks().find(({ ok, kind }) => !ok && !(mayRefuse && kind === 'call'));
  if (failed !== undefined) return `line ${failed.span.line}: expected ${failed.expected}, but ${failed.actual}`;
  if (outcome === 'limit' || outcome === 'error') return `${outcome}: ${session.limitMessage() ?? 'no reason'}`;
  const { world } = session.stateAt(session.momentCount - 1);
  return nextEventTimeUs(world) === null ? null : 'the run ended though something is left to happen';
}

/** For each host the furthest number that its remote TCP has ever let it send, and of which connection (ISS). */
type Edges = Map<string, { readonly iss: Seq; readonly edge: Seq }>;

/** What has to be true of both connections at all times. */
function worldProblem(world: World, edges: Edges): string | null {
  const names = hostNames(world);
  for (const [index, name] of names.entries()) {
    const tcb = connection(world, name);
    const problem =
      connectionProblem(tcb) ?? windowProblem(name, tcb, connection(world, names[1 - index] ?? name), edges);
    if (problem !== null) return `${name}: ${problem}`;
  }
  return null;
}

function connectionProblem({ snd, retransmissionQueue: queue, congestion, iss }: Tcb): string | null {
  if (iss === null) return null;
  if (!seqLeq(snd.una, snd.nxt) || !seqLeq(snd.nxt, snd.max)) return 'not SND.UNA =< SND.NXT =< SND.MAX';
  const sums = [queue.bytes, queue.sackedBytes, queue.lostBytes, queue.resentBytes, queue.sackedSegments];
  if (sums.some((sum) => sum < 0)) return 'the scoreboard does not add up';
  return congestion.cwndBytes >= 1 ? null : `cwnd is ${congestion.cwndBytes}`;
}

/**
 * SND.NXT =< SND.UNA + window, where the window is what the remote TCP has really told: the sender may hold an older one
 * for the newest when ACKs overtake each other, but never may it send beyond the furthest. One number more is a window
 * probe, or our FIN.
 */
function windowProblem(name: string, { iss, snd, state }: Tcb, remote: Tcb, edges: Edges): string | null {
  if (iss === null || remote.irs !== iss) return null;
  const before = edges.get(name);
  const edge = before === undefined || before.iss !== iss ? remote.rcv.adv : seqMax(before.edge, remote.rcv.adv);
  edges.set(name, { iss, edge });
  if (state === 'SYN-SENT' || state === 'SYN-RECEIVED') return null;
  const beyond = seqDiff(snd.nxt, edge) - 1;
  return beyond <= 0 ? null : `SND.NXT is ${beyond} beyond the window`;
}

function digestOf(world: World): number {
  let digest = 0;
  const add = (value: number): void => {
    digest = (Math.imul(digest, 31) + (value | 0)) | 0;
  };
  for (const { segment, timeUs, arriveUs, fate } of segmentRecords(world)) {
    add(timeUs);
    add(arriveUs ?? -1);
    add(fate.length);
    for (const value of [
      segment.seq,
      segment.ack,
      segment.flags,
      segment.wnd,
      segment.up,
      octetsLength(segment.payload),
    ])
      add(value);
  }
  return digest;
}
