import { DEFAULT_BOUNDS, type RunBounds } from './analysis';

/** What the user has set, section `tcpscript`. */
export interface Settings {
  readonly bounds: RunBounds;
  /** Whether the states are shown at the ends of lines. */
  readonly showStates: boolean;
}

/** What holds until the editor says otherwise. */
export const DEFAULT_SETTINGS: Settings = { bounds: DEFAULT_BOUNDS, showStates: true };

/** Reads the section `tcpscript` of an editor's settings; what is missing or of the wrong type keeps its default. */
export function readSettings(section: unknown): Settings {
  const run = field(section, 'run');
  return {
    bounds: {
      maxEvents: positive(field(run, 'maxEvents'), DEFAULT_BOUNDS.maxEvents),
      maxWallMs: positive(field(run, 'maxWallMs'), DEFAULT_BOUNDS.maxWallMs),
    },
    showStates: field(field(section, 'inlayHints'), 'states') !== false,
  };
}

/** Whether two settings would show the same. */
export function sameSettings(a: Settings, b: Settings): boolean {
  return (
    a.showStates === b.showStates &&
    a.bounds.maxEvents === b.bounds.maxEvents &&
    a.bounds.maxWallMs === b.bounds.maxWallMs
  );
}

/** A field of something that may be no object; undefined when it is not there. */
export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined;
}

function positive(value: unknown, fallback: number): number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 1 ? Math.floor(value) : fallback;
}
