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
import type { ArrowItem, DiagramItem } from './diagramItems';
import { DiagramKeyboard } from './diagramKeyboard';
import { type DiagramLayout, heightOf, layoutRun, momentAt } from './diagramLayout';
import { type Stop, stopsIn } from './diagramStops';
import { diagramStyles } from './diagramStyles';
import { drawTip, focusedOn, type Pointed, placeTip, pointedAt } from './diagramTip';
import { plural } from './format';
import { PanelRequest } from './panelRequest';
import { Labeller } from './segmentLabel';
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

  @query('.scroller') private scroller!: HTMLElement;
  @query('.canvas') private canvas!: HTMLElement;
  @query('.drawing') private drawing!: SVGSVGElement;
  @query('.tip') private tip!: HTMLElement | null;

  /** Where everything is; null before the first run. */
  layout: DiagramLayout | null = null;
  private index = new VisibleIndex([]);
  private measure: Measure | null = null;
  private labels: Labeller | null = null;
  /** The run of which more has been asked for. */
  private askedOf: RunView | null = null;
  /** A moment and its place in the visible part, which it keeps when another stretch is drawn. */
  private kept: { readonly moment: number; readonly belowTop: number } | null = null;
  private readonly keyboard = new DiagramKeyboard(this);
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
    if (this.pointed !== null) this.showTip(this.pointed);
    this.keyboard.drawn(this.layout, changed.has('run'));
  }

  protected override render(): TemplateResult {
    const layout = this.layout;
    const pointed = layout?.arrows.find(({ segment }) => segment.id === this.pointed?.segment);
    return html`
      <div class="scroller" @scroll=${this.scrolled} @click=${this.clicked} @keydown=${this.pressed}
        @pointermove=${this.movedPointer} @pointerleave=${this.unpoint} @focusin=${this.focused} @focusout=${this.unpoint}
        role="group" aria-label="Sequence diagram: up and down go from segment to segment, from mark to mark or from state to state, left and right from moment to moment">
        <div class="head">${layout === null || this.measure === null ? nothing : drawHosts(this.run?.hosts ?? [], layout.columns, this.measure)}</div>
        <div class="canvas"><svg class="drawing" width=${layout?.columns.widthPx ?? 0}
          height=${this.slice.bottom - this.slice.top}
          viewBox="0 ${this.slice.top} ${layout?.columns.widthPx ?? 0} ${this.slice.bottom - this.slice.top}">
          ${layout === null ? nothing : this.drawSlice(layout)}</svg>
          ${layout === null ? nothing : this.drawMore(layout)}</div>
      </div>
      ${pointed === undefined ? nothing : drawTip(pointed)}`;
  }

  /** Ways to what comes before and after the stretch that is known; when the session is over, only how much that was. */
  private drawMore({ firstMoment }: DiagramLayout): TemplateResult {
    const { run } = this;
    const last = run === null ? 0 : endOf(run) - 1;
    const later = run === null ? 0 : run.momentCount - 1 - last;
    const more = (name: string, count: number, around: number) => {
      if (count <= 0) return nothing;
      const what = plural(count, `${name} moment`);
      return this.ended
        ? html`<span class="more ${name}">${what} can be seen only while the session lives</span>`
        : html`<button class="more ${name}" @click=${() => this.askFor(around)}>${what}</button>`;
    };
    return html`${more('earlier', firstMoment, firstMoment)}${more('later', later, last)}`;
  }

  private drawSlice(layout: DiagramLayout): TemplateResult {
    const items = this.index.between(this.slice.top, this.slice.bottom);
    const standing = this.standing(layout, items);
    const arrows = items.filter((item) => item.kind === 'arrow');
    const { states, marks } = stopsIn(items);
    const ticks = items.filter((item) => item.kind === 'tick');
    const { columns } = layout;
    return svg`
      ${columns.columns.map(
        ({ xPx }) =>
          svg`<line class="lifeline" x1=${xPx} x2=${xPx} y1=${this.slice.top} y2=${Math.min(this.slice.bottom, layout.heightPx)}></line>`,
      )}
      ${items.map((item) => drawBelow(item, columns, standing))}
      ${drawNowLine(columns, standing)}
      ${[...ticks, ...states, ...marks].map((item) => drawAbove(item, columns, standing))}
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
    const y = heightOf(layout, moment);
    const inFlight = roomForInFlight(items, { moment });
    return {
      moment,
      y,
      segment,
      pointed: this.pointed?.segment ?? null,
      tabStops: this.keyboard.tabStops(items, this.slice.top + MARGIN_PX),
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
  askFor(around: number): void {
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

  /** Scrolls so that a height can be seen, and draws what is there. */
  bringIntoSight(y: number): void {
    this.scrollToY(y, true);
    this.reslice();
    this.requestUpdate();
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

  private stopOf(target: EventTarget | null): Stop | null {
    const id = target instanceof Element ? target.closest('.stop')?.id : undefined;
    const stops = this.layout?.stops;
    return [...(stops?.states ?? []), ...(stops?.marks ?? [])].find((stop) => stop.id === id) ?? null;
  }

  private readonly clicked = (event: MouseEvent): void => {
    const arrow = this.arrowOf(event.target);
    if (arrow !== null) this.keyboard.activate(arrow);
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

  /** Asks the debugger to stand at a moment. */
  travel(moment: number): void {
    if (!this.ended && moment !== this.moment?.index)
      this.dispatchEvent(new PanelRequest([{ type: 'travel', moment }]));
  }

  private readonly pressed = (event: KeyboardEvent): void => {
    this.keyboard.pressed(event, this.arrowOf(event.target), this.stopOf(event.target));
  };

  private readonly movedPointer = (event: PointerEvent): void => {
    const arrow = this.arrowOf(event.target);
    this.pointed = arrow === null ? null : pointedAt(arrow, event, this.getBoundingClientRect());
  };

  private readonly focused = (event: FocusEvent): void => {
    const arrow = this.arrowOf(event.target);
    if (arrow === null || !(event.target instanceof Element) || !event.target.matches(':focus-visible')) return;
    this.keyboard.cameTo(arrow);
    this.pointed = focusedOn(arrow, this.canvas.getBoundingClientRect().top, this.getBoundingClientRect());
  };

  /** Takes away what is shown of the arrow that was pointed at. */
  readonly unpoint = (): void => {
    this.pointed = null;
  };

  private showTip(pointed: Pointed): void {
    if (this.tip !== null) placeTip(this.tip, pointed, this);
  }
}
