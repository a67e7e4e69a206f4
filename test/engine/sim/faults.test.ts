import { describe, expect, test } from 'vitest';
import { NO_OCTETS, octetsOfPattern } from '../../../src/engine/octets';
import type { SegmentPattern } from '../../../src/engine/pattern';
import type { Segment } from '../../../src/engine/segment';
import { FLAG, NO_OPTIONS } from '../../../src/engine/segment';
import { seq } from '../../../src/engine/seq';
import type { Fault, FaultCount, FaultState } from '../../../src/engine/sim/faults';
import { decideFault, reportFaults } from '../../../src/engine/sim/faults';

const BASE = { senderIss: seq(0), receiverIss: seq(0) };
const OPEN = { lengthBytes: null, text: null, seq: null, ack: null, wnd: null, up: null, options: null } as const;
const ANY: SegmentPattern = { kind: 'any', flags: 0, ...OPEN };
const DATA: SegmentPattern = { kind: 'data', flags: 0, ...OPEN };
const SYN: SegmentPattern = { kind: 'flags', flags: FLAG.SYN, ...OPEN };

const NEXT: FaultCount = { kind: 'next', count: 1 };
const nth = (ordinal: number): FaultCount => ({ kind: 'nth', ordinal });
const every = (step: number): FaultCount => ({ kind: 'every', step });

function fault(count: FaultCount, pattern: SegmentPattern, more: Partial<Fault> = {}): Fault {
  return { action: { kind: 'drop' }, count, pattern, from: null, to: null, line: 1, text: 'drop', ...more };
}

function segment(lengthBytes: number, flags: number = FLAG.ACK): Segment {
  return {
    source: { address: '10.0.0.1', port: 1 },
    destination: { address: '10.0.0.2', port: 2 },
    seq: seq(0),
    ack: seq(0),
    flags,
    wnd: 0,
    up: 0,
    options: NO_OPTIONS,
    payload: lengthBytes === 0 ? NO_OCTETS : octetsOfPattern(0, lengthBytes),
    ecn: 0,
  };
}

/** Sends so many segments past the faults: for each, the 1-based number of the fault that decided, or 0. */
function pass(faults: readonly Fault[], segments: readonly Segment[], from = 'client', to: string | null = 'server') {
  const states: FaultState[] = faults.map((each, index) => ({ id: index + 1, fault: each, seen: 0, met: 0 }));
  const decided = segments.map((each) => decideFault(states, each, from, to, BASE)?.id ?? 0);
  return { decided, met: reportFaults(states).map(({ met, wanted }) => [met, wanted]) };
}

const data = (count: number) => new Array<Segment>(count).fill(segment(100));

describe('which segments a fault meets', () => {
  test('next N: the first N that match', () => {
    expect(pass([fault({ kind: 'next', count: 2 }, DATA)], [segment(0), ...data(3)])).toEqual({
      decided: [0, 1, 1, 0],
      met: [[2, 2]],
    });
  });

  test('Kth: that one alone, counting matching segments from the statement on', () => {
    expect(pass([fault(nth(2), DATA)], [segment(0), ...data(3)])).toEqual({ decided: [0, 0, 1, 0], met: [[1, 1]] });
  });

  test('every K', () => {
    expect(pass([fault(every(3), DATA)], data(7))).toEqual({ decided: [0, 0, 1, 0, 0, 1, 0], met: [[2, null]] });
  });

  test('its pattern, its sender and its destination', () => {
    const syn = segment(0, FLAG.SYN);
    expect(pass([fault(NEXT, SYN)], [segment(0), syn, syn]).decided).toEqual([0, 1, 0]);
    expect(pass([fault(NEXT, ANY, { from: 'server' })], [syn]).decided).toEqual([0]);
    expect(pass([fault(NEXT, ANY, { from: 'client' })], [syn]).decided).toEqual([1]);
    expect(pass([fault(NEXT, ANY, { to: 'client' })], [syn]).decided).toEqual([0]);
    expect(pass([fault(NEXT, ANY, { to: 'server' })], [syn]).decided).toEqual([1]);
    expect(pass([fault(NEXT, ANY, { to: 'server' })], [syn], 'client', null).decided).toEqual([0]);
  });
});

describe('several faults', () => {
  test('two times next meet two segments', () => {
    expect(pass([fault(NEXT, ANY), fault(NEXT, ANY)], data(3)).decided).toEqual([1, 2, 0]);
  });

  test('the first whose turn it is decides', () => {
    expect(pass([fault(nth(2), DATA), fault({ kind: 'next', count: 3 }, ANY)], data(4)).decided).toEqual([2, 1, 2, 2]);
  });

  test('ordinals count segments that another fault decided', () => {
    expect(pass([fault(NEXT, DATA), fault(nth(3), DATA)], data(3)).decided).toEqual([1, 0, 2]);
  });

  test('an ordinal whose segment another fault decided is never met, and says so', () => {
    expect(pass([fault(NEXT, DATA), fault(nth(1), DATA)], data(3))).toEqual({
      decided: [1, 0, 0],
      met: [
        [1, 1],
        [0, 1],
      ],
    });
  });
});

test('unmet faults are reported with their line and text', () => {
  const states: FaultState[] = [
    { id: 1, fault: fault({ kind: 'next', count: 2 }, SYN, { line: 7, text: 'drop next 2 SYN' }), seen: 0, met: 0 },
  ];
  decideFault(states, segment(100), 'client', 'server', BASE);
  expect(reportFaults(states)).toEqual([{ id: 1, line: 7, text: 'drop next 2 SYN', met: 0, wanted: 2 }]);
  decideFault(states, segment(0, FLAG.SYN), 'client', 'server', BASE);
  expect(reportFaults(states)).toEqual([{ id: 1, line: 7, text: 'drop next 2 SYN', met: 1, wanted: 2 }]);
});
