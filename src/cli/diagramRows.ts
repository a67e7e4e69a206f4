import type { IcmpView, MarkView, RunView, SegmentView, StateSpanView } from '../protocol/view';

/** One line of the arrow diagram: what happened at one place in the order of the run. */
export interface DiagramRow {
  readonly timeUs: number;
  /** The moment of the first thing that stands here. */
  readonly moment: number;
  /** The segment that leaves here; null when none does. */
  sends: SegmentView | null;
  /** The segment that arrives here; null when none does. */
  arrives: SegmentView | null;
  /** The ICMP messages that leave and arrive here; null when none does. */
  sendsIcmp: IcmpView | null;
  arrivesIcmp: IcmpView | null;
  /** States that hosts enter here, by host. */
  readonly states: Map<string, string>;
  /** Remarks at the end of the line. */
  readonly notes: string[];
  /** Whether something went wrong here. */
  isBad: boolean;
}

type Happening = { readonly moment: number; readonly timeUs: number } & (
  | { readonly kind: 'mark'; readonly mark: MarkView }
  | { readonly kind: 'arrival'; readonly segment: SegmentView }
  | { readonly kind: 'state'; readonly state: StateSpanView }
  | { readonly kind: 'departure'; readonly segment: SegmentView }
  | { readonly kind: 'icmp-departure'; readonly icmp: IcmpView }
  | { readonly kind: 'icmp-arrival'; readonly icmp: IcmpView }
);

/** The order of what belongs to one moment. */
const ORDER: readonly Happening['kind'][] = ['mark', 'arrival', 'icmp-arrival', 'state', 'icmp-departure', 'departure'];

/** Marks that are worth a line: what is not shown by arrows and states already. */
const SHOWN_MARKS: readonly MarkView['kind'][] = ['timer', 'answer', 'check-failed', 'network'];

/**
 * The lines of the diagram, in the order of the run. What happens at the same instant shares a line as far as
 * it does not get in its own way: at most one arrow begins or ends on a line, and a host enters at most one state.
 * Of a stretch of a run, only what happens in the stretch.
 */
export function diagramRows(view: RunView): DiagramRow[] {
  const rows: DiagramRow[] = [];
  for (const happening of happenings(view)) {
    const last = rows.at(-1);
    const shared = last !== undefined && last.timeUs === happening.timeUs && fits(happening, last);
    const row = shared ? last : emptyRow(happening);
    if (!shared) rows.push(row);
    place(happening, row);
  }
  return rows;
}

function happenings(view: RunView): Happening[] {
  const all: Happening[] = [];
  for (const mark of view.marks) {
    if (SHOWN_MARKS.includes(mark.kind)) all.push({ kind: 'mark', moment: mark.moment, timeUs: mark.timeUs, mark });
  }
  for (const state of view.states) {
    if (state.moment > 0) all.push({ kind: 'state', moment: state.moment, timeUs: state.fromUs, state });
  }
  for (const segment of view.segments) {
    all.push({ kind: 'departure', moment: segment.sentMoment, timeUs: segment.sentUs, segment });
    if (segment.fate === 'delivered' && segment.arrivedMoment !== null && segment.arriveUs !== null) {
      all.push({ kind: 'arrival', moment: segment.arrivedMoment, timeUs: segment.arriveUs, segment });
    }
  }
  for (const icmp of view.icmp) {
    all.push({ kind: 'icmp-departure', moment: icmp.sentMoment, timeUs: icmp.sentUs, icmp });
    if (icmp.fate === 'delivered' && icmp.arrivedMoment !== null && icmp.arriveUs !== null) {
      all.push({ kind: 'icmp-arrival', moment: icmp.arrivedMoment, timeUs: icmp.arriveUs, icmp });
    }
  }
  const end = (view.moments[0]?.index ?? 0) + view.moments.length;
  return all
    .filter(({ moment }) => moment < end)
    .sort((a, b) => a.moment - b.moment || ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}

function emptyRow({ timeUs, moment }: Happening): DiagramRow {
  return {
    timeUs,
    moment,
    sends: null,
    arrives: null,
    sendsIcmp: null,
    arrivesIcmp: null,
    states: new Map(),
    notes: [],
    isBad: false,
  };
}

function fits(happening: Happening, row: DiagramRow): boolean {
  switch (happening.kind) {
    case 'mark':
      return false;
    case 'state':
      return !happening.state.main || (!row.states.has(happening.state.host) && !sentBy(row, happening.state.host));
    case 'arrival':
    case 'departure':
    case 'icmp-departure':
    case 'icmp-arrival':
      return row.sends === null && row.arrives === null && row.sendsIcmp === null && row.arrivesIcmp === null;
  }
}

/** A state that a host enters after it has sent something stands below that arrow. */
function sentBy(row: DiagramRow, host: string): boolean {
  return row.sends?.from === host;
}

function place(happening: Happening, row: DiagramRow): void {
  switch (happening.kind) {
    case 'mark':
      row.notes.push(markText(happening.mark));
      row.isBad ||= happening.mark.kind === 'check-failed';
      return;
    case 'state':
      placeState(happening.state, row);
      return;
    case 'arrival':
      row.arrives = happening.segment;
      if (happening.segment.discarded !== null) row.notes.push(happening.segment.discarded);
      return;
    case 'icmp-arrival':
      row.arrivesIcmp = happening.icmp;
      return;
    case 'icmp-departure':
      row.sendsIcmp = happening.icmp;
      row.notes.push(...icmpNotes(happening.icmp));
      row.isBad ||= happening.icmp.fate === 'dropped' || happening.icmp.fate === 'lost';
      return;
    case 'departure':
      row.sends = happening.segment;
      row.notes.push(...departureNotes(happening.segment));
      row.isBad ||= happening.segment.fate === 'dropped' || happening.segment.fate === 'lost';
      return;
  }
}

/** The lifeline has the state of the host's main connection; another one stands among the remarks. */
function placeState({ host, peer, main, state }: StateSpanView, row: DiagramRow): void {
  if (main) row.states.set(host, state);
  if (peer !== null) row.notes.push(`${host}:${peer} ${state}`);
}

function markText({ kind, text, line }: MarkView): string {
  return kind === 'check-failed' ? `failed${line === null ? '' : ` (line ${line})`}: ${text}` : text;
}

function icmpNotes({ text, line, from, fault, fate }: IcmpView): string[] {
  const notes = [text];
  if (from !== null && line !== null) notes.push(`line ${line}`);
  if (from !== null) notes.push('forged');
  if (fault !== null) notes.push(fault);
  if (fate === 'in-flight') notes.push('still in flight');
  return notes;
}

function departureNotes(segment: SegmentView): string[] {
  const notes: string[] = [];
  if (segment.line !== null) notes.push(`line ${segment.line}`);
  if (segment.retransmission) notes.push('retransmission');
  if (segment.injected) notes.push('forged');
  if (segment.duplicate) notes.push('copy');
  if (segment.corrupted) notes.push('corrupted');
  if (segment.fault !== null) notes.push(segment.fault);
  else if (segment.fate === 'lost') notes.push('lost');
  if (segment.fate === 'held') notes.push('held');
  if (segment.fate === 'in-flight') notes.push('still in flight');
  return notes;
}
