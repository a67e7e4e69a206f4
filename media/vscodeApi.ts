import type { PanelMessage } from '../src/protocol/messages';

/** How sequence and acknowledgment numbers are written: counted from the ISN, or as they are on the wire. */
export type Numbers = 'relative' | 'absolute';

/** What the panel remembers of how somebody likes to see it. */
export interface PanelPreferences {
  readonly numbers: Numbers;
}

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** The panel's one line to the editor. */
export interface Editor {
  /** Tells the editor something. */
  post(message: PanelMessage): void;
  /** The preferences kept from before, or the usual ones. */
  preferences(): PanelPreferences;
  /** Keeps preferences for as long as the panel is open, also while it is hidden. */
  keep(preferences: PanelPreferences): void;
}

/** Connects to the editor. VS Code allows this once in a page's life. */
export function connectEditor(): Editor {
  const api = acquireVsCodeApi();
  return {
    post: (message) => api.postMessage(message),
    preferences: () => readPreferences(api.getState()),
    keep: (preferences) => api.setState(preferences),
  };
}

/** Reads preferences out of something that may have been kept by another version. */
export function readPreferences(value: unknown): PanelPreferences {
  const absolute = typeof value === 'object' && value !== null && 'numbers' in value && value.numbers === 'absolute';
  return { numbers: absolute ? 'absolute' : 'relative' };
}
