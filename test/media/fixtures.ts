import type { MarkView, MomentView, RunView, SegmentView, StateSpanView } from '../../src/protocol/view';

/** A segment in a fixture: what is not said is usual. */
export interface SegmentFacts extends Partial<SegmentView> {
  readonly from: string;
  readonly to: string | null;
  readonly sentUs: number;
  readonly flags: string;
}

/** A run in a fixture. Moments are made of what happens, in the order of time. */
export interface RunFacts {
  readonly title: string;
  readonly hosts: readonly string[];
  readonly segments: readonly SegmentFacts[];
  readonly states?: readonly (readonly [host: string, state: string, fromUs: number])[];
  readonly marks?: readonly (readonly [
    kind: MarkView['kind'],
    host: string | null,
    timeUs: number,
    text: string,
    line?: number,
  ])[];
  readonly finished?: boolean;
}

type Happening =
  | { readonly kind: 'segment-sent' | 'segment-arrived'; readonly timeUs: number; readonly segment: number }
  | { readonly kind: 'mark'; readonly timeUs: number; readonly mark: number }
  | { readonly kind: 'state'; readonly timeUs: number; readonly state: number };

const ORDER = { 'segment-arrived': 0, mark: 1, state: 2, 'segment-sent': 3 } as const;
const DELAY_US = 10_000;

/** Makes the view of a run. */
export function runOf(facts: RunFacts): RunView {
  const segments = facts.segments.map(segmentOf);
  const happenings = happeningsOf(facts, segments);
  const moment = new Map<Happening, number>(happenings.map((one, index) => [one, index + 1]));
  const at = (kind: Happening['kind'], index: number): number | null => {
    const found = happenings.find(
      (one) =>
        one.kind === kind &&
        ('segment' in one ? one.segment : 'mark' in one ? one.mark : 'state' in one ? one.state : -1) === index,
    );
    return found === undefined ? null : (moment.get(found) ?? null);
  };
  const endUs = happenings.at(-1)?.timeUs ?? 0;
  const initial = facts.hosts.map(
    (host): StateSpanView => ({ host, peer: null, main: true, state: 'CLOSED', fromUs: 0, moment: 0 }),
  );
  return {
    title: facts.title,
    hosts: facts.hosts.map((name, index) => ({ name, address: `10.0.0.${index + 1}`, port: index === 1 ? 80 : 49152 })),
    segments: segments.map((segment, index) => ({
      ...segment,
      sentMoment: at('segment-sent', index) ?? 0,
      arrivedMoment: at('segment-arrived', index),
    })),
    icmp: [],
    states: [
      ...initial,
      ...(facts.states ?? []).map(([host, state, fromUs], index) => ({
        host,
        peer: null,
        main: true,
        state,
        fromUs,
        moment: at('state', index) ?? 0,
      })),
    ],
    marks: (facts.marks ?? []).map(([kind, host, timeUs, text, line], index) => ({
      kind,
      host,
      timeUs,
      text,
      line: line ?? null,
      moment: at('mark', index) ?? 0,
    })),
    moments: [
      {
        index: 0,
        kind: 'start',
        timeUs: 0,
        line: null,
        title: 'The scenario begins',
        host: null,
        connection: null,
        segment: null,
      },
      ...happenings.map((one, index) => ({
        index: index + 1,
        kind: one.kind,
        timeUs: one.timeUs,
        line: index + 1,
        title: `${one.kind} ${index + 1}`,
        host: null,
        connection: null,
        segment: 'segment' in one ? one.segment : null,
      })),
      {
        index: happenings.length + 1,
        kind: 'end',
        timeUs: endUs,
        line: null,
        title: 'The end',
        host: null,
        connection: null,
        segment: null,
      },
    ],
    momentCount: happenings.length + 2,
    usualDelayUs: usualDelayOf(segments),
    endUs,
    finished: facts.finished ?? true,
    outcome: facts.finished === false ? null : 'passed',
  };
}

function usualDelayOf(segments: readonly SegmentView[]): number | null {
  const slow = segments.find(({ sentUs, arriveUs }) => arriveUs !== null && arriveUs > sentUs);
  return slow?.arriveUs == null ? null : slow.arriveUs - slow.sentUs;
}

function happeningsOf(facts: RunFacts, segments: readonly SegmentView[]): readonly Happening[] {
  const happenings: Happening[] = [
    ...segments.flatMap((segment, index): Happening[] => [
      { kind: 'segment-sent', timeUs: segment.sentUs, segment: index },
      ...(segment.fate === 'delivered' && segment.arriveUs !== null
        ? [{ kind: 'segment-arrived', timeUs: segment.arriveUs, segment: index } as const]
        : []),
    ]),
    ...(facts.marks ?? []).map((mark, index): Happening => ({ kind: 'mark', timeUs: mark[2], mark: index })),
    ...(facts.states ?? []).map((state, index): Happening => ({ kind: 'state', timeUs: state[2], state: index })),
  ];
  const rank = (one: Happening): number => {
    const atOnce = one.kind === 'segment-arrived' && segments[one.segment]?.sentUs === one.timeUs;
    return atOnce ? ORDER['segment-sent'] + 1 : ORDER[one.kind];
  };
  return happenings.sort((a, b) => a.timeUs - b.timeUs || rank(a) - rank(b));
}

function segmentOf(facts: SegmentFacts, id: number): SegmentView {
  const acks = facts.flags.includes('ACK');
  const ack = facts.ack ?? (acks ? 1 : null);
  return {
    id,
    arriveUs: facts.sentUs + DELAY_US,
    fate: 'delivered',
    diedAt: facts.fate === 'dropped' || facts.fate === 'lost' ? 0.5 : null,
    seq: 0,
    ack,
    seqRaw: 1000 + (facts.seq ?? 0),
    ackRaw: ack === null ? null : 5000 + ack,
    lengthBytes: 0,
    wnd: 65535,
    up: null,
    options: facts.flags.startsWith('SYN') ? ['mss 1460'] : [],
    optionsRaw: facts.flags.startsWith('SYN') ? ['mss 1460'] : [],
    retransmission: false,
    absolute: [],
    discarded: null,
    injected: false,
    duplicate: false,
    corrupted: false,
    line: id + 3,
    fault: null,
    sentMoment: 0,
    arrivedMoment: null,
    cause: {
      rule: 'open-active',
      text: 'An active OPEN sends a SYN and enters SYN-SENT.',
      reference: 'RFC 9293 3.10.1',
      url: 'https://www.rfc-editor.org/rfc/rfc9293#section-3.10.1',
      requirement: 'MUST-13',
      line: id + 3,
    },
    ...facts,
  };
}

/** A run as far as its first `count` moments tell it. */
export function partOf(run: RunView, count: number): RunView {
  const known = ({ moment }: { readonly moment: number }) => moment < count;
  return {
    ...run,
    segments: run.segments
      .filter(({ sentMoment }) => sentMoment < count)
      .map((segment) =>
        segment.arrivedMoment === null || segment.arrivedMoment < count
          ? segment
          : { ...segment, fate: 'in-flight', arrivedMoment: null },
      ),
    states: run.states.filter(known),
    marks: run.marks.filter(known),
    moments: run.moments.slice(0, count),
    momentCount: count,
    endUs: run.moments[count - 1]?.timeUs ?? 0,
    finished: false,
    outcome: null,
  };
}

/** A stretch of a run, as the adapter tells of a long one. */
export function stretchOf(run: RunView, from: number, to: number): RunView {
  const within = ({ moment }: { readonly moment: number }) => moment >= from && moment < to;
  const fromUs = run.moments[from]?.timeUs ?? 0;
  const before = new Map(run.states.filter(({ moment }) => moment < from).map((state) => [state.host, state]));
  return {
    ...run,
    segments: run.segments.filter(({ sentMoment, arrivedMoment }) =>
      [sentMoment, arrivedMoment ?? -1].some((moment) => moment >= from && moment < to),
    ),
    states: [
      ...[...before.values()].map((state) => ({ ...state, fromUs, moment: from })),
      ...run.states.filter(within),
    ],
    marks: run.marks.filter(within),
    moments: run.moments.slice(from, to),
  };
}

/** The view of one moment of a run, with two or three hosts that have variables. */
export function momentOf(run: RunView, index: number): MomentView {
  const summary = run.moments.find((moment) => moment.index === index);
  if (summary === undefined) throw new RangeError(`The fixture has no moment ${index}.`);
  const cause = run.segments.find(({ id }) => id === summary.segment)?.cause ?? run.segments[0]?.cause;
  return {
    index,
    kind: summary.kind,
    timeUs: summary.timeUs,
    title: summary.title,
    line: summary.line,
    statement: 'client send SYN',
    segment: summary.segment,
    causes: cause === undefined ? [] : [{ ...cause, what: 'client goes from CLOSED to SYN-SENT' }],
    because: cause === undefined ? [] : chainOf(index),
    hosts: run.hosts.map(({ name }, place) => hostOf(run, name, place, index)),
    timers: [{ host: run.hosts[0]?.name ?? '', timer: 'retransmission', expiresUs: summary.timeUs + 1_000_000 }],
    inFlight: [],
    check: null,
  };
}

/** A chain as the session tells them: what happened at this moment, a segment, and a line of the script. */
function chainOf(moment: number): MomentView['because'] {
  const rfc = { reference: 'RFC 9293 3.10.7.2', url: 'https://www.rfc-editor.org/rfc/rfc9293#section-3.10.7.2' };
  const rule = { ...rfc, requirement: null, text: 'A SYN reaches the listening side.' };
  return [
    { kind: 'event', what: 'server goes from LISTEN to SYN-RECEIVED at 10 ms', ...rule, line: 4, moment },
    { kind: 'arrival', what: 'the segment SYN (seq 1000) from client arrives at server', ...rule, line: 4, moment: 1 },
    {
      kind: 'line',
      what: 'client calls OPEN at 0 ms by line 4, `client connect`',
      text: 'The application asks its TCP to set up a connection.',
      reference: null,
      url: null,
      requirement: null,
      line: 4,
      moment: null,
    },
  ];
}

function hostOf(run: RunView, name: string, place: number, index: number): MomentView['hosts'][number] {
  const states = run.states.filter(({ host, moment }) => host === name && moment <= index);
  const changed = states.at(-1)?.moment === index && states.length > 1;
  const iss = 1000 + 4000 * place;
  const variable = (group: string, variableName: string, value: string, previous: string | null = null) => ({
    name: variableName,
    value,
    previous,
    relative: null,
    doc: `What ${variableName} means, in a sentence.`,
    section: 'RFC 9293 3.3.1',
    group,
  });
  return {
    name,
    host: name,
    main: true,
    hidden: 0,
    state: states.at(-1)?.state ?? 'CLOSED',
    previousState: changed ? (states.at(-2)?.state ?? null) : null,
    waiting: [
      {
        text: 'Its SYN has left and waits for the answer; it is sent again at 1 s.',
        says: 'The SYN has left: until its answer arrives TCP only repeats it.',
        reference: 'RFC 9293 3.8.3',
        url: 'https://www.rfc-editor.org/rfc/rfc9293#section-3.8.3',
        requirement: 'MUST-22',
        untilUs: 1_000_000,
      },
    ],
    variables: [
      variable('Send', 'ISS', String(iss)),
      variable('Send', 'SND.UNA', `${iss} (ISS)`),
      {
        ...variable('Send', 'SND.NXT', String(iss + 1), place === 0 ? String(iss) : null),
        relative: { value: '1', previous: place === 0 ? '0' : null },
      },
      variable('Send', 'SND.WND', '65535'),
      variable('Receive', 'IRS', '0'),
      variable('Receive', 'RCV.NXT', '0'),
      variable('Receive', 'RCV.WND', '65535'),
      variable('Timers', 'RTO', '1 s', place === 1 ? '2 s' : null),
      variable('Timers', 'SRTT', '–'),
    ],
  };
}
