import type { RunView } from '../src/protocol/view';
import { Stack, type Wanted } from './boxes';
import type { Column, Columns } from './diagramColumns';
import type { DiagramItem } from './diagramItems';
import type { LayoutOptions } from './diagramLayout';
import { type TimeScale, timeScaleOf } from './timeScale';

/** Between two ends of arrows at one lifeline. */
export const LEAST_TOUCH_PX = 11;
/** Between the lifeline's centre and an arrow's end, or a label. */
export const LINE_PX = 5;
export const LABEL_PX = 10;
/** How far a label on an arrow reaches above its beginning; it ends above it. */
export const LABEL_ABOVE = { above: 18, below: -4 };
/** How far a text beside a lifeline reaches above and below its height. */
export const CHIP = { above: 9, below: 9 };
/** Between a text and the edge of the drawing, or the time axis. */
const EDGE_PX = 6;
/** A state's or call's name stands so far below the end of an arrow at its lifeline. */
const BELOW_TOUCH_PX = 13;

/** The end of an arrow at a lifeline. */
export interface Touch {
  readonly y: number;
  readonly arrival: boolean;
}

/** What has been placed so far, and how far down that is. All placers of one diagram share it. */
export class Ground {
  readonly items: DiagramItem[] = [];
  readonly stack = new Stack();
  readonly byHost: ReadonlyMap<string, Column>;
  /** The lowest end of an arrow at each host's lifeline. */
  readonly touches = new Map<string, Touch>();
  /** The lower edge of what is said of each lost segment, by its id. */
  readonly losses = new Map<number, number>();
  readonly scale: TimeScale;

  constructor(
    readonly columns: Columns,
    readonly options: LayoutOptions,
    run: Pick<RunView, 'usualDelayUs'>,
    /** The height that has been reached. */
    public y: number,
  ) {
    this.byHost = new Map(columns.columns.map((column) => [column.host, column]));
    this.scale = timeScaleOf(run.usualDelayUs);
  }

  /** At which height something beside a lifeline may begin. */
  belowTouch({ side, host }: Column): number {
    const touch = this.touches.get(host);
    return touch === undefined || side.endsWith('outside') ? this.y : Math.max(this.y, touch.y + BELOW_TOUCH_PX);
  }

  /** How wide a text beside a lifeline can be within the drawing. */
  roomBeside({ xPx, side }: Column): number {
    const { timePx, widthPx } = this.columns;
    const edge = side.startsWith('right') ? widthPx - xPx : xPx - timePx;
    return edge - LABEL_PX - EDGE_PX;
  }

  /** The room that a text beside a lifeline wants. */
  beside({ xPx, side }: Column, width: number): Wanted {
    const toRight = side.startsWith('right');
    return { ...CHIP, ...span(xPx + (toRight ? LABEL_PX : -LABEL_PX), width, toRight) };
  }
}

/** From `near` on to one side. */
export function span(near: number, width: number, toRight: boolean): { left: number; right: number } {
  return toRight ? { left: near, right: near + width } : { left: near - width, right: near };
}
