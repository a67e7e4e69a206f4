import type { RunView } from '../src/protocol/view';
import { type Anchor, anchorsOf } from './diagramAnchors';
import type { Columns } from './diagramColumns';
import type { DiagramItem } from './diagramItems';
import type { LayoutOptions } from './diagramLayout';
import { Ground } from './placingGround';
import { IcmpPlacer } from './placingIcmp';
import { MarkPlacer } from './placingMarks';
import { SegmentPlacer } from './placingSegments';
import { reachesEnd } from './store';
import { BREAK_PX, gapOf } from './timeScale';

/** What `placeRun` found. */
export interface PlacedRun {
  readonly items: readonly DiagramItem[];
  /** The height of each of the run's moments, in their order. */
  readonly momentY: readonly number[];
  readonly bottomPx: number;
}

const TOP_PX = 26;
/** Room for a way to what is before or after the stretch that is drawn. */
export const MORE_PX = 24;
/** Between two instants, however short the time between them. */
const LEAST_STEP_PX = 8;
const BREAK_MARK_PX = 21;
const TICK_DISTANCE_PX = 15;

/** Places everything of a run from top to bottom. */
export function placeRun(run: RunView, columns: Columns, options: LayoutOptions): PlacedRun {
  const placer = new Placer(run, new Ground(columns, options, run, topOf(run.moments)));
  for (const anchor of anchorsOf(run)) placer.place(anchor);
  return placer.finish(run);
}

class Placer {
  private readonly momentY: number[] = [];
  private readonly moments: RunView['moments'];
  private readonly segments: SegmentPlacer;
  private readonly messages: IcmpPlacer;
  private readonly marks: MarkPlacer;
  private instant: { readonly timeUs: number; readonly y: number } | null = null;
  private lastEventUs = 0;
  private lastTick: { readonly timeUs: number; readonly y: number } | null = null;

  constructor(
    run: RunView,
    private readonly ground: Ground,
  ) {
    this.moments = run.moments;
    this.segments = new SegmentPlacer(ground, run);
    this.messages = new IcmpPlacer(ground);
    this.marks = new MarkPlacer(ground);
  }

  place(anchor: Anchor): void {
    this.advanceTo(anchor.timeUs, anchor.kind !== 'death');
    switch (anchor.kind) {
      case 'moment':
        break;
      case 'sending':
        this.segments.send(anchor.segment);
        break;
      case 'icmp-sending':
        this.messages.send(anchor.icmp);
        break;
      case 'icmp-end':
        this.messages.end(anchor.icmp);
        break;
      case 'arrival':
        this.segments.end(anchor.segment, 'arrival');
        break;
      case 'death':
        this.segments.end(anchor.segment, 'cross');
        break;
      case 'state':
        this.marks.state(anchor.state);
        break;
      case 'mark':
        this.marks.mark(anchor.mark);
        break;
    }
    if (anchor.kind !== 'moment' && anchor.kind !== 'death') this.tick(anchor.timeUs, anchor.moment);
    const place = anchor.moment - (this.moments[0]?.index ?? 0);
    if (Number.isInteger(place) && place >= 0 && place < this.moments.length) this.momentY[place] = this.ground.y;
  }

  finish(run: RunView): PlacedRun {
    if (run.finished && reachesEnd(run)) this.advanceTo(run.endUs, true);
    const bottomPx = this.ground.y;
    this.marks.finish(bottomPx);
    return { items: this.ground.items, momentY: filled(this.momentY, topOf(this.moments)), bottomPx };
  }

  /** @param real whether something happens then; the time at which a segment dies on its way is nobody's event */
  private advanceTo(timeUs: number, real: boolean): void {
    const before = this.instant;
    if (before !== null && timeUs > before.timeUs) {
      const gap = gapOf(this.ground.scale, timeUs - before.timeUs);
      if (gap.broken) {
        const { bodyPx, widthPx } = this.ground.columns;
        const y = this.ground.stack.place(
          { left: bodyPx, right: widthPx, above: 9, below: 9 },
          this.ground.y + BREAK_MARK_PX,
        );
        this.ground.items.push({ kind: 'break', durationUs: timeUs - this.lastEventUs, y });
        this.ground.y = y + BREAK_PX - BREAK_MARK_PX;
      } else {
        this.ground.y = Math.max(before.y + gap.px, this.ground.y + LEAST_STEP_PX);
      }
    }
    if (before === null || timeUs > before.timeUs) this.instant = { timeUs, y: this.ground.y };
    if (real) this.lastEventUs = timeUs;
  }

  private tick(timeUs: number, moment: number): void {
    const last = this.lastTick;
    if (last !== null && (last.timeUs === timeUs || this.ground.y - last.y < TICK_DISTANCE_PX)) return;
    this.lastTick = { timeUs, y: this.ground.y };
    this.ground.items.push({ kind: 'tick', timeUs, moment, y: this.ground.y });
  }
}

/** Above a stretch that does not begin with the run there is room for the way to what comes before. */
function topOf(moments: RunView['moments']): number {
  return (moments[0]?.index ?? 0) === 0 ? TOP_PX : TOP_PX + MORE_PX;
}

/** Moments without a height of their own stand where the one before them does. */
function filled(heights: readonly number[], first: number): readonly number[] {
  let last = first;
  return Array.from(heights, (height: number | undefined) => {
    last = Math.max(last, height ?? last);
    return last;
  });
}
