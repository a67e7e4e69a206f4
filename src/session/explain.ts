import { parseActor } from '../engine/actor';
import type { SegmentRecord } from '../engine/events';
import { octetsFromText, octetsLength } from '../engine/octets';
import { FLAG } from '../engine/segment';
import { connection, segmentRecords } from '../engine/sim/world';
import { reassemblyBytes } from '../engine/tcp/reassembly';
import type { Condition, Span, Statement } from '../script/program';
import { isFrom, isTowards, stateText } from './actors';
import { becauseText } from './because';
import { causeText, ruleText } from './causes';
import { silentDiscard } from './discards';
import { evidenceChain, lastLoss, segmentChain, stateChain } from './evidence';
import type { Check } from './moment';
import { otherWord } from './otherWord';
import { peerOf, type Run, spanOfStatementAt } from './run';
import { trySend } from './sendCalls';
import { nameOf, segmentDetail, segmentTitle } from './titles';
import { formatTimeUs } from './values';
import { chainOfVariables, valueLinks } from './variableChain';
import { type WaitingText, waitingOf } from './whyNot';
import { variableKey, type Watched, watchedOf } from './writes';

/** Why a statement failed: what happened instead, the reason, and the lines that are to blame. */
export type Blame = Pick<Check, 'actual' | 'why' | 'reference' | 'related' | 'because' | 'waiting'>;

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
    because: segmentChain(run, record.id),
    waiting: [],
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
  const { text, reference, waiting } = silenceReason(run, statement);
  return {
    actual: `${host} sent nothing${within} and is ${state}`,
    why: sentences(text, ...losses.map((loss) => loss.message)),
    reference,
    related: losses,
    because: stateChain(run, host),
    waiting,
  };
}

/** Why there was silence, in words; `waiting` are TCP's own reasons, all of them. */
interface Silence {
  readonly text: string;
  readonly reference: string | null;
  readonly waiting: readonly WaitingText[];
}

/** Why TCP sends nothing of the kind: the call is refused, it would send something else, or something keeps it back. */
function silenceReason(run: Run, statement: Send): Silence {
  const { host, text } = statement;
  const { state } = connection(run.state.world, host);
  const trial = trySend(run.state, statement);
  if (trial?.record != null) {
    const would = `TCP would send ${segmentDetail(trial.record.segment)}, which is not what \`${text}\` asks for.`;
    return { text: would, reference: causeText(trial.record.cause).reference, waiting: [] };
  }
  // Where a call stands behind the line, what keeps back the segment shows only after the call.
  const waiting = waitingOf(trial?.result.ok === true ? trial.world : run.state.world, host);
  if (trial === null || trial.result.ok) return whyNothing(run, statement, waiting);
  const { error, rule } = trial.result;
  const told = rule === undefined ? null : ruleText(rule);
  const refused = `In state ${state} the call is answered by "error: ${error}".`;
  return {
    text: sentences(refused, told?.text ?? null) ?? refused,
    reference: told?.reference ?? null,
    waiting: waitingOf(run.state.world, host),
  };
}

function whyNothing(run: Run, statement: Send, waiting: readonly WaitingText[]): Silence {
  const { host, pattern } = statement;
  const { state, snd } = connection(run.state.world, host);
  const lengthBytes = pattern.text === null ? (pattern.lengthBytes ?? 0) : octetsLength(octetsFromText(pattern.text));
  if (lengthBytes > snd.mssBytes) {
    const text = `One segment carries at most ${snd.mssBytes} bytes here; \`${host} write ${lengthBytes} bytes\` sends more than one.`;
    return { text, reference: 'RFC 9293 3.7.1', waiting };
  }
  const told = waiting.slice(0, MOST_REASONS);
  const advice = state === 'CLOSED' ? `\`${host} listen\` or \`${host} connect\` would open one.` : null;
  const peer = peerOf(run.state, host);
  const other = peer === null ? null : `${peer} is ${connection(run.state.world, peer).state}.`;
  return {
    text: sentences(`${host} is ${state}.`, ...told.map(({ text }) => text), advice, other) ?? '',
    reference: told[0]?.reference ?? null,
    waiting,
  };
}

/** How many reasons to wait are put into the sentence about a failed line; the rest stands beside it. */
const MOST_REASONS = 2;

/** The last segments to or from `host` that the network lost, or that were thrown away without a word, newest first, with the lines behind it. */
function lossesAround(run: Run, host: string): { span: Span; message: string }[] {
  return segmentRecords(run.state.world)
    .filter((record) => record.fate === 'dropped' || record.fate === 'lost' || silentDiscard(record) !== null)
    .filter((record) => isFrom(record, host) || isTowards(run.state.world, record, host))
    .slice(-MOST_BLAMED)
    .reverse()
    .flatMap((record) => {
      const { segment, from, to, fate, fault, networkCause, cause } = record;
      const discarded = silentDiscard(record);
      if (discarded !== null && fault === null) {
        const gone = `${segmentTitle(segment)} from ${from} was thrown away by ${to}: ${ruleText(discarded).text}`;
        return lineOf(run, cause.line, gone);
      }
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
): Pick<Blame, 'why' | 'reference' | 'related' | 'because' | 'waiting'> {
  const facts = factsFor(run, condition);
  const variables = watchedOf(run.state, condition);
  const told = facts !== null ? [] : variables.length > 0 ? writesOf(run, variables) : changesOf(run, hosts);
  const losses = hosts.flatMap((host) => lossesAround(run, host));
  const waiting = waitingFor(run, condition, hosts);
  const held = waiting.filter(({ holds }) => holds === 'data').slice(0, MOST_REASONS);
  return {
    why: sentences(
      facts,
      ...told.map((one) => one.text),
      ...held.map(({ host, text }) => `${host}: ${text}`),
      ...losses.map((loss) => loss.message),
    ),
    reference: told[0]?.reference ?? held[0]?.reference ?? null,
    related: [...losses, ...told.flatMap((one) => lineOf(run, one.line, one.blame))],
    because: [...(condition.kind === 'state' ? lastLoss(run, condition.host) : []), ...evidenceChain(run, condition)],
    waiting,
  };
}

/** What led to what a condition speaks of: a sentence, and the line that it comes from. */
interface Telling {
  readonly text: string;
  readonly reference: string | null;
  readonly line: number | null;
  /** What is said of that line. */
  readonly blame: string;
}

/** The last changes of state of these hosts. */
function changesOf(run: Run, hosts: readonly string[]): Telling[] {
  return hosts
    .map((host) => run.state.lastChange.get(host))
    .filter((change) => change !== undefined)
    .map((change) => {
      const { text, reference } = causeText(change.cause);
      return {
        text: `${nameOf(change)} became ${change.to} at ${formatTimeUs(change.timeUs)}: ${text}`,
        reference,
        line: change.cause.line,
        blame: 'the last change of state comes from here',
      };
    });
}

/** What gave these variables their values. */
function writesOf(run: Run, variables: readonly Watched[]): Telling[] {
  const source = { scenario: run.scenario, log: run.log, world: run.state.world, moments: null };
  return variables.flatMap((watched) => {
    const [first] = valueLinks(run.scenario, watched);
    if (first === undefined) return [];
    const line = chainOfVariables(source, [watched]).find((link) => link.line !== null)?.line ?? null;
    const blame = `the value of ${variableKey(watched.host, watched.name)} comes from here`;
    const said = becauseText(first);
    return [{ text: said.endsWith('.') ? said : `${said}.`, reference: first.reference, line, blame }];
  });
}

/** Why the hosts of a condition send nothing, and whoever sends to a host that waits for octets. */
function waitingFor(run: Run, condition: Condition, hosts: readonly string[]): readonly WaitingText[] {
  const peers = condition.kind === 'received' ? hosts.map((host) => peerOf(run.state, host)) : [];
  const asked = new Set([...hosts, ...peers.filter((peer) => peer !== null)]);
  return [...asked].flatMap((host) => waitingOf(run.state.world, host));
}

/** What bears on a condition more than the last change of state does; null when nothing does. */
function factsFor(run: Run, condition: Condition): string | null {
  switch (condition.kind) {
    case 'state':
      // That a host has no connection with its peer is said by the state itself.
      return run.state.lastChange.has(condition.host) || parseActor(condition.host).peer !== null
        ? null
        : `${condition.host} has made no call yet.`;
    case 'sent':
      return sentences(otherWord(run, condition), whatWasSent(run, condition.host));
    case 'received':
      return sentences(whatWaits(run, condition.host), otherWord(run, condition));
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
