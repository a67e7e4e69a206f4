/** SipHash's rounds: two for each word, four at the end. */
const COMPRESSION_ROUNDS = 2;
const FINAL_ROUNDS = 4;

/** The four words that are mixed. */
interface Words {
  v0: number;
  v1: number;
  v2: number;
  v3: number;
}

/**
 * HalfSipHash-2-4 with a result of 32 bits (Aumasson and Bernstein, "SipHash: a fast short-input PRF"): a pseudorandom
 * function. Who does not have the key can not tell its results from chance, however many of them are known.
 * `key` is two numbers of 32 bits; the result is 0 to 2^32 - 1.
 */
export function halfSipHash(octets: Uint8Array, key: readonly [number, number]): number {
  const [k0, k1] = key;
  const words: Words = { v0: k0 | 0, v1: k1 | 0, v2: 0x6c79_6765 ^ k0, v3: 0x7465_6462 ^ k1 };
  const whole = octets.length - (octets.length % 4);
  for (let at = 0; at < whole; at += 4) compress(words, littleEndian(octets, at, 4));
  compress(words, (octets.length << 24) | littleEndian(octets, whole, octets.length - whole));
  words.v2 ^= 0xff;
  mix(words, FINAL_ROUNDS);
  return (words.v1 ^ words.v3) >>> 0;
}

function littleEndian(octets: Uint8Array, from: number, count: number): number {
  let word = 0;
  for (let i = 0; i < count; i++) word |= (octets[from + i] ?? 0) << (8 * i);
  return word;
}

function compress(words: Words, word: number): void {
  words.v3 ^= word;
  mix(words, COMPRESSION_ROUNDS);
  words.v0 ^= word;
}

function mix(words: Words, rounds: number): void {
  let { v0, v1, v2, v3 } = words;
  for (let round = 0; round < rounds; round++) {
    v0 = (v0 + v1) | 0;
    v1 = rotate(v1, 5) ^ v0;
    v0 = rotate(v0, 16);
    v2 = (v2 + v3) | 0;
    v3 = rotate(v3, 8) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = rotate(v3, 7) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = rotate(v1, 13) ^ v2;
    v2 = rotate(v2, 16);
  }
  words.v0 = v0;
  words.v1 = v1;
  words.v2 = v2;
  words.v3 = v3;
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
