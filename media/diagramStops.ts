import type { DiagramItem, IcmpItem, MarkItem, StateItem } from './diagramItems';

/** Something beside the arrows that the keyboard comes to. */
export type Stop = StateItem | MarkItem | IcmpItem;

/** Each group has one tab stop, and up and down go from one of the group to the next. */
export type StopGroup = 'states' | 'marks';

/** The groups, in the order in which Tab comes to them. */
export const STOP_GROUPS: readonly StopGroup[] = ['states', 'marks'];

/** What belongs to a group, in the order in which it is given. */
export function stopsIn(items: readonly DiagramItem[]): Readonly<Record<StopGroup, readonly Stop[]>> {
  return {
    states: items.filter((item) => item.kind === 'state'),
    marks: items.filter((item) => item.kind === 'mark' || item.kind === 'icmp'),
  };
}

/** The group of a stop. */
export function groupOf({ kind }: Stop): StopGroup {
  return kind === 'state' ? 'states' : 'marks';
}

/** Where a stop is in the diagram. */
export function heightOfStop(stop: Stop): number {
  return stop.kind === 'icmp' ? stop.y1 : stop.y;
}

/** The moment to which a stop leads, and the line of the script that it comes from. */
export function placeOf(stop: Stop): { readonly moment: number; readonly line: number | null } {
  switch (stop.kind) {
    case 'state':
      return { moment: stop.state.moment, line: null };
    case 'mark':
      return stop.mark;
    case 'icmp':
      return { moment: stop.icmp.sentMoment, line: stop.icmp.cause.line };
  }
}
