import { connection } from '../../src/engine/sim/world';
import { VARIABLES } from '../../src/engine/variables';
import { compileScript } from '../../src/script';
import { reportRun, type ScenarioReport } from '../../src/session/report';
import { Session } from '../../src/session/session';
import { SIDES, type Side, type Trace, type TraceSegment } from './trace';
import { lastMoment } from './traceScript';

/** What a trace and a run have to agree on. PSH and the window are matters of the sockets' buffering. */
function lineOf(
  { flags, seq, ack, len }: { flags: readonly string[]; seq: number | 'zero'; ack: number | null; len: number },
  lost: boolean,
  options: string,
): string {
  const named = [...flags]
    .filter((flag) => flag !== 'PSH')
    .sort()
    .join('-');
  return `${named} seq ${seq}${ack === null ? '' : ` ack ${ack}`} len ${len}${options}${lost ? ' lost' : ''}`;
}

/** The options that are there, and the SACK blocks in relative numbers. */
function optionsText(options: TraceSegment['opts']): string {
  const words = [
    options.mss === undefined ? '' : ` mss ${options.mss}`,
    options.wscale === undefined ? '' : ' wscale',
    options.sackOK === true ? ' sackOK' : '',
    options.ts === undefined ? '' : ' ts',
    options.sack === undefined || options.sack.length === 0
      ? ''
      : ` sack ${options.sack.map(([left, right]) => `${left}-${right}`).join(' ')}`,
  ];
  return words.join('');
}

/** A capture's segment or ours, as one comparable line and its time in seconds. */
export interface Sent {
  readonly text: string;
  readonly t: number;
}

/** A reset of no connection has the number 0 on the wire; a capture that knows an ISN shows it far from everything else. */
function isZeroReset(flags: readonly string[], seq: number): boolean {
  return flags.includes('RST') && flags.includes('ACK') && (seq === 0 || Math.abs(seq) > FAR);
}

const FAR = 10_000_000;

export function theirs(trace: Trace, side: Side): Sent[] {
  return trace.segments
    .filter(({ from, fate }) => from === side && fate !== 'injected')
    .map((segment) => ({
      text: lineOf(
        { ...segment, seq: isZeroReset(segment.flags, segment.seq) ? 'zero' : segment.seq },
        segment.fate === 'drop',
        optionsText(segment.opts),
      ),
      t: segment.t,
    }));
}

export function ours(report: ScenarioReport, side: Side): Sent[] {
  // As in the captures, numbers count from the SYN of their side, those before it too.
  const isn: Record<string, number> = {};
  const syns = report.segments.filter(({ flags, fate }) => fate !== 'injected' && flags.includes('SYN'));
  for (const { from, seqRaw } of syns) isn[from] ??= seqRaw;
  const relative = (raw: number, of: Side) => (raw - (isn[of] ?? 0)) | 0;
  const other = side === 'client' ? 'server' : 'client';
  return report.segments.flatMap(({ from, flags, len, fate, seqRaw, ackRaw, timeUs, options }) => {
    if (fate !== 'injected' && flags.includes('SYN')) isn[from] = seqRaw;
    if (from !== side || fate === 'injected' || fate === 'duplicated') return [];
    const seq = seqRaw === 0 && flags.includes('RST') ? 'zero' : relative(seqRaw, side);
    const ack = ackRaw === null ? null : relative(ackRaw, other);
    const { sackRaw, ...rest } = options as ReportedOptions;
    const sack = sackRaw?.map(([left, right]) => [relative(left, other), relative(right, other)] as const);
    const opts = sack === undefined ? rest : { ...rest, sack };
    const text = lineOf({ flags, seq, ack, len }, fate === 'dropped' || fate === 'lost', optionsText(opts));
    return [{ text, t: timeUs / 1e6 }];
  });
}

/** A report's options: as a capture has them, and the SACK blocks as on the wire. */
type ReportedOptions = TraceSegment['opts'] & { readonly sackRaw?: readonly (readonly [number, number])[] };

/**
 * The kernel counts in jiffies of 4 ms, its wheel of timers is as coarse as an eighth of the delay, and the machine of
 * `linux` was busy as well.
 */
const SLACK_S = 0.035;
const BUSY_SLACK_S = 0.1;
const SLACK_SHARE = 1 / 20;

/** The first thing in which a sender's segments differ; null when they agree. */
export function difference(trace: Trace, report: ScenarioReport, side: Side): string | null {
  const wanted = theirs(trace, side);
  const got = ours(report, side).filter(({ t }) => t <= lastMoment(trace));
  const slack = trace.script === undefined ? BUSY_SLACK_S : SLACK_S;
  for (let i = 0; i < Math.max(wanted.length, got.length); i++) {
    const want = wanted[i];
    const have = got[i];
    if (want?.text !== have?.text) {
      return `${side} segment ${i + 1} of ${wanted.length}: Linux ${said(want)}, here ${said(have)}`;
    }
    if (want === undefined || have === undefined) continue;
    const wantedGap = want.t - (wanted[i - 1]?.t ?? 0);
    const gap = have.t - (got[i - 1]?.t ?? 0);
    const isLate = Math.abs(have.t - want.t) > slack + SLACK_SHARE * want.t;
    if (isLate && Math.abs(gap - wantedGap) > slack + SLACK_SHARE * wantedGap) {
      return `${side} segment ${i + 1} of ${wanted.length} (${want.text}): Linux at ${want.t} s, here at ${have.t} s`;
    }
  }
  return null;
}

function said(sent: Sent | undefined): string {
  return sent === undefined ? 'sends nothing more' : `sends ${sent.text} at ${sent.t.toFixed(3)} s`;
}

/** A host's congestion state at a moment; in segments of SND.MSS, ssthresh null while it is still unlimited. */
type Congestion = string;

/** The run of a capture's script: its report, and each host's congestion states in order. */
export interface KernelRun {
  readonly report: ScenarioReport;
  readonly congestion: Readonly<Record<Side, readonly Congestion[]>>;
}

/** More than any capture takes; two TCPs that disagree about numbers can answer each other for ever. */
const MAX_EVENTS = 5000;

export function runScript(text: string): KernelRun {
  const { program, diagnostics } = compileScript(text);
  if (diagnostics.length > 0) throw new Error(diagnostics.map(({ span, message }) => `${span.line}: ${message}`).join('\n'));
  const [scenario] = program.scenarios;
  if (scenario === undefined) throw new Error('the script has no scenario');
  const session = new Session(scenario, { limits: { maxEvents: MAX_EVENTS } });
  const congestion: Record<Side, Congestion[]> = { client: [], server: [] };
  const note = () => {
    for (const side of SIDES) {
      const now = congestionOf(session, side);
      if (now !== null && congestion[side].at(-1) !== now) congestion[side].push(now);
    }
  };
  note();
  while (session.forward()) note();
  const [report] = reportRun('', [session], diagnostics).scenarios;
  if (report === undefined) throw new Error('the script has no report');
  return { report, congestion };
}

function congestionOf(session: Session, side: Side): Congestion | null {
  const tcb = connection(session.world(), side);
  const cwnd = VARIABLES.cwnd?.read(tcb);
  const ssthresh = VARIABLES.ssthresh?.read(tcb);
  const mss = VARIABLES['SND.MSS']?.read(tcb);
  if (typeof cwnd !== 'number' || typeof mss !== 'number') return null;
  const unlimited = typeof ssthresh !== 'number' || ssthresh >= 0x3fffffff;
  return `${Math.floor(cwnd / mss)}/${unlimited ? '-' : Math.floor(ssthresh / mss)}`;
}

/** The first snapshot that no later state of ours shows; snapshots were polled, so states between them may be missing. */
export function congestionDifference(trace: Trace, run: KernelRun, side: Side): string | null {
  const seen = run.congestion[side];
  let from = 0;
  for (const [t, who, state, cwnd, ssthresh] of trace.snapshots ?? []) {
    if (who !== side || cwnd === null || state === 'SYN-SENT') continue;
    const wanted = `${cwnd}/${ssthresh ?? '-'}`;
    const found = seen.indexOf(wanted, from);
    if (found < 0) {
      return `${side} at ${t} s: Linux has cwnd/ssthresh ${wanted}, here ${seen.slice(from, from + 6).join(' ') || 'none'}`;
    }
    from = found;
  }
  return null;
}
