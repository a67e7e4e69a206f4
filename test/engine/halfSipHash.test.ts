import { describe, expect, it } from 'vitest';
import { halfSipHash } from '../../src/engine/halfSipHash';

/** The key 00 01 02 … 07 of the authors' test vectors. */
const KEY = [0x0302_0100, 0x0706_0504] as const;

function hexOf(lengthBytes: number): string {
  const octets = Uint8Array.from({ length: lengthBytes }, (_, at) => at);
  const hash = halfSipHash(octets, KEY);
  return [0, 8, 16, 24].map((shift) => ((hash >>> shift) & 0xff).toString(16).padStart(2, '0')).join('');
}

describe('HalfSipHash-2-4', () => {
  it.each([
    [0, 'a9359f5b'],
    [1, '27475ab8'],
    [2, 'fa62a603'],
    [3, '8afee704'],
    [4, '2a6e4689'],
  ])('of %i octets, as the authors have it', (lengthBytes, hex) => {
    expect(hexOf(lengthBytes)).toBe(hex);
  });

  it('depends on each bit of the key', () => {
    const plain = halfSipHash(Uint8Array.of(1, 2, 3), [0, 0]);
    const flipped = Array.from({ length: 64 }, (_, bit) =>
      halfSipHash(Uint8Array.of(1, 2, 3), bit < 32 ? [1 << bit, 0] : [0, 1 << (bit - 32)]),
    );
    expect(new Set([plain, ...flipped]).size).toBe(65);
  });
});
