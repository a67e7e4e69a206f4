import type { HostMessage, RunExtension } from '../src/protocol/messages';
import type { MomentView, RunView } from '../src/protocol/view';

/** How far a run has got that goes on. */
export interface Progress {
  readonly momentCount: number;
  readonly timeUs: number;
}

/** What the panel knows. */
export type PanelState =
  /** Nothing has been heard yet. */
  | { readonly kind: 'empty' }
  /** A session stands at `moment`, or has left it and runs. */
  | {
      readonly kind: 'live';
      readonly run: RunView;
      readonly moment: MomentView;
      readonly progress: Progress | null;
      readonly scriptChanged: boolean;
    }
  /** The session is over; its last picture stays. */
  | { readonly kind: 'ended'; readonly run: RunView; readonly moment: MomentView };

/** Before the first message. */
export const EMPTY_STATE: PanelState = { kind: 'empty' };

/** The state after a message. A message that needs a run is without effect before the first `run`. */
export function reduce(state: PanelState, message: HostMessage): PanelState {
  switch (message.type) {
    case 'run':
      return standing(state, message.view, message.moment);
    case 'extend':
      return state.kind === 'empty' ? state : standing(state, extendRun(state.run, message.extension), message.moment);
    case 'moment':
      return state.kind === 'empty' ? state : standing(state, state.run, message.moment);
    case 'window':
      return state.kind === 'empty' ? state : { ...state, run: message.view };
    case 'script':
      return state.kind === 'live' ? { ...state, scriptChanged: message.changed } : state;
    case 'running':
      return state.kind === 'live' ? { ...state, progress: message } : state;
    case 'ended':
      return state.kind === 'empty' ? state : { kind: 'ended', run: state.run, moment: state.moment };
    default:
      return assertNever(message);
  }
}

function standing(before: PanelState, run: RunView, moment: MomentView): PanelState {
  const scriptChanged = before.kind === 'live' && before.scriptChanged;
  return { kind: 'live', run, moment, progress: null, scriptChanged };
}

/** The index behind the last moment that a stretch of a run tells of. */
export function endOf({ moments }: Pick<RunView, 'moments'>): number {
  return (moments.at(-1)?.index ?? -1) + 1;
}

/** Whether a stretch of a run goes up to the last moment that is known. */
export function reachesEnd(run: Pick<RunView, 'moments' | 'momentCount'>): boolean {
  return endOf(run) === run.momentCount;
}

/** A run with what has become known of it since. Moments that are known already are not added twice. */
export function extendRun(run: RunView, extension: RunExtension): RunView {
  const known = endOf(run);
  const isNew = ({ moment }: { readonly moment: number }) => moment >= known;
  return {
    ...run,
    segments: mergeById(run.segments, extension.segments),
    icmp: mergeById(run.icmp, extension.icmp),
    states: [...run.states, ...extension.states.filter(isNew)],
    marks: [...run.marks, ...extension.marks.filter(isNew)],
    moments: [...run.moments, ...extension.moments.filter(({ index }) => index >= known)],
    momentCount: extension.momentCount,
    usualDelayUs: extension.usualDelayUs,
    endUs: extension.endUs,
    finished: extension.finished,
    outcome: extension.outcome,
  };
}

function mergeById<Item extends { readonly id: number }>(
  old: readonly Item[],
  changed: readonly Item[],
): readonly Item[] {
  if (changed.length === 0) return old;
  const byId = new Map(changed.map((item) => [item.id, item]));
  const merged = old.map((item) => {
    const newer = byId.get(item.id);
    byId.delete(item.id);
    return newer ?? item;
  });
  return [...merged, ...byId.values()];
}

/** Marks a place that the types say can not be reached. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}
