import type { HostMessage, RunExtension } from '../src/protocol/messages';
import type { MomentView, RunView, SegmentView } from '../src/protocol/view';

/** What the panel knows. */
export type PanelState =
  /** Nothing has been heard yet. */
  | { readonly kind: 'empty' }
  /** A session runs, and stands at `moment`. */
  | { readonly kind: 'live'; readonly run: RunView; readonly moment: MomentView }
  /** The session is over; its last picture stays. */
  | { readonly kind: 'ended'; readonly run: RunView; readonly moment: MomentView };

/** Before the first message. */
export const EMPTY_STATE: PanelState = { kind: 'empty' };

/** The state after a message. A message that needs a run is without effect before the first `run`. */
export function reduce(state: PanelState, message: HostMessage): PanelState {
  switch (message.type) {
    case 'run':
      return { kind: 'live', run: message.view, moment: message.moment };
    case 'extend':
      return state.kind === 'empty'
        ? state
        : { kind: 'live', run: extendRun(state.run, message.extension), moment: message.moment };
    case 'moment':
      return state.kind === 'empty' ? state : { kind: 'live', run: state.run, moment: message.moment };
    case 'ended':
      return state.kind === 'empty' ? state : { kind: 'ended', run: state.run, moment: state.moment };
    default:
      return assertNever(message);
  }
}

/** A run with what has become known of it since. Moments that are known already are not added twice. */
export function extendRun(run: RunView, extension: RunExtension): RunView {
  const known = run.moments.length;
  const isNew = ({ moment }: { readonly moment: number }) => moment >= known;
  return {
    ...run,
    segments: mergeSegments(run.segments, extension.segments),
    states: [...run.states, ...extension.states.filter(isNew)],
    marks: [...run.marks, ...extension.marks.filter(isNew)],
    moments: [...run.moments, ...extension.moments.filter(({ index }) => index >= known)],
    endUs: extension.endUs,
    finished: extension.finished,
    outcome: extension.outcome,
  };
}

function mergeSegments(old: readonly SegmentView[], changed: readonly SegmentView[]): readonly SegmentView[] {
  if (changed.length === 0) return old;
  const byId = new Map(changed.map((segment) => [segment.id, segment]));
  const merged = old.map((segment) => {
    const newer = byId.get(segment.id);
    byId.delete(segment.id);
    return newer ?? segment;
  });
  return [...merged, ...byId.values()];
}

/** Marks a place that the types say can not be reached. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}
