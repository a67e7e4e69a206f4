import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { World } from '../../../src/engine/sim/world';
import { connection, connectionsOf, segmentCount } from '../../../src/engine/sim/world';
import { close, connect, listen, runUntil, serverWith, write } from './manyHosts';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
const PATIENT = { retries: 1000, synRetries: 1000, mslUs: 1_000_000 };

const WORLDS = fc.record({
  clients: fc.array(
    fc.record({
      there: fc.constantFrom(0, 1, 1000, 20_000),
      back: fc.constantFrom(0, 500, 5000),
      afterUs: fc.nat(200_000),
    }),
    { minLength: 2, maxLength: NAMES.length },
  ),
  loss: fc.constantFrom(0, 0.05, 0.2),
  reorder: fc.constantFrom(0, 0.1),
  duplicate: fc.constantFrom(0, 0.1),
  backlog: fc.constantFrom(1, 2, 128),
  cookies: fc.boolean(),
});

/** Lets the clients come at their times, and all of them write, read and close. */
function run({ clients, backlog, cookies, ...link }: typeof WORLDS extends fc.Arbitrary<infer T> ? T : never): World {
  const names = NAMES.slice(0, clients.length);
  // A cookie comes back in the ACK of the SYN-ACK alone: where that is lost or overtaken, the connection does not come about (RFC 4987 section 3.6).
  const synCookies = cookies && link.loss === 0 && link.reorder === 0;
  const world = serverWith(names, { ...PATIENT, backlog, synCookies }, PATIENT, link);
  listen(world);
  const order = clients.map((client, index) => ({ ...client, name: names[index] ?? '' }));
  for (const { name, there, afterUs } of order.sort((x, y) => x.afterUs - y.afterUs)) {
    runUntil(world, afterUs);
    connect(world, name);
    if (there > 0) write(world, name, there);
  }
  const isOpen = (name: string) => connection(world, `server:${name}`).state === 'ESTABLISHED';
  for (let second = 1; second < 2000 && !names.every(isOpen); second++) runUntil(world, second * 1e6);
  for (const { name, back } of order) if (back > 0) write(world, `server:${name}`, back);
  runUntil(world, world.timeUs + 600e6);
  for (const name of names) close(world, name);
  runUntil(world, world.timeUs + 600e6);
  for (const name of names) close(world, `server:${name}`);
  runUntil(world, world.timeUs + 3600e6);
  return world;
}

it('whatever the links do, every client and the server get their own bytes, and all connections end', () => {
  fc.assert(
    fc.property(WORLDS, (facts) => {
      const world = run(facts);
      facts.clients.forEach(({ there, back }, index) => {
        const name = NAMES[index] ?? '';
        expect(connection(world, `server:${name}`).receiveBuffer.takenBytes).toBe(there);
        expect(connection(world, name).receiveBuffer.takenBytes).toBe(back);
        expect([connection(world, name).state, connection(world, `server:${name}`).state]).toEqual([
          'CLOSED',
          'CLOSED',
        ]);
      });
      expect(connectionsOf(world, 'server').filter(({ state }) => state === 'LISTEN')).toHaveLength(1);
    }),
    { numRuns: 150 },
  );
});

it('the same world gives the same run', () => {
  fc.assert(
    fc.property(WORLDS, (facts) => {
      const [one, other] = [run(facts), run(facts)];
      expect([segmentCount(one), one.timeUs]).toEqual([segmentCount(other), other.timeUs]);
    }),
    { numRuns: 20 },
  );
});
