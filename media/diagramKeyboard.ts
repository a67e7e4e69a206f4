import type { MomentView, RunView } from '../src/protocol/view';
import type { ArrowItem, DiagramItem } from './diagramItems';
import type { DiagramLayout } from './diagramLayout';
import { groupOf, heightOfStop, placeOf, STOP_GROUPS, type Stop, type StopGroup, stopsIn } from './diagramStops';
import { PanelRequest } from './panelRequest';
import { endOf, reachesEnd } from './store';

/** The diagram, as the keyboard sees it. */
export interface KeyboardHost {
  readonly layout: DiagramLayout | null;
  readonly run: RunView | null;
  readonly moment: MomentView | null;
  readonly ended: boolean;
  readonly renderRoot: ParentNode;
  /** Scrolls so that a height can be seen, and draws what is there. */
  bringIntoSight(y: number): void;
  /** Asks for the stretch of the run around a moment. */
  askFor(around: number): void;
  /** Asks the debugger to stand at a moment. */
  travel(moment: number): void;
  /** Takes away what is shown of the arrow with the focus. */
  unpoint(): void;
  dispatchEvent(event: Event): boolean;
}

/** What Tab reaches in the diagram. */
export interface TabStops {
  /** The id of the one segment. */
  readonly segment: number | null;
  /** The ids of the others, one of each group. */
  readonly stops: ReadonlySet<string>;
}

type Keys = Readonly<Record<string, () => void>>;

/** Where the keyboard is in the diagram, and what its keys do there. */
export class DiagramKeyboard {
  /** The segment whose arrow had the focus last. */
  private segment: number | null = null;
  /** And the ids of the others. */
  private readonly stops = new Map<StopGroup, string>();
  /** The id of what gets the focus as soon as it is drawn. */
  private toFocus: string | null = null;
  /** Which arrow of the next stretch gets the focus, for somebody who goes on beyond the one that is known. */
  private goesOn: ((layout: DiagramLayout) => ArrowItem | undefined) | null = null;

  constructor(private readonly host: KeyboardHost) {}

  /** The tab stops among what is drawn: where the focus was, else where the session stands, else what is near `top`. */
  tabStops(items: readonly DiagramItem[], top: number): TabStops {
    const arrows = items.filter((item) => item.kind === 'arrow');
    const drawn = (id: number | null) => id !== null && arrows.some((arrow) => arrow.segment.id === id);
    const current = this.host.moment?.segment ?? null;
    const nearest = arrows.find(({ y1 }) => y1 >= top) ?? arrows[0];
    const segment = [this.segment, current].find(drawn) ?? nearest?.segment.id ?? null;
    const groups = stopsIn(items);
    const stops = STOP_GROUPS.flatMap((group) => {
      const all = groups[group];
      const last = all.find(({ id }) => id === this.stops.get(group));
      const stop = last ?? all.find((one) => heightOfStop(one) >= top) ?? all[0];
      return stop === undefined ? [] : [stop.id];
    });
    return { segment, stops: new Set(stops) };
  }

  /** The focus has come to an arrow. */
  cameTo({ segment }: ArrowItem): void {
    this.segment = segment.id;
  }

  /** The diagram has been drawn, with another stretch of the run when `newRun`. */
  drawn(layout: DiagramLayout, newRun: boolean): void {
    if (this.goesOn !== null && newRun) {
      const arrow = this.goesOn(layout);
      this.goesOn = null;
      this.goTo(arrow);
    } else if (this.toFocus !== null) {
      const target = this.host.renderRoot.querySelector<SVGElement>(`#${this.toFocus}`);
      this.toFocus = null;
      target?.focus({ preventScroll: true });
    }
  }

  /** A key on an arrow, on a stop, or on nothing of both. */
  pressed(event: KeyboardEvent, arrow: ArrowItem | null, stop: Stop | null): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const keys = { ...this.keysOfArrow(arrow), ...(stop === null ? {} : this.keysOfStop(stop)) };
    const handle = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
    if (handle === undefined) return;
    event.preventDefault();
    handle();
  }

  /** An arrow is chosen: its line is shown, and the session goes to its sending. */
  activate({ segment }: ArrowItem): void {
    this.segment = segment.id;
    this.reveal(segment.line);
    this.host.travel(segment.sentMoment);
  }

  private keysOfArrow(arrow: ArrowItem | null): Keys {
    const activate = () => arrow !== null && this.activate(arrow);
    return {
      ArrowDown: () => this.rove(arrow, 1),
      ArrowUp: () => this.rove(arrow, -1),
      Home: () => this.goToEnd('first'),
      End: () => this.goToEnd('last'),
      ArrowLeft: () => this.stepMoment(-1),
      ArrowRight: () => this.stepMoment(1),
      Enter: activate,
      ' ': activate,
      Escape: () => this.host.unpoint(),
    };
  }

  private keysOfStop(stop: Stop): Keys {
    const all = this.host.layout?.stops[groupOf(stop)] ?? [];
    const activate = () => this.activateStop(stop);
    return {
      ArrowDown: () => this.goToStop(all[all.indexOf(stop) + 1]),
      ArrowUp: () => this.goToStop(all[all.indexOf(stop) - 1]),
      Home: () => this.goToStop(all[0]),
      End: () => this.goToStop(all.at(-1)),
      Enter: activate,
      ' ': activate,
    };
  }

  private rove(from: ArrowItem | null, by: 1 | -1): void {
    const { layout, run } = this.host;
    const arrows = layout?.arrows ?? [];
    const next = from === null ? arrows[0] : arrows[arrows.indexOf(from) + by];
    if (next !== undefined || from === null || run === null) this.goTo(next);
    else {
      const { id } = from.segment;
      this.goesOn = (later) => later.arrows[later.arrows.findIndex(({ segment }) => segment.id === id) + by];
      this.host.askFor(by < 0 ? (layout?.firstMoment ?? 0) : endOf(run) - 1);
    }
  }

  /** To the first or last arrow of the whole run. */
  private goToEnd(which: 'first' | 'last'): void {
    const { layout, run, ended } = this.host;
    if (layout === null || run === null) return;
    const arrowOf = ({ arrows }: DiagramLayout) => (which === 'first' ? arrows[0] : arrows.at(-1));
    const known = which === 'first' ? layout.firstMoment === 0 : reachesEnd(run);
    if (known || ended) {
      this.goTo(arrowOf(layout));
      return;
    }
    this.goesOn = arrowOf;
    this.host.askFor(which === 'first' ? 0 : run.momentCount - 1);
  }

  private goTo(arrow: ArrowItem | undefined): void {
    if (arrow === undefined) return;
    this.segment = arrow.segment.id;
    this.focusAt(`segment-${arrow.segment.id}`, arrow.y1);
  }

  private goToStop(stop: Stop | undefined): void {
    if (stop === undefined) return;
    this.stops.set(groupOf(stop), stop.id);
    this.focusAt(stop.id, heightOfStop(stop));
  }

  private focusAt(id: string, y: number): void {
    this.toFocus = id;
    this.host.bringIntoSight(y);
  }

  private activateStop(stop: Stop): void {
    this.stops.set(groupOf(stop), stop.id);
    const { line, moment } = placeOf(stop);
    this.reveal(line);
    this.host.travel(moment);
  }

  /** One moment back or on; beyond what is known, the debugger takes a step. */
  private stepMoment(by: 1 | -1): void {
    const { moment, run, ended } = this.host;
    if (moment === null || run === null || ended) return;
    const next = moment.index + by;
    if (next < run.momentCount) this.host.travel(Math.max(0, next));
    else this.host.dispatchEvent(new PanelRequest([{ type: 'step', step: 'stepIn' }]));
  }

  private reveal(line: number | null): void {
    if (line !== null) this.host.dispatchEvent(new PanelRequest([{ type: 'reveal', line }]));
  }
}
