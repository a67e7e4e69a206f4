/** The two sides of every capture. */
export type Side = 'client' | 'server';
export const SIDES: readonly Side[] = ['client', 'server'];

/** One segment as the wire saw it: `t` in seconds, numbers relative to the ISNs. */
export interface TraceSegment {
  readonly t: number;
  readonly from: Side;
  readonly flags: readonly string[];
  readonly seq: number;
  readonly ack: number | null;
  readonly len: number;
  readonly win: number;
  readonly opts: {
    readonly mss?: number;
    readonly wscale?: number;
    readonly sackOK?: boolean;
    readonly ts?: readonly [number, number];
    readonly sack?: readonly (readonly [number, number])[];
  };
  readonly ecn?: number;
  readonly fate: string;
}

/** A socket call of `linux-more`, or of `linux` (with `op`). Times in seconds. */
export interface TraceCall {
  readonly t: number;
  readonly t_return?: number;
  readonly side: Side;
  readonly op?: string | readonly (string | number)[];
  readonly call?: string;
  readonly args?: readonly (string | number)[];
  readonly result: string | number;
}

/** What the wire did: a rule (`linux`), or one segment that it was done to (`linux-more`). */
export interface TraceFault {
  readonly from: Side;
  readonly nth?: number;
  readonly nth_data?: number;
  readonly flags?: readonly string[];
  readonly do?: string;
  readonly by?: number;
  readonly n?: number | null;
  readonly what?: string;
  readonly extra_delay?: number;
  readonly copies_after?: readonly number[];
}

/** A kernel setting: for both sides, or one side's own settings. */
export type Sysctls = Readonly<Record<string, number | string | Readonly<Record<string, number | string>>>>;

/** A capture of two sockets of a Linux kernel, as its JSON file has it. */
export interface Trace {
  readonly name: string;
  readonly about: string;
  readonly one_way_delay_s: number;
  readonly rate_bps: number | null;
  readonly mtu?: Readonly<Record<Side, number>>;
  readonly congestion_control?: string;
  readonly sysctls: Sysctls;
  readonly script?: Readonly<Record<Side, string>>;
  readonly calls: readonly TraceCall[];
  readonly faults: readonly TraceFault[];
  readonly segments: readonly TraceSegment[];
  readonly stable_senders: readonly Side[];
  readonly snapshots?: readonly (readonly [number, Side, string, number | null, number | null, number | null, number | null])[];
}

/** One thing that an application did, in the words of `linux-more`: `at .2`, `recvn 100`. */
export interface Op {
  readonly name: string;
  readonly args: readonly number[];
}

/** What the application of one side did, in order. */
export function opsOf(trace: Trace, side: Side): readonly Op[] {
  return trace.script === undefined ? opsFromCalls(trace, side) : opsFromScript(trace.script[side]);
}

function opsFromScript(script: string): Op[] {
  return script
    .split(';')
    .map((op) => op.trim())
    .filter((op) => op !== '')
    .flatMap((op) => {
      const [name = '', ...args] = op.split(/\s+/);
      return unrolled({ name, args: args.map(Number).filter((value) => !Number.isNaN(value)) });
    });
}

/** `echo N ASK ANSWER` and `ask N ASK ANSWER` of our own captures: a dialogue, from the server's side and the client's. */
function unrolled(op: Op): Op[] {
  const [count = 0, ask = 0, answer = 0] = op.args;
  const steps: readonly Op[] =
    op.name === 'echo'
      ? [{ name: 'recvn', args: [ask] }, { name: 'send', args: [answer] }]
      : [{ name: 'send', args: [ask] }, { name: 'recvn', args: [answer] }];
  return op.name === 'echo' || op.name === 'ask' ? Array.from({ length: count }, () => steps).flat() : [op];
}

/** The names of `linux` for what `linux-more` calls otherwise. */
const NAMES: Readonly<Record<string, string>> = {
  recv_eof: 'recvall',
  connect_nb: 'connect',
  shutdown_wr: 'shutdown',
};

/** Calls that only return when something has happened: what follows at once, follows that. */
const BLOCKING = new Set(['recvn', 'recv', 'recvall', 'connect', 'accept']);

/** A call this soon after a blocking one returned came of it (seconds). */
const AT_ONCE = 0.002;
/** The wire of these captures was busy: a planned time shows as itself and up to this much more (seconds). */
const LATE = 0.005;
const PLAN_STEP = 0.05;

/** `linux` has no script: calls that started at a round time were planned, others followed the call before them. */
function opsFromCalls(trace: Trace, side: Side): Op[] {
  const ops: Op[] = [];
  let before: TraceCall | null = null;
  for (const call of trace.calls) {
    if (call.side !== side || call.op === undefined || typeof call.op === 'string') continue;
    const [word = '', ...args] = call.op;
    const name = NAMES[String(word)] ?? String(word);
    if (name !== 'listen') {
      if (!BLOCKING.has(name)) ops.push(...delayBefore(trace, call, before));
      else if (name.startsWith('recv')) ops.push(...readingStarts(trace));
      ops.push(...opsFromCall(name, args.map(Number)));
    } else if (!trace.calls.some((other) => other.side === side && other.op?.[0] === 'accept')) {
      ops.push({ name: 'accept', args: [] });
    }
    before = call;
  }
  return ops;
}

/** Only the description says when a reader that lets the window close begins. */
function readingStarts(trace: Trace): Op[] {
  const told = /does not read until ([0-9.]+) s/.exec(trace.about);
  return told === null ? [] : [{ name: 'at', args: [Number(told[1])] }];
}

/** The socket options of `linux`, by level and number: SO_KEEPALIVE, TCP_KEEPIDLE, TCP_KEEPINTVL. */
function opsFromCall(name: string, args: readonly number[]): Op[] {
  if (name !== 'opt') return [{ name, args }];
  return args[0] === 1 && args[1] === 9 ? [{ name: 'keepalive', args: [1, 1, 9] }] : [];
}

function delayBefore(trace: Trace, call: TraceCall, before: TraceCall | null): Op[] {
  if (before !== null && call.t - before.t < AT_ONCE) return [];
  const t = startOf(trace, call, before);
  const planned = roundDown(t);
  if (t - planned <= LATE || before === null) return [{ name: 'at', args: [Number(planned.toFixed(3))] }];
  return [{ name: 'wait', args: [Number((t - before.t).toFixed(2))] }];
}

function roundDown(t: number): number {
  return Math.floor((t + 1e-9) / PLAN_STEP) * PLAN_STEP;
}

/** When a call began: `linux` tells when it returned, which a SEND that fills the buffer does late. */
function startOf(trace: Trace, call: TraceCall, before: TraceCall | null): number {
  if (call.op?.[0] !== 'send' || before === null || call.t - roundDown(call.t) <= LATE) return call.t;
  const first = trace.segments.find((segment) => segment.from === call.side && segment.len > 0 && segment.t > before.t);
  return Math.min(call.t, first?.t ?? call.t);
}
