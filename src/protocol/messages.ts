import type { MomentView, RunView } from './view';

/** What the editor tells the panel. */
export type HostMessage =
  /** A session began, or the place where it stands is far from what the panel knows: draw it afresh. */
  | { readonly type: 'run'; readonly view: RunView; readonly moment: MomentView }
  /** The run went on: append what is new. Segments whose record changed (arrived, lost) are sent again by id; the rest is appended. */
  | { readonly type: 'extend'; readonly extension: RunExtension; readonly moment: MomentView }
  /** The session stands somewhere else; nothing new is known. */
  | { readonly type: 'moment'; readonly moment: MomentView }
  /** The stretch of the run that the panel asked for; the session stands where it stood. */
  | { readonly type: 'window'; readonly view: RunView }
  /** The session runs, and has got so far. */
  | { readonly type: 'running'; readonly momentCount: number; readonly timeUs: number }
  /** Whether the script has been changed since the run began: its lines are not the editor's then. */
  | { readonly type: 'script'; readonly changed: boolean }
  /** The session is over: the picture stays, travelling ends. */
  | { readonly type: 'ended' };

/** What is new in a run since the last message. */
export interface RunExtension {
  /** New and changed segments, by id. */
  readonly segments: RunView['segments'];
  /** New and changed ICMP messages, by id. */
  readonly icmp: RunView['icmp'];
  readonly states: RunView['states'];
  readonly marks: RunView['marks'];
  readonly moments: RunView['moments'];
  readonly momentCount: number;
  readonly usualDelayUs: RunView['usualDelayUs'];
  readonly endUs: number;
  readonly finished: boolean;
  readonly outcome: RunView['outcome'];
}

/** What the panel tells the editor. */
export type PanelMessage =
  /** The panel can be written to. */
  | { readonly type: 'ready' }
  /** Begin again, with the script as it is now. */
  | { readonly type: 'restart' }
  /** Stand at this moment. */
  | { readonly type: 'travel'; readonly moment: number }
  /** Tell of the stretch of the run around this moment. */
  | { readonly type: 'window'; readonly around: number }
  /** Show this line of the script. */
  | { readonly type: 'reveal'; readonly line: number }
  /** A step of the debugger. */
  | { readonly type: 'step'; readonly step: PanelStep };

/** The debugger steps that the panel's buttons and keys ask for. */
export type PanelStep = 'stepIn' | 'next' | 'stepBack' | 'stepBackEvent' | 'continue' | 'reverseContinue';

/** The steps, for checking what comes in. */
export const PANEL_STEPS: readonly PanelStep[] = [
  'stepIn',
  'next',
  'stepBack',
  'stepBackEvent',
  'continue',
  'reverseContinue',
];

/** DAP custom requests and events through which the panel's host and the adapter speak. */
export const DAP_CUSTOM = {
  /** Request: stand at `{ moment: number }`. The adapter answers and sends a `stopped` event that leaves the keyboard where it is. */
  travel: 'tcpscript/travel',
  /** Request: `{ step: PanelStep }`. Answered as `travel` is. */
  step: 'tcpscript/step',
  /**
   * Request: what a panel that knows nothing needs, as a `run` message; with `{ around: number }` the stretch around that
   * moment, as a `window` message.
   */
  view: 'tcpscript/view',
  /** Event: a HostMessage for the panel. */
  panel: 'tcpscript/panel',
} as const;

/** Reads a message that claims to come from the panel; null when it is not one. */
export function readPanelMessage(value: unknown): PanelMessage | null {
  if (typeof value !== 'object' || value === null || !('type' in value)) return null;
  const message: { type: unknown; moment?: unknown; around?: unknown; line?: unknown; step?: unknown } = value;
  switch (message.type) {
    case 'ready':
    case 'restart':
      return { type: message.type };
    case 'travel':
      return isIndex(message.moment) ? { type: 'travel', moment: message.moment } : null;
    case 'window':
      return isIndex(message.around) ? { type: 'window', around: message.around } : null;
    case 'reveal':
      return isIndex(message.line) ? { type: 'reveal', line: message.line } : null;
    case 'step': {
      const step = PANEL_STEPS.find((name) => name === message.step);
      return step === undefined ? null : { type: 'step', step };
    }
    default:
      return null;
  }
}

/** Reads a message that claims to come from the editor; null when its outline is wrong. */
export function readHostMessage(value: unknown): HostMessage | null {
  if (typeof value !== 'object' || value === null || !('type' in value)) return null;
  const message = value as Readonly<Record<string, unknown>>;
  const shapes: Readonly<Record<HostMessage['type'], boolean>> = {
    run: isStretch(message.view) && isRecord(message.moment),
    extend: isStretch(message.extension) && isRecord(message.moment),
    moment: isRecord(message.moment),
    window: isStretch(message.view),
    running: isIndex(message.momentCount) && isIndex(message.timeUs),
    script: typeof message.changed === 'boolean',
    ended: true,
  };
  return typeof message.type === 'string' &&
    Object.hasOwn(shapes, message.type) &&
    shapes[message.type as HostMessage['type']]
    ? (value as HostMessage)
    : null;
}

function isIndex(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** The outline of a `RunView`, or of a `RunExtension`. */
function isStretch(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { segments, states, marks, moments, momentCount } = value;
  return [segments, states, marks, moments].every(Array.isArray) && isIndex(momentCount);
}
