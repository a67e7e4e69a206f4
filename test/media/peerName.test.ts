import { describe, expect, it } from 'vitest';
import { withPeer } from '../../media/peerName';
import type { Measure } from '../../media/textWidth';

/** One for each letter, so that room is counted in letters. */
const measure: Measure = (text) => [...text].length;

describe('what is said about a peer', () => {
  const said = (peer: string, room: number) => withPeer(peer, 'SYN-RECEIVED', room, measure);

  it('is written whole where there is room', () => {
    expect(said('bob', 17)).toBe('bob: SYN-RECEIVED');
    expect(said('203.0.113.2:49152', 31)).toBe('203.0.113.2:49152: SYN-RECEIVED');
  });

  it('loses the port first, then the beginning of the address, where hosts of one network are alike', () => {
    expect(said('203.0.113.2:49152', 30)).toBe('203.0.113.2: SYN-RECEIVED');
    expect(said('203.0.113.2:49152', 20)).toBe('…113.2: SYN-RECEIVED');
    expect(said('[2001:db8::7]:49152', 20)).toBe('…8::7]: SYN-RECEIVED');
  });

  it('keeps the beginning of a name, in letters of any script', () => {
    expect(said('alexandria', 18)).toBe('ale…: SYN-RECEIVED');
    expect(said('클라이언트', 16)).toBe('클…: SYN-RECEIVED');
  });
});
