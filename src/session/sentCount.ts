import type { SegmentPattern } from '../engine/pattern';
import { segmentCount, segmentRecord, type World } from '../engine/sim/world';
import type { Condition } from '../script/program';
import { isFrom } from './actors';
import { matches } from './run';
import type { RunState } from './runState';

type Sent = Extract<Condition, { kind: 'sent' }>;

interface Counted {
  /** Segments up to this id have been looked at. */
  searched: number;
  count: number;
}

/** What has been counted in each world: what was sent is never sent otherwise, so that only news is looked at. A copy of a world counts anew. */
const COUNTED = new WeakMap<World, WeakMap<Sent, Counted>>();

/** How many segments that a condition speaks of have been sent. */
export function countSent(state: RunState, condition: Sent): number {
  const { world } = state;
  const counted = isLasting(condition.pattern) ? countedIn(world, condition) : { searched: 0, count: 0 };
  for (const last = segmentCount(world); counted.searched < last; ) {
    const record = segmentRecord(world, ++counted.searched);
    if (isFrom(record, condition.host) && !record.duplicate && matches(state, condition.pattern, record))
      counted.count++;
  }
  return counted.count;
}

/** Numbers that are counted from an ISN mean another segment once there is another connection. */
function isLasting({ seq, ack }: SegmentPattern): boolean {
  return seq?.kind !== 'relative' && ack?.kind !== 'relative';
}

function countedIn(world: World, condition: Sent): Counted {
  const known = COUNTED.get(world) ?? new WeakMap<Sent, Counted>();
  COUNTED.set(world, known);
  const counted = known.get(condition) ?? { searched: 0, count: 0 };
  known.set(condition, counted);
  return counted;
}
