/** On which side of its lifeline a host's states and marks are written. */
export type GutterSide = 'left-outside' | 'right-outside' | 'left-inside' | 'right-inside';

/** One lifeline. */
export interface Column {
  readonly host: string;
  /** Of the lifeline. */
  readonly xPx: number;
  readonly side: GutterSide;
  /** Longest text beside the lifeline. */
  readonly gutterPx: number;
  /** Longest text of the host's name above the lifeline. */
  readonly namePx: number;
}

/** Where things are from left to right. */
export interface Columns {
  readonly columns: readonly Column[];
  /** Right edge of the time labels. */
  readonly timePx: number;
  /** Centre of the marks of checks that passed. */
  readonly checkPx: number;
  /** Left edge of everything but the axis. */
  readonly bodyPx: number;
  /** At least the width given: many hosts in a narrow panel scroll sideways. */
  readonly widthPx: number;
  /** Left and right edge of what lies between the lifelines. */
  readonly leftPx: number;
  readonly rightPx: number;
}

const TIME_PX = 64;
const CHECK_PX = 16;
const OUTSIDE_GUTTER_PX = 132;
const WIDE_FROM_PX = 600;
const MARGIN_PX = 16;
/** Between two lifelines: as wide as an arrow's flags and number at least, wider where there are more than two. */
const LEAST_DISTANCE_PX = 100;
const LEAST_DISTANCE_OF_MANY_PX = 190;

/** How much of the way to the next lifeline a text may take that stands between the lifelines. */
const GUTTER_SHARE = 0.72;

/** Distributes the lifelines over the width. States stand outside the outer lifelines when there is room for them. */
export function columnsOf(hosts: readonly string[], availablePx: number): Columns {
  const count = Math.max(1, hosts.length);
  const wide = availablePx >= WIDE_FROM_PX;
  const outside = wide ? OUTSIDE_GUTTER_PX : MARGIN_PX;
  const before = TIME_PX + CHECK_PX + (wide ? outside : 8);
  const least = count > 2 ? LEAST_DISTANCE_OF_MANY_PX : LEAST_DISTANCE_PX;
  const distance = Math.max(least, (availablePx - before - outside) / Math.max(1, count - 1));
  const single = hosts.length < 2;
  const widthPx = single ? availablePx : before + distance * (count - 1) + outside;
  const columns = hosts.map((host, index): Column => {
    const last = index === count - 1 && !single;
    const side = sideOf(index, last, wide);
    return {
      host,
      xPx: single ? (before + availablePx - outside) / 2 : before + index * distance,
      side,
      gutterPx: side.endsWith('outside') ? OUTSIDE_GUTTER_PX - 22 : distance * GUTTER_SHARE,
      namePx: nameWidth(index, last, wide, distance),
    };
  });
  const leftPx = columns[0]?.xPx ?? before;
  const rightPx = columns.at(-1)?.xPx ?? availablePx;
  const axis = { timePx: TIME_PX - 6, checkPx: TIME_PX + CHECK_PX / 2, bodyPx: TIME_PX + CHECK_PX };
  return { columns, ...axis, widthPx, leftPx, rightPx };
}

function sideOf(index: number, last: boolean, wide: boolean): GutterSide {
  if (wide && index === 0) return 'left-outside';
  if (last) return wide ? 'right-outside' : 'left-inside';
  return 'right-inside';
}

function nameWidth(index: number, last: boolean, wide: boolean, distance: number): number {
  const outer = index === 0 || last;
  return outer && wide ? Math.min(distance, 2 * OUTSIDE_GUTTER_PX) - 12 : outer ? distance / 2 : distance - 24;
}
