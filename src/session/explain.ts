import type { SegmentRecord } from '../engine/events';
import { octetsFromText, octetsLength } from '../engine/octets';
import { FLAG } from '../engine/segment';
import { callWorld, cloneWorld, connection, segmentRecords } from '../engine/sim/world';
import type { Condition, Span, Statement } from '../script/program';
import { causeText } from './causes';
import type { Check } from './moment';
import { peerOf, type Run, spanOfStatementAt } from './run';
import { callFor } from './sendCalls';
import { segmentTitle } from './titles';
import { formatTimeUs } from './values';

/** Why a statement failed: what happened instead, the reason, and the lines that are to blame. */
export type Blame = Pick<Check, 'actual' | 'why' | 'reference' | 'related'>;

type Send = Extract<Statement, { kind: 'send' }>;

/** Why `H send SEGMENT` failed. `instead` is the segment that TCP sent in its place; null when it sent none. */
export function explainSend(run: Run, statement: Send, instead: SegmentRecord | null): Blame {
  return instead === null ? explainSilence(run, statement) : explainOther(run, statement, instead);
}

function explainOther(run: Run, { host }: Send, record: SegmentRecord): Blame {
  const { text, reference } = causeText(record.cause);
  const again = record.retransmission ? 'again ' : '';
  const lost = record.retransmission ? lossesAround(run, host) : [];
  return {
    actual: `${host} sent ${again}${segmentTitle(record.segment)} at ${formatTimeUs(record.timeUs)}`,
    why: sentences(text, adviceForReset(run, record), ...lost.map((loss) => loss.message)),
    reference,
    related: [...lost, ...lineOf(run, record.cause.line, `${host} answers what this line did`)],
  };
}

function adviceForReset(run: Run, record: SegmentRecord): string | null {
  if ((record.segment.flags & FLAG.RST) === 0) return null;
  const { state } = connection(run.state.world, record.from);
  return state === 'CLOSED'
    ? `${record.from} is CLOSED; a line \`${record.from} listen\` before would let it answer.`
    : null;
}

function explainSilence(run: Run, statement: Send): Blame {
  const { host, pattern } = statement;
  const { world } = run.state;
  const { state } = connection(world, host);
  const call = callFor(run.state, host, pattern);
  const trial = call === null ? null : callWorld(cloneWorld(world), host, call, statement.span.line, null);
  const refused = trial !== null && !trial.ok ? trial.error : null;
  const losses = lossesAround(run, host);
  const within = statement.withinUs === null ? '' : ` within ${formatTimeUs(statement.withinUs)}`;
  return {
    actual: `${host} sent nothing${within} and is ${state}`,
    why: sentences(
      refused === null
        ? silenceReason(run, statement)
        : `In state ${state} the call is answered by "error: ${refused}".`,
      ...losses.map((loss) => loss.message),
    ),
    reference: refused === null ? 'RFC 9293 3.3.2' : 'RFC 9293 3.10',
    related: losses,
  };
}

function silenceReason(run: Run, { host, pattern }: Send): string {
  const tcb = connection(run.state.world, host);
  if (pattern.lengthBytes !== null || pattern.text !== null || pattern.kind === 'data') {
    const lengthBytes = pattern.text === null ? (pattern.lengthBytes ?? 0) : octetsLength(octetsFromText(pattern.text));
    if (lengthBytes > tcb.snd.mssBytes) {
      return `One segment carries at most ${tcb.snd.mssBytes} bytes here; \`${host} write ${lengthBytes} bytes\` sends more than one.`;
    }
    if (tcb.snd.wnd < lengthBytes && tcb.state === 'ESTABLISHED') {
      return `The window that the other side offers, ${tcb.snd.wnd} bytes, has no room for it.`;
    }
  }
  const silent: Partial<Record<typeof tcb.state, string>> = {
    CLOSED: `${host} has no connection: nothing has opened one (\`${host} listen\` or \`${host} connect\`).`,
    LISTEN: `${host} listens and waits for a SYN; none has arrived.`,
    'SYN-SENT': `${host} has sent its SYN and waits for the answer.`,
    'TIME-WAIT': `${host} has closed; in TIME-WAIT it only answers retransmissions.`,
  };
  const peer = peerOf(run.state, host);
  const other = peer === null ? '' : ` (${peer} is ${connection(run.state.world, peer).state})`;
  return silent[tcb.state] ?? `Nothing that happened makes a TCP in ${tcb.state} send this${other}.`;
}

/** The last segments to or from `host` that the network lost, newest first, with the lines that lost them. */
function lossesAround(run: Run, host: string): { span: Span; message: string }[] {
  return segmentRecords(run.state.world)
    .filter(({ from, to, fate }) => (from === host || to === host) && (fate === 'dropped' || fate === 'lost'))
    .slice(-MOST_BLAMED)
    .reverse()
    .flatMap(({ segment, from, fate, fault, networkCause, cause }) => {
      const what = `${segmentTitle(segment)} from ${from} was ${fate}`;
      const how = networkCause == null ? '.' : `: ${causeText(networkCause).text}`;
      return lineOf(run, fault?.line ?? cause.line, fault === null ? `${what}${how}` : `${what} by \`${fault.text}\`.`);
    });
}

const MOST_BLAMED = 2;

function lineOf(run: Run, line: number | null, message: string): { span: Span; message: string }[] {
  return line === null ? [] : [{ span: spanOfStatementAt(run.scenario.body, line), message }];
}

/** Why a condition about `hosts` is false: their last changes of state, and what the network lost on the way. */
export function explainCondition(
  run: Run,
  condition: Condition,
  hosts: readonly string[],
): Pick<Blame, 'why' | 'reference' | 'related'> {
  const changes = hosts.map((host) => run.state.lastChange.get(host)).filter((change) => change !== undefined);
  const told = changes.map((change) => {
    const { text, reference } = causeText(change.cause);
    return {
      text: `${change.host} became ${change.to} at ${formatTimeUs(change.timeUs)}: ${text}`,
      reference,
      line: change.cause.line,
    };
  });
  const losses = hosts.flatMap((host) => lossesAround(run, host));
  const unopened = condition.kind === 'state' && told.length === 0 ? `${condition.host} has made no call yet.` : null;
  return {
    why: sentences(unopened, ...told.map((one) => one.text), ...losses.map((loss) => loss.message)),
    reference: told[0]?.reference ?? null,
    related: [...losses, ...told.flatMap((one) => lineOf(run, one.line, 'the last change of state comes from here'))],
  };
}

function sentences(...parts: readonly (string | null)[]): string | null {
  const said = [...new Set(parts.filter((part) => part !== null && part !== ''))];
  return said.length === 0 ? null : said.join(' ');
}
