import type { Session } from '../session/session';
import { type Arrival, type StopTest, seekForward } from '../session/stepping';
import type { DapHost } from './host';

/** How long the adapter runs before it listens to its client again. */
const SLICE_MS = 10;
/** After how many moments the clock is looked at. */
const SLICE_MOMENTS = 64;

/** How a run that was let go came to stand: as {@link Arrival} says, by request, or not at all because it was given up. */
export type RunResult = Exclude<Arrival, 'more'> | 'paused' | 'cancelled';

/**
 * Lets a session run forward in slices, so that the client can pause or end a long run. One run at a time: whoever
 * starts another one first cancels the one before.
 */
export class Runner {
  private readonly host: DapHost;
  private current: { wish: 'paused' | 'cancelled' | null } | null = null;

  constructor(host: DapHost) {
    this.host = host;
  }

  /** Whether a run is under way. */
  get running(): boolean {
    return this.current !== null;
  }

  /** Asks the run under way to stop where it is; does nothing when there is none. */
  pause(): void {
    if (this.current !== null) this.current.wish ??= 'paused';
  }

  /** Gives the run under way up; its end will not be reported as a stop. */
  cancel(): void {
    if (this.current !== null) this.current.wish = 'cancelled';
    this.current = null;
  }

  /**
   * Runs to the first moment that passes `stop`. `onSlice` is called after each slice that another one follows.
   * The first slice is run at once, without giving way, so that a short step is over when the promise is made.
   */
  async run(session: Session, stop: StopTest, onSlice: () => void): Promise<RunResult> {
    const run: { wish: 'paused' | 'cancelled' | null } = { wish: null };
    this.current = run;
    try {
      for (;;) {
        const arrival = this.slice(session, stop);
        if (arrival !== 'more') return arrival;
        onSlice();
        await nextTurn();
        if (run.wish !== null) return run.wish;
      }
    } finally {
      if (this.current === run) this.current = null;
    }
  }

  private slice(session: Session, stop: StopTest): Arrival {
    const endMs = this.host.nowMs() + SLICE_MS;
    for (;;) {
      const arrival = seekForward(session, stop, SLICE_MOMENTS);
      if (arrival !== 'more' || this.host.nowMs() >= endMs) return arrival;
    }
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
