import type { MarkView, RunView, SegmentView, StateSpanView } from '../src/protocol/view';

/** One end of something in the diagram: what has a time, and with it a height. */
export type Anchor = AnchorKind & {
  readonly timeUs: number;
  /** The moment it belongs to; Infinity where none is known (yet). */
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
  | { readonly kind: 'sending'; readonly segment: SegmentView };

/** Within one moment: what came in, what was done about it, what goes out. */
const ORDER: Readonly<Record<Anchor['kind'], number>> = {
  moment: 0,
  arrival: 1,
  death: 2,
  mark: 3,
  state: 4,
  sending: 5,
};

/** Every end of everything of a run, in the order in which it happens. */
export function anchorsOf(run: RunView): readonly Anchor[] {
  const anchors: Anchor[] = [
    ...run.moments.map(({ index, timeUs }): Anchor => ({ kind: 'moment', timeUs, moment: index })),
    ...run.states.map((state): Anchor => ({ kind: 'state', timeUs: state.fromUs, moment: state.moment, state })),
    ...run.marks.map((mark): Anchor => ({ kind: 'mark', timeUs: mark.timeUs, moment: mark.moment, mark })),
    ...run.segments.flatMap(segmentAnchors),
  ];
  return anchors.sort(inOrder);
}

function segmentAnchors(segment: SegmentView): Anchor[] {
  const sending: Anchor = { kind: 'sending', timeUs: segment.sentUs, moment: segment.sentMoment, segment };
  if (segment.fate === 'held') return [sending];
  const moment = segment.arrivedMoment ?? Number.POSITIVE_INFINITY;
  if (isDead(segment)) return [sending, { kind: 'death', timeUs: deathUs(segment), moment, segment }];
  if (segment.arriveUs === null) return [sending];
  return [sending, { kind: 'arrival', timeUs: segment.arriveUs, moment, segment }];
}

/** Whether a segment's arrow ends in a cross. */
export function isDead({ fate }: SegmentView): boolean {
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
  return 'segment' in anchor ? anchor.segment.id : 0;
}
