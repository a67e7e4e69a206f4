import { describe, expect, it } from 'vitest';
import type { HostConfig } from '../../../src/engine/config';
import type { Octets } from '../../../src/engine/octets';
import { FLAG } from '../../../src/engine/segment';
import { seqDiff } from '../../../src/engine/seq';
import { icmpReceived } from '../../../src/engine/tcp/connection';
import { forgetOldPath, pieces, textBytes } from '../../../src/engine/tcp/pathMtu';
import { entryAt, outstandingSegments, pushSent, replaceEntry } from '../../../src/engine/tcp/retransmissionQueue';
import { timerRuns } from '../../../src/engine/tcp/timers';
import { type Bench, inState, peerSegment } from './harness';
import { marks, notes, type Scene, scene } from './scene';

const V6: Partial<HostConfig> = { address: '2001:db8::1' };

/** The next router takes `mtuBytes` at most; 0 where it does not tell. The quoted datagram had `quotedBytes`. */
function tooBig(b: Bench, mtuBytes: number, quotedBytes = 1040): void {
  const headers = b.tcb.path.headerBytes;
  const payload: Octets = { kind: 'pattern', start: 0, lengthBytes: quotedBytes - headers };
  const quoted = { ...peerSegment(b, 'ACK'), source: b.tcb.local, seq: b.tcb.snd.una, payload };
  icmpReceived(b.tcb, { kind: 'fragmentation-needed', mtuBytes, quoted }, 1, b.ctx);
}

/** What is on its way: how many octets each segment covers. */
function lengths(b: Bench): number[] {
  const queue = b.tcb.retransmissionQueue;
  return Array.from({ length: outstandingSegments(queue) }, (_, index) => entryAt(queue, index)?.lengthBytes ?? 0);
}

const change = (b: Scene, index: number, fields: object): void => {
  const sent = entryAt(b.tcb.retransmissionQueue, index);
  if (sent !== null) replaceEntry(b.tcb.retransmissionQueue, index, { ...sent, ...fields });
};

describe('a router that says the datagram is too large (RFC 1191, RFC 8201)', () => {
  it.each<[string, Partial<HostConfig>, number, number, number, string]>([
    // what, host, told MTU, size of the quoted datagram; the path MTU then, and what is noted.
    ['the told MTU is taken', {}, 700, 1040, 700, 'path-mtu-lowered'],
    ['one octet less than before', {}, 1039, 1040, 1039, 'path-mtu-lowered'],
    ['the same', {}, 1040, 1040, 1040, 'icmp-mtu-not-lower'],
    ['more', {}, 1500, 1040, 1040, 'icmp-mtu-not-lower'],
    ['no less than the host allows', { leastPathMtuBytes: 552 }, 100, 1040, 552, 'path-mtu-lowered'],
    ['down to 68, as every IPv4 link takes (RFC 1191 section 3)', {}, 20, 1040, 68, 'path-mtu-lowered'],
    ['untold, the next plateau below what was sent', {}, 0, 1040, 1006, 'path-mtu-guessed'],
    ['untold, below a plateau', {}, 0, 1006, 508, 'path-mtu-guessed'],
    ['untold, just above a plateau', {}, 0, 1007, 1006, 'path-mtu-guessed'],
    ['untold and tiny', {}, 0, 60, 68, 'path-mtu-guessed'],
    [
      'IPv6 has no link below 1280 octets: such a message is a lie',
      { ...V6, mssBytes: 1440 },
      1279,
      1500,
      1500,
      'icmp-mtu-impossible',
    ],
    ['IPv6, the least', { ...V6, mssBytes: 1440 }, 1280, 1500, 1280, 'path-mtu-lowered'],
    [
      'IPv6 ignores the least MTU of IPv4',
      { ...V6, mssBytes: 1440, leastPathMtuBytes: 1400 },
      1300,
      1500,
      1300,
      'path-mtu-lowered',
    ],
  ])('%s', (_what, config, told, quoted, mtu, rule) => {
    const b = inState('ESTABLISHED', { mssBytes: 1000, ...config });
    b.ctx.nowUs = 5_000_000;
    b.tcb.snd.max = (b.tcb.snd.nxt + 1) as typeof b.tcb.snd.max;
    const before = b.tcb.path.mtuBytes;
    tooBig(b, told, quoted);
    expect(b.tcb.path.mtuBytes).toBe(mtu);
    expect(b.tcb.path.mssBytes).toBe(mtu - b.tcb.path.headerBytes);
    expect(b.tcb.path.loweredAtUs).toBe(mtu === before ? null : 5_000_000);
    expect(notes(b)).toEqual(['icmp-accepted', rule]);
  });
});

describe('what is on its way and too large is cut anew', () => {
  it('neighbours as one stretch; all of it goes again', () => {
    const b = scene('...');
    tooBig(b, 740);
    expect(lengths(b)).toEqual([700, 700, 700, 700, 200]);
    expect(marks(b)).toBe('lllll');
    expect(b.tcb.retransmissionQueue.bytes).toBe(3000);
  });

  it('what has arrived is left alone, and so is what is small enough', () => {
    const b = scene('.s..', { sacks: true });
    change(b, 3, { lengthBytes: 700 });
    tooBig(b, 740);
    expect(lengths(b)).toEqual([700, 300, 1000, 700, 300, 700]);
    expect(marks(b)).toBe('llsll.');
  });

  it('what was sent again in vain goes once more', () => {
    const b = scene('r.');
    tooBig(b, 1039);
    expect(marks(b)).toBe('lll');
    expect(lengths(b)).toEqual([999, 999, 2]);
  });

  it('counts as sent as often as the one of them that was sent most', () => {
    const b = scene('..2.');
    tooBig(b, 740);
    const { retransmissionQueue } = b.tcb;
    expect(lengths(b).map((_, index) => entryAt(retransmissionQueue, index)?.transmissions)).toEqual([
      2, 2, 2, 2, 2, 2,
    ]);
  });

  it('the FIN stays on the last piece', () => {
    const b = scene('..');
    change(b, 1, { lengthBytes: 1001, flags: FLAG.ACK | FLAG.PSH | FLAG.FIN });
    tooBig(b, 740);
    expect(lengths(b)).toEqual([700, 700, 601]);
    expect(lengths(b).map((_, index) => (entryAt(b.tcb.retransmissionQueue, index)?.flags ?? 0) & FLAG.FIN)).toEqual([
      0,
      0,
      FLAG.FIN,
    ]);
  });

  it('recovers as from a loss that says nothing of congestion: cwnd stays (RFC 1191 section 6.5)', () => {
    const b = scene('...');
    Object.assign(b.tcb.recovery, { dupAcks: 2, undoFrom: b.at(0), firstResendTs: 7, frto: true, newDataFirst: true });
    b.tcb.recovery.tlpEnd = b.at(1);
    tooBig(b, 740);
    expect(b.tcb.congestion.cwndBytes).toBe(10_000);
    expect(b.tcb.recovery).toMatchObject({
      phase: 'loss',
      recover: b.at(3),
      dupAcks: 0,
      undoFrom: null,
      firstResendTs: null,
      frto: false,
      newDataFirst: false,
      tlpEnd: null,
    });
    expect(timerRuns(b.tcb, 'retransmission')).toBe(true);
  });

  it.each<[string, 'recovery' | 'open', number, number]>([
    ['fast recovery that inflated the window ends at ssthresh', 'recovery', 4000, 4000],
    ['a window below ssthresh stays', 'recovery', 20_000, 10_000],
    ['outside of recovery ssthresh says nothing', 'open', 4000, 10_000],
  ])('%s', (_what, phase, ssthresh, cwnd) => {
    const b = scene('...');
    b.tcb.recovery.phase = phase;
    b.tcb.congestion.ssthreshBytes = ssthresh;
    tooBig(b, 740);
    expect(b.tcb.congestion.cwndBytes).toBe(cwnd);
  });

  it('nothing begins where nothing was too large', () => {
    const b = scene('..');
    for (const index of [0, 1]) change(b, index, { lengthBytes: 700 });
    tooBig(b, 740);
    expect([lengths(b), marks(b), b.tcb.recovery.phase]).toEqual([[700, 700], '..', 'open']);
  });
});

describe('the pieces of a segment', () => {
  it('begin at SND.UNA, where a part of it has been acknowledged', () => {
    const b = scene('.');
    b.tcb.snd.una = b.at(0.25);
    const sent = entryAt(b.tcb.retransmissionQueue, 0);
    expect(sent).not.toBeNull();
    if (sent === null) return;
    const cut = pieces(b.tcb, { ...sent, flags: FLAG.ACK | FLAG.PSH }, 500);
    expect(cut.map(({ seq, lengthBytes }) => [seqDiff(seq, b.at(0)), lengthBytes])).toEqual([
      [250, 500],
      [750, 250],
    ]);
    // PUSH and FIN are of the end.
    expect(cut.map(({ flags }) => flags)).toEqual([FLAG.ACK, FLAG.ACK | FLAG.PSH]);
  });

  it.each([
    [0, 1000],
    [FLAG.FIN, 999],
    [FLAG.SYN, 999],
    [FLAG.SYN | FLAG.FIN, 998],
  ])('control bits %i have numbers of their own, %i octets are left', (flags, octets) => {
    const sent = entryAt(scene('.').tcb.retransmissionQueue, 0);
    expect(sent === null ? null : textBytes({ ...sent, flags })).toBe(octets);
  });
});

describe('a window that counts segments', () => {
  it('holds as many as before, of the new size', () => {
    const b = scene('...', { countsSegments: true });
    Object.assign(b.tcb.congestion, {
      cwndBytes: 10_000,
      ssthreshBytes: 7000,
      mostOutBytes: 5000,
      usedBytes: 4000,
      creditBytes: 500,
      wMaxBytes: 8000,
      epochBytes: 6000,
      estimateBytes: 9000,
    });
    Object.assign(b.tcb.recovery, {
      priorCwndBytes: 12_000,
      deliveredBytes: 3000,
      outBytes: 2000,
      undoCwndBytes: 13_000,
      undoSsthreshBytes: Number.POSITIVE_INFINITY,
    });
    tooBig(b, 540);
    expect(b.tcb.congestion).toMatchObject({
      cwndBytes: 5000,
      ssthreshBytes: 3500,
      mostOutBytes: 2500,
      usedBytes: 2000,
      creditBytes: 250,
      wMaxBytes: 4000,
      epochBytes: 3000,
      estimateBytes: 4500,
    });
    expect(b.tcb.recovery).toMatchObject({
      priorCwndBytes: 6000,
      deliveredBytes: 1500,
      outBytes: 1000,
      undoCwndBytes: 6500,
      undoSsthreshBytes: Number.POSITIVE_INFINITY,
    });
  });

  it('one that counts octets stays', () => {
    const b = scene('...');
    b.tcb.congestion.ssthreshBytes = 7000;
    tooBig(b, 540);
    expect([b.tcb.congestion.cwndBytes, b.tcb.congestion.ssthreshBytes]).toEqual([10_000, 7000]);
  });
});

describe('a path that may have become wider (RFC 1191 section 6.3: ten minutes)', () => {
  const LATER = 600_000_000;

  it.each([
    [LATER - 1, 540],
    [LATER, 1040],
  ])('%i µs after it was lowered it takes %i', (sinceUs, mtu) => {
    const b = scene('...');
    const atUs = b.ctx.nowUs;
    tooBig(b, 540);
    b.ctx.nowUs = atUs + sinceUs;
    b.events.length = 0;
    forgetOldPath(b.tcb, b.ctx);
    expect(b.tcb.path.mtuBytes).toBe(mtu);
    expect(b.tcb.congestion.cwndBytes).toBe(10_000);
    expect(notes(b)).toEqual(mtu === 1040 ? ['path-mtu-forgotten'] : []);
    if (mtu === 1040) expect(b.tcb.path.loweredAtUs).toBeNull();
  });

  it('one that was never lowered has nothing to forget', () => {
    const b = scene('.');
    b.ctx.nowUs = 2 * LATER;
    forgetOldPath(b.tcb, b.ctx);
    expect(notes(b)).toEqual([]);
  });

  it('a window that counts segments holds as many of the old size again', () => {
    const b = scene('', { countsSegments: true });
    pushSent(b.tcb.retransmissionQueue, {
      ...{ seq: b.at(0), lengthBytes: 1000, flags: 0, sentAtUs: 0, order: 1, transmissions: 1, line: null },
      ...{ sacked: false, lost: false, resent: false },
    });
    b.tcb.snd.max = b.at(1);
    b.tcb.snd.nxt = b.at(1);
    tooBig(b, 540);
    expect(b.tcb.congestion.cwndBytes).toBe(5000);
    b.ctx.nowUs += LATER;
    forgetOldPath(b.tcb, b.ctx);
    expect(b.tcb.congestion.cwndBytes).toBe(10_000);
  });
});
