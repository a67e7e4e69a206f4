/**
 * The state of a small seeded generator: Chris Doty-Humphrey's sfc32, which passes PractRand. Plain data; each link has
 * its own, so that traffic in one direction never changes what chance does to the other.
 */
export interface RandomState {
  a: number;
  b: number;
  c: number;
  counter: number;
}

/** A generator for this seed (any number) and stream (an integer): different streams of one seed are independent. */
export function createRandom(seed: number, stream: number): RandomState {
  const random: RandomState = {
    a: Math.trunc(seed) >>> 0,
    b: Math.floor(seed / 0x1_0000_0000) >>> 0,
    c: stream >>> 0,
    counter: 1,
  };
  // sfc32's author: twelve rounds mix the seed well enough that neighbouring seeds have nothing in common.
  for (let round = 0; round < 12; round++) nextUint32(random);
  return random;
}

/** A copy that goes on by itself. */
export function cloneRandom(random: RandomState): RandomState {
  return { a: random.a, b: random.b, c: random.c, counter: random.counter };
}

/** The next integer from 0 to 2^32 - 1, each as likely. */
export function nextUint32(random: RandomState): number {
  const sum = (random.a + random.b + random.counter) | 0;
  random.counter = (random.counter + 1) | 0;
  random.a = random.b ^ (random.b >>> 9);
  random.b = (random.c + (random.c << 3)) | 0;
  random.c = (((random.c << 21) | (random.c >>> 11)) + sum) | 0;
  return sum >>> 0;
}

/** True with this chance, from 0 (never) to 1 (always); draws nothing for 0. */
export function nextChance(random: RandomState, chance: number): boolean {
  return chance > 0 && nextUint32(random) < chance * 0x1_0000_0000;
}

/** An integer from 0 to `largest` (a safe integer, inclusive), each as likely to within 2^-32 of each other; draws nothing for 0. */
export function nextInteger(random: RandomState, largest: number): number {
  if (largest <= 0) return 0;
  const unit = (nextUint32(random) * 0x20_0000 + (nextUint32(random) >>> 11)) / 0x20_0000_0000_0000;
  return Math.floor(unit * (largest + 1));
}
