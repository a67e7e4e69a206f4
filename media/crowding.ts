import type { SegmentView } from '../src/protocol/view';

/** From so many others on the way at the same time on, labels are kept short so that the arrows can be seen. */
export const CROWD = 2;

/** Tells how many other segments are on their way at some time while a segment is. */
export class Crowding {
  private readonly sent: readonly number[];
  private readonly arrived: readonly number[];

  constructor(segments: readonly SegmentView[]) {
    this.sent = segments.map(({ sentUs }) => sentUs).sort((a, b) => a - b);
    this.arrived = segments.map(endUs).sort((a, b) => a - b);
  }

  /** The number of other segments that share time with this one. */
  around(segment: SegmentView): number {
    return countBelow(this.sent, endUs(segment)) - countBelow(this.arrived, segment.sentUs + 1) - 1;
  }
}

/** A segment that takes no time still counts for an instant. */
function endUs({ sentUs, arriveUs }: SegmentView): number {
  return Math.max(sentUs + 1, arriveUs ?? sentUs + 1);
}

/** How many of the sorted values are less than `bound`. */
function countBelow(values: readonly number[], bound: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? bound) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
