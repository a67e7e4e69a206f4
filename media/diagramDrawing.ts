import { nothing, svg, type TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import { type Box, overlaps } from './boxes';
import type { Columns } from './diagramColumns';
import {
  type ArrowItem,
  type BarItem,
  type BreakItem,
  type DiagramItem,
  type IcmpItem,
  MARK_ICON_PX,
  type MarkItem,
  type Note,
  type StateItem,
  type TickItem,
} from './diagramItems';
import type { TabStops } from './diagramKeyboard';
import { formatTime } from './format';
import { PART_GAP_PX, spokenLabel } from './segmentLabel';
import { stateClass } from './stateClass';
import type { Numbers } from './vscodeApi';

/** Where the session stands, and what somebody points at. */
export interface Standing {
  readonly moment: number;
  readonly y: number;
  readonly segment: number | null;
  /** The segment under the pointer or with the focus. */
  readonly pointed: number | null;
  readonly tabStops: TabStops;
  /** The segments beside whose arrows there is room to say that they are in flight. */
  readonly inFlight: ReadonlySet<number>;
  readonly numbers: Numbers;
}

type Ends = Pick<ArrowItem, 'x1' | 'y1' | 'x2' | 'y2' | 'end'>;

/** Where more than this are on their way, saying so once is enough. */
const FEW = 4;
/** Size of an arrow's head, in pixels. */
const HEAD_PX = 8;

function tabIndex(id: string, { tabStops }: Standing): number {
  return tabStops.stops.has(id) ? 0 : -1;
}

/** A lifeline's bar in the colour of its state. */
function drawBar({ state, column, y1, y2 }: BarItem, standing: Standing): TemplateResult {
  const passed = Math.min(Math.max(standing.y, y1), y2);
  const known = state.moment <= standing.moment;
  const part = (top: number, bottom: number, later: boolean) =>
    bottom <= top
      ? nothing
      : svg`<rect class="bar ${stateClass(state.state)} ${later ? 'later' : ''}"
          x=${column.xPx - 2.5} y=${top} width="5" height=${bottom - top}></rect>`;
  return svg`${part(y1, known ? passed : y1, false)}${part(known ? passed : y1, y2, true)}`;
}

/** A mark over the lifelines where time is not drawn to scale. */
function drawBreak({ y, durationUs }: BreakItem, { columns, widthPx, leftPx, rightPx }: Columns): TemplateResult {
  const centre = columns.length > 1 ? ((columns[0]?.xPx ?? leftPx) + (columns[1]?.xPx ?? rightPx)) / 2 : widthPx / 2;
  const zigzag = ({ xPx }: { readonly xPx: number }) => svg`
    <rect class="paper" x=${xPx - 7} y=${y - 5} width="14" height="10"></rect>
    <path class="zigzag" d="M${xPx - 7} ${y - 2}l7 -4v4l7 -4M${xPx - 7} ${y + 6}l7 -4v4l7 -4"></path>`;
  return svg`<g class="break">
    <line class="break-line" x1=${leftPx + 12} x2=${rightPx - 12} y1=${y} y2=${y}></line>
    ${columns.map(zigzag)}
    <text class="break-text" x=${centre} y=${y + 4} text-anchor="middle">${formatTime(durationUs)} later</text>
  </g>`;
}

/** A time on the axis. */
function drawTick(tick: TickItem, columns: Columns, standing: Standing): TemplateResult | typeof nothing {
  if (Math.abs(tick.y - standing.y) < 14) return nothing;
  const classes = classMap({ tick: true, later: tick.moment > standing.moment });
  return svg`<g class=${classes} data-moment=${Number.isFinite(tick.moment) ? tick.moment : nothing}>
    <text x=${columns.timePx} y=${tick.y + 4} text-anchor="end">${formatTime(tick.timeUs)}</text>
  </g>`;
}

/** The name of a state beside its lifeline. */
function drawState({ id, state, text, box, y }: StateItem, standing: Standing): TemplateResult {
  const classes = `stop chip ${stateClass(state.state)} ${state.moment > standing.moment ? 'later' : ''}`;
  const name = state.peer === null ? state.host : `${state.host}:${state.peer}`;
  return svg`<g class=${classes} id=${id} data-moment=${state.moment} role="button"
    tabindex=${tabIndex(id, standing)} aria-label="${name} is ${state.state}, at ${formatTime(state.fromUs)}">
    <title>${name} is ${state.state} from ${formatTime(state.fromUs)} on</title>
    <rect class="paper" x=${box.left} y=${y - 9} width=${box.right - box.left} height="18" rx="9"></rect>
    <rect class="tag" x=${box.left + 0.5} y=${y - 8} width=${box.right - box.left - 1} height="16" rx="8"></rect>
    <text x=${(box.left + box.right) / 2} y=${y + 4} text-anchor="middle">${text}</text>
  </g>`;
}

/** A timer, call, check or change of the network. */
function drawMark(item: MarkItem, standing: Standing): TemplateResult {
  const { mark, others, text, column, box, y } = item;
  const classes = `stop mark ${mark.kind} ${mark.moment > standing.moment ? 'later' : ''}`;
  const banner = column === null && mark.kind !== 'check-passed';
  const left = box.left + (banner ? 8 : 0);
  const titles = [mark, ...others].map((one) => (one.line === null ? one.text : `${one.text} (line ${one.line})`));
  const prefix = mark.kind === 'check-passed' ? 'Checked: ' : '';
  return svg`<g class=${classes} id=${item.id} data-moment=${mark.moment} role="button"
    tabindex=${tabIndex(item.id, standing)} aria-label="${MARK_NAMES[mark.kind]}${titles.join(', ')}, at ${formatTime(mark.timeUs)}">
    <title>${prefix}${titles.join('\n')}</title>
    <rect class="paper" x=${box.left} y=${y - 9} width=${box.right - box.left} height="18" rx="3"></rect>
    ${banner ? svg`<rect class="banner" x=${box.left} y=${y - 9} width=${box.right - box.left} height="18" rx="3"></rect>` : nothing}
    ${glyph(mark.kind, left + 7, y)}
    <text x=${left + MARK_ICON_PX} y=${y + 4}>${text}</text>
  </g>`;
}

/** What a mark's picture says, for a reader who does not see it. */
const MARK_NAMES: Readonly<Record<MarkItem['mark']['kind'], string>> = {
  timer: '',
  call: '',
  answer: '',
  'check-passed': 'Check passed: ',
  'check-failed': 'Check failed: ',
  network: 'Network: ',
};

const GLYPHS: Readonly<Record<MarkItem['mark']['kind'], string>> = {
  timer: 'M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0M0 -2.5V0L2 1.5',
  call: 'M-3 -4L3.5 0L-3 4Z',
  answer: 'M-4 -3.5h8M-4 0h8M-4 3.5h5',
  'check-passed': 'M-4 0.5L-1 3.5L4.5 -3.5',
  'check-failed': 'M-3.5 -3.5L3.5 3.5M3.5 -3.5L-3.5 3.5',
  network: 'M-4.5 -1.5h9M2 -4L4.5 -1.5M4.5 2.5h-9M-2 5L-4.5 2.5',
};

function glyph(kind: MarkItem['mark']['kind'], x: number, y: number): TemplateResult {
  return svg`<path class="glyph" transform="translate(${x} ${y})" d=${GLYPHS[kind]}></path>`;
}

/** An arrow's line, its head, cross or bars: what lies under the labels. */
function drawLine(item: ArrowItem, standing: Standing): TemplateResult {
  const { segment, x1, y1, x2, y2, end } = item;
  const state = {
    line: true,
    later: segment.sentMoment > standing.moment,
    current: segment.id === standing.segment,
    pointed: segment.id === standing.pointed,
    retransmission: segment.retransmission,
    duplicate: segment.duplicate,
    injected: segment.injected,
    corrupted: segment.corrupted,
    dead: end === 'cross',
  };
  if (segment.from === segment.to) return svg`<g class=${classMap(state)}>${drawLoop(item)}</g>`;
  if (!isTravelling(item, standing)) {
    return svg`<g class=${classMap(state)}>
      <line class="shaft" x1=${x1} y1=${y1} x2=${x2} y2=${y2}></line>${drawEnd(item, false)}</g>`;
  }
  const share = Math.min(0.94, Math.max(0.1, (standing.y - y1) / (y2 - y1)));
  const x = x1 + (x2 - x1) * share;
  const y = y1 + (y2 - y1) * share;
  return svg`<g class=${classMap({ ...state, travelling: true })}>
    <line class="shaft" x1=${x1} y1=${y1} x2=${x} y2=${y}></line>
    <line class="shaft ahead" x1=${x} y1=${y} x2=${x2} y2=${y2}></line>
    <circle class="dot" cx=${x} cy=${y} r="3.5"></circle>${drawEnd(item, true)}</g>`;
}

/** On its way at the moment at which the session stands. */
function isTravelling({ segment, end }: ArrowItem, { moment }: Pick<Standing, 'moment'>): boolean {
  if (end !== 'arrival' || segment.sentMoment > moment) return false;
  return segment.arrivedMoment === null || segment.arrivedMoment > moment;
}

function drawEnd({ x1, y1, x2, y2, end }: Ends, hollow: boolean): TemplateResult {
  if (end === 'cross')
    return svg`<path class="cross" d="M${x2 - 5} ${y2 - 5}l10 10M${x2 + 5} ${y2 - 5}l-10 10"></path>`;
  if (end === 'held') return svg`<path class="held" d="M${x2 - 2} ${y2 - 6}v12M${x2 + 3} ${y2 - 6}v12"></path>`;
  const angle = (Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI;
  const points = `0,0 ${-HEAD_PX},${-HEAD_PX / 2.2} ${-HEAD_PX},${HEAD_PX / 2.2}`;
  return svg`<polygon class=${hollow ? 'head hollow' : 'head'} points=${points}
    transform="translate(${x2} ${y2}) rotate(${angle})"></polygon>`;
}

/** An ICMP message's line and head, in a style of its own. */
function drawIcmpLine(item: IcmpItem, standing: Standing): TemplateResult {
  const { icmp, x1, y1, x2, y2, end } = item;
  const classes = classMap({
    line: true,
    icmp: true,
    later: icmp.sentMoment > standing.moment,
    injected: icmp.from !== null,
    dead: end === 'cross',
  });
  const router = icmp.from === null ? svg`<circle class="router" cx=${x1} cy=${y1} r="3.5"></circle>` : nothing;
  return svg`<g class=${classes}>${router}
    <line class="shaft" x1=${x1} y1=${y1} x2=${x2} y2=${y2}></line>${drawEnd(item, false)}</g>`;
}

/** What an ICMP message says. */
function drawIcmpText({ id, icmp, text, box }: IcmpItem, standing: Standing): TemplateResult {
  const from = icmp.from ?? 'a router';
  const fault = icmp.fault === null ? '' : `\n${icmp.fault}`;
  const classes = classMap({ stop: true, message: true, later: icmp.sentMoment > standing.moment });
  const spoken = `${icmp.text}, from ${from} to ${icmp.to}, at ${formatTime(icmp.sentUs)}`;
  return svg`<g class=${classes} id=${id} data-moment=${icmp.sentMoment} role="button"
    tabindex=${tabIndex(id, standing)} aria-label=${spoken}>
    <title>${spoken}\n${icmp.cause.text}${fault}</title>
    <rect class="paper" x=${box.left - 3} y=${box.top + 1} width=${box.right - box.left + 6} height="14" rx="3"></rect>
    <text x=${box.left} y=${box.bottom - 3}>${text}</text>
  </g>`;
}

/** A host that talks to itself. */
function drawLoop({ x1, y1, x2, y2, end }: ArrowItem): TemplateResult {
  const back = x1 + (x2 - x1) * 0.1;
  const tip = end === 'cross' ? x2 : x1;
  const head = drawEnd({ x1: x2, y1, x2: tip, y2, end }, false);
  return svg`<path class="shaft" d="M${x1} ${y1}L${x2} ${(y1 + y2) / 2}L${end === 'cross' ? x2 : back} ${y2}"></path>${head}`;
}

/** An arrow's label, with all that can be pointed at. */
export function drawLabel(item: ArrowItem, standing: Standing): TemplateResult {
  const { segment, label, labelBox, note } = item;
  const classes = classMap({
    arrow: true,
    later: segment.sentMoment > standing.moment,
    current: segment.id === standing.segment,
    retransmission: segment.retransmission,
    injected: segment.injected,
    corrupted: segment.corrupted,
    duplicate: segment.duplicate,
    crowded: item.crowded,
  });
  return svg`<g class=${classes} id="segment-${segment.id}" data-segment=${segment.id} role="button"
    tabindex=${segment.id === standing.tabStops.segment ? 0 : -1} aria-label=${spokenLabel(segment, standing.numbers)}
    aria-current=${segment.id === standing.segment ? 'step' : nothing}>
    <line class="hit" x1=${item.x1} y1=${item.y1} x2=${item.x2} y2=${item.y2}></line>
    <rect class="paper" x=${labelBox.left - 3} y=${labelBox.top + 1} width=${label.widthPx + 6} height="14" rx="3"></rect>
    <text x=${labelBox.left} y=${labelBox.bottom - 3}>${label.parts.map(
      ({ text, role }, index) => svg`<tspan class=${role} dx=${index === 0 ? 0 : PART_GAP_PX}>${text}</tspan>`,
    )}</text>
    ${note === null ? nothing : drawNote(note)}${standing.inFlight.has(segment.id) ? drawInFlight(item) : nothing}
  </g>`;
}

function drawNote({ text, box }: Note): TemplateResult {
  return svg`${paper(box)}<text class="note" x=${box.left} y=${(box.top + box.bottom) / 2 + 4}>${text}</text>`;
}

function drawInFlight(item: ArrowItem): TemplateResult {
  const { left, right, bottom } = inFlightBox(item);
  return svg`<text class="in-flight" x=${(left + right) / 2} y=${bottom - 3} text-anchor="middle">in flight</text>`;
}

function inFlightBox({ x1, y1, x2, y2 }: ArrowItem): Box {
  const x = x1 + (x2 - x1) * 0.78;
  const y = y1 + (y2 - y1) * 0.78;
  return { left: x - 24, right: x + 24, top: y - 20, bottom: y - 6 };
}

/** The segments on their way whose arrows have room for a word among the other texts. */
export function roomForInFlight(
  items: readonly DiagramItem[],
  standing: Pick<Standing, 'moment'>,
): ReadonlySet<number> {
  const travelling = items.filter((item) => item.kind === 'arrow').filter((arrow) => isTravelling(arrow, standing));
  const taken = items.flatMap((item): Box[] => {
    if (item.kind === 'arrow') return item.note === null ? [item.labelBox] : [item.labelBox, item.note.box];
    return 'box' in item ? [item.box] : [];
  });
  const found = new Set<number>();
  for (const arrow of travelling.length > FEW ? travelling.slice(0, 1) : travelling) {
    const box = inFlightBox(arrow);
    if (taken.some((other) => overlaps(box, other))) continue;
    taken.push(box);
    found.add(arrow.segment.id);
  }
  return found;
}

function paper({ left, right, top, bottom }: Box): TemplateResult {
  return svg`<rect class="paper" x=${left - 3} y=${top} width=${right - left + 6} height=${bottom - top} rx="3"></rect>`;
}

/** The line of the present across the whole diagram; it lies under every text. */
export function drawNowLine({ timePx, widthPx }: Columns, { y }: Standing): TemplateResult {
  return svg`<line class="now" x1=${timePx + 6} x2=${widthPx} y1=${y} y2=${y}></line>`;
}

/** The time of the present, on the axis. */
export function drawNowFlag(timeUs: number, { timePx }: Columns, { y }: Standing): TemplateResult {
  return svg`<g class="now">
    <path class="now-flag" d="M${timePx + 9} ${y}l-6 -8H2v16H${timePx + 3}Z"></path>
    <text x=${timePx - 2} y=${y + 4} text-anchor="end">${formatTime(timeUs)}</text>
  </g>`;
}

/** What lies under every text: bars, lines, breaks. */
export function drawBelow(item: DiagramItem, columns: Columns, standing: Standing): TemplateResult | typeof nothing {
  switch (item.kind) {
    case 'bar':
      return drawBar(item, standing);
    case 'arrow':
      return drawLine(item, standing);
    case 'icmp':
      return drawIcmpLine(item, standing);
    case 'break':
      return drawBreak(item, columns);
    default:
      return nothing;
  }
}

/** What lies above the lines: states, marks, times. */
export function drawAbove(item: DiagramItem, columns: Columns, standing: Standing): TemplateResult | typeof nothing {
  switch (item.kind) {
    case 'state':
      return drawState(item, standing);
    case 'icmp':
      return drawIcmpText(item, standing);
    case 'mark':
      return drawMark(item, standing);
    case 'tick':
      return drawTick(item, columns, standing);
    default:
      return nothing;
  }
}
