import type { CallResult, UserCall } from '../engine/calls';
import type { SegmentRecord } from '../engine/events';
import { octetsFromText } from '../engine/octets';
import type { SegmentPattern } from '../engine/pattern';
import { FLAG } from '../engine/segment';
import {
  callWorld,
  cloneWorld,
  eagerOutput,
  segmentCount,
  segmentRecord,
  stepOutput,
  type World,
} from '../engine/sim/world';
import type { Statement } from '../script/program';
import { matches, peerOf } from './run';
import type { RunState } from './runState';

/** The user call that stands behind a segment in a textbook's transcript; null for segments that no call makes. */
export function callFor(state: RunState, host: string, pattern: SegmentPattern): UserCall | null {
  if (pattern.text !== null) {
    return { kind: 'send', octets: octetsFromText(pattern.text), push: true, urgent: false };
  }
  if (pattern.lengthBytes !== null && pattern.lengthBytes > 0) {
    return {
      kind: 'send',
      octets: { kind: 'pattern', start: 0, lengthBytes: pattern.lengthBytes },
      push: true,
      urgent: (pattern.flags & FLAG.URG) !== 0,
    };
  }
  if (pattern.kind !== 'flags') return null;
  if (pattern.flags & FLAG.RST) return { kind: 'abort' };
  if (pattern.flags & FLAG.FIN) return { kind: 'close' };
  // A SYN that asks for ECN is an OPEN as well (RFC 3168 section 6.1.1).
  if ((pattern.flags & ~(FLAG.ECE | FLAG.CWR)) === FLAG.SYN) {
    const remoteHost = peerOf(state, host);
    return remoteHost === null ? null : { kind: 'open-active', remoteHost };
  }
  return null;
}

/** What came of a call that was only tried. */
export interface Trial {
  readonly result: CallResult;
  /** The segment that TCP would send at once; null when it would send none. */
  readonly record: SegmentRecord | null;
  /** Whether that is the segment that the statement asks for. */
  readonly fits: boolean;
  /** The copy of the world in which it was tried. */
  readonly world: World;
}

/** Makes the call behind a `send` in a copy of the world, to see what TCP would do; null when no call stands behind it. */
export function trySend(state: RunState, { host, pattern, span }: Extract<Statement, { kind: 'send' }>): Trial | null {
  const call = callFor(state, host, pattern);
  if (call === null) return null;
  const world = cloneWorld(state.world);
  const before = segmentCount(world);
  const result = callWorld(world, host, call, span.line, null);
  if (!result.ok || !eagerOutput(world, host)) return { result, record: null, fits: false, world };
  stepOutput(world, host, null);
  if (segmentCount(world) === before) return { result, record: null, fits: false, world };
  const record = segmentRecord(world, before + 1);
  return { result, record, fits: matches({ ...state, world }, pattern, record), world };
}
