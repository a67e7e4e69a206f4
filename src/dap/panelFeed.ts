import type { HostMessage } from '../protocol/messages';
import { extendRun, projectRun, type Stretch } from '../protocol/project';
import type { MomentView } from '../protocol/view';
import type { Session } from '../session/session';

/** A panel is told of so many moments at once: about half a megabyte, and more than fit on any screen. */
export const WINDOW_MOMENTS = 1_000;
/** What a panel knows may grow to so many moments before it gets a new window; shorter runs it knows as a whole. */
export const MOST_MOMENTS = 2_000;

/**
 * Keeps a panel in step with a session. It knows a window of the run, in which the current moment lies; the rest it gets
 * when somebody looks there. So no message is long, however long the run is.
 */
export class PanelFeed {
  private readonly session: Session;
  /** The moments that the panel knows; null before it knows any. */
  private known: Stretch | null = null;
  /** How many moments there were when it was told last. */
  private momentCount = 0;

  constructor(session: Session) {
    this.session = session;
  }

  /** For a panel that has just been opened: the window around the current moment. */
  whole(moment: MomentView): Extract<HostMessage, { type: 'run' }> {
    return { type: 'run', view: projectRun(this.session, this.windowAround(moment.index)), moment };
  }

  /** The window around another moment, which must be known. */
  window(around: number): Extract<HostMessage, { type: 'window' }> {
    return { type: 'window', view: projectRun(this.session, this.windowAround(around)) };
  }

  /** The least that brings the panel up to date. */
  update(moment: MomentView): HostMessage {
    const { known, session } = this;
    const to = session.momentCount;
    if (known === null || moment.index < known.from) return this.whole(moment);
    if (this.momentCount === to) return moment.index < known.to ? { type: 'moment', moment } : this.whole(moment);
    // What is new can be appended to a window that reached the end, as long as it does not grow too large.
    if (known.to !== this.momentCount || to - known.from > MOST_MOMENTS) return this.whole(moment);
    this.know({ from: known.from, to });
    return { type: 'extend', extension: extendRun(session, { from: known.to, to }), moment };
  }

  private windowAround(index: number): Stretch {
    const { firstMoment, momentCount } = this.session;
    if (momentCount - firstMoment <= MOST_MOMENTS) return this.know({ from: firstMoment, to: momentCount });
    const from = Math.max(firstMoment, Math.min(index - WINDOW_MOMENTS / 2, momentCount - WINDOW_MOMENTS));
    return this.know({ from, to: from + WINDOW_MOMENTS });
  }

  private know(stretch: Stretch): Stretch {
    this.known = stretch;
    this.momentCount = this.session.momentCount;
    return stretch;
  }
}
