import type { RunView, SegmentView } from '../protocol/view';
import { Canvas, type Ink, type Pen } from './canvas';
import { type DiagramRow, diagramRows } from './diagramRows';
import { crossingColumns, type Slope, slopePaths } from './slope';
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
  /** How many moments of the run come after the last line. */
  readonly momentsLeft: number;
}

/** Longer diagrams are cut: nobody reads them, and programs have JSON. */
export const MAX_ROWS = 2_000;

const TIME_COLUMNS = 11;
const STATE_COLUMNS = 13;
const MIN_GAP = 36;
const MAX_GAP = 60;
/** Arrows that cross need room for the labels of both. */
const MAX_CROSSING_GAP = 80;

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
  const all = arrowsOf(layout, top);
  const paths = slopePaths(all.map(({ slope }) => slope));
  for (const arrow of all) drawArrow(canvas, arrow, paths.get(arrow.slope) ?? []);
  drawMiddleStates(canvas, layout, top);
  const more = layout.momentsLeft;
  const cut = more > 0 ? [`… and ${more} moments more; \`--format json\` has all of the run`] : [];
  return [...canvas.toLines(style.paint), ...cut];
}

function layOut(view: RunView): Layout {
  const hosts = view.hosts.map(({ name }) => name);
  const all = diagramRows(view);
  const rows = all.slice(0, MAX_ROWS);
  const longest = view.segments.reduce((most, segment) => Math.max(most, textColumns(label(segment)) + 12), 0);
  const widestName = hosts.reduce((most, name) => Math.max(most, textColumns(name) + 4), 0);
  const crossing = crossingColumns(
    arrows(rows).map(([segment, top, bottom]) => {
      const { from, to } = segment;
      return { from, to, top, bottom, labelColumns: textColumns(label(segment)) + 2 };
    }),
  );
  const gap = Math.max(Math.min(MAX_GAP, Math.max(MIN_GAP, longest, widestName)), Math.min(MAX_CROSSING_GAP, crossing));
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
    rows,
    momentsLeft: view.momentCount - (all[MAX_ROWS]?.moment ?? view.moments.length),
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
  for (const [host, state] of row.states) drawState(canvas, layout, y, host, state);
  const notes = printable(row.notes.join(', '));
  if (notes !== '') canvas.write(y, layout.notes, notes, row.isBad ? 'bad' : 'dim');
}

/** Writes a state beside the first or the last lifeline; one between them has arrows on both sides, and waits. */
function drawState(canvas: Canvas, layout: Layout, y: number, host: string, state: string): void {
  const index = layout.hosts.indexOf(host);
  if (index === 0) canvas.write(y, layout.stateLeft, state.padStart(STATE_COLUMNS - 1), 'good');
  else if (index === layout.hosts.length - 1) canvas.write(y, layout.stateRight, state, 'good');
}

/** Writes the states of lifelines between others where no arrow is in the way: beside the line, or else in the remarks. */
function drawMiddleStates(canvas: Canvas, layout: Layout, top: number): void {
  const { hosts, lifelines, rows } = layout;
  rows.forEach(({ states }, index) => {
    for (const [host, state] of states) {
      const place = hosts.indexOf(host);
      const line = lifelines[place];
      if (line === undefined || place === 0 || place === hosts.length - 1) continue;
      const y = top + index;
      const room = textColumns(state) + 2;
      const beside = [line + 2, line - room].find((column) => canvas.isBlank(y, column - 1, column + room - 1));
      if (beside !== undefined) canvas.write(y, beside, state, 'good');
      else canvas.write(y, Math.max(layout.notes, canvas.columnsOf(y) + 2), `${host} ${state}`, 'good');
    }
  });
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

/** An arrow as it stands on the sheet. */
interface Arrow {
  readonly slope: Slope;
  readonly text: string;
  readonly fate: SegmentView['fate'];
  readonly diedAt: number | null;
}

/** The arrows that have a lifeline to start from, as they stand on the sheet. */
function arrowsOf(layout: Layout, top: number): Arrow[] {
  const { hosts, lifelines, rows } = layout;
  const segments = arrows(rows).flatMap(([segment, from, to]): Arrow[] => {
    const start = lifelines[hosts.indexOf(segment.from)];
    if (start === undefined) return [];
    const target = segment.to === null ? -1 : hosts.indexOf(segment.to);
    const neighbour = start === lifelines.at(-1) ? start - MIN_GAP : start + MIN_GAP;
    const end = lifelines[target] ?? neighbour;
    const loop = end === start;
    const text = loop
      ? clipText(` ${label(segment)} (to itself)`, MIN_GAP)
      : ` ${clipText(label(segment), Math.abs(end - start) - 8)} `;
    const slope = { start, end, top: top + from, bottom: top + to, labelColumns: textColumns(text) };
    return [{ slope, text, fate: segment.fate, diedAt: segment.diedAt }];
  });
  return [...segments, ...icmpArrows(layout, top)];
}

/** ICMP messages come from the middle between two lifelines, where the router stands, or from their forger. */
function icmpArrows({ hosts, lifelines, rows }: Layout, top: number): Arrow[] {
  const arrivals = new Map<number, number>();
  rows.forEach(({ arrivesIcmp }, index) => {
    if (arrivesIcmp !== null) arrivals.set(arrivesIcmp.id, index);
  });
  return rows.flatMap(({ sendsIcmp }, index): Arrow[] => {
    if (sendsIcmp === null) return [];
    const end = lifelines[hosts.indexOf(sendsIcmp.to)];
    const far = lifelines[hosts.indexOf(sendsIcmp.from ?? sendsIcmp.towards ?? '')];
    if (end === undefined || far === undefined || far === end) return [];
    const start = sendsIcmp.from === null ? Math.round((end + far) / 2) : far;
    const bottom = top + (arrivals.get(sendsIcmp.id) ?? index);
    const slope = { start, end, top: top + index, bottom, labelColumns: textColumns(ICMP_LABEL) };
    return [{ slope, text: ICMP_LABEL, fate: sendsIcmp.fate, diedAt: null }];
  });
}

const ICMP_LABEL = ' ICMP ';

function drawArrow(canvas: Canvas, arrow: Arrow, path: readonly number[]): void {
  const { start, end, top, bottom } = arrow.slope;
  if (end === start) {
    canvas.write(top, start + 1, arrow.text, 'arrow');
    return;
  }
  const direction = end > start ? 1 : -1;
  const delivered = arrow.fate === 'delivered' && bottom > top;
  const ink: Ink = delivered ? 'arrow' : 'bad';
  if (delivered) drawSlope(canvas, arrow.slope, path);
  else drawBrokenOff(canvas, arrow, direction);
  const labelStart = direction > 0 ? start + 2 : start - 1 - textColumns(arrow.text);
  canvas.write(top, labelStart, arrow.text, ink);
}

/** A staircase from the row of departure to the row of arrival. */
function drawSlope(canvas: Canvas, slope: Slope, steps: readonly number[]): void {
  const { start, end, top, bottom } = slope;
  const direction = end > start ? 1 : -1;
  let at = start;
  steps.forEach((step, index) => {
    const to = start + direction * step;
    if (to !== at) canvas.horizontal(top + index, at, to, 'arrow');
    canvas.vertical(to, top + index, top + index + 1, 'arrow');
    at = to;
  });
  canvas.horizontal(bottom, at, end, 'arrow');
  canvas.write(bottom, end - direction, direction > 0 ? canvas.pen.headRight : canvas.pen.headLeft, 'arrow');
}

/** One that never arrives: it breaks off where it died, or goes on as dots when it is held or still under way. */
function drawBrokenOff(canvas: Canvas, arrow: Arrow, direction: number): void {
  const { start, end, top } = arrow.slope;
  const width = Math.abs(end - start);
  const died = Math.floor(width * (arrow.diedAt ?? 0.5));
  const reach = Math.min(width - 2, Math.max(textColumns(arrow.text) + 4, died));
  const tip = start + direction * reach;
  canvas.horizontal(top, start, tip, 'bad');
  const dead = arrow.fate === 'dropped' || arrow.fate === 'lost';
  if (dead) canvas.write(top, tip, canvas.pen.cross, 'bad');
  else canvas.write(top, Math.min(tip, tip - 2 * direction), '...', 'bad');
}

/** What stands on an arrow, as a textbook writes it: `SYN-ACK seq 0 ack 1 <mss 1460>`. */
function label(segment: SegmentView): string {
  const { absolute } = segment;
  const parts = [segment.flags, `seq ${segment.seq}${absolute.includes('seq') ? ' (absolute)' : ''}`];
  if (segment.ack !== null) parts.push(`ack ${segment.ack}${absolute.includes('ack') ? ' (absolute)' : ''}`);
  if (segment.lengthBytes > 0) parts.push(`len ${segment.lengthBytes}`);
  if (segment.up !== null) parts.push(`up ${segment.up}`);
  if (segment.options.length > 0) parts.push(`<${segment.options.join(', ')}>`);
  return parts.join(' ');
}
