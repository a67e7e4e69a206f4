import { octetsFromText, octetsLength } from '../engine/octets';
import { segmentCount, segmentRecord } from '../engine/sim/world';
import type { Condition } from '../script/program';
import { isFrom, isTowards } from './actors';
import { peerOf, type Run } from './run';

/** How many segments are looked through for one that the other word would mean. */
const MOST_SEARCHED = 2_000;

/**
 * `sent 60 bytes` asks for one segment of that length, `received 60 bytes` for the octets in all. A sentence for a
 * failed check of one of them where the other would hold; null where it would not.
 */
export function otherWord(run: Run, condition: Extract<Condition, { kind: 'sent' | 'received' }>): string | null {
  return condition.kind === 'sent' ? meantReceived(run, condition) : meantSent(run, condition);
}

function meantReceived(run: Run, { host, pattern, text }: Extract<Condition, { kind: 'sent' }>): string | null {
  const wanted = pattern.text === null ? pattern.lengthBytes : octetsLength(octetsFromText(pattern.text));
  const namesMore =
    pattern.flags !== 0 ||
    [pattern.seq, pattern.ack, pattern.wnd, pattern.up, pattern.options].some((field) => field !== null);
  if (wanted === null || wanted === 0 || namesMore) return null;
  const { world } = run.state;
  let bytes = 0;
  for (let id = 1; id <= segmentCount(world) && bytes <= wanted; id++) {
    const record = segmentRecord(world, id);
    const isNew = !record.retransmission && !record.duplicate && !record.injected;
    if (isNew && isFrom(record, host)) bytes += octetsLength(record.segment.payload);
  }
  const peer = peerOf(run.state, host);
  if (bytes !== wanted || peer === null) return null;
  const said = pattern.text === null ? amount(wanted) : JSON.stringify(pattern.text);
  return `\`${text}\` asks for one segment that carries just this; in all, ${host} sent ${amount(bytes)}: \`${peer} received ${said}\` asks for that.`;
}

function meantSent({ state }: Run, condition: Extract<Condition, { kind: 'received' }>): string | null {
  const { host, lengthBytes, octetsText, text } = condition;
  const wanted = octetsText === null ? lengthBytes : octetsLength(octetsFromText(octetsText));
  if (wanted === null || wanted === 0) return null;
  const { world } = state;
  const count = segmentCount(world);
  for (let id = count; id > Math.max(0, count - MOST_SEARCHED); id--) {
    const record = segmentRecord(world, id);
    if (record.fate !== 'delivered' || !isTowards(world, record, host)) continue;
    if (octetsLength(record.segment.payload) !== wanted) continue;
    return `\`${text}\` counts all that ${host} received since the scenario began; \`${record.from} sent ${amount(wanted)}\` asks for one segment of that length.`;
  }
  return null;
}

function amount(bytes: number): string {
  return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;
}
