import type { Cause, SegmentRecord, Trigger } from '../events';
import { NO_OCTETS, octetsLength } from '../octets';
import type { RuleId } from '../rules';
import type { Endpoint, Segment } from '../segment';
import { NO_OPTIONS } from '../segment';
import type { Seq } from '../seq';

/** How many segments have their columns together; a power of two. */
export const CHUNK_BITS = 8;
const CHUNK_SIZE = 1 << CHUNK_BITS;

/** Who sends to whom. Few in a run, so that a record keeps the number of its route. */
interface Route {
  readonly from: string;
  readonly to: string;
  readonly source: Endpoint;
  readonly destination: Endpoint;
}

/** The routes of a run, in the order in which they were met. Only ever grows, so that copies of a store share it. */
export type Routes = Route[];

/** A forger can make up any number of addresses: beyond so many routes records are kept whole. */
const MOST_ROUTES = 64;

/**
 * The plain records among 256 neighbours, in columns: some 90 bytes each where an object with all its parts takes 500,
 * and nothing that the garbage collector has to walk. Plain is a segment of the test pattern, with no options but timestamps,
 * that the network only carries.
 */
export interface RecordColumns {
  readonly numbers: Int32Array;
  readonly times: Float64Array;
  readonly rules: (RuleId | undefined)[];
  /** What set it off, unless that was a segment; those are in `numbers`. */
  readonly triggers: (Trigger | undefined)[];
  /** By which rule those were thrown away that were: few as a rule. */
  readonly discards: (RuleId | undefined)[];
}

/** Places in `numbers`, so many to a record. */
const SEQ = 0;
const ACK = 1;
/** The control bits, the ECN field from bit 8 on, and the bits below. */
const FLAGS = 2;
/** The window, and the urgent pointer from bit 16 on. */
const WINDOW = 3;
const LENGTH = 4;
const ROUTE = 5;
/** The script line; 0 for none. */
const LINE = 6;
/** The segment that set it off; 0 for something else. */
const TRIGGER = 7;
const TS_VALUE = 8;
const TS_ECHO = 9;
const NUMBERS = 10;

const ECN_SHIFT = 8;
const INJECTED = 1 << 10;
const RETRANSMISSION = 1 << 11;
const STAMPED = 1 << 12;
const DELIVERED = 1 << 13;
const HEADER_FLAGS = 0xff;

/** Places in `times`. */
const SENT = 0;
const ARRIVED = 1;
/** Where its stretch of the test pattern begins; not a time, but a number that 32 bits may not hold. */
const PATTERN_START = 2;
const TIMES = 3;

/** Columns in which nothing stands yet. */
export function createColumns(): RecordColumns {
  return {
    numbers: new Int32Array(NUMBERS * CHUNK_SIZE),
    times: new Float64Array(TIMES * CHUNK_SIZE),
    rules: new Array<RuleId | undefined>(CHUNK_SIZE).fill(undefined),
    triggers: new Array<Trigger | undefined>(CHUNK_SIZE).fill(undefined),
    discards: [],
  };
}

/** A copy that goes its own way. */
export function cloneColumns({ numbers, times, rules, triggers, discards }: RecordColumns): RecordColumns {
  return {
    numbers: numbers.slice(),
    times: times.slice(),
    rules: rules.slice(),
    triggers: triggers.slice(),
    discards: discards.slice(),
  };
}

/** A plain segment that enters the link, and how it fares. */
export interface PlainPassage {
  readonly segment: Segment;
  readonly cause: Cause;
  readonly retransmission: boolean;
}

/** Writes the record of a plain segment into row `row`, as on its way; `route` as {@link routeOf} gave it. */
export function pack(
  columns: RecordColumns,
  row: number,
  route: number,
  { segment, cause, retransmission }: PlainPassage,
  injected: boolean,
  timeUs: number,
  arriveUs: number,
): void {
  const { numbers, times, rules, triggers } = columns;
  const { ts } = segment.options;
  const { trigger } = cause;
  const bits = (injected ? INJECTED : 0) | (retransmission ? RETRANSMISSION : 0) | (ts === undefined ? 0 : STAMPED);
  const at = row * NUMBERS;
  numbers[at + SEQ] = segment.seq;
  numbers[at + ACK] = segment.ack;
  numbers[at + FLAGS] = segment.flags | (segment.ecn << ECN_SHIFT) | bits;
  numbers[at + WINDOW] = segment.wnd | (segment.up << 16);
  numbers[at + LENGTH] = octetsLength(segment.payload);
  numbers[at + ROUTE] = route;
  numbers[at + LINE] = cause.line ?? 0;
  if (ts !== undefined) {
    numbers[at + TS_VALUE] = ts[0];
    numbers[at + TS_ECHO] = ts[1];
  }
  if (trigger.kind === 'segment') numbers[at + TRIGGER] = trigger.segment;
  else triggers[row] = trigger;
  times[row * TIMES + SENT] = timeUs;
  times[row * TIMES + ARRIVED] = arriveUs;
  times[row * TIMES + PATTERN_START] = segment.payload.kind === 'pattern' ? segment.payload.start : 0;
  rules[row] = cause.rule;
}

/** Whether the columns can hold all that a segment is. */
export function isPlain({ options, payload }: Segment): boolean {
  if (payload.kind !== 'pattern') return false;
  if (options === NO_OPTIONS) return true;
  const { mss, wscale, sackOK, sack } = options;
  return mss === undefined && wscale === undefined && sackOK === undefined && sack === undefined;
}

/** The number of the route that a segment takes; -1 when there are too many. */
export function routeOf(routes: Routes, from: string, to: string, { source, destination }: Segment): number {
  for (let i = 0; i < routes.length; i++) {
    const route = routes[i];
    // A connection gives all its segments the same two endpoints.
    if (route === undefined || route.source !== source || route.destination !== destination) continue;
    if (route.from === from && route.to === to) return i;
  }
  if (routes.length >= MOST_ROUTES) return -1;
  return routes.push({ from, to, source, destination }) - 1;
}

/** The segment in row `row` has arrived; false when it had before. */
export function markDelivered({ numbers }: RecordColumns, row: number): boolean {
  const at = row * NUMBERS + FLAGS;
  const flags = numbers[at] ?? 0;
  numbers[at] = flags | DELIVERED;
  return (flags & DELIVERED) === 0;
}

/** The record that was packed into row `row`; undefined when none was. A fresh object. */
export function unpack(columns: RecordColumns, routes: Routes, row: number, id: number): SegmentRecord | undefined {
  const rule = columns.rules[row];
  if (rule === undefined) return undefined;
  const at = row * NUMBERS;
  const route = routes[columns.numbers[at + ROUTE] ?? 0];
  if (route === undefined) throw new Error(`the record of segment ${id} has an unknown route`);
  const flags = columns.numbers[at + FLAGS] ?? 0;
  const discarded = columns.discards[row];
  const trigger = columns.triggers[row] ?? { kind: 'segment', segment: columns.numbers[at + TRIGGER] ?? 0 };
  return {
    id,
    from: route.from,
    to: route.to,
    segment: unpackSegment(columns, route, row),
    timeUs: columns.times[row * TIMES + SENT] ?? 0,
    arriveUs: columns.times[row * TIMES + ARRIVED] ?? 0,
    fate: (flags & DELIVERED) === 0 ? 'in-flight' : 'delivered',
    injected: (flags & INJECTED) !== 0,
    duplicate: false,
    corrupted: false,
    retransmission: (flags & RETRANSMISSION) !== 0,
    diedAt: null,
    cause: { rule, line: columns.numbers[at + LINE] || null, trigger },
    fault: null,
    networkCause: null,
    ...(discarded === undefined ? {} : { discarded }),
  };
}

function unpackSegment({ numbers, times }: RecordColumns, { source, destination }: Route, row: number): Segment {
  const at = row * NUMBERS;
  const flags = numbers[at + FLAGS] ?? 0;
  const window = numbers[at + WINDOW] ?? 0;
  const lengthBytes = numbers[at + LENGTH] ?? 0;
  const start = times[row * TIMES + PATTERN_START] ?? 0;
  const stamps = [(numbers[at + TS_VALUE] ?? 0) >>> 0, (numbers[at + TS_ECHO] ?? 0) >>> 0] as const;
  return {
    source,
    destination,
    seq: ((numbers[at + SEQ] ?? 0) >>> 0) as Seq,
    ack: ((numbers[at + ACK] ?? 0) >>> 0) as Seq,
    flags: flags & HEADER_FLAGS,
    wnd: window & 0xffff,
    up: window >>> 16,
    options: (flags & STAMPED) === 0 ? NO_OPTIONS : { ts: stamps },
    payload: start === 0 && lengthBytes === 0 ? NO_OCTETS : { kind: 'pattern', start, lengthBytes },
    ecn: (flags >>> ECN_SHIFT) & 3,
  };
}
