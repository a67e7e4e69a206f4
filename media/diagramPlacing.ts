import type { IcmpView, MarkView, RunView, SegmentView, StateSpanView } from '../src/protocol/view';
import { type Box, boxAt, Stack, type Wanted } from './boxes';
import { CROWD, Crowding } from './crowding';
import { type Anchor, anchorsOf, deathFraction } from './diagramAnchors';
import type { Column, Columns } from './diagramColumns';
import { type ArrowItem, type DiagramItem, type IcmpItem, MARK_ICON_PX } from './diagramItems';
import type { LayoutOptions } from './diagramLayout';
import type { Label } from './segmentLabel';
import { reachesEnd } from './store';
import { ellipsize, type Measure } from './textWidth';
import { BREAK_PX, gapOf, LEAST_SLANT_PX, slantOf, type TimeScale, timeScaleOf } from './timeScale';

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
/** Between two ends of arrows at one lifeline. */
const LEAST_TOUCH_PX = 11;
/** Between an arrow's arrival and the next sending, so that the label does not lie on the arrow's end. */
const AFTER_ARRIVAL_PX = 20;
/** Between the lifeline's centre and an arrow's end, or a label. */
const LINE_PX = 5;
const LABEL_PX = 10;
const LABEL_ABOVE = { above: 18, below: -4 };
const CHIP = { above: 9, below: 9 };
const BREAK_MARK_PX = 21;
/** Between an arrow's end and a text across the whole diagram. */
const BANNER_STEP_PX = 12;
/** How much of its arrow's width a label may take where there are many arrows. */
const CROWDED_SHARE = 0.52;
/** And how much it may always take, if there is as much: flags, sequence number and length. */
const CROWDED_PX = 190;
const TICK_DISTANCE_PX = 15;
const CHIP_PADDING_PX = 8;

interface Touch {
  readonly y: number;
  readonly arrival: boolean;
}

interface Sending {
  readonly y: number;
  readonly column: Column;
  readonly label: Label;
  readonly labelBox: Box;
  readonly crowded: boolean;
}

/** Places everything of a run from top to bottom. */
export function placeRun(run: RunView, columns: Columns, options: LayoutOptions): PlacedRun {
  const placer = new Placer(columns, options, timeScaleOf(run.usualDelayUs), new Crowding(run.segments), run.moments);
  for (const anchor of anchorsOf(run)) placer.place(anchor);
  return placer.finish(run);
}

class Placer {
  private readonly items: DiagramItem[] = [];
  private readonly momentY: number[] = [];
  private readonly stack = new Stack();
  private readonly byHost: ReadonlyMap<string, Column>;
  private readonly touches = new Map<string, Touch>();
  /** How many marks each moment has so far. */
  private readonly marksOf = new Map<number, number>();
  private readonly sendings = new Map<number, Sending>();
  private readonly messages = new Map<number, Pick<IcmpItem, 'x1' | 'x2' | 'y1' | 'text' | 'box'>>();
  private readonly openBars = new Map<string, { state: StateSpanView; column: Column; y: number }>();
  private instant: { readonly timeUs: number; readonly y: number } | null = null;
  private y: number;
  private lastEventUs = 0;
  private lastTick: { readonly timeUs: number; readonly y: number } | null = null;

  constructor(
    private readonly columns: Columns,
    private readonly options: LayoutOptions,
    private readonly scale: TimeScale,
    private readonly crowding: Crowding,
    private readonly moments: RunView['moments'],
  ) {
    this.byHost = new Map(columns.columns.map((column) => [column.host, column]));
    this.y = topOf(moments);
  }

  place(anchor: Anchor): void {
    this.advanceTo(anchor.timeUs, anchor.kind !== 'death');
    switch (anchor.kind) {
      case 'moment':
        break;
      case 'sending':
        this.placeSending(anchor.segment);
        break;
      case 'icmp-sending':
        this.placeIcmp(anchor.icmp);
        break;
      case 'icmp-end':
        this.placeIcmpEnd(anchor.icmp);
        break;
      case 'arrival':
        this.placeEnd(anchor.segment, 'arrival');
        break;
      case 'death':
        this.placeEnd(anchor.segment, 'cross');
        break;
      case 'state':
        this.placeState(anchor.state);
        break;
      case 'mark':
        this.placeMark(anchor.mark);
        break;
    }
    if (anchor.kind !== 'moment' && anchor.kind !== 'death') this.tick(anchor.timeUs, anchor.moment);
    const place = anchor.moment - (this.moments[0]?.index ?? 0);
    if (Number.isInteger(place) && place >= 0 && place < this.moments.length) this.momentY[place] = this.y;
  }

  finish(run: RunView): PlacedRun {
    if (run.finished && reachesEnd(run)) this.advanceTo(run.endUs, true);
    const bottomPx = this.y;
    for (const { state, column, y } of this.openBars.values()) this.bar(state, column, y, bottomPx + 18);
    return { items: this.items, momentY: filled(this.momentY, topOf(this.moments)), bottomPx };
  }

  /** @param real whether something happens then; the time at which a segment dies on its way is nobody's event */
  private advanceTo(timeUs: number, real: boolean): void {
    const before = this.instant;
    if (before !== null && timeUs > before.timeUs) {
      const gap = gapOf(this.scale, timeUs - before.timeUs);
      if (gap.broken) {
        const { bodyPx, widthPx } = this.columns;
        const y = this.stack.place({ left: bodyPx, right: widthPx, above: 9, below: 9 }, this.y + BREAK_MARK_PX);
        this.items.push({ kind: 'break', durationUs: timeUs - this.lastEventUs, y });
        this.y = y + BREAK_PX - BREAK_MARK_PX;
      } else {
        this.y = Math.max(before.y + gap.px, this.y + LEAST_STEP_PX);
      }
    }
    if (before === null || timeUs > before.timeUs) this.instant = { timeUs, y: this.y };
    if (real) this.lastEventUs = timeUs;
  }

  private placeSending(segment: SegmentView): void {
    const column = this.byHost.get(segment.from);
    if (column === undefined) return;
    const { x2 } = this.ends(segment, column);
    const toRight = x2 >= column.xPx;
    const crowded = this.crowding.around(segment) >= CROWD;
    const free = this.freeWidth(column, toRight) - LABEL_PX - 12;
    const room = crowded ? Math.min(free, Math.max(free * CROWDED_SHARE, CROWDED_PX)) : free;
    const label = this.options.labels.label(segment, room);
    const near = column.xPx + (toRight ? LABEL_PX : -LABEL_PX);
    const wanted = { ...LABEL_ABOVE, ...span(near, label.widthPx, toRight) };
    const touch = this.touches.get(segment.from);
    const fromTouch = touch === undefined ? 0 : touch.y + (touch.arrival ? AFTER_ARRIVAL_PX : LEAST_TOUCH_PX);
    this.y = this.stack.place(wanted, Math.max(this.y, fromTouch));
    this.touches.set(segment.from, { y: this.y, arrival: false });
    const sending = { y: this.y, column, label, labelBox: boxAt(wanted, this.y), crowded };
    this.sendings.set(segment.id, sending);
    if (segment.fate === 'held' || (segment.fate === 'in-flight' && segment.arriveUs === null))
      this.hold(segment, sending);
  }

  private placeEnd(segment: SegmentView, end: 'arrival' | 'cross'): void {
    const sending = this.sendings.get(segment.id);
    if (sending === undefined) return;
    const { x1, x2 } = this.ends(segment, sending.column);
    const fraction = end === 'cross' ? deathFraction(segment) : 1;
    const slant = slantOf(this.scale, (segment.arriveUs ?? segment.sentUs) - segment.sentUs) * fraction;
    const lowest = Math.max(this.y, sending.y + Math.max(LEAST_SLANT_PX, slant));
    const endX = end === 'cross' ? x1 + (x2 - x1) * fraction : x2;
    const note = end === 'cross' ? this.faultNote(segment, endX, x2 >= x1) : null;
    const host = segment.to;
    const touch = end === 'arrival' && host !== null ? this.touches.get(host) : undefined;
    const y = Math.max(lowest, touch === undefined ? 0 : touch.y + LEAST_TOUCH_PX);
    this.y = note === null ? y : this.stack.place(note.wanted, y);
    if (end === 'arrival' && host !== null) this.touches.set(host, { y: this.y, arrival: true });
    this.arrow(segment, sending, { x1, x2: endX, y2: this.y, end }, note);
  }

  /** The message's text lies along the way between both lifelines, however short the arrow. */
  private placeIcmp(icmp: IcmpView): void {
    const to = this.byHost.get(icmp.to);
    const far = this.byHost.get(icmp.from ?? icmp.towards ?? '');
    if (to === undefined || far === undefined || to === far) return;
    const toRight = far.xPx > to.xPx;
    const sign = toRight ? 1 : -1;
    const { measure } = this.options.labels;
    const text = ellipsize(icmp.text, Math.abs(far.xPx - to.xPx) - 2 * LABEL_PX, measure);
    const wanted = { ...LABEL_ABOVE, ...span(to.xPx + sign * LABEL_PX, measure(text, 'normal'), toRight) };
    this.y = this.stack.place(wanted, this.y);
    const x1 = icmp.from === null ? (to.xPx + far.xPx) / 2 : far.xPx - sign * LINE_PX;
    const x2 = to.xPx + sign * LINE_PX;
    this.messages.set(icmp.id, { x1, x2, y1: this.y, text, box: boxAt(wanted, this.y) });
  }

  private placeIcmpEnd(icmp: IcmpView): void {
    const message = this.messages.get(icmp.id);
    if (message === undefined) return;
    const dead = icmp.fate === 'dropped' || icmp.fate === 'lost';
    const { x1, x2 } = message;
    const slant = slantOf(this.scale, (icmp.arriveUs ?? icmp.sentUs) - icmp.sentUs) * (dead ? 0.5 : 1);
    const touch = dead ? undefined : this.touches.get(icmp.to);
    const lowest = Math.max(this.y, message.y1 + Math.max(LEAST_SLANT_PX, slant));
    this.y = Math.max(lowest, touch === undefined ? 0 : touch.y + LEAST_TOUCH_PX);
    if (!dead) this.touches.set(icmp.to, { y: this.y, arrival: true });
    const end = dead ? 'cross' : 'arrival';
    this.items.push({ kind: 'icmp', icmp, ...message, x2: dead ? (x1 + x2) / 2 : x2, y2: this.y, end });
  }

  /** Beyond the cross, or below it when there is no room beyond. */
  private faultNote(segment: SegmentView, x: number, toRight: boolean): { text: string; wanted: Wanted } {
    const { leftPx, rightPx, bodyPx, widthPx } = this.columns;
    const { measure } = this.options.labels;
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
    this.y = this.stack.place(mark, sending.y + LEAST_SLANT_PX * 1.5);
    this.arrow(segment, sending, { x1, x2: endX, y2: this.y, end: 'held' }, null);
  }

  private arrow(
    segment: SegmentView,
    { y: y1, label, labelBox, crowded }: Sending,
    line: Pick<ArrowItem, 'x1' | 'x2' | 'y2' | 'end'>,
    note: { readonly text: string; readonly wanted: Wanted } | null,
  ): void {
    const placed = note === null ? null : { text: note.text, box: boxAt(note.wanted, line.y2) };
    this.items.push({ kind: 'arrow', segment, ...line, y1, label, labelBox, crowded, note: placed });
  }

  /** Both ends of a segment's way. Towards nobody, it goes towards the nearest other lifeline. */
  private ends(segment: SegmentView, from: Column): { x1: number; x2: number } {
    const to = segment.to === null ? undefined : this.byHost.get(segment.to);
    const { columns, widthPx } = this.columns;
    const index = columns.indexOf(from);
    const target = to ?? columns[index + 1] ?? columns[index - 1];
    const x = target === undefined || target === from ? Math.min(widthPx - 8, from.xPx + 90) : target.xPx;
    const sign = x >= from.xPx ? 1 : -1;
    const toSelf = target === from;
    return { x1: from.xPx + sign * LINE_PX, x2: toSelf ? x : x - sign * LINE_PX };
  }

  /** To the next lifeline, or to where an arrow goes that has none before it. */
  private freeWidth(from: Column, toRight: boolean): number {
    const { columns } = this.columns;
    const next = columns[columns.indexOf(from) + (toRight ? 1 : -1)];
    return next === undefined ? 90 : Math.abs(next.xPx - from.xPx);
  }

  private placeState(state: StateSpanView): void {
    const column = this.byHost.get(state.host);
    if (column === undefined) return;
    const text = state.peer === null ? state.state : `${state.peer}: ${state.state}`;
    const width = this.options.labels.measure(text, 'normal') + 2 * CHIP_PADDING_PX;
    const wanted = this.beside(column, width);
    this.y = this.stack.place(wanted, this.belowTouch(column));
    if (state.main) {
      const open = this.openBars.get(state.host);
      if (open !== undefined) this.bar(open.state, column, open.y, this.y);
      this.openBars.set(state.host, { state, column, y: this.y });
    }
    this.items.push({ kind: 'state', state, text, column, y: this.y, box: boxAt(wanted, this.y) });
  }

  private bar(state: StateSpanView, column: Column, y1: number, y2: number): void {
    if (y2 > y1) this.items.push({ kind: 'bar', state, column, y1, y2 });
  }

  private placeMark(mark: MarkView): void {
    const column = mark.host === null ? undefined : this.byHost.get(mark.host);
    if (mark.kind === 'check-passed') this.placePassed(mark);
    else if (column === undefined || mark.kind === 'check-failed') this.placeBanner(mark);
    else {
      const text = ellipsize(shortText(mark), column.gutterPx - MARK_ICON_PX, this.options.labels.measure);
      const wanted = this.beside(column, this.options.labels.measure(text, 'normal') + MARK_ICON_PX);
      this.y = this.stack.place(wanted, this.belowTouch(column));
      this.items.push({
        kind: 'mark',
        id: this.markId(mark),
        mark,
        others: [],
        text,
        column,
        y: this.y,
        box: boxAt(wanted, this.y),
      });
    }
  }

  /** Checks that passed at one instant share one tick, so that they do not stretch the diagram. */
  private placePassed(mark: MarkView): void {
    const last = this.items.at(-1);
    const { checkPx } = this.columns;
    if (last?.kind === 'mark' && last.mark.kind === 'check-passed' && last.mark.timeUs === mark.timeUs) {
      this.items[this.items.length - 1] = { ...last, others: [...last.others, mark] };
      return;
    }
    const wanted = { left: checkPx - 7, right: checkPx + 7, above: 7, below: 7 };
    this.y = this.stack.place(wanted, this.y);
    const box = boxAt(wanted, this.y);
    this.items.push({ kind: 'mark', id: this.markId(mark), mark, others: [], text: '', column: null, y: this.y, box });
  }

  private markId({ moment }: MarkView): string {
    const before = this.marksOf.get(moment) ?? 0;
    this.marksOf.set(moment, before + 1);
    return `mark-${moment}-${before}`;
  }

  private placeBanner(mark: MarkView): void {
    const { leftPx, rightPx, bodyPx, widthPx } = this.columns;
    const room = Math.max(80, (rightPx > leftPx ? rightPx - leftPx : widthPx - bodyPx) - 24);
    const { measure } = this.options.labels;
    // A failed check is written in bold.
    const weighed: Measure = (text) => measure(text, mark.kind === 'check-failed' ? 'bold' : 'normal');
    const text = ellipsize(mark.text, room - MARK_ICON_PX - 16, weighed);
    const half = (weighed(text, 'normal') + MARK_ICON_PX + 16) / 2;
    const centre = rightPx > leftPx ? (leftPx + rightPx) / 2 : (bodyPx + widthPx) / 2;
    const wanted = { left: centre - half, right: centre + half, above: 11, below: 11 };
    this.y = this.stack.place(wanted, this.y + BANNER_STEP_PX);
    this.items.push({
      kind: 'mark',
      id: this.markId(mark),
      mark,
      others: [],
      text,
      column: null,
      y: this.y,
      box: boxAt(wanted, this.y),
    });
  }

  private belowTouch({ side, host }: Column): number {
    const touch = this.touches.get(host);
    return touch === undefined || side.endsWith('outside') ? this.y : Math.max(this.y, touch.y + 13);
  }

  private beside({ xPx, side }: Column, width: number): Wanted {
    const toRight = side.startsWith('right');
    return { ...CHIP, ...span(xPx + (toRight ? LABEL_PX : -LABEL_PX), width, toRight) };
  }

  private tick(timeUs: number, moment: number): void {
    const last = this.lastTick;
    if (last !== null && (last.timeUs === timeUs || this.y - last.y < TICK_DISTANCE_PX)) return;
    this.lastTick = { timeUs, y: this.y };
    this.items.push({ kind: 'tick', timeUs, moment, y: this.y });
  }
}

/** Above a stretch that does not begin with the run there is room for the way to what comes before. */
function topOf(moments: RunView['moments']): number {
  return (moments[0]?.index ?? 0) === 0 ? TOP_PX : TOP_PX + MORE_PX;
}

/** What need not be said beside the host's own lifeline is left out. */
function shortText({ host, kind, text }: MarkView): string {
  if (host === null) return text;
  const said = kind === 'timer' ? / timer of (\S+) expires$/ : /^(\S+) calls /;
  const owner = said.exec(text)?.[1];
  // Of another connection than the main one, `server:bob calls CLOSE`, the peer is left.
  return owner === undefined ? text : `${peerIn(owner, host)}${text.replace(said, '')}`;
}

/** `bob: ` for `server:bob`, nothing for `server`. */
function peerIn(actor: string, host: string): string {
  return actor.startsWith(`${host}:`) ? `${actor.slice(host.length + 1)}: ` : '';
}

function span(near: number, width: number, toRight: boolean): { left: number; right: number } {
  return toRight ? { left: near, right: near + width } : { left: near - width, right: near };
}

/** Moments without a height of their own stand where the one before them does. */
function filled(heights: readonly number[], first: number): readonly number[] {
  let last = first;
  return Array.from(heights, (height: number | undefined) => {
    last = Math.max(last, height ?? last);
    return last;
  });
}
