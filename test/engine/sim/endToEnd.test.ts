import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LinkConfig } from '../../../src/engine/config';
import type { EngineEvent } from '../../../src/engine/events';
import type { Octets } from '../../../src/engine/octets';
import { octetsConcat, octetsEqual, octetsOfPattern } from '../../../src/engine/octets';
import { seq } from '../../../src/engine/seq';
import type { World } from '../../../src/engine/sim/world';
import {
  addFault,
  callWorld,
  cloneWorld,
  connection,
  eagerOutput,
  eventCount,
  faultReports,
  inFlightTowards,
  segmentRecords,
  stepOutput,
  stepWorld,
  worldTimeUs,
} from '../../../src/engine/sim/world';
import { DATA, FIN, host, makeFault, makeSink, makeWorld, runToEnd, SYN, trace } from './support';

const ROUGH: Partial<LinkConfig> = {
  loss: 0.05,
  duplicate: 0.05,
  reorder: 0.1,
  corrupt: 0.03,
  jitterUs: 3000,
  delayUs: 5000,
};

/** The server listens and the client opens; nothing has been sent yet. */
function opened(link: Partial<LinkConfig> = {}, seed = 1, isn = 1000): World {
  const hosts = [
    host('client', '10.0.0.1', 49152, { isn: seq(isn) }),
    host('server', '10.0.0.2', 80, { isn: seq(2 * isn) }),
  ];
  const world = makeWorld(link, { seed, hosts });
  expect(callWorld(world, 'server', { kind: 'open-passive' }, 1, null)).toMatchObject({ ok: true });
  expect(callWorld(world, 'client', { kind: 'open-active', remoteHost: 'server' }, 2, null)).toMatchObject({
    ok: true,
  });
  return world;
}

function states(world: World): string {
  return `${connection(world, 'client').state} ${connection(world, 'server').state}`;
}

/** Steps until a segment or a timer has brought both hosts to ESTABLISHED. */
function established(world: World): World {
  while (states(world) !== 'ESTABLISHED ESTABLISHED') {
    if (stepWorld(world, null) === 'idle') throw new Error(`idle in ${states(world)}`);
  }
  return world;
}

function send(world: World, from: string, octets: Octets): void {
  expect(callWorld(world, from, { kind: 'send', octets, push: false, urgent: false }, 3, null)).toMatchObject({
    ok: true,
  });
}

/** Runs to the end; both sides close once the client's octets have all arrived. Everything that happened. */
function transfer(world: World, lengthBytes: number): EngineEvent[] {
  const { events, sink } = makeSink();
  established(world);
  send(world, 'client', octetsOfPattern(0, lengthBytes));
  let delivered = 0;
  let closed = false;
  for (let step = ''; step !== 'idle' && step !== 'limit'; ) {
    const before = events.length;
    step = stepWorld(world, sink);
    for (const event of events.slice(before)) if (event.kind === 'delivered') delivered += event.lengthBytes;
    if (delivered === lengthBytes && !closed) {
      closed = true;
      callWorld(world, 'client', { kind: 'close' }, 4, sink);
      callWorld(world, 'server', { kind: 'close' }, 5, sink);
    }
  }
  return events;
}

function deliveredOctets(events: readonly EngineEvent[], to: string): Octets {
  return octetsConcat(
    events.flatMap((event) => (event.kind === 'delivered' && event.host === to ? [event.octets] : [])),
  );
}

describe('a connection between two hosts', () => {
  test('opens in three segments', () => {
    const world = established(opened());
    expect(trace(world)).toEqual([
      'client SYN 1000+0 ack 0 delivered',
      'server SYN-ACK 2000+0 ack 1001 delivered',
      'client ACK 1001+0 ack 2001 delivered',
    ]);
    expect(worldTimeUs(world)).toBe(30_000);
    expect(stepWorld(world, null)).toBe('idle');
  });

  test('goes on after a lost SYN, one second later', () => {
    const world = opened();
    addFault(world, makeFault({ kind: 'drop' }, { pattern: SYN }));
    established(world);
    expect(segmentRecords(world).map(({ timeUs, fate, retransmission }) => [timeUs, fate, retransmission])).toEqual([
      [0, 'dropped', false],
      [1_000_000, 'delivered', true],
      [1_010_000, 'delivered', false],
      [1_020_000, 'delivered', false],
    ]);
    expect(faultReports(world)).toMatchObject([{ met: 1, wanted: 1 }]);
  });

  test('a dropped data segment is sent again and all octets arrive once, in order', () => {
    const world = opened();
    addFault(world, makeFault({ kind: 'drop' }, { pattern: DATA, count: { kind: 'nth', ordinal: 2 }, from: 'client' }));
    const events = transfer(world, 5000);
    expect(octetsEqual(deliveredOctets(events, 'server'), octetsOfPattern(0, 5000))).toBe(true);
    expect(segmentRecords(world).filter(({ retransmission }) => retransmission)).not.toHaveLength(0);
    expect(states(world)).toBe('CLOSED CLOSED');
  });

  test('an application that closes in the instant in which a FIN arrives lets its ACK ride on its own FIN', () => {
    const world = established(opened());
    callWorld(world, 'client', { kind: 'close' }, 4, null);
    expect(eagerOutput(world, 'client')).toBe(true);
    expect(stepOutput(world, 'client', null)).toBe(true);
    expect(eagerOutput(world, 'client')).toBe(false);
    expect(inFlightTowards(world, 'server')).toHaveLength(1);
    expect(stepWorld(world, null)).toBe('arrived');
    expect(eagerOutput(world, 'server')).toBe(false);
    callWorld(world, 'server', { kind: 'close' }, 5, null);
    expect(eagerOutput(world, 'server')).toBe(true);
    expect(runToEnd(world)).toBe('idle');
    expect(trace(world).slice(3)).toEqual([
      'client FIN-ACK 1001+0 ack 2001 delivered',
      'server FIN-ACK 2001+0 ack 1002 delivered',
      'client ACK 1002+0 ack 2002 delivered',
    ]);
    expect(states(world)).toBe('CLOSED CLOSED');
  });

  test('an application that closes later leaves the ACK to go alone', () => {
    const world = established(opened());
    callWorld(world, 'client', { kind: 'close' }, 4, null);
    while (connection(world, 'client').state !== 'FIN-WAIT-2') stepWorld(world, null);
    callWorld(world, 'server', { kind: 'close' }, 5, null);
    runToEnd(world);
    expect(
      trace(world)
        .slice(3)
        .map((line) => line.split(' ').slice(0, 2).join(' ')),
    ).toEqual(['client FIN-ACK', 'server ACK', 'server FIN-ACK', 'client ACK']);
  });

  test('two FINs that cross close both sides', () => {
    const world = established(opened());
    callWorld(world, 'client', { kind: 'close' }, 4, null);
    callWorld(world, 'server', { kind: 'close' }, 5, null);
    expect([stepWorld(world, null), stepWorld(world, null)]).toEqual(['sent', 'sent']);
    expect(inFlightTowards(world, 'server')).toHaveLength(1);
    expect(inFlightTowards(world, 'client')).toHaveLength(1);
    runToEnd(world);
    expect(states(world)).toBe('CLOSED CLOSED');
  });

  test('a call is told before what comes of it', () => {
    const world = makeWorld();
    const { events, sink } = makeSink();
    callWorld(world, 'client', { kind: 'open-active', remoteHost: 'server' }, 2, sink);
    expect(events.map(({ kind }) => kind).slice(0, 2)).toEqual(['call', 'state']);
    expect(events[0]).toMatchObject({
      host: 'client',
      result: { ok: true },
      cause: { rule: 'call-open-active', line: 2 },
    });
    const unknown = callWorld(world, 'server', { kind: 'open-active', remoteHost: 'nobody' }, 3, sink);
    expect(unknown).toMatchObject({ ok: false, error: 'remote socket unspecified' });
  });

  test('a corrupted FIN is discarded and sent again', () => {
    const world = established(opened());
    addFault(world, makeFault({ kind: 'corrupt' }, { pattern: FIN }));
    callWorld(world, 'client', { kind: 'close' }, 4, null);
    const { events, sink } = makeSink();
    while (connection(world, 'server').state !== 'CLOSE-WAIT') stepWorld(world, sink);
    expect(events.filter(({ kind }) => kind === 'segment-discarded')).toMatchObject([{ cause: { rule: 'checksum' } }]);
    expect(
      segmentRecords(world)
        .filter(({ segment }) => segment.flags & 1)
        .map(({ corrupted, retransmission }) => [corrupted, retransmission]),
    ).toEqual([
      [true, false],
      [false, true],
    ]);
  });
});

describe('over a rough link', () => {
  test('every octet arrives once and in order, whatever the seed and wherever the numbers wrap', () => {
    const met = new Set<string>();
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(1000, 2 ** 32 - 20_000, 2 ** 31 - 20_000), (seed, isn) => {
        const world = opened(ROUGH, seed, isn);
        const events = transfer(world, 40_000);
        expect(octetsEqual(deliveredOctets(events, 'server'), octetsOfPattern(0, 40_000))).toBe(true);
        expect(states(world)).toBe('CLOSED CLOSED');
        for (const { networkCause } of segmentRecords(world)) if (networkCause) met.add(networkCause.rule);
      }),
      { seed: 9293, numRuns: 25 },
    );
    expect([...met].sort()).toEqual(['link-corrupt', 'link-duplicate', 'link-loss', 'link-reorder']);
  });
});

describe('determinism', () => {
  const run = (seed: number) => {
    const world = opened(ROUGH, seed);
    return JSON.stringify([transfer(world, 30_000), segmentRecords(world), worldTimeUs(world)]);
  };

  test('the same seed gives the same run to the byte, another seed another one', () => {
    const first = run(5);
    expect(run(5) === first).toBe(true);
    expect(run(6) === first).toBe(false);
  });

  test('a copy made anywhere goes on as the original does, and neither disturbs the other', () => {
    const rest = (world: World) => {
      const { events, sink } = makeSink();
      runToEnd(world, sink);
      return JSON.stringify([events, segmentRecords(world), worldTimeUs(world), eventCount(world)]);
    };
    const prepared = () => {
      const world = established(opened(ROUGH, 11));
      send(world, 'client', octetsOfPattern(0, 30_000));
      send(world, 'server', octetsOfPattern(7, 10_000));
      return world;
    };
    fc.assert(
      fc.property(fc.nat(150), (steps) => {
        const world = prepared();
        for (let i = 0; i < steps; i++) stepWorld(world, null);
        const copy = cloneWorld(world);
        const deeper = cloneWorld(copy);
        const ofOriginal = rest(world);
        expect(rest(copy) === ofOriginal).toBe(true);
        expect(rest(deeper) === ofOriginal).toBe(true);
        const again = prepared();
        for (let i = 0; i < steps; i++) stepWorld(again, null);
        expect(rest(again) === ofOriginal).toBe(true);
      }),
      { seed: 9293, numRuns: 12 },
    );
  });

  test('watching a run does not change it', () => {
    const watched = opened(ROUGH, 3);
    const alone = opened(ROUGH, 3);
    const { sink } = makeSink();
    for (const world of [watched, alone]) {
      established(world);
      send(world, 'client', octetsOfPattern(0, 20_000));
      runToEnd(world, world === watched ? sink : null);
    }
    expect(segmentRecords(watched)).toEqual(segmentRecords(alone));
  });
});

describe('closed windows in both directions (RFC 9293 section 3.8.6.1, appendix A.2)', () => {
  const closed = (link: Partial<LinkConfig> = {}, rcvbufBytes = 2000) => {
    const hosts = [
      host('client', '10.0.0.1', 49152, { isn: seq(1000), rcvbufBytes, autoRead: false }),
      host('server', '10.0.0.2', 80, { isn: seq(5000), rcvbufBytes, autoRead: false }),
    ];
    const world = makeWorld(link, { hosts });
    callWorld(world, 'server', { kind: 'open-passive' }, 1, null);
    callWorld(world, 'client', { kind: 'open-active', remoteHost: 'server' }, 2, null);
    return established(world);
  };
  const runUntil = (world: World, timeUs: number) => {
    while (worldTimeUs(world) < timeUs) stepWorld(world, null);
  };

  test('two sides that probe each other do not answer ACKs with ACKs for ever', () => {
    const world = closed();
    send(world, 'client', octetsOfPattern(0, 3000));
    send(world, 'server', octetsOfPattern(0, 3000));
    runUntil(world, 60_000_000);
    expect(connection(world, 'client').counters.probesSent).toBe(5);
    expect(segmentRecords(world).length).toBeLessThan(40);
    for (const name of ['client', 'server']) {
      callWorld(world, name, { kind: 'read-mode', automatic: true }, 9, null);
    }
    expect(runToEnd(world)).toBe('idle');
    expect(connection(world, 'client').receiveBuffer.takenBytes).toBe(3000);
    expect(connection(world, 'server').receiveBuffer.takenBytes).toBe(3000);
  });

  test('nor do two sides that have filled both windows and miss the beginning', () => {
    const world = closed({}, 2920);
    addFault(world, makeFault({ kind: 'drop' }, { pattern: DATA, from: 'client' }));
    addFault(world, makeFault({ kind: 'drop' }, { pattern: DATA, from: 'server' }));
    send(world, 'client', octetsOfPattern(0, 2920));
    send(world, 'server', octetsOfPattern(0, 2920));
    runUntil(world, 900_000);
    expect(segmentRecords(world).length).toBeLessThan(12);
  });

  test('the other direction is acknowledged while one is probed', () => {
    const world = closed();
    callWorld(world, 'client', { kind: 'read-mode', automatic: true }, 3, null);
    send(world, 'client', octetsOfPattern(0, 3000));
    runUntil(world, 1_500_000);
    send(world, 'server', octetsOfPattern(0, 500));
    runUntil(world, 60_000_000);
    expect(connection(world, 'server').counters.retransmissions).toBe(0);
    expect(connection(world, 'client').receiveBuffer.takenBytes).toBe(500);
  });
});
