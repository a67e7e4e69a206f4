import type { PanelStep } from '../src/protocol/messages';

/** The debugger's usual keys; with Shift or another modifier they mean something else. */
const STEPS: Readonly<Record<string, PanelStep>> = { F5: 'continue', F10: 'next', F11: 'stepIn' };

/**
 * Takes the debugger's keys before the editor does. The editor would take the step as its own, and give the keyboard to
 * the script at the stop; a step that the panel asks for leaves it in the panel. `take` says whether it can step now:
 * if not, the key is the editor's. Returns the way to stop.
 */
export function takeDebugKeys(take: (step: PanelStep) => boolean): () => void {
  const pressed = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const step = Object.hasOwn(STEPS, event.key) ? STEPS[event.key] : undefined;
    if (step === undefined || !take(step)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  // The editor listens on the window too, but not while the event comes down.
  window.addEventListener('keydown', pressed, { capture: true });
  return () => window.removeEventListener('keydown', pressed, { capture: true });
}
