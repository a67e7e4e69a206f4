/** One arrow from a lifeline to another, with the rows of the diagram on which it begins and ends. */
export interface Slope {
  /** Columns of the lifelines. */
  readonly start: number;
  readonly end: number;
  readonly top: number;
  readonly bottom: number;
  /** Columns of what is written on it, from its lifeline on. */
  readonly labelColumns: number;
}

/** Room beside a label, so that a line does not touch it. */
const BESIDE_LABEL = 3;
/** Columns at the end that are the head's. */
const HEAD = 3;

/**
 * How each arrow goes down: the columns from its start at which it leaves its rows, the row of departure first, the row
 * of arrival not. One that is alone steps evenly. Arrows under way together go straight down instead, each in a column
 * of its own beside all labels, so that every row has the level line of one arrow only, and no two can be mistaken.
 */
export function slopePaths(arrows: readonly Slope[]): ReadonlyMap<Slope, readonly number[]> {
  const paths = new Map<Slope, readonly number[]>();
  const columns = new Map<Slope, number>();
  // The latest first: it gets the column nearest to its start, and the ones before it pass outside.
  for (const arrow of [...arrows].reverse()) {
    const beside = arrows.filter((other) => other !== arrow && other.top < arrow.bottom && other.bottom > arrow.top);
    const rows = Math.max(0, arrow.bottom - arrow.top);
    if (beside.length === 0) {
      paths.set(arrow, evenSteps(arrow, rows));
      continue;
    }
    const taken = new Set(beside.map((other) => columns.get(other)));
    const column = freeColumn(arrow, beside, taken);
    columns.set(arrow, column);
    paths.set(arrow, new Array<number>(rows).fill(Math.abs(column - arrow.start)));
  }
  return paths;
}

function evenSteps({ start, end, labelColumns }: Slope, rows: number): number[] {
  const width = Math.abs(end - start);
  const first = Math.min(width - HEAD, Math.max(labelColumns + BESIDE_LABEL, Math.floor(width / (rows + 1))));
  return Array.from({ length: rows }, (_, row) => first + Math.floor(((width - first) * row) / rows));
}

/** The first column that is beside all labels on the way and that no other arrow under way has taken. */
function freeColumn(arrow: Slope, beside: readonly Slope[], taken: ReadonlySet<number | undefined>): number {
  const { start, end, labelColumns } = arrow;
  const direction = end > start ? 1 : -1;
  const width = Math.abs(end - start);
  let least = labelColumns + BESIDE_LABEL;
  let most = width - HEAD;
  for (const other of beside) {
    if (other.top <= arrow.top) continue;
    const from = (other.start - start) * direction;
    const isAlong = other.end > other.start === end > start;
    if (isAlong) least = Math.max(least, from + other.labelColumns + BESIDE_LABEL);
    else most = Math.min(most, from - other.labelColumns - BESIDE_LABEL);
  }
  for (let distance = least; distance <= most; distance++) {
    const column = start + direction * distance;
    if (!taken.has(column)) return column;
  }
  // The label ends so far from its lifeline that the next column is the first which is free.
  return start + direction * Math.max(labelColumns + 2, Math.min(least, most, width - HEAD));
}

/** The distance between two lifelines that leaves room for the labels of arrows that cross; 0 when none do. */
export function crossingColumns(
  arrows: readonly {
    readonly from: string;
    readonly to: string | null;
    readonly top: number;
    readonly bottom: number;
    readonly labelColumns: number;
  }[],
): number {
  const byTop = new Map(arrows.map((arrow) => [arrow.top, arrow]));
  let most = 0;
  for (const { from, to, top, bottom, labelColumns } of arrows) {
    let along = labelColumns;
    let against = 0;
    let beside = 0;
    for (let row = top + 1; row < bottom; row++) {
      const other = byTop.get(row);
      if (other === undefined) continue;
      beside++;
      if (other.from === from && other.to === to) along = Math.max(along, other.labelColumns);
      if (other.from === to && other.to === from) against = Math.max(against, other.labelColumns);
    }
    if (against > 0) most = Math.max(most, along + against + 2 * BESIDE_LABEL + HEAD + 2 * beside);
  }
  return most;
}
