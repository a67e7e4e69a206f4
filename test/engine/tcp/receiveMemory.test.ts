import { describe, expect, it } from 'vitest';
import { DEFAULT_HOST, type HostConfig, type ReceiveMemory } from '../../../src/engine/config';
import { octetsFromText } from '../../../src/engine/octets';
import { seq, seqAdd } from '../../../src/engine/seq';
import {
  catchUpReader,
  chargeHeld,
  chargeText,
  cloneMemory,
  freshMemory,
  growForGap,
  growThreshold,
  type MemoryState,
  measureByTimestamp,
  measureByWindow,
  measureShare,
  offeredBytes,
  offeredScale,
  offerWindow,
  releaseRead,
  selectWindow,
  startMemory,
  startWindow,
  WAKING_US,
  wakeReader,
  windowDoubled,
  windowKeepsUp,
} from '../../../src/engine/tcp/receiveMemory';
import { createTcb, type Tcb } from '../../../src/engine/tcp/tcb';

/** The memory of the captures' device: sizes of kmalloc, a skb_shared_info and a sk_buff (Linux). */
const MEMORY: ReceiveMemory = {
  headroomBytes: 64,
  trailerBytes: 320,
  recordBytes: 256,
  pieceSizes: [576, 1024, 2048, 4096],
  maxBytes: 1_048_576,
};

/** 131,072 bytes of memory, of which half is for octets: 65,536. */
function counting(memory: Partial<MemoryState> = {}, config: Partial<HostConfig> = {}): Tcb {
  const tcb = createTcb({
    ...DEFAULT_HOST,
    name: 'a',
    address: '10.0.0.1',
    port: 4000,
    mssBytes: 1460,
    rcvbufBytes: 131_072,
    receiveMemory: MEMORY,
    rcvbufGrows: true,
    windowScale: 10,
    ...config,
  });
  tcb.rcv.nxt = seq(5001);
  tcb.rcv.wnd = 10_000;
  tcb.options.rcvShift = 3;
  Object.assign(tcb.memory, { clamp: 60_000, threshold: 10_000, ...memory });
  return tcb;
}

/** A host that counts octets: nothing of this file touches it. */
const octets = (config: Partial<HostConfig> = {}) => counting({}, { receiveMemory: null, ...config });

const snapshot = (tcb: Tcb) => JSON.stringify([tcb.memory, tcb.rcv, tcb.pace]);

describe('the memory of a segment', () => {
  it.each([
    // (64 + 40 + text, up to whole lines of 64) + 320, the next piece, + 256
    [1, false, 576 + 256],
    [152, false, 576 + 256],
    [153, false, 1024 + 256],
    [140, true, 576 + 256],
    [141, true, 1024 + 256],
    [1448, true, 2048 + 256],
    [3608, false, 4096 + 256],
    [3672, false, 4096 + 256],
    // Beyond the last size whole pages.
    [3673, false, 8192 + 256],
    [7768, false, 8192 + 256],
    [7769, false, 12_288 + 256],
  ])('%i octets, timestamps %s: %i', (lengthBytes, timestamps, wanted) => {
    const tcb = counting();
    tcb.options.timestamps = timestamps;
    chargeText(tcb, lengthBytes);
    expect(tcb.memory).toMatchObject({
      usedBytes: wanted,
      arrivedBytes: lengthBytes,
      pieces: [{ endPosition: lengthBytes, memoryBytes: wanted }],
    });
    chargeHeld(tcb, lengthBytes, 1);
    chargeHeld(tcb, lengthBytes, 1);
    chargeHeld(tcb, lengthBytes, -1);
    expect(tcb.memory.heldBytes).toBe(wanted);
    chargeText(tcb, 1);
    expect(tcb.memory).toMatchObject({ usedBytes: wanted + 832, arrivedBytes: lengthBytes + 1 });
    expect(tcb.memory.pieces[1]).toEqual({ endPosition: lengthBytes + 1, memoryBytes: 832 });
  });

  it('is nothing to a host that counts octets', () => {
    const tcb = octets();
    const before = snapshot(tcb);
    const window = tcb.rcv.wnd;
    chargeText(tcb, 100);
    chargeHeld(tcb, 100, 1);
    measureShare(tcb, 1000);
    releaseRead(tcb, 1000);
    startWindow(tcb);
    startMemory(tcb, 1000);
    expect(growThreshold(tcb, 1000)).toBe(false);
    tcb.memory.roundBytes = 90_000;
    growForGap(tcb);
    expect([tcb.memory.grownBytes, tcb.rcv.wnd]).toEqual([0, window]);
    tcb.memory.roundBytes = 0;
    expect(snapshot(tcb)).toBe(before);
  });

  it('begins with half of it for octets, and nobody reads', () => {
    expect(freshMemory()).toMatchObject({
      share: 128,
      pieces: [],
      readsAtUs: Number.POSITIVE_INFINITY,
      windowEnd: null,
    });
  });

  it('is copied so that the copy lives on its own', () => {
    const tcb = counting();
    chargeText(tcb, 100);
    const copy = cloneMemory(tcb.memory);
    chargeText(tcb, 100);
    expect([copy.pieces.length, copy.usedBytes, tcb.memory.pieces.length]).toEqual([1, 832, 2]);
  });
});

describe('the window of a SYN (Linux: tcp_select_initial_window)', () => {
  it.each([
    // 65,536 octets hold 44 whole segments of 1460.
    ['whole segments', 131_072, null, false, 64_240],
    ['whole segments with timestamps', 131_072, null, true, 45 * 1448],
    ['of a clamp too', 131_072, 5000, false, 4380],
    ['less than a segment as it is', 2000, null, false, 1000],
    ['one segment', 2920, null, false, 1460],
    ['one octet more', 2922, null, false, 1460],
    ['no more than 16 bits', 1_000_000, null, false, 65_535],
  ])('%s', (_name, rcvbufBytes, windowClampBytes, timestamps, wanted) => {
    const tcb = counting({ usedBytes: 77, share: 99 }, { rcvbufBytes, windowClampBytes });
    tcb.options.timestamps = timestamps;
    startWindow(tcb);
    expect(tcb.rcv.wnd).toBe(wanted);
    expect(tcb.memory).toEqual(freshMemory());
  });

  it.each([
    // scale, counts memory, grows, buffer, clamp
    [null, true, true, 131_072, null, null],
    [10, true, true, 131_072, null, 10],
    // 65,536 octets need 17 bits, 65,535 need 16.
    [10, true, false, 131_072, null, 1],
    [10, true, false, 131_071, null, 0],
    [10, true, false, 1_048_576, null, 4],
    [3, true, false, 1_048_576, null, 3],
    [10, true, false, 0, null, 0],
    [10, false, false, 300, null, 8],
    [10, false, false, 0, null, 0],
    [10, false, false, 131_072, 300, 8],
    [7, false, false, 131_072, null, 7],
    [null, false, false, 131_072, null, null],
  ])(
    'scale %s, memory %s, grows %s, buffer %i, clamp %s: %s',
    (windowScale, counts, rcvbufGrows, rcvbufBytes, clamp, wanted) => {
      const config = { windowScale, rcvbufGrows, rcvbufBytes, windowClampBytes: clamp };
      expect(offeredScale(counts ? counting({}, config) : octets(config))).toBe(wanted);
    },
  );
});

describe('the connection is there (Linux: tcp_init_buffer_space)', () => {
  it.each([
    // buffer, clamp of the host, shift, window; clamp, threshold, first round
    ['a segment is kept back', 131_072, null, 3, 64_240, { clamp: 64_076, threshold: 64_076, roundBytes: 14_600 }],
    [
      'a host that clamps has room',
      131_072,
      30_000,
      3,
      20_000,
      { clamp: 30_000, threshold: 20_000, roundBytes: 14_600 },
    ],
    [
      'a clamp that leaves just a segment',
      131_072,
      64_076,
      3,
      5000,
      { clamp: 64_076, threshold: 5000, roundBytes: 5000 },
    ],
    ['a clamp that leaves less', 131_072, 64_077, 3, 5000, { clamp: 64_076, threshold: 5000, roundBytes: 5000 }],
    ['two segments at least', 6000, null, 3, 3000, { clamp: 2920, threshold: 2920, roundBytes: 2920 }],
    ['just two segments stay', 5840, null, 3, 2920, { clamp: 2920, threshold: 2920, roundBytes: 2920 }],
    ['fewer stay as they are', 4000, null, 3, 3000, { clamp: 2000, threshold: 2000, roundBytes: 2000 }],
    ['16 bits without a scale', 1_000_000, null, 0, 60_000, { clamp: 65_535, threshold: 60_000, roundBytes: 14_600 }],
    ['16 bits with a scale', 1_000_000, null, 2, 60_000, { clamp: 262_140, threshold: 60_000, roundBytes: 14_600 }],
  ])('%s', (_name, rcvbufBytes, windowClampBytes, rcvShift, wnd, wanted) => {
    const tcb = counting({ clamp: 0, threshold: 0 }, { rcvbufBytes, windowClampBytes });
    tcb.options.rcvShift = rcvShift;
    tcb.rcv.wnd = wnd;
    startMemory(tcb, 7000);
    expect(tcb.memory).toMatchObject({ ...wanted, roundAtUs: 7000 });
  });
});

describe('the share of the memory that data takes (Linux: tcp_measure_rcv_mss)', () => {
  it.each([
    // 1460 of 2304 in 256ths is 162; 131,072 * 162 / 256 = 82,944.
    ['more', 1460, 60_000, 10_000, null, { share: 162, clamp: 82_944, threshold: 10_500, roundBytes: 90_000 }],
    [
      'more, below the clamp of the host',
      1460,
      60_000,
      10_000,
      70_000,
      { share: 162, clamp: 70_000, threshold: 10_500 },
    ],
    ['more, and a high threshold stays', 1460, 60_000, 50_000, null, { share: 162, clamp: 82_944, threshold: 50_000 }],
    // 1 of 832 is 0, which is too little: 1. 131,072 / 256 = 512.
    ['next to nothing', 1, 60_000, 10_000, null, { share: 1, clamp: 512, threshold: 512 }],
    ['less, and a low threshold stays', 400, 60_000, 10_000, null, { share: 80, clamp: 40_960, threshold: 10_000 }],
  ])('%s', (_name, lengthBytes, clamp, threshold, windowClampBytes, wanted) => {
    const tcb = counting({ clamp, threshold, roundBytes: 90_000 }, { windowClampBytes });
    tcb.rcv.unackedBytes = 500;
    measureShare(tcb, lengthBytes);
    expect(tcb.memory).toMatchObject({ ...wanted, roundBytes: Math.min(90_000, wanted.clamp) });
  });

  it('as before: nothing moves', () => {
    const tcb = counting({ share: 162, roundBytes: 90_000 });
    measureShare(tcb, 1460);
    expect(tcb.memory).toMatchObject({ share: 162, clamp: 60_000, threshold: 10_000, roundBytes: 90_000 });
  });

  it('the clamp stays as it was: the threshold rises to what was offered', () => {
    const tcb = counting({ clamp: 82_944, threshold: 5000 });
    measureShare(tcb, 1460);
    expect(tcb.memory).toMatchObject({ clamp: 82_944, threshold: 10_000 });
  });
});

describe('the window grows with what comes (Linux: tcp_grow_window)', () => {
  it.each([
    // A segment whose memory is counted as no more than its text: two segments, or twice its text.
    ['128 bytes let it grow', { share: 30 }, 128, false, 12_920],
    ['127 do not', { share: 30 }, 127, false, 10_000],
    ['with timestamps two smaller segments', { share: 30 }, 128, true, 12_896],
    ['a large segment counts twice', { share: 30 }, 2000, false, 14_000],
    ['up to the clamp', { share: 30, clamp: 10_100 }, 128, false, 10_100],
    ['not beyond it', { share: 30, clamp: 10_000 }, 128, false, 10_000],
    ['up to what is free', { usedBytes: 131_072 - 20_200 }, 1460, false, 10_100],
    ['what is held above a gap is not free', { heldBytes: 131_072 - 20_200 }, 1460, false, 10_100],
    ['nothing is free', { usedBytes: 200_000 }, 1460, false, 10_000],
    // Half of 2304 bytes of memory is 1152.
    ['memory that is just its text', {}, 1152, false, 12_920],
    ['memory that is more than its text: by the text', {}, 1151, false, 12_302],
  ])('%s', (_name, memory, lengthBytes, timestamps, wanted) => {
    const tcb = counting(memory);
    tcb.options.timestamps = timestamps;
    const before = tcb.memory.threshold;
    expect(growThreshold(tcb, lengthBytes)).toBe(wanted > before);
    expect(tcb.memory.threshold).toBe(wanted);
  });

  it.each([
    // 200 bytes lie in 1280, counted as 640; halved: 320, 160. The window of 524,288 octets is halved as often.
    [200, 10_000, 11_072],
    [200, 131_072, 132_144],
    [200, 131_073, 131_073],
    // 320 bytes are as many as the first half.
    [320, 262_144, 263_216],
    [320, 262_145, 262_145],
    [319, 262_144, 262_144],
    [319, 131_072, 132_144],
    // More than two full segments of 536: twice its text. 600 bytes lie in 1280 too.
    [600, 100_000, 101_200],
  ])('%i bytes that waste memory, from a window of %i: %i', (lengthBytes, threshold, wanted) => {
    const tcb = counting({ clamp: 500_000, threshold }, { rcvbufBytes: 1_048_576 });
    expect(growThreshold(tcb, lengthBytes)).toBe(wanted !== threshold);
    expect(tcb.memory.threshold).toBe(wanted);
  });
});

describe('the window that could be offered (Linux: __tcp_select_window)', () => {
  it('counts what was offered in the last ACK, and what came since', () => {
    const tcb = counting();
    Object.assign(tcb.rcv, { wnd: 7000, unackedBytes: 300 });
    expect(offeredBytes(tcb)).toBe(7300);
  });

  it.each([
    // With a scale of 3; free = (131,072 - used) / 2
    ['the threshold', {}, 10_000, 5],
    ['up to whole steps', { threshold: 10_001 }, 10_008, 5],
    ['half of the buffer is free', { usedBytes: 131_072 - 60_000 }, 10_000, 5],
    ['less than half is: no more quick ACKs', { usedBytes: 131_072 - 59_998 }, 10_000, 0],
    ['a little, in whole steps', { usedBytes: 131_072 - 8210 }, 4104, 0],
    ['a sixteenth', { usedBytes: 131_072 - 8192 }, 4096, 0],
    ['less than a sixteenth', { usedBytes: 131_072 - 8190 }, 0, 0],
    ['nothing', { usedBytes: 200_000 }, 0, 0],
  ])('%s', (_name, memory, wanted, quick) => {
    const tcb = counting(memory);
    tcb.pace.quick = 5;
    expect(selectWindow(tcb)).toBe(wanted);
    expect(tcb.pace.quick).toBe(quick);
  });

  it.each([
    // 4999 octets are free, which is 4992 in whole steps.
    [4993, 0],
    [4992, 4992],
  ])('where a full segment has %i bytes: %i', (fullBytes, wanted) => {
    const tcb = counting({ usedBytes: 131_072 - 9998 });
    tcb.pace.fullBytes = fullBytes;
    expect(selectWindow(tcb)).toBe(wanted);
  });

  it.each([
    // offered, threshold, clamp, full segment
    ['a segment more than was offered: whole segments', 8540, 10_000, 60_000, 1460, 8760],
    ['not quite: as it was', 8541, 10_000, 60_000, 1460, 8541],
    ['less is free than was offered', 10_001, 10_000, 60_000, 1460, 8760],
    ['just as much is', 10_000, 10_000, 60_000, 1460, 10_000],
    ['the whole is one segment, and half of it is news', 0, 1000, 1000, 1460, 1000],
    ['the whole is one segment, and more than half is free', 499, 1000, 1000, 1460, 1000],
    ['the whole is one segment, and just half of it is', 500, 1000, 1000, 1460, 500],
    ['the segment is smaller than the whole', 499, 1000, 1000, 999, 499],
  ])('without a scale; %s', (_name, offered, threshold, clamp, fullBytes, wanted) => {
    const tcb = counting({ threshold, clamp });
    tcb.options.rcvShift = 0;
    tcb.pace.fullBytes = fullBytes;
    tcb.rcv.wnd = offered;
    expect(selectWindow(tcb)).toBe(wanted);
  });

  it.each([
    // RCV.WND, threshold; clamp
    ['it grows', 8000, 10_000, 60_000, 10_000],
    ['the right edge never moves back (RFC 9293 section 3.8.6, SHLD-14)', 12_000, 10_000, 60_000, 12_000],
    ['nor by less than a step', 12_001, 10_000, 60_000, 12_008],
    ['the same', 10_000, 10_000, 60_000, 10_000],
  ])('an ACK leaves: %s', (_name, wnd, threshold, clamp, wanted) => {
    const tcb = counting({ threshold, clamp });
    Object.assign(tcb.rcv, { wnd, unackedBytes: 500 });
    offerWindow(tcb);
    expect([tcb.rcv.wnd, tcb.rcv.unackedBytes]).toEqual([wanted, 0]);
  });

  it('before the handshake is over the window of the SYN stands', () => {
    const tcb = counting({ clamp: 0 });
    Object.assign(tcb.rcv, { wnd: 777, unackedBytes: 5 });
    offerWindow(tcb);
    expect([tcb.rcv.wnd, tcb.rcv.unackedBytes]).toEqual([777, 5]);
  });

  it.each([
    [9000, 1000, true],
    [9000, 1001, false],
  ])('a window of %i with %i octets since keeps up: %s', (wnd, unackedBytes, wanted) => {
    const tcb = counting();
    Object.assign(tcb.rcv, { wnd, unackedBytes });
    expect(windowKeepsUp(tcb)).toBe(wanted);
  });

  it.each([
    // RCV.WND, clamp, threshold, memory in use, memory that was handed over
    [5000, 60_000, 10_000, 0, 0, true],
    [5001, 60_000, 10_000, 0, 0, false],
    [5000, 10_000, 10_000, 0, 0, true],
    [5000, 9999, 10_000, 0, 0, false],
    [0, 60_000, 10_000, 131_072, 0, false],
    [5000, 60_000, 10_000, 131_072, 0, false],
    [5000, 60_000, 10_000, 131_072, 131_072, true],
    [5000, 60_000, 10_000, 131_072, 100, false],
  ])(
    'a window of %i, clamp %i, threshold %i, memory %i, of it read %i, has doubled: %s',
    (wnd, clamp, threshold, usedBytes, read, wanted) => {
      const pieces = [
        { endPosition: 100, memoryBytes: read },
        { endPosition: 200, memoryBytes: 131_072 },
      ];
      const tcb = counting({ clamp, threshold, usedBytes, pieces });
      tcb.receiveBuffer.takenBytes = 100;
      tcb.rcv.wnd = wnd;
      tcb.pace.quick = 5;
      expect(windowDoubled(tcb)).toBe(wanted);
      expect([tcb.pace.quick, tcb.memory.usedBytes]).toEqual([5, usedBytes]);
    },
  );
});

describe('the reader', () => {
  /** Three pieces of 100 octets came; `takenBytes` of them were handed over. */
  const reading = (takenBytes: number, memory: Partial<MemoryState> = {}, config: Partial<HostConfig> = {}) => {
    const tcb = counting(memory, config);
    for (let piece = 0; piece < 3; piece++) chargeText(tcb, 100);
    tcb.receiveBuffer.takenBytes = takenBytes;
    return tcb;
  };

  it('is woken once, and takes a moment to run', () => {
    const tcb = counting();
    wakeReader(tcb, 1000);
    expect(tcb.memory.readsAtUs).toBe(1000 + WAKING_US);
    wakeReader(tcb, 1020);
    expect(tcb.memory.readsAtUs).toBe(1000 + WAKING_US);
  });

  it.each([
    [1049, 3, 1050],
    [1050, 0, Number.POSITIVE_INFINITY],
    [1051, 0, Number.POSITIVE_INFINITY],
  ])('at %i us %i pieces are left', (nowUs, pieces, readsAtUs) => {
    const tcb = reading(300);
    wakeReader(tcb, 1000);
    catchUpReader(tcb, nowUs);
    expect(tcb.memory.pieces).toHaveLength(pieces);
    expect(tcb.memory.readsAtUs).toBe(readsAtUs);
  });

  it.each([
    [0, 3],
    [99, 3],
    [100, 2],
    [199, 2],
    [200, 1],
    [300, 0],
  ])('gives the memory of %i octets back: %i pieces are left', (takenBytes, left) => {
    const tcb = reading(takenBytes);
    releaseRead(tcb, 1000);
    expect(tcb.memory.pieces).toHaveLength(left);
    expect(tcb.memory.usedBytes).toBe(left * 832);
  });

  it('measures the round from when it woke, not from when that is noticed', () => {
    const tcb = reading(300, { rtt8Us: 8 * 500, roundAtUs: 600, roundBytes: 1000 });
    wakeReader(tcb, 1050);
    catchUpReader(tcb, 90_000);
    // It ran at 1100, which ended the round.
    expect(tcb.memory.roundAtUs).toBe(1100);
  });
});

describe('dynamic right-sizing (Linux: tcp_rcv_space_adjust)', () => {
  const ROUND = { rtt8Us: 8 * 10_000, roundAtUs: 1_000_000, roundBytes: 10_000 };
  const read = (bytes: number, nowUs: number, memory: Partial<MemoryState> = {}, config: Partial<HostConfig> = {}) => {
    const tcb = counting({ ...ROUND, arrivedBytes: bytes, ...memory }, config);
    tcb.memory.pieces.push({ endPosition: bytes, memoryBytes: 832 });
    tcb.receiveBuffer.takenBytes = bytes;
    releaseRead(tcb, nowUs);
    return tcb.memory;
  };

  it.each([
    ['before the round trip is over nothing is reckoned', 20_000, 1_009_999, {}, [10_000, 0, 1_000_000]],
    ['after it', 20_000, 1_010_000, {}, [20_000, 20_000, 1_010_000]],
    ['while no round trip is known, nothing', 20_000, 1_010_000, { rtt8Us: 0 }, [10_000, 0, 1_000_000]],
    ['no more than in the round before', 10_000, 1_010_000, {}, [10_000, 10_000, 1_010_000]],
    ['one octet more', 10_001, 1_010_000, {}, [10_001, 10_001, 1_010_000]],
    ['what still waits does not count', 20_000, 1_010_000, { arrivedBytes: 25_000 }, [15_000, 20_000, 1_010_000]],
    ['nor what was read in the round before', 20_000, 1_010_000, { roundFrom: 8000 }, [12_000, 20_000, 1_010_000]],
  ])('%s', (_name, bytes, nowUs, memory, wanted) => {
    const { roundBytes, roundFrom, roundAtUs } = read(bytes, nowUs, memory);
    expect([roundBytes, roundFrom, roundAtUs]).toEqual(wanted);
  });

  it.each([
    // 2 * 50,000 + 2 * (100,000 * 40,000 / 10,000) = 900,000 octets, twice as much memory, at most 1,048,576.
    ['to what there may be', 50_000, {}, {}, 1_048_576, 524_288],
    // 2 * 20,000 + 2 * (40,000 * 10,000 / 10,000) = 120,000 octets
    ['by what it has read more', 20_000, {}, {}, 240_000, 120_000],
    ['with a share', 20_000, { share: 200 }, {}, 153_600, 120_000],
    ['a clamp of the host stays', 20_000, {}, { windowClampBytes: 70_000 }, 240_000, 70_000],
    ['the application has fixed it', 20_000, {}, { rcvbufGrows: false }, 0, 60_000],
    ['it is larger already', 20_000, {}, { rcvbufBytes: 240_000 }, 0, 60_000],
    ['it is nearly as large', 20_000, {}, { rcvbufBytes: 239_999 }, 240_000, 120_000],
    ['as much as in the round before: not', 10_000, {}, { rcvbufBytes: 20_000 }, 0, 60_000],
    ['it has grown as far', 20_000, { grownBytes: 240_000 }, {}, 240_000, 60_000],
    // 2 * 13,333 + 2 * floor(26,666 * 3,333 / 10,000) = 26,666 + 17,774
    ['whole octets', 13_333, {}, { rcvbufBytes: 60_000 }, 88_880, 44_440],
  ])('the buffer grows: %s', (_name, bytes, memory, config, grownBytes, clamp) => {
    expect(read(bytes, 1_010_000, memory, config)).toMatchObject({ grownBytes, clamp });
  });

  it.each([
    // 2 * 60,000 + (5000 from RCV.NXT on) + 536 = 125,536
    ['what lies above it', 60_000, true, 251_072],
    ['twice the round alone', 70_000, false, 280_000],
    ['nothing before the first round', 0, true, 0],
  ])('text above a gap: the buffer has to hold %s', (_name, roundBytes, gap, grownBytes) => {
    const tcb = counting({ roundBytes });
    const held = (from: number) => ({ seq: seqAdd(tcb.rcv.nxt, from), push: false, octets: octetsFromText('x') });
    tcb.reassembly = gap ? [held(1000), held(5000)] : [];
    growForGap(tcb);
    expect(tcb.memory.grownBytes).toBe(grownBytes);
  });
});

describe('the round trip as a receiver sees it (Linux: tcp_rcv_rtt_measure)', () => {
  it.each([
    ['a full segment', {}, 77, 536, 20, 160_000, 77],
    ['a smaller one', {}, 77, 535, 20, 0, 77],
    ['the same echo again', { lastTsecr: 77 }, 77, 536, 20, 0, 77],
    ['an echo of the same tick: one', {}, 77, 536, 0, 8000, 77],
    ['an echo from the future', {}, 77, 536, -1, 0, 77],
    ['a shorter one counts at once', { rtt8Us: 160_001 }, 77, 536, 20, 160_000, 77],
    ['a longer one by an eighth', { rtt8Us: 80_000 }, 77, 536, 20, 90_000, 77],
  ])('timestamps: %s', (_name, memory, tsecr, lengthBytes, ticks, rtt8Us, lastTsecr) => {
    const tcb = counting(memory);
    measureByTimestamp(tcb, tsecr, lengthBytes, ticks);
    expect(tcb.memory).toMatchObject({ rtt8Us, lastTsecr });
  });

  it('a longer one does not count while the application lets octets wait', () => {
    const tcb = counting({ rtt8Us: 80_000 });
    tcb.receiveBuffer.bytes = 1;
    measureByTimestamp(tcb, 77, 536, 20);
    expect(tcb.memory.rtt8Us).toBe(80_000);
  });

  it.each([
    ['begins', { windowEnd: null }, 5001, { rtt8Us: 0, windowEnd: 15_001 + 500, windowAtUs: 90_000 }],
    ['goes on', { windowEnd: seq(9000), windowAtUs: 70_000 }, 8999, { rtt8Us: 0, windowEnd: 9000, windowAtUs: 70_000 }],
    [
      'is over',
      { windowEnd: seq(9000), windowAtUs: 70_000 },
      9000,
      { rtt8Us: 160_000, windowEnd: 19_500, windowAtUs: 90_000 },
    ],
    ['took no time', { windowEnd: seq(9000), windowAtUs: 90_000 }, 9000, { rtt8Us: 8, windowEnd: 19_500 }],
    ['was shorter', { windowEnd: seq(9000), windowAtUs: 70_000, rtt8Us: 160_001 }, 9000, { rtt8Us: 160_000 }],
    [
      'was longer, which says nothing',
      { windowEnd: seq(9000), windowAtUs: 70_000, rtt8Us: 80_000 },
      9000,
      { rtt8Us: 80_000 },
    ],
  ])('one window %s', (_name, memory, nxt, wanted) => {
    const tcb = counting(memory);
    Object.assign(tcb.rcv, { nxt: seq(nxt), unackedBytes: 500 });
    measureByWindow(tcb, 90_000);
    expect(tcb.memory).toMatchObject(wanted);
  });
});
