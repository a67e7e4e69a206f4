import { isnOffset } from '../../../src/engine/tcp/isn';
import { type Check, same } from './check';

const LOCAL = { address: '10.0.0.1', port: 49_152 };
const REMOTE = { address: '10.0.0.2', port: 80 };

/** How many bits of two numbers differ. */
function distance(a: number, b: number): number {
  let bits = 0;
  for (let rest = (a ^ b) >>> 0; rest > 0; rest >>>= 1) bits += rest & 1;
  return bits;
}

/** Another socket, another number, far away. */
function dependsOnTheSockets(): void {
  const plain = isnOffset(LOCAL, REMOTE, 1);
  same('the same sockets once more', isnOffset(LOCAL, REMOTE, 1), plain);
  const others = [
    isnOffset({ ...LOCAL, port: 49_153 }, REMOTE, 1),
    isnOffset({ ...LOCAL, address: '10.0.0.3' }, REMOTE, 1),
    isnOffset(LOCAL, { ...REMOTE, port: 81 }, 1),
    isnOffset(LOCAL, { ...REMOTE, address: '10.0.0.4' }, 1),
  ];
  same(
    'numbers of other sockets that lie near',
    others.filter((other) => distance(plain, other) < 6),
    [],
  );
}

/** Who does not have the key learns nothing from the numbers of other connections: each key has its own. */
function dependsOnTheKey(): void {
  const offsets = Array.from({ length: 64 }, (_, secret) => isnOffset(LOCAL, REMOTE, secret));
  same('different numbers for 64 keys', new Set(offsets).size, 64);
  const flips = offsets.slice(1).map((offset) => distance(offset, offsets[0] ?? 0));
  const mean = flips.reduce((sum, bits) => sum + bits, 0) / flips.length;
  same('about half of the bits change with the key', mean > 13 && mean < 19, true);
}

/** Initial sequence numbers (RFC 9293 section 3.4.1). */
export const ISN_CHECKS: readonly Check[] = [
  { ids: ['SHLD-1'], title: 'addresses and ports choose the number', run: dependsOnTheSockets },
  { ids: ['MUST-9'], title: 'the key chooses the number', run: dependsOnTheKey },
];
