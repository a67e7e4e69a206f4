import type { RunView, SegmentView } from '../src/protocol/view';
import { type Box, boxAt, type Wanted } from './boxes';
import { CROWD, Crowding } from './crowding';
import { deathFraction } from './diagramAnchors';
import type { Column } from './diagramColumns';
import type { ArrowItem } from './diagramItems';
import { CHIP, type Ground, LABEL_ABOVE, LABEL_PX, LEAST_TOUCH_PX, LINE_PX, span } from './placingGround';
import type { Label } from './segmentLabel';
import { ellipsize } from './textWidth';
import { LEAST_SLANT_PX, slantOf } from './timeScale';

/** Between an arrow's arrival and the next sending, so that the label does not lie on the arrow's end. */
const AFTER_ARRIVAL_PX = 20;
/** How much of its arrow's width a label may take where there are many arrows. */
const CROWDED_SHARE = 0.52;
/** And how much it may always take, if there is as much: flags, sequence number and length. */
const CROWDED_PX = 190;

/** From the middle of a cross to its edge. */
const CROSS_PX = 6;

interface Sending {
  readonly y: number;
  readonly column: Column;
  readonly label: Label;
  readonly labelBox: Box;
  readonly crowded: boolean;
}

/** Places the arrows of segments: the beginning with its label when one is sent, the rest when it has come to its end. */
export class SegmentPlacer {
  private readonly sendings = new Map<number, Sending>();
  private readonly crowding: Crowding;

  constructor(
    private readonly ground: Ground,
    { segments }: Pick<RunView, 'segments'>,
  ) {
    this.crowding = new Crowding(segments);
  }

  /** A segment is sent. */
  send(segment: SegmentView): void {
    const column = this.ground.byHost.get(segment.from);
    if (column === undefined) return;
    const { x2 } = this.ends(segment, column);
    const toRight = x2 >= column.xPx;
    const crowded = this.crowding.around(segment) >= CROWD;
    const free = this.freeWidth(column, toRight) - LABEL_PX - 12;
    const room = crowded ? Math.min(free, Math.max(free * CROWDED_SHARE, CROWDED_PX)) : free;
    const label = this.ground.options.labels.label(segment, room);
    const near = column.xPx + (toRight ? LABEL_PX : -LABEL_PX);
    const wanted = { ...LABEL_ABOVE, ...span(near, label.widthPx, toRight) };
    const touch = this.ground.touches.get(segment.from);
    const fromTouch = touch === undefined ? 0 : touch.y + (touch.arrival ? AFTER_ARRIVAL_PX : LEAST_TOUCH_PX);
    this.ground.y = this.ground.stack.place(wanted, Math.max(this.ground.y, fromTouch));
    this.ground.touches.set(segment.from, { y: this.ground.y, arrival: false });
    const sending = { y: this.ground.y, column, label, labelBox: boxAt(wanted, this.ground.y), crowded };
    this.sendings.set(segment.id, sending);
    if (segment.fate === 'held' || (segment.fate === 'in-flight' && segment.arriveUs === null))
      this.hold(segment, sending);
  }

  /** A segment arrives, or is lost on its way. */
  end(segment: SegmentView, end: 'arrival' | 'cross'): void {
    const sending = this.sendings.get(segment.id);
    if (sending === undefined) return;
    const { x1, x2 } = this.ends(segment, sending.column);
    const fraction = end === 'cross' ? deathFraction(segment) : 1;
    const slant = slantOf(this.ground.scale, (segment.arriveUs ?? segment.sentUs) - segment.sentUs) * fraction;
    const lowest = Math.max(this.ground.y, sending.y + Math.max(LEAST_SLANT_PX, slant));
    const endX = end === 'cross' ? x1 + (x2 - x1) * fraction : x2;
    const note = end === 'cross' ? this.faultNote(segment, endX, x2 >= x1) : null;
    const host = segment.to;
    const touch = end === 'arrival' && host !== null ? this.ground.touches.get(host) : undefined;
    const y = Math.max(lowest, touch === undefined ? 0 : touch.y + LEAST_TOUCH_PX);
    if (note === null) this.ground.y = y;
    else {
      this.ground.y = this.ground.stack.place(note.wanted, this.ground.stack.place(crossAt(endX), y));
      this.ground.losses.set(segment.id, this.ground.y + Math.max(CROSS_PX, note.wanted.below));
    }
    if (end === 'arrival' && host !== null) this.ground.touches.set(host, { y: this.ground.y, arrival: true });
    this.arrow(segment, sending, { x1, x2: endX, y2: this.ground.y, end }, note);
  }

  /** Beyond the cross, or below it when there is no room beyond. */
  private faultNote(segment: SegmentView, x: number, toRight: boolean): { text: string; wanted: Wanted } {
    const { leftPx, rightPx, bodyPx, widthPx } = this.ground.columns;
    const { measure } = this.ground.options.labels;
    const whole = segment.fault ?? segment.fate;
    const near = x + (toRight ? 12 : -12);
    const beyond = Math.abs((toRight ? rightPx : leftPx) - near) - 12;
    const width = measure(whole, 'normal');
    if (width <= beyond) return { text: whole, wanted: { ...CHIP, ...span(near, width, toRight) } };
    const text = ellipsize(whole, widthPx - bodyPx - 16, measure);
    const half = measure(text, 'normal') / 2;
    const centre = Math.max(bodyPx + half + 4, Math.min(x, widthPx - half - 8));
    return { text, wanted: { left: centre - half, right: centre + half, above: -7, below: 23 } };
  }

  private hold(segment: SegmentView, sending: Sending): void {
    const { x1, x2 } = this.ends(segment, sending.column);
    const endX = x1 + (x2 - x1) * 0.6;
    const mark = { left: endX - 8, right: endX + 8, above: 8, below: 8 };
    this.ground.y = this.ground.stack.place(mark, sending.y + LEAST_SLANT_PX * 1.5);
    this.arrow(segment, sending, { x1, x2: endX, y2: this.ground.y, end: 'held' }, null);
  }

  private arrow(
    segment: SegmentView,
    { y: y1, label, labelBox, crowded }: Sending,
    line: Pick<ArrowItem, 'x1' | 'x2' | 'y2' | 'end'>,
    note: { readonly text: string; readonly wanted: Wanted } | null,
  ): void {
    const placed = note === null ? null : { text: note.text, box: boxAt(note.wanted, line.y2) };
    this.ground.items.push({ kind: 'arrow', segment, ...line, y1, label, labelBox, crowded, note: placed });
  }

  /** Both ends of a segment's way. Towards nobody, it goes towards the nearest other lifeline. */
  private ends(segment: SegmentView, from: Column): { x1: number; x2: number } {
    const to = segment.to === null ? undefined : this.ground.byHost.get(segment.to);
    const { columns, widthPx } = this.ground.columns;
    const index = columns.indexOf(from);
    const target = to ?? columns[index + 1] ?? columns[index - 1];
    const x = target === undefined || target === from ? Math.min(widthPx - 8, from.xPx + 90) : target.xPx;
    const sign = x >= from.xPx ? 1 : -1;
    const toSelf = target === from;
    return { x1: from.xPx + sign * LINE_PX, x2: toSelf ? x : x - sign * LINE_PX };
  }

  /** To the next lifeline, or to where an arrow goes that has none before it. */
  private freeWidth(from: Column, toRight: boolean): number {
    const { columns } = this.ground.columns;
    const next = columns[columns.indexOf(from) + (toRight ? 1 : -1)];
    return next === undefined ? 90 : Math.abs(next.xPx - from.xPx);
  }
}

/** The room of a cross; no text of another segment may cover it. */
function crossAt(x: number): Wanted {
  return { left: x - CROSS_PX, right: x + CROSS_PX, above: CROSS_PX, below: CROSS_PX };
}
