/**
 * Payload octets without the cost of holding them: real bytes, or a stretch of the endless test pattern that
 * `write 4000 bytes` sends (octet number `n` of the pattern is `n mod 251`, so that a shifted copy is noticed).
 */
export type Octets =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'pattern'; readonly start: number; readonly lengthBytes: number };

/** No octets at all. */
export const NO_OCTETS: Octets = { kind: 'pattern', start: 0, lengthBytes: 0 };

/** The `lengthBytes` octets of the test pattern from octet number `start` (0 or more) on. */
export function octetsOfPattern(start: number, lengthBytes: number): Octets {
  return { kind: 'pattern', start, lengthBytes };
}

/** How many octets there are. */
export function octetsLength(octets: Octets): number {
  return octets.kind === 'bytes' ? octets.bytes.length : octets.lengthBytes;
}

/** The octets from `from` (inclusive) to `to` (exclusive), sharing storage; both within 0 to the length. */
export function octetsSlice(octets: Octets, from: number, to: number): Octets {
  return octets.kind === 'bytes'
    ? { kind: 'bytes', bytes: octets.bytes.subarray(from, to) }
    : { kind: 'pattern', start: octets.start + from, lengthBytes: to - from };
}

/** The octets written out; a fresh array for a pattern, shared storage for real bytes. */
export function octetsToBytes(octets: Octets): Uint8Array {
  if (octets.kind === 'bytes') return octets.bytes;
  const bytes = new Uint8Array(octets.lengthBytes);
  for (let i = 0; i < bytes.length; i++) bytes[i] = (octets.start + i) % 251;
  return bytes;
}

/** The octet at `index`, 0 to 255; 0 beyond the end. */
export function octetAt(octets: Octets, index: number): number {
  return octets.kind === 'bytes' ? (octets.bytes[index] ?? 0) : (octets.start + index) % 251;
}

/** Whether both are the same octets, however they are held. */
export function octetsEqual(a: Octets, b: Octets): boolean {
  const length = octetsLength(a);
  if (length !== octetsLength(b)) return false;
  if (a.kind === 'pattern' && b.kind === 'pattern' && (a.start - b.start) % 251 === 0) return true;
  for (let i = 0; i < length; i++) if (octetAt(a, i) !== octetAt(b, i)) return false;
  return true;
}

/** The UTF-8 octets of a text; half a surrogate pair becomes U+FFFD, as in the Encoding standard. */
export function octetsFromText(text: string): Octets {
  const bytes: number[] = [];
  for (const character of text) pushUtf8(bytes, character.codePointAt(0) ?? 0);
  return { kind: 'bytes', bytes: Uint8Array.from(bytes) };
}

function pushUtf8(bytes: number[], codePoint: number): void {
  const point = codePoint >= 0xd800 && codePoint <= 0xdfff ? 0xfffd : codePoint;
  if (point < 0x80) bytes.push(point);
  else if (point < 0x800) bytes.push(0xc0 | (point >> 6), continuation(point));
  else if (point < 0x1_0000) bytes.push(0xe0 | (point >> 12), continuation(point >> 6), continuation(point));
  else bytes.push(0xf0 | (point >> 18), continuation(point >> 12), continuation(point >> 6), continuation(point));
}

/** The low six bits behind the mark of a continuation octet (RFC 3629 section 3). */
function continuation(bits: number): number {
  return 0x80 | (bits & 0x3f);
}

/** All parts one after the other; neighbouring stretches of the pattern stay a pattern. */
export function octetsConcat(parts: readonly Octets[]): Octets {
  if (parts.length === 1) return parts[0] ?? NO_OCTETS;
  const full = parts.filter((part) => octetsLength(part) > 0);
  const [first, ...rest] = full;
  if (first === undefined) return NO_OCTETS;
  if (rest.length === 0) return first;
  const pattern = joinPatterns(first, rest);
  if (pattern !== null) return pattern;
  const bytes = new Uint8Array(full.reduce((sum, part) => sum + octetsLength(part), 0));
  let at = 0;
  for (const part of full) {
    bytes.set(octetsToBytes(part), at);
    at += octetsLength(part);
  }
  return { kind: 'bytes', bytes };
}

function joinPatterns(first: Octets, rest: readonly Octets[]): Octets | null {
  if (first.kind !== 'pattern') return null;
  let end = first.start + first.lengthBytes;
  for (const part of rest) {
    if (part.kind !== 'pattern' || part.start !== end) return null;
    end += part.lengthBytes;
  }
  return { kind: 'pattern', start: first.start, lengthBytes: end - first.start };
}
