import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Cause, SegmentRecord } from '../../../src/engine/events';
import { NO_OCTETS } from '../../../src/engine/octets';
import { NO_OPTIONS, type Segment } from '../../../src/engine/segment';
import { seq } from '../../../src/engine/seq';
import type { RecordStore } from '../../../src/engine/sim/records';
import {
  cloneRecords,
  createRecords,
  deliverRecord,
  getRecord,
  listRecords,
  putPlain,
  putRecord,
} from '../../../src/engine/sim/records';

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

const UINT32 = fc.integer({ min: 0, max: 0xffff_ffff });
const UINT16 = fc.integer({ min: 0, max: 0xffff });

const STARTED = { atUs: 5, rule: 'delayed-ack-start', line: 3, trigger: { kind: 'segment', segment: 2 } } as const;

const CAUSE: fc.Arbitrary<Cause> = fc.record({
  rule: fc.constantFrom('send-data', 'inject', 'delayed-ack-timeout'),
  line: fc.option(fc.integer({ min: 1, max: 100_000 })),
  trigger: fc.oneof(
    fc.record({ kind: fc.constant('segment' as const), segment: fc.integer({ min: 1, max: 10_000_000 }) }),
    fc.constant({ kind: 'timer', timer: 'delayed-ack', started: STARTED } as const),
    fc.constant({ kind: 'call', call: 'send' } as const),
  ),
});

const PLAIN: fc.Arbitrary<Segment> = fc.record({
  source: fc.constantFrom(ENDPOINT, { address: '10.0.0.2', port: 2 }),
  destination: fc.constantFrom(ENDPOINT, { address: '2001:db8::1', port: 3 }),
  seq: UINT32.map(seq),
  ack: UINT32.map(seq),
  flags: fc.integer({ min: 0, max: 0xff }),
  wnd: UINT16,
  up: UINT16,
  options: fc.oneof(
    fc.constant(NO_OPTIONS),
    fc.tuple(UINT32, UINT32).map((ts) => ({ ts })),
  ),
  payload: fc.record({
    kind: fc.constant('pattern' as const),
    start: fc.integer({ min: 0, max: 2 ** 40 }),
    lengthBytes: UINT16,
  }),
  ecn: fc.integer({ min: 0, max: 3 }),
});

const PASSAGE = fc.record({ segment: PLAIN, cause: CAUSE, retransmission: fc.boolean() });

describe('plain records', () => {
  test('say all that was put in, on their way and after', () => {
    fc.assert(
      fc.property(PASSAGE, fc.boolean(), fc.nat(2 ** 45), fc.nat(2 ** 45), (passage, injected, timeUs, arriveUs) => {
        const store = filled(700);
        const id = putPlain(store, 'client', 'server', passage, injected, timeUs, arriveUs);
        const { segment, cause, retransmission } = passage;
        const expected = { ...record(701, 'in-flight'), segment, cause, retransmission, injected, timeUs, arriveUs };
        expect(id).toBe(701);
        expect(getRecord(store, id)).toEqual(expected);
        deliverRecord(store, id);
        expect(getRecord(store, id)).toEqual({ ...expected, fate: 'delivered' });
      }),
      { seed: 9293 },
    );
  });

  test.each<[string, Partial<Segment>]>([
    ['real octets', { payload: { kind: 'bytes', bytes: new Uint8Array(3) } }],
    ['an MSS', { options: { mss: 1460 } }],
    ['a window scale', { options: { wscale: 0 } }],
    ['SACK permitted', { options: { sackOK: true } }],
    ['SACK blocks', { options: { ts: [1, 2], sack: [[ZERO, ZERO]] } }],
  ])('a segment with %s is not plain', (_, change) => {
    const store = filled(1);
    const passage = { segment: { ...SEGMENT, ...change }, cause: record(1, 'held').cause, retransmission: false };
    expect(putPlain(store, 'client', 'server', passage, false, 0, 0)).toBe(0);
    expect(store.count).toBe(1);
  });

  test('beyond 64 routes there are none, and known routes go on', () => {
    const store = createRecords();
    const { cause } = record(1, 'held');
    const put = (source: Segment['source']) =>
      putPlain(store, 'a', 'b', { segment: { ...SEGMENT, source }, cause, retransmission: false }, true, 0, 0);
    const sources = Array.from({ length: 65 }, (_, port) => ({ address: '10.0.0.9', port }));
    expect(sources.map(put)).toEqual([...Array.from({ length: 64 }, (_, index) => index + 1), 0]);
    expect(put(sources[3] ?? ENDPOINT)).toBe(65);
    expect(getRecord(store, 65).segment.source).toEqual({ address: '10.0.0.9', port: 3 });
  });

  test('neither of two copies sees what the other delivers, replaces or adds', () => {
    const store = filled(10);
    const passage = { segment: SEGMENT, cause: record(1, 'held').cause, retransmission: false };
    for (let id = 11; id <= 20; id++) putPlain(store, 'client', 'server', passage, false, 0, 10);
    const copy = cloneRecords(store);
    deliverRecord(store, 11);
    putRecord(copy, record(12, 'held'));
    deliverRecord(copy, 1);
    expect([11, 12, 1].map((id) => getRecord(store, id).fate)).toEqual(['delivered', 'in-flight', 'in-flight']);
    expect([11, 12, 1].map((id) => getRecord(copy, id).fate)).toEqual(['in-flight', 'held', 'delivered']);
    expect(putPlain(copy, 'server', 'client', passage, false, 0, 10)).toBe(21);
    expect(() => getRecord(store, 21)).toThrow('no segment has the id 21');
  });

  test('one that is not on its way can not arrive', () => {
    const store = createRecords();
    const passage = { segment: SEGMENT, cause: record(1, 'held').cause, retransmission: false };
    putPlain(store, 'client', 'server', passage, false, 0, 10);
    deliverRecord(store, 1);
    expect(() => deliverRecord(store, 1)).toThrow('segment 1 was not on its way');
  });
});
