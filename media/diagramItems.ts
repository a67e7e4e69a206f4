import type { IcmpView, MarkView, SegmentView, StateSpanView } from '../src/protocol/view';
import type { Box } from './boxes';
import type { Column } from './diagramColumns';
import type { Label } from './segmentLabel';

/** Room for the small picture before a mark's text, in pixels. */
export const MARK_ICON_PX = 17;

/** A text beside something. */
export interface Note {
  readonly text: string;
  readonly box: Box;
}

/** A segment's arrow: a straight line from (x1, y1) to (x2, y2), y2 below y1. */
export interface ArrowItem {
  readonly kind: 'arrow';
  readonly segment: SegmentView;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly end: 'arrival' | 'cross' | 'held';
  readonly label: Label;
  readonly labelBox: Box;
  /** Among many others: its label must not hide their lines. */
  readonly crowded: boolean;
  /** What the network did to it, beside the cross. */
  readonly note: Note | null;
}

/** An ICMP message's arrow, from the router between two lifelines or from its forger. */
export interface IcmpItem {
  readonly kind: 'icmp';
  /** Its name among the diagram's elements. */
  readonly id: string;
  readonly icmp: IcmpView;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly end: 'arrival' | 'cross';
  readonly text: string;
  readonly box: Box;
}

/** The name of a state where a lifeline enters it. */
export interface StateItem {
  readonly kind: 'state';
  /** Its name among the diagram's elements; the same whenever the run is drawn. */
  readonly id: string;
  readonly state: StateSpanView;
  readonly text: string;
  readonly column: Column;
  readonly y: number;
  readonly box: Box;
}

/** A timer, a call, a check or a change of the network. */
export interface MarkItem {
  readonly kind: 'mark';
  /** Its name among the diagram's elements; the same whenever the run is drawn. */
  readonly id: string;
  readonly mark: MarkView;
  /** More marks that share this place: checks that passed at the same instant. */
  readonly others: readonly MarkView[];
  readonly text: string;
  /** null for marks that are no host's. */
  readonly column: Column | null;
  readonly y: number;
  readonly box: Box;
}

/** A stretch of time that is not drawn to scale. */
export interface BreakItem {
  readonly kind: 'break';
  readonly durationUs: number;
  readonly y: number;
}

/** A time on the axis. */
export interface TickItem {
  readonly kind: 'tick';
  readonly timeUs: number;
  readonly moment: number;
  readonly y: number;
}

/** A lifeline while it is in one state. */
export interface BarItem {
  readonly kind: 'bar';
  readonly state: StateSpanView;
  readonly column: Column;
  readonly y1: number;
  readonly y2: number;
}

/** Everything that the diagram draws. */
export type DiagramItem = ArrowItem | IcmpItem | StateItem | MarkItem | BreakItem | TickItem | BarItem;

/** Upper and lower edge of an item. */
export function extentOf(item: DiagramItem): { readonly top: number; readonly bottom: number } {
  switch (item.kind) {
    case 'arrow':
      return { top: Math.min(item.labelBox.top, item.y1), bottom: Math.max(item.y2, item.note?.box.bottom ?? 0) + 8 };
    case 'icmp':
      return { top: Math.min(item.box.top, item.y1), bottom: item.y2 + 8 };
    case 'bar':
      return { top: item.y1, bottom: item.y2 };
    case 'state':
    case 'mark':
      return item.box;
    case 'tick':
    case 'break':
      return { top: item.y - 10, bottom: item.y + 10 };
  }
}
