import type { SegmentId, SegmentRecord } from '../events';
import type { RuleId } from '../rules';
import type { PlainPassage, RecordColumns, Routes } from './recordColumns';
import {
  CHUNK_BITS,
  cloneColumns,
  createColumns,
  isPlain,
  markDelivered,
  pack,
  routeOf,
  unpack,
} from './recordColumns';

const ROW_MASK = (1 << CHUNK_BITS) - 1;

/** Records with neighbouring ids. Only a store with the same owner may write into it; others copy it first. */
interface RecordChunk {
  readonly owner: object;
  /** Records as objects: those that are not plain. They hide what the columns say. */
  readonly whole: (SegmentRecord | undefined)[];
  /** The plain ones. */
  readonly columns: RecordColumns;
}

/**
 * The records of every segment of a run, by id from 1. Copies share chunks until one of them writes: copying a run of
 * 10,000 segments copies 40 references.
 */
export interface RecordStore {
  /** Identity alone matters: who may write into a chunk. */
  owner: object;
  readonly chunks: RecordChunk[];
  readonly routes: Routes;
  count: number;
}

/** No records. */
export function createRecords(): RecordStore {
  return { owner: {}, chunks: [], routes: [], count: 0 };
}

/** A copy; afterwards neither owns the chunks that both share. */
export function cloneRecords(store: RecordStore): RecordStore {
  store.owner = {};
  return { owner: {}, chunks: store.chunks.slice(), routes: store.routes, count: store.count };
}

/** The record of a segment. An id that was never given out is a bug of the caller: throws. */
export function getRecord(store: RecordStore, id: SegmentId): SegmentRecord {
  const { whole, columns } = chunkOf(store, id);
  const row = (id - 1) & ROW_MASK;
  const record = whole[row] ?? unpack(columns, store.routes, row, id);
  if (record === undefined) throw new Error(`no segment has the id ${id}`);
  return record;
}

/** Adds the record of a new segment, whose id is `store.count + 1`, or replaces that of a known one. */
export function putRecord(store: RecordStore, record: SegmentRecord): void {
  writableChunk(store, record.id).whole[(record.id - 1) & ROW_MASK] = record;
  if (record.id > store.count) store.count = record.id;
}

/**
 * Adds the record of a new segment that the network only carries. Returns its id; 0, and nothing is added, when columns
 * can not hold it: it wants a record of its own (`putRecord`).
 */
export function putPlain(
  store: RecordStore,
  from: string,
  to: string,
  passage: PlainPassage,
  injected: boolean,
  timeUs: number,
  arriveUs: number,
): SegmentId {
  if (!isPlain(passage.segment)) return 0;
  const route = routeOf(store.routes, from, to, passage.segment);
  if (route < 0) return 0;
  const id = ++store.count;
  const { columns } = writableChunk(store, id);
  pack(columns, (id - 1) & ROW_MASK, route, passage, injected, timeUs, arriveUs);
  return id;
}

/** A segment on its way has arrived: its fate is `delivered`. */
export function deliverRecord(store: RecordStore, id: SegmentId): void {
  const { whole, columns } = writableChunk(store, id);
  const row = (id - 1) & ROW_MASK;
  const record = row < whole.length ? whole[row] : undefined;
  if (record === undefined) {
    if (!markDelivered(columns, row)) throw new Error(`segment ${id} was not on its way`);
  } else whole[row] = { ...record, fate: 'delivered' };
}

/** The TCP that a segment reached has thrown it away by this rule. */
export function discardRecord(store: RecordStore, id: SegmentId, rule: RuleId): void {
  const { whole, columns } = writableChunk(store, id);
  const row = (id - 1) & ROW_MASK;
  const record = whole[row];
  if (record === undefined) columns.discards[row] = rule;
  else whole[row] = { ...record, discarded: rule };
}

function chunkOf(store: RecordStore, id: SegmentId): RecordChunk {
  const chunk = store.chunks[(id - 1) >> CHUNK_BITS];
  if (chunk === undefined) throw new Error(`no segment has the id ${id}`);
  return chunk;
}

function writableChunk(store: RecordStore, id: SegmentId): RecordChunk {
  const index = (id - 1) >> CHUNK_BITS;
  const chunk = store.chunks[index];
  if (chunk !== undefined && chunk.owner === store.owner) return chunk;
  const { owner } = store;
  const own =
    chunk === undefined
      ? { owner, whole: [], columns: createColumns() }
      : { owner, whole: chunk.whole.slice(), columns: cloneColumns(chunk.columns) };
  store.chunks[index] = own;
  return own;
}

/** All records in order of id; a fresh array. */
export function listRecords(store: RecordStore): SegmentRecord[] {
  return Array.from({ length: store.count }, (_, index) => getRecord(store, index + 1));
}
