import type { UserCall } from '../engine/calls';
import { octetsFromText } from '../engine/octets';
import type { SegmentPattern } from '../engine/pattern';
import { FLAG } from '../engine/segment';
import { peerOf } from './run';
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
  if (pattern.flags === FLAG.SYN) {
    const remoteHost = peerOf(state, host);
    return remoteHost === null ? null : { kind: 'open-active', remoteHost };
  }
  return null;
}
