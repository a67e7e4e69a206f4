import type { SegmentRecord } from '../engine/events';
import { octetsFromText, octetsLength } from '../engine/octets';
import { FLAG } from '../engine/segment';
import { connection, segmentRecords } from '../engine/sim/world';
import { reassemblyBytes } from '../engine/tcp/reassembly';
import type { Condition, Span, Statement } from '../script/program';
import { isFrom, isTowards, stateText } from './actors';
import { causeText, ruleText } from './causes';
import type { Check } from './moment';
import { peerOf, type Run, spanOfStatementAt } from './run';
import { trySend } from './sendCalls';
import { nameOf, segmentDetail, segmentTitle } from './titles';
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
  const { host } = statement;
  const state = stateText(run.state.world, host);
  const losses = lossesAround(run, host);
  const within = statement.withinUs === null ? '' : ` within ${formatTimeUs(statement.withinUs)}`;
  const { text, reference } = silenceReason(run, statement);
  return {
    actual: `${host} sent nothing${within} and is ${state}`,
    why: sentences(text, ...losses.map((loss) => loss.message)),
    reference,
    related: losses,
  };
}

/** Why TCP sends nothing of the kind: the call is refused, it would send something else, or nothing makes it send. */
function silenceReason(run: Run, statement: Send): { text: string; reference: string | null } {
  const { host, text } = statement;
  const { state } = connection(run.state.world, host);
  const trial = trySend(run.state, statement);
  if (trial?.record != null) {
    const would = `TCP would send ${segmentDetail(trial.record.segment)}, which is not what \`${text}\` asks for.`;
    return { text: would, reference: causeText(trial.record.cause).reference };
  }
  if (trial === null || trial.result.ok) return { text: whyNothing(run, statement), reference: 'RFC 9293 3.3.2' };
  const { error, rule } = trial.result;
  const told = rule === undefined ? null : ruleText(rule);
  const refused = `In state ${state} the call is answered by "error: ${error}".`;
  return { text: sentences(refused, told?.text ?? null) ?? refused, reference: told?.reference ?? null };
}

function whyNothing(run: Run, { host, pattern }: Send): string {
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
    .filter(({ fate }) => fate === 'dropped' || fate === 'lost')
    .filter((record) => isFrom(record, host) || isTowards(run.state.world, record, host))
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

/** Why a condition about `hosts` is false: what bears on it, their last changes of state, and what the network lost on the way. */
export function explainCondition(
  run: Run,
  condition: Condition,
  hosts: readonly string[],
): Pick<Blame, 'why' | 'reference' | 'related'> {
  const facts = factsFor(run, condition);
  const changes = facts === null ? hosts.map((host) => run.state.lastChange.get(host)) : [];
  const told = changes
    .filter((change) => change !== undefined)
    .map((change) => {
      const { text, reference } = causeText(change.cause);
      return {
        text: `${nameOf(change)} became ${change.to} at ${formatTimeUs(change.timeUs)}: ${text}`,
        reference,
        line: change.cause.line,
      };
    });
  const losses = hosts.flatMap((host) => lossesAround(run, host));
  return {
    why: sentences(facts, ...told.map((one) => one.text), ...losses.map((loss) => loss.message)),
    reference: told[0]?.reference ?? null,
    related: [...losses, ...told.flatMap((one) => lineOf(run, one.line, 'the last change of state comes from here'))],
  };
}

/** What bears on a condition more than the last change of state does; null when nothing does. */
function factsFor(run: Run, condition: Condition): string | null {
  switch (condition.kind) {
    case 'state':
      return run.state.lastChange.has(condition.host) ? null : `${condition.host} has made no call yet.`;
    case 'sent':
      return whatWasSent(run, condition.host);
    case 'received':
      return whatWaits(run, condition.host);
    default:
      return null;
  }
}

const MOST_SHOWN = 3;

function whatWasSent(run: Run, host: string): string {
  const sent = segmentRecords(run.state.world).filter((record) => isFrom(record, host));
  if (sent.length === 0) return `${host} has sent nothing.`;
  const shown = sent.slice(-MOST_SHOWN).map(({ segment }) => segmentDetail(segment));
  return `${host} sent ${sent.length > MOST_SHOWN ? 'last' : 'only'}: ${shown.join('; ')}.`;
}

function whatWaits(run: Run, host: string): string | null {
  const { receiveBuffer, reassembly } = connection(run.state.world, host);
  const kept = reassemblyBytes(reassembly);
  return sentences(
    receiveBuffer.bytes > 0 ? `${receiveBuffer.bytes} bytes more have arrived and wait for \`${host} read\`.` : null,
    kept > 0 ? `${kept} bytes more have arrived out of order and wait for the ones before them.` : null,
  );
}

function sentences(...parts: readonly (string | null)[]): string | null {
  const said = [...new Set(parts.filter((part) => part !== null && part !== ''))];
  return said.length === 0 ? null : said.join(' ');
}
