import { describe, expect, it } from 'vitest';
import type { HostConfig } from '../../../src/engine/config';
import { FLAG, type Segment, type SegmentOptions } from '../../../src/engine/segment';
import { seq, seqAdd } from '../../../src/engine/seq';
import {
  effectiveSendMss,
  freshOptions,
  fullSegmentBytes,
  scaledWindow,
  segmentOptions,
  synOptions,
  takeSynOptions,
  timestampAt,
} from '../../../src/engine/tcp/options';
import { COOKIE_LIFETIME_US, cookie, replyCookie, takeCookie } from '../../../src/engine/tcp/synCookies';
import { type Bench, inState, peerSegment, rulesOf, sent, statesEntered } from './harness';

const ALL: Partial<HostConfig> = { windowScale: 7, timestamps: true, sack: true };

describe('options, one by one', () => {
  it.each([
    [0, 1],
    [999, 1],
    [1000, 2],
    [(2 ** 32 - 1) * 1000, 0],
  ])('the timestamp clock at %i us shows %i', (nowUs, expected) => expect(timestampAt(nowUs)).toBe(expected));

  it('nothing is agreed on before the SYNs', () => {
    expect(freshOptions()).toMatchObject({ scaling: false, timestamps: false, sack: false, tsRecent: null });
  });

  it.each<[string, Partial<HostConfig>, string[]]>([
    ['after the others', ALL, ['mss', 'sackOK', 'ts', 'wscale']],
    ['first, after the MSS', { ...ALL, scaleOptionFirst: true }, ['mss', 'wscale', 'sackOK', 'ts']],
    ['alone', { windowScale: 7 }, ['mss', 'wscale']],
    ['not at all', { sack: true, timestamps: true }, ['mss', 'sackOK', 'ts']],
    ['SACK alone', { sack: true }, ['mss', 'sackOK']],
    ['timestamps alone', { timestamps: true }, ['mss', 'ts']],
  ])('of a SYN, in the order of the wire: the window scale %s', (_name, config, names) => {
    expect(Object.keys(synOptions(inState('CLOSED', config).tcb, 0))).toEqual(names);
  });

  it.each<[string, string, SegmentOptions, [number, number, number, boolean]]>([
    ['no MSS, IPv4', '10.0.0.1', {}, [536, 0, 0, false]],
    ['no MSS, IPv6', '2001:db8::1', {}, [1220, 0, 0, false]],
    ['an MSS of 0 counts as none', '10.0.0.1', { mss: 0 }, [536, 0, 0, false]],
    ['an MSS', '10.0.0.1', { mss: 900 }, [900, 0, 0, false]],
    ['a shift', '10.0.0.1', { mss: 900, wscale: 3 }, [900, 3, 7, true]],
    ['a shift of 14', '10.0.0.1', { mss: 900, wscale: 14 }, [900, 14, 7, true]],
    ['a shift beyond 14 (RFC 7323 section 2.3)', '10.0.0.1', { mss: 900, wscale: 15 }, [900, 14, 7, true]],
  ])('of the remote SYN: %s', (_name, address, options, [mss, sndShift, rcvShift, scaling]) => {
    const b = inState('CLOSED', { ...ALL, address });
    takeSynOptions(b.tcb, peerSegment(b, 'SYN', { options }), 77);
    expect(b.tcb.snd.mssBytes).toBe(mss);
    expect(b.tcb.options).toMatchObject({ sndShift, rcvShift, scaling, tsRecentAtUs: 77 });
  });

  it.each<[Partial<HostConfig>, SegmentOptions, [boolean, boolean, number | null, boolean]]>([
    [ALL, { sackOK: true, ts: [9, 0], wscale: 1 }, [true, true, 9, true]],
    [ALL, {}, [false, false, null, false]],
    [{}, { sackOK: true, ts: [9, 0], wscale: 1 }, [false, false, null, false]],
  ])('are agreed on where both have them: %o and %o', (config, options, expected) => {
    const b = inState('CLOSED', config);
    takeSynOptions(b.tcb, peerSegment(b, 'SYN', { options }), 0);
    const { sack, timestamps, tsRecent, scaling } = b.tcb.options;
    expect([sack, timestamps, tsRecent, scaling]).toEqual(expected);
  });

  it('a window is shifted, but not that of a SYN', () => {
    const b = inState('CLOSED');
    b.tcb.options.sndShift = 4;
    expect(scaledWindow(b.tcb, peerSegment(b, 'ACK', { wnd: 100 }))).toBe(1600);
    expect(scaledWindow(b.tcb, peerSegment(b, 'SYN-ACK', { wnd: 100 }))).toBe(100);
  });

  it.each<[string, boolean, boolean, number, number, number, number]>([
    ['the smaller MSS', false, false, 0, 900, 900, 900],
    ['our own when it is smaller', false, false, 0, 1600, 1460, 1460],
    ['less timestamps', true, false, 0, 900, 888, 888],
    ['less a SACK block', false, true, 1, 900, 888, 900],
    ['less two SACK blocks and timestamps', true, true, 2, 900, 868, 888],
    ['no SACK block', false, true, 0, 900, 900, 900],
    ['SACK was not agreed on', false, false, 2, 900, 900, 900],
    ['at least one octet', true, false, 0, 5, 1, 1],
  ])('Eff.snd.MSS: %s', (_name, timestamps, sack, blocks, mss, effective, full) => {
    const b = inState('ESTABLISHED');
    Object.assign(b.tcb.options, { timestamps, sack });
    b.tcb.snd.mssBytes = mss;
    b.tcb.rcv.sacks = Array.from({ length: blocks }, (_, index) => [seq(100 * index + 6000), seq(100 * index + 6050)]);
    expect([effectiveSendMss(b.tcb), fullSegmentBytes(b.tcb)]).toEqual([effective, full]);
  });

  it.each<[boolean, boolean, boolean, string[]]>([
    [true, true, true, ['ts', 'sack']],
    [true, true, false, ['ts']],
    [true, false, true, ['ts']],
    [false, true, true, ['sack']],
    [false, true, false, []],
    [false, false, true, []],
  ])('of a segment: timestamps %s, SACK %s, with ACK %s', (timestamps, sack, acks, names) => {
    const b = inState('ESTABLISHED');
    Object.assign(b.tcb.options, { timestamps, sack, tsRecent: 5 });
    b.tcb.rcv.sacks = [[seq(6000), seq(6050)]];
    const options = segmentOptions(b.tcb, 3000, acks);
    expect(Object.keys(options)).toEqual(names);
    if (timestamps) expect(options.ts).toEqual([4, 5]);
  });
});

describe('SYN cookies, by themselves', () => {
  const COUNTER_US = COOKIE_LIFETIME_US / 2;
  const SECRET = 12_345;

  function listening(config: Partial<HostConfig> = {}, nowUs = 10_000_000): Bench {
    const b = inState('LISTEN', { synCookies: true, ...config });
    b.ctx.nowUs = nowUs;
    b.ctx.isnSecret = SECRET;
    return b;
  }

  /** The SYN-ACK that answers a SYN with these options. */
  function answer(b: Bench, options: SegmentOptions): Segment {
    replyCookie(b.tcb, peerSegment(b, 'SYN', { seq: 0, options }), 1, b.ctx);
    const reply = b.tcb.owed.replies.shift();
    if (reply === undefined) throw new Error('no answer');
    return reply.segment;
  }

  /** The ACK of a SYN-ACK, which echoes its timestamp. */
  function back(b: Bench, synAck: Segment, change: Partial<Segment> = {}): Segment {
    const { ts } = synAck.options;
    return {
      ...peerSegment(b, 'ACK'),
      ack: seqAdd(synAck.seq, 1),
      options: ts === undefined ? {} : { ts: [500, ts[0]] },
      ...change,
    };
  }

  it('the SYN sets the SYN-ACK off, which offers the window of the host', () => {
    const b = listening({ rcvbufBytes: 5000 });
    replyCookie(b.tcb, peerSegment(b, 'SYN', { seq: 0 }), 9, b.ctx);
    const [reply] = b.tcb.owed.replies;
    expect(reply?.segment.wnd).toBe(5000);
    expect(reply?.cause).toMatchObject({ rule: 'syn-cookie', trigger: { kind: 'segment', segment: 9 } });
    expect(b.tcb.lastTrigger).toEqual({ kind: 'segment', segment: 9 });
  });

  it('a SYN-ACK remembers all, and the host nothing', () => {
    const b = listening();
    expect(answer(b, { mss: 1460 })).toMatchObject({
      ack: seqAdd(b.peerIss, 1),
      flags: FLAG.SYN | FLAG.ACK,
      wnd: 65_535,
      up: 0,
      options: { mss: 1460 },
      ecn: 0,
    });
    expect([b.tcb.state, b.tcb.irs, b.tcb.remote]).toEqual(['LISTEN', null, null]);
    expect(rulesOf(b, 'segment-discarded')).toEqual(['syn-cookie']);
  });

  it('the number is made of time, MSS and what nobody can guess', () => {
    const b = listening();
    const syn = peerSegment(b, 'SYN', { seq: 0 });
    const of = (counter: number, mss: number, secret = SECRET) => cookie(syn, syn.seq, counter, mss, secret);
    expect([of(5, 3) >>> 27, (of(5, 3) >>> 24) & 7]).toEqual([5, 3]);
    expect(of(5, 3) & 0xff_ffff).toBe(of(5, 4) & 0xff_ffff);
    const hashes = [of(5, 3), of(6, 3), of(5, 3, 1), cookie(syn, seqAdd(syn.seq, 1), 5, 3, SECRET)];
    expect(new Set(hashes.map((number) => number & 0xff_ffff)).size).toBe(4);
    expect(answer(b, { mss: 1460 }).seq).toBe(of(0, 6));
  });

  it.each([
    [undefined, 536],
    [1, 64],
    [64, 64],
    [215, 64],
    [216, 216],
    [1219, 536],
    [1220, 1220],
    [1459, 1440],
    [1460, 1460],
    [8939, 1460],
    [9000, 8940],
  ])('an MSS of %s comes back as %i', (mss, remembered) => {
    const b = listening();
    const synAck = answer(b, mss === undefined ? {} : { mss });
    takeCookie(b.tcb, back(b, synAck), 2, b.ctx, () => true);
    expect([b.tcb.state, b.tcb.snd.mssBytes]).toEqual(['ESTABLISHED', remembered]);
  });

  it('the ACK that brings it back opens the connection as if the SYN had been kept', () => {
    const b = listening();
    const synAck = answer(b, { mss: 1460 });
    takeCookie(b.tcb, back(b, synAck), 2, b.ctx, () => true);
    expect(statesEntered(b)).toEqual(['SYN-RECEIVED', 'ESTABLISHED']);
    const { iss, irs, remote, counters } = b.tcb;
    expect([iss, irs]).toEqual([synAck.seq, b.peerIss]);
    expect(remote).toEqual(synAck.destination);
    expect(counters.segmentsReceived).toBe(1);
    expect(b.tcb.lastTrigger).toEqual({ kind: 'segment', segment: 2 });
  });

  it.each<[string, number, (segment: Segment) => Segment, boolean]>([
    ['at once', 0, (segment) => segment, true],
    ['when the counter has gone on once', COUNTER_US, (segment) => segment, true],
    ['when it has gone on twice', 2 * COUNTER_US, (segment) => segment, false],
    ['with another number', 0, (segment) => ({ ...segment, ack: seqAdd(segment.ack, 1) }), false],
    ['for another SYN', 0, (segment) => ({ ...segment, seq: seqAdd(segment.seq, 1) }), false],
    ['from another port', 0, (segment) => ({ ...segment, source: { ...segment.source, port: 9 } }), false],
  ])('it is taken %s', (_name, laterUs, change, taken) => {
    const b = listening();
    const segment = change(back(b, answer(b, { mss: 1460 })));
    b.events.length = 0;
    b.ctx.nowUs += laterUs;
    takeCookie(b.tcb, segment, 2, b.ctx, () => true);
    expect(b.tcb.state).toBe(taken ? 'ESTABLISHED' : 'LISTEN');
    expect(rulesOf(b, 'segment-discarded')).toEqual(taken ? [] : ['cookie-wrong']);
    expect(b.tcb.owed.replies.map(({ segment: reply }) => [reply.flags, reply.seq])).toEqual(
      taken ? [] : [[FLAG.RST, segment.ack]],
    );
  });

  it('the counter begins anew after 32 steps', () => {
    const b = listening({}, 31 * COUNTER_US);
    const synAck = answer(b, { mss: 1460 });
    expect(synAck.seq >>> 27).toBe(31);
    b.ctx.nowUs = 32 * COUNTER_US;
    takeCookie(b.tcb, back(b, synAck), 2, b.ctx, () => true);
    expect(b.tcb.state).toBe('ESTABLISHED');
  });

  it('nothing happens where there is no room', () => {
    const b = listening();
    const synAck = answer(b, { mss: 1460 });
    b.events.length = 0;
    takeCookie(b.tcb, back(b, synAck), 2, b.ctx, () => false);
    expect([b.tcb.state, b.events, sent(b)]).toEqual(['LISTEN', [], []]);
  });

  const STAMP: SegmentOptions = { mss: 1460, ts: [40, 0] };
  it.each<[string, Partial<HostConfig>, SegmentOptions, string[], [number, boolean, boolean]]>([
    ['all', ALL, { ...STAMP, wscale: 5, sackOK: true }, ['mss', 'wscale', 'sackOK', 'ts'], [5, true, true]],
    ['a shift beyond 14', ALL, { ...STAMP, wscale: 15 }, ['mss', 'wscale', 'ts'], [14, true, false]],
    ['no scale', ALL, { ...STAMP, sackOK: true }, ['mss', 'sackOK', 'ts'], [0, false, true]],
    ['no SACK', ALL, { ...STAMP, wscale: 0 }, ['mss', 'wscale', 'ts'], [0, true, false]],
    [
      'the host does not scale',
      { ...ALL, windowScale: null },
      { ...STAMP, wscale: 5 },
      ['mss', 'ts'],
      [0, false, false],
    ],
    ['the host has no SACK', { ...ALL, sack: false }, { ...STAMP, sackOK: true }, ['mss', 'ts'], [0, false, false]],
  ])('the options ride in the timestamp: %s', (_name, config, options, offered, expected) => {
    // Bits of the clock above and below those of the options.
    for (const nowUs of [10_000_000, 10_047_000, 10_048_000]) {
      const b = listening(config, nowUs);
      const synAck = answer(b, options);
      expect(Object.keys(synAck.options)).toEqual(offered);
      if (offered.includes('wscale')) expect(synAck.options.wscale).toBe(ALL.windowScale);
      const [shown = 0, echo] = synAck.options.ts ?? [];
      expect(echo).toBe(40);
      expect(shown).toBeLessThanOrEqual(timestampAt(nowUs));
      expect(shown).toBeGreaterThan(timestampAt(nowUs) - 64);
      takeCookie(b.tcb, back(b, synAck), 2, b.ctx, () => true);
      const { sndShift, scaling, sack } = b.tcb.options;
      expect([sndShift, scaling, sack]).toEqual(expected);
      // The echo tells of options and not of a time.
      expect(b.tcb.rto.srttUs).toBeNull();
      expect(b.tcb.options.timestamps).toBe(true);
    }
  });

  it.each<[string, Partial<HostConfig>, SegmentOptions]>([
    ['the host has no timestamps', { windowScale: 7, sack: true }, { ...STAMP, wscale: 5, sackOK: true }],
    ['the SYN has none', ALL, { mss: 1460, wscale: 5, sackOK: true }],
  ])('without timestamps no other option is offered: %s', (_name, config, options) => {
    const b = listening(config);
    const synAck = answer(b, options);
    expect(synAck.options).toEqual({ mss: 1460 });
    takeCookie(b.tcb, back(b, synAck), 2, b.ctx, () => true);
    const { scaling, sack, timestamps } = b.tcb.options;
    expect([b.tcb.state, scaling, sack, timestamps]).toEqual(['ESTABLISHED', false, false, false]);
  });
});
