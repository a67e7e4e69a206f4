import { describe, expect, test } from 'vitest';
import type { SegmentRecord } from '../../../src/engine/events';
import { NO_OCTETS } from '../../../src/engine/octets';
import { NO_OPTIONS } from '../../../src/engine/segment';
import { seq } from '../../../src/engine/seq';
import type { RecordStore } from '../../../src/engine/sim/records';
import { cloneRecords, createRecords, getRecord, listRecords, putRecord } from '../../../src/engine/sim/records';

const ENDPOINT = { address: '10.0.0.1', port: 1 };
const ZERO = seq(0);
const FIELDS = { flags: 0, wnd: 0, up: 0, options: NO_OPTIONS, payload: NO_OCTETS, ecn: 0 };
const SEGMENT = { source: ENDPOINT, destination: ENDPOINT, seq: ZERO, ack: ZERO, ...FIELDS };

function record(id: number, fate: SegmentRecord['fate']): SegmentRecord {
  return {
    id,
    from: 'client',
    to: 'server',
    segment: SEGMENT,
    timeUs: 0,
    arriveUs: 10,
    fate,
    injected: false,
    duplicate: false,
    corrupted: false,
    retransmission: false,
    diedAt: null,
    cause: { rule: 'inject', line: 1, trigger: { kind: 'inject' } },
    fault: null,
    networkCause: null,
  };
}

function filled(count: number): RecordStore {
  const store = createRecords();
  for (let id = 1; id <= count; id++) putRecord(store, record(id, 'in-flight'));
  return store;
}

describe('records', () => {
  test('are found by id and listed in order', () => {
    const store = filled(1000);
    expect(getRecord(store, 777).id).toBe(777);
    expect(listRecords(store).map(({ id }) => id)).toEqual(Array.from({ length: 1000 }, (_, i) => i + 1));
    expect(store.count).toBe(1000);
  });

  test.each([0, -1, 1001])('the id %i was never given out', (id) => {
    expect(() => getRecord(filled(1000), id)).toThrow(`no segment has the id ${id}`);
  });

  test('neither of two copies sees what the other writes, in old records or new', () => {
    const store = filled(300);
    const copy = cloneRecords(store);
    putRecord(store, record(10, 'delivered'));
    putRecord(copy, record(299, 'dropped'));
    putRecord(copy, record(301, 'held'));
    expect([getRecord(store, 10).fate, getRecord(copy, 10).fate]).toEqual(['delivered', 'in-flight']);
    expect([getRecord(store, 299).fate, getRecord(copy, 299).fate]).toEqual(['in-flight', 'dropped']);
    expect([store.count, copy.count]).toEqual([300, 301]);
    putRecord(store, record(301, 'lost'));
    expect([getRecord(store, 301).fate, getRecord(copy, 301).fate]).toEqual(['lost', 'held']);
  });

  test('a copy shares what nobody has written since', () => {
    const store = filled(10_000);
    const copy = cloneRecords(store);
    putRecord(copy, record(10_000, 'delivered'));
    const shared = store.chunks.filter((chunk, index) => chunk === copy.chunks[index]);
    expect(shared).toHaveLength(store.chunks.length - 1);
  });
});
