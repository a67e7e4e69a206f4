import type { RunView, SegmentView } from '../protocol/view';
import { Canvas, type Ink, type Pen } from './canvas';
import { type DiagramRow, diagramRows } from './diagramRows';
import { clipText, printable, textColumns } from './textWidth';

/** How a diagram is drawn. */
export interface DiagramStyle {
  readonly pen: Pen;
  /** Colours a stretch of text. */
  readonly paint: (text: string, ink: Ink) => string;
  /** A virtual time for people: `10 ms`. */
  readonly time: (timeUs: number) => string;
}

/** Where everything stands on the sheet, in columns. */
interface Layout {
  readonly hosts: readonly string[];
  readonly lifelines: readonly number[];
  readonly stateLeft: number;
  readonly stateRight: number;
  readonly notes: number;
  readonly rows: readonly DiagramRow[];
  /** How many lines there would be, those that are cut off included. */
  readonly allRows: number;
}

/** Longer diagrams are cut: nobody reads them, and programs have JSON. */
export const MAX_ROWS = 2_000;

const TIME_COLUMNS = 11;
const STATE_COLUMNS = 13;
const MIN_GAP = 36;
const MAX_GAP = 60;

/** Draws the lifelines, the arrows between them, the states at their sides and the times: one line of text each. */
export function drawDiagram(view: RunView, style: DiagramStyle): string[] {
  const canvas = new Canvas(style.pen);
  const layout = layOut(view);
  drawHeads(canvas, view, layout);
  const top = 2;
  layout.rows.forEach((row, index) => {
    const isNewTime = layout.rows[index - 1]?.timeUs !== row.timeUs;
    drawSides(canvas, layout, row, top + index, isNewTime ? style.time(row.timeUs) : '');
  });
  for (const column of layout.lifelines) canvas.vertical(column, top - 1, top + layout.rows.length, 'dim');
  for (const [segment, from, to] of arrows(layout.rows)) {
    drawArrow(canvas, layout, segment, top + from, top + to);
  }
  const more = layout.allRows - layout.rows.length;
  const cut = more > 0 ? [`… and ${more} lines more; \`--format json\` has all of the run`] : [];
  return [...canvas.toLines(style.paint), ...cut];
}

function layOut(view: RunView): Layout {
  const hosts = view.hosts.map(({ name }) => name);
  const rows = diagramRows(view);
  const longest = view.segments.reduce((most, segment) => Math.max(most, textColumns(label(segment)) + 12), 0);
  const widestName = hosts.reduce((most, name) => Math.max(most, textColumns(name) + 4), 0);
  const gap = Math.min(MAX_GAP, Math.max(MIN_GAP, longest, widestName));
  const stateLeft = TIME_COLUMNS + 2;
  const first = stateLeft + STATE_COLUMNS;
  const lifelines = hosts.map((_, index) => first + index * gap);
  const stateRight = (lifelines.at(-1) ?? first) + 2;
  return {
    hosts,
    lifelines,
    stateLeft,
    stateRight,
    notes: stateRight + STATE_COLUMNS,
    rows: rows.slice(0, MAX_ROWS),
    allRows: rows.length,
  };
}

function drawHeads(canvas: Canvas, view: RunView, layout: Layout): void {
  layout.hosts.forEach((name, index) => {
    const middle = layout.lifelines[index] ?? 0;
    const shown = clipText(name, 24);
    canvas.write(0, middle - Math.floor(textColumns(shown) / 2), shown, 'strong');
  });
  for (const { host, state, moment } of view.states) {
    if (moment === 0) drawState(canvas, layout, 1, host, state);
  }
}

function drawSides(canvas: Canvas, layout: Layout, row: DiagramRow, y: number, time: string): void {
  canvas.write(y, Math.max(0, TIME_COLUMNS - textColumns(time)), time, 'dim');
  const middles: string[] = [];
  for (const [host, state] of row.states) {
    if (!drawState(canvas, layout, y, host, state)) middles.push(`${host} ${state}`);
  }
  const notes = printable([...middles, ...row.notes].join(', '));
  if (notes !== '') canvas.write(y, layout.notes, notes, row.isBad ? 'bad' : 'dim');
}

/** Writes a state beside the first or the last lifeline; false for a lifeline between them, which has no side. */
function drawState(canvas: Canvas, layout: Layout, y: number, host: string, state: string): boolean {
  const index = layout.hosts.indexOf(host);
  if (index === 0) {
    canvas.write(y, layout.stateLeft, state.padStart(STATE_COLUMNS - 1), 'good');
    return true;
  }
  if (index === layout.hosts.length - 1) canvas.write(y, layout.stateRight, state, 'good');
  return index === layout.hosts.length - 1;
}

/** Every segment with the rows on which it leaves and ends; one that does not arrive ends where it left. */
function arrows(rows: readonly DiagramRow[]): [SegmentView, number, number][] {
  const arrivals = new Map<number, number>();
  rows.forEach(({ arrives }, index) => {
    if (arrives !== null) arrivals.set(arrives.id, index);
  });
  return rows.flatMap(({ sends }, index): [SegmentView, number, number][] =>
    sends === null ? [] : [[sends, index, arrivals.get(sends.id) ?? index]],
  );
}

function drawArrow(canvas: Canvas, layout: Layout, segment: SegmentView, top: number, bottom: number): void {
  const start = layout.lifelines[layout.hosts.indexOf(segment.from)];
  if (start === undefined) return;
  const target = segment.to === null ? -1 : layout.hosts.indexOf(segment.to);
  const neighbour = start === layout.lifelines.at(-1) ? start - MIN_GAP : start + MIN_GAP;
  const end = layout.lifelines[target] ?? neighbour;
  if (end === start) {
    canvas.write(top, start + 1, clipText(` ${label(segment)} (to itself)`, MIN_GAP), 'arrow');
    return;
  }
  const direction = end > start ? 1 : -1;
  const text = ` ${clipText(label(segment), Math.abs(end - start) - 8)} `;
  const delivered = segment.fate === 'delivered' && bottom > top;
  const ink: Ink = delivered ? 'arrow' : 'bad';
  if (delivered) drawSlope(canvas, { start, end, direction, top, bottom, text });
  else drawBrokenOff(canvas, segment, { start, end, direction, top, text });
  const labelStart = direction > 0 ? start + 2 : start - 1 - textColumns(text);
  canvas.write(top, labelStart, text, ink);
}

/** A staircase from the row of departure to the row of arrival: the label's length first, then even steps. */
function drawSlope(
  canvas: Canvas,
  arrow: { start: number; end: number; direction: number; top: number; bottom: number; text: string },
): void {
  const { start, end, direction, top, bottom } = arrow;
  const width = Math.abs(end - start);
  const steps = bottom - top;
  const firstStep = Math.min(width - 3, Math.max(textColumns(arrow.text) + 3, Math.floor(width / (steps + 1))));
  let at = start;
  for (let step = 0; step <= steps; step++) {
    const reach = step === steps ? width : firstStep + Math.floor(((width - firstStep) * step) / steps);
    const to = start + direction * reach;
    if (to !== at) canvas.horizontal(top + step, at, to, 'arrow');
    if (step < steps) canvas.vertical(to, top + step, top + step + 1, 'arrow');
    at = to;
  }
  canvas.write(bottom, end - direction, direction > 0 ? canvas.pen.headRight : canvas.pen.headLeft, 'arrow');
}

/** One that never arrives: it breaks off where it died, or goes on as dots when it is held or still under way. */
function drawBrokenOff(
  canvas: Canvas,
  segment: SegmentView,
  arrow: { start: number; end: number; direction: number; top: number; text: string },
): void {
  const { start, end, direction, top } = arrow;
  const width = Math.abs(end - start);
  const died = Math.floor(width * (segment.diedAt ?? 0.5));
  const reach = Math.min(width - 2, Math.max(textColumns(arrow.text) + 4, died));
  const tip = start + direction * reach;
  canvas.horizontal(top, start, tip, 'bad');
  const dead = segment.fate === 'dropped' || segment.fate === 'lost';
  if (dead) canvas.write(top, tip, canvas.pen.cross, 'bad');
  else canvas.write(top, Math.min(tip, tip - 2 * direction), '...', 'bad');
}

/** What stands on an arrow, as a textbook writes it: `SYN-ACK seq 0 ack 1 <mss 1460>`. */
function label(segment: SegmentView): string {
  const parts = [segment.flags, `seq ${segment.seq}`];
  if (segment.ack !== null) parts.push(`ack ${segment.ack}`);
  if (segment.lengthBytes > 0) parts.push(`len ${segment.lengthBytes}`);
  if (segment.options.length > 0) parts.push(`<${segment.options.join(', ')}>`);
  return parts.join(' ');
}
