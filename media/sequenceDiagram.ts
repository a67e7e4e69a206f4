import { html, LitElement, nothing, type PropertyValues, svg, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { MomentView, RunView } from '../src/protocol/view';
import {
  drawAbove,
  drawBelow,
  drawLabel,
  drawNowFlag,
  drawNowLine,
  roomForInFlight,
  type Standing,
} from './diagramDrawing';
import { drawHosts, HEAD_PX } from './diagramHosts';
import type { ArrowItem, DiagramItem, MarkItem } from './diagramItems';
import { type DiagramLayout, heightOf, layoutRun, momentAt } from './diagramLayout';
import { diagramStyles } from './diagramStyles';
import { plural } from './format';
import { PanelRequest } from './panelRequest';
import { headerRows, Labeller } from './segmentLabel';
import { endOf, reachesEnd } from './store';
import { canvasMeasure, LETTER_PX, type Measure } from './textWidth';
import { stateColours } from './theme';
import { VisibleIndex } from './visibleSlice';
import type { Numbers } from './vscodeApi';

/** How much more than the visible part is drawn above and below it, in pixels. */
const MARGIN_PX = 500;
/** As near as this to an end of the stretch that is known, the next one is asked for. */
const EDGE_PX = 300;
/** Farther jumps are not animated. */
const SMOOTH_PX = 1_200;

interface Slice {
  readonly top: number;
  readonly bottom: number;
}

interface Pointed {
  readonly segment: number;
  readonly left: number;
  readonly top: number;
}

/**
 * The sequence diagram. Only what is near the visible part is in the document, so that a run of ten thousand segments
 * scrolls as a small one does.
 */
@customElement('tcpscript-diagram')
export class SequenceDiagram extends LitElement {
  static override styles = [stateColours, diagramStyles];

  @property({ attribute: false }) run: RunView | null = null;
  @property({ attribute: false }) moment: MomentView | null = null;
  @property({ attribute: false }) numbers: Numbers = 'relative';
  /** The session is over: nothing travels any more. */
  @property({ type: Boolean }) ended = false;

  @state() private widthPx = 0;
  @state() private slice: Slice = { top: 0, bottom: 0 };
  @state() private pointed: Pointed | null = null;
  @state() private roving: number | null = null;
  @state() private rovingMark: string | null = null;

  @query('.scroller') private scroller!: HTMLElement;
  @query('.canvas') private canvas!: HTMLElement;
  @query('.drawing') private drawing!: SVGSVGElement;
  @query('.tip') private tip!: HTMLElement | null;

  private layout: DiagramLayout | null = null;
  private index = new VisibleIndex([]);
  private measure: Measure | null = null;
  private labels: Labeller | null = null;
  /** The id of an arrow or mark that gets the focus as soon as it is drawn. */
  private toFocus: string | null = null;
  /** Which arrow of the next stretch gets the focus, for somebody who goes on by keyboard beyond the one that is known. */
  private goesOn: ((layout: DiagramLayout) => ArrowItem | undefined) | null = null;
  /** The run of which more has been asked for. */
  private askedOf: RunView | null = null;
  /** A moment and its place in the visible part, which it keeps when another stretch is drawn. */
  private kept: { readonly moment: number; readonly belowTop: number } | null = null;
  private readonly resizes = new ResizeObserver(() => this.resized());

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizes.disconnect();
  }

  protected override firstUpdated(): void {
    this.measure = canvasMeasure(LETTER_PX, getComputedStyle(this.drawing).fontFamily);
    this.resizes.observe(this.scroller);
    this.resized();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (this.measure === null || this.run === null || this.widthPx === 0) return;
    if (this.layout !== null && !['run', 'numbers', 'widthPx'].some((name) => changed.has(name))) return;
    if (this.layout !== null && this.layout.firstMoment !== this.run.moments[0]?.index)
      this.kept = this.atTop(this.layout);
    if (this.labels?.numbers !== this.numbers) this.labels = new Labeller(this.numbers, this.measure);
    this.layout = layoutRun(this.run, { widthPx: this.widthPx, labels: this.labels });
    this.index = new VisibleIndex(this.layout.items);
  }

  protected override updated(changed: PropertyValues): void {
    if (this.layout === null) return;
    this.canvas.style.height = `${Math.max(this.layout.heightPx, this.scroller.clientHeight - HEAD_PX - 1)}px`;
    this.canvas.style.width = `${this.layout.columns.widthPx}px`;
    this.drawing.style.top = `${this.slice.top}px`;
    if (this.kept !== null) this.scrollBack(this.layout, this.kept);
    if (changed.has('moment') || changed.has('widthPx')) this.showNow(changed.has('widthPx'));
    if (this.pointed !== null) this.placeTip(this.pointed);
    if (this.goesOn !== null && changed.has('run')) {
      const arrow = this.goesOn(this.layout);
      this.goesOn = null;
      this.goTo(arrow);
    } else if (this.toFocus !== null) {
      const target = this.renderRoot.querySelector<SVGElement>(`#${this.toFocus}`);
      this.toFocus = null;
      target?.focus({ preventScroll: true });
    }
  }

  protected override render(): TemplateResult {
    const layout = this.layout;
    return html`
      <div class="scroller" @scroll=${this.scrolled} @click=${this.clicked} @keydown=${this.pressed}
        @pointermove=${this.movedPointer} @pointerleave=${this.unpoint} @focusin=${this.focused} @focusout=${this.unpoint}
        role="group" aria-label="Sequence diagram: up and down go from segment to segment or from mark to mark, left and right from moment to moment">
        <div class="head">${layout === null || this.measure === null ? nothing : drawHosts(this.run?.hosts ?? [], layout.columns, this.measure)}</div>
        <div class="canvas"><svg class="drawing" width=${layout?.columns.widthPx ?? 0}
          height=${this.slice.bottom - this.slice.top}
          viewBox="0 ${this.slice.top} ${layout?.columns.widthPx ?? 0} ${this.slice.bottom - this.slice.top}">
          ${layout === null ? nothing : this.drawSlice(layout)}</svg>
          ${layout === null || this.ended ? nothing : this.drawMore(layout)}</div>
      </div>
      ${this.pointed === null ? nothing : this.drawTip(this.pointed)}`;
  }

  /** Ways to what comes before and after the stretch that is known. */
  private drawMore({ firstMoment }: DiagramLayout): TemplateResult {
    const { run } = this;
    const last = run === null ? 0 : endOf(run) - 1;
    const later = run === null ? 0 : run.momentCount - 1 - last;
    const more = (name: string, count: number, around: number) =>
      count <= 0
        ? nothing
        : html`<button class="more ${name}" @click=${() => this.askFor(around)}>${plural(count, `${name} moment`)}</button>`;
    return html`${more('earlier', firstMoment, firstMoment)}${more('later', later, last)}`;
  }

  private drawSlice(layout: DiagramLayout): TemplateResult {
    const items = this.index.between(this.slice.top, this.slice.bottom);
    const standing = this.standing(layout, items);
    const arrows = items.filter((item) => item.kind === 'arrow');
    const { columns } = layout;
    return svg`
      ${columns.columns.map(
        ({ xPx }) =>
          svg`<line class="lifeline" x1=${xPx} x2=${xPx} y1=${this.slice.top} y2=${Math.min(this.slice.bottom, layout.heightPx)}></line>`,
      )}
      ${items.map((item) => drawBelow(item, columns, standing))}
      ${drawNowLine(columns, standing)}
      ${items.map((item) => drawAbove(item, columns, standing))}
      ${this.moment === null ? nothing : drawNowFlag(this.moment.timeUs, columns, standing)}
      ${repeat(
        arrows,
        ({ segment }) => segment.id,
        (item) => drawLabel(item, standing),
      )}`;
  }

  private standing(layout: DiagramLayout, items: readonly DiagramItem[]): Standing {
    const moment = this.moment?.index ?? 0;
    const segment = this.moment?.segment ?? null;
    const arrows = items.filter((item) => item.kind === 'arrow');
    const drawn = (id: number | null) => id !== null && arrows.some((arrow) => arrow.segment.id === id);
    const nearest = arrows.find(({ y1 }) => y1 >= this.slice.top + MARGIN_PX) ?? arrows[0];
    const tabStop = drawn(this.roving) ? this.roving : drawn(segment) ? segment : (nearest?.segment.id ?? null);
    const y = heightOf(layout, moment);
    const marks = items.filter((item) => item.kind === 'mark');
    const nearestMark = marks.find((mark) => mark.y >= this.slice.top + MARGIN_PX) ?? marks[0];
    const markStop = marks.some(({ id }) => id === this.rovingMark) ? this.rovingMark : (nearestMark?.id ?? null);
    const inFlight = roomForInFlight(items, { moment });
    return {
      moment,
      y,
      segment,
      pointed: this.pointed?.segment ?? null,
      tabStop,
      markStop,
      inFlight,
      numbers: this.numbers,
    };
  }

  private resized(): void {
    this.widthPx = this.scroller.clientWidth;
    this.reslice();
  }

  private readonly scrolled = (): void => {
    const { scrollTop, clientHeight } = this.scroller;
    const needed = scrollTop < this.slice.top || scrollTop + clientHeight > this.slice.bottom;
    if (needed) this.reslice();
    this.askNearEdge(scrollTop, clientHeight);
  };

  private askNearEdge(scrollTop: number, clientHeight: number): void {
    const { layout, run } = this;
    if (layout === null || run === null) return;
    const before = scrollTop < EDGE_PX && layout.firstMoment > 0;
    const after = scrollTop + clientHeight > layout.heightPx - EDGE_PX && !reachesEnd(run);
    if (before || after) this.askFor(momentAt(layout, scrollTop + clientHeight / 2));
  }

  /** Asks for the stretch around a moment, once for each that is known. */
  private askFor(around: number): void {
    if (this.ended || this.askedOf === this.run) return;
    this.askedOf = this.run;
    this.dispatchEvent(new PanelRequest([{ type: 'window', around }]));
  }

  private atTop(layout: DiagramLayout): { readonly moment: number; readonly belowTop: number } {
    const { scrollTop } = this.scroller;
    const moment = momentAt(layout, scrollTop);
    return { moment, belowTop: heightOf(layout, moment) - scrollTop };
  }

  private scrollBack(
    layout: DiagramLayout,
    { moment, belowTop }: { readonly moment: number; readonly belowTop: number },
  ): void {
    this.kept = null;
    this.scroller.scrollTop = Math.max(0, heightOf(layout, moment) - belowTop);
    this.reslice();
  }

  private reslice(): void {
    const { scrollTop, clientHeight } = this.scroller;
    this.slice = { top: Math.max(0, Math.floor(scrollTop - MARGIN_PX)), bottom: scrollTop + clientHeight + MARGIN_PX };
  }

  /** Scrolls to the current moment, but only when it can not be seen. */
  private showNow(atOnce: boolean): void {
    if (this.layout !== null) this.scrollToY(heightOf(this.layout, this.moment?.index ?? 0), atOnce);
  }

  private scrollToY(y: number, atOnce: boolean): void {
    const visible = this.scroller.clientHeight - HEAD_PX;
    const top = this.scroller.scrollTop;
    if (y >= top + 24 && y <= top + visible - 28) return;
    const target = Math.max(0, y - visible * 0.55);
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const smooth = !atOnce && !still && Math.abs(target - top) < SMOOTH_PX;
    this.scroller.scrollTo({ top: target, behavior: smooth ? 'smooth' : 'instant' });
  }

  private arrowOf(target: EventTarget | null): ArrowItem | null {
    const element = target instanceof Element ? target.closest('[data-segment]') : null;
    const id = Number(element?.getAttribute('data-segment') ?? Number.NaN);
    return this.layout?.arrows.find(({ segment }) => segment.id === id) ?? null;
  }

  private markOf(target: EventTarget | null): MarkItem | undefined {
    const id = target instanceof Element ? target.closest('.mark')?.id : undefined;
    return this.layout?.marks.find((mark) => mark.id === id);
  }

  private readonly clicked = (event: MouseEvent): void => {
    const arrow = this.arrowOf(event.target);
    if (arrow !== null) this.activate(arrow);
    else this.clickedBeside(event);
  };

  /** A mark leads to its moment; any other height to the last moment above it. */
  private clickedBeside(event: MouseEvent): void {
    if (this.layout === null || !(event.target instanceof Element) || event.target.closest('.head') !== null) return;
    const marked = event.target.closest('[data-moment]')?.getAttribute('data-moment');
    const y = event.clientY - this.canvas.getBoundingClientRect().top;
    if (marked !== null && marked !== undefined) this.travel(Number(marked));
    else if (event.target.closest('.canvas') !== null) this.travel(momentAt(this.layout, y));
  }

  private activate({ segment }: ArrowItem): void {
    this.roving = segment.id;
    if (segment.line !== null) this.dispatchEvent(new PanelRequest([{ type: 'reveal', line: segment.line }]));
    this.travel(segment.sentMoment);
  }

  private travel(moment: number): void {
    if (!this.ended && moment !== this.moment?.index)
      this.dispatchEvent(new PanelRequest([{ type: 'travel', moment }]));
  }

  private readonly pressed = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const mark = this.markOf(event.target);
    if (mark !== undefined && this.pressedOnMark(mark, event.key)) {
      event.preventDefault();
      return;
    }
    const arrow = this.arrowOf(event.target);
    const handlers: Readonly<Record<string, () => void>> = {
      ArrowDown: () => this.rove(arrow, 1),
      ArrowUp: () => this.rove(arrow, -1),
      Home: () => this.goToEnd('first'),
      End: () => this.goToEnd('last'),
      ArrowLeft: () => this.stepMoment(-1),
      ArrowRight: () => this.stepMoment(1),
      Enter: () => arrow !== null && this.activate(arrow),
      ' ': () => arrow !== null && this.activate(arrow),
      Escape: () => this.unpoint(),
    };
    const handle = Object.hasOwn(handlers, event.key) ? handlers[event.key] : undefined;
    if (handle === undefined) return;
    event.preventDefault();
    handle();
  };

  private rove(from: ArrowItem | null, by: 1 | -1): void {
    const arrows = this.layout?.arrows ?? [];
    const next = from === null ? arrows[0] : arrows[arrows.indexOf(from) + by];
    if (next !== undefined || from === null || this.run === null) this.goTo(next);
    else {
      const { id } = from.segment;
      this.goesOn = (layout) => layout.arrows[layout.arrows.findIndex(({ segment }) => segment.id === id) + by];
      this.askFor(by < 0 ? (this.layout?.firstMoment ?? 0) : endOf(this.run) - 1);
    }
  }

  /** To the first or last arrow of the whole run. */
  private goToEnd(which: 'first' | 'last'): void {
    const { layout, run } = this;
    if (layout === null || run === null) return;
    const arrowOf = ({ arrows }: DiagramLayout) => (which === 'first' ? arrows[0] : arrows.at(-1));
    const known = which === 'first' ? layout.firstMoment === 0 : reachesEnd(run);
    if (known || this.ended) {
      this.goTo(arrowOf(layout));
      return;
    }
    this.goesOn = arrowOf;
    this.askFor(which === 'first' ? 0 : run.momentCount - 1);
  }

  private goTo(arrow: ArrowItem | undefined): void {
    if (arrow === undefined) return;
    this.roving = arrow.segment.id;
    this.focusAt(`segment-${arrow.segment.id}`, arrow.y1);
  }

  private focusAt(id: string, y: number): void {
    this.toFocus = id;
    this.scrollToY(y, true);
    this.reslice();
  }

  private goToMark(mark: MarkItem | undefined): void {
    if (mark === undefined) return;
    this.rovingMark = mark.id;
    this.focusAt(mark.id, mark.y);
  }

  private readonly pressedOnMark = (mark: MarkItem, key: string): boolean => {
    const marks = this.layout?.marks ?? [];
    const handlers: Readonly<Record<string, () => void>> = {
      ArrowDown: () => this.goToMark(marks[marks.indexOf(mark) + 1]),
      ArrowUp: () => this.goToMark(marks[marks.indexOf(mark) - 1]),
      Home: () => this.goToMark(marks[0]),
      End: () => this.goToMark(marks.at(-1)),
      Enter: () => this.activateMark(mark),
      ' ': () => this.activateMark(mark),
    };
    const handle = Object.hasOwn(handlers, key) ? handlers[key] : undefined;
    handle?.();
    return handle !== undefined;
  };

  private activateMark({ id, mark }: MarkItem): void {
    this.rovingMark = id;
    if (mark.line !== null) this.dispatchEvent(new PanelRequest([{ type: 'reveal', line: mark.line }]));
    this.travel(mark.moment);
  }

  /** One moment back or on; beyond what is known, the debugger takes a step. */
  private stepMoment(by: 1 | -1): void {
    if (this.moment === null || this.run === null || this.ended) return;
    const next = this.moment.index + by;
    if (next < this.run.momentCount) this.travel(Math.max(0, next));
    else this.dispatchEvent(new PanelRequest([{ type: 'step', step: 'stepIn' }]));
  }

  private readonly movedPointer = (event: PointerEvent): void => {
    const arrow = this.arrowOf(event.target);
    if (arrow === null) {
      this.unpoint();
      return;
    }
    const frame = this.getBoundingClientRect();
    this.pointed = {
      segment: arrow.segment.id,
      left: event.clientX - frame.left + 14,
      top: event.clientY - frame.top + 18,
    };
  };

  private readonly focused = (event: FocusEvent): void => {
    const arrow = this.arrowOf(event.target);
    if (arrow === null || !(event.target instanceof Element) || !event.target.matches(':focus-visible')) return;
    this.roving = arrow.segment.id;
    const frame = this.getBoundingClientRect();
    const { top } = this.canvas.getBoundingClientRect();
    this.pointed = { segment: arrow.segment.id, left: arrow.labelBox.left, top: arrow.y2 + top - frame.top + 14 };
  };

  private readonly unpoint = (): void => {
    this.pointed = null;
  };

  private drawTip({ segment: id }: Pointed): TemplateResult | typeof nothing {
    const arrow = this.layout?.arrows.find(({ segment }) => segment.id === id);
    if (arrow === undefined) return nothing;
    const rows = headerRows(arrow.segment).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`);
    return html`<dl class="tip" aria-hidden="true">${rows}</dl>`;
  }

  private placeTip({ left, top }: Pointed): void {
    const { tip } = this;
    if (tip === null) return;
    const fitsBelow = top + tip.offsetHeight <= this.clientHeight - 4;
    tip.style.left = `${Math.max(4, Math.min(left, this.clientWidth - tip.offsetWidth - 4))}px`;
    tip.style.top = `${fitsBelow ? top : Math.max(4, top - tip.offsetHeight - 30)}px`;
  }
}
