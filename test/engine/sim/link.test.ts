import { describe, expect, test } from 'vitest';
import type { LinkConfig } from '../../../src/engine/config';
import { DEFAULT_LINK } from '../../../src/engine/config';
import type { LinkState } from '../../../src/engine/sim/link';
import { cloneLink, createLink, enterLink, serialisationUs, waitingSegments } from '../../../src/engine/sim/link';

function link(config: Partial<LinkConfig>): LinkState {
  return createLink({ ...DEFAULT_LINK, ...config }, 1, 0);
}

function arrivals(state: LinkState, sizes: readonly number[], nowUs = 0): (number | string)[] {
  return sizes.map((size) => {
    const passage = enterLink(state, nowUs, size);
    return passage.lost ?? passage.arriveUs;
  });
}

describe('rate', () => {
  test('a datagram takes its bits by the rate', () => {
    expect(serialisationUs({ ...DEFAULT_LINK, rateBps: 10_000_000 }, 1500)).toBe(1200);
    expect(serialisationUs({ ...DEFAULT_LINK, rateBps: 8 }, 1)).toBe(1_000_000);
    expect(serialisationUs(DEFAULT_LINK, 1500)).toBe(0);
  });

  test('datagrams leave one after the other and then take the delay', () => {
    const state = link({ rateBps: 10_000_000, delayUs: 10_000 });
    expect(arrivals(state, [1500, 1500, 40])).toEqual([11_200, 12_400, 12_432]);
    expect(arrivals(state, [1500], 50_000)).toEqual([61_200]);
  });

  test('fractions of a microsecond do not add up to an error', () => {
    const state = link({ rateBps: 1_000_000_000, delayUs: 0 });
    const last = arrivals(state, new Array<number>(1000).fill(40)).at(-1);
    expect(last).toBe(320);
  });

  test('without a rate all arrive together', () => {
    expect(arrivals(link({ delayUs: 5 }), [1500, 40, 65_535])).toEqual([5, 5, 5]);
    expect(arrivals(link({ delayUs: 0 }), [40])).toEqual([0]);
  });
});

describe('queue', () => {
  test('holds so many segments beside the one that is leaving', () => {
    const state = link({ rateBps: 12_000, delayUs: 0, queueSegments: 2 });
    expect(arrivals(state, [1500, 1500, 1500, 1500])).toEqual([1_000_000, 2_000_000, 3_000_000, 'link-queue-full']);
    expect(waitingSegments(state, 0)).toBe(2);
    expect(waitingSegments(state, 1_500_000)).toBe(1);
    expect(arrivals(state, [1500, 1500], 1_000_000)).toEqual([4_000_000, 'link-queue-full']);
  });

  test('of no places lets a segment go only when the link is idle', () => {
    const state = link({ rateBps: 12_000, delayUs: 0, queueSegments: 0 });
    expect(arrivals(state, [1500, 40])).toEqual([1_000_000, 'link-queue-full']);
    expect(arrivals(state, [1500], 1_000_000)).toEqual([2_000_000]);
  });

  test('without a rate nothing ever waits', () => {
    expect(arrivals(link({ queueSegments: 0 }), [40, 40, 40])).toEqual([10_000, 10_000, 10_000]);
  });
});

describe('refusals', () => {
  test('a datagram of exactly the MTU passes, one octet more does not', () => {
    expect(arrivals(link({ mtuBytes: 1500 }), [1500, 1501])).toEqual([10_000, 'link-mtu']);
  });

  test('a link that is down takes nothing, and refused datagrams take no time', () => {
    const state = link({ up: false, rateBps: 12_000 });
    expect(arrivals(state, [1500, 1500])).toEqual(['link-down', 'link-down']);
    state.config = { ...state.config, up: true };
    expect(arrivals(state, [1500])).toEqual([1_010_000]);
  });
});

describe('chance', () => {
  const many = new Array<number>(5000).fill(40);

  test('loss comes about as often as it says', () => {
    const lost = arrivals(link({ loss: 0.2 }), many).filter((each) => each === 'link-loss').length;
    expect(Math.abs(lost - 1000)).toBeLessThan(120);
    expect(arrivals(link({ loss: 1 }), [40, 40])).toEqual(['link-loss', 'link-loss']);
  });

  test('jitter is spread from 0 to its largest', () => {
    const extra = arrivals(link({ jitterUs: 3 }), many).map((each) => Number(each) - 10_000);
    expect([...new Set(extra)].sort()).toEqual([0, 1, 2, 3]);
  });

  test.each(['duplicate', 'reorder', 'corrupt'] as const)('%s touches all segments at 1 and none at 0', (field) => {
    expect(enterLink(link({ [field]: 1 }), 0, 40).touched).toBe(`link-${field}`);
    expect(enterLink(link({}), 0, 40).touched).toBeNull();
  });

  test('a reordered segment comes one more delay later, 1 ms at least', () => {
    expect(arrivals(link({ reorder: 1 }), [40])).toEqual([20_000]);
    expect(arrivals(link({ reorder: 1, delayUs: 0 }), [40])).toEqual([1000]);
  });

  test('a copy of the link has the same luck', () => {
    const state = link({ loss: 0.5, jitterUs: 1000 });
    arrivals(state, [40, 40, 40]);
    const copy = cloneLink(state);
    expect(arrivals(copy, many)).toEqual(arrivals(state, many));
  });

  test('each direction has its own luck', () => {
    const other = createLink({ ...DEFAULT_LINK, loss: 0.5 }, 1, 1);
    expect(arrivals(other, many)).not.toEqual(arrivals(link({ loss: 0.5 }), many));
  });
});
