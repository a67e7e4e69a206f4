import type { WindowVariable } from '../events';
import { wantsWindows } from '../events';
import type { RuleId } from '../rules';
import type { TcpContext, Windows } from './context';
import { causeOf } from './context';
import { initialWindowRule } from './recovery/ruleAtWork';
import { inflates } from './recovery/state';
import type { Tcb } from './tcb';

/** The order in which changes of one step are told: what the segment said, then what followed. */
const VARIABLES: readonly WindowVariable[] = ['SND.WND', 'ssthresh', 'cwnd', 'RCV.WND'];

/** Rules whose note stands right behind the change of cwnd or ssthresh that they make. */
const CONGESTION_RULES: ReadonlySet<RuleId> = new Set<RuleId>([
  'slow-start',
  'congestion-avoidance',
  'cubic-growth',
  'recovery-begins',
  'sack-recovery-begins',
  'rack-recovery-begins',
  'recovery-ends',
  'sack-recovery-ends',
  'timeout-recovered',
  'timeout-slow-start',
  'narrowed-recovered',
  'reduction-undone',
  'dsack-undone',
  'frto-undone',
  'frto-sack-undone',
  'idle-restart',
  'window-unused',
  'ecn-reduces',
  'window-keeps-segments',
  'recovery-cut-short',
  'tail-probe-repaired',
]);

const READ: Readonly<Record<WindowVariable, (tcb: Tcb) => number>> = {
  cwnd: ({ congestion }) => congestion.cwndBytes,
  ssthresh: ({ congestion }) => congestion.ssthreshBytes,
  'RCV.WND': ({ rcv }) => rcv.wnd,
  'SND.WND': ({ snd }) => snd.wnd,
};

function windowsOf({ congestion, rcv, snd }: Tcb): Windows {
  return {
    cwnd: congestion.cwndBytes,
    ssthresh: congestion.ssthreshBytes,
    'RCV.WND': rcv.wnd,
    'SND.WND': snd.wnd,
  };
}

/** Begins to watch the windows over one event of a connection; nothing is done when nobody watches. */
export function beginWindows(tcb: Tcb, ctx: TcpContext): void {
  ctx.windows = wantsWindows(ctx.sink) ? windowsOf(tcb) : null;
}

/** A rule has been noted: tells of the windows that it changed. */
export function windowsNoted(tcb: Tcb, ctx: TcpContext, rule: RuleId): void {
  if (ctx.windows === null) return;
  if (rule === 'window-updated') tellChange(tcb, ctx, ctx.windows, 'SND.WND', rule);
  if (!CONGESTION_RULES.has(rule)) return;
  tellChange(tcb, ctx, ctx.windows, 'ssthresh', rule);
  tellChange(tcb, ctx, ctx.windows, 'cwnd', rule);
}

/** A new connection takes the place of the old one: what the windows were means nothing any more. */
export function windowsBeginAnew(tcb: Tcb, ctx: TcpContext, rule: RuleId): void {
  if (ctx.windows === null) return;
  for (const variable of OF_THE_OLD) tellChange(tcb, ctx, ctx.windows, variable, rule);
}

/** SND.WND is told by the SYN. */
const OF_THE_OLD: readonly WindowVariable[] = ['ssthresh', 'cwnd', 'RCV.WND'];

/** The event is over: tells of what changed without a note. */
export function endWindows(tcb: Tcb, ctx: TcpContext): void {
  if (ctx.windows !== null) tellChanges(tcb, ctx, ctx.windows);
}

function tellChanges(tcb: Tcb, ctx: TcpContext, windows: Windows): void {
  for (const variable of VARIABLES) tellChange(tcb, ctx, windows, variable, null);
  ctx.windows = null;
}

function tellChange(tcb: Tcb, ctx: TcpContext, windows: Windows, variable: WindowVariable, noted: RuleId | null): void {
  const from = windows[variable];
  const to = READ[variable](tcb);
  windows[variable] = to;
  // Without a remote SYN the variables are those of no connection, or of the next one.
  if (from === to || ctx.sink === null || tcb.irs === null) return;
  const cause = causeOf(ctx, noted ?? SILENT_RULES[variable](tcb, to > from, from));
  ctx.sink({
    kind: 'window',
    timeUs: ctx.nowUs,
    host: tcb.config.name,
    peer: tcb.peer,
    main: tcb.isMain,
    variable,
    fromBytes: bounded(from),
    toBytes: bounded(to),
    cause,
  });
}

function bounded(bytes: number): number | null {
  return Number.isFinite(bytes) ? bytes : null;
}

/** The rule behind a change that nothing else has told of. */
const SILENT_RULES: Readonly<Record<WindowVariable, (tcb: Tcb, grew: boolean, from: number) => RuleId>> = {
  cwnd: congestionRule,
  ssthresh: congestionRule,
  // Once the window comes from something behind the SYN, SND.WL1 is no longer its number.
  'SND.WND': ({ snd, irs }) => (snd.wl1 === irs ? 'send-window-first' : 'send-window-handshake'),
  'RCV.WND': receiveRule,
};

function congestionRule(tcb: Tcb, grew: boolean, from: number): RuleId {
  if (!Number.isFinite(from) && tcb.recovery.phase === 'open') return initialWindowRule(tcb);
  switch (tcb.recovery.phase) {
    case 'loss':
      return 'timeout-slow-start';
    case 'open':
    case 'disorder':
      return 'reduction-ends';
    case 'recovery':
      if (inflates(tcb)) return grew ? 'window-inflated' : 'window-deflated';
      return 'proportional-reduction';
    case 'reducing':
      return 'proportional-reduction';
  }
}

function receiveRule(tcb: Tcb, grew: boolean): RuleId {
  if (!grew && tcb.receiveBuffer.bytes > 0) return 'receive-window-fills';
  if (tcb.config.receiveMemory !== null) return 'receive-window-memory';
  return grew ? 'receive-window-opens' : 'receive-window-held';
}
