import type { SegmentRecord } from '../engine/events';
import { octetsLength } from '../engine/octets';
import { segmentCount, segmentRecord } from '../engine/sim/world';
import type { Condition } from '../script/program';
import { isFrom, isTowards } from './actors';
import type { Because } from './because';
import { type ChainSource, chainOf, chainOfArrival, chainOfSegment, lossOf } from './chain';
import { matches, peerOf, type Run } from './run';
import { chainOfVariables } from './variableChain';
import { variablesOf, watchedOf } from './writes';

/** How many segments are looked through for one that a condition speaks of. */
const MOST_SEARCHED = 2_000;

/** The chain of causes of what a condition speaks of: the state that it names, the segment, the octets. Empty when nothing has happened. */
export function evidenceChain(run: Run, condition: Condition): readonly Because[] {
  switch (condition.kind) {
    case 'state':
    case 'error': {
      const { host } = condition;
      const chain = stateChain(run, host);
      // Where there is no connection, what came for it may have been thrown away.
      const came = chain.length > 0 ? null : latest(run, (record) => hasArrivedAt(run, record, host));
      return came === null ? chain : chainOfArrival(sourceOf(run), came.id);
    }
    case 'sent': {
      const { host, pattern } = condition;
      const sent = latest(run, (record) => isFrom(record, host) && matches(run.state, pattern, record));
      return sent === null ? [] : chainOfSegment(sourceOf(run), sent.id);
    }
    case 'received': {
      const { host } = condition;
      const text = latest(run, (record) => hasArrivedAt(run, record, host) && octetsLength(record.segment.payload) > 0);
      return text === null ? silenceOf(run, peerOf(run.state, host)) : chainOfArrival(sourceOf(run), text.id);
    }
    case 'segment-lost':
    case 'quiet': {
      const sent = latest(run, () => true);
      return sent === null ? [] : chainOfSegment(sourceOf(run), sent.id);
    }
    case 'compare':
    case 'holds':
      return chainOfVariables(sourceOf(run), watchedOf(run.state, condition));
    case 'not':
      return evidenceChain(run, condition.operand);
    case 'and':
    case 'or':
      return [
        chainOfVariables(sourceOf(run), watchedOf(run.state, condition)),
        ...condition.operands
          .filter((operand) => variablesOf(operand).length === 0)
          .map((operand) => evidenceChain(run, operand)),
      ].reduce(newer, []);
  }
}

/** The chain of causes of the state in which a host is; empty when it has never changed. */
export function stateChain(run: Run, host: string): readonly Because[] {
  const change = run.state.lastChange.get(host);
  return change === undefined ? [] : chainOf(sourceOf(run), change, null);
}

/** What a host that should have sent something did last: it changed its state, or sent what did not arrive. */
function silenceOf(run: Run, host: string | null): readonly Because[] {
  if (host === null) return [];
  const sent = latest(run, (record) => isFrom(record, host));
  const last = sent === null ? [] : [...lossOf(sourceOf(run), sent), ...segmentChain(run, sent.id)];
  return [last, stateChain(run, host)].reduce(newer, []);
}

/** What became of the last segment that a host has sent since it is in its state; empty when it arrived and was taken. */
export function lastLoss(run: Run, host: string): readonly Because[] {
  const change = run.state.lastChange.get(host);
  const sent = latest(run, (record) => isFrom(record, host) && !record.duplicate);
  if (change === undefined || sent === null || sent.timeUs < change.timeUs) return [];
  return lossOf(sourceOf(run), sent);
}

/** The chain of causes of a segment's sending. */
export function segmentChain(run: Run, id: number): readonly Because[] {
  return chainOfSegment(sourceOf(run), id);
}

/** A run under way has no moments to look back at: a chain is the same whether it is told at once or by a replay. */
function sourceOf({ scenario, log, state }: Run): ChainSource {
  return { scenario, log, world: state.world, moments: null };
}

function hasArrivedAt({ state }: Run, record: SegmentRecord, actor: string): boolean {
  return record.fate === 'delivered' && isTowards(state.world, record, actor);
}

/** The latest segment that is meant; null when none is among the last. */
function latest({ state }: Run, isMeant: (record: SegmentRecord) => boolean): SegmentRecord | null {
  const count = segmentCount(state.world);
  for (let id = count; id > Math.max(0, count - MOST_SEARCHED); id--) {
    const record = segmentRecord(state.world, id);
    if (isMeant(record)) return record;
  }
  return null;
}

/** The chain whose first link is later; the second of two of the same time. */
function newer(one: readonly Because[], other: readonly Because[]): readonly Because[] {
  return (other[0]?.timeUs ?? -1) >= (one[0]?.timeUs ?? -1) && other.length > 0 ? other : one;
}
