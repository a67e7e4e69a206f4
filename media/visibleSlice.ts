import { type DiagramItem, extentOf } from './diagramItems';

/** Finds what is to be drawn between two heights without looking at all of a long run. */
export class VisibleIndex {
  private readonly tops: readonly number[];
  /** The lowest bottom among the items up to each; never decreasing. */
  private readonly lowest: readonly number[];

  /** @param items in the order of their upper edges */
  constructor(private readonly items: readonly DiagramItem[]) {
    this.tops = items.map((item) => extentOf(item).top);
    let lowest = Number.NEGATIVE_INFINITY;
    this.lowest = items.map((item) => {
      lowest = Math.max(lowest, extentOf(item).bottom);
      return lowest;
    });
  }

  /** The items that reach into `top` to `bottom`, in their order. */
  between(top: number, bottom: number): readonly DiagramItem[] {
    const first = firstAtLeast(this.lowest, top);
    const end = firstAtLeast(this.tops, bottom);
    return this.items.slice(first, end).filter((item) => extentOf(item).bottom >= top);
  }
}

/** The first index whose value is at least `least`; the length when there is none. Values never decrease. */
function firstAtLeast(values: readonly number[], least: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? Number.POSITIVE_INFINITY) >= least) high = middle;
    else low = middle + 1;
  }
  return low;
}
