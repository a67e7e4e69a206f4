import type { RunView } from '../src/protocol/view';
import { type Columns, columnsOf } from './diagramColumns';
import { type ArrowItem, type DiagramItem, extentOf } from './diagramItems';
import { MORE_PX, placeRun } from './diagramPlacing';
import { type Stop, type StopGroup, stopsIn } from './diagramStops';
import type { Labeller } from './segmentLabel';
import { reachesEnd } from './store';

/** So far outside the drawing is what is not in it, in pixels. */
const BEYOND_PX = 100;

/** Where everything is. */
export interface DiagramLayout {
  readonly columns: Columns;
  readonly heightPx: number;
  /** In the order of their upper edges. */
  readonly items: readonly DiagramItem[];
  /** The arrows alone, in the order of their sending. */
  readonly arrows: readonly ArrowItem[];
  /** What else the keyboard comes to, by groups, from top to bottom. */
  readonly stops: Readonly<Record<StopGroup, readonly Stop[]>>;
  /** The index of the first moment that is drawn. */
  readonly firstMoment: number;
  /** The height of each moment from that one on; never decreasing. */
  readonly momentY: readonly number[];
}

/** What a layout depends on besides the run. */
export interface LayoutOptions {
  readonly widthPx: number;
  readonly labels: Labeller;
}

/**
 * Finds a place for everything. Heights grow with virtual time and, within an instant, with the order of moments; each
 * arrow's slant is at least what its delay takes to scale; no two texts overlap.
 */
export function layoutRun(run: RunView, options: LayoutOptions): DiagramLayout {
  const columns = columnsOf(
    run.hosts.map(({ name }) => name),
    options.widthPx,
  );
  const { items, momentY, bottomPx } = placeRun(run, columns, options);
  const sorted = [...items].sort((a, b) => extentOf(a).top - extentOf(b).top);
  const arrows = items
    .filter((item) => item.kind === 'arrow')
    .sort((a, b) => a.y1 - b.y1 || a.segment.id - b.segment.id);
  const heightPx = bottomPx + 36 + (reachesEnd(run) ? 0 : MORE_PX);
  return {
    columns,
    heightPx,
    items: sorted,
    arrows,
    stops: stopsIn(sorted),
    firstMoment: run.moments[0]?.index ?? 0,
    momentY,
  };
}

/** The height of a moment; above or below everything when it is not among those that are drawn. */
export function heightOf({ firstMoment, momentY, heightPx }: DiagramLayout, moment: number): number {
  if (moment < firstMoment) return -BEYOND_PX;
  return momentY[moment - firstMoment] ?? heightPx + BEYOND_PX;
}

/** The last moment at or above a height; the first one above all of them. */
export function momentAt(layout: DiagramLayout, y: number): number {
  let low = 0;
  let high = layout.momentY.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((layout.momentY[middle] ?? 0) <= y) low = middle + 1;
    else high = middle;
  }
  return layout.firstMoment + Math.max(0, low - 1);
}
