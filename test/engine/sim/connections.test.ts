import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, DEFAULT_LINK } from '../../../src/engine/config';
import type { EngineEvent } from '../../../src/engine/events';
import { octetsLength } from '../../../src/engine/octets';
import {
  cloneWorld,
  connection,
  connectionsOf,
  createWorld,
  inFlightTowards,
  segmentRecords,
} from '../../../src/engine/sim/world';
import { call, close, connect, listen, runUntil, serverWith, state, states, stepUntil, write } from './manyHosts';
import { host, runToEnd, trace } from './support';

const THREE = ['alice', 'bob', 'carol'];

function deliveredTo(events: readonly EngineEvent[], name: string): Record<string, number> {
  const bytes: Record<string, number> = {};
  for (const event of events) {
    if (event.kind !== 'delivered' || event.host !== name) continue;
    const from = event.peer ?? '-';
    bytes[from] = (bytes[from] ?? 0) + octetsLength(event.octets);
  }
  return bytes;
}

function threeClients() {
  const world = serverWith(THREE);
  listen(world);
  for (const name of THREE) connect(world, name);
  runUntil(world, 100_000);
  return world;
}

describe('a server with several clients', () => {
  it('has a connection with each, and goes on listening', () => {
    expect(states(threeClients())).toEqual(['alice ESTABLISHED', 'bob ESTABLISHED', 'carol ESTABLISHED', '- LISTEN']);
  });

  it('tells of each connection by the name of the other side', () => {
    const world = serverWith(THREE);
    listen(world);
    for (const name of THREE) connect(world, name);
    const opened = runUntil(world, 100_000).flatMap((event) =>
      event.kind === 'state' && event.to === 'ESTABLISHED' && event.host === 'server'
        ? [`${event.peer} ${event.main}`]
        : [],
    );
    expect(opened).toEqual(['alice true', 'bob false', 'carol false']);
  });

  it('gives each its own octets, however they are mixed', () => {
    const world = threeClients();
    for (const [at, name] of THREE.entries()) write(world, name, 3000 * (at + 1));
    write(world, 'server:bob', 700);
    const events: EngineEvent[] = [];
    runToEnd(world, (event) => events.push(event));
    expect(deliveredTo(events, 'server')).toEqual({ alice: 3000, bob: 6000, carol: 9000 });
    expect(deliveredTo(events, 'bob')).toEqual({ server: 700 });
    expect(deliveredTo(events, 'alice')).toEqual({});
  });

  it('loses one connection by a reset while the others live; the next becomes the main one', () => {
    const world = threeClients();
    call(world, 'alice', { kind: 'abort' });
    runToEnd(world);
    expect(states(world)).toEqual(['bob ESTABLISHED', 'alice CLOSED', 'carol ESTABLISHED', '- LISTEN']);
    expect(state(world, 'server')).toBe('ESTABLISHED');
    expect(state(world, 'server:alice')).toBe('CLOSED');
  });

  it('counts for each connection by itself', () => {
    const world = threeClients();
    write(world, 'bob', 100);
    runToEnd(world);
    const counted = THREE.map((name) => connection(world, `server:${name}`).counters.segmentsReceived);
    expect(counted).toEqual([2, 3, 2]);
  });

  it('knows what is on its way to one connection', () => {
    const world = threeClients();
    for (const name of THREE) write(world, name, 10);
    runUntil(world, world.timeUs);
    expect(inFlightTowards(world, 'server')).toHaveLength(3);
    const towardsBob = inFlightTowards(world, 'server:bob');
    expect(towardsBob.map((id) => segmentRecords(world)[id - 1]?.from)).toEqual(['bob']);
  });

  it('goes on alike in a copy', () => {
    const world = threeClients();
    for (const name of THREE) write(world, name, 20_000);
    const copy = cloneWorld(world);
    runToEnd(world);
    const there = trace(world);
    close(copy, 'carol');
    runToEnd(copy);
    expect(trace(copy)).not.toEqual(there);
    const again = threeClients();
    for (const name of THREE) write(again, name, 20_000);
    const other = cloneWorld(again);
    runToEnd(other);
    expect(trace(other)).toEqual(there);
    runToEnd(again);
    expect(trace(again)).toEqual(there);
  });
});

describe('closing', () => {
  it('of one connection leaves the others and the listening alone', () => {
    const world = threeClients();
    close(world, 'server:bob');
    runUntil(world, 300_000);
    expect(states(world)).toEqual(['alice ESTABLISHED', 'bob FIN-WAIT-2', 'carol ESTABLISHED', '- LISTEN']);
  });

  it('of the host ends its main connection and the listening', () => {
    const world = threeClients();
    close(world, 'server');
    expect(states(world)).toEqual(['alice FIN-WAIT-1', 'bob ESTABLISHED', 'carol ESTABLISHED']);
  });

  it('of a connection that there never was is an error', () => {
    const world = serverWith(THREE);
    listen(world);
    expect(close(world, 'server:carol')).toMatchObject({ ok: false, error: 'connection does not exist' });
  });

  it('a crash loses all connections and the listening', () => {
    const world = threeClients();
    call(world, 'server', { kind: 'forget' });
    expect(new Set(states(world))).toEqual(new Set(['alice CLOSED', 'bob CLOSED', 'carol CLOSED']));
  });

  it('once the listening is over, a newcomer is reset', () => {
    const world = serverWith(['alice', 'bob']);
    listen(world);
    connect(world, 'alice');
    runUntil(world, 100_000);
    close(world, 'server');
    connect(world, 'bob');
    const events = runUntil(world, 300_000);
    expect(events).toContainEqual(expect.objectContaining({ kind: 'signal', host: 'bob', signal: 'connection reset' }));
  });

  it('a half-open connection that is reset after the listening has ended is CLOSED', () => {
    const world = serverWith(['alice', 'bob']);
    listen(world);
    connect(world, 'alice');
    runUntil(world, 100_000);
    connect(world, 'bob');
    stepUntil(world, () => state(world, 'server:bob') === 'SYN-RECEIVED');
    close(world, 'server');
    call(world, 'bob', { kind: 'forget' });
    runUntil(world, 400_000);
    expect(states(world)).toEqual(['alice FIN-WAIT-2']);
  });
});

describe('listening', () => {
  it('goes on in a client that comes back from a crash (half-open discovery)', () => {
    const world = serverWith(['alice']);
    listen(world);
    connect(world, 'alice');
    runUntil(world, 100_000);
    call(world, 'alice', { kind: 'forget' });
    connect(world, 'alice');
    runUntil(world, 5_000_000);
    expect(states(world)).toEqual(['alice ESTABLISHED', '- LISTEN']);
    expect(state(world, 'alice')).toBe('ESTABLISHED');
  });

  it('begins the numbers of a new connection after those of the last one between the sockets (MAY-2)', () => {
    const world = serverWith(['alice']);
    listen(world);
    connect(world, 'alice');
    runUntil(world, 100_000);
    write(world, 'server', 400_000);
    runUntil(world, 2_000_000);
    const last = connection(world, 'server').snd.max;
    call(world, 'alice', { kind: 'abort' });
    runToEnd(world);
    connect(world, 'alice');
    runToEnd(world);
    expect(connection(world, 'server').iss).toBeGreaterThan(last);
  });

  it('a second passive OPEN is an error while the host listens (MUST-41)', () => {
    const world = threeClients();
    expect(listen(world)).toMatchObject({ ok: false, error: 'connection already exists' });
    expect(states(world)).toHaveLength(4);
  });

  it('a passive OPEN beside a connection in SYN-SENT makes another one (MUST-42)', () => {
    const world = serverWith(['alice', 'bob']);
    connect(world, 'server', 'alice');
    expect(listen(world)).toEqual({ ok: true });
    expect(states(world)).toEqual(['alice SYN-SENT', '- LISTEN']);
    connect(world, 'bob');
    runUntil(world, 30_000);
    expect(state(world, 'server:bob')).toBe('ESTABLISHED');
  });

  it('for one remote host only leaves the others out', () => {
    const world = serverWith(['alice', 'bob']);
    listen(world, 'server:bob');
    connect(world, 'alice');
    connect(world, 'bob');
    runUntil(world, 100_000);
    expect([state(world, 'alice'), state(world, 'bob')]).toEqual(['CLOSED', 'ESTABLISHED']);
    expect(states(world)).toEqual(['bob ESTABLISHED']);
  });

  it('two hosts that listen know nothing of each other', () => {
    const world = serverWith(['alice', 'bob', 'carol']);
    listen(world);
    listen(world, 'carol');
    connect(world, 'alice');
    connect(world, 'bob', 'carol');
    runUntil(world, 100_000);
    expect([states(world), states(world, 'carol')]).toEqual([
      ['alice ESTABLISHED', '- LISTEN'],
      ['bob ESTABLISHED', '- LISTEN'],
    ]);
  });

  it('with `backlog off` makes one connection only', () => {
    const world = serverWith(['alice', 'bob'], { backlog: null });
    listen(world);
    connect(world, 'alice');
    runUntil(world, 100_000);
    connect(world, 'bob');
    runUntil(world, 200_000);
    expect(states(world)).toEqual(['alice ESTABLISHED']);
    expect(state(world, 'bob')).toBe('CLOSED');
  });

  it('the main connection that returns to LISTEN takes the listening back', () => {
    const world = serverWith(['alice']);
    listen(world);
    connect(world, 'alice');
    stepUntil(world, () => state(world, 'server') === 'SYN-RECEIVED');
    expect(states(world)).toEqual(['alice SYN-RECEIVED', '- LISTEN']);
    call(world, 'alice', { kind: 'forget' });
    runUntil(world, 100_000);
    expect(states(world)).toEqual(['- LISTEN']);
  });
});

describe('several connections of one active opener', () => {
  it('have local ports of their own', () => {
    const world = serverWith(['alice', 'bob', 'carol']);
    for (const name of ['alice', 'bob']) listen(world, name);
    connect(world, 'carol', 'alice');
    connect(world, 'carol', 'bob');
    expect(connect(world, 'carol', 'bob')).toMatchObject({ ok: false, error: 'connection already exists' });
    runUntil(world, 100_000);
    expect(connectionsOf(world, 'carol').map(({ peer, local, state: now }) => `${peer} ${local.port} ${now}`)).toEqual([
      'alice 49152 ESTABLISHED',
      'bob 49153 ESTABLISHED',
    ]);
    expect(states(world, 'bob')).toEqual(['carol ESTABLISHED', '- LISTEN']);
  });

  it('between the same two machines are told apart by their ports', () => {
    const world = createWorld({
      hosts: [
        host('server', '10.0.0.2', 80),
        host('client', '10.0.0.1', 49_152),
        host('client2', '10.0.0.1', 49_153),
        host('other', '10.0.0.3', 80),
      ],
      links: [],
      defaultLink: DEFAULT_LINK,
      seed: 1,
      limits: DEFAULT_LIMITS,
    });
    listen(world);
    listen(world, 'other');
    connect(world, 'client');
    connect(world, 'client2');
    connect(world, 'client2', 'other');
    write(world, 'client2', 5);
    write(world, 'client', 3);
    const events: EngineEvent[] = [];
    runToEnd(world, (event) => events.push(event));
    expect(deliveredTo(events, 'server')).toEqual({ client: 3, client2: 5 });
    expect(connection(world, 'client2:other').local.port).toBe(49_154);
    expect(states(world, 'other')).toEqual(['client2 ESTABLISHED', '- LISTEN']);
  });
});

it('works alike with IPv6', () => {
  const world = createWorld({
    hosts: [
      host('server', '2001:db8::1', 80),
      host('alice', '2001:db8::2', 49_152),
      host('bob', '2001:db8::3', 49_152),
    ],
    links: [],
    defaultLink: DEFAULT_LINK,
    seed: 1,
    limits: DEFAULT_LIMITS,
  });
  listen(world);
  for (const name of ['alice', 'bob']) connect(world, name);
  runToEnd(world);
  expect(states(world)).toEqual(['alice ESTABLISHED', 'bob ESTABLISHED', '- LISTEN']);
});
