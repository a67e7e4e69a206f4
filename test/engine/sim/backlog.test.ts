import { describe, expect, it } from 'vitest';
import type { SeqRef } from '../../../src/engine/pattern';
import { LINUX } from '../../../src/engine/profiles/linux';
import { FLAG } from '../../../src/engine/segment';
import { seq, seqAdd } from '../../../src/engine/seq';
import { MAX_CONNECTIONS } from '../../../src/engine/sim/slots';
import type { World } from '../../../src/engine/sim/world';
import { connection, injectWorld, segmentRecords } from '../../../src/engine/sim/world';
import { connect, discards, flood, listen, runUntil, serverWith, state, states, write } from './manyHosts';
import { SYN } from './support';

const NOBODY = '203.0.113.';

/** A server whose backlog of two is full of SYNs from sockets that nobody has. */
function flooded(server: Parameters<typeof serverWith>[1] = {}, client: Parameters<typeof serverWith>[2] = {}): World {
  const world = serverWith(['client', 'attacker'], { backlog: 2, ...server }, client);
  listen(world);
  for (const last of [1, 2]) flood(world, 'attacker', `${NOBODY}${last}`, 4000);
  runUntil(world, 20_000);
  return world;
}

describe('the backlog', () => {
  it('is full of half-open connections: a SYN is dropped, and gets in once one of them is given up', () => {
    const world = flooded({ synRetries: 1 });
    expect(states(world)).toEqual(
      [`${NOBODY}1:4000 SYN-RECEIVED`, '- LISTEN', `${NOBODY}2:4000 SYN-RECEIVED`].sort(byMain),
    );
    connect(world, 'client');
    const events = runUntil(world, 900_000);
    expect(discards(events)).toEqual(['backlog-full']);
    expect(state(world, 'client')).toBe('SYN-SENT');
    runUntil(world, 10_000_000);
    expect([state(world, 'client'), state(world, 'server:client')]).toEqual(['ESTABLISHED', 'ESTABLISHED']);
  });

  it('counts only connections that are half-open', () => {
    const world = serverWith(['a', 'b', 'c'], { backlog: 1 });
    listen(world);
    for (const name of ['a', 'b', 'c']) {
      connect(world, name);
      runUntil(world, 1e9);
    }
    expect(states(world)).toEqual(['a ESTABLISHED', 'b ESTABLISHED', 'c ESTABLISHED', '- LISTEN']);
  });

  it('a long flood takes no more room than its backlog', () => {
    const world = serverWith(['client', 'attacker'], { backlog: 8, synRetries: 0 });
    listen(world);
    for (let round = 0; round < 300; round++) {
      for (let port = 1; port <= 8; port++) flood(world, 'attacker', `${NOBODY}7`, 1000 + 8 * round + port);
      runUntil(world, Number.POSITIVE_INFINITY);
    }
    expect(states(world)).toEqual(['- LISTEN']);
    expect(world.slots.length).toBeLessThan(20);
  });

  it('a world has a bound of its own', () => {
    const world = serverWith(['client', 'attacker'], { backlog: 1_000_000 });
    listen(world);
    for (let port = 1; port <= MAX_CONNECTIONS + 10; port++) flood(world, 'attacker', `${NOBODY}7`, port);
    const events = runUntil(world, 20_000);
    expect(world.slots.length).toBe(MAX_CONNECTIONS);
    expect(new Set(discards(events))).toEqual(new Set(['connection-limit']));
    expect(connect(world, 'server', 'client')).toMatchObject({ ok: false, error: 'insufficient resources' });
  });
});

function byMain(a: string, b: string): number {
  return Number(a.startsWith('- ')) - Number(b.startsWith('- '));
}

describe('SYN cookies', () => {
  it('let a client in though the backlog is full, with no more half-open connections than before', () => {
    const world = flooded({ synCookies: true });
    connect(world, 'client');
    const events = runUntil(world, 35_000);
    expect(discards(events)).toEqual(['syn-cookie']);
    expect(state(world, 'server:client')).toBe('CLOSED');
    const opened = runUntil(world, 60_000).flatMap((event) =>
      event.kind === 'state' && event.peer === 'client' ? [`${event.from} ${event.to} ${event.cause.rule}`] : [],
    );
    expect(opened).toEqual([
      'LISTEN SYN-RECEIVED cookie-accepted',
      'SYN-RECEIVED ESTABLISHED syn-received-established',
    ]);
    write(world, 'client', 5000);
    write(world, 'server:client', 100);
    runUntil(world, 2_000_000);
    expect(connection(world, 'server:client').receiveBuffer.takenBytes).toBe(5000);
    expect(connection(world, 'client').receiveBuffer.takenBytes).toBe(100);
    expect(states(world)).toContain('- LISTEN');
  });

  it('remember the MSS, and without timestamps no other option', () => {
    const world = flooded({ ...LINUX, backlog: 2 }, { mssBytes: 1000, sack: true, windowScale: 4 });
    connect(world, 'client');
    runUntil(world, 100_000);
    const { snd, options } = connection(world, 'server:client');
    expect([snd.mssBytes, options.sack, options.scaling]).toEqual([536, false, false]);
    const synAck = segmentRecords(world).find(({ to, segment }) => to === 'client' && segment.flags & FLAG.SYN);
    expect(synAck?.segment.options).toEqual({ mss: 1460 });
  });

  it('remember window scale and SACK in the timestamp', () => {
    const world = flooded({ ...LINUX, backlog: 2 }, { ...LINUX, windowScale: 5 });
    connect(world, 'client');
    runUntil(world, 100_000);
    const { options, snd, rto } = connection(world, 'server:client');
    expect([options.sack, options.timestamps, options.sndShift, options.rcvShift]).toEqual([true, true, 5, 10]);
    expect(snd.mssBytes).toBe(1460);
    expect(rto.srttUs).toBeNull();
    write(world, 'client', 30_000);
    runUntil(world, 2_000_000);
    expect(connection(world, 'server:client').receiveBuffer.takenBytes).toBe(30_000);
  });

  it('keep what is in the last ACK, or in data that overtakes it', () => {
    const world = flooded({ synCookies: true });
    connect(world, 'client');
    write(world, 'client', 10);
    runUntil(world, 200_000);
    expect(connection(world, 'server:client').receiveBuffer.takenBytes).toBe(10);
  });

  const STRANGER = { address: `${NOBODY}50`, port: 4000 };

  /** Puts a segment of the stranger's on the wire. */
  function fromStranger(world: World, flags: number, segmentSeq: number, ack: number | null): void {
    const absolute = (value: number): SeqRef => ({ kind: 'absolute', value: seq(value) });
    const pattern = { ...SYN, flags, seq: absolute(segmentSeq), ack: ack === null ? null : absolute(ack) };
    const injection = { host: 'attacker', pattern, spoof: STRANGER, towards: 'server', line: 3 };
    expect(injectWorld(world, injection, null)).toEqual(expect.any(Number));
  }

  /** The cookie that answers a stranger whose SYN bears 1000. */
  function cookieOf(world: World): number {
    fromStranger(world, FLAG.SYN, 1000, null);
    runUntil(world, 35_000);
    const synAck = segmentRecords(world).find(({ segment }) => segment.destination.address === STRANGER.address);
    if (synAck === undefined) throw new Error('no SYN-ACK');
    return synAck.segment.seq;
  }

  it('that were never given are answered by a reset', () => {
    const world = flooded({ synCookies: true });
    const given = cookieOf(world);
    fromStranger(world, FLAG.ACK, 1001, given + 2);
    expect(discards(runUntil(world, 60_000))).toEqual(['cookie-wrong']);
    expect(segmentRecords(world).at(-1)?.segment).toMatchObject({ flags: FLAG.RST, seq: seqAdd(seq(given), 2) });
    fromStranger(world, FLAG.ACK, 1002, given + 1);
    expect(discards(runUntil(world, 90_000))).toEqual(['cookie-wrong']);
  });

  it.each([
    [60, true],
    [130, false],
  ])('count for as long as their counter tells: after %i seconds', (seconds, accepted) => {
    const world = flooded({ synCookies: true, synRetries: 200, rtoMaxUs: 1_000_000 });
    const given = cookieOf(world);
    for (let second = 1; second <= seconds; second++) {
      flood(world, 'attacker', `${NOBODY}9`, 4000);
      runUntil(world, second * 1e6);
    }
    fromStranger(world, FLAG.ACK, 1001, given + 1);
    const found = discards(runUntil(world, (seconds + 1) * 1e6));
    expect(states(world).includes(`${STRANGER.address}:4000 ESTABLISHED`)).toBe(accepted);
    expect(found.includes('cookie-wrong')).toBe(!accepted);
  });
});
