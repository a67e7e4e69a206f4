import { describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS, DEFAULT_LINK } from '../../../src/engine/config';
import { FLAG } from '../../../src/engine/segment';
import { seq } from '../../../src/engine/seq';
import { depart } from '../../../src/engine/sim/transit';
import {
  addFault,
  cancelWake,
  faultReports,
  holdLink,
  inFlightTowards,
  injectWorld,
  limitReached,
  nextEventTimeUs,
  releaseLink,
  scheduleWake,
  segmentRecord,
  segmentRecords,
  setLink,
  stepWorld,
  worldTimeUs,
} from '../../../src/engine/sim/world';
import { ANY, arrivalsOf, host, makeFault, makeSink, makeWorld, runToEnd, sendReset } from './support';

const TOWARDS_SERVER = { from: 'client', to: 'server' };

describe('order', () => {
  test('segments arrive by time, and those of one time in the order in which they were sent', () => {
    const world = makeWorld();
    for (const number of [1, 2, 3]) sendReset(world, number);
    setLink(world, null, { delayUs: 4000 }, 1, null);
    sendReset(world, 4, 'server');
    expect(arrivalsOf(world)).toEqual(['4@4', '1@10', '2@10', '3@10']);
  });

  test('a wake stops the clock at its time, and can be taken back', () => {
    const world = makeWorld();
    sendReset(world, 1);
    scheduleWake(world, 3000);
    cancelWake(world, scheduleWake(world, 5000));
    expect([stepWorld(world, null), worldTimeUs(world)]).toEqual(['wake', 3000]);
    expect([stepWorld(world, null), worldTimeUs(world)]).toEqual(['arrived', 10_000]);
    scheduleWake(world, 0);
    expect([stepWorld(world, null), worldTimeUs(world)]).toEqual(['wake', 10_000]);
    expect([stepWorld(world, null), nextEventTimeUs(world)]).toEqual(['idle', null]);
  });

  test('a wake before an arrival at the same time comes first if it was scheduled first', () => {
    const world = makeWorld();
    scheduleWake(world, 10_000);
    sendReset(world, 1);
    scheduleWake(world, 10_000);
    expect([1, 2, 3].map(() => stepWorld(world, null))).toEqual(['wake', 'arrived', 'wake']);
  });
});

describe('faults', () => {
  test('drop: the segment dies half way, by the fault and its line', () => {
    const world = makeWorld();
    addFault(world, makeFault({ kind: 'drop' }));
    const { events, sink } = makeSink();
    const id = sendReset(world, 1);
    runToEnd(world, sink);
    expect(segmentRecord(world, id)).toMatchObject({
      fate: 'dropped',
      diedAt: 0.5,
      arriveUs: 10_000,
      fault: { id: 1, line: 7, text: 'drop next' },
      networkCause: { rule: 'fault-drop', line: 7, trigger: { kind: 'network' } },
    });
    expect(events).toEqual([]);
    expect(faultReports(world)).toEqual([{ id: 1, line: 7, text: 'drop next', met: 1, wanted: 1 }]);
  });

  test('delay: it arrives that much later', () => {
    const world = makeWorld();
    addFault(world, makeFault({ kind: 'delay', byUs: 50_000 }));
    sendReset(world, 1);
    sendReset(world, 2);
    expect(segmentRecord(world, 1)).toMatchObject({ arriveUs: 60_000, networkCause: { rule: 'fault-delay', line: 7 } });
    expect(arrivalsOf(world)).toEqual(['2@10', '1@60']);
  });

  test('duplicate: a copy with an id of its own follows it', () => {
    const world = makeWorld();
    addFault(world, makeFault({ kind: 'duplicate', byUs: 0 }));
    sendReset(world, 1);
    expect(segmentRecords(world).map(({ id, duplicate }) => [id, duplicate])).toEqual([
      [1, false],
      [2, true],
    ]);
    expect(segmentRecord(world, 2).networkCause).toMatchObject({ rule: 'fault-duplicate', line: 7 });
    expect(arrivalsOf(world)).toEqual(['1@10', '1@10']);
  });

  test('reorder: it waits for the next in its direction and arrives right after it', () => {
    const world = makeWorld();
    addFault(world, makeFault({ kind: 'reorder' }));
    sendReset(world, 1);
    expect(segmentRecord(world, 1)).toMatchObject({
      fate: 'held',
      arriveUs: null,
      networkCause: { rule: 'fault-reorder' },
    });
    expect(inFlightTowards(world, 'server')).toEqual([]);
    sendReset(world, 9, 'server');
    scheduleWake(world, 30_000);
    while (stepWorld(world, null) !== 'wake');
    sendReset(world, 2);
    sendReset(world, 3);
    expect(inFlightTowards(world, 'server')).toEqual([3, 1, 4]);
    expect(arrivalsOf(world)).toEqual(['2@40', '1@40', '3@40']);
  });

  test('reorder: when nothing follows, it arrives at last all the same', () => {
    const world = makeWorld();
    addFault(world, makeFault({ kind: 'reorder' }));
    sendReset(world, 1);
    expect(nextEventTimeUs(world)).toBe(0);
    expect(arrivalsOf(world)).toEqual(['1@10']);
    expect(segmentRecord(world, 1).fate).toBe('delivered');
  });

  test('reorder: a segment that is lost overtakes nobody', () => {
    const world = makeWorld();
    addFault(world, makeFault({ kind: 'reorder' }));
    addFault(world, makeFault({ kind: 'drop' }));
    for (const number of [1, 2, 3]) sendReset(world, number);
    expect(arrivalsOf(world)).toEqual(['3@10', '1@10']);
  });

  test('corrupt: it arrives, its checksum fails, and it never reaches TCP', () => {
    const world = makeWorld();
    addFault(world, makeFault({ kind: 'corrupt' }));
    sendReset(world, 1);
    const { events, sink } = makeSink();
    runToEnd(world, sink);
    expect(events.map(({ kind }) => kind)).toEqual(['segment-arrived', 'segment-discarded']);
    expect(events[1]).toMatchObject({ host: 'server', segment: 1, cause: { rule: 'checksum', line: 3 } });
    expect(segmentRecord(world, 1)).toMatchObject({
      corrupted: true,
      networkCause: { rule: 'fault-corrupt', line: 7 },
    });
  });

  test('mark: the ECN field says CE', () => {
    const world = makeWorld();
    addFault(world, makeFault({ kind: 'mark' }));
    sendReset(world, 1);
    expect(segmentRecord(world, 1)).toMatchObject({
      segment: { ecn: 3 },
      networkCause: { rule: 'fault-mark', line: 7 },
    });
  });

  test('faults that meet nothing say so', () => {
    const world = makeWorld();
    addFault(world, makeFault({ kind: 'drop' }, { from: 'server', text: 'drop next from server' }));
    addFault(world, makeFault({ kind: 'drop' }, { count: { kind: 'nth', ordinal: 3 }, text: 'drop 3rd any' }));
    addFault(world, makeFault({ kind: 'drop' }, { count: { kind: 'every', step: 2 }, text: 'drop every 2nd any' }));
    sendReset(world, 1);
    sendReset(world, 2);
    expect(faultReports(world).map(({ met, wanted }) => [met, wanted])).toEqual([
      [0, 1],
      [0, 1],
      [1, null],
    ]);
  });
});

describe('what the link refuses or loses', () => {
  test.each([
    ['a link that is down', { up: false }, 'link-down', 0],
    ['a datagram above the MTU', { mtuBytes: 139 }, 'link-mtu', 0.5],
    ['a loss of 100%', { loss: 1 }, 'link-loss', 0.5],
  ] as const)('%s', (_name, link, rule, diedAt) => {
    const world = makeWorld(link);
    const { events, sink } = makeSink();
    injectWorld(
      world,
      { host: 'client', pattern: { ...ANY, kind: 'data', lengthBytes: 100 }, spoof: null, towards: null, line: 3 },
      sink,
    );
    expect(segmentRecord(world, 1)).toMatchObject({
      fate: 'lost',
      diedAt,
      fault: null,
      networkCause: { rule, line: null },
    });
    expect(events.map(({ kind }) => kind)).toEqual(['segment-sent', 'segment-lost']);
    expect(runToEnd(world)).toBe('idle');
  });

  test('the line that took the link down is to blame', () => {
    const world = makeWorld();
    sendReset(world, 1);
    setLink(world, TOWARDS_SERVER, { up: false }, 12, null);
    sendReset(world, 2);
    sendReset(world, 3, 'server');
    expect(segmentRecord(world, 2).networkCause).toMatchObject({ rule: 'link-down', line: 12 });
    setLink(world, null, { up: true }, 13, null);
    sendReset(world, 4);
    expect(arrivalsOf(world)).toEqual(['1@10', '3@10', '4@10']);
  });

  test('a full queue', () => {
    const world = makeWorld({ rateBps: 8_000_000, queueSegments: 1 });
    for (const number of [1, 2, 3]) sendReset(world, number, 'client', 960);
    expect(segmentRecord(world, 3)).toMatchObject({
      fate: 'lost',
      diedAt: 0,
      networkCause: { rule: 'link-queue-full' },
    });
    expect(arrivalsOf(world)).toEqual(['1@11', '2@12']);
  });

  test('each direction has its own configuration', () => {
    const own = { ...DEFAULT_LINK, delayUs: 1000 };
    const world = makeWorld({}, { links: [{ from: 'server', to: 'client', config: own }] });
    sendReset(world, 1);
    sendReset(world, 2, 'server');
    expect(arrivalsOf(world)).toEqual(['2@1', '1@10']);
  });

  test('a change is announced', () => {
    const world = makeWorld();
    const { events, sink } = makeSink();
    setLink(world, TOWARDS_SERVER, { delayUs: 50_000, loss: 0.015, up: true }, 4, sink);
    setLink(world, null, { rateBps: null, queueSegments: 3, jitterUs: 1_500 }, 5, sink);
    holdLink(world, TOWARDS_SERVER, 6, sink);
    expect(events.map((event) => (event.kind === 'link-changed' ? event.text : event.kind))).toEqual([
      'link client -> server: delay 50 ms, loss 1.5%, up',
      'link: jitter 1500 us, no rate limit, queue 3 segments',
      'link client -> server: held',
    ]);
  });
});

describe('hold and release', () => {
  test('what is in flight and what follows waits, and arrives in its order', () => {
    const world = makeWorld();
    sendReset(world, 1);
    holdLink(world, TOWARDS_SERVER, 5);
    sendReset(world, 2);
    sendReset(world, 3, 'server');
    expect(inFlightTowards(world, 'server')).toEqual([]);
    expect(segmentRecord(world, 2)).toMatchObject({
      fate: 'held',
      arriveUs: null,
      networkCause: { rule: 'link-hold', line: 5 },
    });
    expect(arrivalsOf(world)).toEqual(['3@10']);
    scheduleWake(world, 70_000);
    runToEnd(world);
    sendReset(world, 4);
    releaseLink(world, null);
    expect(segmentRecord(world, 1)).toMatchObject({ fate: 'in-flight', arriveUs: 70_000 });
    expect(arrivalsOf(world)).toEqual(['1@70', '2@70', '4@80']);
  });

  test('released early, segments still take their time', () => {
    const world = makeWorld();
    sendReset(world, 1);
    holdLink(world, null, 5);
    releaseLink(world, null, 6);
    expect(arrivalsOf(world)).toEqual(['1@10']);
  });
});

describe('injection', () => {
  test('takes what is left open from the TCP it stands for', () => {
    const hosts = [
      host('client', '10.0.0.1', 1),
      host('server', '10.0.0.2', 2, { mssBytes: 1000 }),
      host('attacker', '10.0.0.9', 3),
    ];
    const world = makeWorld({}, { hosts });
    const pattern = { ...ANY, kind: 'flags', flags: FLAG.SYN } as const;
    const id = injectWorld(world, { host: 'attacker', pattern, spoof: 'server', towards: null, line: 3 }, null);
    expect(segmentRecord(world, Number(id))).toMatchObject({
      from: 'attacker',
      to: 'client',
      injected: true,
      cause: { rule: 'inject', line: 3, trigger: { kind: 'inject' } },
      segment: {
        source: { address: '10.0.0.2', port: 2 },
        destination: { address: '10.0.0.1', port: 1 },
        options: { mss: 1000 },
      },
    });
  });

  test('says what is missing', () => {
    const hosts = [host('a', '10.0.0.1', 1), host('b', '10.0.0.2', 1), host('c', '10.0.0.3', 1)];
    const world = makeWorld({}, { hosts });
    const reset = { ...ANY, kind: 'flags', flags: FLAG.RST } as const;
    const from = { host: 'a', spoof: null, line: 3 };
    expect(injectWorld(world, { ...from, pattern: reset, towards: null }, null)).toMatch(/not clear to which host/);
    expect(injectWorld(world, { ...from, pattern: ANY, towards: 'b' }, null)).toMatch(/needs its flags or its length/);
    const huge = { ...ANY, kind: 'data', lengthBytes: 70_000 } as const;
    expect(injectWorld(world, { ...from, pattern: huge, towards: 'b' }, null)).toMatch(/can not hold 70000 bytes/);
    const wide = { ...reset, wnd: 65_536 };
    expect(injectWorld(world, { ...from, pattern: wide, towards: 'b' }, null)).toMatch(/win 65536 does not fit/);
    expect(segmentRecords(world)).toEqual([]);
  });

  test('relative numbers count from the ISNs, 0 where there is none', () => {
    const world = makeWorld();
    const pattern = { ...ANY, kind: 'flags', flags: FLAG.RST, seq: { kind: 'relative', offset: -1 } } as const;
    injectWorld(world, { host: 'client', pattern, spoof: null, towards: 'server', line: 3 }, null);
    expect(segmentRecord(world, 1).segment.seq).toBe(seq(-1));
  });
});

describe('bounds', () => {
  test('on events', () => {
    const world = makeWorld({}, { limits: { ...DEFAULT_LIMITS, maxEvents: 2 } });
    for (const number of [1, 2, 3]) sendReset(world, number);
    expect(limitReached(world)).toBeNull();
    expect([1, 2, 3, 4].map(() => stepWorld(world, null))).toEqual(['arrived', 'arrived', 'limit', 'limit']);
    expect(limitReached(world)).toBe('events');
  });

  test('on virtual time: what lies beyond never happens', () => {
    const world = makeWorld({}, { limits: { ...DEFAULT_LIMITS, maxTimeUs: 10_000 } });
    sendReset(world, 1);
    scheduleWake(world, 10_001);
    expect([1, 2].map(() => stepWorld(world, null))).toEqual(['arrived', 'limit']);
    expect([limitReached(world), worldTimeUs(world)]).toEqual(['time', 10_000]);
  });
});

test('a segment to an address that nobody has is lost at the end of its way', () => {
  const world = makeWorld();
  const [client] = world.hosts;
  if (client === undefined) throw new Error('no client');
  const cause = { rule: 'inject', line: 3, trigger: { kind: 'inject' } } as const;
  sendReset(world, 1);
  const segment = { ...segmentRecord(world, 1).segment, destination: { address: '10.9.9.9', port: 80 } };
  const { events, sink } = makeSink();
  const id = depart(world, client, { segment, cause, retransmission: false }, true, sink);
  expect(segmentRecord(world, id)).toMatchObject({
    to: null,
    fate: 'lost',
    diedAt: 1,
    arriveUs: null,
    networkCause: { rule: 'no-such-host' },
  });
  expect(events.map(({ kind }) => kind)).toEqual(['segment-sent', 'segment-lost']);
});

test('a segment from an IPv4 host never reaches an IPv6 host', () => {
  const world = makeWorld({}, { hosts: [host('client', '10.0.0.1', 1), host('server', '2001:db8::1', 2)] });
  sendReset(world, 1);
  expect(segmentRecord(world, 1)).toMatchObject({
    to: 'server',
    fate: 'lost',
    diedAt: 0,
    networkCause: { rule: 'ip-version' },
  });
  expect(runToEnd(world)).toBe('idle');
});

test('corruption is noticed over IPv6 too, and in a datagram of the largest size', () => {
  const world = makeWorld({}, { hosts: [host('client', '2001:db8::1', 1), host('server', '2001:db8::2', 2)] });
  addFault(world, makeFault({ kind: 'corrupt' }, { count: { kind: 'every', step: 1 } }));
  for (const lengthBytes of [1, 65_435]) sendReset(world, 1, 'client', lengthBytes);
  const { events, sink } = makeSink();
  runToEnd(world, sink);
  expect(events.filter(({ kind }) => kind === 'segment-discarded')).toHaveLength(2);
});
