/** A rectangle that a text takes, in pixels. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Less than this is no overlap: sums of fractions are not exact. */
const NOTHING_PX = 1e-3;

/** Whether two boxes share more than an edge. */
export function overlaps(a: Box, b: Box): boolean {
  return (
    a.left < b.right - NOTHING_PX &&
    b.left < a.right - NOTHING_PX &&
    a.top < b.bottom - NOTHING_PX &&
    b.top < a.bottom - NOTHING_PX
  );
}

/** A text that looks for its height: so far left and right, so much above and below its own line. */
export interface Wanted {
  readonly left: number;
  readonly right: number;
  readonly above: number;
  readonly below: number;
}

/**
 * Puts texts under each other without overlap. Texts are placed in an order in which their least heights never
 * decrease, so that only the lowest few have to be looked at.
 */
export class Stack {
  private placed: Box[] = [];

  /** The least y, not less than `fromY`, at which the text overlaps nothing; the place is taken from then on. */
  place(wanted: Wanted, fromY: number): number {
    if (this.placed.length > MANY) {
      this.placed = this.placed.filter(({ bottom }) => bottom > fromY - wanted.above - REACH_PX);
    }
    let y = fromY;
    for (let hit = this.hit(wanted, y); hit !== undefined; hit = this.hit(wanted, y)) y = hit.bottom + wanted.above;
    this.placed.push(boxAt(wanted, y));
    return y;
  }

  private hit(wanted: Wanted, y: number): Box | undefined {
    const box = boxAt(wanted, y);
    return this.placed.find((other) => overlaps(box, other));
  }
}

/** Boxes far above are forgotten when there are more than so many. */
const MANY = 24;
/** How far above the current height a later text may still begin. */
const REACH_PX = 40;

/** The box of a text whose line is at `y`. */
export function boxAt({ left, right, above, below }: Wanted, y: number): Box {
  return { left, right, top: y - above, bottom: y + below };
}
