/**
 * A TCP sequence number: an integer from 0 to 2^32 - 1 whose arithmetic wraps (RFC 9293 section 3.4).
 * The brand keeps it apart from lengths and times; make one with {@link seq} and reckon with the verbs below.
 */
export type Seq = number & { readonly __brand: 'Seq' };

/** The sequence number congruent to `value` modulo 2^32; `value` is any safe integer, negative ones included. */
export function seq(value: number): Seq {
  return (((value % 0x1_0000_0000) + 0x1_0000_0000) % 0x1_0000_0000) as Seq;
}

/** `a + lengthBytes` modulo 2^32 (RFC 9293 section 3.4); `lengthBytes` lies within ±2^31. */
export function seqAdd(a: Seq, lengthBytes: number): Seq {
  return ((a + lengthBytes) >>> 0) as Seq;
}

/** The signed distance `a - b`, from -2^31 to 2^31 - 1: positive when `a` comes after `b`. */
export function seqDiff(a: Seq, b: Seq): number {
  return (a - b) | 0;
}

/** `a` comes before `b` (`a < b` in RFC 9293's modular comparison). */
export function seqLt(a: Seq, b: Seq): boolean {
  return ((a - b) | 0) < 0;
}

/** `a` is `b` or comes before it (`a =< b`). */
export function seqLeq(a: Seq, b: Seq): boolean {
  return ((a - b) | 0) <= 0;
}

/** `a` comes after `b` (`a > b`). */
export function seqGt(a: Seq, b: Seq): boolean {
  return ((a - b) | 0) > 0;
}

/** `a` is `b` or comes after it (`a >= b`). */
export function seqGeq(a: Seq, b: Seq): boolean {
  return ((a - b) | 0) >= 0;
}

/** `start =< a < start + sizeBytes`; false for a window of 0 bytes. */
export function inWindow(a: Seq, start: Seq, sizeBytes: number): boolean {
  return (a - start) >>> 0 < sizeBytes;
}

/** The later of two sequence numbers. */
export function seqMax(a: Seq, b: Seq): Seq {
  return seqGt(a, b) ? a : b;
}

/** The earlier of two sequence numbers. */
export function seqMin(a: Seq, b: Seq): Seq {
  return seqLt(a, b) ? a : b;
}
