import { describe, expect, it } from 'vitest';
import { DEFAULT_HOST, type HostConfig } from '../../../src/engine/config';
import { LINUX } from '../../../src/engine/profiles/linux';
import { seq, seqAdd } from '../../../src/engine/seq';
import {
  type AckPacing,
  ackDelayUs,
  acksAtOnce,
  acksDrained,
  freshAckPacing,
  joinGapAck,
  paceAckSent,
  paceDataSent,
  paceDelayOver,
  paceHeld,
  pacesAcks,
  paceText,
  readingOpens,
  startQuickAcks,
} from '../../../src/engine/tcp/ackPacing';
import { createTcb, type Tcb } from '../../../src/engine/tcp/tcb';

const SECOND = 1_000_000;
const LEAST = 40_000;

/** A host that paces its ACKs and counts octets, with a window of ten segments of 536 bytes. */
function paced(config: Partial<HostConfig> = {}, pace: Partial<AckPacing> = {}): Tcb {
  const tcb = createTcb({
    ...DEFAULT_HOST,
    name: 'a',
    address: '10.0.0.1',
    port: 4000,
    mssBytes: 1460,
    delayedAckUs: LEAST,
    delayedAckMaxUs: 200_000,
    quickAcks: 16,
    compressedAcks: { delayUs: 1000, most: 44 },
    ...config,
  });
  tcb.rcv.nxt = seq(5001);
  tcb.rcv.wnd = 5360;
  tcb.options.sack = true;
  tcb.rto.rtoUs = SECOND;
  Object.assign(tcb.pace, pace);
  return tcb;
}

/** The same where memory is counted and the window may still grow. */
function growing(pace: Partial<AckPacing> = {}): Tcb {
  const tcb = paced({ receiveMemory: LINUX.receiveMemory, rcvbufGrows: true, rcvbufBytes: 131_072 }, pace);
  tcb.memory.clamp = 60_000;
  tcb.memory.threshold = 10_000;
  return tcb;
}

const owedAck = { rule: 'text-in-order', line: null, trigger: { kind: 'network' } } as const;

describe('before the first segment', () => {
  it('no ACK leaves early, none is pushed for, and a full segment is 536 bytes (RFC 9293 section 3.7.1, MUST-15)', () => {
    expect(freshAckPacing()).toEqual({
      quick: 0,
      dialogue: false,
      delayUs: 0,
      receivedAtUs: 0,
      pushed: 0,
      fullBytes: 536,
      lastSmallBytes: 0,
      alone: false,
      joined: 0,
      gapAcks: 0,
      gapAt: null,
      forReader: false,
    });
  });

  it.each([
    [200_000, LEAST, true],
    [null, LEAST, false],
    [200_000, null, false],
    [null, null, false],
  ])('a host with a most of %s and a delay of %s adapts its delay: %s', (delayedAckMaxUs, delayedAckUs, wanted) => {
    expect(pacesAcks(paced({ delayedAckMaxUs, delayedAckUs }))).toBe(wanted);
  });
});

describe('the first ACKs leave at once (Linux: tcp_incr_quickack)', () => {
  it.each([
    ['half the window', 5360, 0, 0, 5],
    ['half of what was offered in the last ACK', 4288, 1072, 0, 5],
    ['whole segments only', 5359, 0, 0, 4],
    ['two where half the window holds none', 1071, 0, 0, 2],
    ['one where it holds just one', 1072, 0, 0, 1],
    ['the most that the host allows', 536 * 2 * 17, 0, 0, 16],
    ['no fewer than were granted before', 5360, 0, 9, 9],
  ])('%s', (_name, wnd, unackedBytes, quick, wanted) => {
    const tcb = paced({}, { quick });
    Object.assign(tcb.rcv, { wnd, unackedBytes });
    paceText(tcb, 100, true, 7000);
    expect(tcb.pace).toMatchObject({ quick: wanted, delayUs: LEAST, receivedAtUs: 7000 });
  });

  it.each([
    ['paces its ACKs', 200_000, { quick: 3, dialogue: false, delayUs: LEAST }],
    ['does not', null, { quick: 0, dialogue: true, delayUs: 90_000 }],
  ])('something odd brings them back where the host %s', (_name, delayedAckMaxUs, wanted) => {
    const tcb = paced({ delayedAckMaxUs }, { dialogue: true, delayUs: 90_000 });
    startQuickAcks(tcb, 3);
    expect(tcb.pace).toMatchObject(wanted);
  });
});

describe('the delay follows the pace of the text (Linux: tcp_event_data_recv)', () => {
  it.each([
    // since, delay before, RTO, delay after, quick ACKs
    [0, 100_000, SECOND, 70_000, 0],
    [20_000, 100_000, SECOND, 70_000, 0],
    [20_000, 100_000, 60_000, 70_000, 0],
    [20_001, 100_000, SECOND, 70_001, 0],
    [99_999, 100_000, SECOND, 149_999, 0],
    [100_000, 100_000, SECOND, 100_000, 0],
    [30_000, 100_000, 60_000, 60_000, 0],
    [SECOND, 100_000, SECOND, 100_000, 0],
    [SECOND + 1, 100_000, SECOND, 100_000, 5],
  ])(
    'after %i us, with a delay of %i and an RTO of %i: %i, and %i quick ACKs',
    (since, before, rtoUs, after, quick) => {
      const tcb = paced({}, { delayUs: before, receivedAtUs: 3_000_000 });
      tcb.rto.rtoUs = rtoUs;
      paceText(tcb, 100, true, 3_000_000 + since);
      expect(tcb.pace).toMatchObject({ delayUs: after, quick, receivedAtUs: 3_000_000 + since });
    },
  );

  it.each([
    [0, 1000, 1],
    [4, 1000, 5],
    [5, 1000, 5],
    [4, 100, 4],
  ])('with %i quick ACKs, %i bytes that the window grows by leave %i', (quick, lengthBytes, wanted) => {
    const tcb = growing({ quick, delayUs: 100_000 });
    paceText(tcb, lengthBytes, false, 100_000);
    expect(tcb.pace.quick).toBe(wanted);
  });

  it.each([
    [true, 4, 1000, 5],
    [false, 4, 1000, 4],
    [true, 4, 100, 4],
    [true, 5, 1000, 5],
  ])('above a gap, with SACK %s and %i quick ACKs, %i bytes leave %i', (sack, quick, lengthBytes, wanted) => {
    const tcb = growing({ quick });
    tcb.options.sack = sack;
    paceHeld(tcb, lengthBytes, false);
    expect(tcb.pace.quick).toBe(wanted);
  });

  it('text in order tells the full segment and begins the measurement of a round trip', () => {
    const tcb = paced();
    paceText(tcb, 1000, true, 7000);
    expect(tcb.pace.fullBytes).toBe(1000);
    expect(tcb.memory).toMatchObject({ windowEnd: 5001 + 5360, windowAtUs: 7000 });
  });

  it('text above a gap lets the buffer grow, text in order does not', () => {
    const [above, inOrder] = [growing(), growing()];
    for (const tcb of [above, inOrder]) tcb.memory.roundBytes = 100_000;
    paceHeld(above, 1000, false);
    paceText(inOrder, 1000, false, 100_000);
    expect(above.memory.grownBytes).toBeGreaterThan(131_072);
    expect(inOrder.memory.grownBytes).toBe(0);
  });
});

describe('what a full segment is (Linux: tcp_measure_rcv_mss)', () => {
  it.each([
    // full, last small, pushed; bytes, PSH; full, last small, pushed
    [536, 0, 0, 1460, false, 1460, 0, 0],
    [1460, 0, 0, 1460, true, 1460, 0, 1],
    [1460, 0, 1, 1460, true, 1460, 0, 1],
    [1460, 0, 2, 1460, true, 1460, 0, 2],
    [1460, 700, 0, 1460, false, 1460, 0, 0],
    [1460, 0, 0, 2920, false, 1460, 0, 0],
    [1460, 0, 0, 1459, false, 1460, 1459, 1],
    [1460, 0, 0, 1000, true, 1460, 1000, 1],
    [1460, 1000, 1, 1000, true, 1000, 1000, 1],
    [1460, 1000, 1, 1001, true, 1460, 1001, 2],
    [1460, 0, 0, 536, true, 1460, 536, 1],
    [1460, 0, 0, 535, true, 1460, 0, 1],
    [1460, 535, 0, 535, true, 1460, 0, 1],
    [1460, 0, 0, 88, false, 1460, 88, 1],
    [1460, 0, 0, 87, false, 1460, 0, 1],
    [1460, 88, 0, 88, false, 88, 88, 0],
    [1460, 88, 0, 88, true, 1460, 0, 1],
    [1460, 0, 1, 10, true, 1460, 0, 2],
    [1460, 0, 2, 10, true, 1460, 0, 2],
  ] as const)('full %i, last small %i, pushed %i; %i bytes, PSH %s', (full, small, pushed, bytes, push, ...wanted) => {
    const tcb = paced({}, { fullBytes: full, lastSmallBytes: small, pushed });
    paceHeld(tcb, bytes, push);
    expect([tcb.pace.fullBytes, tcb.pace.lastSmallBytes, tcb.pace.pushed]).toEqual(wanted);
  });

  it.each([
    [1000, 100],
    // 1001 bytes lie in 2048 with 256 beside them: 1001 / 2304 in 256ths.
    [1001, 111],
    [999, 100],
  ])('%i bytes, where 1000 were full, make the share of the memory %i of 256', (lengthBytes, share) => {
    const tcb = growing({ fullBytes: 1000 });
    tcb.memory.share = 100;
    paceHeld(tcb, lengthBytes, false);
    expect(tcb.memory.share).toBe(share);
  });
});

describe('which ACKs leave at once', () => {
  it.each([
    ['two segments came', 537, 0, false, true],
    ['no more than one segment came', 536, 0, false, false],
    ['quick ACKs are left', 1, 1, false, true],
    ['quick ACKs are left, but the application answers', 1, 1, true, false],
  ])('%s', (_name, unackedBytes, quick, dialogue, wanted) => {
    const tcb = paced({}, { quick, dialogue });
    tcb.rcv.unackedBytes = unackedBytes;
    expect(acksAtOnce(tcb)).toBe(wanted);
  });

  it.each([
    // reads, buffer, clamp, waiting; window 5360, 1000 came
    [true, 1000, null, 0, true],
    [false, 6360, null, 0, true],
    [false, 6359, null, 0, false],
    [false, 7360, null, 1000, true],
    [false, 7360, null, 1001, false],
    [false, 60_000, 6360, 0, true],
    [false, 60_000, 6359, 0, false],
  ])('auto-read %s, buffer %i, clamp %s, %i octets wait: %s', (autoRead, rcvbufBytes, clamp, waiting, wanted) => {
    const tcb = paced({ autoRead, rcvbufBytes, windowClampBytes: clamp });
    tcb.rcv.unackedBytes = 1000;
    tcb.receiveBuffer.bytes = waiting;
    expect(acksAtOnce(tcb)).toBe(wanted);
  });

  it.each([
    ['as large as in the last ACK', 6360, true],
    ['smaller', 6000, false],
  ])('where memory is counted, with a window %s', (_name, threshold, wanted) => {
    const tcb = growing();
    tcb.options.rcvShift = 3;
    Object.assign(tcb.memory, { threshold });
    Object.assign(tcb.rcv, { wnd: 5360, unackedBytes: 1000 });
    expect(acksAtOnce(tcb)).toBe(wanted);
  });
});

describe('ACKs of segments above a gap are joined (Linux: __tcp_ack_snd_check)', () => {
  const waiting = (config: Partial<HostConfig> = {}, pace: Partial<AckPacing> = {}): Tcb => {
    const tcb = paced(config, { gapAt: seq(5001), gapAcks: 3, ...pace });
    tcb.rto.srttUs = 10_000;
    tcb.memory.rtt8Us = 800_000;
    return tcb;
  };

  it('the first three for one RCV.NXT leave, the next ones wait, and a new RCV.NXT begins anew', () => {
    const tcb = waiting({}, { gapAt: null, gapAcks: 0 });
    const waits = () => Array.from({ length: 5 }, () => joinGapAck(tcb));
    expect(waits()).toEqual([null, null, null, 500, 500]);
    expect(tcb.pace).toMatchObject({ joined: 2, gapAcks: 3, gapAt: 5001 });
    tcb.rcv.nxt = seqAdd(tcb.rcv.nxt, 100);
    expect(waits()).toEqual([null, null, null, 500, 500]);
    expect(tcb.pace).toMatchObject({ joined: 4, gapAt: 5101 });
  });

  it.each([
    ['a twentieth of SRTT, whole microseconds', 8010, 800_000, 400],
    ['a twentieth of the round trip that it saw as a receiver', 10_000, 64_000, 400],
    ['of that alone before SRTT is known', null, 64_000, 400],
    ['no longer than the host says', 100_000, 8_000_000, 1000],
  ])('they wait %s', (_name, srttUs, rtt8Us, wanted) => {
    const tcb = waiting();
    tcb.rto.srttUs = srttUs;
    tcb.memory.rtt8Us = rtt8Us;
    expect(joinGapAck(tcb)).toBe(wanted);
  });

  it.each([
    ['the host joins none', { compressedAcks: null }, {}, true],
    ['the host does not pace its ACKs', { delayedAckMaxUs: null }, {}, true],
    ['there is no SACK', {}, {}, false],
    ['quick ACKs are left', {}, { quick: 1 }, true],
    ['as many as may be are joined', {}, { joined: 44 }, true],
  ])('none waits where %s', (_name, config, pace, sack) => {
    const tcb = waiting(config, pace);
    tcb.options.sack = sack;
    expect(joinGapAck(tcb)).toBeNull();
    expect(tcb.pace.joined).toBe(waiting(config, pace).pace.joined);
  });

  it('the last one that may be joined waits', () => {
    const tcb = waiting({}, { joined: 43 });
    expect(joinGapAck(tcb)).toBe(500);
    expect(tcb.pace.joined).toBe(44);
  });
});

describe('how long an ACK may wait (Linux: tcp_send_delayed_ack)', () => {
  it.each([
    // delay, least, SRTT, most
    [30_000, LEAST, null, 200_000, 30_000],
    [500_000, 500_000, null, 200_000, 500_000],
    [100_000, LEAST, null, 200_000, 100_000],
    [300_000, LEAST, null, 200_000, 200_000],
    [100_000, LEAST, 60_000, 200_000, 60_000],
    [100_000, LEAST, 10_000, 200_000, 40_000],
    [100_000, LEAST, null, null, 40_000],
    [100_000, null, null, 200_000, 100_000],
  ])('delay %i, least %s, SRTT %s, most %s: %i us', (delayUs, delayedAckUs, srttUs, delayedAckMaxUs, wanted) => {
    const tcb = paced({ delayedAckUs, delayedAckMaxUs }, { delayUs });
    tcb.rto.srttUs = srttUs;
    expect(ackDelayUs(tcb)).toBe(wanted);
  });

  it.each([
    ['no dialogue: it doubles', { delayUs: 100_000 }, { delayUs: 200_000, dialogue: false }],
    ['up to RTO', { delayUs: 600_000 }, { delayUs: SECOND, dialogue: false }],
    [
      'a dialogue that is slower than it seemed',
      { delayUs: 100_000, dialogue: true },
      { delayUs: LEAST, dialogue: false },
    ],
    ['ACKs were joined', { delayUs: 100_000, dialogue: true, joined: 1 }, { delayUs: 100_000, dialogue: true }],
    [
      'it waited for the reader',
      { delayUs: 100_000, dialogue: true, forReader: true },
      { delayUs: 100_000, dialogue: true },
    ],
  ])('the delay is over; %s', (_name, pace, wanted) => {
    const tcb = paced({}, pace);
    paceDelayOver(tcb);
    expect(tcb.pace).toMatchObject(wanted);
  });

  it.each([
    [39_999, true],
    [40_000, false],
  ])('data that leaves %i us after data came is an answer: %s', (since, dialogue) => {
    const tcb = paced({}, { delayUs: LEAST, receivedAtUs: SECOND });
    paceDataSent(tcb, SECOND + since);
    expect(tcb.pace.dialogue).toBe(dialogue);
  });
});

describe('an ACK leaves (Linux: tcp_event_ack_sent)', () => {
  it.each([
    ['an ACK was owed', 3, true, false, { quick: 2, delayUs: 90_000 }],
    ['an ACK was delayed', 3, false, true, { quick: 2, delayUs: 90_000 }],
    ['none was', 3, false, false, { quick: 3, delayUs: 90_000 }],
    ['the last quick one', 1, true, false, { quick: 0, delayUs: LEAST }],
    ['there is no quick one', 0, true, false, { quick: 0, delayUs: 90_000 }],
  ])('%s', (_name, quick, owed, delayed, wanted) => {
    const tcb = paced({}, { quick, delayUs: 90_000, alone: true, pushed: 2, joined: 3, forReader: true });
    tcb.owed.ack = owed ? owedAck : null;
    if (delayed) tcb.timers['delayed-ack'] = SECOND;
    paceAckSent(tcb);
    expect(tcb.pace).toMatchObject({ ...wanted, alone: false, pushed: 0, joined: 0, forReader: false });
  });
});

describe('the application has emptied the buffer (Linux: __tcp_cleanup_rbuf)', () => {
  const drained = { config: {}, pace: {}, unacked: 100, waiting: 0, delayed: true };
  it.each([
    ['two small segments', { pace: { pushed: 2 } }, true],
    ['two small segments in a dialogue', { pace: { pushed: 2, dialogue: true } }, true],
    ['one small segment', { pace: { pushed: 1 } }, true],
    ['one small segment in a dialogue', { pace: { pushed: 1, dialogue: true } }, false],
    ['none that was pushed', {}, false],
    ['something still waits to be read', { pace: { pushed: 2 }, waiting: 1 }, false],
    ['more than a full segment', { unacked: 537, waiting: 1 }, true],
    ['a full segment', { unacked: 536, waiting: 1 }, false],
    [
      'more than a full segment where memory is counted',
      { unacked: 537, config: { receiveMemory: LINUX.receiveMemory } },
      false,
    ],
    ['no ACK is delayed', { pace: { pushed: 2 }, delayed: false }, false],
    ['the host does not pace its ACKs', { pace: { pushed: 2 }, config: { delayedAckMaxUs: null } }, false],
  ] as [
    string,
    Partial<{
      config: Partial<HostConfig>;
      pace: Partial<AckPacing>;
      unacked: number;
      waiting: number;
      delayed: boolean;
    }>,
    boolean,
  ][])('%s: an ACK leaves, %o: %s', (_name, given, wanted) => {
    const { config, pace, unacked, waiting, delayed } = { ...drained, ...given };
    const tcb = paced(config, pace);
    tcb.rcv.unackedBytes = unacked;
    tcb.receiveBuffer.bytes = waiting;
    if (delayed) tcb.timers['delayed-ack'] = SECOND;
    expect(acksDrained(tcb)).toBe(wanted);
  });

  it.each([
    ['octets are counted', false, 2000, 0, false],
    ['more than a full segment waits for its ACK', true, 537, 60_000, true],
    ['one full segment does', true, 536, 60_000, false],
    ['the window has doubled', true, 0, 5000, true],
    ['it has not', true, 0, 5001, false],
  ])('reading opens the window; %s', (_name, counts, unackedBytes, wnd, wanted) => {
    const tcb = counts ? growing() : paced();
    tcb.options.rcvShift = 3;
    Object.assign(tcb.rcv, { wnd, unackedBytes });
    expect(readingOpens(tcb)).toBe(wanted);
  });
});
