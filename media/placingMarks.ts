import type { MarkView, StateSpanView } from '../src/protocol/view';
import { boxAt } from './boxes';
import type { Column } from './diagramColumns';
import { MARK_ICON_PX } from './diagramItems';
import { withPeer } from './peerName';
import type { Ground } from './placingGround';
import { ellipsize, type Measure } from './textWidth';

/** Between an arrow's end and a text across the whole diagram. */
const BANNER_STEP_PX = 12;
const CHIP_PADDING_PX = 8;
/** So far below the last thing does the bar of a state end that goes on. */
const OPEN_BAR_PX = 18;

/** Places what stands beside the lifelines, and the bars on them: states, timers, calls, checks, changes of the network. */
export class MarkPlacer {
  /** How many marks, and how many states, each moment has so far. */
  private readonly namesOf = new Map<string, number>();
  private readonly openBars = new Map<string, { state: StateSpanView; column: Column; y: number }>();

  constructor(private readonly ground: Ground) {}

  /** The bars of the states that have not ended go on to the bottom. */
  finish(bottomPx: number): void {
    for (const { state, column, y } of this.openBars.values()) this.bar(state, column, y, bottomPx + OPEN_BAR_PX);
  }

  /** A connection enters a state. */
  state(state: StateSpanView): void {
    const column = this.ground.byHost.get(state.host);
    if (column === undefined) return;
    const { measure } = this.ground.options.labels;
    const room = this.ground.roomBeside(column) - 2 * CHIP_PADDING_PX;
    const text = state.peer === null ? state.state : withPeer(state.peer, state.state, room, measure);
    const width = measure(text, 'normal') + 2 * CHIP_PADDING_PX;
    const wanted = this.ground.beside(column, width);
    this.ground.y = this.ground.stack.place(wanted, this.ground.belowTouch(column));
    if (state.main) {
      const open = this.openBars.get(state.host);
      if (open !== undefined) this.bar(open.state, column, open.y, this.ground.y);
      this.openBars.set(state.host, { state, column, y: this.ground.y });
    }
    this.ground.items.push({
      kind: 'state',
      id: this.name('state', state.moment),
      state,
      text,
      column,
      y: this.ground.y,
      box: boxAt(wanted, this.ground.y),
    });
  }

  private bar(state: StateSpanView, column: Column, y1: number, y2: number): void {
    if (y2 > y1) this.ground.items.push({ kind: 'bar', state, column, y1, y2 });
  }

  /** A timer expires, a call is made, a check is judged, or the network changes. */
  mark(mark: MarkView): void {
    const column = mark.host === null ? undefined : this.ground.byHost.get(mark.host);
    if (mark.kind === 'check-passed') this.placePassed(mark);
    else if (column === undefined || mark.kind === 'check-failed') this.placeBanner(mark);
    else {
      const { measure } = this.ground.options.labels;
      const text = shortText(mark, column.gutterPx - MARK_ICON_PX, measure);
      const wanted = this.ground.beside(column, measure(text, 'normal') + MARK_ICON_PX);
      this.ground.y = this.ground.stack.place(wanted, this.ground.belowTouch(column));
      this.ground.items.push({
        kind: 'mark',
        id: this.name('mark', mark.moment),
        mark,
        others: [],
        text,
        column,
        y: this.ground.y,
        box: boxAt(wanted, this.ground.y),
      });
    }
  }

  /** Checks that passed at one instant share one tick, so that they do not stretch the diagram. */
  private placePassed(mark: MarkView): void {
    const last = this.ground.items.at(-1);
    const { checkPx } = this.ground.columns;
    if (last?.kind === 'mark' && last.mark.kind === 'check-passed' && last.mark.timeUs === mark.timeUs) {
      this.ground.items[this.ground.items.length - 1] = { ...last, others: [...last.others, mark] };
      return;
    }
    const wanted = { left: checkPx - 7, right: checkPx + 7, above: 7, below: 7 };
    this.ground.y = this.ground.stack.place(wanted, this.ground.y);
    const box = boxAt(wanted, this.ground.y);
    this.ground.items.push({
      kind: 'mark',
      id: this.name('mark', mark.moment),
      mark,
      others: [],
      text: '',
      column: null,
      y: this.ground.y,
      box,
    });
  }

  private name(kind: 'mark' | 'state', moment: number): string {
    const prefix = `${kind}-${moment}`;
    const before = this.namesOf.get(prefix) ?? 0;
    this.namesOf.set(prefix, before + 1);
    return `${prefix}-${before}`;
  }

  private placeBanner(mark: MarkView): void {
    const { leftPx, rightPx, bodyPx, widthPx } = this.ground.columns;
    const room = Math.max(80, (rightPx > leftPx ? rightPx - leftPx : widthPx - bodyPx) - 24);
    const { measure } = this.ground.options.labels;
    // A failed check is written in bold.
    const weighed: Measure = (text) => measure(text, mark.kind === 'check-failed' ? 'bold' : 'normal');
    const text = ellipsize(mark.text, room - MARK_ICON_PX - 16, weighed);
    const half = (weighed(text, 'normal') + MARK_ICON_PX + 16) / 2;
    const centre = rightPx > leftPx ? (leftPx + rightPx) / 2 : (bodyPx + widthPx) / 2;
    const wanted = { left: centre - half, right: centre + half, above: 11, below: 11 };
    this.ground.y = this.ground.stack.place(wanted, this.ground.y + BANNER_STEP_PX);
    this.ground.items.push({
      kind: 'mark',
      id: this.name('mark', mark.moment),
      mark,
      others: [],
      text,
      column: null,
      y: this.ground.y,
      box: boxAt(wanted, this.ground.y),
    });
  }
}

/** A mark's text in so much room; what need not be said beside the host's own lifeline is left out. */
function shortText({ host, kind, text }: MarkView, roomPx: number, measure: Measure): string {
  const said = kind === 'timer' ? / timer of (\S+) expires$/ : /^(\S+) calls /;
  const owner = host === null ? undefined : said.exec(text)?.[1];
  if (owner === undefined) return ellipsize(text, roomPx, measure);
  const rest = ellipsize(text.replace(said, ''), roomPx, measure);
  // Of another connection than the main one, `server:bob calls CLOSE`, the peer is left.
  return owner.startsWith(`${host}:`) ? withPeer(owner.slice(`${host}:`.length), rest, roomPx, measure) : rest;
}
