import { describe, expect, it } from 'vitest';
import type { HostConfig } from '../../../src/engine/config';
import type { IcmpKind } from '../../../src/engine/icmp';
import { ICMP_KINDS } from '../../../src/engine/icmp';
import { type Seq, seqAdd } from '../../../src/engine/seq';
import type { TcpState } from '../../../src/engine/states';
import { icmpReceived } from '../../../src/engine/tcp/connection';
import { type Bench, inState, peerSegment, rulesOf, signals, simultaneousSynReceived } from './harness';
import { notes, type Scene, scene } from './scene';

/** An ICMP message about the segment with that number. */
function tell(b: Bench, kind: IcmpKind, seq: Seq): void {
  icmpReceived(b.tcb, { kind, mtuBytes: 0, quoted: { ...peerSegment(b, 'ACK'), seq } }, 1, b.ctx);
}

const ALL = Object.keys(ICMP_KINDS) as IcmpKind[];
const SOFT = ALL.filter((kind) => ICMP_KINDS[kind].class === 'soft');
const HARD = ALL.filter((kind) => ICMP_KINDS[kind].class === 'hard');

describe('which ICMP messages count (RFC 9293 section 3.9.2.2)', () => {
  it.each(ALL)('%s is counted, whatever it leads to', (kind) => {
    const b = scene('...');
    tell(b, kind, b.at(0));
    expect(b.tcb.counters.icmpReceived).toBe(1);
  });

  it('a source quench is discarded in silence (MUST-55)', () => {
    const b = scene('...');
    tell(b, 'source-quench', b.at(0));
    expect(rulesOf(b, 'icmp-ignored')).toEqual(['icmp-source-quench']);
    expect(b.events.filter(({ kind }) => kind !== 'icmp-ignored')).toEqual([]);
  });

  it.each<[string, number, boolean]>([
    ['before SND.UNA', -1, false],
    ['at SND.UNA', 0, true],
    ['the last octet', 2999, true],
    ['at SND.MAX', 3000, false],
  ])('the quoted number must be in flight: %s (RFC 5927 section 4.1)', (_what, offset, counts) => {
    const b = scene('...');
    tell(b, 'host-unreachable', seqAdd(b.at(0), offset));
    expect(rulesOf(b, 'icmp-ignored')).toEqual(counts ? [] : ['icmp-not-in-flight']);
    expect(notes(b)).toEqual(counts ? ['icmp-accepted', 'icmp-soft-kept'] : []);
    expect(b.tcb.softError).toBe(counts ? 'host unreachable' : null);
  });

  it('what went before a window probe set SND.NXT back is in flight too', () => {
    const b = scene('...');
    b.tcb.snd.nxt = b.tcb.snd.una;
    tell(b, 'host-unreachable', b.at(2));
    expect(rulesOf(b, 'icmp-ignored')).toEqual([]);
  });

  it('a host that nobody watches ignores them as well', () => {
    const b = scene('...');
    b.ctx.sink = null;
    tell(b, 'source-quench', b.at(0));
    tell(b, 'port-unreachable', b.at(3));
    expect([b.tcb.counters.icmpReceived, b.tcb.softError]).toEqual([2, null]);
  });
});

type Config = Partial<HostConfig>;

describe('soft and hard errors (MUST-56, SHLD-26)', () => {
  const opened = (config: Config): Scene => scene('...', config);
  const opening = (config: Config): Bench => inState('SYN-SENT', config);

  it.each<[string, IcmpKind, Config, boolean, boolean]>([
    // The last two: whether it ends a connection that is being opened, and one that is ESTABLISHED.
    ['hard, never', 'port-unreachable', { icmpHardErrors: 'never', icmpSoftErrors: 'opening' }, false, false],
    ['hard, opening', 'port-unreachable', { icmpHardErrors: 'opening' }, true, false],
    ['hard, always', 'port-unreachable', { icmpHardErrors: 'always' }, true, true],
    ['soft, never', 'host-unreachable', { icmpSoftErrors: 'never', icmpHardErrors: 'always' }, false, false],
    ['soft, opening', 'host-unreachable', { icmpSoftErrors: 'opening' }, true, false],
  ])('%s', (_what, kind, config, endsOpening, endsOpened) => {
    const { text } = ICMP_KINDS[kind];
    const hard = ICMP_KINDS[kind].class === 'hard';
    for (const [b, ends, state] of [
      [opening(config), endsOpening, 'SYN-SENT'],
      [opened(config), endsOpened, 'ESTABLISHED'],
    ] as const satisfies readonly (readonly [Bench, boolean, TcpState])[]) {
      tell(b, kind, b.tcb.snd.una);
      expect(b.tcb.state).toBe(ends ? 'CLOSED' : state);
      // The application is told in either case (MUST-47).
      expect(signals(b)).toEqual([text]);
      expect(rulesOf(b, 'signal')).toEqual([ends ? (hard ? 'icmp-hard-error' : 'icmp-soft-aborts') : 'icmp-told']);
      expect(notes(b)).toEqual(['icmp-accepted', ...(ends ? [] : [hard ? 'icmp-hard-kept' : 'icmp-soft-kept'])]);
      if (!ends) expect(b.tcb.softError).toBe(text);
    }
  });

  it.each([...SOFT, ...HARD])('%s is told in its own words', (kind) => {
    const b = opened({ icmpHardErrors: 'never' });
    tell(b, kind, b.at(0));
    expect(signals(b)).toEqual([ICMP_KINDS[kind].text]);
  });

  it('fragmentation needed is no error for the application', () => {
    const b = opened({});
    tell(b, 'fragmentation-needed', b.at(0));
    expect(signals(b)).toEqual([]);
    expect(b.tcb.softError).toBeNull();
  });

  it('a listening side goes back to LISTEN; one that was opened by both sides ends', () => {
    const passive = inState('SYN-RECEIVED');
    tell(passive, 'port-unreachable', passive.tcb.snd.una);
    expect([passive.tcb.state, signals(passive)]).toEqual(['LISTEN', []]);
    const both = simultaneousSynReceived();
    tell(both, 'port-unreachable', both.tcb.snd.una);
    expect([both.tcb.state, signals(both)]).toEqual(['CLOSED', ['port unreachable']]);
  });

  it('a listening side whose handshake is over ends for good', () => {
    const b = inState('SYN-RECEIVED', { icmpHardErrors: 'always' });
    b.tcb.state = 'ESTABLISHED';
    tell(b, 'port-unreachable', b.tcb.snd.una);
    expect(b.tcb.state).toBe('CLOSED');
  });
});
