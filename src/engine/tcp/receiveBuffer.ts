import type { Octets } from '../octets';
import { NO_OCTETS, octetsConcat, octetsLength, octetsSlice } from '../octets';

/** Octets in order that arrived, were acknowledged, and wait for RECEIVE (RCV.USER). */
export interface ReceiveBuffer {
  /** Parts in order; replaced, never changed. */
  parts: readonly Octets[];
  /** RCV.USER: how many octets wait. */
  bytes: number;
  /** How many octets RECEIVE has taken since the connection was opened. */
  takenBytes: number;
  /** The place in the stream, counted as `takenBytes` is, after the last octet that came with PSH; 0 for none. */
  pushedAt: number;
}

const NOTHING: readonly Octets[] = [];

/** An empty buffer. */
export function createReceiveBuffer(): ReceiveBuffer {
  return { parts: NOTHING, bytes: 0, takenBytes: 0, pushedAt: 0 };
}

/** A copy that lives on its own. */
export function cloneReceiveBuffer(buffer: ReceiveBuffer): ReceiveBuffer {
  return { ...buffer };
}

/** Forgets the octets that wait; how many were taken stays known. */
export function flushReceiveBuffer(buffer: ReceiveBuffer): void {
  buffer.parts = NOTHING;
  buffer.bytes = 0;
  buffer.pushedAt = 0;
}

/** Forgets everything. */
export function resetReceiveBuffer(buffer: ReceiveBuffer): void {
  flushReceiveBuffer(buffer);
  buffer.takenBytes = 0;
}

/** Puts octets that arrived in order at the end; `push`: the last of them came with PSH. */
export function fill(buffer: ReceiveBuffer, octets: Octets, push: boolean): void {
  const lengthBytes = octetsLength(octets);
  if (lengthBytes === 0) return;
  buffer.parts = buffer.parts.length === 0 ? [octets] : appended(buffer.parts, octets);
  buffer.bytes += lengthBytes;
  if (push) buffer.pushedAt = buffer.takenBytes + buffer.bytes;
}

/** How many of the octets that wait the sender has pushed: a RECEIVE need not wait for more than these. */
export function pushedBytes(buffer: ReceiveBuffer): number {
  return Math.max(0, buffer.pushedAt - buffer.takenBytes);
}

/** Hands at most `lengthBytes` octets to the application. */
export function take(buffer: ReceiveBuffer, lengthBytes: number): Octets {
  const takenBytes = Math.min(lengthBytes, buffer.bytes);
  if (takenBytes <= 0) return NO_OCTETS;
  buffer.takenBytes += takenBytes;
  if (takenBytes === buffer.bytes) {
    const all = octetsConcat(buffer.parts);
    flushReceiveBuffer(buffer);
    return all;
  }
  buffer.bytes -= takenBytes;
  return takeFirst(buffer, takenBytes);
}

/** Cuts the first `lengthBytes` octets off the parts. */
function takeFirst(buffer: ReceiveBuffer, lengthBytes: number): Octets {
  const taken: Octets[] = [];
  const kept: Octets[] = [];
  let left = lengthBytes;
  for (const part of buffer.parts) {
    const size = octetsLength(part);
    const used = Math.min(left, size);
    if (used > 0) taken.push(used === size ? part : octetsSlice(part, 0, used));
    if (used < size) kept.push(used === 0 ? part : octetsSlice(part, used, size));
    left -= used;
  }
  buffer.parts = kept;
  return octetsConcat(taken);
}

function appended(parts: readonly Octets[], octets: Octets): readonly Octets[] {
  const last = parts[parts.length - 1];
  const joined = last === undefined ? null : joinPattern(last, octets);
  return joined === null ? [...parts, octets] : [...parts.slice(0, -1), joined];
}

/** Two neighbouring stretches of the test pattern as one; null when they are not. */
function joinPattern(first: Octets, second: Octets): Octets | null {
  if (first.kind !== 'pattern' || second.kind !== 'pattern') return null;
  if (first.start + first.lengthBytes !== second.start) return null;
  return { kind: 'pattern', start: first.start, lengthBytes: first.lengthBytes + second.lengthBytes };
}
