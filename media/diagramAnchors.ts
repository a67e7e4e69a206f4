import type { IcmpView, MarkView, RunView, SegmentView, StateSpanView } from '../src/protocol/view';

/** One end of something in the diagram: what has a time, and with it a height. */
export type Anchor = AnchorKind & {
  readonly timeUs: number;
  /** The moment it belongs to; infinite where none is known (yet), or there is none. */
  readonly moment: number;
};

type AnchorKind =
  /** A moment of the run, whether or not anything of it is drawn. */
  | { readonly kind: 'moment' }
  | { readonly kind: 'arrival'; readonly segment: SegmentView }
  /** Where a lost segment's cross is. */
  | { readonly kind: 'death'; readonly segment: SegmentView }
  | { readonly kind: 'mark'; readonly mark: MarkView }
  | { readonly kind: 'state'; readonly state: StateSpanView }
  | { readonly kind: 'sending'; readonly segment: SegmentView }
  | { readonly kind: 'icmp-sending'; readonly icmp: IcmpView }
  | { readonly kind: 'icmp-end'; readonly icmp: IcmpView };

/** Within one moment: what came in, what was done about it, what goes out. */
const ORDER: Readonly<Record<Anchor['kind'], number>> = {
  moment: 0,
  arrival: 1,
  'icmp-end': 2,
  death: 3,
  mark: 4,
  state: 5,
  'icmp-sending': 6,
  sending: 7,
};

/** Every end of everything of a run, in the order in which it happens. */
export function anchorsOf(run: RunView): readonly Anchor[] {
  const anchors: Anchor[] = [
    ...run.moments.map(({ index, timeUs }): Anchor => ({ kind: 'moment', timeUs, moment: index })),
    ...run.states.map((state): Anchor => ({ kind: 'state', timeUs: state.fromUs, moment: state.moment, state })),
    ...run.marks.map((mark): Anchor => ({ kind: 'mark', timeUs: mark.timeUs, moment: mark.moment, mark })),
    ...run.segments.flatMap(segmentAnchors),
    ...run.icmp.flatMap(icmpAnchors),
  ];
  return anchors.sort(inOrder);
}

function segmentAnchors(segment: SegmentView): Anchor[] {
  const sending: Anchor = { kind: 'sending', timeUs: segment.sentUs, moment: segment.sentMoment, segment };
  if (segment.fate === 'held') return [sending];
  if (isLost(segment)) return [sending, deathAnchor(segment)];
  if (segment.arriveUs === null) return [sending];
  const moment = segment.arrivedMoment ?? Number.POSITIVE_INFINITY;
  return [sending, { kind: 'arrival', timeUs: segment.arriveUs, moment, segment }];
}

/** Before all that happens at that time: a router tells of a segment when it has thrown it away. */
function deathAnchor(segment: SegmentView): Anchor {
  const timeUs = deathUs(segment);
  const first = timeUs > segment.sentUs ? Number.NEGATIVE_INFINITY : segment.sentMoment + 0.5;
  return { kind: 'death', timeUs, moment: segment.arrivedMoment ?? first, segment };
}

function icmpAnchors(icmp: IcmpView): Anchor[] {
  const sending: Anchor = { kind: 'icmp-sending', timeUs: icmp.sentUs, moment: icmp.sentMoment, icmp };
  if (isLost(icmp) || icmp.arriveUs === null) {
    return [sending, { kind: 'icmp-end', timeUs: icmp.sentUs, moment: icmp.sentMoment + 0.5, icmp }];
  }
  return [
    sending,
    { kind: 'icmp-end', timeUs: icmp.arriveUs, moment: icmp.arrivedMoment ?? Number.POSITIVE_INFINITY, icmp },
  ];
}

/** Whether the arrow of a segment or an ICMP message ends in a cross. */
export function isLost({ fate }: Pick<SegmentView | IcmpView, 'fate'>): boolean {
  return fate === 'dropped' || fate === 'lost';
}

/** How far a lost segment is drawn: far enough from its sender that the cross can be told from the arrow's beginning. */
export function deathFraction({ diedAt }: SegmentView): number {
  return Math.min(1, Math.max(0.15, diedAt ?? 0.5));
}

function deathUs(segment: SegmentView): number {
  if (segment.arriveUs === null) return segment.sentUs;
  return Math.round(segment.sentUs + deathFraction(segment) * (segment.arriveUs - segment.sentUs));
}

function inOrder(a: Anchor, b: Anchor): number {
  if (a.timeUs !== b.timeUs) return a.timeUs - b.timeUs;
  if (a.moment !== b.moment) return a.moment < b.moment ? -1 : 1;
  if (a.kind !== b.kind) return ORDER[a.kind] - ORDER[b.kind];
  return idOf(a) - idOf(b);
}

function idOf(anchor: Anchor): number {
  if ('icmp' in anchor) return anchor.icmp.id;
  return 'segment' in anchor ? anchor.segment.id : 0;
}
