import type { SegmentId, SegmentRecord } from '../events';

const CHUNK_BITS = 8;
const CHUNK_SIZE = 1 << CHUNK_BITS;

/** Records with neighbouring ids. Only a store with the same owner may write into it; others copy it first. */
interface RecordChunk {
  readonly owner: object;
  readonly items: SegmentRecord[];
}

/**
 * The records of every segment of a run, by id from 1. Copies share chunks until one of them writes: copying a run of
 * 10,000 segments copies 40 references.
 */
export interface RecordStore {
  /** Identity alone matters: who may write into a chunk. */
  owner: object;
  readonly chunks: RecordChunk[];
  count: number;
}

/** No records. */
export function createRecords(): RecordStore {
  return { owner: {}, chunks: [], count: 0 };
}

/** A copy; afterwards neither owns the chunks that both share. */
export function cloneRecords(store: RecordStore): RecordStore {
  store.owner = {};
  return { owner: {}, chunks: store.chunks.slice(), count: store.count };
}

/** The record of a segment. An id that was never given out is a bug of the caller: throws. */
export function getRecord(store: RecordStore, id: SegmentId): SegmentRecord {
  const record = store.chunks[(id - 1) >> CHUNK_BITS]?.items[(id - 1) & (CHUNK_SIZE - 1)];
  if (record === undefined) throw new Error(`no segment has the id ${id}`);
  return record;
}

/** Adds the record of a new segment, whose id is `store.count + 1`, or replaces that of a known one. */
export function putRecord(store: RecordStore, record: SegmentRecord): void {
  const index = (record.id - 1) >> CHUNK_BITS;
  let chunk = store.chunks[index];
  if (chunk === undefined || chunk.owner !== store.owner) {
    chunk = { owner: store.owner, items: chunk === undefined ? [] : chunk.items.slice() };
    store.chunks[index] = chunk;
  }
  chunk.items[(record.id - 1) & (CHUNK_SIZE - 1)] = record;
  if (record.id > store.count) store.count = record.id;
}

/** All records in order of id; a fresh array. */
export function listRecords(store: RecordStore): SegmentRecord[] {
  const records: SegmentRecord[] = [];
  for (const chunk of store.chunks) for (const record of chunk.items) records.push(record);
  return records;
}
